"""A link that ends, is taken up again, or goes to another dossier (X.51, Z.24)."""

from dataclasses import replace

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.prepare.settings import carried_over
from odoo.addons.octopus_connector.send.collect_documents import rows_for
from odoo.addons.octopus_connector.send.decisions import (
    accept_difference,
    send_anew,
    update,
)
from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.refresh import refresh_now

from tests.common import demo

from .outbox_case import INSERT, JOURNALS, OutboxCase


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


class TestMoved(OutboxCase):
    """What was not sent yet follows its company to another dossier, whichever setting
    leads there, and never goes to the one that it left (B.3, X.51)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # gives the branch its accounts
        cls.env.user.company_ids += cls.branch
        cls.own = cls.dossier_of(demo.BRANCH)

    def separate(self):
        """Give the branch a dossier of its own."""
        self.branch.octopus_write_settings({"octopus_separate_settings": True})
        link(self.branch, self.own)
        self.map_all(self.branch)

    def follow_again(self):
        """Let the branch follow the company above."""
        self.branch.octopus_write_settings({"octopus_separate_settings": False})

    def share(self):
        """Let another company book in the dossier, so that it goes on."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        link(other, self.dossier)
        return other

    def of_branch(self, **values):
        return self.document(company_id=self.branch.id, **values)

    def waiting(self):
        """A document of the branch that waits for a moment which has come."""
        row = self.queue(self.of_branch())
        row.sudo().write({"state": "waiting", "retry_at": "2020-01-01"})
        return row

    def assert_moved(self, rows, dossier):
        for row in rows:
            self.assertEqual(
                (row.dossier_id, row.state, row.queued), (dossier, "ready", False)
            )

    def assert_clean(self):
        """The books of both dossiers are right, and no document is in them twice."""
        there = []
        for number in (demo.MAIN, demo.BRANCH):
            self.assertFalse(self.sandbox.books(number).audit().problems)
            there += [it.comment for it in self.books_of(number)]
        for row in self.env["octopus.booking"].search([("move_id", "!=", False)]):
            self.assertLessEqual(there.count(row.move_id.name), 1, row.document_name)

    def books_of(self, number):
        return self.sandbox.books(number).dossier.bookings.values()

    def assert_sent(self, row, number):
        """It is booked once, in the dossier with a number."""
        there = {
            number: [
                it for it in self.books_of(number) if it.comment == row.move_id.name
            ]
            for number in (demo.MAIN, demo.BRANCH)
        }
        self.assertEqual(row.state, "booked", row.findings)
        self.assertEqual({key for key, found in there.items() if found}, {number})
        self.assertEqual(len(there[number]), 1)

    def test_x51_b3_a_branch_that_follows_again(self):
        """Its own dossier, which it keeps, goes on working: nothing more goes there."""
        self.separate()
        booked = self.send(self.document())
        rows = self.queue(self.of_branch()) | self.waiting()
        self.sandbox.world.calls.clear()
        self.follow_again()
        self.assertEqual(self.branch.octopus_dossier(), self.dossier)
        self.assertTrue(self.own.is_used())
        self.push(self.own)
        self.assertFalse(self.calls(INSERT))
        self.assert_moved(rows, self.dossier)
        self.assertEqual(booked.state, "booked", "no number of the parent is doubted")
        for row in rows:
            self.send(row.move_id)
            self.assert_sent(row, demo.MAIN)
        self.assertEqual(booked.state, "booked")

    def test_x51_b3_settings_of_its_own_and_another_dossier_in_one_save(self):
        rows = self.queue(self.of_branch()) | self.waiting()
        refresh_now(self.own)
        page = self.env["res.config.settings"].with_company(self.branch)
        page.create(
            {
                "octopus_separate_settings": True,
                "octopus_dossier_id": self.own.id,
                "octopus_start_date": self.today,
                **carried_over(self.branch, self.own),
            }
        ).execute()
        self.assertEqual(self.branch.octopus_dossier(), self.own)
        self.assert_moved(rows, self.own)
        self.map_all(self.branch)
        self.push()
        self.assertFalse(self.calls(INSERT))
        for row in rows:
            self.send(row.move_id)
            self.assert_sent(row, demo.BRANCH)

    def test_x51_b2_ticking_alone_moves_nothing(self):
        row = self.queue(self.of_branch())
        self.branch.octopus_write_settings({"octopus_separate_settings": True})
        self.assertEqual((row.dossier_id, row.queued), (self.dossier, True))

    def test_x51_b3_what_is_below_moves_along(self):
        twig = self.env["res.company"].create(
            {"name": "Below", "parent_id": self.branch.id}
        )
        self.env.cr.precommit.run()
        self.env.user.company_ids += twig
        row = self.queue(self.document(company_id=twig.id))
        self.separate()
        self.assert_moved(row, self.own)
        self.follow_again()
        self.assert_moved(row, self.dossier)

    def test_x23_an_answer_to_come_keeps_the_settings(self):
        self.separate()
        row = self.queue(self.of_branch())
        row.sudo().write({"state": "unknown"})
        with self.assertRaisesRegex(UserError, "is not known yet"):
            self.follow_again()
        self.assertEqual(self.branch.octopus_dossier(), self.own)
        self.assertEqual((row.state, row.dossier_id), ("unknown", self.own))

    def gone(self):
        """A document that is gone in the dossier which its company left since, and in
        which another one books."""
        row = self.send(self.document())
        self.books.accountant.delete_last(self.year, "V1")
        row.sudo().set_gone()
        self.share()
        link(self.company, self.own)
        self.map_all()
        return row

    def test_x51_x29_what_is_gone_in_a_former_dossier_goes_to_the_present_one(self):
        row = self.gone()
        send_anew(row.sudo())
        self.assertEqual((row.dossier_id, row.queued), (self.own, True))
        self.assertFalse(row.entry_ids)
        self.sandbox.world.calls.clear()
        self.push()
        self.assertFalse(self.calls(INSERT))
        self.push(self.own)
        self.assert_sent(row, demo.BRANCH)
        self.assertIn(self.own.display_name, row.move_id.message_ids[1].body)

    def test_x51_x29_what_the_present_dossier_has_is_not_sent_again(self):
        row = self.gone()
        other = rows_for(row.move_id.sudo()) - row
        self.assertEqual(other.dossier_id, self.own)
        refused = self.assertRaisesRegex(UserError, "has its place in")
        with refused, self.env.cr.savepoint():
            send_anew(row.sudo())
        self.assertEqual((row.state, row.dossier_id), ("gone", self.dossier))

    def astray(self):
        """A document that was asked for in the dossier that its company left, as at the
        very moment when it did."""
        row = self.queue(self.document())
        self.share()
        link(self.company, self.own)
        self.map_all()
        row.sudo().write({"dossier_id": self.dossier.id, "queued": True})
        return row

    def test_x51_x25_what_was_asked_for_at_that_moment_is_held(self):
        row = self.astray()
        self.sandbox.world.calls.clear()
        self.push()
        self.assertFalse(self.calls(INSERT) + self.calls(JOURNALS))
        self.assertEqual((row.state, row.cause), ("blocked", "other_dossier"))
        for dossier in (self.dossier, self.own):
            self.assertIn(dossier.display_name, row.cause_text)
        self.send(row.move_id)
        self.assertEqual(row.dossier_id, self.own)
        self.assert_sent(row, demo.BRANCH)

    def test_x51_x25_a_request_of_before_is_looked_at_once_more(self):
        """It was prepared for the dossier that its company left, and asked for again in
        the present one."""
        row = self.queue(self.document())
        kind = row.sudo().octopus_kind()
        with self.dossier.client() as octopus:
            kind.octopus = octopus
            [request], _held = kind.prepare(row.sudo(), self.env["octopus.run"].sudo())
        self.env.flush_all()
        self.assertTrue(kind.look(row.sudo(), request)[0])
        link(self.company, self.own)
        row.sudo().queued = True
        self.env.flush_all()
        again = replace(request, write_date=row.move_id.write_date)
        self.assertFalse(kind.look(row.sudo(), again)[0])

    def test_x51_z6_nothing_of_a_former_dossier_is_written_over(self):
        row = self.send(self.document())
        self.share()
        link(self.company, self.own)
        row.move_id.button_draft()
        row.move_id.invoice_line_ids[:1].price_unit += 1
        row.move_id.action_post()
        self.assertEqual(row.state, "changed")
        with self.assertRaisesRegex(UserError, "books in"):
            update(row)
