"""Journals and Octopus journals (C.6, C.8, C.11, C.13, X.5)."""

from odoo.exceptions import ValidationError

from ..common import OctopusCase


class TestJournalMapping(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["octopus.journal.mapping"]
        cls.mapping.search([]).unlink()
        cls.sale = cls.company_data["default_journal_sale"]
        cls.purchase = cls.company_data["default_journal_purchase"]
        cls.bank = cls.company_data["default_journal_bank"]

    def octopus(self, key):
        return self.dossier.journal_ids.filtered(lambda journal: journal.key == key)

    def choose(self, journal, key, refund=None):
        return self.mapping.create(
            {
                "journal_id": journal.id,
                "octopus_journal_id": self.octopus(key).id,
                "octopus_refund_journal_id": refund and self.octopus(refund).id,
            }
        )

    def propose(self):
        self.mapping.propose_for(self.company)
        rows = self.mapping.search([("company_id", "=", self.company.id)])
        return {row.journal_id: row for row in rows}

    def test_c13_a_bank_finds_the_journal_with_its_iban(self):
        iban = self.octopus("F1").iban
        spaced = " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))
        self.bank.bank_acc_number = spaced.lower()
        row = self.propose()[self.bank]
        self.assertEqual(row.octopus_journal_id, self.octopus("F1"))
        self.assertEqual(
            (row.state, row.reason_text), ("proposed", f"Same IBAN {iban}")
        )

    def test_c13_a_bank_without_counterpart_is_to_choose(self):
        self.assertEqual(self.propose()[self.bank].state, "missing")
        self.bank.bank_acc_number = "BE71096123456769"
        row = self.propose()[self.bank]
        self.assertEqual(row.state, "missing")
        self.assertEqual(
            row.reason_text, "No financial journal has IBAN BE71096123456769"
        )

    def test_c13_two_journals_with_one_iban_are_named(self):
        self.octopus("F2").sudo().iban = self.octopus("F1").iban
        self.bank.bank_acc_number = self.octopus("F1").iban
        row = self.propose()[self.bank]
        self.assertFalse(row.octopus_journal_id)
        self.assertIn("F1, F2", row.reason_text)

    def test_c6_sales_and_purchases_follow_the_settings_unless_a_person_decides(self):
        rows = self.propose()
        self.assertNotIn(self.sale, rows)
        self.assertNotIn(self.purchase, rows)
        row = self.choose(self.sale, "V1", refund="V2")
        self.assertEqual(row.state, "accepted")
        self.assertEqual(self.mapping.lookup(self.company), {self.sale.id: row})

    def test_c8_one_journal_may_take_invoices_and_credit_notes(self):
        row = self.choose(self.purchase, "A1", refund="A1")
        self.assertEqual(row.octopus_refund_journal_id, self.octopus("A1"))

    def test_c6_a_journal_of_the_wrong_type_is_refused(self):
        wrong = (
            (self.sale, "A1", None, "A1"),
            (self.purchase, "A1", "V1", "V1"),
            (self.bank, "V1", None, "financial journal"),
            (self.bank, "F1", "F2", "financial journal"),
        )
        for journal, key, refund, named in wrong:
            with self.subTest(journal=journal.name, key=key, refund=refund):
                with self.assertRaises(ValidationError) as caught:
                    self.choose(journal, key, refund)
                self.assertIn(named, str(caught.exception))

    def test_x5_a_journal_for_invoices_is_refused_with_what_to_do(self):
        with self.assertRaisesRegex(ValidationError, "sales bookings"):
            self.choose(self.sale, "V3")


class TestJournalYears(OctopusCase):
    """Where a journal is chosen, it says in which bookyears it exists (C.5)."""

    def test_c5_a_journal_tells_the_bookyears_that_have_it(self):
        journal = self.dossier.journal_ids.filtered(lambda row: row.key == "V1")
        years = journal.year_ids.bookyear_id.filtered(lambda year: not year.closed)
        self.assertGreater(len(years), 1)
        named = journal.with_context(octopus_years=True)
        for year in years:
            self.assertIn(year.name, named.display_name)
        self.assertNotIn(years[0].name, journal.display_name)
        gone = years[-1]
        rows = journal.sudo().year_ids
        rows.filtered(lambda row: row.bookyear_id == gone).active = False
        self.env.invalidate_all()
        self.assertNotIn(gone.name, named.display_name)

    def test_c2_the_number_that_closes_a_period_is_shown_as_until(self):
        year = self.dossier.journal_ids.year_ids[:1].sudo()
        period = year.bookyear_id.period_ids[1].number
        year.closed_period = period
        self.assertEqual(year.closed_until, period)
        arch = year.get_view(view_type="form")["arch"]
        self.assertIn('string="Closed until period"', arch)
