"""Answers, and how refusals become one."""

from dataclasses import dataclass
from typing import Any

from ..mischief import PAGE
from ..state.codes import Code
from ..state.errors import (
    AttachmentRefused,
    NotAuthenticated,
    NothingFound,
    Refusal,
    WebServiceOff,
)
from ..state.reports import InvalidQuery
from ..state.texts import message
from ..state.tokens import TokenExpired, TokenInvalid
from .codec import without_nulls

_FORBIDDEN = (
    Code.JOURNAL_CLOSED,
    Code.JOURNAL_OPEN,
    Code.NO_ACCESS_TO_DOSSIER,
    Code.DOSSIER_DISABLED,
)
# Codes whose status is known (docs/octopus.md §9); the others are switch
# refusal_status.
_BAD_REQUEST = (Code.ILLEGAL_NUMBER, Code.UNKNOWN_PERIOD)
INVALID_PARAMETERS = "Invalid or missing parameters passed"
INVALID_TOKEN = "Invalid or expired token presented, unauthorized"


@dataclass
class Answer:
    """A status and the value of the body (None = empty).

    ``error`` marks an ErrorResult, ``off_contract`` an answer that a switch makes
    different from the contract.
    """

    status: int
    body: Any = None
    error: bool = False
    off_contract: bool = False
    code: int | None = None


def error(status, technical=None, code=None, language=None):
    """An ErrorResult; fields without a value are left out."""
    body = {
        "errorCode": None if code is None else int(code),
        "errorMessage": message(code, language) if code is not None else None,
        "technicalInfo": technical,
    }
    return Answer(status, without_nulls(body), error=True, code=code)


def server_error(text, switches):
    """A 500, whose body the contract does not promise (switch server_error_body)."""
    body = {
        "empty": None,
        "html": PAGE.format(text),
        "json": {"technicalInfo": text},
    }[switches["server_error_body"]]
    return Answer(500, body)


def from_exception(exception, switches, language):
    """The answer to something that the books refused or did not find."""
    if isinstance(exception, (TokenExpired, TokenInvalid)):
        return _expired(switches, language)
    if isinstance(exception, NothingFound):
        return error(404, str(exception))
    if isinstance(exception, InvalidQuery):
        return server_error(exception.technical, switches)
    return _refusal(exception, switches, language)


def _expired(switches, language):
    code = switches["expired_code"]
    return error(
        401, INVALID_TOKEN, None if code == "absent" else Code(int(code)), language
    )


def _refusal(refusal: Refusal, switches, language):
    code, status = refusal.code, _status(refusal, switches)
    if status == 403 and switches["code_in_403"] == "absent":
        code = None
    return error(status, refusal.technical, code, language)


def _status(refusal, switches):
    if isinstance(refusal, NotAuthenticated):
        return 401
    if isinstance(refusal, WebServiceOff):
        return int(switches["web_service_off"])
    if isinstance(refusal, AttachmentRefused):
        return int(switches["attachment_status"])
    if refusal.code in _FORBIDDEN:
        return 403
    if refusal.code in _BAD_REQUEST or refusal.code is None:
        return 400
    return int(switches["refusal_status"])
