"""Several workers, and workers that die (X.23, X.24, Z.4)."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tools import SQL, mute_logger

from odoo.addons.octopus_connector.send.batch import Batch
from odoo.addons.octopus_connector.send.document import DocumentKind
from odoo.addons.octopus_connector.send.sender import Sender
from odoo.addons.octopus_connector.sync.mirror import Mirror
from odoo.addons.octopus_connector.sync.scheduled import ensure_crons

from .outbox_case import INSERT
from .workers_case import Killed, WorkersCase


class TestWorkers(WorkersCase):
    """Real transactions on real connections."""

    def test_x23_killed_between_claim_and_call(self):
        ids = self.queued()
        self.killed(DocumentKind, "insert")
        self.assertEqual(self.states(ids), ["sending"])
        self.assertEqual(self.statuses(), [])
        self.pass_over()
        self.assert_all_booked(ids)

    def test_x23_killed_between_call_and_result(self):
        ids = self.queued()
        self.killed(Sender, "_booked")
        self.assertEqual(self.states(ids), ["sending"])
        self.assertEqual(self.statuses(), [201])
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201, 400])

    def test_x23_killed_before_the_claim(self):
        ids = self.queued()
        self.killed(Sender, "_claim")
        with self.rows(ids) as row:
            self.assertEqual((row.state, row.number), ("ready", 0))
        self.pass_over()
        self.assert_all_booked(ids)

    def test_x23_killed_while_others_wait_behind_it(self):
        ids = self.queued(3)
        self.killed(Sender, "_booked")
        self.pass_over()
        self.assert_all_booked(ids)

    def test_x23_killed_between_a_result_and_the_next_claim(self):
        """The answer goes on disk with the next number: who dies before that leaves a
        document in doubt, and resolves it."""
        self.queued()
        self.pass_over()
        ids = self.queued(3)
        claim, claims = Sender._claim, []

        def second(sender, row, request, booking):
            claims.append(row.id)
            if len(claims) == 2:
                raise Killed
            return claim(sender, row, request, booking)

        with patch.object(Sender, "_claim", second), self.assertRaises(Killed):
            self.pass_over()
        self.assertEqual(self.states(ids), ["sending", "ready", "ready"])
        self.pass_over()
        self.assert_all_booked(ids)
        # The one in doubt was sent again, and Octopus had it.
        self.assertEqual(sorted(self.statuses()[1:]), [201, 201, 201, 400])

    def test_x29_an_answer_outlives_what_befalls_the_next_document(self):
        """What is rolled back for another document is no answer of this one."""
        self.queued()
        self.pass_over()
        ids = self.queued(3)
        look = DocumentKind.look

        def crossed(kind, row, request):
            if row.id == ids[1] and kind.steps.answer:
                with self.worker() as other:
                    other.cr.execute(
                        "UPDATE account_move SET ref = 'mine' WHERE id = %s",
                        [request.move_id],
                    )
                kind.env.cr.execute(
                    "UPDATE account_move SET ref = NULL WHERE id = %s",
                    [request.move_id],
                )
            return look(kind, row, request)

        with patch.object(DocumentKind, "look", crossed), mute_logger("odoo.sql_db"):
            self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 4)

    def test_x29_who_writes_the_document_that_was_answered_waits(self):
        """Somebody writes it between its call and its answer: it is booked."""
        self.queued()
        self.pass_over()
        ids = self.queued(2)
        with self.crossing_answers("octopus_booking", "payments_linked = NULL"):
            self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 3)

    @contextmanager
    def crossing_answers(self, table, assignment):
        """Let another transaction write a row of the outbox, or its document, between
        each call and its answer."""
        insert = DocumentKind.insert

        def crossed(kind, row, request, booking):
            answer = insert(kind, row, request, booking)
            # The transaction of the answer is under way already.
            kind.env.cr.execute("SELECT 1")
            ids = {"octopus_booking": row.id, "account_move": request.move_id}
            with self.worker() as other:
                other.cr.execute(
                    SQL(
                        "UPDATE %s SET %s WHERE id = %s",
                        SQL.identifier(table),
                        SQL(assignment),
                        ids[table],
                    )
                )
            return answer

        with patch.object(DocumentKind, "insert", crossed), mute_logger("odoo.sql_db"):
            yield

    def test_x29_an_answer_is_kept_when_the_next_document_cannot_be_had(self):
        """Its files cannot be read, say: what Octopus has stays booked here."""
        self.queued()
        self.pass_over()
        ids = self.queued(3)
        add_files = DocumentKind.add_files

        def unreadable(kind, request):
            if request.booking_id == ids[1]:
                raise OSError("no such disk")
            return add_files(kind, request)

        with patch.object(DocumentKind, "add_files", unreadable):
            with self.assertRaises(OSError):
                self.pass_over()
        self.assertEqual(self.states(ids), ["booked", "ready", "ready"])
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 4)

    def test_x29_an_answer_that_somebody_follows_is_noted_at_once(self):
        """An automation rule stands before ``write``; somebody saves the document while
        it travels, and the ORM must write it again."""
        self.queued()
        self.pass_over()
        ids = self.queued(2)
        Row = self.registry["octopus.booking"]
        write, seen = Row.write, []

        def watched(rows, values):
            if values.get("state") == "booked":
                seen.extend(rows.ids)
            return watched.origin(rows, values)

        watched.origin = write
        Row.write = watched
        self.addCleanup(delattr, Row, "write")
        with self.crossing_answers("account_move", "ref = ref"):
            self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 3)
        # Each is written once more, for the transaction that was in the way.
        self.assertEqual(seen, [ids[0]] * 2 + [ids[1]] * 2)

    def test_x29_one_commit_a_document(self):
        """The claim before the call, with the call's row in the log, and the answer to
        the one before."""
        self.queued()
        self.pass_over()
        counts = []
        for count in (4, 14):
            ids = self.queued(count)
            with self.commits() as made:
                self.pass_over()
            self.assert_all_booked(ids)
            counts.append(len(made))
        self.assertEqual(counts[1] - counts[0], 10)

    def test_z22_the_history_of_each_document_names_its_number(self):
        """A pass tells what its sender committed in another transaction."""
        ids = self.queued(3)
        self.pass_over(ids)
        with self.worker() as env:
            rows = env["octopus.booking"].browse(ids)
            told = [
                [note.preview for note in row.move_id.message_ids if note.preview][:1]
                for row in rows
            ]
            numbers = rows.mapped("octopus_number")
        self.assertTrue(all(numbers))
        self.assertEqual(told, [[f"Booked in Octopus as {it}"] for it in numbers])

    @contextmanager
    def commits(self):
        """Count the transactions that wrote something, of any cursor."""
        made = []
        commit = Cursor.commit

        def counted(cr):
            cr.flush()
            cr._obj.execute("SELECT pg_current_xact_id_if_assigned()")
            if cr._obj.fetchone()[0]:
                made.append(cr)
            return commit(cr)

        with patch.object(Cursor, "commit", counted):
            yield made

    def test_c1_a_refresh_beside_that_of_a_person_is_no_error(self):
        """The scheduled action leaves a dossier to who reads it at this moment."""
        with self.worker() as person, self.worker() as cron:
            dossiers = person["octopus.dossier"].browse(self.dossier.id)
            dossiers.lock_for_update(allow_referencing=True)
            cron["octopus.dossier"].browse(self.dossier.id)._cron_refresh()
        self.assertEqual(self.calls("getBookyears"), [])
        with self.worker() as cron:
            cron["octopus.dossier"].browse(self.dossier.id)._cron_refresh()
        self.assertEqual(len(self.calls("getBookyears")), 1)

    def test_c1_a_refresh_that_a_pass_crossed_comes_again(self):
        """What both wrote at the same moment is no error, and the mirror is read."""
        trigger = [("cron_id.code", "like", f"browse({self.dossier.id})._cron_refresh")]
        refresh = Mirror.journals

        def open_years(env):
            dossier = env["octopus.dossier"].sudo().browse(self.dossier.id)
            years = dossier.journal_ids.year_ids
            return years.filtered(lambda year: not year.bookyear_id.closed)

        with self.worker() as cron:
            dossier = cron["octopus.dossier"].browse(self.dossier.id)
            ensure_crons(dossier)
            cron["ir.cron.trigger"].search(trigger).unlink()
            # The refresh has something to write.
            open_years(cron).write({"closed_period": 2})

        def crossed(mirror, octopus, bookyears=None):
            # The transaction of the refresh is under way already.
            mirror.env.cr.execute("SELECT 1")
            with self.worker() as other:
                open_years(other).write({"closed_period": 1})
            return refresh(mirror, octopus, bookyears)

        with self.worker() as cron:
            dossier = cron["octopus.dossier"].browse(self.dossier.id)
            with patch.object(Mirror, "journals", crossed):
                dossier._cron_refresh()
        with self.worker() as cron:
            self.assertEqual(len(cron["ir.cron.trigger"].search(trigger)), 1)
            dossier = cron["octopus.dossier"].browse(self.dossier.id)
            dossier._cron_refresh()
            self.assertFalse(dossier.problems)
            self.assertNotIn(1, open_years(cron).mapped("closed_period"))

    def test_x24_two_workers_on_one_journal(self):
        """Nothing is sent twice, and nothing is tried in vain."""
        ids = self.queued(6)
        self.faults.latency = 0.1
        self.side_by_side(self.pass_over, self.pass_over)
        self.faults.latency = 0
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 6)

    def test_x24_a_click_while_the_scheduled_action_is_at_it(self):
        ids = self.queued(4)
        self.faults.latency = 0.1
        last = ids[-1:]
        self.side_by_side(self.pass_over, lambda: self.pass_over(last))
        self.faults.latency = 0
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 4)

    def test_x24_without_the_lock_the_unique_index_still_holds(self):
        """Two claims of one number: one of them must give way, before any call."""
        # The customer is known, so that nothing else makes one of them wait.
        self.queued()
        self.pass_over()
        self.sandbox.world.calls.clear()
        ids = self.queued(2)
        claims = threading.Barrier(2, timeout=20)
        claim = Sender._claim

        def at_once(sender, row, request, booking):
            claims.wait()
            return claim(sender, row, request, booking)

        @contextmanager
        def without_lock(batch, journal_id):
            yield Sender(batch.kind.at(batch.worker))
            batch.worker.cr.rollback()

        with (
            patch.object(Sender, "_claim", at_once),
            patch.object(Batch, "_locked", without_lock),
        ):
            self.side_by_side(
                lambda: self.pass_over(ids[:1]), lambda: self.pass_over(ids[1:])
            )
        with self.rows(ids) as rows:
            numbers = [row.number for row in rows if row.number]
            self.assertEqual(len(numbers), len(set(numbers)))
            for row in rows.filtered("retry_at"):
                row.sudo().retry_at -= timedelta(days=1)
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201, 201])

    def test_j1_who_asked_does_not_wait_because_a_reading_crossed(self):
        """Payments are read beside a pass, and both write of the same dossier: what
        was crossed goes in the same pass, once, and not minutes later."""
        ids = self.queued(3)
        claim, crossings = Sender._claim, []

        def crossed(sender, row, request, booking):
            # Of one document before its number is kept, of another ever again.
            if row.id == ids[1] and not crossings or row.id == ids[2]:
                crossings.append(row.id)
                with self.worker() as other:
                    other.cr.execute(
                        "UPDATE octopus_booking SET payments_linked = NULL"
                        " WHERE id = %s",
                        [row.id],
                    )
            return claim(sender, row, request, booking)

        with patch.object(Sender, "_claim", crossed):
            self.pass_over()
        self.assertEqual(crossings, [ids[1], ids[2], ids[2]])
        self.assert_all_booked(ids[:2])
        self.assertEqual(self.states(ids[2:]), ["ready"])
        self.assertEqual(self.statuses(), [201, 201])
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 3)

    def test_x30_reset_to_draft_at_the_very_moment_of_the_claim(self):
        """One of the two wins: never a draft of which Octopus has a booking unknown
        to Odoo, never a booking lost."""
        ids = self.queued()
        insert = DocumentKind.insert

        def draft_meanwhile(kind, row, request, booking):
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                move = env["account.move"].browse(request.move_id)
                with self.assertRaisesRegex(Exception, "on its way"):
                    move.button_draft()
            return insert(kind, row, request, booking)

        with patch.object(DocumentKind, "insert", draft_meanwhile):
            self.pass_over()
        self.assert_all_booked(ids)

    def test_x29_changed_while_its_relation_is_made_it_is_not_sent_as_it_was(self):
        """The calls about a new relation take time, in which a person mends the
        price: what leaves, and is noted as sent, is the document of now."""
        with self.worker() as env:
            values = {"name": "Later NV", **self.belgian_company("BE0403170701")}
            partner = env["res.partner"].create(values)
        ids = self.queued(partner_id=partner.id)
        with_relation = DocumentKind.with_relations

        def mended_meanwhile(sender, row, request, known=True):
            with self.registry.cursor() as cr:
                move = self.env_of(cr)["account.move"].browse(request.move_id)
                if move.invoice_line_ids.price_unit != 17:
                    move.button_draft()
                    move.invoice_line_ids.price_unit = 17
                    move.action_post()
            return with_relation(sender, row, request, known)

        with patch.object(DocumentKind, "with_relations", mended_meanwhile):
            self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201])
        with self.rows(ids) as row:
            self.assertEqual(row.amount, row.move_id.amount_total)
            self.assertEqual(row.move_id.invoice_line_ids.price_unit, 17)

    def test_x25_a_document_deleted_in_the_middle_of_a_pass_stops_no_other(self):
        """Before its turn, or while its relation is looked for: the others go."""
        with self.worker() as env:
            values = {"name": "Deleted NV", **self.belgian_company("BE0700090075")}
            partner = env["res.partner"].create(values)
        gone = self.queued(partner_id=partner.id) + self.queued()
        kept = self.queued(kind="in_invoice")
        with_relation = DocumentKind.with_relations

        def deleted_meanwhile(sender, row, request, known=True):
            with self.registry.cursor() as cr:
                rows = self.env_of(cr)["octopus.booking"].browse(gone)
                moves = rows.exists().move_id
                moves.button_draft()
                moves.unlink()
            return with_relation(sender, row, request, known)

        with patch.object(DocumentKind, "with_relations", deleted_meanwhile):
            self.pass_over(gone + kept)
        self.assert_all_booked(kept)
        self.assertEqual(self.statuses(), [201])
        with self.rows(gone) as rows:
            self.assertFalse(rows.exists())

    def test_x30_a_draft_that_is_not_committed_yet_wins(self):
        ids = self.queued()
        claim = Sender._claim

        def draft_first(sender, row, request, booking):
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                env["account.move"].browse(request.move_id).button_draft()
            return claim(sender, row, request, booking)

        with patch.object(Sender, "_claim", draft_first):
            self.pass_over()
        self.assertEqual(self.states(ids), ["ready"])
        self.assertEqual(self.calls(INSERT), [])
        self.pass_over()
        self.assertEqual(self.calls(INSERT), [])

    def test_what_is_in_hand_is_not_decided_about(self):
        """Issue 11: between a look at the state and the act nothing can travel."""
        ids = self.queued()
        with self.worker() as sender, self.worker() as person:
            sender["octopus.booking"].browse(ids).lock_for_update(
                allow_referencing=True
            )
            with self.assertRaisesRegex(UserError, "at this moment"):
                person["octopus.booking"].browse(ids).exclude("not needed")
        self.assertEqual(self.states(ids), ["ready"])
        self.pass_over()
        self.assert_all_booked(ids)

    def test_x23_a_lock_is_free_again_when_its_worker_died(self):
        ids = self.queued()
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            journal = env["octopus.journal"].search(
                [("dossier_id", "=", self.dossier.id), ("key", "=", "V1")]
            )
            journal.lock_for_update(allow_referencing=True)
            self.pass_over()
            self.assertEqual(self.states(ids), ["ready"])
            cr.rollback()
        self.pass_over()
        self.assert_all_booked(ids)
