"""Whether a document would pass, told before it is sent (Z.2)."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.send import check
from odoo.addons.octopus_connector.send.files import LIMIT_PARAMETER

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal

from .test_causes import CausesCase

WILL_STOP = [("octopus_will_stop", "=", True)]


class TestPill(CausesCase):
    def pill(self, move):
        self.env.flush_all()
        self.env.invalidate_all()
        return move.octopus_check

    def point(self, move, code):
        told = self.pill(move)
        [point] = [it for it in told["points"] if it["code"] == code]
        return point

    def test_z2_the_pill_counts_what_stops_a_draft(self):
        draft = self.document(post=False)
        self.assertEqual(self.pill(draft), {"state": "goes", "stops": 0, "points": []})
        self.unmap(draft)
        self.untax(draft)
        told = self.pill(draft)
        self.assertEqual((told["state"], told["stops"]), ("stops", 2))
        codes = {it["code"] for it in told["points"]}
        self.assertEqual(codes, {"account_not_mapped", "tax_not_mapped"})

    def test_z2_a_point_has_a_button_to_where_it_is_mended(self):
        draft = self.document(post=False)
        mapping = self.unmap(draft)
        action = self.point(draft, "account_not_mapped")["action"]
        self.assertEqual(
            (action["res_model"], action["res_id"]), (mapping._name, mapping.id)
        )
        self.assertEqual(action["target"], "new", "in a dialog")
        self.company.octopus_out_invoice_journal_id = False
        action = self.point(draft, "kind_without_journal")["action"]
        self.assertEqual(action["path"], "octopus-settings")
        draft.partner_id = False
        self.assertFalse(self.point(draft, "partner_missing")["action"])

    def test_z2_who_may_not_change_it_gets_no_button_to_the_settings(self):
        draft = self.document(post=False)
        self.company.octopus_out_invoice_journal_id = False
        point = self.point(draft.with_user(self.person()), "kind_without_journal")
        self.assertFalse(point["action"])
        self.assertTrue(point["fix"].startswith("Administrator"))

    def test_z2_x1_a_closed_period_and_a_relation_are_points(self):
        nowhere = self.env["res.partner"].create({"name": "X", "country_id": False})
        draft = self.document(post=False, partner_id=nowhere.id)
        self.dossier.journal_ids.year_ids.sudo().closed = True
        codes = {it["code"] for it in self.pill(draft)["points"]}
        self.assertLessEqual({"journal_closed", "country_missing"}, codes)

    def test_z2_a_number_that_is_used_is_a_point(self):
        self.company.octopus_number_policy = "same"
        for _number in range(self.last()):
            self.document()
        move = self.document()
        self.assertFalse(self.pill(move)["stops"])
        self.by_hand()
        self.refresh()
        self.assertTrue(self.point(move, "number_used")["stops"])
        self.assert_held(self.send(move), "blocked", "number_used")
        self.assertEqual(self.pill(move)["stops"], 1, "told once")

    def test_z2_a_file_that_is_missing_is_told_and_stops_nothing(self):
        self.company.octopus_attachment_policy = "make"
        bill, invoice = self.document("in_invoice"), self.document()
        told = self.point(bill, "attachment_missing")
        self.assertFalse(told["stops"])
        self.assertEqual(self.pill(bill)["state"], "goes")
        self.assertFalse(self.pill(invoice)["points"], "its PDF is made")
        self.company.octopus_attachment_policy = "existing"
        self.point(invoice, "attachment_missing")
        bill.message_main_attachment_id = self.env["ir.attachment"].create(
            {"name": "bill.pdf", "raw": b"%PDF-1.4", "res_model": bill._name}
        )
        self.assertFalse(self.pill(bill)["points"])

    def test_z2_a_file_that_is_too_big_is_told(self):
        self.company.octopus_attachment_policy = "make"
        self.env["ir.config_parameter"].set_param(LIMIT_PARAMETER, "0")
        bill = self.document("in_invoice")
        bill.message_main_attachment_id = self.env["ir.attachment"].create(
            {"name": "bill.pdf", "raw": b"%PDF-1.4", "res_model": bill._name}
        )
        self.point(bill, "attachment_too_big")

    def test_z2_what_octopus_refused_stays_a_point(self):
        def judge(_booking):
            raise Refusal(Code.UNKNOWN_ACCOUNT, "Field 7")

        self.books.bookkeeping.insert_booking = judge
        move = self.document()
        self.send(move)
        self.assertEqual(self.pill(move)["stops"], 1)
        self.point(move, "refused")

    def test_z2_what_was_sent_or_goes_nowhere_has_no_pill(self):
        move = self.document()
        self.send(move)
        self.assertFalse(self.pill(move))
        entry = self.env["account.move"].create({"move_type": "entry"})
        self.assertFalse(self.pill(entry))
        self.company.octopus_start_date = self.today + timedelta(days=1)
        self.assertEqual(self.pill(self.document())["state"], "out")

    def test_z2_invoicing_people_without_octopus_have_none(self):
        other = new_test_user(
            self.env,
            login="invoicing",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.document().with_user(other).read(["octopus_check"])


class TestFilter(CausesCase):
    def found(self, user=None, domain=WILL_STOP):
        self.env.flush_all()
        self.env.invalidate_all()
        moves = self.env["account.move"].with_user(user or self.env.user)
        return moves.search([*domain, ("company_id", "=", self.company.id)])

    def test_z2_the_filter_finds_what_would_not_pass_and_nothing_else(self):
        bad, draft = self.document(), self.document(post=False)
        good, booked = self.document("in_invoice"), self.document("in_invoice")
        held = self.document()
        self.send(booked)
        self.unmap(bad)
        self.blocked(held)
        self.assertEqual(self.found(self.person()), bad | held)
        rest = self.found(domain=[("octopus_will_stop", "=", False)])
        self.assertEqual(
            rest & (bad | draft | good | booked | held), draft | good | booked
        )
        self.assertTrue(bad.octopus_will_stop)
        self.assertFalse(good.octopus_will_stop)

    def test_z2_a_contact_that_octopus_could_not_take_is_found(self):
        nowhere = self.env["res.partner"].create(
            {"name": "Nowhere", "is_company": True, "country_id": False}
        )
        move = self.document(partner_id=nowhere.id)
        self.assertEqual(self.found(), move)

    def test_z2_the_filter_asks_as_much_for_many_as_for_one(self):
        self.unmap(self.document())

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = check.stopped_domain(self.env)
            count = self.env.cr.sql_log_count - before
            self.assertTrue(found)
            return count

        def warm():
            """Making documents empties caches of the registry: the second is told."""
            queries()
            return queries()

        one = warm()
        for number in range(8):
            partner = self.partner_a.copy({"name": f"Customer {number}"})
            self.document(partner_id=partner.id)
        self.assertEqual(warm(), one)
