"""How SOAP spells our values and operations (docs/octopus.md §7 and §8).

Most names are those of REST. What differs is here: dates are moments at midnight, a
relation's keys lie among the fields, ``externalRelationNr``, ``surName``, ``balacing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import Any

from ..codec import DATE, ID, TEXT, Form, Odd, Unreadable, note_all
from ..errors import OctopusInvalidRequest, OctopusUnsupported
from ..listed import Listed
from ..rest import shapes as rest
from ..rest.mapping import changes
from ..shape import Shape, many, read_rows
from ..types import BRUSSELS
from .long_answer import LongList


def _read_day(value):
    if isinstance(value, datetime) and value.utcoffset() is not None:
        try:
            value = value.astimezone(BRUSSELS)
        except OverflowError:
            raise Unreadable(f"{value.date().isoformat()} is out of range") from None
    return DATE.decode(value)


def _write_day(day: date):
    return f"{day.isoformat()}T00:00:00"


def _quick_day(value):
    if type(value) is not datetime:
        raise Odd
    return _read_day(value)


DAY = Form(_read_day, _write_day, _quick_day)


def _respelled(shape, **changes):
    """A shape of REST with its dates as moments, and other changes."""
    spelling = {
        name: (path, DAY if form is DATE else form)
        for name, (path, form) in shape.spelling.items()
    }
    return replace(shape, spelling=spelling | changes)


BOOKYEAR = _respelled(rest.BOOKYEAR, periods=("periods", many(_respelled(rest.PERIOD))))
RELATION = _respelled(
    rest.RELATION,
    id=("relationKey.id", ID),
    external_id=("externalRelationNr", ID),
    first_name=("firstName", TEXT),
)
BOOKING = _respelled(rest.BOOKING, relation=("", rest.REFERENCE))
FINANCIAL_LINE = _respelled(rest.FINANCIAL_LINE, relation=("", rest.REFERENCE))
FINANCIAL_BOOKING = _respelled(
    rest.FINANCIAL_BOOKING, lines=("bookingLines", many(FINANCIAL_LINE))
)
_BALANCING_DOCUMENT = _respelled(rest.BALANCING_DOCUMENT)
BALANCING = _respelled(
    rest.BALANCING,
    debit=("debetDocument", _BALANCING_DOCUMENT),
    credit=("creditDocument", _BALANCING_DOCUMENT),
)
OPEN_ITEM = _respelled(rest.OPEN_ITEM)


class _RelationShape(Shape):
    """A relation, whose first name older versions call ``surName``."""

    def decode(self, source):
        if not isinstance(source, Mapping):
            raise Unreadable("a relation was expected")
        told = {name: value for name, value in source.items() if value is not None}
        return super().decode({"firstName": told.get("surName"), **told})


_RELATION = _RelationShape(RELATION.cls, RELATION.spelling, RELATION.expendable)


# Answers


class _list:
    """Reads a list of records; ``shapes`` tells those of a long one beforehand."""

    def __init__(self, shape, name="return"):
        self._name = name
        self.shapes = {name: shape}

    def __call__(self, payload):
        return _rows(self.shapes[self._name], payload.get(self._name))


class _changes:
    """Reads two lists: what changed, and what was deleted; ``shapes`` as of a list."""

    def __init__(self, shape, modified, deleted):
        self.shapes = {modified: shape, deleted: shape}

    def __call__(self, payload):
        return changes(
            *(_rows(shape, payload.get(name)) for name, shape in self.shapes.items())
        )


def _rows(shape, value):
    if not isinstance(value, LongList):
        return read_rows(shape, value or ())
    note_all(value.flaws)
    return value.records()


def _one(shape):
    return lambda payload: shape.decode(payload["return"])


def _nothing(_payload):
    """A return code tells nothing but itself."""


def _text(payload):
    return payload["return"] or ""


# Requests

Arguments = Mapping[str, Any]
# Numbers and flags that SOAP always sends. Of a relation that is known their present
# values must be told, or zeros and noes would replace them.
_MUST_BE_TOLD = (
    "active",
    "client",
    "supplier",
    "expiration_type",
    "expiration_days",
    "vat_type",
    "corporation_type",
    "language",
)
# What a new relation gets (docs/octopus.md §6).
_OF_A_NEW_ONE = {"active": True, "expirationType": 2, "expirationDays": 30}


def _no_values(_arguments):
    return {}


def _key(arguments, name="bookyear_id"):
    return {"id": arguments[name]}


def _of_bookyear(arguments):
    return {"bookyearKey": _key(arguments)}


def _of_document(arguments):
    return {
        "bookyearKey": _key(arguments),
        "journalKey": arguments["journal"],
        "documentSequenceNr": arguments["number"],
    }


def _since(arguments):
    return {"modifiedSince": arguments["since"].astimezone(timezone.utc)}


def _since_in_journal(arguments):
    return {
        **_since(arguments),
        "bookyearKey": _key(arguments),
        "journalKey": arguments["only_journal"],
    }


def _booking(arguments):
    _refuse_attachments(arguments)
    return {"booking": BOOKING.encode(arguments["booking"])}


def _financial_booking(arguments):
    _refuse_attachments(arguments)
    return {"booking": FINANCIAL_BOOKING.encode(arguments["financial_booking"])}


def _no_check(_service, _arguments):
    """Most messages say everything in any version."""


def _check_lines(service, arguments):
    """Refuse a line whose relation the endpoint's version cannot name."""
    if service.has("financialDiversBookingLineServiceData", "relationKey"):
        return
    for index, line in enumerate(arguments["financial_booking"].lines):
        if line.relation and line.relation.external_id is None:
            raise OctopusInvalidRequest(
                f"financial_booking.lines[{index}].relation: SOAP knows it by our own "
                "number only, and this relation does not have one"
            )


def _refuse_attachments(arguments):
    if arguments.get("attachments"):
        raise OctopusUnsupported("SOAP takes no attachments.")


def _relation(arguments):
    relation = arguments["relation"]
    untold = [name for name in _MUST_BE_TOLD if getattr(relation, name) is None]
    if relation.id is not None and untold:
        raise OctopusInvalidRequest(
            f"relation.{untold[0]}: SOAP replaces the whole relation, so nothing can "
            "be left out"
        )
    values = {**_OF_A_NEW_ONE, **RELATION.encode(relation)}
    return {"relation": values | {"surName": values.get("firstName")}}


def _balancing(arguments):
    return {
        "balacing": {
            "balanceAmount": arguments["amount"],
            "debetKey": rest.BALANCING_KEY.encode(arguments["debit"]),
            "creditKey": rest.BALANCING_KEY.encode(arguments["credit"]),
        }
    }


def _open_items(name):
    def values(arguments):
        return {
            name: {
                "fromBookyearKey": _key(arguments, "from_bookyear"),
                "fromBookyearPeriodNr": arguments["from_period"],
                "toBookyearKey": _key(arguments, "to_bookyear"),
                "toBookyearPeriodNr": arguments["to_period"],
                # Everyone; SOAP knows no report by Octopus's own number.
                "externalRelationId": -1,
            }
        }

    return values


def _only(arguments, items):
    """Open items of the relation that was asked for."""
    wanted = arguments["only_relation"]
    chosen = [
        item
        for item in items
        if wanted is None or (item.relation and item.relation.id == wanted)
    ]
    return Listed(chosen, items.left_out)


@dataclass(frozen=True)
class Spelling:
    """One operation: its name, its message, how its answer is read.

    ``coded``: ``return`` is a return code. ``feed``: where a single document is looked
    for when an empty answer leaves open whether it is missing. ``choose``: picks from
    what was read what the arguments ask for. ``check`` gets the service (see
    ``service.Service``) and refuses what its version cannot say.
    """

    name: str
    values: Callable[[Arguments], Mapping[str, Any]] = _no_values
    read: Callable[[Any], Any] = _nothing
    coded: bool = False
    feed: str | None = None
    choose: Callable[[Arguments, Any], Any] = lambda arguments, found: found
    check: Callable[[Any, Arguments], None] = _no_check


def _write(name, values, **options):
    return Spelling(name, values, coded=True, **options)


SPELLINGS: dict[str, Spelling] = {
    "error_description": Spelling(
        "GetErrorDescription", lambda a: {"errorNr": a["code"]}, _text
    ),
    "authenticate": _write(
        "Authenticate",
        lambda a: {
            "softwareHouseUuid": a["software_house"],
            "credentials": {"user": a["user"], "password": a["password"]},
        },
    ),
    "open_dossier": _write(
        "ConnectToDossier", lambda a: {"dossierKey": _key(a, "dossier_id")}
    ),
    "set_locale": _write("SetLocale", lambda a: {"locale": _key(a, "locale")}),
    "last_error": Spelling("GetLastError", read=_text),
    "dossiers": Spelling("GetDossiers", read=_list(rest.DOSSIER)),
    "bookyears": Spelling("GetBookyears", read=_list(BOOKYEAR)),
    "journals": Spelling("GetJournals", _of_bookyear, _list(rest.JOURNAL)),
    "accounts": Spelling("GetAccounts", _of_bookyear, _list(rest.ACCOUNT)),
    "vat_codes": Spelling("GetVatCodes", read=_list(rest.VAT_CODE)),
    "cost_centres": Spelling("GetCostCentres", read=_list(rest.COST_CENTRE)),
    "relations": Spelling("GetRelations", read=_list(_RELATION)),
    "relations_modified": Spelling(
        "GetModifiedRelations",
        _since,
        _changes(_RELATION, "modifiedRelations", "deletedRelations"),
        coded=True,
    ),
    "upsert_relation": _write("InsertUpdateRelation", _relation),
    "booking": Spelling(
        "GetBuySellBooking", _of_document, _one(BOOKING), feed="bookings_modified"
    ),
    "insert_booking": _write("InsertBuySellBooking", _booking),
    "update_booking": _write("UpdateBuySellBooking", _booking),
    "bookings_modified": Spelling(
        "GetModifiedBuySellBookings",
        _since_in_journal,
        _list(BOOKING, "modifiedBuySellBookingArray"),
        coded=True,
    ),
    "financial_booking": Spelling(
        "GetFinancialDiversBooking",
        _of_document,
        _one(FINANCIAL_BOOKING),
        feed="financial_bookings_modified",
    ),
    "insert_financial_booking": _write(
        "InsertFinancialDiversBooking", _financial_booking, check=_check_lines
    ),
    "update_financial_booking": _write(
        "UpdateFinancialDiversBooking", _financial_booking, check=_check_lines
    ),
    "financial_bookings_modified": Spelling(
        "GetModifiedFinancialDiversBookings",
        _since_in_journal,
        _list(FINANCIAL_BOOKING, "modifiedFinancialDiversBookingArray"),
        coded=True,
    ),
    "balancings_modified": Spelling(
        "GetModifiedBalancingRelations",
        _since,
        _changes(BALANCING, "modifiedBalancingArray", "deletedBalancingArray"),
        coded=True,
    ),
    "insert_balancing": _write("InsertBalancing", _balancing),
    "open_items_client": Spelling(
        "GetReportOpenClient",
        _open_items("openClientQueryData"),
        _list(OPEN_ITEM),
        choose=_only,
    ),
    "open_items_supplier": Spelling(
        "GetReportOpenSupplier",
        _open_items("openSupplierQueryData"),
        _list(OPEN_ITEM),
        choose=_only,
    ),
}
