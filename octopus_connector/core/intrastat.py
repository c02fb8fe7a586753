"""The codes of Intrastat that the contract lists (``IntrastatServiceData``): pure, no
Odoo."""

from __future__ import annotations

from collections.abc import Collection

TRANSACTIONS = frozenset(
    {11, 12, 21, 22, 23, 31, 32, 33, 34, 41, 42, 51, 52, 60, 71, 72, 80, 91, 92}
)
# 1 Flemish, 2 Walloon, 3 Brussels.
REGIONS = frozenset({1, 2, 3})
TRANSPORTS = frozenset({0, 1, 2, 3, 4, 5, 7, 8, 9})
INCOTERMS = frozenset(
    {"CFR", "CIF", "CIP", "CPT", "DAP", "DAT", "DDP", "EXW", "FAS", "FCA", "FOB", "N"}
)


def listed_number(code: str, known: Collection[int]) -> int | None:
    """Return a code as the number that the contract lists; ``None`` where it lists no
    such number.

    :param code: as Odoo keeps it, text
    :param known: the numbers of the contract
    """
    number = int(code) if code.isascii() and code.isdigit() else None
    return number if number in known else None


def listed_word(code: str, known: Collection[str]) -> str | None:
    """Return a code if the contract lists it, else ``None``.

    :param code: as Odoo keeps it
    :param known: the words of the contract
    """
    return code if code in known else None
