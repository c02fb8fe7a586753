"""A database with ``octopus_connector_sandbox`` that was never linked with an Octopus;
nothing listens on any port."""

from contextlib import contextmanager

from odoo import fields
from odoo.tests import tagged

from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.login import connect

from ..common import MAPPINGS
from ..company import CompanyCase
from .module_case import require_modules

NEUTRALIZED = "database.is_neutralized"
MANAGER = "octopus_connector.group_manager"


@tagged("standard", "post_install", "-at_install")
class TrialCase(CompanyCase):
    """``self.company`` is the one that is tried, seen by its user."""

    @classmethod
    def setUpClass(cls):
        require_modules("octopus_connector_sandbox")
        super().setUpClass()
        # They are importable only where the addon can be installed.
        from odoo.addons.octopus_connector_sandbox import pretend
        from odoo.addons.octopus_sandbox.control import acts
        from odoo.addons.octopus_sandbox.state.financial_booking import CLIENT

        cls.pretend, cls.acts, cls.customer = pretend, acts, CLIENT
        cls.env.user.group_ids += cls.env.ref(MANAGER)

    def setUp(self):
        super().setUp()
        if not self._registry_patched:
            self.registry_enter_test_mode()
        self.new_worker()

    def new_worker(self):
        """Forget what this process knows, as another worker of Odoo does."""
        TOKENS.clear()
        self.pretend._KNOWN.clear()

    @property
    def test(self):
        """The test that is on, in sudo."""
        return self.env["octopus.sandbox"]._current()

    def neutralize(self):
        self.env["ir.config_parameter"].set_param(NEUTRALIZED, True)

    def page(self, company=None):
        return self.env["octopus.test.mode"].create(
            {"company_id": company and company.id}
        )

    def start(self, company=None):
        """Start test mode; give the page."""
        page = self.page(company)
        page.action_start()
        tried = self.test.company_id
        self.company = tried.with_env(
            self.env(context={"allowed_company_ids": tried.ids})
        )
        self.env.flush_all()
        return page

    def link(self):
        """Link the company that is tried, and accept what is proposed; give its
        dossier."""
        connection = self.test.connection_id.with_env(self.company.env)
        self.assertFalse(connect(connection))
        # Another request would see it anew.
        self.env.invalidate_all()
        dossier = connection.dossier_ids
        self.assertFalse(link(self.company, dossier))
        for model in MAPPINGS:
            rows = self.company.env[model].search(
                [("company_id", "=", self.company.id), ("state", "=", "proposed")]
            )
            rows.action_accept()
        self.company.octopus_write_settings(
            {"octopus_payment_owner": "octopus", "octopus_attachment_policy": "none"}
        )
        return dossier

    def documents(self):
        return self.company.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "!=", "entry"),
                ("state", "=", "posted"),
            ]
        )

    def run_cron(self, cron):
        cron.active = True
        self.assertIs(cron.method_direct_trigger(), True)

    def send(self, documents):
        documents._octopus_queue(self.env.user)
        self.run_cron(self.test.connection_id.dossier_ids.push_cron_id)
        return documents.octopus_booking_ids

    def pay(self, invoice):
        """Let the accountant receive the payment of an invoice, and read it."""
        row = invoice.octopus_booking_id
        amount = str(invoice.amount_total)
        year, journal = row.bookyear_id.octopus_id, row.journal_id.key
        line = {
            "type": self.customer,
            "relation": row.relation_id.octopus_id,
            "amount": amount,
            "pays": {f"{year}/{journal}/{row.number}": amount},
        }
        today = fields.Date.today().isoformat()
        self.act("pay", journal="F1", date=today, lines=[line])
        dossier = row.dossier_id
        self.run_cron(dossier.pull_cron_id)
        self.company.env["octopus.payment.plan"].search([]).action_accept()
        self.run_cron(dossier.pull_cron_id)

    @contextmanager
    def books(self):
        """Give the books of the pretend Octopus."""
        with self.pretend.pretend_octopus(self.env.registry) as world:
            [books] = world.books.values()
            yield books

    def act(self, name, **values):
        """Play the accountant."""
        with self.books() as books:
            return self.acts.perform(name, books, values)

    def assert_clean(self):
        """Each call kept to the contract, and the books are right."""
        with self.pretend.pretend_octopus(self.env.registry) as world:
            self.assertFalse(world.violations)
            for audit in world.audit().values():
                self.assertFalse(audit["problems"])
