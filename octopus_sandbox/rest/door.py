"""Answers a REST call: fault, token, limit, contract, books, in this order."""

import functools

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from .. import daily_limits, mischief
from ..contract import (
    OPERATIONS,
    ContractViolation,
    check_body,
    read_parameters,
)
from ..copies import copied_json
from ..faults import REFUSALS
from ..poison import poisoned_json
from ..state.access import DOSSIER, LOGIN
from ..state.codes import Code
from ..state.errors import NothingFound, Refusal
from ..state.texts import LOCALES
from ..state.tokens import TokenExpired, TokenInvalid
from ..world import Call as CallRecord
from . import answers
from .answers import Answer
from .call import Call
from .codec import dumps, loads
from .handlers import HANDLERS

PREFIX = "/octopus-rest-api/v1"
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
        call = Call(self.world, operation)

        def process():
            with self.world.lock:
                answer = self._answer(call, request, values, fault)
                self._record(call, answer)
            return self._response(operation, answer)

        return mischief.around(self.world.faults, fault, process)

    def _unknown(self, request, path, error):
        method = f"{request.method} {path}"
        self.world.violate("", f"{method} is not in the contract")
        status = 405 if isinstance(error, MethodNotAllowed) else 404
        return Response(mischief.PAGE.format(status), status)

    # -- the call ------------------------------------------------------------

    def _answer(self, call, request, values, fault):
        try:
            self._authorise(call, request, values)
            if fault and fault.kind in REFUSALS:
                return self._refused_by_fault(call, fault)
            if not daily_limits.take(call, filtered=bool(request.args)):
                return self._over_limit(call)
            self._read(call, request, values)
            answer = HANDLERS[call.operation.id](call)
        except ContractViolation as violation:
            answer = self._violation(call, violation)
        except _SAID_NO as no:
            answer = answers.from_exception(no, call.switches, call.language)
        if answer.status >= 400:
            daily_limits.give_back(call)
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
        call.dossier.check_enabled()
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
        no = mischief.refusal(fault)
        return answers.from_exception(no, call.switches, call.language)

    def _over_limit(self, call):
        status = int(call.switches["quota_status"])
        if call.switches["quota_body"] == "empty":
            return Answer(status)
        return answers.error(status, "Maximum allowed calls per day exceeded")

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
        poisons = self.world.poisons.of(operation.id)
        copies = self.world.copies.of(operation.id)
        if poisons:
            body = poisoned_json(poisons, answer.body, dumps)
        else:
            body = copied_json(copies, answer.body, dumps)
        return Response(body, answer.status, mimetype="application/json")

    def _check_answer(self, operation, kind, body):
        """What the sandbox says must keep to the contract, too."""
        try:
            check_body(kind, body)
        except ContractViolation as violation:
            self.world.violate(operation.id, f"ANSWER {violation}")
            raise
