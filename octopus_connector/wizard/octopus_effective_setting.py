from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..groups import MANAGER, require
from ..prepare.settings import JOURNAL_FIELDS, effective

SHARED = ("octopus_dossier_id", *JOURNAL_FIELDS.values())


class OctopusEffectiveSetting(models.TransientModel):
    """Each setting of each company as it holds there: its value, where that comes from,
    and which other companies use the same dossier or journal."""

    _name = "octopus.effective.setting"
    _description = "Settings that Hold"
    _order = "path, sequence, id"
    _inherit = ["octopus.dialog.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, help="The company or branch."
    )
    path = fields.Char(
        string="Company", help="The company, below the companies above it."
    )
    sequence = fields.Integer(help="The order in which settings are shown.")
    setting = fields.Char(help="The name of the field of the setting.")
    name = fields.Char(string="Setting", help="What the settings call it.")
    value = fields.Char(help="What holds for this company.")
    holder_id = fields.Many2one(
        "res.company",
        string="Settings of",
        help="The company in whose settings it was chosen.",
    )
    inherited = fields.Boolean(help="It comes from a company above.")
    origin = fields.Char(help="Own, or inherited from a company above.")
    shared = fields.Char(
        string="Also used by",
        help="Companies that use the same dossier or journal, and do not follow this"
        " company.",
    )
    is_shared = fields.Boolean(help="Other companies use the same.")
    status = fields.Selection(
        related="company_id.octopus_status",
        help="Whether documents of this company can go to Octopus now.",
    )

    @api.model
    def action_open(self):
        """Show the settings of all companies in which the user works."""
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators look at all settings."),
        )
        self.check_access("read")
        made = self.sudo().create(self._rows(self.env.user.company_ids))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_effective_setting"
        )
        return {**action, "domain": [("id", "in", made.ids)]}

    def _rows(self, companies):
        companies = companies.sudo().sorted(_path)
        users = self._users(companies)
        labels = companies.fields_get(attributes=["string"])
        return [
            self._row(company, number, name, text, labels[name]["string"], users)
            for company in companies
            for number, (name, text) in enumerate(effective(company).items())
        ]

    def _row(self, company, sequence, name, value, label, users):
        holder = company.octopus_settings_company_id
        others = self._others(company, name, users)
        inherited = holder != company
        return {
            "company_id": company.id,
            "path": _path(company),
            "sequence": sequence,
            "setting": name,
            "name": label,
            "value": value,
            "holder_id": holder.id,
            "inherited": inherited,
            "origin": self.env._("Inherited from %(company)s", company=holder.name)
            if inherited
            else self.env._("Own"),
            "shared": ", ".join(others.mapped("name")),
            "is_shared": bool(others),
        }

    def _users(self, companies):
        """Return who uses each dossier and journal: ``{record: res.company}``."""
        users = defaultdict(companies.browse)
        for company in companies:
            for name in SHARED:
                if used := company.octopus_settings()[name]:
                    users[used] |= company
        return users

    def _others(self, company, name, users):
        settings = company.octopus_settings()
        if name not in SHARED or not settings[name]:
            return company.browse()
        return users[settings[name]] - company

    def action_open_settings(self):
        """Open the settings of the company."""
        self.ensure_one()
        self.check_access("read")
        company = self.company_id
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("%(company)s is not one of yours.", company=company.name)
            )
        return company.action_octopus_settings()


def _path(company):
    return " / ".join(company.parent_ids.mapped("name"))
