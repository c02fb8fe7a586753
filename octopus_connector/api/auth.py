"""Who we are at Octopus, and the tokens that say so for ten minutes
(docs/octopus.md §1).

A token source logs in; a token cache keeps what came of it. The cache is given from
outside and may serve every client of a process: it is safe between threads, and two
threads that need the same token make one login.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from .errors import (
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
)

# Seconds; fixed, not sliding, in the plain reading (docs/octopus.md §19.12)
LIFETIME = 600.0
MARGIN = 60.0


class LoginDoor(Protocol):
    """Where a source logs in; a transport is one."""

    def authenticate(self, software_house: str, user: str, password: str) -> str:
        """Log in with a password and return the token.

        :param software_house: ID that Octopus gave out (docs/octopus.md §1)
        :return: what names the login afterwards: a token, over SOAP the cookies
        :raises OctopusAuthError: the login is rejected; Octopus counts that
        :raises OctopusAccessError: the login is right, but may not be used so
        """


class TokenSource(Protocol):
    """A way to log in.

    ``identity`` tells logins apart without telling what they are; ``secrets`` are the
    texts that must never show.
    """

    identity: str
    secrets: tuple[str, ...]

    def login(self, door: LoginDoor) -> str | Loan:
        """Log in and return the token; with its end, where that is known.

        :raises OctopusAuthError: the login is rejected
        """

    def forget(self, token: str) -> None:
        """Never return a token again that Octopus did not take.

        :param token: that :meth:`login` returned, here or in another process
        """


class PasswordLogin:
    """A software house, a user and a password (docs/octopus.md §1).

    A rejected login is remembered: this object never tries it a second time, because
    Octopus counts failed attempts.

    :raises OctopusInvalidRequest: one of the three is empty or cannot be sent
    """

    def __init__(self, software_house: str, user: str, password: str):
        parts = {
            "software house": software_house,
            "user": user,
            "password": password,
        }
        for name, value in parts.items():
            if not isinstance(value, str) or not value.strip():
                raise OctopusInvalidRequest(
                    f"The {name} is empty.", operation="authenticate"
                )
        # It travels in a header.
        if not (software_house.isascii() and software_house.isprintable()):
            raise OctopusInvalidRequest(
                "The software house id holds a character that no id has.",
                operation="authenticate",
            )
        self.software_house = software_house.strip()
        self.user = user
        self.password = password
        self._rejection: OctopusError | None = None

    def __repr__(self):
        return f"{type(self).__name__}(…)"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password, self.software_house)

    @property
    def identity(self) -> str:
        parts = "\0".join((self.software_house, self.user, self.password))
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()

    def login(self, door: LoginDoor) -> str:
        """Log in, or raise again what a login with this object was rejected with.

        :param door: the transport to log in through
        :return: what ``door`` returned
        :raises OctopusAuthError: the login is, or was, rejected
        :raises OctopusAccessError: the login is right, but may not be used so
        """
        if self._rejection:
            raise self._rejection.with_traceback(None)
        try:
            return door.authenticate(self.software_house, self.user, self.password)
        except (OctopusAuthError, OctopusAccessError) as rejection:
            self._rejection = rejection
            raise

    def forget(self, token: str) -> None:
        """Do nothing: each login gives another token.

        :param token: that :meth:`login` returned
        """


class OAuthLogin:
    """Access that a user gave on Octopus's own page (docs/octopus.md §1): there is no
    password here.

    :param identity: tells this permission from others, without telling what it is
    :param software_house: ID that Octopus gave out
    :param fetch: returns an access token that is good, and the seconds that it still is
        so; its argument is one that must not be returned, or ``None``
    """

    def __init__(
        self,
        identity: str,
        software_house: str,
        fetch: Callable[[str | None], tuple[str, float]],
    ):
        self.identity = hashlib.sha256(identity.encode()).hexdigest()
        self._software_house = software_house
        self._fetch = fetch
        self._refused: str | None = None
        self._token: str | None = None

    def __repr__(self):
        return f"{type(self).__name__}(…)"

    @property
    def secrets(self) -> tuple[str, ...]:
        held = (self._software_house, self._token, self._refused)
        return tuple(secret for secret in held if secret)

    def login(self, _door: LoginDoor) -> Loan:
        """Return an access token with its end; nothing is asked for where another
        process holds one.

        :raises OctopusAuthError: the permission is at its end
        """
        asked = time.monotonic()
        self._token, left = self._fetch(self._refused)
        return Loan(self._token, asked + left - MARGIN)

    def forget(self, token: str) -> None:
        """Never return a token again that Octopus did not take.

        :param token: that :meth:`login` returned
        """
        self._refused = token


class _Slot:
    """One token and the lock under which it is fetched."""

    def __init__(self):
        self.lock = threading.Lock()
        self.token: str | None = None
        self.expires = 0.0


@dataclass
class Loan:
    """A token that one user has for itself: a session cannot be shared."""

    token: str
    expires: float


class TokenCache:
    """Tokens by key, each until shortly before its end.

    Those that :meth:`get` returns are shared; those that :meth:`lend` returns are with
    one user at a time.

    :param clock: monotonic seconds
    :param lifetime: seconds a token is good for
    :param margin: seconds before its end from which it is no longer used
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        lifetime: float = LIFETIME,
        margin: float = MARGIN,
    ):
        self._clock = clock
        self._lifetime = lifetime - margin
        self._slots: dict[Hashable, _Slot] = {}
        self._idle: dict[Hashable, list[Loan]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, fetch: Callable[[], str | Loan]) -> str:
        """Return the token of ``key``, fetched when there is no fresh one."""
        slot = self._slot(key)
        with slot.lock:
            if slot.token is None or self._clock() >= slot.expires:
                asked = self._clock()
                slot.token = None
                fetched = fetch()
                if not isinstance(fetched, Loan):
                    fetched = Loan(fetched, asked + self._lifetime)
                slot.token, slot.expires = fetched.token, fetched.expires
            return slot.token

    def drop(self, key: Hashable, token: str) -> None:
        """Forget ``token``, unless another thread has replaced it already."""
        slot = self._slot(key)
        with slot.lock:
            if slot.token == token:
                slot.token = None

    def lend(
        self, key: Hashable, fetch: Callable[[], str], fresh: bool = False
    ) -> Loan:
        """Return a token of ``key`` that nobody else has, fetched when there is none.

        It is nobody else's until :meth:`give_back`; one that is not given back is
        forgotten. ``fresh``: those that were kept are no good, fetch a new one.
        """
        with self._lock:
            if fresh:
                self._idle.pop(key, None)
            idle = self._idle.get(key, [])
            while idle:
                loan = idle.pop()
                if self._clock() < loan.expires:
                    return loan
        asked = self._clock()
        return Loan(fetch(), asked + self._lifetime)

    def give_back(self, key: Hashable, loan: Loan) -> None:
        """Let others use the token of a loan.

        :param key: under which it was lent
        :param loan: what :meth:`lend` returned; the caller uses it no more
        """
        with self._lock:
            self._idle.setdefault(key, []).append(loan)

    def clear(self) -> None:
        """Forget every token; a login that is under way keeps its own."""
        with self._lock:
            self._slots.clear()
            self._idle.clear()

    def tokens(self) -> tuple[str, ...]:
        """Return the tokens that are held, for masking them."""
        with self._lock:
            slots = tuple(self._slots.values())
            idle = tuple(loan.token for loans in self._idle.values() for loan in loans)
        return (*(slot.token for slot in slots if slot.token), *idle)

    def _slot(self, key):
        with self._lock:
            return self._slots.setdefault(key, _Slot())
