"""One table keeps what stands in all journals; documents and payments do not meet
there (X.32, H.1)."""

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from odoo.addons.octopus_connector.api.stored import from_json, to_json
from odoo.addons.octopus_connector.api.types import Booking, RelationRef
from odoo.addons.octopus_connector.core.compare_booking import Match, compare
from odoo.addons.octopus_connector.core.find_booking import likeness
from odoo.addons.octopus_connector.sync import find_entry
from odoo.addons.octopus_connector.sync.entries import note_beyond
from odoo.addons.octopus_connector.sync.find_entry import (
    exists_like,
    find_document,
    find_payment,
)

from .remittance_case import RemittanceCase

AMOUNT = 77.77


class TestEntries(RemittanceCase):
    def year_of(self, key):
        journal = self.dossier.journal_ids.filtered(lambda row: row.key == key)
        return journal.year_ids.filtered(
            lambda row: row.bookyear_id.octopus_id == self.year
        ).sudo()

    def entry(self, key, **values):
        """Return what stands in a journal, of the same amount, day and texts in each of
        them."""
        place = {"journal_year_id": self.year_of(key).id, "number": 900}
        facts = {
            "amount": AMOUNT,
            "comment": "same",
            "reference": "same",
            "document_date": self.today,
        }
        return (
            self.env["octopus.journal.entry"]
            .sudo()
            .create({**place, **facts, **values})
        )

    def exists_like(self, row, booking):
        self.env.flush_all()
        [[found]] = self.env.execute_query(
            SQL("SELECT %s", exists_like(row.id, booking))
        )
        return found

    def test_x32_what_stands_in_a_bank_is_no_document(self):
        row = self.booked()
        booking = from_json(Booking, row.payload)
        for text in ("same", "another"):
            wanted = replace(booking, amount=Decimal("77.77"), comment=text)
            with self.subTest(text):
                entry = self.entry("F1")
                self.assertFalse(self.exists_like(row, wanted))
                self.assertFalse(find_document(row, wanted))
                entry.unlink()
                entry = self.entry("V1", data=row.payload)
                self.assertTrue(self.exists_like(row, wanted))
                entry.unlink()

    def test_x30_whatever_is_asked_about_is_looked_at(self):
        """X.30, X.33: PostgreSQL leaves out nothing that a person would be asked about,
        or that is the document; of ten thousand bookings of the same amount it gives
        no more than these few."""
        row = self.booked()
        sent = from_json(Booking, row.payload)
        sent = replace(sent, comment="INV/2026/00017", reference="F-2026/17 b")
        found = dict.fromkeys((True, False), 0)
        texts = (
            None, "", "INV/2026/00017", "inv 2026 00017", "Fact. (INV-2026-00017)",
            "F2026-17B", "f-2026/17 b, rest", "INV/2026/00018", "other",
            "é INV/2026/00017",
        )  # fmt: skip
        days = [sent.document_date + timedelta(days=apart) for apart in (0, 2, -3, 40)]
        relations = sent.relation, RelationRef(id=77777), None
        amounts = sent.amount, sent.amount + 1
        entries, number = self.env["octopus.journal.entry"], 900
        for place in itertools.product(texts, texts[:6], days, relations, amounts):
            comment, reference, day, relation, amount = place
            number += 1
            theirs = replace(
                sent, number=number, comment=comment, reference=reference,
                document_date=day, relation=relation, amount=amount,
            )  # fmt: skip
            entries += self.entry(
                "V1",
                number=number,
                amount=float(amount),
                comment=comment,
                reference=reference,
                document_date=day,
                relation_octopus_id=relation.id if relation else 0,
                data=to_json(theirs),
            )
        given = find_entry._free(row, sent)
        for entry in entries:
            theirs = entry.as_booking()
            wanted = compare(sent, theirs) is Match.SAME
            if theirs.amount == sent.amount:
                wanted = wanted or likeness(sent, theirs).asks
            if wanted:
                self.assertIn(entry, given, theirs)
            found[wanted] += 1
        self.assertGreater(found[True], 100)
        self.assertLess(len(given), len(entries))

    def test_x30_the_same_amount_is_no_likeness(self):
        """Bookings of others with the same amount cost a document nothing."""
        row = self.booked()
        wanted = replace(from_json(Booking, row.payload), comment="X 1", reference=None)
        long_ago = self.today - timedelta(days=90)
        other = {"amount": float(wanted.amount), "document_date": long_ago}
        entries = self.entry("V1", number=900, data=row.payload, **other)
        entries += self.entry(
            "V1", number=901, amount=other["amount"], relation_octopus_id=77777
        )
        self.assertFalse(self.exists_like(row, wanted))
        self.assertFalse(find_entry._free(row, wanted))
        entries[1].relation_octopus_id = wanted.relation.id
        self.assertTrue(self.exists_like(row, wanted))
        self.assertEqual(find_entry._free(row, wanted), entries[1])

    def test_h1_what_stands_in_a_sales_journal_is_no_payment(self):
        payment = self.pay(self.booked(amount=77.77))
        self.push()
        row = self.row(payment)
        journal, booking = row.journal_id, row.booking()
        bank = self.entry("F1", number=self.last() + 1)
        sale = self.entry("V1", number=bank.number)
        (bank | sale).journal_year_id.write({"last_number": bank.number})
        self.assertEqual(find_payment(row, journal, booking).ids, bank.ids)
        bank.unlink()
        self.assertFalse(find_payment(row, journal, booking))

    def test_x31_what_is_beyond_the_last_number_is_told_of_documents_only(self):
        """What may be a payment is asked about until a person answers."""
        entries = self.entry("F1") | self.entry("V1")
        years = entries.journal_year_id
        note_beyond(years)
        self.assertEqual(entries.mapped("deleted"), [False, True])

    def test_bookings_in_octopus_lists_documents(self):
        bank, document = self.entry("F1"), self.entry("V1")
        action = self.env.ref("octopus_connector.action_octopus_journal_entry")
        shown = bank.search(safe_eval(action.domain))
        self.assertIn(document, shown)
        self.assertNotIn(bank, shown)
