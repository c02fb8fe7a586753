"""Tokens of the accountant's page, and what is kept of where it is opened: no Odoo."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from secrets import token_urlsafe

# Of a token: nobody guesses 256 random bits.
TOKEN_BYTES = 32
# An address is kept as the network that it is in: enough to tell places apart.
KEPT_BITS = {4: 24, 6: 48}


def new_token() -> str:
    """Return a token that never was before, as it stands in an address."""
    return token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Return what is kept of a token, from which nobody finds it again.

    :param token: of :func:`new_token`, or whatever somebody sent in its place
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_same(digest: str, other: str) -> bool:
    """Compare two digests in a time that tells nothing of where they differ.

    :param digest: of :func:`digest_of`, as is ``other``
    """
    return hmac.compare_digest(digest.encode(), other.encode())


def coarse(address: str | None) -> str:
    """Return the network that an address is in, such as ``203.0.113.0/24``; nothing
    when it is no address.

    :param address: of a client, IPv4 or IPv6
    """
    try:
        known = ip_address((address or "").split("%")[0])
    except ValueError:
        return ""
    known = getattr(known, "ipv4_mapped", None) or known
    found: IPv4Network | IPv6Network = ip_network(
        f"{known}/{KEPT_BITS[known.version]}", strict=False
    )
    return str(found)
