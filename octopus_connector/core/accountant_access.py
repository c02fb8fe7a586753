"""Tokens of the accountant's page, and what is kept of where it is opened: no Odoo."""

from __future__ import annotations

import hmac
import logging
import quopri
import re
from base64 import encodebytes
from email import message_from_bytes
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from secrets import token_urlsafe

_logger = logging.getLogger(__name__)

# Of a token: nobody guesses 256 random bits.
TOKEN_BYTES = 32
# An address is kept as the network that it is in: enough to tell places apart.
KEPT_BITS = {4: 24, 6: 48}

# An address of the page, also as mail programs write it into addresses of their own.
_SLASH = r"(?:/|%(?:25)*2F)"
_WITH_TOKEN = re.compile(
    rf"(octopus{_SLASH}accountant{_SLASH}\d+{_SLASH})[\w-]+", re.IGNORECASE
)
_IN_BYTES = re.compile(
    rf"(octopus{_SLASH}accountant{_SLASH}\d+{_SLASH})([\w-]+)".encode(), re.IGNORECASE
)
# How a mail begins, whatever its file is called.
_HEADER = re.compile(rb"\s*(?:From |[\w-]+:)")
# How parts of a mail are written; whatever stands in it as it is, is found without.
_ENCODERS = {"base64": encodebytes, "quoted-printable": quopri.encodestring}


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


def file_without_tokens(content: bytes) -> bytes:
    """Return a file with dashes for each token in an address of the page; it stays as
    long as it was, as other formats count their bytes. A mail that is attached to
    another is looked into; what is packed otherwise, such as an archive, is not.

    :param content: of the file
    """
    if _HEADER.match(content):
        content = _known_mail_without_tokens(content)
    return _IN_BYTES.sub(_dashed, content)


def _dashed(found):
    return found[1] + b"-" * len(found[2])


def _known_mail_without_tokens(content):
    """Return a mail without tokens; one that Python cannot read comes as it is: the
    answer that it is attached to must not be lost for it."""
    try:
        return _mail_without_tokens(content)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as why:
        _logger.info("An attached mail cannot be looked into: %s", why)
        return content


def _mail_without_tokens(content):
    """Return a mail without tokens in its parts, as it came where none holds one."""
    mail, changed = message_from_bytes(content), False
    for part in mail.walk():
        encode = _ENCODERS.get(str(part.get("Content-Transfer-Encoding", "")).lower())
        plain = None if part.is_multipart() else part.get_payload(decode=True)
        if not encode or not plain or not _IN_BYTES.search(plain):
            continue
        part.set_payload(encode(_IN_BYTES.sub(_dashed, plain)).decode("ascii"))
        changed = True
    return mail.as_bytes() if changed else content


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
