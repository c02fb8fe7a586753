"""A ledger account of one bookyear."""

from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal("100.0")
COST_CENTRE_NONE, COST_CENTRE_MANDATORY, COST_CENTRE_NOT_MANDATORY = 0, 1, 2


@dataclass
class Account:
    """An account of the plan. ``booking`` is False for a heading.

    Percentages: recuperable VAT, professional use, fiscal recuperation.
    """

    bookyear: int
    number: int
    names: dict[str, str]
    vat_recup: Decimal = HUNDRED
    fisc_professional: Decimal = HUNDRED
    fisc_recup: Decimal = HUNDRED
    purchase_vat_code: str | None = None
    sales_vat_code: str | None = None
    cost_centre_type: int = COST_CENTRE_NOT_MANDATORY
    cost_centre: int | None = None
    booking: bool = True
