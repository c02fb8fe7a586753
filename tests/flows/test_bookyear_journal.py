"""Another journal in one bookyear (C.11)."""

from odoo.exceptions import ValidationError

from .outbox_case import OutboxCase


class TestBookyearJournal(OutboxCase):
    def setUp(self):
        super().setUp()
        self.chosen = self.company.octopus_out_invoice_journal_id
        self.bookyear = self.dossier.bookyear_ids.filtered(
            lambda year: year.date_start <= self.today <= year.date_end
        )

    def other(self, journal_type="V"):
        """Return another journal that takes documents of the same kind."""
        kind = "out_invoice" if journal_type == "V" else "in_invoice"
        return self.dossier.journal_ids.filtered(
            lambda journal: (
                journal != self.chosen
                and journal.type == journal_type
                and not journal.why_not(kind)
            )
        )[:1]

    def instead(self, other):
        return self.env["octopus.bookyear.journal"].create(
            {
                "bookyear_id": self.bookyear.id,
                "journal_id": self.chosen.id,
                "other_id": other.id,
            }
        )

    def test_c11_a_document_goes_to_the_journal_of_its_bookyear(self):
        other = self.other()
        self.instead(other)
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(row.journal_id, other)
        bill = self.send(self.document("in_invoice"))
        self.assertEqual(bill.journal_id, self.company.octopus_in_invoice_journal_id)

    def test_c11_what_waits_for_the_journal_goes_once_it_is_named(self):
        years = self.chosen.sudo().year_ids
        years.filtered(lambda year: year.bookyear_id == self.bookyear).active = False
        row = self.queue(self.document())
        self.push()
        self.assert_held(row, "blocked", "journal_not_in_bookyear")
        self.instead(self.other())
        self.push()
        self.assert_booked(row)

    def test_c11_both_journals_are_of_one_type(self):
        with self.assertRaises(ValidationError):
            self.instead(self.other("A"))
