"""The accountant works in the same journals (X.1-X.4, X.20, X.21, C.15)."""

from dataclasses import replace
from types import SimpleNamespace

from .outbox_case import INSERT, JOURNALS, OutboxCase


class TestJournal(OutboxCase):
    """Journals in use, closed or further than we thought."""

    def test_x20_the_accountant_booked_meanwhile(self):
        """-13 on a first try: read the counter once, take the next number at once."""
        self.send(self.document())
        self.by_hand()
        number = self.by_hand()
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(row.number, number + 1)
        self.assertEqual(self.statuses(), [201, 400, 201])
        self.assertEqual(len(self.calls(JOURNALS)), 1)

    def test_x20_the_accountant_is_always_faster(self):
        """Three tries, then it waits for its time."""
        bookkeeping = self.books.bookkeeping
        insert = bookkeeping.insert_booking

        def be_faster(booking):
            bookkeeping.insert_booking = insert
            self.by_hand()
            bookkeeping.insert_booking = be_faster
            return insert(booking)

        bookkeeping.insert_booking = be_faster
        row = self.send(self.document())
        bookkeeping.insert_booking = insert
        self.assert_held(row, "waiting", "number_taken")
        self.assertEqual(self.statuses(), [400, 400, 400])
        self.later(row)
        self.push()
        self.assert_booked(row)

    def test_x31_our_last_booking_was_deleted_there(self):
        gone = self.send(self.document())
        self.books.accountant.delete_last(self.year, "V1")
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(row.number, gone.number)
        self.assertEqual(gone.state, "gone")
        self.assertIn("deleted in Octopus", gone.move_id.message_ids[0].body)

    def test_x31_a_number_that_is_not_told_is_no_deletion(self):
        """The answer is tolerated without its last number: nothing is gone."""
        row = self.send(self.document())
        with self.dossier.client() as octopus:
            journals = octopus.journals(row.bookyear_id.octopus_id)
        untold = [replace(journal, last_number=None) for journal in journals]
        silent = SimpleNamespace(journals=lambda _bookyear: untold)
        year = row.journal_year_id.sudo()
        year.read_state(silent)
        self.assertEqual(year.last_number, row.number)
        year.sudo().last_number = 0  # as a refresh leaves it, with the same answer
        year.read_state(silent)
        self.assert_booked(row)

    def test_x4_c15_a_journal_open_elsewhere_waits_and_nothing_fails(self):
        for code_in_403 in ("present", "absent"):
            with self.subTest(code_in_403=code_in_403):
                self.sandbox.world.set_switches({"code_in_403": code_in_403})
                self.set_journal("V1", opened_by="accountant")
                rows = self.queue(self.document(), self.document())
                bill = self.queue(self.document("in_invoice"))
                tried = len(self.calls(INSERT))
                self.push()
                for row in rows:
                    self.assert_held(row, "waiting", "journal_open_elsewhere")
                # One call told it; the second document did not need another.
                self.assertEqual(len(self.calls(INSERT)), tried + 2)
                self.assert_booked(bill)
                self.set_journal("V1", opened_by="")
                self.later(rows)
                self.push()
                for row in rows:
                    self.assert_booked(row)

    def test_x4_a_new_document_does_not_try_before_its_time(self):
        self.set_journal("V1", opened_by="accountant")
        self.send(self.document())
        row = self.queue(self.document())
        self.push()
        self.assert_held(row, "waiting", "journal_open_elsewhere")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_x4_tried_after_two_ten_and_thirty_minutes(self):
        self.set_journal("V1", opened_by="accountant")
        row = self.send(self.document())
        for minutes in (2, 10, 30, 60, 60):
            wait = row.retry_at - row.write_date
            self.assertAlmostEqual(
                wait.total_seconds() / 60, minutes, delta=0.1 * minutes + 0.1
            )
            self.later(row)
            self.push()
        self.set_journal("V1", opened_by="")

    def test_x4_after_an_hour_one_activity_tells_who_must_close_it(self):
        self.set_journal("V1", opened_by="accountant")
        rows = self.queue(self.document(), self.document())
        self.push()
        self.assertFalse(self.dossier.activity_ids)
        rows.sudo().waiting_since = self.hour_ago()
        for _again in range(2):
            self.later(rows)
            self.push()
        [activity] = self.dossier.activity_ids
        self.assertIn("V1", activity.summary)
        self.set_journal("V1", opened_by="")
        self.later(rows)
        self.push()
        self.assertFalse(self.dossier.activity_ids)

    def hour_ago(self):
        """Return a moment more than an hour ago."""
        return self.env.cr.now().replace(microsecond=0).replace(year=2020)

    def test_x1_a_closed_journal_waits_for_the_accountant(self):
        """The mirror did not know yet; Octopus's answer tells it."""
        for code_in_403 in ("present", "absent"):
            with self.subTest(code_in_403=code_in_403):
                self.sandbox.world.set_switches({"code_in_403": code_in_403})
                self.set_journal("V1", closed=True)
                row = self.send(self.document())
                self.assert_held(row, "waiting", "journal_closed")
                self.set_journal("V1", closed=False)
                self.refresh()
                self.later(row)
                self.push()
                self.assert_booked(row)

    def test_x2_a_protected_period_waits_for_the_accountant(self):
        self.send(self.document())
        period = self.row(self.env["account.move"].search([], limit=1)).period_number
        self.books.accountant.protect_period(self.year, period)
        row = self.send(self.document())
        self.assert_held(row, "waiting", "period_protected")
        inserts = len(self.calls(INSERT))
        self.refresh()
        self.later(row)
        self.push()
        # Now the mirror knows: no more calls until it is lifted.
        self.assert_held(row, "waiting", "period_protected")
        self.assertEqual(len(self.calls(INSERT)), inserts)
        self.books.accountant.protect_period(self.year, 0)
        self.refresh()
        self.later(row)
        self.push()
        self.assert_booked(row)

    def test_x1_lifted_in_octopus_a_person_need_not_refresh(self):
        self.set_journal("V1", closed=True)
        self.refresh()
        row = self.send(self.document())
        self.assert_held(row, "waiting", "journal_closed")
        self.set_journal("V1", closed=False)
        years = self.dossier.journal_ids.year_ids
        years.sudo().read_at = self.hour_ago()
        self.later(row)
        self.push()
        self.assert_booked(row)
