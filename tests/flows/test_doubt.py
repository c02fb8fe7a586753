"""What the chaos runs found: things that happen at the same moment, or half."""

import time
from contextlib import suppress
from unittest.mock import patch

import psycopg2
from psycopg2.errors import UniqueViolation

from odoo.tools import mute_logger

from odoo.addons.octopus_connector.send.batch import Batch
from odoo.addons.octopus_connector.send.foresee import _note as note
from odoo.addons.octopus_connector.send.sender import Sender
from odoo.addons.octopus_connector.send.start import begin_shadow, end_shadow
from odoo.addons.octopus_connector.sync.relations import (
    mirror_relations,
    relation_as_read,
)

from .outbox_case import INSERT, OutboxCase
from .workers_case import WorkersCase

ADD_FILE = "addAttachementToBooking"
FIND_RELATION = "getRelations"
FORESEEN = "odoo.addons.octopus_connector.send.foresee._note"
PDF = b"%PDF-1.4 the document"


class TestDoubt(OutboxCase):
    """One worker, and answers that do not come."""

    attachments = "existing"

    def attach(self, move):
        return self.env["ir.attachment"].create(
            {
                "name": "INV.pdf",
                "raw": PDF,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )

    def test_x48_a_file_of_which_no_answer_came_is_not_added_twice(self):
        """A person is told to look instead."""
        for when in ("before", "after"):
            with self.subTest(when=when):
                move = self.document()
                row = self.send(move)
                self.attach(move)
                self.sandbox.world.calls.clear()
                self.faults.add("close", operation=ADD_FILE, when=when)
                self.push()
                self.push()
                self.assertLessEqual(len(self.there(row).attachments), 1)
                self.assertEqual(len(self.faults.pending()), 0)
                self.assertEqual(row.attachment_state, "unclear")
                self.assertIn("Look in Octopus", row.findings_html)
                self.assert_booked(row)

    def test_x48_a_file_that_certainly_was_not_taken_follows_later(self):
        move = self.document()
        row = self.send(move)
        self.attach(move)
        self.faults.add("quota", operation=ADD_FILE)
        self.push()
        self.assertEqual(row.attachment_state, "later")
        self.assertFalse(row.findings)

    def test_x48_refused_files_stay_refused_after_a_lost_answer(self):
        """The second call goes without them; its answer is lost."""
        self.sandbox.world.set_switches({"attachment_limit": 10})
        move = self.document()
        self.attach(move)
        self.faults.add("close", operation=INSERT, skip=1, when="after")
        row = self.send(move)
        self.assertEqual(row.state, "unknown")
        self.later(row)
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.attachment_state, "refused")
        self.assertFalse(self.there(row).attachments)

    def test_x18_a_relation_deleted_since_the_mirror_was_read_is_made_again(self):
        first = self.send(self.document())
        self.assert_booked(first)
        gone = first.relation_id
        key = self.there(first).key
        self.books.accountant.delete_last(key.bookyear, key.journal)
        self.books.relations.delete(gone.octopus_id)
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertNotEqual(row.relation_id, gone)
        self.assertTrue(gone.deleted)

    def test_x16_two_deleted_relations_of_one_contact_come_back(self):
        """The contact stays with one of them."""
        relations = self.dossier.sudo().relation_ids[:2]
        values = [relation_as_read(relation) for relation in relations]
        relations.write({"deleted": True, "partner_id": self.partner_a.id})
        found = mirror_relations(self.dossier, values)
        self.assertEqual(found.mapped("deleted"), [False, False])
        self.assertEqual(len(found.filtered("partner_id")), 1)

    def test_x24_the_database_itself_promises_a_number_once(self):
        """One document at a time travels to a journal, whoever forgot a lock."""
        booked = self.send(self.document())
        one, other = self.queue(self.document(), self.document())
        claims = {"journal_year_id": booked.journal_year_id.id}
        for claimed, values in (
            (one, {**claims, "state": "sending", "number": booked.number}),
            (one | other, {**claims, "state": "sending"}),
        ):
            with (
                self.assertRaises(UniqueViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                claimed.write(values)

    def test_f1_a_mistake_of_the_outbox_never_stops_a_confirmation(self):
        """The next pass gives the document its place."""
        logger = "odoo.addons.octopus_connector.models.account_move"
        broken = patch(f"{logger}.new_rows", side_effect=KeyError("x"))
        with broken, self.assertLogs(logger, "ERROR"):
            move = self.document()
        self.assertEqual(move.state, "posted")
        self.assertFalse(self.row(move))
        self.push()
        self.assertTrue(self.row(move))


class TestAtOnce(WorkersCase):
    """Two workers in transactions of their own."""

    def test_x25_who_holds_documents_that_another_decides_about_goes_on(self):
        """A pass lets documents wait behind a closed journal, while somebody else
        changes them: nobody stops, and they go later."""
        ids = self.queued(3)
        wait_behind = Batch._wait_behind

        def change_first(batch, stop, booking_ids):
            batch.env.cr.execute("SELECT 1")
            with self.worker() as env:
                rows = env["octopus.booking"].sudo().browse(booking_ids)
                rows.sudo().write({"attempts": 2})
            return wait_behind(batch, stop, booking_ids)

        self.set_journal("V1", opened_by="Els")
        with patch.object(Batch, "_wait_behind", change_first):
            self.pass_over()
        self.set_journal("V1", opened_by="")
        with self.rows(ids) as rows:
            rows.sudo().write({"retry_at": False})
        self.pass_over()
        self.assert_all_booked(ids)

    def stranger(self, vat):
        """Return the id of a new contact that Octopus can take, committed."""
        with self.worker() as env:
            values = {"name": vat, **self.belgian_company(vat)}
            return env["res.partner"].create(values).id

    def test_x23_what_another_has_in_flight_does_not_wait_behind(self):
        """Octopus is down for the first document; the bill behind it is in the hands
        of another worker by then, which died during its call."""
        ids = self.queued(partner_id=self.stranger("BE0403170701"))
        bill = self.queued(kind="in_invoice")
        wait_behind = Batch._wait_behind

        def die_first(batch, stop, booking_ids):
            if booking_ids == bill:
                self.killed(Sender, "_booked")
            return wait_behind(batch, stop, booking_ids)

        self.faults.add("status", status=503, operation=FIND_RELATION)
        with patch.object(Batch, "_wait_behind", die_first):
            self.pass_over(ids + bill)
        self.assertEqual(self.states(ids + bill), ["waiting", "sending"])
        with self.rows(ids) as rows:
            rows.retry_at = False
        self.pass_over()
        self.assert_all_booked(ids + bill)

    def test_x23_nor_is_it_prepared_anew_after_octopus_was_asked(self):
        """A person asks, so what is closed is read again; meanwhile another worker
        knows that it is open, and dies."""
        self.set_journal("V1", closed=True)
        self.refresh_mirror()
        self.set_journal("V1", closed=False)
        ids = self.queued()
        read_journals = Batch._read_journals

        def die_meanwhile(batch, bookyears, whole):
            self.refresh_mirror()
            self.killed(Sender, "_booked")
            return read_journals(batch, bookyears, whole)

        with (
            patch.object(Batch, "_read_journals", die_meanwhile),
            mute_logger("odoo.sql_db"),
        ):
            self.pass_over(ids)
        self.assert_all_booked(ids)
        with self.rows(ids) as rows:
            # Not as a booking that was found there and may be somebody else's.
            told = "".join(rows.move_id.message_ids.mapped("body"))
        self.assertNotIn("linked", told)

    def test_z12_what_another_has_in_flight_is_not_prepared_as_unsent(self):
        """A pass in shadow mode found it ready; one from before that sent it then, and
        died."""
        ids = self.queued(2)
        self.change_shadow(begin_shadow)
        rows_class = self.registry["octopus.booking"]
        to_foresee = rows_class.to_foresee

        def die_then(rows, dossier, chosen=None):
            found = to_foresee(rows, dossier, chosen)
            self.change_shadow(end_shadow)
            self.killed(Sender, "_booked")
            self.change_shadow(begin_shadow)
            return found

        with patch.object(rows_class, "to_foresee", die_then):
            self.pass_over()
        self.assertEqual(self.states(ids), ["sending", "ready"])
        self.change_shadow(end_shadow)
        self.pass_over()
        self.assert_all_booked(ids)

    def test_z12_nor_is_what_was_sent_after_shadow_mode_ended(self):
        """A pass still prepares what it found in it."""
        ids = self.queued(2)
        self.change_shadow(begin_shadow)

        def send_first(kind, row_ids):
            self.change_shadow(end_shadow)
            self.pass_over()
            self.assertEqual(self.states(ids), ["booked", "booked"])
            return note(kind, row_ids)

        with patch(FORESEEN, send_first), mute_logger("odoo.sql_db"):
            self.pass_over()
        self.assert_all_booked(ids)

    def refresh_mirror(self):
        with self.worker() as env:
            env["octopus.dossier"].browse(self.dossier.id)._cron_refresh()

    def change_shadow(self, change):
        with self.worker() as env:
            change(env["octopus.dossier"].sudo().browse(self.dossier.id))

    def test_x24_a_lock_that_is_lost_with_its_connection_books_nothing_twice(self):
        """The call is still open while another worker finds the journal free."""
        ids = self.queued(1)
        self.faults.add("slow", operation=INSERT, when="before", seconds=2)
        backends = []

        def first():
            with suppress(psycopg2.Error), self.worker() as env:
                backends.append(env.cr._cnx.get_backend_pid())
                dossier = env["octopus.dossier"].browse(self.dossier.id)
                env["octopus.booking"].push(dossier)

        def second():
            while not self.faults.met:
                time.sleep(0.01)
            with self.worker() as env:
                env.cr.execute("SELECT pg_terminate_backend(%s)", backends)
            self.pass_over(ids)

        self.side_by_side(first, second)
        with self.rows(ids) as rows:
            rows.sudo().write({"retry_at": False})
        self.pass_over(ids)
        self.assert_all_booked(ids)
