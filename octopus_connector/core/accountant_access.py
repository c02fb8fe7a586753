"""Tokens of the accountant's page, and what is kept of where it is opened: no Odoo."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from secrets import token_urlsafe

# Of a token: nobody guesses 256 random bits.
TOKEN_BYTES = 32
# An address is kept as the network that it is in: enough to tell places apart.
KEPT_BITS = {4: 24, 6: 48}

# An address of the page, also as mail programs write it into addresses of their own.
_SLASH = r"(?:/|%(?:25)*2F)"
_WITH_TOKEN = re.compile(
    rf"(octopus{_SLASH}accountant{_SLASH}\d+{_SLASH})[\w-]+", re.IGNORECASE
)


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


def without_tokens(text: str, place: str) -> str:
    """Return a text with something else for each token in an address of the page.

    :param text: such as the body of a mail that quotes one
    :param place: what stands there instead
    """
    return _WITH_TOKEN.sub(rf"\g<1>{place}", text)


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
