"""A link that ends, is taken up again, or goes to another dossier (X.51, Z.24)."""

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.send.decisions import accept_difference
from odoo.addons.octopus_connector.sync.link_dossier import link

from tests.common import demo

from .outbox_case import INSERT, OutboxCase


class TestRelink(OutboxCase):
    def disconnect(self, **values):
        action = self.env["res.config.settings"].create({}).action_octopus_disconnect()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write(values)
        counts = (wizard.booked_count, wizard.open_count, wizard.unknown_count)
        wizard.action_disconnect()
        return counts

    def change_setup(self, number):
        """Choose a dossier in the set-up as a person does."""
        setup = self.env["octopus.setup"].create({"state": "dossier"})
        setup.dossier_id = self.dossier_of(number)
        return setup

    def test_x51_disconnected_nothing_moves_and_nothing_is_lost(self):
        booked = self.send(self.document())
        number, relation = booked.octopus_number, booked.relation_id
        waiting = self.queue(self.document())
        mappings = self.env["octopus.tax.mapping"].search([("state", "=", "accepted")])
        self.assertEqual(self.disconnect(), (1, 1, 0))
        self.assertEqual(self.company.octopus_status, "off")
        self.sandbox.world.calls.clear()
        for cron in self.dossier.crons():
            self.run_cron(cron)
        self.assertFalse(self.calls())
        self.assertFalse(any(self.dossier.crons().mapped("active")))
        self.assertEqual((waiting.state, waiting.queued), ("ready", True))
        missed = self.document()
        self.assertFalse(self.row(missed))

        link(self.company, self.dossier)
        self.assertEqual((booked.octopus_number, booked.state), (number, "booked"))
        self.assertEqual(booked.relation_id, relation)
        self.assertEqual(set(mappings.mapped("state")), {"accepted"})
        self.assertTrue(all(self.dossier.crons().mapped("active")))
        self.push()
        self.assert_booked(waiting)
        self.assert_booked(self.send(missed))
        self.assertEqual(len(self.calls(INSERT)), 2)

    def test_x51_z26_the_overview_says_that_no_company_books_here(self):
        self.assertTrue(self.dossier.in_use)
        self.assertTrue(self.dossier.desk["next_at"])
        self.disconnect()
        self.env.invalidate_all()
        self.assertFalse(self.dossier.in_use)
        self.assertFalse(self.dossier.desk["next_at"])
        link(self.company, self.dossier)
        self.assertTrue(self.dossier.in_use)

    def test_x51_what_changed_meanwhile_is_seen_after_linking_again(self):
        same, other = self.document(), self.document()
        rows = self.send(same) | self.send(other)
        self.disconnect()
        for move in (same, other):
            move.sudo().button_draft()
        other.invoice_line_ids[:1].price_unit += 1
        (same | other).action_post()
        link(self.company, self.dossier)
        self.assertEqual(rows.mapped("state"), ["booked", "changed"])

    def test_x29_x51_what_a_document_is_can_be_told_without_the_link(self):
        """Confirmed again, changed or settled meanwhile: the same as with the link."""
        same, other, settled = (self.send(self.document()) for _number in range(3))
        for row in (other, settled):
            row.move_id.button_draft()
            row.move_id.invoice_line_ids[:1].price_unit += 1
            row.move_id.action_post()
        self.disconnect()
        same.move_id.button_draft()
        same.move_id.action_post()
        self.assertEqual((same.state, other.state), ("booked", "changed"))
        accept_difference(settled.sudo(), "agreed")
        link(self.company, self.dossier)
        rows = same | other | settled
        self.assertEqual(rows.mapped("state"), ["booked", "changed", "booked"])

    def test_z24_x30_a_document_that_odoo_deleted_is_no_hindrance(self):
        deleted, draft = self.send(self.document()), self.send(self.document())
        name = deleted.document_name
        (deleted | draft).move_id.button_draft()
        deleted.move_id.unlink()
        self.disconnect()
        link(self.company, self.dossier)
        self.assertEqual(self.company.octopus_status, "connected")
        self.assertEqual((deleted | draft).mapped("state"), ["changed", "changed"])
        self.assertEqual(deleted.document_name, name)

    def test_x51_the_password_is_erased_if_asked(self):
        self.disconnect(forget_login=True)
        self.assertFalse(self.connection.has_secret or self.connection.software_house)
        self.assertEqual(self.connection.state, "draft")

    def test_x51_another_dossier_asks_and_keeps_what_is_booked(self):
        booked = self.send(self.document())
        number = booked.octopus_number
        waiting = self.queue(self.document())
        setup = self.change_setup(demo.BRANCH)
        self.assertIn("1 documents are booked in", setup.change_text)
        with self.assertRaisesRegex(UserError, "Tick the box"):
            setup.action_next()
        self.assertEqual(self.company.octopus_dossier_id, self.dossier)
        setup.change_agreed = True
        setup.action_next()
        branch = self.dossier_of(demo.BRANCH)
        self.assertEqual(self.company.octopus_dossier_id, branch)
        self.assertEqual(
            (booked.dossier_id, booked.octopus_number), (self.dossier, number)
        )
        self.assertEqual(
            (waiting.dossier_id, waiting.state, waiting.queued),
            (branch, "ready", False),
        )
        with self.assertRaises(UserError):
            booked.move_id.action_octopus_send()
        self.map_all()
        self.assertEqual(self.send(waiting.move_id).state, "booked")
        there = self.sandbox.books(demo.BRANCH).dossier.bookings.values()
        names = [booking.comment for booking in there]
        self.assertEqual(names.count(waiting.document_name), 1)
        self.assertEqual(names.count(booked.document_name), 0)

    def test_x51_what_is_booked_in_a_former_dossier_stays_watched(self):
        booked = self.send(self.document())
        link(self.company, self.dossier_of(demo.BRANCH))
        move = booked.move_id
        move.sudo().button_draft()
        move.action_post()
        self.assertEqual(booked.state, "booked", "nothing was changed")
        move.sudo().button_draft()
        move.invoice_line_ids[:1].price_unit += 1
        move.action_post()
        self.assertEqual(booked.state, "changed")
        self.assertEqual(len(self.row(move)), 1, "no second booking (Z.4)")

    def test_x51_and_back_again_goes_on(self):
        booked = self.send(self.document())
        waiting = self.queue(self.document())
        for number in (demo.BRANCH, demo.MAIN):
            link(self.company, self.dossier_of(number))
        self.assertEqual(waiting.dossier_id, self.dossier)
        self.assertEqual(booked.state, "booked")
        self.assertEqual(self.company.octopus_out_invoice_journal_id.key, "V1")
        self.assert_booked(self.send(waiting.move_id))

    def test_x23_an_answer_to_come_keeps_the_dossier(self):
        row = self.queue(self.document())
        row.sudo().write({"state": "unknown"})
        with self.assertRaisesRegex(UserError, "is not known yet"):
            link(self.company, self.dossier_of(demo.BRANCH))
        self.assertEqual(self.company.octopus_dossier_id, self.dossier)
