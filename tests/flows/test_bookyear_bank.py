"""Another bank journal in one bookyear (C.11)."""

from .remittance_case import INSERT, RemittanceCase


class TestBookyearBank(RemittanceCase):
    def journal(self, key):
        return self.dossier.journal_ids.filtered(lambda row: row.key == key)

    def instead(self, own, other):
        return self.env["octopus.bookyear.journal"].create(
            {
                "bookyear_id": self.dossier.bookyear_ids.filtered(
                    lambda year: year.date_start <= self.today <= year.date_end
                ).id,
                "journal_id": self.journal(own).id,
                "other_id": self.journal(other).id,
            }
        )

    def test_c11_a_payment_goes_to_the_bank_journal_of_its_bookyear(self):
        self.instead("F1", "F2")
        before = self.last("F1")
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual(row.journal_id.key, "F2")
        self.assertEqual(self.last("F1"), before)

    def test_c11_what_is_taken_back_stays_in_the_journal_it_was_booked_in(self):
        """F2 itself has another one in that year: that is about other payments."""
        self.instead("F1", "F2")
        payment = self.pay(self.booked())
        before = self.last("F2")
        self.push()
        row = self.row(payment)
        self.instead("F2", "F1")
        payment.action_draft()
        payment.action_cancel()
        self.push()
        self.assertEqual(row.state, "reversed")
        self.assertEqual(row.journal_id.key, "F2")
        self.assertEqual(self.last("F2"), before + 2)

    def test_c11_a_payment_that_waits_for_its_journal_goes_once_it_is_named(self):
        years = self.journal("F1").sudo().year_ids
        years.active = False
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "journal_not_in_bookyear"))
        self.assertEqual(self.calls(INSERT), [])
        self.instead("F1", "F2")
        self.push()
        self.assert_booked(row)


class TestBookyearBankRead(RemittanceCase):
    """Payments that Octopus owns come back to the bank that the journal stands for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank.octopus_payment_owner = "octopus"
        cls.company.octopus_payment_owner = "octopus"
        cls.accept_first_payments()

    def test_c11_a_receipt_in_the_other_journal_is_of_the_same_bank(self):
        TestBookyearBank.instead(self, "F1", "F2")
        booking = self.booked()
        self.receive((booking, 121), journal="F2")
        self.pull()
        self.assertEqual(self.payments(booking).journal_id, self.bank)

    def test_c11_the_journal_itself_is_then_of_no_bank(self):
        TestBookyearBank.instead(self, "F1", "F2")
        booking = self.booked()
        self.receive((booking, 121), journal="F1")
        self.pull()
        clearing = self.company.octopus_clearing_journal_id
        self.assertEqual(self.payments(booking).journal_id, clearing)

    journal = TestBookyearBank.journal
