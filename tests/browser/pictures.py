"""What a bookkeeper sees when the accountant, a limit, a password or the service stands
in the way: provoked on the pages of the pretend Octopus, looked at in Odoo, in Chromium
(issue 3, done when; X.2, X.4, X.38, X.43, X.44).

No test of ``./dev test``: ``./dev pictures`` runs it, and keeps what it saw.
"""

import json
from datetime import timedelta

from odoo.tests import new_test_user

from odoo.addons.octopus_connector.api.quota import daily_limit
from odoo.addons.octopus_connector.call_log import quota_day

from octopus_sandbox.seed import demo

from .camera import TIME_ZONE, Camera

INVOICES = "/odoo/action-account.action_move_out_invoice"
INSERT = "insertBuySellBooking"
# Fills in the form of a page that has these fixed values, and sends it.
FILL = """
(() => {
    const [path, fixed, values] = %s;
    const form = [...document.forms].find((each) =>
        new URL(each.action).pathname === path
        && Object.entries(fixed).every(([name, value]) =>
            each.elements[name]?.value === value));
    for (const [name, value] of Object.entries(values)) {
        form.elements[name].value = value;
    }
    form.submit();
    return true;
})()
"""


class Pictures(Camera):
    browser_size = "1280x720"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"name": "Demo Brussel BV", "octopus_attachment_policy": "none"}
        )
        cls.connection.name = "Octopus"
        cls.partner_a.name = "Peeters & Zonen NV"
        cls.bookkeeper = new_test_user(
            cls.env,
            "bookkeeper",
            name="Bookkeeper",
            groups="octopus_connector.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            tz=TIME_ZONE,
        )

    # The bookkeeper

    def look(self, name, row, *words):
        """Open a document and its list, see that they tell some words, and keep both.

        :param words: what the bookkeeper must read on the document
        """
        form, number = f"{INVOICES}/{row.move_id.id}", row.move_id.name
        with self.browsing(self.browser, "bookkeeper"):
            self.open(form, ".nav-link[name=octopus]", number)
            self.click(".nav-link[name=octopus]")
            self.wait_for(".nav-link.active[name=octopus]", *words)
            self.keep(f"state_{name}", tall=640)
            self.open(INVOICES, ".o_list_view", number)
            self.keep(f"state_{name}_list", tall=360)

    # The accountant, and Octopus

    def act(self, page, path, fixed, **values):
        """Fill in a form of a page of the pretend Octopus, as a person does."""
        with self.allow_requests(browser=self.browser):
            self.browser.navigate_to(f"{self.sandbox.address}{page}", wait_stop=True)
            self.assertTrue(self.browser._wait_ready(timeout=20))
            self.evaluate(FILL % json.dumps([path, fixed, values]))
            self.wait_for(".said", "")

    def act_on_journal(self, act, fixed, **values):
        page = f"/dossier/{demo.MAIN}/journals"
        self.act(page, f"/act/{demo.MAIN}/{act}", fixed, **values)

    def settings(self, name, fixed, **values):
        self.act("/settings", f"/do/{name}", fixed, **values)

    def sent(self, amount=100.0):
        """Send a new document from its button; return its row."""
        move = self.document(lines=((amount, None),), partner_id=self.partner_a.id)
        move.with_user(self.bookkeeper).action_octopus_send()
        return self.env["octopus.booking"].search([("move_id", "=", move.id)])

    def spend_the_day(self):
        """Let all but one of the day's calls be made already."""
        calls = self.env["octopus.call"].sudo()
        values = {
            "dossier_number": demo.MAIN,
            "connection_ref": self.connection.id,
            "operation": "insert_booking",
            "quota_key": "insert_booking",
            "quota_day": quota_day(),
            "outcome": "ok",
        }
        calls.create([values] * (daily_limit("insert_booking") - 1))

    def goes_on(self, row):
        """Let the time come at which it is tried again; it must go by itself."""
        if row.retry_at:
            row.sudo().retry_at -= timedelta(days=2)
        self.refresh()
        self.push()
        self.assertEqual(row.state, "booked", row.findings)

    # What happens

    def test_the_accountant_has_the_journal_open(self):
        """X.4, C.15."""
        journal = {"journal": "V1", "bookyear": str(self.bookyear())}
        opened = {**journal, "opened_by": "the accountant"}
        self.act_on_journal("set_journal", opened)
        row = self.sent()
        self.look(
            "journal_open",
            row,
            "open on somebody's screen",
            "Accountant",
            "Next look",
        )
        self.act_on_journal("set_journal", {**journal, "opened_by": ""})
        self.goes_on(row)

    def test_the_accountant_closed_the_period(self):
        """X.2."""
        year = str(self.bookyear())
        period = str(self.period())
        self.act_on_journal("protect_period", {"bookyear": year}, period=period)
        self.refresh()
        row = self.sent()
        self.look(
            "period_closed", row, "is protected or closed", "Accountant", "Next look"
        )
        self.act_on_journal("protect_period", {"bookyear": year}, period="0")
        self.goes_on(row)

    def test_the_limit_of_the_day_is_reached(self):
        """X.43, Z.10."""
        self.settings("fault", {}, kind="quota", operation=INSERT, count="1")
        self.spend_the_day()
        row = self.sent()
        self.look("limit_reached", row, "used up", "tomorrow", "Next look")
        self.env["octopus.call"].sudo().search([]).unlink()
        self.goes_on(row)

    def test_the_password_was_changed(self):
        """X.38."""
        row = self.sent()
        self.assertEqual(row.state, "booked")
        self.settings("login", {"user": demo.USER}, password="another")
        self.sandbox.world.state.tokens.expire_all()
        row = self.sent(250.0)
        self.assertEqual(self.connection.state, "rejected")
        self.look("password_changed", row, "rejected the login", "Administrator")
        self.connection.password = "another"
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.goes_on(row)

    def test_the_service_is_stopped_and_started(self):
        """X.44."""
        self.sandbox.stop()
        row = self.sent()
        self.look("service_down", row, "does not answer", "Nothing", "Next look")
        self.sandbox.start()
        self.goes_on(row)

    def bookyear(self):
        today = self.books.dossier.bookyear_of(self.sandbox.world.clock.today())
        return today.id

    def period(self):
        """Return the number of the period that holds today."""
        year = self.dossier.bookyear_ids.filtered(
            lambda each: each.octopus_id == self.bookyear()
        )
        today = self.sandbox.world.clock.today()
        [period] = year.period_ids.filtered(
            lambda each: each.date_start <= today <= each.date_end
        )
        return period.number
