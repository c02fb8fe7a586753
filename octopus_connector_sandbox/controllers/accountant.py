from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Request

from odoo.http import Controller, request, route

from odoo.addons.octopus_connector.groups import MANAGER
from odoo.addons.octopus_sandbox.control.desk import Desk

from ..pretend import NoPretendOctopus, pretend_octopus
from ..wizard.octopus_test_mode import PLACE

PAGE = "/odoo/action-octopus_connector_sandbox.action_octopus_test_mode"
DESK = f"{PLACE}/accountant"
CSRF = "csrf_token"


class Accountant(Controller):
    """The accountant's page of the pretend Octopus, and the ways to it and back."""

    @route(
        [f"{DESK}/", f"{DESK}/<path:path>"],
        type="http",
        auth="user",
        methods=["GET", "POST"],
        readonly=False,
    )
    def desk(self, path="", **_fields):
        """Show a screen of the page, or do what one of its forms says."""
        self._check()
        asked = self._request(path)
        try:
            with pretend_octopus(request.env.registry) as world:
                desk = Desk(world, {CSRF: request.csrf_token()})
                response = desk.handle(asked, path)
        except NoPretendOctopus as error:
            raise NotFound from error
        # Framing and the type of the content are Odoo's own defaults.
        headers = [
            (name, value)
            for name, value in response.headers
            if name.lower() != "content-length"
        ]
        return request.make_response(
            response.get_data(), headers, status=response.status_code
        )

    @route(f"{PLACE}/enter", type="http", auth="user")
    def enter(self):
        """Switch to the test company, as a choice in Odoo's own menu would."""
        self._check()
        company = request.env["octopus.sandbox"]._current().company_id
        return self._switch(company)

    @route(f"{PLACE}/leave", type="http", auth="user")
    def leave(self):
        """Switch to the user's own company."""
        return self._switch(request.env.user.company_id)

    def _check(self):
        if not request.env.user.has_group(MANAGER):
            raise Forbidden
        test = request.env["octopus.sandbox"]._current()
        if not test:
            raise NotFound
        if test.company_id not in request.env.user.company_ids:
            raise Forbidden

    def _request(self, path):
        """Return the request as the page would have got it at its own address."""
        came = request.httprequest
        return Request.from_values(
            f"/{path}",
            base_url=f"{came.host_url.rstrip('/')}{DESK}/",
            query_string=came.query_string.decode(),
            method=came.method,
            data=came.form if came.method == "POST" else None,
        )

    def _switch(self, company):
        response = request.redirect(PAGE)
        if company in request.env.user.company_ids:
            response.set_cookie("cids", str(company.id))
        return response
