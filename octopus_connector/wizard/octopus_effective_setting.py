from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..core import codes
from ..core.findings import Finding
from ..groups import MANAGER, require
from ..notification import notification
from ..prepare.settings import JOURNAL_FIELDS, effective, effective_of_dossier
from ..sync.access import try_dossier

SHARED = ("octopus_dossier_id", *JOURNAL_FIELDS.values())
# The row that tells whether the dossier opens; it stands below the dossier.
TEST = "test"


class OctopusEffectiveSetting(models.TransientModel):
    """Each setting of each company as it holds there: its value, where that comes from,
    and which other companies use the same dossier or journal; and whether the login
    opens the company's dossier."""

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
    failed = fields.Boolean(help="The login does not open the dossier.")
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
        made = self._made_anew(self._rows(self.env.user.company_ids))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_effective_setting"
        )
        return {**action, "domain": [("id", "in", made.ids)]}

    def _made_anew(self, wanted):
        """Return the user's rows, in line with what holds now: those that are known
        stay, for they may be open in another tab.

        :param wanted: list of values
        """
        rows = self.sudo().search([("create_uid", "=", self.env.uid)])
        known = {(row.company_id.id, row.setting): row for row in rows}
        kept, new = rows.browse(), []
        for values in wanted:
            row = known.get((values["company_id"], values["setting"]))
            if row:
                # Each is written, or Odoo would clear what is shown as old.
                row.write(values)
                kept |= row
            else:
                new.append(values)
        (rows - kept).unlink()
        return kept | rows.create(new)

    def _rows(self, companies):
        companies = companies.sudo().sorted(_path)
        users = self._users(companies)
        labels = {
            name: field["string"]
            for records in (self.env["octopus.dossier"].sudo(), companies)
            for name, field in records.fields_get(attributes=["string"]).items()
        }
        rows = []
        for company in companies:
            own = [
                self._row(company, name, text, labels[name], users)
                for name, text in effective(company).items()
            ]
            dossier = company.octopus_dossier().sudo()
            if dossier:
                own.insert(2, self._test_row(company, dossier))
            for name, text in effective_of_dossier(dossier).items():
                own.append(
                    self._dossier_row(company, dossier, name, text, labels[name], users)
                )
            rows += [{**row, "sequence": place} for place, row in enumerate(own)]
        return rows

    def _test_row(self, company, dossier):
        return {
            "company_id": company.id,
            "path": _path(company),
            "setting": TEST,
            "name": self.env._("Connection test"),
            **self._tested(dossier),
        }

    def _tested(self, dossier):
        """Return what a row tells of the last test of a dossier."""
        at, text = dossier.access_tested_at, dossier.with_env(self.env).access_text
        if at:
            text = self.env._(
                "%(access)s (%(at)s)", access=text, at=format_datetime(self.env, at)
            )
        closed = bool(dossier.unlisted_since or dossier.access_problem)
        return {"value": text, "failed": closed}

    def _dossier_row(self, company, dossier, name, value, label, users):
        others = users[dossier] - company
        return {
            "company_id": company.id,
            "path": _path(company),
            "setting": name,
            "name": label,
            "value": value,
            "origin": self.env._("Of the dossier %(dossier)s", dossier=dossier.name),
            "shared": ", ".join(others.mapped("name")),
            "is_shared": bool(others),
        }

    def _row(self, company, name, value, label, users):
        holder = company.octopus_settings_company_id
        others = self._others(company, name, users)
        inherited = holder != company
        return {
            "company_id": company.id,
            "path": _path(company),
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
        return self._own_company().action_octopus_settings()

    def action_test(self):
        """Try whether the login opens the company's dossier, and show what came of
        it."""
        company = self._own_company()
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators test the connection."),
        )
        dossier = company.octopus_dossier().sudo()
        if not dossier:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        stopped = self._why_not_tested(dossier)
        if stopped:
            text = self.env["octopus.finding"].sentences(stopped.as_json())
            return notification("danger", company.name, text, sticky=True)
        untold = try_dossier(dossier)
        self._show_tests()
        if untold:
            text = self.env["octopus.finding"].sentences(untold)
            return notification("warning", company.name, text)
        told = self._tested(dossier)
        kind = "danger" if told["failed"] else "success"
        return notification(kind, company.name, told["value"], told["failed"])

    def _why_not_tested(self, dossier):
        """Return what keeps a dossier from being tried, if anything: a login that does
        not work is not tried anew for that."""
        if not dossier.is_ready():
            facts = {"connection": dossier.connection_id.name}
            return dossier.stopped_by() or Finding(codes.NOT_CONNECTED, facts)
        return dossier.stopped_by()

    def _show_tests(self):
        """Tell the last test in the rows of all companies of this list."""
        mine = [("create_uid", "=", self.env.uid), ("setting", "=", TEST)]
        for row in self.sudo().search(mine):
            row.write(self._tested(row.company_id.octopus_dossier().sudo()))

    def _own_company(self):
        self.ensure_one()
        if not self.sudo().exists():
            raise UserError(
                self.env._(
                    "The settings changed since they were shown: open them anew."
                )
            )
        self.check_access("read")
        company = self.company_id
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("%(company)s is not one of yours.", company=company.name)
            )
        return company


def _path(company):
    return " / ".join(company.parent_ids.mapped("name"))
