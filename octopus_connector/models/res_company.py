from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..groups import MANAGER, USER, require
from ..prepare.banks import banks_of
from ..prepare.check_settings import (
    check_accounts,
    check_journals,
    check_number_policy,
    check_start_date,
    check_suspense,
)
from ..prepare.settings import (
    ACCOUNT_FIELDS,
    JOURNAL_FIELDS,
    SETTINGS,
    carried_over,
    changed_settings,
    setting_texts,
)
from ..sync.payments.clearing_journal import make_clearing_journal
from ..sync.scheduled import activate_crons

# What begins or ends a link with a dossier.
OF_THE_LINK = {"octopus_dossier_id", "octopus_enabled"}


class ResCompany(models.Model):
    """Octopus settings live on the company; a branch may have its own.

    The fields that are chosen for documents and payments stand in
    ``octopus.company.settings.mixin``.
    """

    # With a second parent Odoo wants the name, though it is its own model.
    _name = "res.company"
    _inherit = [
        "res.company",
        "octopus.company.settings.mixin",
        "octopus.kinds.mixin",
    ]
    _octopus_filled_in = frozenset((*SETTINGS, "octopus_separate_settings"))
    _octopus_filled_in_by = MANAGER

    octopus_enabled = fields.Boolean(
        string="Octopus",
        help="Documents of this company go to Octopus. Switched off, nothing is sent or"
        " read, and everything stays as it is.",
        groups=USER,
    )
    octopus_separate_settings = fields.Boolean(
        string="Separate accounting settings apply to this branch",
        help="The branch has settings of its own. They start as those of the company"
        " above, and no longer follow it.",
        groups=USER,
    )
    octopus_settings_company_id = fields.Many2one(
        "res.company",
        string="Octopus settings of",
        compute="_compute_octopus_settings_company_id",
        compute_sudo=True,
        recursive=True,
        store=True,
        index=True,
        help="The company whose Octopus settings hold here: this one, or the nearest"
        " company above that has settings of its own.",
        groups=USER,
    )
    octopus_status = fields.Selection(
        [
            ("off", "Octopus is off"),
            ("unlinked", "Not yet linked to a dossier"),
            ("unconnected", "Not yet connected"),
            ("connected", "Connected"),
        ],
        string="Octopus status",
        help="Whether documents of this company can go to Octopus now.",
        compute="_compute_octopus_status",
        compute_sudo=True,
        groups=USER,
    )
    octopus_dossier_id = fields.Many2one(
        "octopus.dossier",
        string="Octopus dossier",
        help="The dossier in Octopus that this company books in.",
        copy=False,
        index="btree_not_null",
        groups=USER,
    )

    @api.depends("parent_id.octopus_settings_company_id", "octopus_separate_settings")
    def _compute_octopus_settings_company_id(self):
        for company in self:
            holder = company
            if company.parent_id and not company.octopus_separate_settings:
                holder = company.parent_id.octopus_settings_company_id
            company.octopus_settings_company_id = holder

    @api.depends(
        "octopus_settings_company_id.octopus_enabled",
        "octopus_settings_company_id.octopus_dossier_id.active",
        "octopus_settings_company_id.octopus_dossier_id.connection_id.active",
        "octopus_settings_company_id.octopus_dossier_id.connection_state",
    )
    def _compute_octopus_status(self):
        for company in self:
            holder = company.octopus_settings_company_id
            dossier = holder.octopus_dossier_id
            if not holder.octopus_enabled:
                company.octopus_status = "off"
            elif not dossier:
                company.octopus_status = "unlinked"
            elif dossier.is_ready() and dossier.connection_state == "connected":
                company.octopus_status = "connected"
            else:
                company.octopus_status = "unconnected"

    # Checks

    @api.constrains("octopus_dossier_id", *JOURNAL_FIELDS.values())
    def _check_octopus_journals(self):
        for company in self.sudo():
            check_journals(company)

    @api.constrains("octopus_dossier_id", *ACCOUNT_FIELDS)
    def _check_octopus_accounts(self):
        for company in self.sudo():
            check_accounts(company)

    @api.constrains("octopus_dossier_id", "octopus_start_date")
    def _check_octopus_start_date(self):
        for company in self.sudo().filtered("octopus_start_date"):
            check_start_date(company)

    @api.constrains("octopus_number_policy", "octopus_receipts")
    def _check_octopus_number_policy(self):
        for company in self.sudo():
            check_number_policy(company)

    @api.constrains("octopus_unknown_account_policy", "octopus_suspense_account_id")
    def _check_octopus_suspense(self):
        for company in self.sudo():
            check_suspense(company)

    # Access

    @api.private
    def octopus_check_companies(self):
        """Let nobody decide for companies in which they do not work.

        The one place that says whose decisions are whose: who acts on something that
        several companies share, a dossier, a plan, a connection, must work in all of
        them, whichever are ticked now. Code in sudo decides for everybody.

        :raises AccessError: one of these is not among the companies of the user
        """
        if self.env.su or not self - self.env.user.company_ids:
            return
        raise AccessError(
            self.env._(
                "This also concerns companies in which you do not work. Ask somebody"
                " who works in all companies that share this dossier or connection."
            )
        )

    # CRUD, inherited methods

    def write(self, vals):
        if not any(name.startswith("octopus_") for name in vals):
            return super().write(vals)
        self.octopus_check_companies()
        self._octopus_check_dossier_access(vals)
        told = setting_texts(self, vals)
        another = self.browse().sudo()
        if "octopus_dossier_id" in vals:
            another = self.sudo().filtered(
                lambda row: row.octopus_dossier_id.id != vals["octopus_dossier_id"]
            )
        vals = self._octopus_with_dossier(vals)
        starting = self.browse()
        if vals.get("octopus_separate_settings"):
            starting = self.filtered(lambda row: not row.octopus_separate_settings)
        holders = {row: row.sudo().octopus_settings_company_id for row in starting}
        kept = self.env["account.journal"]
        if "octopus_payment_owner" in vals:
            kept = banks_of(self)._octopus_kept_in_odoo()
        written = super().write(vals)
        if another and "octopus_payments_accepted" not in vals:
            # The first payments of another dossier are looked at anew.
            another.octopus_payments_accepted = False
        for company, holder in holders.items():
            company._octopus_copy_settings(holder, vals)
        if OF_THE_LINK.intersection(vals):
            activate_crons(self.sudo().octopus_dossier_id)
        self._octopus_begin_payments(vals, kept)
        self.env["octopus.outbox.mixin"].wake_all(self.sudo().octopus_dossier_id)
        if vals.keys() & set(JOURNAL_FIELDS.values()):
            self.env["octopus.rehearsal"].follow_journals(self)
        self._octopus_note_settings(told)
        return written

    def _octopus_begin_payments(self, vals, kept):
        """Follow a change of who keeps the payments, or of the dossier.

        :param kept: ``account.journal`` of which Odoo kept the payments until now
        """
        if vals.get("octopus_payment_owner") == "octopus":
            for company in self.sudo():
                make_clearing_journal(company)
        if "octopus_payment_owner" in vals:
            banks_of(self)._octopus_note_owner(kept)
        elif OF_THE_LINK.intersection(vals):
            banks_of(self)._octopus_start_payments()

    def _octopus_check_dossier_access(self, vals):
        """Let nobody link a dossier that they may not see."""
        if vals.get("octopus_dossier_id"):
            dossiers = self.env["octopus.dossier"].browse(vals["octopus_dossier_id"])
            dossiers.check_access("read")

    # Who changes settings

    def _octopus_check_administrator(self):
        """Let only Octopus administrators change these companies' settings.

        :raises AccessError: somebody else does, or may not see one of the companies
        """
        self.check_access("read")
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators change the settings of Octopus."),
        )

    @api.private
    def octopus_write_settings(self, values):
        """Change settings for an Octopus administrator, who need not be one of Odoo.

        :param values: as for ``write``, settings only
        :raises AccessError: somebody else asks, or may not see what is chosen
        """
        self._octopus_check_administrator()
        self.octopus_check_companies()
        for name, value in values.items():
            if name not in self._octopus_filled_in:
                raise AccessError(
                    self.env._("%(field)s is no setting of Octopus.", field=name)
                )
            if self._fields[name].relational:
                chosen = self._fields[name].convert_to_record(
                    self._fields[name].convert_to_cache(value, self), self
                )
                chosen.check_access("read")
        self.sudo().write(values)

    def _octopus_note_settings(self, before):
        """Write in the history of the dossier who changed which setting."""
        for company, (dossier, texts) in before.items():
            changes = changed_settings(company, texts)
            if not changes:
                continue
            note = self.env._(
                "Settings of %(company)s: %(changes)s.",
                company=company.name,
                changes="; ".join(changes),
            )
            concerned = dossier | company.octopus_dossier_id
            concerned._message_log_batch(dict.fromkeys(concerned.ids, note))

    def _octopus_copy_settings(self, former, chosen):
        """Start a branch's own settings as those it had: ticking the box alone changes
        nothing for its documents."""
        self.ensure_one()
        if former == self:
            return
        self.sudo().write(
            {
                name: self._fields[name].convert_to_write(former[name], former)
                for name in SETTINGS
                if name not in chosen
            }
        )

    def _octopus_with_dossier(self, vals):
        """Complete a change of dossier with the same journals and accounts there.

        What is chosen in the same write stays as it is chosen.
        """
        if "octopus_dossier_id" not in vals or len(self) != 1:
            return vals
        dossier = self.env["octopus.dossier"].sudo().browse(vals["octopus_dossier_id"])
        if dossier == self.sudo().octopus_dossier_id:
            return vals
        return {**carried_over(self, dossier), **vals}

    # Whose settings hold

    @api.private
    def octopus_settings(self):
        """Return the company whose Octopus settings hold for this one.

        The one way to every setting. The result is in sudo, because people of a branch
        may not read the company above; it is empty when Octopus is switched off there.
        """
        self.ensure_one()
        holder = self.sudo().octopus_settings_company_id
        return holder if holder.octopus_enabled else holder.browse()

    @api.private
    def octopus_companies(self):
        """Return the companies whose settings are those of these: the other way round
        of ``octopus_settings``, in sudo."""
        return self.sudo().search(self.octopus_companies_domain())

    @api.private
    def octopus_companies_domain(self):
        """Return the domain of ``octopus_companies``."""
        holders = self.sudo().filtered("octopus_enabled")
        return Domain("octopus_settings_company_id", "in", holders.ids)

    @api.private
    def octopus_dossier(self):
        """Return the dossier that this company's documents go to, maybe empty."""
        return self.octopus_settings().octopus_dossier_id

    # Actions

    def action_octopus_setup(self):
        """Open the set-up for the company whose settings hold here.

        :raises AccessError: the user is no Octopus administrator, or not of the company
        """
        self.ensure_one()
        self._octopus_check_administrator()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_setup"
        )
        holder = self.octopus_settings_company_id
        return {**action, "context": {"default_company_id": holder.id}}

    def action_octopus_refresh(self):
        """Read the dossier of this company or branch again, with its bookyears.

        :raises UserError: it is linked to none
        """
        self.ensure_one()
        self._octopus_check_administrator()
        dossier = self.octopus_dossier().with_env(self.env)
        if not dossier:
            raise UserError(
                self.env._(
                    "%(company)s is not linked to an Octopus dossier.",
                    company=self.name,
                )
            )
        return dossier.action_refresh()

    def action_octopus_settings(self):
        """Open the settings of Octopus of this company or branch."""
        self.ensure_one()
        self._octopus_check_administrator()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_settings"
        )
        return {**action, "context": {"default_company_id": self.id}}

    def action_octopus_disconnect(self):
        """Ask whether the link may end."""
        self.ensure_one()
        return self.env["octopus.disconnect"]._open_for(
            self.octopus_settings_company_id
        )
