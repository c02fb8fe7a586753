"""Bills that came by Peppol, and those that are made for the vendor."""

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
