"""How REST spells our operations (docs/octopus.md §4).

Names are the contract's to the letter, with its slips (``attachements``,
``documentSequennceNr``, ``bookyearPeriodeNr``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..codec import TEXT, Form, Unreadable, clean
from ..listed import Listed, ModifiedResult, Records
from ..shape import many, read_rows
from ..types import UserInfo
from .long_answer import read_lists
from .making import (
    bookyear_body,
    journal_body,
    journal_path,
    read_bookyear,
    read_journal,
)
from .shapes import (
    ACCOUNT,
    ATTACHMENT,
    BALANCING,
    BALANCING_KEY,
    BOOKING,
    BOOKING_ROW,
    BOOKYEAR,
    COST_CENTRE,
    DOCUMENT_KEY,
    DOSSIER,
    FINANCIAL_BOOKING,
    JOURNAL,
    JOURNAL_DETAIL,
    JOURNAL_KEY,
    JOURNAL_STATE,
    OPEN_ITEM,
    RELATION,
    VAT_CODE,
)

# Answers


class _list:
    """Reads a list of records."""

    def __init__(self, shape):
        self._shape = shape

    def __call__(self, payload):
        return read_rows(self._shape, payload)

    def from_file(self, file):
        """Return the same from a file; ``None`` when no list is in it."""
        found = read_lists(file, {None: self._shape})
        return found and found[None]


class _changes:
    """Reads two lists: what changed, and what was deleted."""

    def __init__(
        self, shape, modified="modified", deleted="deleted", deleted_shape=None
    ):
        self._shapes = {modified: shape, deleted: deleted_shape or shape}

    def __call__(self, payload):
        if not isinstance(payload, Mapping):
            raise Unreadable("a list of changes was expected")
        if payload and not self._shapes.keys() & payload.keys():
            modified, deleted = self._shapes
            raise Unreadable(f"neither {modified} nor {deleted} is there")
        return changes(
            *(
                read_rows(shape, payload.get(key) or ())
                for key, shape in self._shapes.items()
            )
        )

    def from_file(self, file):
        """Return the same from a file; ``None`` when none of the lists is in it."""
        found = read_lists(file, self._shapes)
        return found and changes(*found.values())


def changes(modified: Listed | Records, deleted: Listed | Records) -> ModifiedResult:
    """Return what changed and what was deleted as one result.

    :param modified: the records that could be read, with the others in ``left_out``;
        ``deleted`` likewise
    """
    return ModifiedResult(
        modified=_kept(modified),
        deleted=_kept(deleted),
        left_out=modified.left_out + deleted.left_out,
    )


def _kept(records):
    return records if isinstance(records, Records) else tuple(records)


def _nothing(_payload):
    """A write tells nothing but its status."""


def _created_relation(payload):
    return None if payload is None else RELATION.decode(payload)


def _read_currency(value):
    # The contract calls them keys and shows text.
    if isinstance(value, Mapping):
        value = next((item for item in value.values() if isinstance(item, str)), None)
    return TEXT.decode(value)


_TOKEN = re.compile(r"[!-~]+")


def _token(name):
    def read(payload):
        tokens = {str(key).lower(): item for key, item in _mapping(payload).items()}
        token = tokens.get(name)
        # It will travel in a header.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Unreadable(f"{name} is missing")
        return token

    return read


def _mapping(payload):
    if not isinstance(payload, Mapping):
        raise Unreadable(f"{type(payload).__name__} where an object was expected")
    return payload


def _user(payload):
    details = payload if isinstance(payload, Mapping) else {}
    return UserInfo(
        details={
            clean(key): clean(str(item))
            for key, item in details.items()
            if "token" not in key.lower() and isinstance(item, (str, int))
        }
    )


# Requests

Arguments = Mapping[str, Any]


def _insert(key, shape, argument):
    """The body of an insert is wrapped, also without attachments
    (docs/octopus.md §4)."""

    def body(arguments):
        wrapped = {key: shape.encode(arguments[argument])}
        if arguments["attachments"]:
            wrapped["attachments"] = many(ATTACHMENT).encode(arguments["attachments"])
        return wrapped

    return body


def _one(shape, argument):
    return lambda arguments: shape.encode(arguments[argument])


def _relation_body(arguments):
    body = RELATION.encode(arguments["relation"])
    body.setdefault("relationIdentificationServiceData", {})
    return body


def _balancing_body(arguments):
    body = {
        "debetKey": BALANCING_KEY.encode(arguments["debit"]),
        "creditKey": BALANCING_KEY.encode(arguments["credit"]),
    }
    if "amount" in arguments:
        body["balanceAmount"] = arguments["amount"]
    return body


def _document_body(arguments):
    return {
        "bookyearKey": {"id": arguments["bookyear_id"]},
        "journal": arguments["journal"],
        "documentSequenceNr": arguments["number"],
    }


def _open_items_body(arguments):
    relation_id = arguments["only_relation"]
    return {
        "fromBookyearKey": {"id": arguments["from_bookyear"]},
        "fromBookyearPeriodNr": arguments["from_period"],
        "toBookyearKey": {"id": arguments["to_bookyear"]},
        "toBookyearPeriodNr": arguments["to_period"],
        # Both -1: everyone.
        "relationId": -1 if relation_id is None else relation_id,
        "externalRelationId": -1,
    }


def _journal_path(arguments):
    journal = arguments["journal"]
    return f"/bookyears/{arguments['bookyear_id']}/journals/{journal[0]}/{journal[1:]}"


def _attachment_path(arguments):
    return f"/bookyears/{arguments['bookyear_id']}/bookings/attachements"


@dataclass(frozen=True)
class Spelling:
    """One operation as a request, and how its answer is read.

    ``path`` is below the dossier for operations of a dossier; ``query`` and ``headers``
    map the wire's names to our arguments, an absent or ``None`` argument is left out.
    ``is_plain``: the answer is text; ``is_sample``: it is an error, as asked for.
    """

    method: str
    path: str | Callable[[Arguments], str]
    read: Callable[[Any], Any] = _nothing
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[Arguments], Any] | None = None
    is_plain: bool = False
    is_sample: bool = False


_SINCE = {"modifiedTimeStamp": "since"}
_OF_JOURNAL = {"bookyearId": "bookyear_id", "journalKey": "only_journal", **_SINCE}
_OF_DOCUMENT = {
    "bookyearId": "bookyear_id",
    "journalKey": "journal",
    "documentSeqNr": "number",
}

SPELLINGS: dict[str, Spelling] = {
    "version": Spelling("GET", "/about/version", TEXT.decode, is_plain=True),
    "error_description": Spelling(
        "GET",
        "/error",
        query={"errorCode": "code", "localeId": "locale"},
        is_sample=True,
    ),
    "authenticate": Spelling(
        "POST",
        "/authentication",
        _token("token"),
        headers={"softwareHouseUuid": "software_house"},
        body=lambda a: {"user": a["user"], "password": a["password"]},
    ),
    "whoami": Spelling("GET", "/authentication", _user),
    "dossiers": Spelling("GET", "/dossiers", _list(DOSSIER)),
    "open_dossier": Spelling(
        "POST",
        "/dossiers",
        _token("dossiertoken"),
        query={"dossierId": "dossier_id", "localeId": "locale"},
    ),
    "bookyears": Spelling("GET", "/bookyears", _list(BOOKYEAR)),
    "journals": Spelling(
        "GET", lambda a: f"/bookyears/{a['bookyear_id']}/journals", _list(JOURNAL)
    ),
    "journals_modified": Spelling(
        "GET",
        "/journals/modified",
        _changes(
            JOURNAL_STATE,
            "modifiedJournalServiceDataList",
            "deletedJournalList",
            JOURNAL_KEY,
        ),
        query=_SINCE,
    ),
    "journal_detail": Spelling("GET", _journal_path, JOURNAL_DETAIL.decode),
    "insert_bookyear": Spelling(
        "POST", "/bookyears", read_bookyear, body=bookyear_body
    ),
    "insert_journal": Spelling("POST", journal_path, read_journal, body=journal_body),
    "accounts": Spelling(
        "GET", "/accounts", _list(ACCOUNT), query={"bookyearId": "bookyear_id"}
    ),
    "accounts_modified": Spelling(
        "GET", "/accounts/modified", _changes(ACCOUNT), query=_SINCE
    ),
    "vat_codes": Spelling("GET", "/vatcodes", _list(VAT_CODE)),
    "cost_centres": Spelling("GET", "/costcentres", _list(COST_CENTRE)),
    "currencies": Spelling("GET", "/currencies", _list(Form(_read_currency, None))),
    "relations": Spelling("GET", "/relations", _list(RELATION)),
    "find_relations": Spelling(
        "GET",
        "/relations",
        _list(RELATION),
        query={
            "relationId": "relation_id",
            "extRelationId": "external_id",
            "name": "name",
            "vatNr": "vat_number",
        },
    ),
    "relations_modified": Spelling(
        "GET", "/relations/modified", _changes(RELATION), query=_SINCE
    ),
    "upsert_relation": Spelling(
        "PUT", "/relations", _created_relation, body=_relation_body
    ),
    "booking": Spelling("GET", "/buysellbookings", BOOKING.decode, query=_OF_DOCUMENT),
    "insert_booking": Spelling(
        "POST",
        "/buysellbookings",
        body=_insert("buySellBookingServiceData", BOOKING, "booking"),
    ),
    "update_booking": Spelling(
        "PUT", "/buysellbookings", body=_one(BOOKING, "booking")
    ),
    "bookings_modified": Spelling(
        "GET", "/buysellbookings/modified", _list(BOOKING), query=_OF_JOURNAL
    ),
    "documents_modified": Spelling(
        "GET",
        lambda a: f"/bookyears/{a['bookyear_id']}/bookings/modified",
        _changes(BOOKING_ROW, "modifiedBookings", "deletedBookings", DOCUMENT_KEY),
        query={
            "journalTypeId": "journal_type",
            **_SINCE,
            "modifiedTimeStampTo": "until",
        },
    ),
    "add_attachment": Spelling(
        "POST",
        _attachment_path,
        headers={"journalKey": "journal", "documentSequennceNr": "number"},
        body=_one(ATTACHMENT, "attachment"),
    ),
    "financial_booking": Spelling(
        "GET", "/financialdiversbookings", FINANCIAL_BOOKING.decode, query=_OF_DOCUMENT
    ),
    "insert_financial_booking": Spelling(
        "POST",
        "/financialdiversbookings",
        body=_insert(
            "financialDiversBookingServiceData", FINANCIAL_BOOKING, "financial_booking"
        ),
    ),
    "update_financial_booking": Spelling(
        "PUT",
        "/financialdiversbookings",
        body=_one(FINANCIAL_BOOKING, "financial_booking"),
    ),
    "financial_bookings_modified": Spelling(
        "GET",
        "/financialdiversbookings/modified",
        _list(FINANCIAL_BOOKING),
        query=_OF_JOURNAL,
    ),
    "balancings_modified": Spelling(
        "GET",
        "/balancings/modified",
        _changes(BALANCING, "modifiedBalancings", "deletedBalancings"),
        query=_SINCE,
    ),
    "insert_balancing": Spelling("POST", "/balancings", body=_balancing_body),
    "delete_balancing": Spelling("DELETE", "/balancings/delete", body=_balancing_body),
    "delete_line_balancings": Spelling(
        "DELETE", "/balancings/bookingline/delete", body=_one(BALANCING_KEY, "key")
    ),
    "delete_document_balancings": Spelling(
        "DELETE", "/balancings/document/delete", body=_document_body
    ),
    "open_items_client": Spelling(
        "POST", "/reports/clients/open", _list(OPEN_ITEM), body=_open_items_body
    ),
    "open_items_supplier": Spelling(
        "POST", "/reports/suppliers/open", _list(OPEN_ITEM), body=_open_items_body
    ),
}
