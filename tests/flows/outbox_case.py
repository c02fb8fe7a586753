"""Documents on their way to the sandbox, with everything that can go wrong there."""

from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus

from odoo import fields

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.keys import DocumentKey

from ..common import OctopusCase

INSERT = "insertBuySellBooking"
READ = "getBuySellBooking"
FEED = "getModifiedBuySellBookings"
JOURNALS = "getJournals"


def rest_status(call):
    """Return the status that REST has for what SOAP says with a return code."""
    if call.status != HTTPStatus.OK:
        return call.status
    if call.code is None:
        reading = call.operation.startswith("get")
        return HTTPStatus.OK if reading else HTTPStatus.CREATED
    lost = call.code == Code.NOT_AUTHENTICATED
    return HTTPStatus.UNAUTHORIZED if lost else HTTPStatus.BAD_REQUEST


class OutboxCase(OctopusCase):
    """A mapped company. Whatever a test does, at its end the sandbox's own audit finds
    neither gap nor double nor wrong sum, and each document is booked at most once."""

    attachments = "none"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.octopus_attachment_policy = cls.attachments
        cls.partner_a.with_company(cls.company).property_payment_term_id = False
        cls.today = fields.Date.today()

    def setUp(self):
        super().setUp()
        self.year = self.books.dossier.bookyear_of(self.today).id
        self.faults = self.sandbox.world.faults

    def tearDown(self):
        self.assert_clean()
        super().tearDown()

    # Acts

    def row(self, move):
        """Return the outbox row of a document."""
        return self.env["octopus.booking"].search([("move_id", "=", move.id)])

    def send(self, move):
        """Send one document as its button does; return its row."""
        move.action_octopus_send()
        return self.row(move)

    def queue(self, *moves):
        """Ask for documents as a person does with many; return their rows."""
        moves = self.env["account.move"].union(*moves)
        return moves._octopus_queue(self.env.user)

    def later(self, rows, **duration):
        """Let rows come due that wait, as if time went by."""
        for row in rows.sudo().filtered("retry_at"):
            row.sudo().retry_at -= timedelta(**(duration or {"days": 2}))

    def set_journal(self, key, **values):
        """Act on a journal as the accountant does."""
        self.books.accountant.set_journal(self.year, key, **values)

    def by_hand(self, key="V1"):
        """Let the accountant book a document in a journal; return its number."""
        comment = f"by hand {self.last(key) + 1}"
        accountant = self.books.accountant
        some = next(iter(self.books.dossier.relations))
        key = accountant.book_document(key, self.today, some, [], comment, Decimal(0))
        return key.number

    def last(self, key="V1"):
        """Return the last number of a journal in the sandbox."""
        return self.books.dossier.last_number(self.year, key)

    # What is in the sandbox

    def there(self, row):
        """Return the sandbox's booking under the number of a row, or ``None``."""
        bookyear = row.bookyear_id.octopus_id
        key = DocumentKey(bookyear, row.journal_id.key, row.number)
        return self.books.dossier.bookings.get(key)

    def copies(self, move):
        """Return the sandbox's bookings of a document, by Odoo's number."""
        bookings = self.books.dossier.bookings.values()
        return [booking for booking in bookings if booking.comment == move.name]

    def statuses(self, operation=INSERT):
        """Return the HTTP statuses of an operation's calls; of what SOAP says with a
        return code, the status that REST has for it."""
        told = rest_status if self.transport == "soap" else lambda call: call.status
        return [told(call) for call in self.calls(operation)]

    # Judgement

    def assert_booked(self, row):
        """The row is booked, and Octopus has the same, to the cent, once."""
        self.assertEqual(row.state, "booked", row.findings)
        [copy] = self.copies(row.move_id)
        self.assertEqual(copy, self.there(row))
        amount = Decimal(str(row.move_id.amount_total))
        sign = -1 if row.kind.endswith("refund") else 1
        self.assertEqual(copy.amount, sign * amount)
        self.assertEqual(sum(line.total for line in copy.lines), amount)

    def assert_held(self, row, state, cause):
        """The row stands still for a cause, and Octopus has nothing of it."""
        self.assertEqual((row.state, row.cause), (state, cause), row.findings)
        self.assertFalse(self.copies(row.move_id))
        if state != "unknown":
            self.assertFalse(row.number)

    def assert_clean(self):
        """Octopus's books are right, and every document of ours is there at most once;
        what the outbox calls booked is there."""
        problems = self.books.audit().problems
        self.assertFalse(problems, [problem.text for problem in problems])
        for row in self.env["octopus.booking"].search([("move_id", "!=", False)]):
            self.assertLessEqual(len(self.copies(row.move_id)), 1, row.document_name)
            if row.state == "booked":
                self.assertTrue(self.there(row), row.octopus_number)
