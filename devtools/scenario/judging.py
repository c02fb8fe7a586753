"""Holds what Octopus has against what Odoo holds. Pure: no Odoo."""

PAID = ("paid", "in_payment")


def key_of(document):
    """Identity of a document in Octopus."""
    return tuple(
        document[name] for name in ("dossier", "bookyear", "journal", "number")
    )


def differences(state, expected, found):
    """Return what is wrong with one document, a sentence each.

    :param state: where it stands (step ``states``)
    :param expected: what Octopus must hold (step ``expected``)
    :param found: what it holds (step ``read_back``), ``None`` when it has nothing
    """
    if state["state"] != "booked":
        why = "; ".join(state["findings"]) or "no reason was noted"
        return [f"is not booked but {state['state']}: {why}"]
    if found is None:
        return ["is booked, says Odoo, but not there"]
    wrong = [
        f"{name} is {found[name]}, not {expected[name]}"
        for name in ("amount", "currency")
        if found[name] != expected[name]
    ]
    for code in sorted(expected["vat"].keys() | found["vat"].keys()):
        ours, theirs = (_sums(side, code) for side in (expected, found))
        if ours != theirs:
            wrong.append(f"VAT code {code or 'none'}: {theirs}, not {ours}")
    return wrong


def _sums(side, code):
    """Return base and VAT of a code; what comes to nothing need not be there."""
    base, vat = side["vat"].get(code, ("0.00", "0.00"))
    return f"base {base} and VAT {vat}".replace("-0.00", "0.00")


def payment_difference(state, wanted):
    """Return what is wrong with a payment state, or ``None``.

    :param wanted: ``paid``, ``partial`` or ``not_paid``
    """
    there = state["payment_state"]
    fine = there in PAID if wanted == "paid" else there == wanted
    return None if fine else f"is {there}, not {wanted}"
