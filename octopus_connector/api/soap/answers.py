"""What an answer of SOAP means: what zeep reads of it, or one error.

A proxy's page is judged by its HTTP status, and so is a fault that is not about our
message: it proves nothing, least of all that a write was not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ..codec import Unreadable
from ..errors import (
    OctopusAccessError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusUnknownOutcome,
    ReturnCode,
    class_for_code,
)
from ..operations import Operation
from ..rest.answers import PAGE_BEGINNING, is_code, plain_words, speaks_of_limit
from ..shape import Shape
from ..wire import Answer
from .service import Fault, Service

_READABLE = (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR)
# Statuses after which the request may have been carried out all the same.
_INCONCLUSIVE = (HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT)
_NO_ACCESS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_OF_A_SESSION = (ReturnCode.NOT_AUTHENTICATED, ReturnCode.NO_DOSSIER_OPEN)


def payload_of(
    service: Service,
    operation: Operation,
    name: str,
    answer: Answer,
    shapes: Mapping[str, Shape] | None = None,
) -> dict[str, Any]:
    """Return the fields of the answer to the SOAP operation ``name``.

    :param shapes: those of the lists of a long answer, by their names
    :raises OctopusError: it is a fault, or no answer of the service
    """
    if answer.status not in _READABLE:
        raise _by_status(operation, answer)
    try:
        payload = service.parse(name, answer, shapes)
        if answer.status == HTTPStatus.OK and "return" in payload:
            return payload
        technical = "an answer without its return value"
    except Fault as fault:
        raise _of_fault(operation, answer, fault) from None
    except Unreadable as unreadable:
        words = plain_words(answer.beginning(PAGE_BEGINNING))
        technical = f"{unreadable}: {words}"
    if answer.status != HTTPStatus.OK:
        raise _by_status(operation, answer)
    cls = OctopusUnknownOutcome if operation.write else OctopusProtocolError
    raise _error(cls, operation, answer, technical)


def code_of(operation: Operation, payload: dict[str, Any]) -> int:
    """Return the return code, 0 or negative.

    :raises OctopusError: there is none: nothing is known of a write
    """
    code = payload["return"]
    if is_code(code) and code <= 0:
        return code
    cls = OctopusUnknownOutcome if operation.write else OctopusProtocolError
    raise cls(technical=f"return code {code!r}", operation=operation.name)


def is_of_a_session(code: int) -> bool:
    """Tell whether a return code says that the session is lost: nothing was done.

    :param code: 0 or negative, see :class:`~.errors.ReturnCode`
    """
    return code in _OF_A_SESSION


def error_of_code(operation: Operation, code: int, text: str) -> OctopusError:
    """Return the error for a return code; the caller raises it.

    :param code: below 0, and not of a lost session
    :param text: what ``GetLastError`` says, maybe empty
    """
    cls = class_for_code(code)
    if code == ReturnCode.INVALID_PARAMETER and speaks_of_limit(text):
        cls = OctopusQuotaError
    return cls(text, code=code, http_status=HTTPStatus.OK, operation=operation.name)


def error_of_text(operation: Operation, text: str) -> OctopusError:
    """Return the error for an empty answer of which only a text tells the cause.

    :param text: what ``GetLastError`` says, maybe empty
    :return: ``OctopusQuotaError`` or ``OctopusNotNow``: nothing was done
    """
    cls = OctopusQuotaError if speaks_of_limit(text) else OctopusNotNow
    return cls(text, http_status=HTTPStatus.OK, operation=operation.name)


def _of_fault(operation, answer, fault):
    if speaks_of_limit(fault.text):
        cls = OctopusQuotaError
    elif fault.blame == "Client":
        cls = OctopusInvalidRequest
    else:
        cls = OctopusUnknownOutcome if operation.write else OctopusNotNow
    return _error(cls, operation, answer, fault.text)


def _by_status(operation, answer):
    status = answer.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        cls = OctopusQuotaError
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _INCONCLUSIVE:
        later = status != HTTPStatus.NOT_FOUND
        cls = OctopusNotNow if later else OctopusProtocolError
    elif status < HTTPStatus.BAD_REQUEST:
        cls = OctopusProtocolError
    else:
        refused = OctopusAccessError if status in _NO_ACCESS else OctopusInvalidRequest
        return _error(refused, operation, answer, plain_words(answer.body))
    if operation.write and cls is not OctopusQuotaError:
        cls = OctopusUnknownOutcome
    return _error(cls, operation, answer, plain_words(answer.body))


def _error(cls, operation, answer, technical):
    return cls(
        http_status=answer.status, technical=technical[:500], operation=operation.name
    )
