"""What a planned fault makes of a call, the same at every door."""

from werkzeug.wrappers import Response

from .wire import Cut

PAGE = "<html><head><title>Error</title></head><body>{}</body></html>"
_CUTS = ("hang", "close", "reset")


def meet(faults, fault, response=None):
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
    return garble(fault, response) if response else None


def garble(fault, response):
    """The response, spoilt where the fault (or None) is of that kind."""
    if fault and fault.kind == "html":
        return Response(PAGE.format("Welcome"))
    if fault and fault.kind == "truncated":
        raise Cut("truncated", response=response)
    return response
