"""The sessions that the cookie names (docs/octopus.md §7)."""

import datetime
import secrets
from dataclasses import dataclass

from ..state.access import LOGIN
from ..state.codes import Code
from ..state.errors import NotAuthenticated, Refusal
from ..state.texts import LOCALES

COOKIE = "JSESSIONID"


@dataclass
class Session:
    """Who is logged in, which dossier is open, and what went wrong last.

    ``serial`` is that of the login, so that whatever ends tokens ends sessions too.
    """

    key: str
    used: datetime.datetime
    user: str = ""
    serial: int = 0
    dossier: int = 0
    locale: int = 0
    last_error: str = ""


class Sessions:
    """The sessions of one world, kept in memory only."""

    def __init__(self, world):
        self.world = world
        self._state = world.state
        self._sessions = {}

    def of(self, key):
        """The session of a cookie; a new one when there is none, or none any more."""
        if self._state is not self.world.state:
            # Everything started anew.
            self._state = self.world.state
            self._sessions.clear()
        now = self.world.clock.now()
        session = self._sessions.get(key)
        if not session or self._is_over(session, now):
            self._sessions.pop(key, None)
            session = Session(secrets.token_hex(16).upper(), now)
            self._sessions[session.key] = session
        session.used = now
        return session

    def forget(self, session):
        """End a session."""
        self._sessions.pop(session.key, None)

    def log_in(self, session, software_house, user, password):
        """Raises :class:`~octopus_sandbox.state.errors.Refusal`, always with a code."""
        try:
            self.world.access.authenticate(user, password, software_house)
        except NotAuthenticated as no:
            raise Refusal(Code.INVALID_LOGIN, no.technical) from no
        session.user, session.dossier = user, 0
        session.serial = self.world.state.tokens.serial

    def token(self, session):
        """A login token of the session's user.

        Raises :class:`~octopus_sandbox.state.errors.Refusal` when nobody is logged in.
        """
        if not session.user:
            raise Refusal(Code.NOT_AUTHENTICATED, "Not authenticated")
        now = self.world.clock.now()
        return self.world.state.tokens.issue(now, kind=LOGIN, user=session.user)

    def books(self, session):
        """The books of the open dossier; Refusal when none is open."""
        if not session.user:
            raise Refusal(Code.NOT_AUTHENTICATED, "Not authenticated")
        books = self.world.books.get(session.dossier)
        if not books:
            raise Refusal(Code.NO_DOSSIER_OPEN, "No dossier open")
        books.dossier.check_enabled()
        return books

    def language(self, session):
        """The language of the texts: chosen, else the dossier's own."""
        books = self.world.books.get(session.dossier)
        own = books.dossier.language.upper() if books else "NL"
        return LOCALES.get(session.locale, own)

    def _is_over(self, session, now):
        minutes = self.world.switches["soap_session_minutes"]
        if now - session.used >= datetime.timedelta(minutes=minutes):
            return True
        ended = self.world.state.tokens.valid_from
        return bool(session.user) and session.serial <= ended
