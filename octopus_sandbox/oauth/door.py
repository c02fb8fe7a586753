"""OAuth 2.0, authorization code (docs/octopus.md §1): two addresses, of which one is a
page for people and one is for software."""

import json
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Response

from .. import mischief
from ..state.errors import NotAuthenticated, WebServiceOff
from ..state.oauth import GrantRefused
from ..state.tokens import TokenExpired, TokenInvalid
from ..world import Call as CallRecord
from . import pages

PREFIX = "/octopus-oauth"
AUTHORIZE = "/authorize"
ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state")
CODE, REFRESH = "authorization_code", "refresh_token"
# As the switch ``oauth_keys`` says: access, refresh, seconds, type.
KEYS = {
    "rfc": ("access_token", "refresh_token", "expires_in", "token_type"),
    "camel": ("accessToken", "refreshToken", "expiresIn", "tokenType"),
}
OPERATION = "oauthToken"


class OAuthDoor:
    """The OAuth addresses of one world."""

    def __init__(self, world):
        self.world = world

    def handle(self, request, path):
        """The response to a request for ``path`` below the prefix.

        Raises :class:`~octopus_sandbox.wire.Cut` when a fault cuts the connection.
        """
        if path == AUTHORIZE:
            with self.world.lock:
                return self._authorize(request)
        if path != f"/{self.world.switches['oauth_path']}" or request.method != "POST":
            return Response("Not found", 404)
        fault = self.world.faults.take(OPERATION, 0)

        def process():
            with self.world.lock:
                return self._give_token(request)

        return mischief.around(self.world.faults, fault, process)

    # -- the page ------------------------------------------------------------

    def _authorize(self, request):
        asked = {name: request.values.get(name, "") for name in ASKED}
        wrong = self._wrong(asked)
        if wrong:
            self.world.violate("oauthAuthorize", wrong)
            return _html(pages.problem(wrong), 400)
        if request.method == "GET":
            return _html(pages.login(asked))
        act = request.form.get("act")
        try:
            if act == "login":
                return self._login(request, asked)
            user = self.world.grants.user_of(
                request.form.get("session"), asked["client_id"]
            )
        except (NotAuthenticated, WebServiceOff, TokenExpired, TokenInvalid):
            return _html(pages.login(asked, "User or password is wrong."), 401)
        if act == "allow":
            return self._back(asked, user)
        return _redirect(asked, error="access_denied")

    def _wrong(self, asked):
        """Why the browser cannot be sent back with an answer, if so."""
        if asked["response_type"] != "code":
            return "response_type must be code"
        if asked["scope"] != "webservice":
            return "scope must be webservice"
        if not asked["state"]:
            return "state is missing"
        grants = self.world.grants
        if not grants.knows(asked["client_id"]):
            return "No software house has this client_id"
        target = asked["redirect_uri"]
        if not urlsplit(target).netloc or not grants.accepts(
            asked["client_id"], target
        ):
            return "redirect_uri is not registered for this software house"
        return ""

    def _login(self, request, asked):
        user, client = request.form.get("user"), asked["client_id"]
        grants = self.world.grants
        grants.login(user, request.form.get("password"), client)
        if grants.is_granted(user, client):
            return self._back(asked, user)
        login = self.world.state.logins[user]
        dossiers = [self.world.state.dossiers[number] for number in login.dossiers]
        session = grants.session(user, client)
        return _html(pages.grant(asked, user, dossiers, session))

    def _back(self, asked, user):
        code = self.world.grants.give_code(
            user, asked["client_id"], asked["redirect_uri"]
        )
        self.world.save()
        return _redirect(asked, code=code)

    # -- the token -----------------------------------------------------------

    def _give_token(self, request):
        fields = self._fields(request)
        if fields is None:
            return self._answer(400, {"error": "invalid_request"})
        kind, client = fields.get("grant_type"), fields.get("client_id", "")
        try:
            if kind == CODE:
                given = self._exchange(fields, client)
            elif kind == REFRESH:
                token = fields.get("refresh_token", "")
                given = self.world.grants.refresh(token, client)
            else:
                return self._answer(400, {"error": "unsupported_grant_type"})
        except GrantRefused as refused:
            return self._answer(
                int(self.world.switches["oauth_refused"]),
                {"error": "invalid_grant", "error_description": str(refused)},
            )
        self.world.save()
        return self._answer(200, self._named(*given))

    def _fields(self, request):
        """The fields of the request, None when they do not come as the switch says."""
        as_json = request.mimetype == "application/json"
        if as_json != (self.world.switches["oauth_body"] == "json"):
            return None
        if not as_json:
            return request.form.to_dict()
        try:
            fields = json.loads(request.get_data())
        except ValueError:
            return None
        return fields if isinstance(fields, dict) else None

    def _exchange(self, fields, client):
        redirect_uri = fields.get("redirect_uri")
        if self.world.switches["oauth_redirect_uri"] == "required":
            redirect_uri = redirect_uri or ""
        return self.world.grants.exchange(fields.get("code"), client, redirect_uri)

    def _named(self, access, refresh):
        names = KEYS[self.world.switches["oauth_keys"]]
        values = access, refresh, self.world.grants.lifetime, "Bearer"
        named = zip(names, values, strict=True)
        return {name: value for name, value in named if value is not None}

    def _answer(self, status, body):
        self.world.calls.append(CallRecord(OPERATION, 0, status))
        return Response(json.dumps(body), status, mimetype="application/json")


def _html(page, status=200):
    return Response(page, status, mimetype="text/html")


def _redirect(asked, **facts):
    target = asked["redirect_uri"]
    query = urlencode({**facts, "state": asked["state"]})
    joint = "&" if "?" in target else "?"
    return Response(status=302, headers={"Location": f"{target}{joint}{query}"})
