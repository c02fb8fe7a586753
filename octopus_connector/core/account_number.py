"""Which ledger account of a dossier has the number of an Odoo account."""

from __future__ import annotations

from collections.abc import Collection

DIGITS = 6  # the accounts of Octopus have six (140000, 700100)


def same_number(code: str, numbers: Collection[int]) -> int | None:
    """Return the number that equals ``code``, as it is or with trailing zeros.

    ``7000`` and ``70000000`` fit 700000. A code that is not a number fits nothing.
    """
    if not (code.isascii() and code.isdigit()):
        return None
    padded = code.ljust(DIGITS, "0")
    for text in (code, padded[:DIGITS] if not padded[DIGITS:].strip("0") else padded):
        if int(text) in numbers and not text.startswith("0"):
            return int(text)
    return None
