"""Holds what Octopus has against what Odoo holds. Pure: no Odoo."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
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


# Payments


@dataclass(frozen=True)
class Side:
    """What Odoo, or Octopus, holds of payments. Documents go by their key in Octopus,
    ``2/V1/15``; amounts are in euro.

    :param settled: ``{pair: positive amount}`` by which two documents settle each other
    :param moved: ``{key of a bank's document: amount}``, + is money in
    :param open: ``{key: positive amount}`` that is left of each document
    """

    name: str
    settled: dict
    moved: dict
    open: dict

    @classmethod
    def of(cls, name, matches, moved, left):
        """Give a side from rows of JSON.

        :param matches: ``(key, key, amount)`` each; those of one pair are added up
        :param moved: ``(key, amount)`` each; added up, too
        :param left: ``(key, amount)`` each
        """
        settled, money = defaultdict(Decimal), defaultdict(Decimal)
        for one, other, amount in matches:
            settled[pair(one, other)] += Decimal(amount)
        for key, amount in moved:
            money[key] += Decimal(amount)
        rest = {key: abs(Decimal(amount)) for key, amount in left}
        return cls(name, dict(settled), dict(money), rest)


@dataclass
class Settlement:
    """A payment, or the match of an invoice with its credit note.

    :param who: who made it, and what it is
    :param parts: ``{key of a document: positive amount}`` that it settles
    :param moved: what the bank moves, + is money in; ``None``: no money moves
    :param fine: states in Odoo that are right
    :param booking: key of what settles them: the bank's document, or the credit note;
        ``None`` until it is in Octopus
    :param taken_back: the match is undone
    :param state: where it stands in Odoo
    :param wrong: what is wrong with it, a sentence each
    """

    who: str
    parts: dict
    moved: Decimal | None
    fine: tuple
    booking: str | None = None
    taken_back: bool = False
    state: str = "none"
    wrong: list = field(default_factory=list)

    @property
    def pairs(self):
        return {pair(document, self.booking or "") for document in self.parts}


def pair(one, other):
    """Name two documents that settle each other, in whatever order."""
    return tuple(sorted((one, other)))


def settlement_differences(settlement, odoo, octopus, told):
    """Return what is wrong with a payment, a sentence each.

    :param odoo: :class:`Side`; so is ``octopus``
    :param told: ``{pair: {state, told}}`` of Odoo; ``told`` is whether the match was
        read from Octopus or, once it is taken back, whether people were told
    """
    if not settlement.booking:
        return ["is not in Octopus"]
    wrong = [
        text
        for side in (odoo, octopus)
        for text in (*_unsettled(settlement, side), *_unmoved(settlement, side))
    ]
    for document in settlement.parts:
        left = odoo.open.get(document), octopus.open.get(document)
        if None in left or left[0] != left[1]:
            wrong.append(f"{document} has {left[0]} open in Odoo, {left[1]} there")
    return wrong + _untold(settlement, told)


def _unsettled(settlement, side):
    for document, amount in settlement.parts.items():
        wanted = ZERO if settlement.taken_back else amount
        found = side.settled.get(pair(document, settlement.booking), ZERO)
        if found != wanted:
            yield f"{side.name} settles {found} of {document}, not {wanted}"


def _unmoved(settlement, side):
    """The bank of Octopus keeps its document when a match is taken back; the payment
    in Odoo has no other reason to be there."""
    if settlement.moved is None:
        return
    gone = settlement.taken_back and side.name == "Odoo"
    wanted = ZERO if gone else settlement.moved
    found = side.moved.get(settlement.booking, ZERO)
    if found != wanted:
        yield f"{side.name} moves {found}, not {wanted}"


def _untold(settlement, told):
    known = [told.get(pair) for pair in settlement.pairs]
    states = sorted({row["state"] for row in known if row})
    settlement.state = ", ".join(states) or "none"
    wrong = []
    if not all(known) or not set(states) <= set(settlement.fine):
        wrong.append(f"is {settlement.state}, not {' or '.join(settlement.fine)}")
    if not all(row["told"] for row in known if row):
        silent = "nobody was told" if settlement.taken_back else "was not read back"
        wrong.append(silent)
    return wrong


def unexplained(settlements, side, before):
    """Return what a side holds that nobody made, a sentence each.

    :param before: the :class:`Side` as it was before
    """
    pairs = {it for settlement in settlements for it in settlement.pairs}
    bookings = {settlement.booking for settlement in settlements}
    return [
        f"{side.name} settles {amount} of {' with '.join(it)}: nobody did that"
        for it, amount in side.settled.items()
        if it not in pairs | before.settled.keys()
    ] + [
        f"{side.name} moves {amount} by {key}: nobody did that"
        for key, amount in side.moved.items()
        if key not in bookings | before.moved.keys()
    ]
