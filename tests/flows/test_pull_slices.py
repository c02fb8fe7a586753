"""The feed in any order, any slices, any number of times gives the same payments."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.octopus_connector.api.client import FIRST_SYNC
from odoo.addons.octopus_connector.api.listed import ModifiedResult
from odoo.addons.octopus_connector.sync.payments.feed import Feed
from odoo.addons.octopus_connector.sync.payments.pull import follow_documents

from .payments_case import PaymentsCase

CENTS = st.integers(1, 9_999).map(lambda number: Decimal(number) / 100)
KINDS = ("out_invoice", "in_invoice", "out_refund", "in_refund")
FEW = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@dataclass
class CallLog:
    """What the accountant did: documents and the matches that stand."""

    bookings: list = field(default_factory=list)
    lines: list = field(default_factory=list)  # (booking, key of the line)
    pairs: list = field(default_factory=list)  # (debit key, credit key)


class TestSlices(PaymentsCase):
    """Random ledgers, random pulls (X.34, X.36, Z.1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "octopus_write_off_account_id": cls.company_data[
                    "default_account_expense"
                ].id,
                "octopus_write_off_tolerance": 1_000.0,
            }
        )

    @FEW
    @given(st.data())
    def test_z1_random_acts_and_pulls_leave_the_same_open(self, data):
        ledger = self.some_documents(data)
        acts = [
            self.pay,
            self.take_back,
            self.match,
            self.write_off,
            self.pull_again,
        ]
        for act in data.draw(st.lists(st.sampled_from(acts), max_size=10)):
            act(data, ledger)
        self.pull()
        self.check(ledger)

    @FEW
    @given(st.data())
    def test_z1_random_slices_leave_the_same_open(self, data):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        currency = data.draw(st.sampled_from([self.company.currency_id, usd]))
        ledger = self.some_documents(data, currency_id=currency.id)
        for _time in range(6):
            self.pay(data, ledger)
        with self.dossier.client() as octopus:
            rows = list(octopus.balancings_modified(FIRST_SYNC).modified)
        order = data.draw(st.permutations([*rows, *rows[::2]]))
        bookings = self.env["octopus.booking"].union(*ledger.bookings)
        for size in (2, 1, 3, len(order)):
            some, order = order[:size], order[size:]
            Feed(self.dossier).keep(ModifiedResult(modified=tuple(some)))
            follow_documents(bookings)
        self.check(ledger)

    # Acts

    def some_documents(self, data, **values):
        kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=4))
        return CallLog(
            [self.booked(kind, float(data.draw(CENTS) + 1), **values) for kind in kinds]
        )

    def pay(self, data, ledger):
        still = [row for row in ledger.bookings if self.open_there(row)]
        if still:
            booking = data.draw(st.sampled_from(still))
            part = min(data.draw(CENTS), self.booked_open_there(booking))
            ledger.lines.append((booking, self.receive((booking, part))))

    def take_back(self, data, ledger):
        if ledger.lines:
            place = data.draw(st.integers(0, len(ledger.lines) - 1))
            self.unmatch(*ledger.lines.pop(place))
        elif ledger.pairs:
            debit, credit = ledger.pairs.pop()
            self.act("unmatch", debit=debit, credit=credit)

    def match(self, data, ledger):
        """Match an invoice with a credit note of the same side."""
        for side in ("out", "in"):
            rows = [row for row in ledger.bookings if row.kind.startswith(side)]
            invoices = [row for row in rows if row.kind.endswith("invoice")]
            refunds = [row for row in rows if row.kind.endswith("refund")]
            if not invoices or not refunds:
                continue
            debit, credit = invoices[0], refunds[0]
            if side == "in":
                debit, credit = credit, debit
            amount = min(
                self.open_there(debit), self.open_there(credit), data.draw(CENTS)
            )
            pair = self.key(debit), self.key(credit)
            if amount:
                self.act("match", debit=pair[0], credit=pair[1], amount=str(amount))
                if pair not in ledger.pairs:
                    ledger.pairs.append(pair)

    def write_off(self, data, ledger):
        """Write off what is open of a document; here every difference is small."""
        still = [row for row in ledger.bookings if self.open_there(row)]
        if still:
            booking = data.draw(st.sampled_from(still))
            self.act(
                "write_off", key=self.key(booking), account=657000, date=str(self.today)
            )

    def pull_again(self, data, _ledger):
        if data.draw(st.booleans()):
            self.dossier.sudo().balancings_since = False
        self.pull()

    # Checks

    def check(self, ledger):
        self.assert_same_open(*ledger.bookings)
        self.assertEqual(self.problems(*ledger.bookings), [])
        expected = Counter(booking for booking, _line in ledger.lines)
        for booking in ledger.bookings:
            rows = self.rows(booking)
            live = rows.payment_id.filtered(lambda row: row.state == "paid")
            self.assertEqual(len(live), expected[booking], booking.document_name)
            evidence = rows.filtered(lambda row: not row.deleted)
            self.assertLessEqual(live, evidence.payment_id)
