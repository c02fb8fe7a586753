"""How SOAP spells what REST says too: the same acts, other names (docs/octopus.md §7).

A request becomes the parameters or the body of the REST operation, and its answer the
fields of the SOAP answer.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from ..contract.types import FIELDS
from ..state.clock import BRUSSELS
from ..state.codes import Code

_IDENTITY = "relationIdentificationServiceData"


@dataclass(frozen=True)
class Spelling:
    """One operation: its id in REST, and both translations.

    ``request(fields, switches)`` gives ``(parameters, body)``; ``answer(body)`` the
    fields of the answer. ``returns_code``: the field ``return`` is a return code.
    ``missing`` is the error when the one thing asked for is not there; a list that is
    empty is none. ``as_rest``: the body must be a whole one of REST.
    """

    id: str
    request: Callable
    answer: Callable
    returns_code: bool = False
    missing: Code | None = None
    as_rest: bool = True


# -- requests --------------------------------------------------------------------


def _nothing(_fields, _switches):
    return {}, None


def _id(key):
    return (key or {}).get("id", 0)


def _of_bookyear(fields, _switches):
    return {"bookyearId": _id(fields.get("bookyearKey"))}, None


def _of_journal(fields, _switches):
    place = {"bookyearId": _id(fields.get("bookyearKey"))}
    return place | {"journalKey": fields.get("journalKey", "")}, None


def _of_document(fields, switches):
    place, _body = _of_journal(fields, switches)
    return place | {"documentSeqNr": fields["documentSequenceNr"]}, None


def _since(fields, switches):
    return {"modifiedTimeStamp": _timestamp(fields["modifiedSince"], switches)}, None


def _since_in_journal(fields, switches):
    place, _body = _of_journal(fields, switches)
    return place | _since(fields, switches)[0], None


def _timestamp(text, switches):
    """A moment as REST wants it: in the zone that Octopus reads it in."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo:
        utc = switches["timestamp_zone"] == "utc"
        zone = datetime.timezone.utc if utc else BRUSSELS
        moment = moment.astimezone(zone).replace(tzinfo=None)
    return moment.isoformat(sep=" ", timespec="milliseconds")


def _body(argument, kind, wrapped=None):
    """The object of an argument as a body of type ``kind``."""

    def request(fields, _switches):
        body = _to_rest(fields.get(argument, {}), kind)
        return {}, {wrapped: body} if wrapped else body

    return request


def _relation_body(fields, _switches):
    given = dict(fields.get("relation", {}))
    given["externalRelationId"] = given.pop("externalRelationNr", 0)
    surname = given.pop("surName", None)
    if surname is not None:
        given.setdefault("firstName", surname)
    return {}, _to_rest(given, "RelationServiceData")


def _to_rest(fields, kind):
    """Fields of an object of REST: dates without time, the relation's keys inside."""
    body, names = {}, FIELDS[kind]
    if _IDENTITY in names:
        keys = ("relationKey", "externalRelationId")
        body[_IDENTITY] = {key: fields[key] for key in keys if key in fields}
    for name, value in fields.items():
        if name == "relationKey" and "relationId" in names:
            body["relationId"] = _id(value)
        elif name in names:
            body[name] = _value_to_rest(value, names[name].rstrip("!"))
    return body


def _value_to_rest(value, kind):
    if kind == "date":
        return value[:10]
    if kind.startswith("["):
        return [_value_to_rest(item, kind[1:-1]) for item in value if item is not None]
    return _to_rest(value, kind) if isinstance(value, dict) else value


# -- answers ---------------------------------------------------------------------


def _done(_body):
    return {"return": 0}


def _flat(row):
    """An object of REST with the relation's keys among its own."""
    return row | row.get(_IDENTITY, {})


def _relation(row):
    flat = _flat(row)
    flat["externalRelationNr"] = flat.get("externalRelationId")
    flat["surName"] = flat.get("firstName")
    return flat


def _financial(row):
    lines = [
        line | {"relationKey": {"id": line["relationId"]}}
        if "relationId" in line
        else line
        for line in row["bookingLines"]
    ]
    return row | {"bookingLines": lines}


def _row(convert=_flat):
    return lambda body: {"return": convert(body) if body else None}


def _rows(convert=_flat):
    return lambda body: {"return": [convert(row) for row in body or ()]}


def _feed(name, convert=_flat):
    return lambda body: {"return": 0, name: [convert(row) for row in body or ()]}


def _changes(names, convert=_flat):
    """``names``: those of the answer by those of REST."""

    def answer(body):
        lists = {
            name: [convert(row) for row in (body or {}).get(rest, ())]
            for name, rest in names.items()
        }
        return {"return": 0} | lists

    return answer


def _read(id_, request=_nothing, answer=None):
    return Spelling(id_, request, answer or _rows())


def _one(id_, request, missing, convert=_flat):
    return Spelling(id_, request, _row(convert), missing=missing)


def _coded(id_, request, answer=_done):
    return Spelling(id_, request, answer, returns_code=True)


_BOOKING, _FINANCIAL = "BuySellBookingServiceData", "FinancialDiversBookingServiceData"

SPELLINGS = {
    "GetAccounts": _read("getAccounts", _of_bookyear),
    "GetBookyears": _read("getBookyears"),
    "GetBuySellBooking": _one(
        "getBuySellBooking", _of_document, Code.BOOKING_NOT_FOUND
    ),
    "GetCostCentres": _read("getCostCentres"),
    "GetFinancialDiversBooking": _one(
        "getFinancialDiversBooking", _of_document, Code.BOOKING_NOT_FOUND, _financial
    ),
    "GetFinancialJournalBalance": _one(
        "getFinancialJournalBalance", _of_journal, Code.UNKNOWN_JOURNAL
    ),
    "GetJournals": _read("getJournals", _of_bookyear),
    "GetModifiedBalancingRelations": _coded(
        "getModifiedBalancingRelations",
        _since,
        _changes(
            {
                "modifiedBalancingArray": "modifiedBalancings",
                "deletedBalancingArray": "deletedBalancings",
            }
        ),
    ),
    "GetModifiedBuySellBookings": _coded(
        "getModifiedBuySellBookings",
        _since_in_journal,
        _feed("modifiedBuySellBookingArray"),
    ),
    "GetModifiedFinancialDiversBookings": _coded(
        "getModifiedFinancialDiversBookings",
        _since_in_journal,
        _feed("modifiedFinancialDiversBookingArray", _financial),
    ),
    "GetModifiedRelations": _coded(
        "getModifiedRelations",
        _since,
        _changes(
            {"modifiedRelations": "modified", "deletedRelations": "deleted"}, _relation
        ),
    ),
    "GetRelations": _read("getRelations", answer=_rows(_relation)),
    "GetReportHistoryAccount": _read(
        "getReportHistoryAccount",
        _body("historyAccountQueryData", "HistoryAccountQueryData"),
    ),
    "GetReportHistoryClient": _read(
        "getReportHistoryClient",
        _body("historyClientQueryData", "HistoryRelationQueryData"),
    ),
    "GetReportHistorySupplier": _read(
        "getReportHistorySupplier",
        _body("historySupplierQueryData", "HistoryRelationQueryData"),
    ),
    "GetReportOpenAccount": _read(
        "getReportOpenAccount", _body("openAccountQueryData", "OpenAccountQueryData")
    ),
    "GetReportOpenClient": _read(
        "getReportOpenClient", _body("openClientQueryData", "OpenRelationQueryData")
    ),
    "GetReportOpenSupplier": _read(
        "getReportOpenSupplier",
        _body("openSupplierQueryData", "OpenRelationQueryData"),
    ),
    "GetVatCodes": _read("getVatCodes"),
    "InsertBalancing": _coded(
        "insertBalancing", _body("balacing", "BalancingServiceData")
    ),
    "InsertBuySellBooking": _coded(
        "insertBuySellBooking",
        _body("booking", _BOOKING, "buySellBookingServiceData"),
    ),
    "InsertFinancialDiversBooking": _coded(
        "insertFinancialDiversBooking",
        _body("booking", _FINANCIAL, "financialDiversBookingServiceData"),
    ),
    "InsertUpdateAccount": _coded(
        "insertUpdateAccount", _body("account", "AccountServiceData")
    ),
    "InsertUpdateCostcentre": _coded(
        "insertUpdateCostCentre", _body("costcentre", "CostCentreServiceData")
    ),
    # SOAP knows no currency of a relation, which REST requires.
    "InsertUpdateRelation": Spelling(
        "insertUpdateRelation", _relation_body, _done, returns_code=True, as_rest=False
    ),
    "UpdateBuySellBooking": _coded("updateBuySellBooking", _body("booking", _BOOKING)),
    "UpdateFinancialDiversBooking": _coded(
        "updateFinancialDiversBooking", _body("booking", _FINANCIAL)
    ),
}
# Operations about the session itself, by the id under which faults and the record of
# calls know them: that of REST where it has one.
SESSION_OPERATIONS = {
    "Authenticate": "authenticateUser",
    "AuthenticateAndConnect": "authenticateAndConnect",
    "CloseDossier": "closeDossier",
    "ConnectToDossier": "connectDossier",
    "GetDossiers": "getDossiers",
    "GetErrorDescription": "generateSampleError",
    "GetLastError": "getLastError",
    "SetLocale": "setLocale",
}
