import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.octopus_connector.prepare.find_dossier import numbers_of
from odoo.addons.octopus_sandbox import snapshot

from ..books import make_company
from ..forget import OUTBOX, forget_link
from ..guard import require_manager
from ..pretend import bank_account, login_of, new_world

COMPANY = "Test Brussel BV"
CONNECTION = "Test: pretend Octopus"
# What a connection has that was ever used, or is about to be.
USED = ("software_house", "user_name", "secret", "database_uuid", "dossier_ids")


class OctopusSandbox(models.Model):
    """The pretend Octopus of this database, and what is tried with it. There is one
    while test mode is on, and none else.

    People reach it through ``octopus.test.mode`` and the accountant's page only.
    """

    _name = "octopus.sandbox"
    _description = "Pretend Octopus"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="restrict",
        help="The only company whose documents may go to the pretend Octopus, with its"
        " branches.",
    )
    company_made = fields.Boolean(
        help="The company was made for the test, and is archived at its end."
    )
    connection_id = fields.Many2one(
        "octopus.connection",
        required=True,
        ondelete="restrict",
        help="The login whose calls the pretend Octopus answers.",
    )
    # {name, vat_number, street, postal_code, city, email}
    dossier_values = fields.Json(
        help="What the pretend dossier is called, for starting it anew."
    )
    world = fields.Text(
        required=True,
        prefetch=False,
        help="The books of the pretend Octopus (octopus_sandbox.snapshot).",
    )
    version = fields.Char(
        required=True,
        default=lambda self: str(uuid.uuid4()),
        help="Another one after each change: tells a worker that its copy is old.",
    )

    _one_idx = models.UniqueIndex("((TRUE))", "Test mode is on already.")

    # Whether it may be

    @api.model
    def _current(self):
        """Return the test that is on, in sudo; empty when test mode is off."""
        return self.sudo().search([], limit=1)

    @api.model
    def _is_neutralized(self):
        """Whether this database is a neutralized copy, by Odoo's own word."""
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("database.is_neutralized"))

    @api.model
    def _obstacle(self, company):
        """Return why test mode cannot start, in words; nothing when it can.

        :param company: ``res.company`` to try it with; empty: one is made
        """
        env = self.sudo().env
        if self._current():
            return self.env._("Test mode is on already.")
        if company and not self._is_neutralized():
            return self.env._(
                "A company of your own can be tried in a neutralized copy of the"
                " database only. Leave it empty: a test company is made."
            )
        connections = env["octopus.connection"].with_context(active_test=False)
        # Also one that is archived; an empty one is what a set-up leaves behind.
        used = connections.search([("active", "in", (True, False))]).filtered(
            lambda row: row.state != "draft" or any(row[name] for name in USED)
        )
        if used or any(rows.search_count([], limit=1) for rows in self._outboxes()):
            return self.env._(
                "This database has, or had, a link with a real Octopus: nothing is"
                " tried beside it. Use a database without one."
            )
        module = env["ir.module.module"].search([("name", "=", "l10n_be")])
        if not company and module.state != "installed":
            return self.env._(
                "The test company needs the Belgian chart of accounts: install"
                " “Belgium - Accounting” (l10n_be) under Apps first."
            )
        return ""

    def _outboxes(self):
        return [rows.sudo() for rows in self.sudo().env[OUTBOX].outboxes()]

    @api.private
    def companies(self):
        """Return the company that is tried, with its branches, in sudo."""
        every = self.sudo().env["res.company"].with_context(active_test=False)
        return every.search([("id", "child_of", self.sudo().company_id.ids)])

    # Begin and end

    @api.model
    def _begin(self, company):
        """Start test mode, without a call: the login is filled in, and waits.

        :param company: ``res.company`` to try it with; empty: one is made
        :return: ``octopus.sandbox`` in sudo
        :raises AccessError: the user is no Octopus administrator, or not of the company
        :raises UserError: it may not start here
        """
        require_manager(self.env)
        if company:
            company.octopus_check_companies()
        obstacle = self._obstacle(company)
        if obstacle:
            raise UserError(obstacle)
        sudo = self.sudo()
        values = _dossier_values(company) if company else _values_of_ours()
        text = new_world(**values)
        world = snapshot.world_of(text, None)
        made = not company
        company = company.sudo() or make_company(sudo.env, COMPANY, bank_account(world))
        connection = sudo.env["octopus.connection"].create({"name": CONNECTION})
        test = sudo.create(
            {
                "company_id": company.id,
                "company_made": made,
                "connection_id": connection.id,
                "dossier_values": values,
                "world": text,
            }
        )
        test._enter_login(*login_of(world))
        return test

    def _enter_login(self, software_house, user, password):
        self.connection_id.sudo().write(
            {
                "software_house": software_house,
                "user_name": user,
                "password": password,
            }
        )

    def _restart(self):
        """Forget what was tried, and begin again with the same company."""
        forget_link(self)
        text = new_world(**self.dossier_values)
        self.write({"world": text, "version": str(uuid.uuid4())})
        self._enter_login(*login_of(snapshot.world_of(text, None)))

    def _end(self):
        """End test mode: nothing of it stays but an archived company.

        :raises UserError: somebody works in the test company by default
        """
        forget_link(self)
        company, connection, made = (
            self.company_id,
            self.connection_id,
            self.company_made,
        )
        self.unlink()
        connection.unlink()
        if made:
            _archive(company)


def _dossier_values(company):
    """Return what the pretend dossier of a company says."""
    numbers = numbers_of(company)
    return {
        "name": f"Test {company.name}",
        "vat_number": numbers[0].spelled if numbers else "",
        "street": company.street or "",
        "postal_code": company.zip or "",
        "city": company.city or "",
    }


def _values_of_ours():
    return {"name": COMPANY}


def _archive(company):
    """Put the test company and what belongs to it away, and free its name."""
    ended = fields.Datetime.now().strftime("%Y-%m-%d %H:%M:%S")
    partners = company.env["res.partner"].search([("company_id", "=", company.id)])
    (partners - company.partner_id).active = False
    users = company.env["res.users"].search([("company_ids", "in", company.ids)])
    users.filtered(lambda user: user.company_id != company).write(
        {"company_ids": [fields.Command.unlink(company.id)]}
    )
    company.write({"name": f"{company.name} ({ended})", "active": False})
