from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.base.models.res_partner import _lang_get

from ..models.octopus_accountant_link import DAYS

# In the context of the action that shows an address; it is written nowhere.
SHOWN = "octopus_accountant_address"
LONGEST = 400


class OctopusAccountantAccess(models.TransientModel):
    """Make a link to the accountant's page, and show it once."""

    _name = "octopus.accountant.access"
    _description = "New Link for the Accountant"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("partner_id", "lang", "days")

    dossier_id = fields.Many2one("octopus.dossier", required=True, readonly=True)
    link_id = fields.Many2one("octopus.accountant.link", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Accountant")
    lang = fields.Selection(
        _lang_get, string="Language", default=lambda self: self.env.lang
    )
    days = fields.Integer(string="Good for (days)", default=DAYS)
    address = fields.Char(string="Link", compute="_compute_address")

    @api.depends_context(SHOWN)
    def _compute_address(self):
        self.address = self.env.context.get(SHOWN)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        self.lang = self.partner_id.lang or self.lang

    @api.model
    def _open(self, dossier):
        """Return the action that asks who gets a link to the page of a dossier."""
        return self._open_dialog(
            self.env._("Link for the accountant"), {"dossier_id": dossier.id}
        )

    @api.model
    def _show(self, link):
        """Return the action that shows a new address of a link, once."""
        values = {"dossier_id": link.dossier_id.id, "link_id": link.id}
        action = self._open_dialog(self.env._("Link for the accountant"), values)
        return {**action, "context": {SHOWN: link.make_address()}}

    def action_make(self):
        """Make the link, and show its address."""
        self.ensure_one()
        dossier = self.dossier_id
        dossier.check_access("read")
        dossier.octopus_check_gives_access()
        # Who makes it gets no copy of the mails: those hold no link for others.
        links = self.env["octopus.accountant.link"].sudo()
        links = links.with_context(mail_create_nosubscribe=True)
        link = links.create(self._values())
        return self._show(link)

    def _values(self):
        """Return the values of the link.

        :raises UserError: the answers do not do
        """
        partner = self.partner_id
        if not partner or not email_normalize(partner.email):
            raise UserError(
                self.env._(
                    "Choose the accountant: a contact with one e-mail address. Its"
                    " mails hold the link, and no others."
                )
            )
        if not 1 <= self.days <= LONGEST:
            raise UserError(
                self.env._("A link is good for 1 to %(most)s days.", most=LONGEST)
            )
        return {
            "dossier_id": self.dossier_id.id,
            "name": partner.display_name,
            "partner_id": partner.id,
            "email": email_normalize(partner.email),
            "lang": self.lang or self.env.lang,
            "expires_at": fields.Datetime.add(fields.Datetime.now(), days=self.days),
        }

    def action_mail(self):
        """Open the mail that brings the link."""
        if not self.link_id:
            raise UserError(self.env._("Make the link first."))
        return self.link_id.with_env(self.env).action_mail()
