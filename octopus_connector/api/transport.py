"""What a way to speak with Octopus offers, and what it is told of each call.

``rest`` and ``soap`` are two of them; the client knows neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from .enums import Locale
from .errors import (
    OctopusInvalidRequest,
    OctopusProtocolError,
    OctopusUnsupported,
)
from .operations import OPERATIONS, Capability, Operation
from .strict import check_arguments


@dataclass(frozen=True, slots=True)
class DossierScope:
    """The dossier a call is for, and the language of Octopus's messages."""

    id: int
    locale: int = Locale.DEFAULT


@dataclass(frozen=True, slots=True)
class Call:
    """What may be told about one HTTP call: never a body, never a secret.

    ``counter`` names the daily limit it falls under (see ``quota.daily_limit``).
    """

    operation: str
    counter: str
    write: bool
    dossier_id: int | None = None
    bookyear_id: int | None = None
    journal: str | None = None
    number: int | None = None


class Observer(Protocol):
    """Sees every call that is really made.

    An observer may also have ``bodies(call, request, answer)``: it then gets the masked
    texts of both bodies, for a support mode. With ``unreadable(call, flaws)`` it gets
    what of an answer cannot be used, as :class:`~.types.Flaw` values.
    """

    def before(self, call: Call) -> None:
        """Called before anything is sent.

        :param call: the call that is about to be made
        :raises OctopusQuotaError: the day's budget is used up: the call is not made
        """

    def after(
        self,
        call: Call,
        duration: float,
        http_status: int | None,
        code: int | None,
        technical: str,
    ) -> None:
        """Called after the call; ``duration`` in seconds, ``http_status`` ``None``
        when no answer came. What it raises replaces the outcome of the call."""


class Transport(Protocol):
    """One way to speak with Octopus."""

    capabilities: frozenset[Capability]

    def call(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        dossier: DossierScope | None = None,
    ) -> Any:
        """Carry out an operation and return what the client's method promises.

        ``arguments`` were checked. Lists come back as lists; what is *not found* comes
        back as ``operation.when_missing`` says.
        """

    def drop_announced(self) -> None:
        """Forget a call that was written down (:meth:`Caller.announcing`) and is not
        made; nothing where no log is kept."""

    def close(self) -> None:
        """Let go of sockets; tokens stay in the cache."""


class Caller:
    """What a login and a dossier have in common: checked calls on a transport."""

    def __init__(self, transport: Transport, scope: DossierScope | None = None):
        self._transport = transport
        self._scope = scope

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this transport offers beyond the common ground."""
        return self._transport.capabilities

    def announcing(
        self, name: str, transaction: Any, /, **arguments: Any
    ) -> AbstractContextManager[None]:
        """Have a call that follows written down in a transaction, which the block
        commits; for a transport that keeps a log of its calls.

        :param name: of the operation
        :param transaction: what the log writes with
        :param arguments: those of the client's method by name
        """
        operation = OPERATIONS[name]
        return self._transport.announcing(
            operation, arguments, self._scope, transaction
        )

    def _call(self, name: str, /, partial: bool = False, **arguments: Any) -> Any:
        operation = OPERATIONS[name]
        needed = operation.capability
        if needed and needed not in self._transport.capabilities:
            raise OctopusUnsupported(
                f"This transport does not offer {needed.value}.", operation=name
            )
        try:
            check_arguments(name, arguments)
        except OctopusInvalidRequest:
            self._transport.drop_announced()
            raise
        found = self._transport.call(operation, arguments, self._scope)
        left_out = getattr(found, "left_out", ())
        if left_out and not partial:
            first = left_out[0]
            raise OctopusProtocolError(
                technical=f"{first.record}: {first.field} {first.why}", operation=name
            )
        return found
