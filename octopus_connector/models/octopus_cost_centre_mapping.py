from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..core.find_cost_centre import Centre, find_cost_centre
from ..sync.cost_centres import read_cost_centres
from .octopus_mapping_mixin import OWNERS


class OctopusCostCentreMapping(models.Model):
    """Analytic account of Odoo → cost centre of Octopus.

    The accounts are those of the one plan that the company chose. Cost centres are
    chosen, never created: the accountant decides which there are.
    """

    _name = "octopus.cost.centre.mapping"
    _description = "Octopus Cost Centre Mapping"
    _inherit = ["octopus.mapping.mixin"]
    _rec_name = "analytic_account_id"
    _action = "octopus_connector.action_octopus_cost_centre_mapping"
    _choices = ("cost_centre_id", "no_cost_centre")
    _looked_up = ("analytic_account_id", "cost_centre_id")
    _octopus_filled_in = frozenset((*OWNERS, *_looked_up, "no_cost_centre"))

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        required=True,
        index=True,
        ondelete="cascade",
        help="The analytic account of Odoo, of the plan that the settings name.",
    )
    analytic_code = fields.Char(
        string="Code",
        compute="_compute_analytic_code",
        compute_sudo=True,
        help="The reference of the analytic account.",
    )
    cost_centre_id = fields.Many2one(
        "octopus.cost.centre",
        string="Cost centre",
        help="The cost centre of Octopus that lines of this analytic account get. One"
        " that is missing is made by the accountant, in Octopus.",
    )
    no_cost_centre = fields.Boolean(
        string="No cost centre",
        help="Lines of this analytic account get no cost centre in Octopus.",
    )

    _account_uniq = models.Constraint(
        "UNIQUE(company_id, dossier_id, analytic_account_id)",
        "An analytic account has one mapping per company and dossier.",
    )

    @api.depends("analytic_account_id")
    def _compute_analytic_code(self):
        for mapping in self:
            mapping.analytic_code = mapping.analytic_account_id.code

    @api.depends("analytic_account_id")
    def _compute_display_name(self):
        # Who sends documents need not see the analytic accounting.
        for mapping in self:
            mapping.display_name = mapping.sudo().analytic_account_id.display_name

    @api.constrains("analytic_account_id", "cost_centre_id", "company_id", "dossier_id")
    def _check_records(self):
        self._check_dossier("cost_centre_id")
        self._check_companies(
            "analytic_account_id",
            lambda account: account.company_id or self.company_id,
        )

    @api.constrains("cost_centre_id", "no_cost_centre")
    def _check_one_choice(self):
        if both := self.filtered(lambda row: row.cost_centre_id and row.no_cost_centre):
            raise ValidationError(
                self.env._(
                    "%(name)s has a cost centre or none, not both.",
                    name=both[0].display_name,
                )
            )

    @api.onchange("cost_centre_id")
    def _onchange_cost_centre_id(self):
        if self.cost_centre_id:
            self.no_cost_centre = False

    @api.onchange("no_cost_centre")
    def _onchange_no_cost_centre(self):
        if self.no_cost_centre:
            self.cost_centre_id = False

    def write(self, vals):
        # EXTENDS 'octopus.mapping.mixin': the one choice takes the other back
        if vals.get("cost_centre_id"):
            vals = {"no_cost_centre": False, **vals}
        elif vals.get("no_cost_centre"):
            vals = {"cost_centre_id": False, **vals}
        return super().write(vals)

    def _is_filled(self):
        return bool(self.cost_centre_id or self.no_cost_centre)

    @api.model
    @api.private
    def lookup(self, settings):
        """Return what was accepted for a company with settings.

        :return: ``{analytic account id: octopus.cost.centre}``, an empty record for
            those that have none by choice
        """
        rows = self._accepted(settings)
        return {row.analytic_account_id.id: row.cost_centre_id for row in rows}

    @api.model
    @api.private
    def of_accounts(self, settings, accounts):
        """Return the rows of these analytic accounts, accepted or not, in sudo."""
        domain = self._domain_of(settings) & Domain(
            "analytic_account_id", "in", accounts.ids
        )
        return self.sudo().search(domain)

    @api.model
    @api.private
    def of_plan(self, plan):
        """Return the analytic accounts of a plan and of those below it, archived ones
        too, in sudo.

        :param plan: ``account.analytic.plan``, maybe empty
        """
        accounts = self.env["account.analytic.account"].sudo()
        if not plan:
            return accounts
        return accounts.with_context(active_test=False).search(
            [("plan_id", "child_of", plan.ids)]
        )

    def _key(self):
        return self.analytic_account_id.id

    @api.private
    def used_in(self):
        # OVERRIDES 'octopus.mapping.mixin'
        used = self.analytic_account_id.ids
        return Domain("distribution_analytic_account_ids", "in", used)

    @api.model
    def _key_vals(self, key):
        return {"analytic_account_id": key}

    # Proposals

    @api.model
    @api.private
    def propose_for(self, settings):
        """Propose a cost centre for each analytic account of the plan, by its code and
        its name; without a plan there is nothing to propose.

        Rows that were accepted stay; an account without counterpart becomes a row to
        fill in.
        """
        settings = settings.sudo()
        served = settings.octopus_companies()
        accounts = self.of_plan(settings.octopus_cost_plan_id).filtered(
            lambda row: row.active and row.company_id <= served | served.parent_ids
        )
        centres = [
            Centre(row.octopus_id, row.names())
            for row in settings.octopus_dossier_id.cost_centre_ids
            if not row.closed
        ]
        proposals = {row.id: self._proposal(settings, row, centres) for row in accounts}
        return self._store(settings, proposals)

    def _proposal(self, settings, account, centres):
        found = find_cost_centre(account.code or "", self._names(account), centres)
        values = {"name": found.name, "number": str(found.number or "")}
        if found.several:
            values["centres"] = list(found.several)
        known = settings.octopus_dossier_id.cost_centre_ids
        centre = known.filtered(lambda row: row.octopus_id == found.number)
        return {
            "cost_centre_id": centre.id,
            "state": "proposed" if centre else "missing",
            "reason": {"code": found.reason, "values": values},
        }

    def action_propose(self):
        """Read the cost centres, as far as the day allows, and propose again."""
        self.check_access("create")
        settings = self.env.company.octopus_settings()
        if settings.octopus_cost_plan_id and settings.octopus_dossier_id:
            read_cost_centres(settings.octopus_dossier_id)
        return super().action_propose()
