"""How REST spells what is made of a dossier itself (docs/octopus.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..codec import Unreadable

_LANGUAGES = ("NL", "FR", "EN", "DE")


def bookyear_body(arguments: Mapping[str, Any]) -> dict:
    """Return the body that makes a bookyear.

    :param arguments: with ``new_bookyear``, see ``new_books.NewBookyear``
    """
    year = arguments["new_bookyear"]
    return {
        "names": _names(year.name),
        "bookingPeriodType": year.periods,
        "fromDate": year.start.isoformat(),
        "toDate": year.end.isoformat(),
        "proRataTemporis": year.pro_rata,
        "declarantType": year.declarant,
    }


def read_bookyear(payload: Any) -> None:
    """Look whether an answer is a bookyear: it tells that it was made.

    :param payload: the answer's JSON
    :raises Unreadable: it is not
    """
    _check_is(payload, "bookyearKey")


def read_journal(payload: Any) -> None:
    """Look whether an answer is a journal: it tells that it was made.

    :param payload: the answer's JSON
    :raises Unreadable: it is not
    """
    _check_is(payload, "commonJournalServiceData")


def _check_is(payload, key):
    if not isinstance(payload, Mapping) or not isinstance(payload.get(key), Mapping):
        raise Unreadable(f"{key} is missing")


def journal_path(arguments: Mapping[str, Any]) -> str:
    """Return the address that makes a journal: each type has its own.

    :param arguments: with ``new_journal``, see ``new_books.NewJournal``
    """
    return f"/journals/{arguments['new_journal'].journal[0]}"


def journal_body(arguments: Mapping[str, Any]) -> dict:
    """Return the body that makes a journal.

    :param arguments: as for :func:`journal_path`
    """
    journal = arguments["new_journal"]
    body: dict[str, Any] = {
        "commonJournalInsertRequestData": {
            "bookyearKey": {"id": journal.bookyear_id},
            "sequenceNumber": int(journal.journal[1:]),
            "names": _names(journal.name),
        }
    }
    if journal.journal[0] == "V":
        body["sellJournalInsertionType"] = "BOOKING"
    if journal.journal[0] == "F":
        body |= {"account": journal.account, "currencyCode": journal.currency}
        if journal.iban:
            body["bankAccountServiceData"] = {"bankAccountIban": journal.iban}
    return body


def _names(text):
    return [{"language": language, "value": text} for language in _LANGUAGES]
