"""A VAT code."""

from dataclasses import dataclass
from decimal import Decimal

BUY, SELL, BUY_CREDIT_NOTE, SELL_CREDIT_NOTE = 1, 2, 3, 4
CREDIT_NOTE_TWIN = {BUY: BUY_CREDIT_NOTE, SELL: SELL_CREDIT_NOTE}


@dataclass
class VatCode:
    """A code and its direction; ``percentage`` is the rate of the VAT.

    ``default_account`` is booked on when a sales line names no account. With
    ``reverse_charge`` the customer owes the VAT, so a line's VAT amount is zero.
    """

    code: str
    type: int
    names: dict[str, str]
    percentage: Decimal
    default_account: int | None = None
    reverse_charge: bool = False

    @property
    def is_sale(self):
        """Whether it belongs in a sales journal."""
        return self.type in (SELL, SELL_CREDIT_NOTE)
