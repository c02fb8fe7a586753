from odoo import api, fields, models
from odoo.fields import Domain

from ..api.enums import Locale
from .octopus_error_text import LOCALES


def _with_login(states):
    """Return the domain of dossiers by what their login is, whoever asks."""
    return Domain("connection_id", "any!", Domain("state", "in", list(states)))


class OctopusDossier(models.Model):
    """Whether the login may still open a dossier, in which language it is opened, and
    which currencies it knows."""

    _inherit = "octopus.dossier"

    unlisted_since = fields.Datetime(
        string="Not listed since",
        readonly=True,
        copy=False,
        help="Since when Octopus does not list the dossier for this login any more: its"
        " user lost the right to it, or the dossier was disabled.",
    )
    access_problem = fields.Json(
        readonly=True,
        copy=False,
        help="Why the dossier could not be opened, until it opens.",
    )
    access_tested_at = fields.Datetime(
        string="Last tested",
        readonly=True,
        copy=False,
        help="When it was last tried whether the login may open this dossier.",
    )
    access_text = fields.Char(
        string="Access",
        compute="_compute_access_text",
        help="Whether the login may open the dossier, as the last test showed.",
    )
    currency_codes = fields.Json(
        readonly=True,
        copy=False,
        help="The currencies that the dossier knows, by code.",
    )
    currencies_at = fields.Datetime(
        readonly=True, copy=False, help="When the list of currencies was read last."
    )

    @api.depends("connection_id.state", "unlisted_since", "access_problem")
    def _compute_connection_state(self):
        """A dossier that the login cannot open is not connected, whatever the login
        is."""
        for dossier in self:
            state = dossier.sudo().connection_id.state
            closed = dossier.unlisted_since or dossier.access_problem
            lost = state == "connected" and closed
            dossier.connection_state = "no_access" if lost else state

    @api.model
    def _search_connection_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        closed = Domain("unlisted_since", "!=", False)
        closed |= Domain("access_problem", "!=", False)
        found = _with_login(set(value) - {"connected", "no_access"})
        if "connected" in value:
            found |= _with_login(["connected"]) & ~closed
        if "no_access" in value:
            found |= _with_login(["connected"]) & closed
        return found

    @api.depends("unlisted_since", "access_problem", "access_tested_at")
    @api.depends_context("lang")
    def _compute_access_text(self):
        texts = self.env["octopus.finding"]
        for dossier in self:
            if dossier.unlisted_since:
                text = self.env._("Octopus does not list it for this user any more")
            elif dossier.access_problem:
                text = texts._texts(dossier.access_problem)["title"]
            elif dossier.access_tested_at:
                text = self.env._("Opens")
            else:
                text = self.env._("Not tested yet")
            dossier.access_text = text

    @api.private
    def note_opened(self):
        """Note that the login opened the dossier, if it was known not to."""
        dossier = self.sudo()
        if dossier.access_problem:
            dossier.write(
                {"access_problem": False, "access_tested_at": fields.Datetime.now()}
            )

    @api.private
    def locale(self):
        """Return the ``Locale`` in which the dossier is opened: the language of the
        first company that books in it, so that there is one token for everybody; that
        of the dossier itself when it is the same, or when Octopus does not know it."""
        company = self.sudo().company_ids.sorted("id")[:1]
        language = (company.partner_id.lang or "")[:2]
        own = (self.sudo().language_code or "").lower()
        return Locale.DEFAULT if language == own else LOCALES.get(language, 0)

    @api.private
    def served(self):
        """Return the companies and branches whose documents go to the dossier, in
        sudo."""
        companies = self.sudo().company_ids
        return companies.union(*(row.octopus_companies() for row in companies))

    @api.private
    def lacks_currency(self, code):
        """Return whether the dossier is known not to have a currency.

        :param str code: such as ``USD``
        """
        known = self.sudo().currency_codes
        return bool(known) and code not in known
