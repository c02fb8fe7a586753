"""The wire that leads to the pretend Octopus of this database, instead of to a server.

All above it is the real thing: how a call is spelled, logged in, counted and written
down, and what its answer means. HTTP to oneself would need a second worker.
"""

from __future__ import annotations

from http import HTTPStatus

from werkzeug.wrappers import Request

from odoo.addons.octopus_connector.api.wire import Answer, NoAnswer, Spool
from odoo.addons.octopus_sandbox.rest.door import PREFIX, RestDoor
from odoo.addons.octopus_sandbox.wire import Cut

from .pretend import LATEST, NoPretendOctopus, pretend_octopus

# A name that never resolves (RFC 2606): nothing of a test goes over the network.
ADDRESS = f"https://octopus.invalid{PREFIX}"


class PretendWire:
    """Carries the calls of one client; what an ``api.wire.Wire`` offers.

    :param registry: of the database whose pretend Octopus answers
    """

    def __init__(self, registry):
        self._registry = registry
        # Tokens are kept by address, for all databases of this process together.
        self.base_url = f"{ADDRESS}#{registry.db_name}"

    def close(self) -> None:
        """Nothing is open between two calls."""

    def has_time(self, *, slow: bool = False) -> bool:
        """Return whether a call may begin: it takes no time worth counting."""
        return True

    def send(
        self, method, target, headers, body=None, *, slow=False, long=False
    ) -> Answer:
        """Make one exchange, as ``api.wire.Wire.send`` does.

        :raises NoAnswer: a planned fault cut the connection, or test mode has ended
        """
        request = Request.from_values(
            PREFIX + target, method=method, headers=dict(headers), data=body
        )
        try:
            with pretend_octopus(self._registry) as world:
                response = _respond(world, request, target.partition("?")[0])
        except NoPretendOctopus as error:
            raise NoAnswer(str(error), sent=False) from error
        if isinstance(response, Cut):
            raise NoAnswer(f"the connection was cut: {response.kind}", sent=True)
        return _answer(response, long)


def _respond(world, request, path):
    """Return the response, or the cut that came instead: what Octopus did before it
    stays done."""
    faults = world.faults
    # Who is late holds a worker of Odoo.
    faults.latency = min(faults.latency, LATEST)
    try:
        return RestDoor(world).handle(request, path)
    except Cut as cut:
        return cut


def _answer(response, long):
    content = response.get_data()
    kind = response.headers.get("Content-Type", "")
    if not long or response.status_code != HTTPStatus.OK:
        return Answer(response.status_code, kind, content)
    file = Spool()
    file.write(content)
    return Answer(response.status_code, kind, b"", {}, file)
