from odoo import api, fields, models
from odoo.exceptions import UserError

from ..guard import require_manager
from ..pretend import login_of, pretend_octopus

PLACE = "/octopus_connector_sandbox"


class OctopusTestMode(models.TransientModel):
    """The page on which test mode is started, walked through and ended."""

    _name = "octopus.test.mode"
    _description = "Try Octopus"

    company_id = fields.Many2one(
        "res.company",
        string="Try it with",
        help="Empty: a test company with ten documents is made. In a neutralized copy"
        " of the database it may be any company.",
    )
    is_on = fields.Boolean(
        compute="_compute_is_on",
        compute_sudo=True,
        help="Whether test mode is on in this database.",
    )
    neutralized = fields.Boolean(
        compute="_compute_is_on",
        compute_sudo=True,
        help="Whether this database is a neutralized copy of another one.",
    )
    obstacle = fields.Text(
        compute="_compute_obstacle", help="Why test mode cannot start here."
    )
    test_company_id = fields.Many2one(
        "res.company",
        string="Test company",
        compute="_compute_is_on",
        compute_sudo=True,
        help="The only company that books in the pretend Octopus.",
    )
    connected = fields.Boolean(
        compute="_compute_is_on",
        compute_sudo=True,
        help="Whether the test connection is logged in.",
    )
    linked = fields.Boolean(
        compute="_compute_is_on",
        compute_sudo=True,
        help="Whether the test company has its dossier.",
    )
    switched = fields.Boolean(
        compute="_compute_is_on",
        compute_sudo=True,
        help="Whether you work in the test company at this moment.",
    )

    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Try it")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_on(self):
        test = self.env["octopus.sandbox"]._current()
        for page in self:
            page.is_on = bool(test)
            page.neutralized = self.env["octopus.sandbox"]._is_neutralized()
            page.test_company_id = test.company_id
            page.connected = test.connection_id.state == "connected"
            page.linked = bool(test.company_id.octopus_dossier_id)
            page.switched = test.company_id.id == self.env.company.id

    @api.depends("company_id")
    def _compute_obstacle(self):
        for page in self:
            obstacle = self.env["octopus.sandbox"]._obstacle(page.company_id)
            page.obstacle = not page.is_on and obstacle

    def _test(self):
        """Return the test that is on, in sudo, for an Octopus administrator.

        :raises AccessError: the user is none
        :raises UserError: test mode is off
        """
        require_manager(self.env)
        test = self.env["octopus.sandbox"]._current()
        if not test:
            raise UserError(self.env._("Test mode is off."))
        test.company_id.with_env(self.env).octopus_check_companies()
        return test

    # Actions

    def action_start(self):
        """Start test mode, and work in its company from now on."""
        self.env["octopus.sandbox"]._begin(self.company_id)
        return self._go("enter")

    def action_enter(self):
        """Work in the test company."""
        self._test()
        return self._go("enter")

    def action_setup(self):
        """Open the set-up with the test login, which is filled in."""
        test = self._test()
        action = test.company_id.with_env(self.env).action_octopus_setup()
        context = {
            **action["context"],
            "default_connection_id": test.connection_id.id,
        }
        return {**action, "context": context}

    def action_login(self):
        """Fill in the login that the pretend Octopus takes now."""
        test = self._test()
        with pretend_octopus(self.env.registry) as world:
            login = login_of(world)
        test._enter_login(*login)
        return test.connection_id.with_env(self.env).action_connect()

    def action_documents(self):
        """Open the documents of the test company."""
        test = self._test()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "name": self.env._("Documents of the test"),
            "view_mode": "list,form",
            "views": [
                (self.env.ref("account.view_invoice_tree").id, "list"),
                (False, "form"),
            ],
            # Shows whom they are for; new is an invoice.
            "context": {"default_move_type": "out_invoice"},
            "domain": [
                ("company_id", "=", test.company_id.id),
                ("move_type", "!=", "entry"),
            ],
        }

    def action_accountant(self):
        """Open the page on which one plays the accountant."""
        self._test()
        return {
            "type": "ir.actions.act_url",
            "url": f"{PLACE}/accountant/",
            "target": "new",
        }

    def action_restart(self):
        """Forget what was tried, and begin again."""
        self._test()._restart()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_end(self):
        """End test mode, and go back to work."""
        self._test()._end()
        return self._go("leave")

    def _go(self, where):
        return {
            "type": "ir.actions.act_url",
            "url": f"{PLACE}/{where}",
            "target": "self",
        }
