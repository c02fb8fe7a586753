"""A journal of one bookyear."""

from dataclasses import dataclass

BUY, SELL, FINANCIAL, DIVERS = "A", "V", "F", "D"
# journalType of a DocumentKey (docs/octopus.md §5)
TYPE_NUMBERS = {BUY: 1, SELL: 2, FINANCIAL: 3, DIVERS: 4}
# insertionType (docs/octopus.md §12)
BOOKINGS, INVOICES_VAT_EXCLUSIVE, INVOICES_VAT_INCLUSIVE = 1, 2, 3


@dataclass
class Journal:
    """A journal, e.g. ``V1``; journals, and so their numbers, are per bookyear.

    ``next_number`` is set when somebody chose where the numbers go on.
    ``opened_by`` names the user who has it open in the program.
    ``account``, ``currency``, ``iban``, ``bic`` are those of a financial journal.
    """

    bookyear: int
    key: str
    names: dict[str, str]
    insertion_type: int = BOOKINGS
    closed: bool = False
    closed_period: int = 0
    protected_period: int = 0
    next_number: int = 0
    opened_by: str = ""
    account: int = 0
    currency: str | None = None
    iban: str = ""
    bic: str = ""

    @property
    def type(self):
        """A, V, F or D."""
        return self.key[0]

    @property
    def type_number(self):
        """The type as a number."""
        return TYPE_NUMBERS[self.type]

    @property
    def sequence(self):
        """The number in the key."""
        return int(self.key[1:])
