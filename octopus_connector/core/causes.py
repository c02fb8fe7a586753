"""What tells one cause from another: what is missing, not the document that lacks it.

No Odoo. A cause is a code with the record, or with the values, that name what is
missing; where neither does, all documents with the code are one cause. Who lists causes
(``prepare.causes``) makes its keys of these tables.
"""

from __future__ import annotations

from . import codes
from .codes import CODES, OCTOPUS

ACCOUNT_MAPPING = "octopus.account.mapping"
TAX_MAPPING = "octopus.tax.mapping"
JOURNAL_MAPPING = "octopus.journal.mapping"
COST_CENTRE_MAPPING = "octopus.cost.centre.mapping"

# Each record of these is a cause of its own.
EACH_RECORD = (
    ACCOUNT_MAPPING,
    TAX_MAPPING,
    JOURNAL_MAPPING,
    COST_CENTRE_MAPPING,
    "account.journal",
    "octopus.relation",
    "octopus.vat.code",
    "res.partner",
)
# The values of a finding that name what is missing. What Octopus refused, and what the
# preparation found, name it alike, and only the latter leads to a record.
EACH_VALUE = {
    codes.ACCOUNT_MISSING_IN_BOOKYEAR: ("octopus_account", "bookyear"),
    codes.BOOKYEAR_CLOSED: ("bookyear",),
    codes.CURRENCY_UNKNOWN: ("currency",),
    codes.DISCOUNT_ACCOUNT_MISSING: ("direction",),
    codes.JOURNAL_CLOSED: ("journal", "bookyear"),
    codes.JOURNAL_INVOICE_MODE: ("journal",),
    codes.JOURNAL_NOT_IN_BOOKYEAR: ("journal", "bookyear"),
    codes.JOURNAL_OPEN_ELSEWHERE: ("journal",),
    codes.JOURNAL_WRONG_TYPE: ("kind", "journal"),
    codes.KIND_STAYS_OUT: ("kind",),
    codes.KIND_WITHOUT_JOURNAL: ("kind",),
    codes.LIMITATION_ACCOUNT_MISSING: ("direction",),
    codes.NUMBER_SERIES: ("series",),
    codes.PERIOD_PROTECTED: ("journal", "bookyear", "period"),
    codes.RATE_DIRECTION_MISSING: ("currency",),
    codes.RATE_MISSING: ("currency", "date"),
    # The return code of Octopus.
    codes.REFUSED: ("code",),
}

# What is missing, by the model of the finding, else by its code.
KINDS_OF_MODELS = {
    ACCOUNT_MAPPING: "account",
    TAX_MAPPING: "tax",
    JOURNAL_MAPPING: "journal",
    COST_CENTRE_MAPPING: "cost_centre",
    "octopus.vat.code": "tax",
    "res.partner": "contact",
    "octopus.relation": "contact",
    "account.move": "document",
    "octopus.booking": "document",
    "octopus.journal.entry": "document",
}
KINDS_OF_CODES = {
    codes.ACCOUNT_MISSING_IN_BOOKYEAR: "account",
    codes.BOOKYEAR_CLOSED: "period",
    codes.DISCOUNT_ACCOUNT_MISSING: "account",
    codes.JOURNAL_CLOSED: "journal",
    codes.JOURNAL_INVOICE_MODE: "journal",
    codes.JOURNAL_NOT_IN_BOOKYEAR: "journal",
    codes.JOURNAL_OPEN_ELSEWHERE: "journal",
    codes.JOURNAL_WRONG_TYPE: "journal",
    codes.KIND_WITHOUT_JOURNAL: "journal",
    codes.LIMITATION_ACCOUNT_MISSING: "account",
    codes.NO_BOOKYEAR: "period",
    codes.PERIOD_MISSING: "period",
    codes.PERIOD_PROTECTED: "period",
}
# Of these a journal is chosen in the settings of the company, for the kind that the
# finding names.
OF_SETTINGS = (codes.KIND_WITHOUT_JOURNAL, codes.JOURNAL_WRONG_TYPE)


def codes_of(*who: str) -> tuple[str, ...]:
    """Return the codes of what some can mend.

    :param who: as of ``FindingKind``
    """
    return tuple(code for code, kind in CODES.items() if kind.who in who)


# What passes by itself: nobody has to solve it.
BY_ITSELF = codes_of(OCTOPUS)
