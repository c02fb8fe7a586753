"""The same bill arrives twice (X.63).

Read with: odoo/odoo#274963 (each message of Peppol became a bill, also one that came
before), odoo/odoo#68367 (the same bill entered twice), and odoo/odoo#33690 (vendors
whose numbers begin anew each year).
"""

import unittest
from datetime import timedelta
from decimal import Decimal

from odoo.addons.octopus_connector.api.types import RelationRef
from odoo.addons.octopus_connector.send.document import DocumentKind
from odoo.addons.octopus_connector.send.result import DocumentRequest
from odoo.addons.octopus_connector.send.sender import Sender

from octopus_sandbox.state.booking import BookingLine

from ..flows.outbox_case import INSERT, OutboxCase


class TwinCase(OutboxCase):
    """Bills, of which a booked one is called first."""

    def bill(self, ref="F 2026/17", kind="in_invoice", **values):
        return self.document(kind, ref=ref, **values)

    def booked(self, **values):
        row = self.send(self.bill(**values))
        self.assert_booked(row)
        return row

    def assert_asked(self, row, *others):
        """The bill stands still, and the finding names the others."""
        self.assert_held(row, "blocked", "bill_twice")
        [found] = [it for it in row.findings if it["code"] == "bill_twice"]
        self.assertEqual(found["ids"], [other.id for other in others])
        told = self.env["octopus.finding"].sentences(found)
        for other in others:
            self.assertIn(other.document_name, told)
        self.assertNotIn("?", told)


class TestBillTwice(TwinCase):
    """What a person is asked about, and what the answers do."""

    def test_x63_the_second_one_is_asked_about(self):
        first = self.booked()
        row = self.send(self.bill(lines=((80.0, None),)))
        self.assert_asked(row, first)
        self.assertIn(first.octopus_number, row.cause_text)
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_x63_another_bill_goes_with_one_click(self):
        self.booked()
        row = self.send(self.bill())
        row.move_id.action_octopus_other_document()
        self.push()
        self.assert_booked(row)

    def test_x63_the_answer_holds_for_both(self):
        """Also when the first one has to be sent anew."""
        first, second = self.queue(self.bill(), self.bill())
        self.set_journal("A1", closed=True)
        self.refresh()
        self.push()
        self.assert_held(first, "waiting", "journal_closed")
        self.assert_asked(second, first)
        second.action_other_document()
        self.set_journal("A1", closed=False)
        self.refresh()
        self.later(first | second)
        self.push()
        self.assert_booked(first)
        self.assert_booked(second)

    def test_x63_of_two_in_one_pass_the_first_goes(self):
        first, second, third = self.queue(self.bill(), self.bill(), self.bill())
        self.push()
        self.assert_booked(first)
        self.assert_asked(second, first)
        # It was looked at before the first one was booked, as the second was.
        self.assert_asked(third, first, second)

    def test_x63_the_first_one_is_kept_out_and_the_second_goes(self):
        self.company.octopus_in_invoice_journal_id = False
        first, second = self.queue(self.bill(), self.bill())
        self.push()
        self.assert_asked(second, first)
        self.company.octopus_in_invoice_journal_id = self.dossier.journal_ids.filtered(
            lambda journal: journal.key == "A1"
        )
        first.exclude("The same bill")
        self.push()
        self.assert_booked(second)
        self.assertFalse(self.copies(first.move_id))

    def test_x63_the_first_one_is_cancelled_and_the_second_goes(self):
        self.set_journal("A1", closed=True)
        self.refresh()
        first, second = self.queue(self.bill(), self.bill())
        self.push()
        self.assert_asked(second, first)
        first.move_id.button_draft()
        first.move_id.button_cancel()
        self.set_journal("A1", closed=False)
        self.refresh()
        self.later(second)
        self.push()
        self.assert_booked(second)

    def test_x63_what_octopus_has_counts_whatever_odoo_did_with_it(self):
        """Reset, cancelled or deleted in Odoo: Octopus has it all the same."""
        for number, undo in enumerate(("draft", "cancel", "delete")):
            with self.subTest(undo=undo):
                first = self.booked(ref=f"X-{number}")
                # Odoo gives the last name again.
                self.booked(ref=f"Y-{number}")
                first.move_id.button_draft()
                if undo == "cancel":
                    first.move_id.button_cancel()
                elif undo == "delete":
                    first.move_id.unlink()
                self.assertEqual(first.state, "changed")
                self.assert_asked(self.send(self.bill(ref=f"X-{number}")), first)

    def test_x63_gone_in_octopus_it_may_be_sent_once_more(self):
        first = self.booked()
        self.books.accountant.delete_last(self.year, "A1")
        self.refresh()
        self.assertEqual(first.state, "gone")
        self.assert_booked(self.send(self.bill()))

    def test_x63_the_preflight_of_a_draft_says_it(self):
        first = self.booked()
        draft = self.bill(post=False)
        self.assertIn("bill_twice", draft.octopus_findings_html)
        self.assertIn(first.document_name, draft.octopus_findings_html)
        self.assertFalse(draft.octopus_ready)
        self.assertTrue(self.bill(ref="F 2026/18", post=False).octopus_ready)

    def test_x63_a_reading_does_not_take_the_question_away(self):
        """Who looks at it meanwhile can answer. Found by chaos, seed 9941."""
        first = self.booked(ref="V-1")
        second = self.send(self.bill(ref="V-1"))
        self.assert_asked(second, first)
        self.refresh()
        self.assert_asked(second, first)

    def test_x63_one_that_was_overtaken_is_looked_at_again(self):
        """The first one was a draft when the second was prepared, and is posted and
        sent before the second leaves."""
        first = self.queue(self.bill())
        first.move_id.button_draft()
        second = self.queue(self.bill())
        document = second.move_id.octopus_prepare()[second.move_id.id]
        self.assertEqual(document.twins, (first.id,))
        request = DocumentRequest(
            booking_id=second.id,
            move_id=second.move_id.id,
            journal_id=document.journal.id,
            journal_year_id=document.journal_year.id,
            booking=document.booking(0, RelationRef(id=1)),
            currency_id=document.currency.id,
            fingerprint=document.fingerprint,
            write_date=document.write_date,
            duplicates=document.twins,
        )
        sender = Sender(DocumentKind(self.env))
        self.assertTrue(sender._look(second, request)[0])
        first.move_id.action_post()
        self.assert_booked(self.send(first.move_id))
        self.env.flush_all()
        self.assertFalse(sender._look(second, request)[0])
        self.push()
        self.assert_asked(second, first)


class TestOnBothSides(TwinCase):
    """The accountant entered it in Octopus already."""

    def test_x63_with_another_date_and_other_signs_it_is_asked(self):
        other = self.booked(ref="V-1")
        self.books.accountant.book_document(
            "A1",
            self.today - timedelta(days=20),
            other.relation_id.octopus_id,
            [BookingLine(account=612400, base=Decimal("121.00"))],
            "f2026-17",
        )
        row = self.send(self.bill())
        self.assert_held(row, "blocked", "maybe_booked")
        self.assertEqual(row.candidate_comment, "f2026-17")
        row.action_other_document()
        self.push()
        self.assert_booked(row)


class TestWhatIsTheSame(TwinCase):
    """Which bills are taken for one."""

    def test_x63_references_are_compared_without_signs_and_case(self):
        first = self.booked()
        for ref in ("F2026/17", "f 2026/17", " F-2026-17 ", "F 2026 / 17"):
            with self.subTest(ref=ref):
                row = self.send(self.bill(ref=ref))
                self.assert_asked(row, first)
                row.exclude("The same")

    def test_x63_two_contacts_with_one_vat_number_are_one_vendor(self):
        self.partner_a.write(self.belgian_company("BE0477472701"))
        first = self.booked(partner_id=self.partner_a.id)
        for vat in ("BE0477472701", "0477.472.701", "BE 0477 472 701"):
            with self.subTest(vat=vat):
                other = self.env["res.partner"].create(
                    {"name": f"Again {vat}", "country_id": self.env.ref("base.be").id}
                )
                other.with_context(no_vat_validation=True).vat = vat
                row = self.send(self.bill(partner_id=other.id))
                self.assert_asked(row, first)
                row.exclude("The same")

    def test_x63_a_person_at_the_vendor_is_the_vendor(self):
        first = self.booked()
        person = self.env["res.partner"].create(
            {"name": "Els", "parent_id": first.partner_id.id}
        )
        self.assert_asked(self.send(self.bill(partner_id=person.id)), first)

    def test_x63_without_reference_amount_and_date_decide(self):
        first = self.booked(ref=False)
        self.assert_asked(self.send(self.bill(ref="F-1")), first)
        other = self.send(self.bill(ref=False, lines=((99.0, None),)))
        self.assert_booked(other)

    def test_x63_a_credit_note_that_comes_twice(self):
        first = self.booked(kind="in_refund")
        self.assert_asked(self.send(self.bill(kind="in_refund")), first)

    def test_x63_what_is_another_bill(self):
        first = self.booked()
        others = {
            "number": {"ref": "F 2026/18"},
            "vendor": {"partner_id": self.partner_b.id},
            "kind": {"kind": "in_refund"},
            "sale": {"kind": "out_invoice"},
        }
        self.partner_b.write(self.belgian_company("BE0403170701"))
        self.partner_b.property_supplier_payment_term_id = False
        for what, values in others.items():
            with self.subTest(what=what):
                self.assert_booked(self.send(self.bill(**values)))
        last_year = first.document_date - timedelta(days=366)
        again = self.bill(invoice_date=last_year, date=self.today)
        self.assertEqual(again.invoice_date, last_year)
        self.assert_booked(self.send(again))

    def test_x63_bills_that_we_make_ourselves_are_numbered_by_us(self):
        """Self-billing: of one day and amount, and without reference (X.70)."""
        journal = self.company_data["default_journal_purchase"]
        if "is_self_billing" not in journal._fields:
            raise unittest.SkipTest("This Odoo has no self-billing")
        journal.is_self_billing = True
        for _number in range(2):
            self.assert_booked(self.send(self.bill(ref=False)))
