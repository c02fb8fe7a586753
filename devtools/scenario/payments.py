"""What the accountant receives and pays. Pure: no Odoo.

Each line of a bank document names the documents it pays, with ``ALL`` of their amount,
the first ``HALF`` of it, or the ``REST``.
"""

from decimal import ROUND_DOWN, Decimal

ALL, HALF, REST = "all", "half", "rest"
CENT = Decimal("0.01")

BANK_LINES = (
    {"rates mixed": ALL},
    {"several accounts": HALF},
    {"line discounts": HALF},
    {"line discounts": REST},
    {"negative lines": ALL, "down payment settled": ALL},
    {"goods, services, investments": ALL},
)


def amount_of(total, part):
    """Return the part of a document's total, as Decimal.

    >>> amount_of("12.35", HALF), amount_of("12.35", REST)
    (Decimal('6.17'), Decimal('6.18'))
    """
    total = Decimal(total)
    half = (total / 2).quantize(CENT, ROUND_DOWN)
    return {ALL: total, HALF: half, REST: total - half}[part]


def wanted_states(lines=BANK_LINES):
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
    amounts = [amount_of(it["amount"], line[it["kind"]]) for it in paid]
    sale, total = paid[0]["sale"], sum(amounts)
    return {
        "type": "C" if sale else "S",
        "relation": paid[0]["relation"],
        "amount": str(total if sale else -total),
        "reference": ", ".join(it["odoo_number"] for it in paid),
        "pays": {
            f"{it['bookyear']}/{it['journal']}/{it['number']}": str(amount)
            for it, amount in zip(paid, amounts, strict=True)
        },
    }
