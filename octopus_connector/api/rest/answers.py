"""What an answer of REST means: the value that was asked for, or one error.

Pure: an operation and an answer go in. What docs/octopus.md §2 and §9 say, read so that
no answer to a write is taken for a refusal unless it proves that nothing was booked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from ..codec import INT32_HIGHEST, INT32_LOWEST, Unreadable, clean, loads
from ..errors import (
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusNoTime,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    ReturnCode,
    class_for_code,
)
from ..listed import ModifiedResult
from ..operations import Operation, WhenMissing
from ..wire import Answer, NoAnswer, Wire

_ERROR_KEYS = frozenset({"errorCode", "errorMessage", "technicalInfo"})
# How Octopus says that a daily limit is reached is unknown (docs/octopus.md §19.1): 429
# is taken for it, and so is a refusal without a code that speaks of the limit in the
# contract's own words, "maximum allowed calls per day".
_LIMIT = re.compile(
    r"max\w*\s+(number\s+of\s+)?(allowed\s+)?(\w+\s+)?(calls|requests)"
    r"|(calls|requests) per day|daily (limit|quota)|quota|rate limit|too many requests",
    re.IGNORECASE,
)
_TEXT_LIMIT = 500
# In so many bytes the first words of a page are.
PAGE_BEGINNING = 4096


class ErrorResult(NamedTuple):
    """The error body of the contract; every field may be absent."""

    code: int | None = None
    message: str = ""
    technical: str = ""

    def masked(self, mask: Callable[[str], str]) -> ErrorResult:
        """Return the same without secrets.

        :param mask: takes the secrets out of a text
        """
        return ErrorResult(self.code, mask(self.message), mask(self.technical))


def read_error(answer: Answer) -> ErrorResult:
    """Return what an answer says about an error; of no JSON, its first words.

    :param answer: with any status
    :return: texts of at most 500 characters, not masked; empty when nothing is told
    """
    try:
        payload = loads(answer.body) if answer.body else {}
    except Unreadable:
        return ErrorResult(technical=plain_words(answer.body))
    if not isinstance(payload, Mapping):
        return ErrorResult()
    code = payload.get("errorCode")
    return ErrorResult(
        code=code if is_code(code) else None,
        message=_words(payload.get("errorMessage")),
        technical=_words(payload.get("technicalInfo")),
    )


def is_code(code: Any) -> bool:
    """Tell whether something is a number that a return code can be.

    :param code: whatever an answer has in its place
    """
    whole = isinstance(code, int) and not isinstance(code, bool)
    return whole and INT32_LOWEST <= code <= INT32_HIGHEST


def _words(value):
    return clean(value[:_TEXT_LIMIT]) if isinstance(value, str) else ""


def plain_words(body: bytes) -> str:
    """Return the first words of a page, without its marks.

    :param body: of any kind; what is no UTF-8 is replaced
    :return: one line of at most 500 characters, not masked
    """
    first = body[:PAGE_BEGINNING].decode("utf-8", "replace")
    text = re.sub(r"<[^>]*>", " ", clean(first))
    return " ".join(text.split())[:_TEXT_LIMIT]


def judge(
    operation: Operation,
    read: Callable[[Any], Any],
    answer: Answer,
    mask: Callable[[str], str] = str,
) -> Any:
    """Return what ``read`` makes of the answer.

    ``mask`` takes secrets out of a text that an error will carry. A write succeeds
    with 201 or 204 only (docs/octopus.md §2).

    :raises OctopusError: the answer is no success, or cannot be understood
    """
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return _success(operation, read, answer, mask)
    result = read_error(answer).masked(mask)
    if _is_missing(operation, answer, result):
        return _missing(operation, answer.status, result)
    raise _error(_error_class(operation, answer, result), operation, answer, result)


def check_time(wire: Wire, operation: Operation) -> None:
    """Let no call begin that there is no time to wait for.

    :raises OctopusNoTime: there is none; nothing was sent
    """
    if not wire.has_time(slow=operation.slow):
        raise OctopusNoTime(
            technical="no time is left for another call", operation=operation.name
        )


def judge_silence(operation: Operation, failure: NoAnswer) -> OctopusError:
    """Return the error for a call that got no whole answer.

    :param failure: says whether anything can have been sent
    :return: ``OctopusUnknownOutcome`` for a write that may have arrived, else
        ``OctopusNotNow``; the caller raises it
    """
    lost = operation.write and failure.sent
    cls = OctopusUnknownOutcome if lost else OctopusNotNow
    return cls(
        technical=failure.technical,
        http_status=failure.status,
        operation=operation.name,
    )


def _success(operation, read, answer, mask):
    if answer.status == HTTPStatus.NO_CONTENT and not operation.write:
        return _missing(operation, answer.status, ErrorResult())
    try:
        if answer.file is not None:
            found = read.from_file(answer.file)
            if found is not None:
                return found
            answer = answer.whole()
        payload = None if operation.write and not answer.body else loads(answer.body)
        if not _is_error(payload):
            _check_done(operation, answer.status)
            return read(payload)
        result = read_error(answer).masked(mask)
        if result.code in operation.missing_codes:
            return _missing(operation, answer.status, result)
        if result.code is None and operation.write:
            raise Unreadable(result.technical or result.message)
    except Unreadable as unreadable:
        cls = OctopusUnknownOutcome if operation.write else OctopusProtocolError
        raise cls(
            http_status=answer.status,
            technical=mask(clean(f"{answer.content_type}: {unreadable}"[:_TEXT_LIMIT])),
            operation=operation.name,
        ) from None
    raise _error(_class_of(result), operation, answer, result)


def _check_done(operation, status):
    """A write is done when the status is the contract's; a mere 200 may come from
    anything between Octopus and us, unless it tells what was made."""
    if operation.tells_made and status == HTTPStatus.OK:
        return
    if operation.write and status not in (HTTPStatus.CREATED, HTTPStatus.NO_CONTENT):
        raise Unreadable(f"status {status} does not say that it was done")


def _is_error(payload):
    """Whether a successful status carries an error after all (docs/octopus.md §10)."""
    return (
        isinstance(payload, Mapping)
        and bool(payload)
        and payload.keys() <= _ERROR_KEYS
        and payload.get("errorCode") != 0
    )


def _is_missing(operation, answer, result):
    if result.code in operation.missing_codes:
        return True
    # A 404 that is no answer of the service (a wrong address, a proxy) says nothing
    # about documents; the service's own is JSON or empty.
    return answer.status == HTTPStatus.NOT_FOUND and _is_of_service(answer)


def _is_of_service(answer):
    try:
        return not answer.body or isinstance(loads(answer.body), Mapping)
    except Unreadable:
        return False


def _missing(operation, status, result):
    return nothing_found(
        operation,
        result.message,
        code=result.code,
        http_status=status,
        technical=result.technical,
    )


def nothing_found(operation: Operation, message: str = "", **facts: Any) -> Any:
    """Return what *nothing there* means for an operation.

    :param message: of Octopus, for an error; and so are ``facts``, as ``OctopusError``
        has them
    :raises OctopusMissing: the one thing asked for does not exist
    :raises OctopusAccessError: it is not for this login
    """
    if operation.when_missing is WhenMissing.EMPTY:
        return []
    if operation.when_missing is WhenMissing.UNCHANGED:
        return ModifiedResult()
    if operation.when_missing is WhenMissing.NONE:
        return None
    no_access = operation.when_missing is WhenMissing.NO_ACCESS
    cls = OctopusAccessError if no_access else OctopusMissing
    raise cls(message, operation=operation.name, **facts)


def _error(cls, operation, answer, result):
    return cls(
        result.message,
        code=result.code,
        http_status=answer.status,
        technical=result.technical,
        operation=operation.name,
    )


def _class_of(result):
    return OctopusRefused if result.code is None else class_for_code(result.code)


def _error_class(operation, answer, result):
    if _is_inconclusive(answer.status) and not _is_refusal(answer.status, result):
        return OctopusUnknownOutcome if operation.write else _later(answer.status)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        no_access = _class_of(result) is OctopusAccessError
        return OctopusAccessError if no_access else OctopusAuthError
    if _is_limit(answer.status, result):
        return OctopusQuotaError
    if result.code is None and answer.status in _CLASS_WITHOUT_CODE:
        if operation.books and answer.status == HTTPStatus.FORBIDDEN:
            return OctopusJournalLocked
        return _CLASS_WITHOUT_CODE[answer.status]
    return _class_of(result)


_CLASS_WITHOUT_CODE = {
    HTTPStatus.BAD_REQUEST: OctopusInvalidRequest,
    HTTPStatus.FORBIDDEN: OctopusAccessError,
}


def _is_limit(status, result):
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    uncoded = result.code is None and status in _CLASS_WITHOUT_CODE
    return uncoded and speaks_of_limit(f"{result.message} {result.technical}")


def speaks_of_limit(text: str) -> bool:
    """Tell whether a text of Octopus is about a daily limit.

    :param text: of an error that has no code of its own; how Octopus says it is not
        known (docs/octopus.md §19.1)
    """
    return bool(_LIMIT.search(text))


def _is_inconclusive(status):
    """Whether the status leaves open if the request was carried out.

    Beside 5xx and redirects that is a 404 which is not the service's own.
    """
    return (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status < HTTPStatus.BAD_REQUEST
        or status in (HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT)
    )


def _is_refusal(status, result):
    """Whether a 500 is Octopus's own no: it carries one of its return codes.

    Without one it may be *invalid elements in the passed object* (docs/octopus.md §2)
    or an accident; nothing proves that nothing was booked.
    """
    known = result.code in set(ReturnCode) - {ReturnCode.OK}
    return status == HTTPStatus.INTERNAL_SERVER_ERROR and known


def _later(status):
    temporary = (
        status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or status == HTTPStatus.REQUEST_TIMEOUT
    )
    return OctopusNotNow if temporary else OctopusProtocolError
