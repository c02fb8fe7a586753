"""From a confirmed document to a booking, when nothing goes wrong (F.1-F.8, J.1)."""

from contextlib import contextmanager
from datetime import timedelta

from psycopg2.errors import DivisionByZero, SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.octopus_connector.send.batch import Batch
from odoo.addons.octopus_connector.send.document import DocumentKind
from odoo.addons.octopus_connector.send.steps import Steps

from .outbox_case import INSERT, OutboxCase


class TestOneDocument(OutboxCase):
    """One document, asked for by a person."""

    def test_f1_f8_an_invoice_is_booked_under_the_next_number(self):
        before = self.last()
        move = self.document()
        action = move.action_octopus_send()
        row = self.row(move)
        self.assert_booked(row)
        self.assertEqual(row.number, before + 1)
        self.assertEqual(move.octopus_state, "booked")
        name = f"V1 / {row.bookyear_id.name} / {row.number}"
        self.assertEqual(move.octopus_number, name)
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn(name, action["params"]["message"])
        self.assertIn(name, move.message_ids[0].body)
        self.assertEqual(self.statuses(), [201])

    def test_f1_f2_each_kind_goes_to_its_journal(self):
        for kind, journal in (
            ("out_invoice", "V1"),
            ("out_refund", self.company.octopus_out_refund_journal_id.key),
            ("in_invoice", "A1"),
            ("in_refund", self.company.octopus_in_refund_journal_id.key),
        ):
            with self.subTest(kind=kind):
                row = self.send(self.document(kind))
                self.assert_booked(row)
                self.assertEqual(row.journal_id.key, journal)

    def own_account(self, **relation):
        """Take Octopus's own account for purchases; return a vendor that is linked with
        no relation, and what Octopus has of one."""
        taxes = self.env["octopus.tax.mapping"]
        mine = [("tax_id", "=", self.tax_purchase_a.id)]
        taxes.search(mine).account_policy = "octopus"
        partner = self.env["res.partner"].create(
            {"name": "New NV", **self.belgian_company("BE0403170701")}
        )
        self.enter(**relation)
        return partner

    def enter(self, **relation):
        """Let the accountant make a relation, and read it."""
        same = {"name": "New NV", "vat_nr": "BE0403.170.701", "country": "BE"}
        self.books.relations.enter(
            {**same, "vat_type": 1, "supplier": True, **relation}
        )
        self.refresh()

    def test_d4_the_account_of_a_relation_that_is_not_linked_yet(self):
        """The relation is linked only once the document may go, and the document goes
        only with the account of the relation."""
        partner = self.own_account(default_booking_account_supplier=604000)
        for _time in ("not linked yet", "linked"):
            row = self.send(self.document("in_invoice", partner_id=partner.id))
            self.assert_booked(row)
            self.assertEqual([it.account for it in self.there(row).lines], [604000])
        self.assertEqual(len(partner.octopus_relation_ids), 1)
        self.assertFalse(self.calls("insertUpdateRelation"))

    def test_d4_who_is_no_relation_yet_is_named(self):
        partner = self.own_account(name="Other NV", vat_nr="")
        row = self.send(self.document("in_invoice", partner_id=partner.id))
        self.assert_held(row, "blocked", "no_relation_with_account")
        self.assertEqual(row.findings[0]["params"], {"partner": "New NV"})
        self.assertFalse(self.calls("insertUpdateRelation"), "it would have no account")
        self.enter(default_booking_account_supplier=604000)
        self.push()
        self.assert_booked(row)

    def test_e1_a_new_relation_costs_two_calls_and_a_known_one_none(self):
        partner = self.env["res.partner"].create(
            {"name": "New NV", **self.belgian_company("BE0403170701")}
        )
        self.send(self.document(partner_id=partner.id))
        first = [call.operation for call in self.calls()]
        self.assertEqual(first.count("getRelations"), 1)
        self.assertEqual(first.count("insertUpdateRelation"), 1)
        self.sandbox.world.calls.clear()
        self.assert_booked(self.send(self.document(partner_id=partner.id)))
        self.assertEqual([call.operation for call in self.calls()], [INSERT])

    def test_x23_the_number_is_on_disk_before_the_call(self):
        """What the row held at the moment of the call, as another process sees it."""
        move = self.document()
        seen = []
        insert = self.sandbox.world.books[self.demo.MAIN].bookkeeping.insert_booking

        def look(booking):
            self.env.cr.execute(
                "SELECT state, number FROM octopus_booking WHERE move_id = %s",
                [move.id],
            )
            seen.append(self.env.cr.fetchone())
            return insert(booking)

        self.books.bookkeeping.insert_booking = look
        row = self.send(move)
        self.assertEqual(seen, [("sending", row.number)])

    def test_i3_sending_again_does_nothing(self):
        move = self.document()
        self.send(move)
        with self.assertRaisesRegex(UserError, "is in Octopus already: V1"):
            move.action_octopus_send()
        self.assertEqual(self.statuses(), [201])

    def test_f4_a_draft_is_refused_in_plain_words(self):
        with self.assertRaisesRegex(UserError, "is a draft"):
            self.document(post=False).action_octopus_send()

    def test_f3_a_document_before_the_start_is_refused_in_plain_words(self):
        self.company.octopus_start_date = self.today
        move = self.document(invoice_date=self.today - timedelta(days=3))
        self.assertFalse(self.row(move))
        with self.assertRaisesRegex(UserError, "before the start"):
            move.action_octopus_send()

    def test_a12_only_octopus_users_send(self):
        user = new_test_user(
            self.env,
            "biller",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaisesRegex(UserError, "Only Octopus users"):
            self.document().with_user(user).action_octopus_send()

    def test_a12_an_octopus_user_sends(self):
        user = new_test_user(
            self.env,
            "sender",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
        )
        move = self.document()
        move.with_user(user).action_octopus_send()
        row = self.row(move)
        self.assert_booked(row)
        self.assertEqual(row.user_id, user)

    def test_x8_a_missing_mapping_blocks_and_one_fix_lets_it_go(self):
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax_sale_a.id), ("direction", "=", "sale")]
        )
        kept = mapping.vat_code_id
        mapping.vat_code_id = False
        move = self.document()
        action = move.action_octopus_send()
        row = self.row(move)
        self.assert_held(row, "blocked", "tax_not_mapped")
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn(self.tax_sale_a.name, action["params"]["message"])
        self.assertEqual(self.calls(), [])
        mapping.vat_code_id = kept
        self.assertEqual(row.state, "ready")
        self.push()
        self.assert_booked(row)


class TestScheduledAction(OutboxCase):
    """Many documents, sent by the dossier's own scheduled action."""

    def test_j1_many_return_at_once_and_the_starter_is_told(self):
        moves = self.env["account.move"].union(*(self.document() for _n in range(3)))
        with _Bus(self) as bus:
            action = moves.action_octopus_send()
            self.assertEqual(self.calls(), [])
            self.assertIn("Documents on their way: 3", action["params"]["message"])
            self.push()
        for move in moves:
            self.assert_booked(self.row(move))
        [told] = [item for item in bus if item[0] == "octopus_told"]
        self.assertIn("In Octopus: 3", told[1]["message"])
        run = self.row(moves[0]).run_id
        self.assertRecordValues(
            run, [{"state": "done", "interactive": True, "total": 3}]
        )
        self.assertEqual(run.counts, {"booked": 3})

    def test_x21_numbers_follow_the_dates(self):
        days = (5, 1, 9, 3)
        moves = [
            self.document(invoice_date=self.today - timedelta(days=day)) for day in days
        ]
        rows = self.queue(*moves)
        self.push()
        for row in rows:
            self.assert_booked(row)
        by_number = rows.sorted("number").mapped("document_date")
        self.assertEqual(by_number, sorted(by_number))

    def test_f5_nothing_leaves_that_nobody_asked_for(self):
        move = self.document()
        self.push()
        row = self.row(move)
        self.assertEqual((row.state, row.queued), ("ready", False))
        self.assertEqual(self.calls(), [])

    def test_f5_with_the_switch_on_documents_leave_by_themselves(self):
        self.send(self.document())
        self.dossier.automatic = True
        move = self.document()
        self.push()
        self.assert_booked(self.row(move))

    def test_j3_documents_from_before_the_link_are_collected(self):
        self.dossier.automatic = False
        move = self.document()
        self.row(move).sudo().unlink()
        self.assertFalse(move.octopus_state)
        self.push()
        self.assertEqual(self.row(move).state, "ready")

    def test_f7_a_pass_without_work_leaves_no_trace(self):
        runs = self.env["octopus.run"].search_count([])
        self.push()
        self.assertEqual(self.calls(), [])
        self.assertEqual(self.env["octopus.run"].search_count([]), runs)

    def test_a_draft_again_is_not_sent(self):
        """X.30: a document that was taken back before it left stays here."""
        move = self.document()
        row = self.queue(move)
        move.button_draft()
        self.push()
        self.assertEqual(self.calls(), [])
        self.assertEqual(row.state, "ready")
        move.action_post()
        self.assert_booked(self.send(move))


class TestAnotherDossier(OutboxCase):
    """The company is linked with another dossier later."""

    def test_x51_a_document_that_is_in_a_dossier_gets_no_second_booking(self):
        """X.51, Z.4: each document at most once, in whatever dossier."""
        move = self.document()
        self.send(move)
        self.link(self.company, self.demo.BRANCH)
        self.assertFalse(self.queue(move))
        self.assertEqual(move.octopus_booking_ids.dossier_id, self.dossier)
        fresh = self.document()
        self.assertEqual(
            self.queue(fresh, move).dossier_id.octopus_id, self.demo.BRANCH
        )


class TestNumberPolicy(OutboxCase):
    """Octopus's number is Odoo's own (X.21, X.22)."""

    def setUp(self):
        super().setUp()
        self.company.octopus_number_policy = "same"
        for _number in range(self.last("V1")):
            self.document(invoice_date=self.today - timedelta(days=20))

    def test_x21_the_same_number_is_used(self):
        move = self.document()
        self.assertEqual(move.sequence_number, self.last() + 1)
        row = self.send(move)
        self.assert_booked(row)
        self.assertEqual(row.number, move.sequence_number)

    def test_x21_a_later_one_waits_and_says_for_which(self):
        first, second = self.document(), self.document()
        row = self.send(second)
        self.assert_held(row, "waiting", "number_waits")
        self.assertEqual(row.findings[0]["params"]["document"], first.name)
        self.send(first)
        self.later(row)
        self.push()
        self.assert_booked(row)

    def test_x21_a_number_that_is_taken_blocks(self):
        move = self.document()
        self.by_hand()
        self.refresh()
        self.assert_held(self.send(move), "blocked", "number_used")


class TestGuards(OutboxCase):
    """What Octopus has is not silently taken away (X.29, X.30)."""

    def setUp(self):
        super().setUp()
        self.move = self.document()
        self.booking = self.send(self.move)
        self.biller = new_test_user(
            self.env,
            "biller",
            groups="octopus_connector.group_user,account.group_account_manager",
            company_id=self.company.id,
        )

    def test_x30_only_an_administrator_resets_to_draft(self):
        with self.assertRaisesRegex(UserError, "booked in Octopus"):
            self.move.with_user(self.biller).button_draft()
        self.move.button_draft()
        self.assertEqual(self.move.state, "draft")
        notes = " ".join(self.move.message_ids.mapped("body"))
        self.assertIn("Octopus still has the booking", notes)

    def test_x30_not_even_an_administrator_while_it_travels(self):
        self.booking.sudo().state = "unknown"
        with self.assertRaisesRegex(UserError, "on its way"):
            self.move.button_draft()
        self.booking.sudo().state = "booked"

    def test_x29_posted_again_as_it_was_it_is_still_booked(self):
        self.move.button_draft()
        self.move.action_post()
        self.assertEqual(self.booking.state, "booked")

    def test_x29_posted_again_with_another_amount_it_is_changed(self):
        self.move.button_draft()
        self.move.invoice_line_ids.price_unit = 999
        self.move.action_post()
        self.assertEqual(self.booking.state, "changed")
        self.assertEqual(self.move.octopus_state, "changed")

    def test_x30_deleting_keeps_the_trace(self):
        self.move.button_draft()
        self.move.name = False
        self.move.with_context(force_delete=True).unlink()
        self.assertEqual(self.booking.state, "changed")
        self.assertTrue(self.booking.octopus_number)
        self.assertFalse(self.booking.move_id)

    def test_f3_excluded_with_a_reason_and_included_again(self):
        move = self.document()
        action = move.action_octopus_exclude()
        wizard = self.env["octopus.exclude"].browse(action["res_id"])
        wizard.reason = "Booked by the accountant"
        wizard.action_exclude()
        self.assertEqual(move.octopus_state, "excluded")
        self.assertIn("Booked by the accountant", move.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "does not go to Octopus"):
            move.action_octopus_send()
        self.push()
        self.assertFalse(self.copies(move))
        move.action_octopus_include()
        self.assert_booked(self.send(move))

    def test_what_is_booked_can_not_be_excluded(self):
        """F.3: a decision cannot undo what happened."""
        with self.assertRaisesRegex(UserError, "went to Octopus already"):
            self.booking.exclude("too late")


class TestKeeping(OutboxCase):
    """What was read or made in Octopus beside a document (X.24)."""

    @contextmanager
    def keeping(self):
        with self.env.registry.cursor() as cr:
            with Steps(self.env(cr=cr)).keeping():
                yield cr

    def test_x24_an_error_of_the_database_is_told_as_it_is(self):
        """Another worker wrote the same relation: whoever comes after starts anew, and
        the document is not blocked for it."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(DivisionByZero),
            self.keeping() as cr,
        ):
            cr.execute("SELECT 1/0")

    def test_x24_who_notes_an_error_beside_another_ends_no_pass(self):
        """The row is written by somebody else while it is noted what it met: found by
        chaos, seed 1044."""

        def crossed(_sender):
            raise SerializationFailure

        row = self.row(self.document())
        journal = self.dossier.journal_ids.filtered(lambda it: it.key == "V1")
        env = self.env(su=True)
        kind = DocumentKind(env)
        batch = Batch(kind, self.dossier.sudo(), env["octopus.run"])
        with self.env.registry.cursor() as cr:
            batch.worker = env(cr=cr)
            result = batch.under_lock(journal.id, crossed)
        self.assertEqual((result.conflict, result.stop), (True, None))
        self.assertEqual(row.state, "ready")

    def test_x25_it_stays_when_the_document_can_not_go(self):
        with self.failing(UserError), self.keeping() as cr:
            cr.execute(
                "UPDATE res_partner SET ref = 'read' WHERE id = %s",
                [self.partner_a.id],
            )
            raise UserError("no")
        self.partner_a.invalidate_recordset()
        self.assertEqual(self.partner_a.ref, "read")


class _Bus:
    """What users are told on their screens while the ``with`` block runs."""

    def __init__(self, test):
        self.test = test
        self.sent = []

    def __enter__(self):
        Bus = type(self.test.env["res.users"])
        original = Bus._bus_send

        def record(users, kind, message, **options):
            self.sent.append((kind, message))
            return original(users, kind, message, **options)

        self.test.patch(Bus, "_bus_send", record)
        return self.sent

    def __exit__(self, *_error):
        return False
