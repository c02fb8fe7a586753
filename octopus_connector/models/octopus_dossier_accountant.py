from odoo import api, fields, models

from ..groups import MANAGER, require

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class OctopusDossierAccountant(models.Model):
    """What the accountant of a dossier is sent, and who may see the page of it."""

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    accountant_link_ids = fields.One2many("octopus.accountant.link", "dossier_id")
    accountant_weekday = fields.Selection(
        WEEKDAYS,
        string="Mail to the accountant every",
        tracking=True,
        help="On this day the accountant gets a mail, if something waits for them."
        " Empty: no mail goes by itself.",
    )
    accountant_mailed_on = fields.Date(
        string="Mailed to the accountant on", readonly=True, copy=False
    )

    @api.private
    def octopus_check_gives_access(self):
        """Let only administrators of all companies of a dossier give access to it.

        :raises AccessError: somebody else does
        """
        require(
            self.env,
            MANAGER,
            self.env._(
                "Only Octopus administrators decide who sees the accountant's page."
            ),
        )
        self.sudo().company_ids.with_env(self.env).octopus_check_companies()

    def action_accountant_links(self):
        """Open the links of the accountant of this dossier."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_accountant_link"
        )
        return {
            **action,
            "domain": [("dossier_id", "=", self.id)],
            "context": {"default_dossier_id": self.id},
        }

    def action_accountant_access(self):
        """Ask who gets a link to the accountant's page."""
        self.ensure_one()
        self.check_access("read")
        self.octopus_check_gives_access()
        return self.env["octopus.accountant.access"]._open(self)

    def action_lock_dates(self):
        """Propose the lock dates of Odoo that follow what Octopus has closed."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.lock.date"]._open(self)
