"""Payments that follow from what the accountant matched in Octopus (G.1-G.5)."""

from .payments_case import PaymentsCase


class TestPull(PaymentsCase):
    """One document, one match."""

    def test_g3_a_receipt_pays_the_invoice(self):
        booking = self.booked()
        self.receive((booking, 121))
        self.pull()
        move, payment = booking.move_id, self.payments(booking)
        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 121.0,
                    "date": self.today,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": move.commercial_partner_id.id,
                    "journal_id": self.company.octopus_clearing_journal_id.id,
                    "state": "paid",
                    "memo": f"F1 / {self.today.year} / 2 line 1",
                }
            ],
        )
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(payment.octopus_balancing_ids, self.rows(booking))
        self.assert_same_open(booking)
