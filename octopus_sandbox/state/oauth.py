"""What was given to software by OAuth: codes, permissions, refresh tokens."""

import datetime
import secrets
from dataclasses import dataclass, field

from .access import LOGIN
from .errors import NotAuthenticated
from .tokens import LIFETIME

CODE_LIFETIME = datetime.timedelta(minutes=5)
REFRESH_LIFETIME = datetime.timedelta(days=60)


class GrantRefused(Exception):
    """A code or refresh token is not, or no longer, good."""


@dataclass
class Code:
    """What the browser brings back; good once."""

    user: str
    client: str
    redirect_uri: str
    issued: datetime.datetime
    used: bool = False


@dataclass
class RefreshToken:
    """What stays with the software."""

    user: str
    client: str
    since: datetime.datetime


@dataclass
class OAuth:
    """What is kept. ``granted``: ``user client`` of those who agreed before;
    ``redirect_uris``: by software-house id, all are good for one that is not there."""

    codes: dict[str, Code] = field(default_factory=dict)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict)
    granted: list[str] = field(default_factory=list)
    redirect_uris: dict[str, list[str]] = field(default_factory=dict)


class Grants:
    """Gives codes to users and tokens to software (docs/octopus.md §1)."""

    def __init__(self, kept, access, switches):
        self.kept = kept
        self.access = access
        self.switches = switches

    def knows(self, client):
        """Whether a software house has this id."""
        logins = self.access.logins.values()
        return any(login.software_house == client for login in logins)

    def accepts(self, client, redirect_uri):
        """Whether the browser may be sent back there."""
        registered = self.kept.redirect_uris.get(client)
        return registered is None or redirect_uri in registered

    def login(self, user, password, client):
        """Check a login on Octopus's own page. Raises :class:`NotAuthenticated` or
        :class:`WebServiceOff`."""
        self.access.authenticate(user, password, client)

    def is_granted(self, user, client):
        """Whether the user agreed before: the screen is shown the first time."""
        return f"{user} {client}" in self.kept.granted

    def give_code(self, user, client, redirect_uri):
        """A code for a user who agreed."""
        if not self.is_granted(user, client):
            self.kept.granted.append(f"{user} {client}")
        code = f"code-{secrets.token_hex(16)}"
        self.kept.codes[code] = Code(user, client, redirect_uri, self._now())
        return code

    def exchange(self, code, client, redirect_uri=None):
        """Access and refresh token for a code. Raises :class:`GrantRefused`."""
        known = self.kept.codes.get(code)
        if not known or known.client != client:
            raise GrantRefused("Unknown code")
        if known.used:
            raise GrantRefused("The code was used before")
        if self._now() - known.issued >= CODE_LIFETIME:
            raise GrantRefused("The code has expired")
        if redirect_uri not in (None, known.redirect_uri):
            raise GrantRefused("The code is of another redirect_uri")
        known.used = True
        return self._access(known.user), self._refresh_token(known.user, client)

    def refresh(self, token, client):
        """Access token for a refresh token, and a new one of these if the switch
        ``oauth_refresh`` says so. Raises :class:`GrantRefused`."""
        known = self.kept.refresh_tokens.get(token)
        if not known or known.client != client:
            raise GrantRefused("Unknown refresh token")
        if self._now() - known.since >= REFRESH_LIFETIME:
            raise GrantRefused("The refresh token has expired")
        if self.switches["oauth_life"] == "sliding":
            known.since = self._now()
        how = self.switches["oauth_refresh"]
        if how == "rotated":
            del self.kept.refresh_tokens[token]
        new = None if how == "none" else self._refresh_token(known.user, client)
        return self._access(known.user), new

    def withdraw(self):
        """The user takes every permission back: nothing that was given works."""
        self.kept.refresh_tokens.clear()
        self.kept.granted.clear()

    @property
    def lifetime(self):
        """Seconds that an access token is good for."""
        return int(LIFETIME.total_seconds())

    def session(self, user, client):
        """What the grant screen carries: who logged in just now, at which client."""
        return self.access.tokens.issue(
            self._now(), kind="oauth", user=user, client=client
        )

    def user_of(self, session, client):
        """The user of a :meth:`session`. Raises :class:`NotAuthenticated`, TokenInvalid
        or TokenExpired."""
        claims = self.access.read(session, "oauth")
        if claims["client"] != client:
            raise NotAuthenticated(None, "The session is of another client")
        return claims["user"]

    def _access(self, user):
        return self.access.tokens.issue(self._now(), kind=LOGIN, user=user)

    def _refresh_token(self, user, client):
        token = f"refresh-{secrets.token_hex(24)}"
        self.kept.refresh_tokens[token] = RefreshToken(user, client, self._now())
        return token

    def _now(self):
        return self.access.clock.now()
