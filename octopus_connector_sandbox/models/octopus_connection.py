from odoo import api, fields, models
from odoo.exceptions import UserError

from ..wire import ADDRESS, PretendWire

# What makes it another login, where the connector has it.
LOGIN = ("transport", "software_house", "user_name", "login_way")


class OctopusConnection(models.Model):
    """A test connection calls the pretend Octopus of this database, and nobody else;
    while there is one, no other connection calls at all."""

    _inherit = "octopus.connection"

    is_test = fields.Boolean(
        string="Test",
        compute="_compute_is_test",
        compute_sudo=True,
        help="The pretend Octopus of this database answers, and no real one.",
    )

    def _compute_is_test(self):
        tested = self.env["octopus.sandbox"]._current().connection_id
        for connection in self:
            connection.is_test = connection._origin in tested

    def write(self, vals):
        # EXTENDS 'octopus_connector'
        if not self.env.su:
            self._check_test_login(vals)
        return super().write(vals)

    def _check_test_login(self, vals):
        """Let nobody take the test connection for one with the real Octopus."""
        for connection in self.filtered("is_test"):
            given = connection.sudo()
            # What a neutralized copy lost can be entered again.
            known = [name for name in LOGIN if name in self._fields]
            changed = [name for name in known if name in vals and given[name]]
            if any((vals[name] or "") != given[name] for name in changed):
                raise UserError(
                    self.env._(
                        "This is the test connection. End test mode first, under"
                        " Octopus › Try it; then connect with the real Octopus."
                    )
                )

    def _transport_options(self):
        # EXTENDS 'octopus_connector'
        options = super()._transport_options()
        if self.is_test:
            options["wire"] = PretendWire(self.env.registry)
        return options

    @api.private
    def stays_here(self):
        # EXTENDS 'octopus_connector'
        return self.is_test or super().stays_here()

    @api.private
    def base_url(self):
        # EXTENDS 'octopus_connector'
        return ADDRESS if self.is_test else super().base_url()

    def _check_may_call(self):
        # EXTENDS 'octopus_connector'
        self._check_no_test()
        return super()._check_may_call()

    @api.private
    def go_to_octopus(self, setup=False):
        # EXTENDS 'octopus_connector'
        self._check_no_test()
        return super().go_to_octopus(setup)

    def _check_no_test(self):
        """:raises UserError: test mode is on, and this is a login at a real Octopus"""
        if self.env["octopus.sandbox"]._current() and not self.is_test:
            raise UserError(
                self.env._(
                    "Test mode is on: no real Octopus is called. End it first, under"
                    " Octopus › Try it."
                )
            )

    @api.private
    def set_connected(self):
        # EXTENDS 'octopus_connector'
        connected = super().set_connected()
        # A copy of this database may go on with its own pretend Octopus.
        self.sudo().filtered("is_test").write(
            {"database_uuid": False, "database_facts": False}
        )
        return connected
