from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from ..groups import MANAGER, USER, require
from ..prepare.kinds import TYPE_OF_KIND

# So many of the newest documents are looked at for one to try.
CANDIDATES = 40
INVOICING = "account.group_account_invoice"
# Who gives software-house IDs.
OCTOPUS_SUPPORT = "support@octopus.be"
VIEWS = {"V": "account.view_out_invoice_tree", "A": "account.view_in_invoice_tree"}


class OctopusSetupStart(models.AbstractModel):
    """The last step of the set-up: a document to try, and who may send."""

    _name = "octopus.setup.start"
    _description = "Set-up of Octopus: Start"

    without_group_ids = fields.Many2many(
        "res.users",
        string="Cannot send yet",
        compute="_compute_without_group_ids",
        help="People of the company who make invoices in Odoo and do not see Octopus.",
    )

    @api.depends("company_id")
    def _compute_without_group_ids(self):
        for setup in self:
            setup.without_group_ids = setup._without_group()

    def _without_group(self):
        """Return the people of the company who invoice and are no Octopus users."""
        invoicing, user = (self.env.ref(it).sudo() for it in (INVOICING, USER))
        people = (invoicing.all_user_ids - user.all_user_ids).filtered(
            lambda person: (
                person.active
                and not person.share
                and self.company_id in person.company_ids
            )
        )
        return people.with_env(self.env)

    def action_let_them_send(self):
        """Make those who invoice for this company Octopus users."""
        self.ensure_one()
        self.check_access("write")
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators say who may send."),
        )
        self.company_id.octopus_check_companies()
        link = Command.link(self.env.ref(USER).id)
        self._without_group().sudo().write({"group_ids": [link]})
        return self._reopen()

    # A document to try

    def action_first_document(self):
        """Open the documents that would pass, newest first, to try one."""
        self.ensure_one()
        found = self._documents_to_try()
        if not found:
            raise UserError(
                self.env._(
                    "No document is ready to be sent: confirm an invoice first. If you"
                    " have confirmed ones, open one: its page Octopus says what it"
                    " lacks."
                )
            )
        kind = found[0].move_type
        letter = TYPE_OF_KIND[kind]
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "name": self.env._("Choose one document and send it"),
            "view_mode": "list,form",
            "views": [(self.env.ref(VIEWS[letter]).id, "list"), (False, "form")],
            "domain": [("id", "in", found.ids)],
            "context": {"default_move_type": kind, "create": False},
        }

    def _documents_to_try(self):
        """Return ready documents of one direction: invoices in EUR before others, and
        sales before purchases."""
        for kinds in (("out_invoice",), ("in_invoice",), ("out_refund", "in_refund")):
            for euro in (True, False):
                ready = self._ready(kinds, euro)
                if ready:
                    first = TYPE_OF_KIND[ready[0].move_type]
                    return ready.filtered(
                        lambda move, of=first: TYPE_OF_KIND[move.move_type] == of
                    )
        return self.env["account.move"]

    def _ready(self, kinds, euro):
        company = self.company_id
        goes = [kind for kind in kinds if kind in company.sudo().octopus_kinds()]
        domain = (
            Domain("company_id", "child_of", company.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", goes)
            & Domain("currency_id", "=" if euro else "!=", self.env.ref("base.EUR").id)
        )
        start = company.sudo().octopus_start_date
        if start:
            domain &= Domain("date", ">=", start)
        moves = self.env["account.move"]
        newest = moves.search(domain, order="date desc, id desc", limit=CANDIDATES)
        return newest.filtered("octopus_ready")

    # Who asks for the software-house ID

    def action_ask_for_id(self):
        """Open a mail to Octopus that asks for the software-house ID, ready to send."""
        self.ensure_one()
        self.check_access("write")
        company = self.company_id
        if not email_normalize(company.email or self.env.user.email or ""):
            raise UserError(
                self.env._(
                    "Octopus answers by mail: fill in an e-mail address first, of"
                    " %(company)s under Settings > Users & Companies > Companies, or"
                    " your own under My Preferences.",
                    company=company.name,
                )
            )
        template = self.env.ref("octopus_connector.mail_template_software_house")
        partner = company.sudo().partner_id

        def told(name):
            return template.sudo()._render_field(name, partner.ids, compute_lang=True)

        to = self.env["res.partner"].sudo().find_or_create(OCTOPUS_SUPPORT)
        # On the connection: who sets Octopus up need not be one who writes contacts.
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "name": self.env._("Ask Octopus for a software-house ID"),
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "octopus.connection",
                "default_res_ids": self.connection_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": to.ids,
                "default_subject": told("subject")[partner.id],
                "default_body": told("body_html")[partner.id],
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "force_email": True,
            },
        }
