"""One way to a client, whichever of Octopus's two services is used."""

from __future__ import annotations

from .auth import TokenSource
from .client import OctopusClient
from .errors import OctopusInvalidRequest
from .rest.transport import PRODUCTION_URL, RestTransport
from .soap.transport import SOAP_PRODUCTION_URL, SoapTransport
from .transport import Transport

# The class of each transport and the address it has unless told otherwise.
TRANSPORTS = {
    "rest": (RestTransport, PRODUCTION_URL),
    "soap": (SoapTransport, SOAP_PRODUCTION_URL),
}


def connect(
    source: TokenSource, transport: str = "rest", url: str | None = None, **options
) -> OctopusClient:
    """Return a client; nothing is called yet.

    :param source: how to log in
    :param transport: ``rest`` or ``soap``
    :param url: address of the service; that of production when left out
    :param options: as for :func:`transport_to`
    :raises OctopusInvalidRequest: there is no such transport, or the address cannot
        be used
    """
    return OctopusClient(transport_to(source, transport, url, **options))


def transport_to(
    source: TokenSource, transport: str = "rest", url: str | None = None, **options
) -> Transport:
    """Return a transport; nothing is called yet.

    :param source: how to log in
    :param transport: ``rest`` or ``soap``
    :param url: address of the service; that of production when left out
    :param options: ``tokens``, ``observer``, ``timeouts``, ``work_time`` and, of REST,
        ``wire``, as for the transport
    :raises OctopusInvalidRequest: there is no such transport, or the address cannot
        be used
    """
    if transport not in TRANSPORTS:
        raise OctopusInvalidRequest(
            f"Octopus is reached by rest or soap: {transport!r}"
        )
    cls, production = TRANSPORTS[transport]
    return cls(url or production, source, **options)
