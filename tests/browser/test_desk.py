"""The overview and the one run in Chromium, with some hundred documents (Z.26, F.7)."""

import json
import os
from datetime import timedelta

from odoo import fields

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.sync import synchronise

from ..flows.screens_case import REFUSED, ScreensCase
from .languages import LANGUAGES
from .looking import FOLDER, Looking

OVERVIEW, INVOICES = "/odoo/octopus", "/odoo/customer-invoices"
DASHBOARD = "/odoo/accounting"
CLOSED = Finding(codes.PERIOD_PROTECTED)
MINE = Finding(codes.PARTNER_MISSING)
# Hundreds where somebody looks at the pictures; else a few show the same.
DOCUMENTS = 300 if FOLDER in os.environ else 30


class DeskScreens(ScreensCase, Looking):
    def stand(self):
        """One document is sent, two wait for the user, one for the accountant, and two
        nobody asked for."""
        self.send(self.document())
        for finding in (MINE, REFUSED, CLOSED):
            self.hold(self.document(), "blocked", finding)
        return self.document() | self.document()


class TestDeskTour(DeskScreens):
    def test_z26_f7_j3_a_person_looks_and_sends(self, language="nl_BE"):
        self.env.ref("base.user_admin").lang = self.translated(language)
        moves = self.stand()
        self.start_tour(INVOICES, "octopus_desk", login="admin", timeout=120)
        run = synchronise.going_on(self.dossier)
        self.assertEqual(len(run), 1)
        for cron in (
            self.env.ref("octopus_connector.cron_contacts"),
            self.dossier.push_cron_id,
            self.dossier.pull_cron_id,
        ):
            self.run_cron(cron)
        self.assertEqual(run.state, "done", run.problem)
        self.assertEqual(set(moves.mapped("octopus_state")), {"booked"})

    def test_z26_f7_j3_a_person_looks_and_sends_in_french(self):
        self.test_z26_f7_j3_a_person_looks_and_sends("fr_BE")

    def test_z26_invoicings_own_dashboard_says_it(self):
        self.stand()
        self.start_tour(DASHBOARD, "octopus_dashboard", login="admin", timeout=120)


class TestDeskPictures(DeskScreens):
    def stand_in_hundreds(self):
        """Make some hundred documents that stand in every way."""
        first = self.document()
        copies = self.many(first, DOCUMENTS, days=60) - first
        self.send(first)
        rows = copies.octopus_booking_id.sudo()
        tenth = DOCUMENTS // 10
        mine, closed, down = (rows[it * tenth : it * tenth + tenth] for it in range(3))
        mine.hold("blocked", [MINE])
        closed.hold("blocked", [CLOSED])
        down.hold("waiting", [Finding(codes.SERVICE_DOWN)])
        rows[2 * tenth : 7 * tenth].queued = True
        mine.waiting_since = fields.Datetime.now() - timedelta(days=2)

    def test_z26_with_some_hundred_documents_at_both_widths(self):
        self.stand_in_hundreds()
        self.dossier.action_synchronise()
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        [run] = synchronise.going_on(self.dossier)
        # Odoo's test data name it with a text of the addon.
        journals = self.env["account.journal"]
        journals.search([("name", "=", "Credit Journal")]).name = "Kredietkaart"
        for language in LANGUAGES:
            with self.reading(language):
                self.open(OVERVIEW, "Wait for you", "Documents are sent")
                self.look("desk")
                self.open(f"/odoo/octopus-runs/{run.id}", "Documents are sent")
                self.look("desk_run")
                self.open(DASHBOARD, "documents and payments wait for you.")
                self.look("desk_dashboard")

    def lock_dates(self):
        """Return what opens in the browser the lock dates that would follow."""
        self.env["octopus.journal.year"].search(
            [("dossier_id", "=", self.dossier.id)]
        ).sudo().closed_period = 202601
        admin = self.env.ref("base.user_admin")
        action = self.dossier.with_user(admin).action_lock_dates()
        views = [[False, name] for name in action["view_mode"].split(",")]
        told = json.dumps({**action, "views": views})
        return f"odoo.__WOWL_DEBUG__.root.env.services.action.doAction({told})"

    def test_z5_z6_z16_lists_of_the_accountant_are_cards_on_a_telephone(self):
        partner = self.env["res.partner"].create({"name": "Peeters", "email": "a@b.be"})
        self.env["octopus.accountant.link"].sudo().create(
            {
                "dossier_id": self.dossier.id,
                "name": partner.name,
                "email": partner.email,
                "lang": "en_US",
                "partner_id": partner.id,
                "expires_at": fields.Datetime.now() + timedelta(days=30),
            }
        )
        self.env["octopus.comparison.proof"].sudo().create(
            {
                "name": "V1 2026/03",
                "dossier_id": self.dossier.id,
                "frozen_at": fields.Datetime.now(),
                "fingerprint": "0" * 64,
                "user_id": self.env.ref("base.user_admin").id,
                "content": {"documents": []},
                "company_ids": [(6, 0, self.company.ids)],
                "currency_id": self.company.currency_id.id,
                "row_count": 3,
                "open_count": 1,
            }
        )
        locks = self.lock_dates()
        with self.browsing(self.browser):
            for path, first, action, text in (
                ("octopus-accountant-links", "Peeters", "", "Good until"),
                ("octopus-proofs", "V1 2026/03", "", "Not equal"),
                ("octopus-proofs", "V1 2026/03", locks, "Set this lock date"),
            ):
                self.emulate("390", mobile=True)
                self.open(f"/odoo/{path}?debug=1", first)
                self.evaluate(action or "0")
                self.see(text)
                self.look(f"cards_{text.split()[0]}")

    def test_x51_a_dossier_without_a_company_says_so(self):
        self.send(self.document())
        action = self.env["res.config.settings"].create({}).action_octopus_disconnect()
        self.env[action["res_model"]].browse(action["res_id"]).action_disconnect()
        with self.browsing(self.browser):
            self.open(OVERVIEW, "No company books here", "Set-up")
            shown = self.evaluate("document.querySelector('.o_kanban_view').innerText")
            for text in ("Synchronise now", "Send documents", "Next run", "Connected"):
                self.assertNotIn(text, shown)
            self.look("desk_disconnected")

    def test_z16_what_waits_for_the_accountant_is_cards_on_a_telephone(self):
        self.hold(move := self.document(), "blocked", CLOSED, queued=True)
        self.env["octopus.accountant.question"].sudo().create(
            {
                "move_id": move.id,
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "user_id": self.env.uid,
                "question": "Which account?",
            }
        )
        with self.browsing(self.browser):
            for path, name, text in (
                ("/odoo/octopus-reopen", "reopen", "Open the document"),
                ("/odoo/octopus-accountant-questions", "questions", "Which account?"),
            ):
                self.emulate("390", mobile=True)
                self.open(path, text)
                self.find(".o_kanban_record button")
                self.look(name)
