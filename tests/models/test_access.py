"""Whether a login opens what companies book in, in which language and with which
currencies (A.10, X.49, X.50)."""

from decimal import Decimal

from odoo import fields

from odoo.addons.octopus_connector.api.enums import Locale
from odoo.addons.octopus_connector.sync.login import connect

from tests.common import OctopusCase, demo


class TestBranches(OctopusCase):
    def test_a10_a_dossier_that_is_not_listed_is_not_connected(self):
        """A.10: the login works, and the branch's dossier does not open any more."""
        self.assertEqual(self.dossier.connection_state, "connected")
        listed = self.sandbox.world.state.logins[demo.USER].dossiers
        listed.remove(demo.MAIN)
        self.assertFalse(connect(self.connection))
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.dossier.connection_state, "no_access")
        self.assertEqual(self.company.octopus_status, "unconnected")
        self.assertTrue(self.dossier.active)
        self.assertIn("does not list", self.dossier.access_text)
        listed.append(demo.MAIN)
        self.assertFalse(connect(self.connection))
        self.assertEqual(self.dossier.connection_state, "connected")

    def test_a10_each_branch_is_tested(self):
        """A.10: by the button, in words, with the names of the branches."""
        branch = self.env["res.company"].create(
            {"name": "Branch of Gent", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        answer = self.connection.action_connect()["params"]
        self.assertEqual(answer["type"], "success")
        self.assertIn("Branch of Gent", answer["message"])
        self.assertIn("Opens", answer["message"])
        self.assertTrue(self.dossier.access_tested_at)
        self.books.dossier.disabled = True
        answer = self.connection.action_connect()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("may not open", answer["message"])
        self.assertEqual(self.dossier.connection_state, "no_access")
        self.books.dossier.disabled = False
        self.assertEqual(self.connection.action_connect()["params"]["type"], "success")
        self.assertEqual(self.dossier.connection_state, "connected")

    def test_a10_what_passes_says_nothing_of_the_right(self):
        """A.10: Octopus that does not answer during a test closes no dossier."""
        self.fault_on_opening()
        answer = self.connection.action_connect()["params"]
        self.assertNotIn("Opens", answer["message"])
        self.assertFalse(self.dossier.access_problem)
        self.assertEqual(self.dossier.connection_state, "connected")

    def test_a10_it_is_open_again_once_anything_was_read_in_it(self):
        """A.10: also without another test."""
        self.books.dossier.disabled = True
        self.connection.action_connect()
        self.assertEqual(self.dossier.connection_state, "no_access")
        self.books.dossier.disabled = False
        with self.dossier.client():
            pass
        self.assertEqual(self.dossier.connection_state, "no_access", "nothing was read")
        with self.dossier.client() as octopus:
            octopus.bookyears(partial=True)
        self.assertFalse(self.dossier.access_problem)
        self.assertEqual(self.dossier.connection_state, "connected")

    def fault_on_opening(self):
        self.sandbox.world.faults.add(
            "status", operation="getBookyears", status=503, count=50
        )

    def test_k2_settings_tell_the_login(self):
        """K.2: way, user and dossiers; whoever may not see the login reads nothing."""
        settings = self.env["octopus.settings"].create({"company_id": self.company.id})
        told = settings.octopus_login_html
        for part in ("Sandbox", "User and password", demo.USER, "Demo Brussel BV"):
            self.assertIn(part, told)

    def test_x49_language_of_the_company(self):
        """X.49: the dossier is opened in the language of its company, and in its own
        where that is the same or unknown."""
        self.env["res.lang"]._activate_lang("fr_BE")
        self.env["res.lang"]._activate_lang("nl_BE")
        partner = self.company.partner_id
        for lang, own, locale in (
            ("fr_BE", "nl", Locale.FR),
            ("nl_BE", "nl", Locale.DEFAULT),
            ("nl_BE", "fr", Locale.NL),
        ):
            partner.lang = lang
            self.dossier.sudo().language_code = own
            self.assertEqual(self.dossier.locale(), locale)
        partner.lang = "fr_BE"
        self.dossier.sudo().language_code = "nl"
        self.books.dossier.bookyears[2].closed = True
        move = self.document()
        move.action_octopus_send()
        self.assertNotEqual(move.octopus_state, "booked")


class TestCurrencies(OctopusCase):
    def setUp(self):
        super().setUp()
        self.usd = self.env.ref("base.USD")
        self.usd.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "rate": 1.25,
                "name": fields.Date.today(),
                "company_id": self.company.id,
            }
        )
        self.dossier.exchange_rate_direction = "euro_per_foreign"

    def send(self, **values):
        move = self.document(**values)
        move.action_octopus_send()
        return move

    def asked(self):
        return len(self.calls("getCurrencyCodes"))

    def test_nothing_is_asked_for_euros(self):
        self.assertEqual(self.send().octopus_state, "booked")
        self.assertFalse(self.asked())

    def test_x50_a_currency_that_is_known(self):
        """X.50: read once a day, compared each time."""
        for _time in range(2):
            move = self.send(currency_id=self.usd.id)
            self.assertEqual(move.octopus_state, "booked", move.octopus_findings_html)
        self.assertEqual(self.asked(), 1)
        self.assertIn("USD", self.dossier.currency_codes)

    def test_x50_a_currency_that_is_not(self):
        """X.50: it does not leave; another day it goes by itself, once it is there."""
        self.books.dossier.currencies.remove("USD")
        move = self.send(currency_id=self.usd.id)
        self.assertEqual(move.octopus_state, "blocked")
        self.assertEqual(move.octopus_booking_id.cause, "currency_unknown")
        self.assertFalse(self.calls("insertBuySellBookingAndAttachments"))
        self.books.dossier.currencies.append("USD")
        self.dossier.sudo().currencies_at = False
        move.action_octopus_send()
        self.assertEqual(move.octopus_state, "booked")

    def test_x50_without_the_list(self):
        """X.50: where the list cannot be had, Octopus says it itself."""
        self.sandbox.world.faults.add("quota", operation="getCurrencyCodes")
        move = self.send(currency_id=self.usd.id)
        self.assertEqual(move.octopus_state, "booked")
        self.assertEqual(
            Decimal(str(move.octopus_booking_id.amount)).quantize(Decimal("0.01")),
            Decimal("121.00"),
        )
