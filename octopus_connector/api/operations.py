"""The operations a connector needs, named once for every transport.

An operation says what every transport must know about it: does it write, what does
*not found* mean, which capability must a transport have. How it is spelled on the wire
is the transport's business (``rest``); how often it may be used is in ``quota.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .errors import ReturnCode


class Capability(str, Enum):
    """What not every transport or version of Octopus offers."""

    ATTACHMENTS = "attachments"  # files in the call that creates a booking
    ATTACHMENTS_LATER = "attachments_later"  # files for a booking that exists
    BALANCING_DELETE = "balancing_delete"
    BOOKING_DELETIONS = "booking_deletions"  # feed with deleted documents
    JOURNAL_DETAIL = "journal_detail"
    JOURNALS_MODIFIED = "journals_modified"
    ACCOUNTS_MODIFIED = "accounts_modified"
    CURRENCIES = "currencies"
    MAKING_BOOKS = "making_books"  # new bookyears and journals
    RELATION_SEARCH = "relation_search"
    WHOAMI = "whoami"
    VERSION = "version"
    # Fields of a booking; without the capability the field is not sent.
    PAYMENT_METHOD = "payment_method"
    ORDER_REFERENCE = "order_reference"
    VAT_RECUP = "vat_recup"
    OVERFLOW = "overflow"
    INTRASTAT = "intrastat"
    # A financial line may name its relation by Octopus's number; without the
    # capability by ours only.
    LINE_RELATIONS = "line_relations"


class Scope(Enum):
    """What must be open before the operation can be called."""

    NOTHING = "nothing"
    LOGIN = "login"
    DOSSIER = "dossier"


class WhenMissing(Enum):
    """What the answer *not found* means."""

    EMPTY = "empty"  # an empty list: nothing there
    UNCHANGED = "unchanged"  # neither changes nor deletions
    NONE = "none"  # says nothing: the caller must not conclude anything
    MISSING = "missing"  # that one document does not exist
    NO_ACCESS = "no_access"  # not for this login


@dataclass(frozen=True)
class Operation:
    """One operation.

    :param write: the call changes the books: without an answer its outcome is unknown
    :param slow: the answer may be big, wait longer for it (docs/octopus.md §2)
    :param long: the answer may hold a hundred thousand records: it is never in memory
        as a whole, and read as :class:`~.listed.Records`
    :param tells_made: the answer to the write is what was made, with the status 200
    :param books: a 403 can mean that the journal is open or closed
        (docs/octopus.md §12)
    :param missing_codes: return codes that mean *not found* here
    """

    name: str
    write: bool = False
    scope: Scope = Scope.DOSSIER
    when_missing: WhenMissing = WhenMissing.MISSING
    capability: Capability | None = None
    slow: bool = False
    long: bool = False
    books: bool = False
    tells_made: bool = False
    missing_codes: frozenset[int] = frozenset()


def _list(name, **options):
    return Operation(name, when_missing=WhenMissing.EMPTY, **options)


def _feed(name, **options):
    return _list(name, slow=True, long=True, **options)


def _changes(name, **options):
    unchanged = WhenMissing.UNCHANGED
    return Operation(name, when_missing=unchanged, slow=True, **options)


def _document(name, **options):
    codes = frozenset({ReturnCode.BOOKING_NOT_EXISTS})
    return Operation(name, missing_codes=codes, **options)


def _booking_write(name):
    return Operation(name, write=True, books=True)


def _making(name):
    makes = Capability.MAKING_BOOKS
    return Operation(name, write=True, tells_made=True, capability=makes)


OPERATIONS = {
    operation.name: operation
    for operation in (
        # before a dossier is open
        Operation("version", scope=Scope.NOTHING, capability=Capability.VERSION),
        Operation("error_description", scope=Scope.NOTHING),
        Operation("authenticate", scope=Scope.NOTHING),
        Operation("whoami", scope=Scope.LOGIN, capability=Capability.WHOAMI),
        _list("dossiers", scope=Scope.LOGIN),
        Operation(
            "open_dossier", scope=Scope.LOGIN, when_missing=WhenMissing.NO_ACCESS
        ),
        # what the dossier looks like
        _list("bookyears"),
        _list("journals"),
        _changes("journals_modified", capability=Capability.JOURNALS_MODIFIED),
        Operation(
            "journal_detail",
            capability=Capability.JOURNAL_DETAIL,
            missing_codes=frozenset(
                {ReturnCode.UNKNOWN_JOURNAL, ReturnCode.UNKNOWN_BOOKYEAR}
            ),
        ),
        _list("accounts", slow=True),
        _changes("accounts_modified", capability=Capability.ACCOUNTS_MODIFIED),
        _list("vat_codes"),
        _list("cost_centres"),
        _list("currencies", capability=Capability.CURRENCIES),
        _making("insert_bookyear"),
        _making("insert_journal"),
        # relations
        _list("relations", slow=True),
        _list(
            "find_relations",
            capability=Capability.RELATION_SEARCH,
            missing_codes=frozenset({ReturnCode.UNKNOWN_RELATION}),
        ),
        _changes("relations_modified"),
        Operation("upsert_relation", write=True),
        # purchase and sales documents
        _document("booking"),
        _booking_write("insert_booking"),
        _booking_write("update_booking"),
        _feed("bookings_modified"),
        _changes(
            "documents_modified", capability=Capability.BOOKING_DELETIONS, long=True
        ),
        Operation(
            "add_attachment", write=True, capability=Capability.ATTACHMENTS_LATER
        ),
        # financial and divers documents
        _document("financial_booking"),
        _booking_write("insert_financial_booking"),
        _booking_write("update_financial_booking"),
        _feed("financial_bookings_modified"),
        # who paid what
        _changes("balancings_modified", long=True),
        Operation("insert_balancing", write=True),
        Operation(
            "delete_balancing", write=True, capability=Capability.BALANCING_DELETE
        ),
        Operation(
            "delete_line_balancings", write=True, capability=Capability.BALANCING_DELETE
        ),
        Operation(
            "delete_document_balancings",
            write=True,
            capability=Capability.BALANCING_DELETE,
        ),
        Operation("open_items_client", slow=True, when_missing=WhenMissing.NONE),
        Operation("open_items_supplier", slow=True, when_missing=WhenMissing.NONE),
    )
}
