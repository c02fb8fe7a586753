"""What is received, paid and matched on either side. Pure: no Odoo.

Each line of a bank names the documents it pays, with ``ALL`` of their amount, the first
``HALF`` of it, or the ``REST``.
"""

from decimal import ROUND_DOWN, Decimal

ALL, HALF, REST = "all", "half", "rest"
CENT = Decimal("0.01")

# By the accountant, in the bank that Octopus keeps.
BANK_LINES = (
    {"rates mixed": ALL},
    {"several accounts": HALF},
    {"line discounts": HALF},
    {"line discounts": REST},
    {"negative lines": ALL, "down payment settled": ALL},
    {"goods, services, investments": ALL},
)
# Received there, too, and taken back once Odoo has it.
TAKEN_BACK = "intra-community sale"
# By a person in Odoo, in the bank that Odoo keeps.
OWN_BANK_LINES = (
    {"co-contractor sale": ALL, "cash rounding": ALL},
    {"export sale": HALF},
    {"co-contractor purchase": ALL},
)
# An invoice and its credit note, which the accountant matches: no money moves.
CREDITED = ("tax included", "tax included, credit note")


def amount_of(total, part):
    """Return the part of a document's total, as Decimal.

    >>> amount_of("12.35", HALF), amount_of("12.35", REST)
    (Decimal('6.17'), Decimal('6.18'))
    """
    total = Decimal(total)
    half = (total / 2).quantize(CENT, ROUND_DOWN)
    return {ALL: total, HALF: half, REST: total - half}[part]


def all_states():
    """Return ``{kind: payment state}`` once everything is received and matched."""
    invoice, credit_note = CREDITED
    return {
        **wanted_states((*BANK_LINES, *OWN_BANK_LINES, {TAKEN_BACK: ALL})),
        invoice: "reversed",
        credit_note: "paid",
    }


def wanted_states(lines):
    """Return ``{kind: payment state}`` that the lines lead to.

    >>> wanted_states([{"a": ALL, "b": HALF}])
    {'a': 'paid', 'b': 'partial'}
    """
    parts = {}
    for line in lines:
        for kind, part in line.items():
            parts.setdefault(kind, set()).add(part)
    return {kind: "partial" if got == {HALF} else "paid" for kind, got in parts.items()}


def bank_line(documents, line):
    """Return a line as the control API of the pretend Octopus takes it.

    :param documents: ``{kind: facts}`` with key, relation, amount and whether a sale
    """
    paid = [documents[kind] for kind in line]
    parts = parts_of(documents, line)
    sale, total = paid[0]["sale"], sum(parts.values())
    return {
        "type": "C" if sale else "S",
        "relation": paid[0]["relation"],
        "amount": str(total if sale else -total),
        "reference": ", ".join(it["odoo_number"] for it in paid),
        "pays": {key: str(amount) for key, amount in parts.items()},
    }


def parts_of(documents, line):
    """Return ``{key in Octopus: amount}`` of what a line pays, as Decimal.

    :param documents: ``{kind: facts}``
    """
    return {
        key_in(documents[kind]): amount_of(documents[kind]["amount"], part)
        for kind, part in line.items()
    }


def key_in(document):
    """Return the key of a document within its dossier: ``2/V1/15``."""
    return "/".join(str(document[name]) for name in ("bookyear", "journal", "number"))
