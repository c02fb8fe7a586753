"""Octopus over SOAP, the older of its two services (docs/octopus.md §7)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import contextmanager
from functools import cached_property
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.sax.saxutils import escape

from ..auth import Loan, TokenCache, TokenSource
from ..client import FIRST_SYNC
from ..codec import Unreadable, clean, noting
from ..enums import Locale
from ..errors import (
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusProtocolError,
    OctopusRefused,
    OctopusUnsupported,
)
from ..listed import Listed, Records
from ..operations import OPERATIONS, Capability, Operation, Scope
from ..rest.answers import check_time, is_code, judge_silence, nothing_found
from ..telling import MASK, describe, tell_flaws, without_ibans
from ..transport import DossierScope, Observer
from ..wire import DEFAULT_TIMEOUTS, NoAnswer, Timeouts, Wire, checked_url
from ..work_time import UNLIMITED, WorkTime
from .answers import (
    code_of,
    error_of_code,
    error_of_text,
    is_of_a_session,
    payload_of,
)
from .mapping import SPELLINGS
from .service import DOCUMENTS, Documents, Service

SOAP_PRODUCTION_URL = "https://service.inaras.be/OctopusService01-16/OctopusWSService"

_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
_SECRET_TAGS = re.compile(r"<((?:\w+:)?(?:password|user|softwareHouseUuid))>[^<]*<")
# Calls about the session, which no other transport needs.
_SET_LOCALE = Operation("set_locale", scope=Scope.LOGIN)
_LAST_ERROR = Operation("last_error", scope=Scope.LOGIN)
# A field decides: the WSDL of a newer version has it (docs/octopus.md §19.11).
_CAPABILITY_FIELDS = {
    Capability.PAYMENT_METHOD: ("buySellBookingServiceData", "paymentMethod"),
    Capability.ORDER_REFERENCE: ("buySellBookingServiceData", "orderReference"),
    Capability.VAT_RECUP: ("buySellBookingLineServiceData", "vatRecupPercentage"),
    Capability.OVERFLOW: (
        "buySellBookingLineServiceData",
        "overflowBookingServiceData",
    ),
    Capability.INTRASTAT: ("buySellBookingLineServiceData", "intrastatServiceData"),
    Capability.LINE_RELATIONS: ("financialDiversBookingLineServiceData", "relationKey"),
}


class _SessionLost(Exception):
    """Octopus does not know the session any more; nothing was done."""

    def __init__(self, error: OctopusError):
        super().__init__(str(error))
        self.error = error


class SoapTransport:
    """Speaks SOAP for one login.

    Each session has one user, one open dossier and one language, and is named by a
    cookie; it is used by one call at a time and kept in the token cache between them.

    :param url: address of the service, without ``?wsdl``
    :param source: how to log in
    :param tokens: cache to share with other transports; an own one when left out
    :param observer: sees every call, see :class:`~.client.Observer`
    :param work_time: no call lasts longer than what is left of it
    :param documents: cache of WSDLs; that of the process when left out
    :raises OctopusInvalidRequest: the address cannot be used
    """

    def __init__(
        self,
        url: str,
        source: TokenSource,
        *,
        tokens: TokenCache | None = None,
        observer: Observer | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        work_time: WorkTime = UNLIMITED,
        documents: Documents = DOCUMENTS,
    ):
        self.url, _loopback = checked_url(url)
        parts = urlsplit(self.url)
        self._path = parts.path
        address = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        self._wire = Wire(address, timeouts, work_time=work_time)
        self._source = source
        self._tokens = tokens or TokenCache()
        self._observer = observer
        self._documents = documents

    def drop_announced(self) -> None:
        """See ``api.transport.Transport``: no log is kept here."""

    def close(self) -> None:
        self._wire.close()

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the endpoint's own WSDL offers beyond the common ground.

        Nothing while there is no WSDL to be had: the next call tells that.
        """
        try:
            service = self._service_for(_LAST_ERROR)
        except OctopusError:
            return frozenset()
        return frozenset(
            capability
            for capability, (kind, field) in _CAPABILITY_FIELDS.items()
            if service.has(kind, field)
        )

    def call(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        dossier: DossierScope | None = None,
    ) -> Any:
        """Carry out an operation (see :class:`~.client.Transport`).

        A lost session proves that nothing was done: it is renewed once and the call
        repeated once. Nothing else is ever repeated.

        :param arguments: those of the client's method by name, checked
        :param dossier: needed where the operation's scope is a dossier
        :return: what the client's method promises
        :raises OctopusUnsupported: SOAP does not have this operation
        :raises OctopusUnknownOutcome: a write may have been carried out
        :raises OctopusError: any other error: it was not carried out
        """
        if operation.name not in SPELLINGS:
            raise OctopusUnsupported(
                f"SOAP does not offer {operation.name}.", operation=operation.name
            )
        scope = self._scope(operation, arguments, dossier)
        for fresh in (False, True):
            try:
                with self._session(scope, fresh) as session:
                    return self._carry_out(session, operation, arguments, dossier)
            except _SessionLost as lost:
                error = lost.error
        raise error

    # Sessions

    def authenticate(self, software_house: str, user: str, password: str) -> str:
        """Log in with a password and return the cookies of the session.

        :param software_house: ID that Octopus gave out (docs/octopus.md §1)
        :return: the value of a ``Cookie`` header, which names the session
            (docs/octopus.md §7)
        :raises OctopusAuthError: the login is rejected; Octopus counts that
        :raises OctopusProtocolError: no cookie came
        """
        session = _Session(Loan("", 0.0))
        arguments = {
            "software_house": software_house,
            "user": user,
            "password": password,
        }
        self._act(session, OPERATIONS["authenticate"], arguments)
        if not session.cookies:
            raise OctopusProtocolError(
                technical="a login without a session cookie", operation="authenticate"
            )
        return session.cookies

    def _scope(self, operation, arguments, dossier):
        """The dossier and language that the session must have."""
        if operation.scope is Scope.DOSSIER:
            return dossier
        return DossierScope(0, arguments.get("locale", Locale.DEFAULT))

    @contextmanager
    def _session(self, scope, fresh):
        """Lend a session that nobody else uses; one that is lost is not kept."""
        key = (self.url, self._source.identity, "soap", scope.id, int(scope.locale))
        loan = self._tokens.lend(key, lambda: self._open(scope), fresh)
        try:
            yield _Session(loan, fresh)
        except OctopusError:
            self._tokens.give_back(key, loan)
            raise
        self._tokens.give_back(key, loan)

    def _open(self, scope):
        session = _Session(Loan(self._source.login(self), 0.0))
        if scope.id:
            dossier = {"dossier_id": scope.id}
            self._act(session, OPERATIONS["open_dossier"], dossier, scope)
        if scope.locale:
            self._set_locale(session, scope)
        return session.cookies

    def _set_locale(self, session, scope):
        """Ask for a language; one that SOAP may not know (German) stops no work in a
        dossier.

        :raises OctopusRefused: the session is for a text in that language, no more
        """
        try:
            self._act(session, _SET_LOCALE, {"locale": int(scope.locale)}, scope)
        except (OctopusRefused, OctopusInvalidRequest):
            if not scope.id:
                raise
            # Texts then come in the dossier's own language; the observer saw the code.

    def _act(self, session, operation, arguments, dossier=None):
        """One call of a login; here a session that is lost is an error."""
        try:
            return self._carry_out(session, operation, arguments, dossier)
        except _SessionLost as lost:
            error = lost.error
        raise error

    # One call

    def _carry_out(self, session, operation, arguments, dossier):
        spelling = SPELLINGS[operation.name]
        payload = self._exchange(session, operation, spelling, arguments, dossier)
        if spelling.coded:
            code = code_of(operation, payload)
            if code:
                self._refuse(session, operation, code, dossier)
        elif not payload["return"] and operation is not _LAST_ERROR:
            return self._settle(session, operation, spelling, arguments, dossier)
        call = describe(operation, arguments, dossier)
        found = self._read(operation, spelling, payload, call)
        found = spelling.choose(arguments, found)
        listed = isinstance(found, (Listed, Records))
        empty = listed and not found and not found.left_out
        return self._nothing(operation) if empty else found

    @staticmethod
    def _nothing(operation):
        return nothing_found(operation, http_status=HTTPStatus.OK)

    def _read(self, operation, spelling, payload, call):
        try:
            with noting() as flaws:
                found = spelling.read(payload)
            tell_flaws(self._observer, call, flaws, self._masked)
            return found
        except Unreadable as unreadable:
            technical = self._masked(str(unreadable))
        raise OctopusProtocolError(technical=technical, operation=operation.name)

    def _refuse(self, session, operation, code, dossier):
        """Raise what a return code means."""
        if is_of_a_session(code):
            lost = OctopusAuthError(code=code, operation=operation.name)
            raise _SessionLost(lost)
        raise error_of_code(operation, code, self._last_error(session, dossier))

    def _last_error(self, session, dossier):
        """The text of an error whose code is known: none, if it cannot be had."""
        try:
            return self._carry_out(session, _LAST_ERROR, {}, dossier)
        except OctopusError as error:
            return f"({error})"

    def _settle(self, session, operation, spelling, arguments, dossier):
        """Find out what an empty answer without a return code means.

        Nothing there, an error, or a session that is lost: the text of the last error
        may be an older one, so a new session decides. A single document is looked for
        in its feed, which has a return code.
        """
        if spelling.feed:
            return self._from_feed(session, operation, spelling, arguments, dossier)
        text = self._carry_out(session, _LAST_ERROR, {}, dossier)
        doubtful = text or session.changed
        if doubtful and not session.fresh:
            raise _SessionLost(error_of_text(operation, text))
        if text:
            raise error_of_text(operation, text)
        return self._nothing(operation)

    def _from_feed(self, session, operation, spelling, arguments, dossier):
        wanted = {
            "bookyear_id": arguments["bookyear_id"],
            "only_journal": arguments["journal"],
            "since": FIRST_SYNC,
        }
        feed = OPERATIONS[spelling.feed]
        found = self._carry_out(session, feed, wanted, dossier)
        for document in found:
            if document.number == arguments["number"]:
                return document
        if left_out := getattr(found, "left_out", ()):
            # One of them may be the document.
            raise OctopusProtocolError(
                technical=self._masked(f"{left_out[0].record}: {left_out[0].why}"),
                operation=operation.name,
            )
        return self._nothing(operation)

    # One exchange

    def _exchange(self, session, operation, spelling, arguments, dossier):
        service = self._service_for(operation)
        spelling.check(service, arguments)
        message = service.message(spelling.name, spelling.values(arguments))
        call = describe(operation, arguments, dossier)
        check_time(self._wire, operation)
        self._tell("before", call)
        started = time.monotonic()
        try:
            answer = self._send(session, message, operation)
        except NoAnswer as silence:
            duration = time.monotonic() - started
            self._tell("after", call, duration, None, None, silence.technical)
            failure = judge_silence(operation, silence)
        else:
            duration = time.monotonic() - started
            session.take(answer.cookies)
            self._tell_bodies(call, message, answer)
            return self._payload(service, operation, spelling, call, answer, duration)
        raise failure

    def _send(self, session, message, operation):
        cookie = {"Cookie": session.cookies} if session.cookies else {}
        return self._wire.send(
            "POST",
            self._path,
            {**_HEADERS, **cookie},
            message,
            slow=operation.slow,
            long=operation.long,
        )

    def _payload(self, service, operation, spelling, call, answer, duration):
        code, technical = None, ""
        try:
            shapes = spelling.read.shapes if operation.long else None
            payload = payload_of(service, operation, spelling.name, answer, shapes)
            if spelling.coded and is_code(payload["return"]):
                code = payload["return"] or None
            return payload
        except OctopusError as error:
            error.technical = technical = self._masked(error.technical)
            raise
        finally:
            self._tell("after", call, duration, answer.status, code, technical)

    @cached_property
    def _service(self):
        return Service(self._wire, self._path, self._documents)

    def _service_for(self, operation):
        """The service; nothing was sent when its WSDL cannot be had."""
        try:
            return self._service
        except NoAnswer as silence:
            silence.sent = False
            failure = judge_silence(operation, silence)
        except Unreadable as unreadable:
            failure = OctopusProtocolError(
                technical=str(unreadable), operation=operation.name
            )
        raise failure

    # Telling

    def _tell(self, event, *facts):
        if self._observer:
            getattr(self._observer, event)(*facts)

    def _tell_bodies(self, call, message, answer):
        tell = getattr(self._observer, "bodies", None)
        if tell:
            body = answer.whole().body
            tell(call, self._masked_body(message), self._masked_body(body))

    def _masked_body(self, body):
        text = clean(body.decode("utf-8", "replace"))
        return without_ibans(self._masked(_SECRET_TAGS.sub(rf"<\1>{MASK}<", text)))

    def _masked(self, text):
        for secret in (*self._source.secrets, *self._tokens.tokens()):
            for spelled in {secret, escape(secret)}:
                text = text.replace(spelled, MASK)
        return text


class _Session:
    """A session while one call uses it.

    ``fresh``: it is the second try, in a session of its own. ``changed``: Octopus gave
    it another cookie, which it does when it does not know the old one.
    """

    def __init__(self, loan: Loan, fresh: bool = False):
        self._loan = loan
        self.fresh = fresh
        self.changed = False

    @property
    def cookies(self) -> str:
        """The header that names the session."""
        return self._loan.token

    def take(self, cookies: Mapping[str, str]) -> None:
        """Keep the cookies of an answer."""
        known = {
            name: morsel.value for name, morsel in SimpleCookie(self.cookies).items()
        }
        merged = {**known, **cookies}
        if merged != known:
            self.changed = bool(known)
            self._loan.token = "; ".join(f"{name}={merged[name]}" for name in merged)
