"""What becomes of documents where the accountant closed (X.1, X.2, Z.6)."""

from datetime import timedelta

from .outbox_case import INSERT, JOURNALS, OutboxCase
from .remittance_case import INSERT as INSERT_PAYMENT
from .remittance_case import RemittanceCase


class ClosedCase(OutboxCase):
    """Documents of the first period of the bookyear, so that others follow."""

    def setUp(self):
        super().setUp()
        years = sorted(self.books.dossier.bookyears.values(), key=lambda it: it.start)
        self.before = max(
            (year for year in years if year.end < self.today), key=lambda it: it.end
        )
        self.first, self.second = self.books.dossier.bookyears[self.year].periods[:2]

    def policy(self, policy):
        self.company.octopus_out_invoice_closed_policy = policy

    def early(self, day=None, **values):
        """Return a document of the first period, or of a day."""
        day = day or self.first.start
        return self.document(invoice_date=day, date=day, **values)

    def protect(self, period=0):
        self.books.accountant.protect_period(self.year, period and period.number)

    def hours_later(self, rows):
        """Let so much time go by that rows are due and the mirror is read again."""
        self.dossier.journal_ids.year_ids.sudo().read_at = "2020-01-01"
        self.later(rows)


class TestAskedAgain(ClosedCase):
    """A person's click looks again in Octopus, for one document and for many."""

    def held(self, count):
        self.policy("wait")
        self.protect(self.first)
        rows = self.queue(*(self.early() for _number in range(count)))
        self.push()
        self.assertEqual(set(rows.mapped("cause")), {"period_protected"})
        return rows

    def test_x2_many_go_at_once_after_the_accountant_opened_the_period(self):
        rows = self.held(3)
        self.protect()
        rows.move_id.action_octopus_send()
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_i3_a_first_click_looks_too(self):
        """What was closed when it was read may be open now, for a document that was
        never held; by one click on one, and by one on many."""
        rows = self.held(1)
        self.protect()
        first, *others = (self.early() for _number in range(3))
        self.assert_booked(self.send(first))
        self.hours_later(rows)
        self.push()
        self.protect(self.first)
        self.dossier.journal_ids.year_ids.sudo().read_at = "2020-01-01"
        self.queue(self.early())
        self.push()
        self.protect()
        moves = self.env["account.move"].union(*others)
        moves.action_octopus_send()
        self.push()
        self.assertEqual(moves.mapped("octopus_state"), ["booked"] * 2)

    def test_i3_the_next_look_is_when_octopus_is_asked_again(self):
        [row] = self.held(1)
        read_at = row.dossier_id.journal_ids.year_ids.filtered(
            lambda it: it.bookyear_id.octopus_id == self.year
        ).mapped("read_at")
        self.assertGreaterEqual(row.retry_at, min(read_at) + timedelta(hours=1))

    def test_x2_what_nobody_asks_for_looks_once_an_hour(self):
        rows = self.held(2)
        looks = len(self.calls(JOURNALS))
        self.protect()
        self.later(rows)
        self.push()
        self.assertEqual(len(self.calls(JOURNALS)), looks)

    def test_x2_many_that_are_still_closed_are_looked_at_once_a_click(self):
        rows = self.held(3)
        looks = len(self.calls(JOURNALS))
        for click in (1, 2):
            rows.move_id.action_octopus_send()
            self.push()
            self.push()
            self.assertEqual(len(self.calls(JOURNALS)), looks + click)
        self.assertEqual(set(rows.mapped("state")), {"waiting"})


class TestNextPeriod(ClosedCase):
    """The next open period takes them."""

    def setUp(self):
        super().setUp()
        self.policy("next")

    def assert_moved(self, row, period):
        self.assert_booked(row)
        there = self.there(row)
        self.assertEqual((there.period, row.period_number), (period.number,) * 2)
        self.assertEqual(there.document_date, row.move_id.invoice_date)
        self.assertEqual([found["code"] for found in row.findings], ["period_moved"])

    def test_x2_z6_what_was_closed_a_moment_ago_moves_at_once(self):
        """The mirror did not know: one vain call tells it, for all behind it too."""
        self.send(self.document())
        self.sandbox.world.calls.clear()
        self.protect(self.first)
        rows = self.queue(*(self.early() for _number in range(3)))
        self.push()
        for row in rows:
            self.assert_moved(row, self.second)
        self.assertEqual(self.statuses(), [400, 201, 201, 201])
        self.assertEqual(len(self.calls(JOURNALS)), 1)

    def test_x2_z6_a_person_sees_where_it_goes_and_went(self):
        """The preflight, the preview and the row name period and VAT return."""
        self.dossier.vat_return = "quarter"
        self.protect(self.first)
        self.refresh()
        move = self.early()
        told = f"Q1 {self.first.start.year}"
        self.assertIn(told, move.octopus_findings_html)
        preview = self.env["octopus.booking.preview"].browse(
            move.action_octopus_preview()["res_id"]
        )
        self.assertIn(told, preview.findings_html)
        self.assertEqual(preview.period_number, self.second.number)
        row = self.send(move)
        self.assert_moved(row, self.second)
        self.assertIn(told, row.findings_html)
        self.assertEqual(self.statuses(), [201])

    def test_x1_z6_a_closed_bookyear_moves_it_to_the_next(self):
        """Octopus's code for it is unknown: -15 and -11 come to the same."""
        for code in ("-15", "-11"):
            with self.subTest(closed_year_code=code):
                self.sandbox.world.set_switches({"closed_year_code": code})
                self.books.accountant.close_year(self.before.id)
                row = self.send(self.early(self.before.end))
                self.assert_moved(row, self.first)
                self.books.accountant.close_year(self.before.id, False)
                self.refresh()

    def test_x1_z6_where_nothing_is_open_it_waits(self):
        for year in self.books.dossier.bookyears.values():
            self.books.accountant.protect_period(year.id, year.periods[-1].number)
        self.refresh()
        row = self.send(self.early())
        self.assert_held(row, "waiting", "period_protected")
        self.assertEqual(self.calls(INSERT), [])
        self.protect()
        self.hours_later(row)
        self.push()
        self.assert_booked(row)
        self.assertFalse(row.findings)


class TestClosedPeriod(ClosedCase):
    """A period is open when it is greater than both ``protectedPeriod`` and
    ``closedPeriod`` (api.md §6)."""

    def close(self, closed=None, protected=None):
        """Close periods as the accountant does, and let the mirror know it."""
        self.set_journal(
            "V1",
            closed_period=closed and closed.number or 0,
            protected_period=protected and protected.number or 0,
        )
        self.refresh()
        self.sandbox.world.calls.clear()

    def assert_waits_without_call(self, row):
        self.assert_held(row, "waiting", "period_protected")
        self.assertEqual(self.calls(INSERT), [])

    def test_x2_a_closed_period_is_known_before_sending(self):
        self.close(self.first)
        row = self.send(self.early())
        self.assert_waits_without_call(row)
        self.assert_booked(self.send(self.early(self.second.start)))
        self.close()
        self.later(row)
        self.push()
        self.assert_booked(row)

    def test_x2_z6_the_larger_of_both_decides(self):
        self.policy("next")
        third = self.books.dossier.bookyears[self.year].periods[2]
        for closed, protected in (
            (self.second, self.first),
            (self.first, self.second),
            (self.second, None),
            (None, self.second),
        ):
            with self.subTest(closed=closed, protected=protected):
                self.close(closed, protected)
                row = self.send(self.early())
                self.assert_booked(row)
                self.assertEqual(self.there(row).period, third.number)
                self.assertEqual(self.statuses(), [201])

    def test_x2_what_was_closed_a_moment_ago_is_read_once(self):
        """The mirror did not know: one vain call tells it, for all behind it too."""
        self.set_journal("V1", closed_period=self.first.number)
        rows = self.queue(self.early(), self.early())
        self.push()
        for row in rows:
            self.assert_held(row, "waiting", "period_protected")
        self.assertEqual(self.statuses(), [400])
        self.assertEqual(len(self.calls(JOURNALS)), 1)
        self.set_journal("V1", closed_period=0)
        self.hours_later(rows)
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_x2_a_server_that_means_from_costs_no_document(self):
        """The contract's other wording: what it refuses waits, and is not tried in
        vain all day; nothing goes astray."""
        self.sandbox.world.set_switches({"closed_period": "from"})
        self.close(self.second)
        refused = self.send(self.early(self.second.end + timedelta(days=1)))
        self.assert_held(refused, "waiting", "period_protected")
        self.assertEqual(self.statuses(), [400])
        held = self.send(self.early())
        self.assert_held(held, "waiting", "period_protected")
        self.close()
        self.hours_later(refused | held)
        self.push()
        for row in (refused, held):
            self.assert_booked(row)


class TestClosedPeriodSoap(TestClosedPeriod):
    """The same over SOAP."""

    transport = "soap"


class TestClosedPeriodOfABank(RemittanceCase):
    """Payments go by the same periods."""

    def test_x2_a_payment_waits_for_its_period(self):
        period = self.books.dossier.bookyears[self.year].period_of(self.today).number
        self.books.accountant.set_journal(self.year, "F1", closed_period=period)
        self.refresh()
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "period_protected"))
        self.assertEqual(self.calls(INSERT_PAYMENT), [])
        self.books.accountant.set_journal(self.year, "F1", closed_period=0)
        self.refresh()
        self.later(row)
        self.push()
        self.assert_booked(row)


class TestWaitAndRefuse(ClosedCase):
    """They stay, and go on by themselves when it is open again."""

    def test_x1_a_closed_bookyear_waits_and_goes_on_by_itself(self):
        for code, told in (("-15", "present"), ("-11", "present"), ("-11", "absent")):
            with self.subTest(closed_year_code=code, code_in_403=told):
                switches = {"closed_year_code": code, "code_in_403": told}
                self.sandbox.world.set_switches(switches)
                self.books.accountant.close_year(self.before.id)
                row = self.send(self.early(self.before.end))
                self.assert_held(row, "waiting", "bookyear_closed")
                self.books.accountant.close_year(self.before.id, False)
                self.hours_later(row)
                self.push()
                self.assert_booked(row)

    def test_z6_refused_it_is_blocked_and_goes_on_by_itself(self):
        """Z.6: somebody must act; opened in Octopus, the next refresh lets it go."""
        self.policy("refuse")
        self.protect(self.first)
        row = self.send(self.early())
        self.assert_held(row, "blocked", "period_protected")
        texts = self.env["octopus.finding"]._texts(row.findings[0])
        self.assertIn("Accountant", texts["who"])
        self.later(row)
        self.push()
        self.assert_held(row, "blocked", "period_protected")
        self.protect()
        self.refresh()
        self.push()
        self.assert_booked(row)

    def test_z6_another_policy_lets_what_waits_go(self):
        self.protect(self.first)
        row = self.send(self.early())
        self.assert_held(row, "waiting", "period_protected")
        self.policy("next")
        self.push()
        self.assert_booked(row)

    def test_x1_a_bookyear_that_is_made_later(self):
        """X.1: blocked until the accountant made it, then it goes by itself."""
        last = max(year.end for year in self.books.dossier.bookyears.values())
        row = self.send(self.early(last + timedelta(days=10)))
        self.assert_held(row, "blocked", "no_bookyear")
        self.books.accountant.add_year()
        self.refresh()
        self.push()
        self.assert_booked(row)
