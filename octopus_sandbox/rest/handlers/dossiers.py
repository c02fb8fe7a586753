"""Version, login, dossiers, error texts (docs/octopus.md §1)."""

from ...state.texts import LOCALES
from ..answers import Answer, error
from ..codec import without_nulls
from .registry import handles

VERSION = "51.9.17"


@handles("getApiVersion")
def get_api_version(call):
    return Answer(200, VERSION)


@handles("authenticateUser")
def authenticate_user(call):
    token = call.world.access.authenticate(
        call.body["user"], call.body["password"], call["softwareHouseUuid"]
    )
    return Answer(200, {"token": token})


@handles("whoami")
def whoami(call):
    login = call.world.access.whoami(call["Token"])
    if call.switches["whoami"] == "user":
        return Answer(200, {"user": login.user}, off_contract=True)
    return Answer(200, {"token": call["Token"]})


@handles("getDossiers")
def get_dossiers(call):
    access = call.world.access
    keyless = call.switches["disabled_dossier"] == "without_key"
    return Answer(
        200,
        [
            _to_json(dossier, access.hides_key(dossier))
            for dossier in access.dossiers_of(call["Token"])
        ],
        off_contract=keyless,
    )


@handles("connectDossier")
def connect_dossier(call):
    token = call.world.access.open_dossier(
        call["Token"], call["dossierId"], call.get("localeId", 0)
    )
    return Answer(200, {"Dossiertoken": token})


@handles("generateSampleError")
def generate_sample_error(call):
    language = LOCALES.get(call.get("localeId", 0), "NL")
    return error(400, "Sample error", call["errorCode"], language)


def _to_json(dossier, keyless):
    kind = dossier.corporation_type
    return without_nulls(
        {
            "dossierKey": None if keyless else {"id": dossier.id},
            "dossierDescription": dossier.name,
            "vatNr": dossier.vat_number,
            "streetAndNr": dossier.street,
            "country": dossier.country,
            "postalCode": dossier.postal_code,
            "city": dossier.city,
            "url": dossier.url,
            "email": dossier.email,
            "corporationTypeKey": None if kind is None else {"id": kind},
            "languageCode": dossier.language,
        }
    )
