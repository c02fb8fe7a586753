from odoo import http
from odoo.http import request
from odoo.tools.misc import file_path

from ..core.manual import manual_file


class OctopusManual(http.Controller):
    @http.route(
        "/octopus/manual/<string:page>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def page(self, page):
        """Lead to a page; the browser keeps the heading that the link names."""
        file = manual_file(page, request.env.lang)
        try:
            file_path(file.lstrip("/"))
        except FileNotFoundError:
            return request.not_found()
        return request.redirect(file)
