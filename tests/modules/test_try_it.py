"""Try it without an accountant: the whole way inside Odoo, and nothing stays (Z.25)."""

from contextlib import closing
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.login import connect

from .trial_case import MANAGER, TrialCase

# What Odoo itself keeps of whatever happens: logs, and what is done once.
OF_ODOO = (
    "bus.bus",
    "ir.cron.progress",
    "ir.cron.trigger",
    "ir.logging",
    # The module payment_demo gives a bank its method when another bank is made.
    "account.payment.method.line",
    "mail.mail",
    "res.device.log",
    "res.users.log",
)


class TestTheWholeWay(TrialCase):
    def test_z25_linked_mapped_sent_paid_pulled_and_ended(self):
        """In a test company; at the end no row of ours is anywhere."""
        self.start()
        self.assertEqual(self.company.name, "Test Brussel BV")
        self.assertEqual(len(self.documents()), 10)
        dossier = self.link()
        self.assertEqual(dossier.name, "Test Brussel BV")
        rows = self.send(self.documents())
        self.assertEqual(set(rows.mapped("state")), {"booked"}, rows.mapped("findings"))
        with self.books() as books:
            there = {it.comment: it.amount for it in books.dossier.bookings.values()}
        for move in self.documents():
            with self.subTest(move.name):
                amount = Decimal(str(move.amount_total))
                self.assertEqual(abs(there[move.name]), amount)
        invoice = self.documents().filtered(lambda it: it.move_type == "out_invoice")[0]
        self.pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_clean()
        self.page().action_end()
        self.env.flush_all()
        for name, model in self.env.registry.items():
            if name.startswith("octopus.") and not (
                model._abstract or model._transient
            ):
                rows = self.env[name].sudo().with_context(active_test=False)
                self.assertFalse(rows.search([]), name)
        company = self.company.sudo()
        self.assertFalse(company.active)
        self.assertTrue(company.name.startswith("Test Brussel BV ("))
        self.assertFalse(company.octopus_dossier_id)
        self.assertNotIn(company, self.env.user.company_ids)
        self.assertEqual(invoice.sudo().payment_state, "not_paid")
        payments = self.env["account.payment"].sudo()
        self.assertFalse(payments.search([("company_id", "=", company.id)]))
        # And it can begin again.
        self.start()
        self.assertNotEqual(self.company.id, company.id)


class TestOfACompany(TrialCase):
    """A company of the database, in a neutralized copy: no chart to load."""

    def setUp(self):
        super().setUp()
        self.neutralize()
        self.env.company.vat = "BE0477472701"
        self.partner_a.write({"country_id": self.env.ref("base.be").id})
        self.invoice = self._create_invoice_one_line(
            price_unit=100.0, partner_id=self.partner_a, post=True
        )

    def counts(self):
        self.env.flush_all()
        counted = {}
        for name, model in self.env.registry.items():
            if not (model._abstract or model._transient or not model._auto):
                rows = self.env[name].sudo().with_context(active_test=False)
                counted[name] = rows.search_count([])
        return {name: count for name, count in counted.items() if name not in OF_ODOO}

    def company_values(self):
        company = self.env.company.sudo()
        names = [name for name in company._fields if name.startswith("octopus_")]
        return company.read(names)[0]

    def test_z25_nothing_stays(self):
        """Every model has as many rows as before, and the settings are as they were."""
        before, values = self.counts(), self.company_values()
        self.start(self.env.company)
        self.assertEqual(self.company, self.env.company)
        self.link()
        self.send(self.invoice)
        self.pay(self.invoice)
        self.assertEqual(self.invoice.payment_state, "paid")
        self.page().action_end()
        self.env.invalidate_all()
        after = self.counts()
        changed = {
            name: (count, after[name])
            for name, count in before.items()
            if after[name] != count
        }
        self.assertFalse(changed)
        self.assertEqual(self.company_values(), values)
        self.assertTrue(self.env.company.active)
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_z25_it_ends_with_its_addon(self):
        """Whichever of the two addons is uninstalled; any other one ends nothing."""
        modules = self.env["ir.module.module"].sudo()
        before = self.counts()
        for name, ends in (
            ("l10n_be", False),
            ("octopus_connector_sandbox", True),
            ("octopus_connector", True),
        ):
            with self.subTest(name), closing(self.cr.savepoint()):
                self.start(self.env.company)
                self.link()
                modules.search([("name", "=", name)]).button_uninstall()
                self.assertEqual(not self.test, ends)
                if ends:
                    self.env.invalidate_all()
                    self.assertEqual(self.counts(), before)

    def test_z25_start_anew(self):
        """Documents can be sent again, to books that know nothing of them."""
        self.start(self.env.company)
        self.link()
        self.send(self.invoice)
        first = self.test.connection_id
        self.page().action_restart()
        self.env.flush_all()
        self.assertEqual(self.test.connection_id, first)
        self.assertFalse(self.invoice.octopus_booking_ids)
        with self.books() as books:
            comments = [it.comment for it in books.dossier.bookings.values()]
        self.assertNotIn(self.invoice.name, comments)
        self.link()
        self.assertEqual(self.send(self.invoice).state, "booked")
        self.assert_clean()

    def test_z25_another_worker_goes_on_where_this_one_was(self):
        self.start(self.env.company)
        self.link()
        self.new_worker()
        self.assertEqual(self.send(self.invoice).state, "booked")
        self.new_worker()
        with self.books() as books:
            comments = [it.comment for it in books.dossier.bookings.values()]
        self.assertEqual(comments.count(self.invoice.name), 1)

    def test_z25_a_cut_connection_is_resolved(self):
        """A fault of the accountant's page meets the next worker; what Octopus did
        before it is done."""
        self.start(self.env.company)
        dossier = self.link()
        with self.pretend.pretend_octopus(self.env.registry) as world:
            world.faults.add("close", operation="insertBuySellBooking", when="after")
        self.new_worker()
        row = self.send(self.invoice)
        self.assertEqual(row.attempts, 1)
        with self.books() as books:
            comments = [it.comment for it in books.dossier.bookings.values()]
        self.assertIn(self.invoice.name, comments)
        if row.state != "booked":
            row.sudo().retry_at = False
            self.run_cron(dossier.push_cron_id)
        self.assertEqual(row.state, "booked")

    def test_z25_the_accountant_changes_the_password(self):
        self.start(self.env.company)
        self.link()
        with self.pretend.pretend_octopus(self.env.registry) as world:
            world.state.logins["odoo-link"].password = "another"
            world.state.tokens.expire_all()
        row = self.send(self.invoice)
        connection = self.test.connection_id
        self.assertEqual(connection.state, "rejected")
        self.assertNotEqual(row.state, "booked")
        self.page().action_login()
        self.assertEqual(connection.state, "connected")

    def test_z25_a_neutralized_copy_of_a_test_goes_on(self):
        """The copy lost the login; it is filled in again, and calls its own Octopus."""
        self.start(self.env.company)
        self.link()
        with open(self.neutralize_file()) as file:
            self.env.flush_all()
            self.env.cr.execute(file.read())
            self.env.invalidate_all()
        self.assertFalse(self.test.connection_id.has_secret)
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("database.uuid", "another")
        self.page().action_login()
        self.assertEqual(self.test.connection_id.state, "connected")
        self.assertEqual(self.send(self.invoice).state, "booked")

    def neutralize_file(self):
        from odoo.tools import file_path

        return file_path("octopus_connector/data/neutralize.sql")

    # What is refused

    def real(self, **values):
        return self.env["octopus.connection"].create({"name": "Real", **values})

    def refused(self, company=None):
        page = self.page(company)
        told = page.obstacle
        self.assertTrue(told)
        with self.assertRaisesRegex(UserError, told[:20]):
            page.action_start()
        self.assertFalse(self.test)
        return told

    def test_z25_never_beside_a_real_link(self):
        for values in (
            {"software_house": "x"},
            {"user_name": "x"},
            {"password": "x"},
            {"password": "x", "active": False},
        ):
            with self.subTest(values):
                real = self.real(**values)
                self.assertIn("real Octopus", self.refused(self.env.company))
                real.unlink()
        # A set-up that was opened and left has no login.
        self.real()
        self.assertFalse(self.page(self.env.company).obstacle)

    def test_z25_never_with_a_company_of_a_live_database(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", False)
        self.assertIn("neutralized copy", self.refused(self.env.company))

    def test_z25_the_belgian_chart_is_needed(self):
        module = self.env["ir.module.module"].search([("name", "=", "l10n_be")])
        module.state = "uninstalled"
        self.assertIn("l10n_be", self.refused())

    def test_z25_administrators_only(self):
        self.env.user.group_ids -= self.env.ref(MANAGER)
        self.env.user.group_ids -= self.env.ref("base.group_system")
        with self.assertRaises(AccessError):
            self.env["octopus.sandbox"]._begin(self.env.company)
        with self.assertRaises(AccessError):
            self.page()

    def test_z25_no_real_octopus_while_a_test_is_on(self):
        self.start(self.env.company)
        self.env.flush_all()
        real = self.real(software_house="x", user_name="y", password="z")
        with self.assertRaisesRegex(UserError, "Test mode is on"):
            connect(real)
        with (
            self.assertRaisesRegex(UserError, "Test mode is on"),
            real.client() as _octopus,
        ):
            pass

    def test_z25_the_test_login_stays_the_test_login(self):
        self.start(self.env.company)
        connection = self.test.connection_id.with_env(self.company.env)
        for values in (
            {"user_name": "ours"},
            {"software_house": "ours"},
            {"transport": "soap"},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "test connect"),
            ):
                connection.write(values)
        connection.write({"password": "another", "transport": "rest"})
        connection.write({"is_test": False})
        self.env.invalidate_all()
        self.assertTrue(connection.is_test)

    def test_z25_no_other_company_books_in_the_test_dossier(self):
        self.start(self.env.company)
        dossier = self.link()
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        with self.assertRaisesRegex(ValidationError, "Test mode is on"):
            link(other.with_env(self.env), dossier.with_env(self.env))

    @mute_logger("odoo.sql_db")
    def test_z25_started_once(self):
        self.start(self.env.company)
        with self.assertRaisesRegex(UserError, "on already"):
            self.page(self.env.company).action_start()
        # Two at once: the database says no, too.
        sandboxes = type(self.env["octopus.sandbox"])
        with (
            patch.object(sandboxes, "_obstacle", lambda *_: ""),
            self.assertRaisesRegex(Exception, "one_idx"),
        ):
            self.page(self.env.company).action_start()

    def test_z25_it_shows(self):
        self.start(self.env.company)
        dossier = self.link()
        self.assertTrue(dossier.is_test)
        self.assertTrue(dossier.name.startswith("Test "))
        self.assertTrue(self.test.connection_id.name.startswith("Test"))
        settings = self.company.env["octopus.settings"].create({})
        self.assertTrue(settings.octopus_is_test)
        setup = self.company.env["octopus.setup"].create({})
        self.assertTrue(setup.is_test)
        for model, text in (
            ("octopus.connection", "web_ribbon"),
            ("octopus.dossier", "web_ribbon"),
            ("octopus.setup", "pretend Octopus"),
            ("octopus.settings", "pretend Octopus"),
            ("res.config.settings", "pretend Octopus"),
        ):
            with self.subTest(model):
                arch = self.company.env[model].get_view(view_type="form")["arch"]
                self.assertIn(text, arch)
                self.assertIn("is_test", arch)
