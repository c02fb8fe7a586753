from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from odoo.tools import plaintext2html

from ..core.findings import FindingError
from ..sync.oauth import RETURN_PATH, finish

CONNECTIONS = "/odoo/action-octopus_connector.action_octopus_connection"
SETUP = "/odoo/action-octopus_connector.action_octopus_setup"


class OAuthController(http.Controller):
    """Where Octopus sends the browser back to."""

    @http.route(RETURN_PATH, type="http", auth="user", methods=["GET"])
    def octopus_oauth_return(self, state=None, code=None, error=None, **_more):
        """Connect, and show the connection or go on with the set-up.

        :param state: as it was signed
        :param code: good once, for five minutes
        :param error: instead of a code
        """
        try:
            connection, setup = finish(request.env, state, code, error)
        except (AccessError, UserError) as refused:
            return self._refused(plaintext2html(str(refused)))
        except FindingError as stopped:
            told = [finding.as_json() for finding in stopped.findings]
            return self._refused(request.env["octopus.finding"]._html(told))
        if setup and connection.state == "connected":
            return request.redirect(SETUP)
        return request.redirect(f"{CONNECTIONS}/{connection.id}")

    def _refused(self, html):
        """Say in words why nothing came of it, on a page that keeps the code from
        going anywhere else."""
        answer = request.render(
            "octopus_connector.oauth_refused",
            {"html": html, "back": CONNECTIONS},
            status=400,
        )
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-store"
        return answer
