"""What a planned fault makes of a call, the same at every door."""

import time

from werkzeug.wrappers import Response

from .faults import AFTER
from .state.codes import Code
from .state.errors import Refusal
from .state.tokens import TokenExpired
from .wire import Cut

PAGE = "<html><head><title>Error</title></head><body>{}</body></html>"
_CUTS = ("hang", "close", "reset")


def around(faults, fault, answer):
    """The response to a call that meets a fault, or none (None).

    ``faults`` are all of the world; ``answer()`` lets Octopus process the call and
    gives its response. Raises :class:`~octopus_sandbox.wire.Cut` when the connection
    ends.
    """
    time.sleep(faults.latency)
    if fault and fault.when != AFTER:
        early = _meet(faults, fault)
        if early:
            return early
    response = answer()
    if fault and fault.when == AFTER:
        return _meet(faults, fault, response) or response
    return _garble(fault, response)


def refusal(fault):
    """What Octopus says instead of processing the call: the exception of a fault of
    one of the kinds of ``REFUSALS``, but for ``quota``."""
    if fault.kind == "expired_token":
        return TokenExpired()
    return Refusal(Code.JOURNAL_OPEN, "Journal open by other user")


def _meet(faults, fault, response=None):
    """The response that the fault makes of a call; None when it goes on as usual.

    ``faults`` are all of the world: a late answer comes at once when they are cleared.
    ``response`` is Octopus's own, when it has answered already. Raises
    :class:`~octopus_sandbox.wire.Cut` when the connection ends.
    """
    if fault.kind in _CUTS:
        raise Cut(fault.kind, fault.seconds)
    if fault.kind == "slow":
        faults.wait(fault.seconds)
    if fault.kind == "status":
        page = PAGE.format(fault.status)
        return Response(page, fault.status, mimetype="text/html")
    if fault.kind == "html" and response is None:
        return Response(PAGE.format("Welcome"))
    return _garble(fault, response) if response else None


def _garble(fault, response):
    """The response, spoilt where the fault (or None) is of that kind."""
    if fault and fault.kind == "html":
        return Response(PAGE.format("Welcome"))
    if fault and fault.kind == "truncated":
        raise Cut("truncated", response=response)
    return response
