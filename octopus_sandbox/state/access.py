"""Who may come in, and into which dossier."""

from .codes import Code
from .errors import NotAuthenticated, NothingFound, Refusal, WebServiceOff

LOGIN, DOSSIER = "login", "dossier"


class Access:
    """Logs users in and opens dossiers; both give a token (docs/octopus.md §1)."""

    def __init__(self, logins, dossiers, tokens, clock, switches):
        self.logins = logins
        self.dossiers = dossiers
        self.tokens = tokens
        self.clock = clock
        self.switches = switches
        self._open = {}

    def authenticate(self, user, password, software_house, address="x.x.x.x"):
        """Token of a login.

        Raises :class:`NotAuthenticated` (without a code, as recorded) or
        :class:`WebServiceOff`.
        """
        login = self.logins.get(user)
        known = login and login.password == password
        if not known or login.software_house != software_house:
            if login:
                login.failed_attempts += 1
            raise NotAuthenticated(
                None,
                "Incrementing failed login attempt count for user "
                f"{user}, IP address {address}. ",
            )
        if not login.web_service:
            raise WebServiceOff(
                Code.NO_ACCESS_TO_DOSSIER, f"Web service not active for user {user}"
            )
        return self.tokens.issue(self.clock.now(), kind=LOGIN, user=user)

    def whoami(self, token):
        """The login of a token."""
        return self._login(self.read(token, LOGIN))

    def dossiers_of(self, token):
        """The dossiers that the login may use."""
        login = self._login(self.read(token, LOGIN))
        return [self.dossiers[number] for number in login.dossiers]

    def hides_key(self, dossier):
        """Whether the list of dossiers leaves out the key of one (switch
        ``disabled_dossier``)."""
        return dossier.disabled and self.switches["disabled_dossier"] == "without_key"

    def open_dossier(self, token, dossier_id, locale=0):
        """Token of a dossier. Raises :class:`Refusal` or :class:`NothingFound`."""
        login = self._login(self.read(token, LOGIN))
        dossier = self.dossiers.get(dossier_id)
        if not dossier:
            raise NothingFound("Dossier not found")
        if dossier_id not in login.dossiers:
            raise Refusal(Code.NO_ACCESS_TO_DOSSIER, f"No access to {dossier_id}")
        dossier.check_enabled()
        self._refuse_second(dossier_id)
        self._open[dossier_id] = self.tokens.issue(
            self.clock.now(),
            kind=DOSSIER,
            user=login.user,
            dossier=dossier_id,
            locale=locale,
        )
        return self._open[dossier_id]

    def close_dossier(self, dossier_id):
        """The dossier is no longer open to anybody (SOAP only)."""
        self._open.pop(dossier_id, None)

    def read(self, token, kind):
        """Claims of a token of the given kind.

        Raises TokenInvalid or TokenExpired (:mod:`.tokens`), or
        :class:`NotAuthenticated` for an empty token or one of the other kind.
        """
        sliding = self.switches["token_lifetime"] == "sliding"
        claims = token and self.tokens.read(token, self.clock.now(), sliding)
        if not claims or claims["kind"] != kind:
            raise NotAuthenticated(Code.INVALID_PARAMETER, "Empty access token")
        return claims

    def _login(self, claims):
        login = self.logins.get(claims["user"])
        if not login:
            raise NothingFound("User not found")
        return login

    def _refuse_second(self, dossier_id):
        """Only one living token of a dossier (switch ``parallel_tokens``)."""
        token = self._open.get(dossier_id)
        refused = self.switches["parallel_tokens"] == "refused"
        if token and refused and self.tokens.is_alive(token, self.clock.now()):
            raise Refusal(Code.TOO_MANY_CONNECTIONS, "Dossier is open elsewhere")
