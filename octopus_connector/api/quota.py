"""The daily limits of the contract, as data (docs/octopus.md §4).

Whether Octopus counts per dossier, user or software house, and what it answers beyond
the limit, is unknown (docs/octopus.md §19.1): the caller counts per dossier and
counter.
"""

from __future__ import annotations

_JOURNAL_TYPES = "AVFDL"

# By counter: the operation's name, with the journal type where each type is an
# operation of its own in the contract. No limit is stated for what is not here.
DAILY_LIMITS: dict[str, int] = {
    "error_description": 100,
    "dossiers": 150,
    "open_dossier": 150,
    "bookyears": 24,
    "journals": 24,
    "journals_modified": 48,
    **{f"journal_detail/{letter}": 24 for letter in _JOURNAL_TYPES},
    "insert_bookyear": 24,
    **{f"insert_journal/{letter}": 24 for letter in "AVF"},
    "accounts": 2,
    "accounts_modified": 48,
    "vat_codes": 2,
    "cost_centres": 2,
    "currencies": 2,
    "relations": 2,
    "find_relations": 400,
    "relations_modified": 48,
    "upsert_relation": 400,
    "booking": 10,
    "insert_booking": 400,
    "update_booking": 10,
    "bookings_modified": 48,
    "documents_modified": 48,
    "add_attachment": 400,
    "financial_booking": 10,
    "insert_financial_booking": 400,
    "update_financial_booking": 10,
    "financial_bookings_modified": 48,
    "balancings_modified": 48,
    "insert_balancing": 400,
    "delete_balancing": 400,
    "delete_line_balancings": 400,
    "delete_document_balancings": 400,
    "open_items_client": 24,
    "open_items_supplier": 24,
}


def counter(operation: str, journal: str | None = None) -> str:
    """Return the name of the daily count that a call falls under.

    :param operation: name of the operation
    :param journal: key of a journal such as ``V1``; its letter counts where each type
        has a limit of its own
    """
    if operation in ("journal_detail", "insert_journal") and journal:
        return f"{operation}/{journal[:1]}"
    return operation


def daily_limit(counter_name: str) -> int | None:
    """Return how often a day a counter may be used, ``None`` for no stated limit.

    :param counter_name: what :func:`counter` returned
    """
    return DAILY_LIMITS.get(counter_name)
