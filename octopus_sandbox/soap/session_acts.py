"""The operations about the session itself (docs/octopus.md §7)."""

from ..state.codes import Code
from ..state.errors import NothingFound, Refusal
from ..state.texts import message
from .answer import Answer

_DONE = {"return": 0}
# Dutch, French, English (docs/octopus.md §7); of German, which REST knows, nothing is
# said.
_LOCALES = (1, 2, 3)


def _authenticate(sessions, session, fields):
    credentials = fields.get("credentials", {})
    sessions.log_in(
        session,
        fields.get("softwareHouseUuid"),
        credentials.get("user"),
        credentials.get("password"),
    )
    return Answer(fields=_DONE)


def _connect(sessions, session, fields):
    number = fields.get("dossierKey", {}).get("id", 0)
    token = sessions.token(session)
    if session.dossier == number:
        return Answer(fields=_DONE)
    try:
        sessions.world.access.open_dossier(token, number)
    except NothingFound as nothing:
        raise Refusal(Code.NO_ACCESS_TO_DOSSIER, str(nothing)) from nothing
    session.dossier = number
    return Answer(fields=_DONE)


def _authenticate_and_connect(sessions, session, fields):
    _authenticate(sessions, session, fields)
    return _connect(sessions, session, fields)


def _close_dossier(sessions, session, _fields):
    books = sessions.books(session)
    sessions.world.access.close_dossier(books.dossier.id)
    session.dossier = 0
    return Answer(fields=_DONE)


def _get_dossiers(sessions, session, _fields):
    try:
        token = sessions.token(session)
    except Refusal as no:
        return Answer.refusal(no.code, no.technical, returns_code=False)
    access = sessions.world.access
    rows = [
        {
            "dossierDescription": dossier.name,
            "dossierKey": None if access.hides_key(dossier) else {"id": dossier.id},
        }
        for dossier in access.dossiers_of(token)
    ]
    return Answer(fields={"return": rows})


def _set_locale(sessions, session, fields):
    number = fields.get("locale", {}).get("id", 0)
    if number not in _LOCALES:
        raise Refusal(Code.INVALID_PARAMETER, f"Locale {number} unknown")
    session.locale = number
    return Answer(fields=_DONE)


def _get_last_error(_sessions, session, _fields):
    return Answer(fields={"return": session.last_error or None})


def _get_error_description(sessions, session, fields):
    text = message(fields["errorNr"], sessions.language(session))
    return Answer(fields={"return": text})


ACTS = {
    "Authenticate": _authenticate,
    "AuthenticateAndConnect": _authenticate_and_connect,
    "CloseDossier": _close_dossier,
    "ConnectToDossier": _connect,
    "GetDossiers": _get_dossiers,
    "GetErrorDescription": _get_error_description,
    "GetLastError": _get_last_error,
    "SetLocale": _set_locale,
}
