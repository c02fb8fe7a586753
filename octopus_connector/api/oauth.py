"""OAuth 2.0, authorization code, as Octopus offers it (docs/octopus.md §1).

What the contract leaves open (docs/octopus.md §19.2) is a value of
:class:`OAuthService` with the likely default. No text of an error, and nothing that an
observer is told, holds a code or a token.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from .errors import (
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusNotNow,
)
from .transport import Call, Observer
from .wire import DEFAULT_TIMEOUTS, NoAnswer, Timeouts, Wire, checked_url
from .work_time import UNLIMITED, WorkTime

AUTHORIZE_URL = "https://service.inaras.be/octopus-oauth/authorize"
TOKEN_URL = "https://service.inaras.be/octopus-oauth/token"  # noqa: S105
KEYS = ("access_token", "refresh_token", "expires_in")
SCOPE = "webservice"
OPERATION = "oauth_token"
# Seconds that an access token is good for where nobody says it.
LIFETIME = 600.0
# Errors of RFC 6749 §5.2 that say that our request is wrong, not what it holds.
OURS = ("invalid_request", "unsupported_grant_type", "invalid_scope")
_ERROR = re.compile(r"[a-z_]{1,40}")
_NAME = re.compile(r"[A-Za-z_]{1,30}")
_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
}


@dataclass(frozen=True)
class Grant:
    """What Octopus gave: for how many seconds the access token is good, and a refresh
    token where a new one came."""

    access_token: str = field(repr=False)
    lifetime: float = LIFETIME
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OAuthService:
    """Where and how access is asked for.

    :param software_house: ID that Octopus gave out: the ``client_id``
    :param return_url: where Octopus sends the browser back to, as it is registered
    :param body: of a request for a token: ``form`` or ``json``
    :param keys: names in its answer: access token, refresh token, seconds
    :param send_redirect_uri: name the address of return in that request, too
    """

    software_house: str
    return_url: str
    authorize_url: str = AUTHORIZE_URL
    token_url: str = TOKEN_URL
    body: str = "form"
    keys: tuple[str, ...] = KEYS
    send_redirect_uri: bool = False

    def authorize_address(self, state: str) -> str:
        """Return the address of the page on which a user gives access.

        :param state: comes back as it is
        :raises OctopusInvalidRequest: the address cannot be used, or there is no
            software-house ID
        """
        if not (self.software_house or "").strip():
            raise OctopusInvalidRequest("The software house is empty.")
        page, _loopback = checked_url(self.authorize_url)
        query = {
            "response_type": "code",
            "client_id": self.software_house.strip(),
            "redirect_uri": self.return_url,
            "scope": SCOPE,
            "state": state,
        }
        return f"{page}?{urlencode(query)}"

    def exchange(self, code: str, **options) -> Grant:
        """Return what a code is good for; Octopus takes each once.

        :param code: that the browser brought back
        :param options: as for :meth:`refresh`
        :raises OctopusAuthError: the code is not, or no longer, good
        :raises OctopusInvalidRequest: our request or its address is wrong, or the
            answer has other names
        :raises OctopusNotNow: no answer came, or an error of the service
        """
        more = {"redirect_uri": self.return_url} if self.send_redirect_uri else {}
        grant = self._ask(
            {"grant_type": "authorization_code", "code": code, **more}, **options
        )
        if not grant.refresh_token:
            raise OctopusInvalidRequest(
                f"The answer has no {self.keys[1]}.", operation=OPERATION
            )
        return grant

    def refresh(self, refresh_token: str, **options) -> Grant:
        """Return a new access token.

        :param refresh_token: the last one that was given
        :param options: ``observer``, ``timeouts`` and ``work_time``, as for a transport
        :raises OctopusAuthError: somebody must give access anew
        :raises OctopusError: as :meth:`exchange`
        """
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._ask(fields, **options)

    def _ask(
        self,
        fields: Mapping[str, str],
        *,
        observer: Observer | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        work_time: WorkTime = UNLIMITED,
    ) -> Grant:
        if self.body not in _TYPES:
            raise OctopusInvalidRequest(f"A body is form or json: {self.body!r}")
        fields = {**fields, "client_id": (self.software_house or "").strip()}
        wire = Wire(self.token_url, timeouts, work_time=work_time)
        try:
            status, answer = self._exchange(wire, self._written(fields), observer)
        finally:
            wire.close()
        if status == HTTPStatus.OK:
            return self._granted(answer)
        raise _judged(status, answer)

    def _written(self, fields):
        as_json = self.body == "json"
        return (json.dumps(fields) if as_json else urlencode(fields)).encode()

    def _exchange(self, wire, body, observer):
        """Make the call, and tell of it what may be told."""
        call = Call(operation=OPERATION, counter=OPERATION, write=False)
        if observer:
            observer.before(call)
        started = time.monotonic()
        status, answer, technical = None, {}, ""
        try:
            sent = wire.send("POST", "", {"Content-Type": _TYPES[self.body]}, body)
            status, answer = sent.status, _read(sent.body)
            technical = _error_of(answer)
        except NoAnswer as silence:
            technical = silence.technical
        if observer:
            spent = time.monotonic() - started
            observer.after(call, spent, status, None, technical)
        if status is None:
            raise OctopusNotNow(technical=technical, operation=OPERATION)
        return status, answer

    def _granted(self, answer):
        access, refresh, seconds = (answer.get(key) for key in self.keys)
        if not isinstance(access, str) or not access:
            names = ", ".join(key for key in answer if _NAME.fullmatch(key))
            raise OctopusInvalidRequest(
                f"The answer has no {self.keys[0]}, but: {names or '–'}.",
                operation=OPERATION,
            )
        return Grant(access, _seconds(seconds), refresh or None)


def _seconds(told: Any) -> float:
    """Return a lifetime that can be; a text of digits is as good as a number."""
    text = str(told)
    return float(text) if text.isdigit() and int(text) else LIFETIME


def _read(body):
    """Return the fields of an answer, none where it is something else."""
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _error_of(answer):
    """Return the word of RFC 6749 for an error. Its description is left where it is:
    it may repeat what was sent."""
    word = answer.get("error")
    return word if isinstance(word, str) and _ERROR.fullmatch(word) else ""


def _judged(status, answer) -> OctopusError:
    word = _error_of(answer)
    facts = {"http_status": status, "technical": word, "operation": OPERATION}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.REQUEST_TIMEOUT,
    ):
        return OctopusNotNow(**facts)
    refusals = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if status in refusals and word not in OURS:
        return OctopusAuthError(**facts)
    return OctopusInvalidRequest(
        f"The address that gives tokens answers {status} {word}".strip() + ".", **facts
    )
