"""Signed tokens with a lifetime, in the shape of a JWT."""

import base64
import datetime
import hashlib
import hmac
import json
from dataclasses import dataclass, field

LIFETIME = datetime.timedelta(minutes=10)
_HEADER = {"alg": "HS256", "typ": "JWT"}


class TokenInvalid(Exception):
    """The token was not issued here."""


class TokenExpired(Exception):
    """The token is too old."""


def _encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Tokens:
    """Issues and reads the tokens of one world.

    A token carries its claims, so nothing needs to be kept; only what ended early or
    lives longer than its ten minutes (docs/octopus.md §1) is remembered here.
    """

    secret: str
    serial: int = 0
    valid_from: int = 0
    last_use: dict[int, datetime.datetime] = field(default_factory=dict)

    def issue(self, now, **claims):
        """A token for ``claims``, signed, issued at ``now``."""
        self.serial += 1
        claims |= {"iat": now.timestamp(), "jti": self.serial}
        parts = (
            json.dumps(part, sort_keys=True).encode() for part in (_HEADER, claims)
        )
        payload = ".".join(_encode(part) for part in parts)
        return f"{payload}.{self._signature(payload)}"

    def read(self, token, now, sliding=False):
        """Claims of ``token``. Raises :class:`TokenInvalid`, :class:`TokenExpired`.

        With ``sliding`` the ten minutes start again at each use.
        """
        claims = self._claims(token)
        issued = datetime.datetime.fromtimestamp(claims["iat"], datetime.timezone.utc)
        start = self.last_use.get(claims["jti"], issued)
        if claims["jti"] <= self.valid_from or now - start >= LIFETIME:
            raise TokenExpired
        if sliding:
            self.last_use[claims["jti"]] = now
        return claims

    def is_alive(self, token, now):
        """Whether a token issued here can still be used."""
        try:
            self.read(token, now)
        except TokenExpired:
            return False
        return True

    def expire_all(self):
        """End the life of every token issued until now."""
        self.valid_from = self.serial

    def _claims(self, token):
        payload, _dot, signature = token.rpartition(".")
        if not payload or not hmac.compare_digest(
            signature.encode(), self._signature(payload).encode()
        ):
            raise TokenInvalid
        return json.loads(_decode(payload.partition(".")[2]))

    def _signature(self, payload):
        digest = hmac.digest(self.secret.encode(), payload.encode(), hashlib.sha256)
        return _encode(digest)
