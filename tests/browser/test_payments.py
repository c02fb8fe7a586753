"""A person decides about payments in Chromium (issue 4 §7)."""

from ..common import OctopusHttpCase
from ..flows.payments_case import PaymentsCase
from ..flows.remittance_case import RemittanceCase

LIST = "/odoo/octopus-to-decide"
TO_OCTOPUS = "/odoo/action-octopus_connector.action_octopus_payment"


class TestToDecide(PaymentsCase, OctopusHttpCase):
    def test_z1_questions_are_answered_in_their_list(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        self.company.octopus_write_off_account_id = self.company_data[
            "default_account_expense"
        ]
        booking = self.booked()
        self.receive((booking, 100))
        self.act(
            "write_off", key=self.key(booking), account=657000, date=str(self.today)
        )
        other = self.booked(partner_id=self.partner_b.id)
        self.receive((other, 121), amount=200)
        self.dossier.action_check_payments()
        self.assertEqual(
            set(self.questions().mapped("code")),
            {"payment_write_off", "payment_unallocated"},
        )
        self.start_tour(LIST, "octopus_to_decide", login="admin", timeout=120)
        self.assertFalse(self.questions())
        self.assertEqual(booking.move_id.payment_state, "paid")


class TestFound(RemittanceCase, OctopusHttpCase):
    def test_x32_a_person_says_whether_a_payment_is_there(self):
        """H.1: of two that the accountant altered, one is it and one is another."""
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        first, _invoice = self.disputed(text="paid, thanks", amount=121.0)
        second, _invoice = self.disputed(
            text="from the bank", amount=50.0, partner_id=self.partner_b.id
        )
        last = self.last()
        self.start_tour(TO_OCTOPUS, "octopus_found", login="admin", timeout=120)
        self.assertEqual((first.state, first.number), ("booked", last - 1))
        self.assertEqual((second.state, second.entry_id.id), ("ready", False))
        self.assertEqual(self.last(), last)
