"""Answers a REST call: fault, token, limit, contract, books, in this order."""

import functools
import time

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from ..contract import (
    OPERATIONS,
    ContractViolation,
    check_body,
    read_parameters,
)
from ..faults import AFTER, REFUSALS
from ..state.access import DOSSIER, LOGIN
from ..state.codes import Code
from ..state.errors import NothingFound, Refusal
from ..state.texts import LOCALES
from ..state.tokens import TokenExpired, TokenInvalid
from ..wire import Cut
from ..world import Call as CallRecord
from . import answers
from .answers import Answer
from .call import Call
from .codec import dumps, loads
from .handlers import HANDLERS

PREFIX = "/octopus-rest-api/v1"
_CUTS = ("hang", "close", "reset")
_SAID_NO = (Refusal, NothingFound, TokenExpired, TokenInvalid)


@functools.cache
def _routes():
    rules = [
        Rule(
            operation.full_path.replace("{", "<").replace("}", ">"),
            methods=[operation.method],
            endpoint=operation,
        )
        for operation in OPERATIONS
    ]
    return Map(rules, strict_slashes=True, merge_slashes=False)


class RestDoor:
    """The REST API of one world."""

    def __init__(self, world):
        self.world = world
        self._routes = _routes()

    def handle(self, request, path):
        """The response to a request for ``path`` below the prefix.

        Raises :class:`~octopus_sandbox.wire.Cut` when a fault cuts the connection.
        """
        adapter = self._routes.bind("sandbox")
        try:
            operation, values = adapter.match(path, request.method)
        except HTTPException as error:
            return self._unknown(request, path, error)
        dossier = values.get("dossierId", "")
        fault = self.world.faults.take(
            operation.id, int(dossier) if dossier.isdecimal() else 0
        )
        time.sleep(self.world.faults.latency)
        if fault and fault.when != AFTER:
            early = self._meet(fault, None)
            if early:
                return early
        call = Call(self.world, operation)
        with self.world.lock:
            answer = self._answer(call, request, values, fault)
            self._record(call, answer)
        response = self._response(operation, answer)
        if fault and fault.when == AFTER:
            return self._meet(fault, response) or response
        return self._garble(fault, response)

    def _unknown(self, request, path, error):
        method = f"{request.method} {path}"
        self.world.violate("", f"{method} is not in the contract")
        status = 405 if isinstance(error, MethodNotAllowed) else 404
        return Response(answers.SERVER_ERROR_PAGE.format(status), status)

    # -- faults --------------------------------------------------------------

    def _meet(self, fault, response):
        """What the fault makes of the call; None when it goes on as usual."""
        if fault.kind in _CUTS:
            raise Cut(fault.kind, fault.seconds)
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault.kind == "status":
            page = answers.SERVER_ERROR_PAGE.format(fault.status)
            return Response(page, fault.status, mimetype="text/html")
        if fault.kind == "html" and response is None:
            return Response(answers.SERVER_ERROR_PAGE.format("Welcome"))
        return self._garble(fault, response) if response else None

    def _garble(self, fault, response):
        if fault and fault.kind == "html":
            return Response(answers.SERVER_ERROR_PAGE.format("Welcome"))
        if fault and fault.kind == "truncated":
            raise Cut("truncated", response=response)
        return response

    # -- the call ------------------------------------------------------------

    def _answer(self, call, request, values, fault):
        try:
            self._authorise(call, request, values)
            if fault and fault.kind in REFUSALS:
                return self._refused_by_fault(call, fault)
            limited = self._limit(call, request)
            if limited:
                return limited
            self._read(call, request, values)
            answer = HANDLERS[call.operation.id](call)
        except ContractViolation as violation:
            answer = self._violation(call, violation)
        except _SAID_NO as no:
            answer = answers.from_exception(no, call.switches, call.language)
        self._give_back(call, answer)
        return answer

    def _authorise(self, call, request, values):
        """Read the token that the operation needs."""
        headers = call.operation.header_parameters
        if call.operation.in_dossier:
            name, kind = "dossierToken", DOSSIER
        elif "Token" in headers:
            name, kind = "Token", LOGIN
        else:
            return
        token = request.headers.get(name)
        if not token:
            self.world.violate(call.operation.id, f"header {name} is missing")
        call.claims = self.world.access.read(token, kind)
        if kind == DOSSIER:
            self._enter(call, values)

    def _enter(self, call, values):
        number = call.claims["dossier"]
        if values["dossierId"] != str(number):
            raise Refusal(
                Code.NO_ACCESS_TO_DOSSIER, f"Token is not of {values['dossierId']}"
            )
        call.books = self.world.books[number]
        if call.dossier.disabled:
            raise Refusal(Code.DOSSIER_DISABLED, f"Dossier {number} is disabled")
        own = call.dossier.language.upper()
        call.language = LOCALES.get(call.claims["locale"], own)

    def _read(self, call, request, values):
        """Check parameters and body against the contract, and keep them typed."""
        operation = call.operation
        call.parameters = (
            read_parameters(operation.path_parameters, values, "path")
            | read_parameters(operation.query, request.args, "query")
            | read_parameters(
                operation.header_parameters, request.headers, "header", strict=False
            )
        )
        raw = request.get_data()
        if not operation.body:
            if raw not in (b"", b"{}"):
                raise ContractViolation("body", "no body is expected")
            return
        try:
            call.body = loads(raw)
        except ValueError as error:
            raise ContractViolation("body", f"not JSON: {error}") from error
        check_body(operation.body, call.body)
        self._check_wrapped(operation, call.body)

    def _check_wrapped(self, operation, body):
        """A wrapped body must hold what it wraps, though the contract's flags allow
        it to be empty."""
        if operation.body.endswith("AndAttachmentRequest"):
            wrapped = operation.body.removesuffix("AndAttachmentRequest")
            name = wrapped[0].lower() + wrapped[1:] + "ServiceData"
            if name not in body:
                raise ContractViolation("body", f"{name} is missing")

    def _violation(self, call, violation):
        self.world.violate(call.operation.id, str(violation))
        if violation.is_format and 500 in call.operation.answers:
            return answers.server_error(
                "Invalid elements in the passed object", call.switches
            )
        return answers.error(400, answers.INVALID_PARAMETERS)

    def _refused_by_fault(self, call, fault):
        if fault.kind == "quota":
            return self._over_limit(call)
        no = (
            TokenExpired()
            if fault.kind == "expired_token"
            else Refusal(Code.JOURNAL_OPEN, "Journal open by other user")
        )
        return answers.from_exception(no, call.switches, call.language)

    # -- daily limits --------------------------------------------------------

    def _limit(self, call, request):
        """The refusal when the daily limit is used up, else None."""
        filtered = bool(request.args)
        limit = call.operation.limit(filtered)
        if limit is None or call.switches["quota"] == "off":
            return None
        key = (call.operation.id, filtered, self._counted(call))
        today = self.world.clock.today()
        if not self.world.state.quota.take(key, limit, today):
            return self._over_limit(call)
        call.quota_key = key
        return None

    def _counted(self, call):
        """Whose calls are counted together (switch ``quota_scope``)."""
        scope = call.switches["quota_scope"]
        user = call.claims.get("user", "")
        if call.books and scope == "dossier":
            return str(call.dossier.id)
        if scope == "software_house" and user:
            return self.world.state.logins[user].software_house
        return user

    def _over_limit(self, call):
        status = int(call.switches["quota_status"])
        if call.switches["quota_body"] == "empty":
            return Answer(status)
        return answers.error(status, "Maximum allowed calls per day exceeded")

    def _give_back(self, call, answer):
        accepted_only = call.switches["quota_counts"] == "accepted"
        if call.quota_key and accepted_only and answer.status >= 400:
            self.world.state.quota.give_back(call.quota_key)

    # -- the answer ----------------------------------------------------------

    def _record(self, call, answer):
        number = call.dossier.id if call.books else 0
        self.world.calls.append(
            CallRecord(call.operation.id, number, answer.status, answer.code)
        )
        if call.operation.method != "GET":
            self.world.save()

    def _response(self, operation, answer):
        kind = "ErrorResult" if answer.error else operation.answers.get(answer.status)
        if answer.body is None:
            return Response(b"", answer.status, mimetype="application/json")
        if isinstance(answer.body, str):
            html = answer.status == 500
            mimetype = "text/html" if html else "text/plain"
            return Response(answer.body, answer.status, mimetype=mimetype)
        if kind and not answer.off_contract:
            self._check_answer(operation, kind, answer.body)
        return Response(dumps(answer.body), answer.status, mimetype="application/json")

    def _check_answer(self, operation, kind, body):
        """What the sandbox says must keep to the contract, too."""
        try:
            check_body(kind, body)
        except ContractViolation as violation:
            self.world.violate(operation.id, f"ANSWER {violation}")
            raise
