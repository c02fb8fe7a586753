"""Bookyears, accounts, VAT codes, cost centres, currencies, custom fields."""

from ...state.account import HUNDRED, Account
from ...state.codes import Code
from ...state.cost_centre import CostCentre
from ...state.errors import NothingFound, Refusal
from ...state.vat_code import BUY, SELL
from ..answers import Answer
from ..codec import without_nulls
from .common import (
    date_json,
    in_language,
    key_id,
    key_json,
    list_or_nothing,
    localized_json,
    names_from_json,
    names_json,
    none_found,
    number,
)
from .registry import handles

_PERCENTAGES = (
    ("vatRecupPercentage", "vat_recup", Code.INVALID_VAT_RECUP),
    (
        "fiscProfessionalPercentage",
        "fisc_professional",
        Code.INVALID_FISC_PROFESSIONAL,
    ),
    ("fiscRecupPercentage", "fisc_recup", Code.INVALID_FISC_RECUP),
)
_DECLARANTS = {"MONTH": "MONTHLY", "QUARTER": "QUARTERLY", "YEAR": "YEARLY"}


# -- bookyears -------------------------------------------------------------------


@handles("getBookyears")
def get_bookyears(call):
    rows = [_bookyear_json(year, call) for year in call.dossier.bookyears.values()]
    return Answer(200, list_or_nothing(rows, "Bookyears", call))


@handles("getBookyear")
def get_bookyear(call):
    year = call.dossier.bookyears.get(call["bookyearId"])
    if not year:
        raise Refusal(Code.UNKNOWN_BOOKYEAR, f"Bookyear {call['bookyearId']} unknown")
    return Answer(
        200,
        {
            "bookyearKey": {"id": year.id},
            "names": localized_json(year.names),
            "bookingPeriodType": year.period_kind,
            "fromDate": date_json(year.start),
            "toDate": date_json(year.end),
            "closed": year.closed,
            "proRataTemporis": True,
            "deprecationFullBookyear": False,
            "declarantType": _DECLARANTS[year.period_kind],
            "activateDbaNp": True,
            "activateDfbNp": True,
            "declarantIntrastatReceiver": False,
            "declarantIntrastatSender": False,
            "visibleFiscalControl": False,
        },
    )


def _bookyear_json(year, call):
    return {
        "bookyearKey": {"id": year.id},
        "bookyearDescription": in_language(year.names, call.language),
        "startDate": date_json(year.start),
        "endDate": date_json(year.end),
        "closed": year.closed,
        "periods": [
            {
                "bookyearPeriod": period.number,
                "startDate": date_json(period.start),
                "endDate": date_json(period.end),
            }
            for period in year.periods
        ],
    }


# -- accounts --------------------------------------------------------------------


@handles("getAccounts")
def get_accounts(call):
    wanted = call["bookyearId"]
    accounts = call.dossier.accounts.values()
    rows = [_account_json(a) for a in accounts if a.bookyear == wanted]
    return Answer(200, list_or_nothing(rows, "Accounts", call))


@handles("getModifiedAccounts")
def get_modified_accounts(call):
    changed, _deleted = call.changes(call.dossier.feeds.accounts)
    if not changed:
        raise none_found("modified accounts", call)
    accounts = [_account_json(call.dossier.accounts[key]) for key in changed]
    return Answer(200, {"modified": accounts, "deleted": []})


@handles("insertUpdateAccount")
def insert_update_account(call):
    key = call.body["accountKey"]
    place = (key["bookyearKey"]["id"], key["id"])
    if place[0] not in call.dossier.bookyears:
        raise Refusal(Code.UNKNOWN_BOOKYEAR, f"Bookyear {place[0]} unknown")
    known = call.dossier.accounts.get(place)
    account = _account_from_json(call.body, known or Account(*place, names={}))
    call.dossier.accounts[place] = account
    call.dossier.feeds.accounts.record(place, call.world.clock.stamp())
    return Answer(204 if known else 201)


def _account_from_json(fields, known):
    given = {"names": names_from_json(fields.get("description")) or known.names}
    for name, attribute, code in _PERCENTAGES:
        percentage = number(fields.get(name, getattr(known, attribute)))
        if not 0 <= percentage <= HUNDRED:
            raise Refusal(code, f"{name} {percentage}")
        given[attribute] = percentage
    if not any(given["names"].values()):
        raise Refusal(Code.ACCOUNT_NOT_SAVED, "Description missing")
    centre = key_id(fields.get("defaultCostCentreKey"))
    return Account(**known.__dict__ | given | {"cost_centre": centre})


def _account_json(account):
    return without_nulls(
        {
            "accountKey": {
                "bookyearKey": {"id": account.bookyear},
                "id": account.number,
            },
            "description": names_json(account.names),
            "vatRecupPercentage": account.vat_recup,
            "fiscProfessionalPercentage": account.fisc_professional,
            "fiscRecupPercentage": account.fisc_recup,
            "purchaseVatCode": account.purchase_vat_code,
            "salesVatCode": account.sales_vat_code,
            "costCentreType": account.cost_centre_type,
            "defaultCostCentreKey": key_json(account.cost_centre),
        }
    )


# -- VAT codes -------------------------------------------------------------------


@handles("getVatCodes")
def get_vat_codes(call):
    once = call.switches["credit_note_codes"] == "once"
    rows = [
        without_nulls(
            {
                "code": code.code,
                "description": in_language(code.names, call.language),
                "type": code.type,
                "basePercentage": code.percentage,
                "defaultSellBookingAccountNr": code.default_account,
            }
        )
        for code in call.dossier.vat_codes.values()
        if not once or code.type in (BUY, SELL)
    ]
    return Answer(200, list_or_nothing(rows, "VATCodes", call))


# -- the rest --------------------------------------------------------------------


@handles("getCostCentres")
def get_cost_centres(call):
    rows = [_cost_centre_json(c) for c in call.dossier.cost_centres.values()]
    return Answer(200, list_or_nothing(rows, "CostCentres", call))


@handles("getActiveCostCentres")
def get_active_cost_centres(call):
    centres = call.dossier.cost_centres.values()
    rows = [_cost_centre_json(centre) for centre in centres if not centre.closed]
    return Answer(200, list_or_nothing(rows, "active CostCentres", call))


@handles("insertUpdateCostCentre")
def insert_update_cost_centre(call):
    centre = CostCentre(
        id=call.body["costCentreKey"]["id"],
        names=names_from_json(call.body["description"]),
        closed=call.body["closed"],
    )
    if centre.id < 1 or not any(centre.names.values()):
        raise Refusal(Code.COST_CENTRE_NOT_SAVED, "Key or description missing")
    known = centre.id in call.dossier.cost_centres
    call.dossier.cost_centres[centre.id] = centre
    return Answer(204 if known else 201)


def _cost_centre_json(centre):
    return {
        "costCentreKey": {"id": centre.id},
        "description": names_json(centre.names),
        "closed": centre.closed,
    }


@handles("getCurrencyCodes")
def get_currency_codes(call):
    return Answer(200, list(call.dossier.currencies))


@handles("getCustomFields")
def get_custom_fields(call):
    raise NothingFound(f"No Custom Fields found in dossier {call.dossier.id}")
