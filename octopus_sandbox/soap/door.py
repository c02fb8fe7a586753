"""Answers a SOAP call: fault, session, limit, contract, books, in this order."""

import datetime

from werkzeug.wrappers import Response

from .. import daily_limits, mischief
from ..contract import OPERATIONS, ContractViolation, check_body
from ..faults import REFUSALS
from ..rest.call import Call
from ..rest.handlers import HANDLERS
from ..state.clock import BRUSSELS
from ..state.codes import Code
from ..state.errors import NothingFound, Refusal
from ..state.texts import message
from ..world import Call as CallRecord
from . import session_acts
from .answer import Answer
from .message import read_request, write_answer, write_fault
from .sessions import COOKIE, Sessions
from .spelling import SESSION_OPERATIONS, SPELLINGS
from .wsdl import schema, wsdl

PATH = "/OctopusService01-13/OctopusWSService"
XML = "text/xml; charset=utf-8"
_REST = {operation.id: operation for operation in OPERATIONS}
_LIMIT = "Maximum allowed calls per day exceeded"


class SoapDoor:
    """The SOAP service of one world."""

    def __init__(self, world):
        self.world = world
        self.sessions = Sessions(world)

    def handle(self, request, path):
        """The response to a request for ``path`` below the service's address.

        Raises :class:`~octopus_sandbox.wire.Cut` when a fault cuts the connection.
        """
        if path:
            return self._wrong(f"{request.method} {request.path}")
        if request.method == "GET":
            return self._describe(request)
        try:
            name, fields = read_request(request.get_data(), self._newer)
        except ContractViolation as violation:
            self.world.violate("", f"SOAP {violation}")
            return self._fault(str(violation), "Client")
        return self._meet(request, name, fields)

    def _wrong(self, text):
        self.world.violate("", f"{text} is not in the contract")
        return Response(mischief.PAGE.format(404), 404)

    def _describe(self, request):
        query = request.query_string.decode().lower()
        if query == "wsdl":
            return Response(wsdl(request.base_url), content_type=XML)
        if query == "xsd=1":
            return Response(schema(self._newer), content_type=XML)
        return self._wrong(f"GET {request.full_path}")

    @property
    def _newer(self):
        return self.world.switches["soap_fields"] == "newer"

    def _meet(self, request, name, fields):
        """Let the call meet the fault that waits for it, if there is one."""
        session = self._session(request)
        known_as = SESSION_OPERATIONS.get(name) or (
            SPELLINGS[name].id if name in SPELLINGS else name
        )
        fault = self.world.faults.take(known_as, session.dossier)

        def process():
            present = session
            if fault and fault.kind == "expired_token":
                self.sessions.forget(session)
                present = self._session(request)
            with self.world.lock:
                answer = self._answer(present, name, fields, fault)
                self._remember(present, name, answer)
                self._record(present, name, known_as, answer)
            return self._response(present, name, answer)

        return mischief.around(self.world.faults, fault, process)

    def _session(self, request):
        with self.world.lock:
            return self.sessions.of(request.cookies.get(COOKIE, ""))

    # -- the call ------------------------------------------------------------

    def _answer(self, session, name, fields, fault):
        try:
            if name in SESSION_OPERATIONS:
                return self._about_session(session, name, fields, fault)
            if name not in SPELLINGS:
                self.world.violate(name, "SOAP the sandbox does not carry this")
                return Answer.fault("Not carried by the sandbox")
            return self._in_dossier(session, SPELLINGS[name], fields, fault)
        except Refusal as no:
            returns_code = name not in SPELLINGS or SPELLINGS[name].returns_code
            code = Code.INVALID_PARAMETER if no.code is None else no.code
            return Answer.refusal(code, no.technical, returns_code)

    def _about_session(self, session, name, fields, fault):
        limited = _REST.get(SESSION_OPERATIONS[name])
        call = limited and Call(self.world, limited, claims={"user": session.user})
        wanted = fault and fault.kind == "quota"
        if wanted or (call and not daily_limits.take(call)):
            return self._over_limit()
        return session_acts.ACTS[name](self.sessions, session, fields)

    def _in_dossier(self, session, spelling, fields, fault):
        call = Call(
            self.world,
            _REST[spelling.id],
            books=self.sessions.books(session),
            language=self.sessions.language(session),
            claims={"user": session.user},
        )
        if fault and fault.kind in REFUSALS and fault.kind != "expired_token":
            return self._refused_by_fault(fault)
        if not daily_limits.take(call):
            return self._over_limit()
        try:
            return self._carry_out(call, spelling, fields)
        except Refusal:
            daily_limits.give_back(call)
            raise

    def _refused_by_fault(self, fault):
        if fault.kind == "quota":
            return self._over_limit()
        raise mischief.refusal(fault)

    def _over_limit(self):
        if self.world.switches["soap_quota"] == "429":
            return Answer(429)
        return Answer.fault(_LIMIT)

    def _carry_out(self, call, spelling, fields):
        try:
            call.parameters, call.body = spelling.request(fields, call.switches)
            if call.operation.body and spelling.as_rest:
                check_body(call.operation.body, call.body)
            found = HANDLERS[spelling.id](call)
        except ContractViolation as violation:
            self.world.violate(spelling.id, f"SOAP {violation}")
            raise Refusal(Code.INVALID_PARAMETER, str(violation)) from violation
        except (KeyError, ValueError) as error:
            self.world.violate(spelling.id, f"SOAP {error!r}")
            raise Refusal(Code.INVALID_PARAMETER, "Invalid parameter") from error
        except NothingFound as nothing:
            if spelling.missing:
                raise Refusal(spelling.missing, str(nothing)) from nothing
            return Answer(fields=spelling.answer(None))
        return Answer(fields=spelling.answer(found.body))

    # -- the answer ----------------------------------------------------------

    def _remember(self, session, name, answer):
        """Keep what ``GetLastError`` will tell (two switches: when, and which)."""
        if answer.code:
            technical = self.world.switches["soap_error_text"] == "technical"
            text = message(answer.code, self.sessions.language(session))
            session.last_error = answer.technical if technical else text or ""
        elif name not in ("GetLastError", "GetErrorDescription"):
            if self.world.switches["soap_last_error"] == "cleared":
                session.last_error = ""

    def _record(self, session, name, known_as, answer):
        self.world.calls.append(
            CallRecord(known_as, session.dossier, answer.status, answer.code)
        )
        if not name.startswith("Get"):
            self.world.save()

    def _response(self, session, name, answer):
        if answer.fault_text:
            response = self._fault(answer.fault_text)
        elif answer.status != 200:
            response = Response(mischief.PAGE.format(answer.status), answer.status)
        else:
            known_as = SPELLINGS[name].id if name in SPELLINGS else name
            spoilt = SESSION_OPERATIONS.get(name, known_as)
            body = write_answer(
                name,
                answer.fields,
                self._moment,
                self._newer,
                self.world.poisons.of(spoilt),
                self.world.copies.of(spoilt),
            )
            response = Response(body, content_type=XML)
        response.set_cookie(COOKIE, session.key, path=PATH, httponly=True)
        return response

    def _fault(self, text, blame="Server"):
        return Response(write_fault(text, blame), 500, content_type=XML)

    def _moment(self, day):
        """A date of the books at midnight (switch ``soap_dates``)."""
        moment = datetime.datetime.fromisoformat(day)
        zone = self.world.switches["soap_dates"]
        if zone == "naive":
            return moment.isoformat()
        moment = moment.replace(tzinfo=BRUSSELS)
        if zone == "utc":
            moment = moment.astimezone(datetime.timezone.utc)
        return moment.isoformat()
