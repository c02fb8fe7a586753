"""Octopus over REST (docs/octopus.md §1 and §2)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from ..auth import TokenCache, TokenSource
from ..codec import Unreadable, clean, dumps, noting, timestamp
from ..operations import OPERATIONS, Capability, Operation, Scope
from ..telling import MASK, describe, tell_flaws, without_ibans
from ..transport import DossierScope, Observer
from ..wire import DEFAULT_TIMEOUTS, NoAnswer, Timeouts, Wire
from ..work_time import UNLIMITED, WorkTime
from .answers import check_time, judge, judge_silence, read_error
from .mapping import SPELLINGS

PRODUCTION_URL = "https://service.inaras.be/octopus-rest-api/v1"

# Tokens are JSON web tokens (docs/octopus.md §1): three base64url parts.
_TOKEN = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")
_SECRET_KEYS = re.compile(
    r'("(?:\w*token|password|user|fileData)"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE
)


class RestTransport:
    """Speaks REST for one login.

    :param base_url: address of the service, up to and with its version
    :param source: how to log in
    :param tokens: cache to share with other transports; an own one when left out
    :param observer: sees every call, see :class:`~.client.Observer`
    :param work_time: no call lasts longer than what is left of it
    :param wire: what carries the calls instead of HTTP: all of a ``Wire`` but how it
        is made
    :raises OctopusInvalidRequest: the address cannot be used
    """

    capabilities = frozenset(Capability)

    def __init__(
        self,
        base_url: str,
        source: TokenSource,
        *,
        tokens: TokenCache | None = None,
        observer: Observer | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        work_time: WorkTime = UNLIMITED,
        wire: Wire | None = None,
    ):
        self._wire = wire or Wire(base_url, timeouts, work_time=work_time)
        self._source = source
        self._tokens = tokens or TokenCache()
        self._observer = observer

    def drop_announced(self) -> None:
        """See ``api.transport.Transport``: no log is kept here."""

    def close(self) -> None:
        self._wire.close()

    def call(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        dossier: DossierScope | None = None,
    ) -> Any:
        """Carry out an operation (see :class:`~.client.Transport`).

        A 401 proves that nothing was done: the token is renewed once and the call
        repeated once. Nothing else is ever repeated.

        :param arguments: those of the client's method by name, checked
        :param dossier: needed where the operation's scope is a dossier
        :return: what the client's method promises
        :raises OctopusUnknownOutcome: a write may have been carried out
        :raises OctopusError: any other error: it was not carried out
        """
        spelling = SPELLINGS[operation.name]
        request = _request(operation, spelling, arguments, dossier)
        call = describe(operation, arguments, dossier)
        try:
            answer = self._authorised(call, operation, request, dossier)
        except NoAnswer as silence:
            failure = judge_silence(operation, silence)
        else:
            if spelling.is_sample:
                return _sample(operation, arguments["code"], answer)
            if spelling.is_plain:
                answer = _quoted(answer)
            with noting() as flaws:
                found = judge(operation, spelling.read, answer, self._masked)
            tell_flaws(self._observer, call, flaws, self._masked)
            return found
        raise failure

    def authenticate(self, software_house: str, user: str, password: str) -> str:
        """Log in with a password and return the token (docs/octopus.md §1).

        :param software_house: ID that Octopus gave out; travels in a header
        :raises OctopusAuthError: the login is rejected; Octopus counts that
        """
        return self.call(
            OPERATIONS["authenticate"],
            {"software_house": software_house, "user": user, "password": password},
        )

    # Tokens

    def _authorised(self, call, operation, request, dossier):
        header, key, fetch = self._authority(operation.scope, dossier)
        if header is None:
            return self._exchange(call, operation, request)
        token = self._tokens.get(key, fetch)
        answer = self._exchange(call, operation, request, {header: token})
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.drop(key, token)
            if operation.scope is Scope.LOGIN:
                self._source.forget(token)
            token = self._tokens.get(key, fetch)
            answer = self._exchange(call, operation, request, {header: token})
        return answer

    def _authority(self, scope, dossier):
        """Return the token header of a scope, its key in the cache, how to get it."""
        if scope is Scope.NOTHING:
            return None, None, None
        login = (self._wire.base_url, self._source.identity)
        if scope is Scope.LOGIN:
            return "Token", login, lambda: self._source.login(self)
        key = (*login, dossier.id, int(dossier.locale))
        return "dossierToken", key, lambda: self._open(dossier)

    def _open(self, dossier):
        arguments = {"dossier_id": dossier.id, "locale": dossier.locale}
        return self.call(OPERATIONS["open_dossier"], arguments, dossier)

    # One exchange

    def _exchange(self, call, operation, request, authority=None):
        headers = {**request.headers, **(authority or {})}
        check_time(self._wire, operation)
        self._tell("before", call)
        started = time.monotonic()
        try:
            answer = self._wire.send(
                request.method,
                request.target,
                headers,
                request.body,
                slow=operation.slow,
                long=operation.long,
            )
        except NoAnswer as silence:
            duration = time.monotonic() - started
            self._tell("after", call, duration, None, None, silence.technical)
            raise
        duration = time.monotonic() - started
        code, technical = self._summary(answer)
        self._tell("after", call, duration, answer.status, code, technical)
        self._tell_bodies(call, request, answer)
        return answer

    def _tell(self, event, *facts):
        if self._observer:
            getattr(self._observer, event)(*facts)

    def _tell_bodies(self, call, request, answer):
        tell = getattr(self._observer, "bodies", None)
        if tell:
            body = answer.whole().body
            tell(call, self._masked_body(request.body), self._masked_body(body))

    def _summary(self, answer):
        if answer.status < HTTPStatus.BAD_REQUEST:
            return None, ""
        result = read_error(answer).masked(self._masked)
        return result.code, result.technical or result.message

    # Secrets

    def _masked(self, text):
        for secret in (*self._source.secrets, *self._tokens.tokens()):
            text = text.replace(secret, MASK)
        return _TOKEN.sub(MASK, text)

    def _masked_body(self, body):
        text = clean((body or b"").decode("utf-8", "replace"))
        return without_ibans(self._masked(_SECRET_KEYS.sub(rf'\1"{MASK}"', text)))


class _Request(NamedTuple):
    """An operation as it goes over the wire, but for the token."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None


def _request(operation, spelling, arguments, dossier):
    path = spelling.path(arguments) if callable(spelling.path) else spelling.path
    if operation.scope is Scope.DOSSIER:
        path = f"/dossiers/{dossier.id}{path}"
    query = urlencode(_named(spelling.query, arguments), quote_via=quote, safe=":")
    headers = _named(spelling.headers, arguments)
    body = None
    if spelling.body:
        headers["Content-Type"] = "application/json"
        body = dumps(spelling.body(arguments)).encode()
    return _Request(
        spelling.method, f"{path}?{query}" if query else path, headers, body
    )


def _sample(operation, code, answer):
    """Return the text of an error that was asked for (docs/octopus.md §4, /error); an
    answer with another code is an error itself."""
    result = read_error(answer)
    if result.code != code:
        return judge(operation, _no_sample, answer)
    return result.message or result.technical


def _quoted(answer):
    """Return a plain text as JSON; a page is no plain text."""
    text = answer.body.decode("utf-8", "replace").strip()
    if answer.status != HTTPStatus.OK or text.startswith("<"):
        return answer
    return answer._replace(body=dumps(text).encode())


def _no_sample(payload):
    raise Unreadable("an error was asked for and none came")


def _named(names, arguments):
    """Return the wire's names with their values as text; ``None`` is left out."""
    return {
        wire_name: _as_text(arguments[name])
        for wire_name, name in names.items()
        if arguments.get(name) is not None
    }


def _as_text(value):
    if isinstance(value, datetime):
        return timestamp(value)
    return str(int(value)) if isinstance(value, int) else value
