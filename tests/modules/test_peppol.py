"""Bills that came by Peppol, and those that are made for the vendor."""

from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core.check_lines import DONE, LATER, UNKNOWN
from odoo.addons.octopus_connector.prepare.check_list import CheckList

from octopus_sandbox.state.booking import BookingLine

from ..flows.outbox_case import FEED
from .module_case import ModuleCase

# UN/CEFACT 1001, as Peppol uses it: an invoice, and one that the buyer made.
INVOICE, SELF_BILLED = b"380", b"389"


class TestPeppol(ModuleCase):
    """Messages are written and read by Odoo's own EDI; nothing is fetched."""

    modules = ("account_peppol",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        purchases = cls.company_data["default_journal_purchase"]
        cls.company.peppol_purchase_journal_id = purchases
        cls.self_billing = purchases.copy(
            {"name": "Self-billing", "code": "SELF", "is_self_billing": True}
        )
        cls.inbox = cls.env["account_edi_proxy_client.user"].new(
            {"company_id": cls.company.id}
        )
        partners = cls.partner_a | cls.company.partner_id
        partners.write({"street": "Straat 1", "zip": "1000", "city": "Brussel"})

    def message_of(self, move, code):
        """What the other side sends: a document of ours, told as theirs."""
        builder = self.env["account.edi.xml.ubl_bis3"]
        content, _errors = builder._export_invoice(move)
        number = move.name.encode()
        for before in (INVOICE, SELF_BILLED):
            content = content.replace(
                b"<cbc:InvoiceTypeCode>%s<" % before,
                b"<cbc:InvoiceTypeCode>%s<" % code,
            )
        move.button_draft()
        move.unlink()
        self.assertIn(b">%s<" % number, content)
        return content.replace(b">%s<" % number, b">F 2026/17<")

    def bill_of_a_vendor(self):
        bill = self.document("in_invoice", ref=False, journal_id=self.self_billing.id)
        return self.message_of(bill, INVOICE)

    def receive(self, content, uuid):
        """Odoo's own import of a message; a person looks at it and posts it."""
        attachment = self.env["ir.attachment"].create(
            {"name": f"{uuid}.xml", "raw": content, "mimetype": "application/xml"}
        )
        move = self.inbox._peppol_import_invoice(attachment, "done", uuid)["move"]
        self.assertEqual(move.peppol_message_uuid, uuid)
        if move.state == "draft":
            move.action_post()
        return move

    def test_x63_one_message_that_comes_twice_is_asked_about(self):
        content = self.bill_of_a_vendor()
        first = self.receive(content, "uuid-1")
        self.push()
        self.assertEqual(first.partner_id, self.partner_a)
        row = self.assert_document(first, "121.00", [("100.00", "21.00")], "A1")
        again = self.receive(content, "uuid-1")
        # Somebody typed another number: the message is the same all the same.
        again.ref = "17"
        self.push()
        self.assertEqual(self.held(), ["bill_twice"])
        asked = self.booking(again)
        self.assertEqual(asked.findings[0]["ids"], row.ids)
        asked.exclude("The same message")
        self.push()
        self.assertFalse(self.held())

    def test_x63_another_message_goes_by_itself(self):
        content = self.bill_of_a_vendor()
        self.receive(content, "uuid-1")
        other = self.receive(content.replace(b"F 2026/17", b"F 2026/18"), "uuid-2")
        self.push()
        self.assert_document(other, "121.00", [("100.00", "21.00")], "A1")
        self.assertFalse(self.held())

    def test_x70_a_bill_that_we_make_is_sent_with_our_number(self):
        bills = [
            self.document("in_invoice", ref=False, journal_id=self.self_billing.id)
            for _number in range(2)
        ]
        self.push()
        for bill in bills:
            self.assert_document(bill, "121.00", [("100.00", "21.00")], "A1")
            self.assertEqual(self.there_as(bill).reference, bill.name)
        self.assertFalse(self.held())

    def test_x70_an_invoice_that_the_customer_made_for_us(self):
        sale = self.document(partner_id=self.partner_a.id)
        invoice = self.receive(self.message_of(sale, SELF_BILLED), "uuid-3")
        self.assertEqual(invoice.move_type, "out_invoice")
        self.push()
        self.assert_document(invoice, "121.00", [("100.00", "21.00")])
        self.assertFalse(self.held())

    # Both sides

    def booked_there(self, ref, journal="A2", days=0):
        """The access point of Octopus books a bill by itself, in a journal of its own;
        of that vendor and amount."""
        relation = self.env["octopus.relation"].search(
            [("partner_id", "=", self.partner_a.id)], limit=1
        )
        self.books.accountant.book_document(
            journal,
            self.today - timedelta(days=days),
            relation.octopus_id,
            [BookingLine(account=612400, base=Decimal("121.00"))],
            ref,
        )

    def a_bill_is_there(self):
        """Something is in Octopus, so that its journals are looked at each hour."""
        bill = self.document("in_invoice", ref="OLD-1")
        self.push()
        self.assertEqual(bill.octopus_state, "booked")

    def test_x63_a_bill_that_octopus_received_too_is_asked_about(self):
        """X.63, Z.17: by vendor and number, or by vendor, amount and date; in whichever
        purchase journal its access point books."""
        self.a_bill_is_there()
        self.company.octopus_peppol_receives = "yes"
        self.booked_there("F2026/17", days=20)
        self.booked_there("something else")
        self.refresh()
        self.pull()
        bills = self.document("in_invoice", ref="F 2026-17") | self.document(
            "in_invoice", ref="Z-1"
        )
        self.push()
        self.assertEqual(self.held(), ["maybe_booked", "maybe_booked"])
        rows = bills.octopus_booking_ids
        self.assertEqual(
            {row.candidate_comment for row in rows}, {"F2026/17", "something else"}
        )
        # Either may be the other one too: each is asked about by itself.
        for _entry in range(2):
            rows.filtered(lambda row: row.state == "blocked").action_other_document()
            self.push()
        self.assertFalse(self.held())

    def test_x63_its_journals_are_read_once_then_only_what_changed(self):
        self.a_bill_is_there()
        self.booked_there("F-1")
        self.company.octopus_peppol_receives = "yes"
        self.refresh()
        self.pull()
        entries = self.env["octopus.journal.entry"].sudo()
        self.assertTrue(entries.search([("comment", "=", "F-1")]))
        before = len(self.calls(FEED))
        self.pull()
        self.assertEqual(len(self.calls(FEED)), before + 1)

    def test_x63_what_was_not_kept_is_read_again(self):
        """The service goes down between two lists: the first does not count as read."""
        self.a_bill_is_there()
        self.booked_there("F-1")
        self.company.octopus_peppol_receives = "yes"
        self.refresh()
        self.sandbox.world.faults.add("close", operation=FEED, when="before", skip=1)
        self.pull()
        entries = self.env["octopus.journal.entry"].sudo()
        self.assertFalse(entries.search([("comment", "=", "F-1")]))
        self.pull()
        self.assertTrue(entries.search([("comment", "=", "F-1")]))

    def test_x63_where_octopus_receives_nothing_other_journals_are_not_kept(self):
        self.a_bill_is_there()
        self.booked_there("F-1")
        self.refresh()
        self.pull()
        entries = self.env["octopus.journal.entry"].sudo()
        self.assertFalse(entries.search([("comment", "=", "F-1")]))

    # The light

    def light(self):
        lines = CheckList(self.company, self.dossier).lines()
        return {
            line.code: line.state for line in lines if line.code.startswith("peppol")
        }

    def test_z17_who_receives_and_who_sends(self):
        """Z.17, X.47: one receiver only; what is not told is said so."""
        states = {
            ("not_registered", False, False): {"peppol_receiver_untold": UNKNOWN},
            ("not_registered", "no", False): {"peppol_nobody_receives": LATER},
            ("not_registered", "yes", "yes"): {"peppol_octopus_receives": DONE},
            ("sender", "no", "no"): {
                "peppol_nobody_receives": LATER,
                "peppol_odoo_sends": DONE,
            },
            ("smp_registration", "yes", False): {
                "peppol_two_receivers": LATER,
                "peppol_sender_untold": UNKNOWN,
            },
            ("receiver", "no", "no"): {
                "peppol_odoo_receives": DONE,
                "peppol_odoo_sends": DONE,
            },
            ("receiver", "yes", "yes"): {
                "peppol_two_receivers": LATER,
                "peppol_two_senders": LATER,
            },
        }
        for (odoo, receives, sends), lines in states.items():
            with self.subTest(odoo=odoo, receives=receives, sends=sends):
                self.company.write(
                    {
                        "account_peppol_proxy_state": odoo,
                        "octopus_peppol_receives": receives,
                        "octopus_peppol_sends": sends,
                    }
                )
                self.assertEqual(self.light(), lines)
        self.company.partner_id.write(
            {"peppol_eas": "0208", "peppol_endpoint": "0477472701"}
        )
        form = self.env["octopus.check.list"].browse(
            self.dossier.action_check_list()["res_id"]
        )
        self.assertIn("0208:0477472701", form.checks_html)
        self.assertFalse(form.checks_open, "none of it stops a document")

    def test_z17_the_settings_ask_it(self):
        page = self.env["octopus.settings"].create({})
        self.assertTrue(page.octopus_has_peppol)
        page.octopus_peppol_receives = "yes"
        self.assertEqual(self.company.octopus_peppol_receives, "yes")

    def test_x47_what_octopus_sends_is_held_here(self):
        """X.47: in the dialog, and where nobody is asked."""
        clerk = new_test_user(
            self.env,
            "clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        move = self.document(partner_id=self.partner_a.id).with_user(clerk)
        sender = self.env["account.move.send"].with_user(clerk)
        # Odoo's own settings ask the directory of Peppol for the customer.
        settings = {"invoice_edi_format": False, "extra_edis": set()}
        data = {move: {**settings, "sending_methods": {"peppol"}}}
        by_hand = {move: {**settings, "sending_methods": {"manual"}}}
        for told, held in ((False, False), ("no", False), ("yes", True)):
            with self.subTest(told=told):
                self.company.octopus_peppol_sends = told
                alerts = sender._get_alerts(move, data)
                self.assertEqual("octopus_sends_by_peppol" in alerts, held)
                others = sender._get_alerts(move, by_hand)
                self.assertNotIn("octopus_sends_by_peppol", others)
        with self.assertRaisesRegex(UserError, "twice"):
            sender._raise_danger_alerts(alerts)
        for row in (data[move], by_hand[move]):
            sender._hook_invoice_document_before_pdf_report_render(move.sudo(), row)
        self.assertIn("twice", data[move]["error"]["error_title"])
        self.assertNotIn("error", by_hand[move])
