from odoo import api, fields, models
from odoo.exceptions import UserError

from ..groups import USER
from ..prepare.settings import GOES_FIELDS
from ..send.collect_payments import collect

# What makes documents of before go that did not until then.
MORE_GO = {
    *GOES_FIELDS.values(),
    "octopus_by_hand",
    "octopus_dossier_id",
    "octopus_enabled",
    "octopus_end_date",
    "octopus_payment_owner",
    "octopus_receipts",
    "octopus_separate_settings",
    "octopus_start_date",
    "octopus_without_contact",
}
# In the context while they change.
SWITCHING = "octopus_switching"


class ResCompanyStart(models.Model):
    """From when documents of a company go, and whether they go by themselves.

    No change of a setting sends documents of before: those that were confirmed before
    it wait until somebody asks for them, here (``octopus.start``) or one by one.
    """

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    octopus_by_hand = fields.Boolean(
        string="Only when asked",
        help="Documents of this company wait until somebody sends them, though those of"
        " others in the same dossier go by themselves.",
        groups=USER,
    )
    octopus_automatic_since = fields.Datetime(
        copy=False,
        readonly=True,
        help="Documents that were confirmed in Odoo before, and payments that were"
        " made before, do not go by themselves; empty in a database in which they"
        " went before this was kept.",
        groups=USER,
    )

    def write(self, vals):
        if not MORE_GO & vals.keys():
            return super().write(vals)
        companies = self._octopus_switching()
        written = super(ResCompanyStart, companies).write(vals)
        self._octopus_begin_anew()
        return written

    def _octopus_switching(self):
        """Give payments that went by themselves until now their row, before a setting
        changes: the next pass would take them for those of before.

        :return: the companies in a context in which what a change brings along does
            not do so again, when those of before would be among them
        """
        if self.env.context.get(SWITCHING):
            return self
        holders = self.sudo().octopus_settings_company_id.filtered("octopus_enabled")
        for dossier in holders.octopus_dossier_id:
            collect(dossier.env, dossier)
        return self.with_context(**{SWITCHING: True})

    def _octopus_begin_anew(self):
        """Let what is there already not go by itself, whatever goes from now on."""
        # Not filled in by people: whoever changes the setting need not see it.
        self.sudo().octopus_automatic_since = self.env.cr.now()

    @api.private
    def octopus_is_automatic(self):
        """Whether new documents of a company with settings go by themselves."""
        return self.octopus_dossier_id.automatic and not self.octopus_by_hand

    @api.private
    def octopus_write_settings(self, values):
        """Demand a start date (``octopus_write_settings``).

        :raises UserError: a company is linked, or its date cleared, without one
        """
        before = {
            company: (company.octopus_dossier(), company.octopus_start_date)
            for company in self.sudo()
        }
        written = super().octopus_write_settings(values)
        for company, (dossier, start) in before.items():
            now = company.octopus_dossier_id
            is_asked = (now and now != dossier) or start
            if now and is_asked and not company.octopus_start_date:
                raise UserError(
                    self.env._(
                        "%(company)s: choose from which date documents go to Octopus.",
                        company=company.name,
                    )
                )
        return written

    # Actions

    def action_octopus_start(self):
        """Ask how and from when documents go.

        :raises AccessError: the user is no Octopus administrator, or not of the company
        """
        self.ensure_one()
        return self.env["octopus.start"]._open_for(self.octopus_settings_company_id)

    def action_rehearse(self):
        """Replay the documents of the last twelve months as sending would, without
        sending anything; show how far it is.

        :raises AccessError: the user is no Octopus administrator of the company
        :raises UserError: the company has no dossier
        """
        self.ensure_one()
        self._octopus_check_administrator()
        holder = self.sudo().octopus_settings()
        self.browse(holder.id or self.id).octopus_check_companies()
        if not holder.octopus_dossier_id:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        return self.env["octopus.rehearsal"]._start(holder)._get_records_action()
