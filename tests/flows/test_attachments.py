"""The document goes along, always (Z.14, X.48)."""

from odoo.addons.octopus_connector.send.files import LIMIT_PARAMETER

from .outbox_case import INSERT, OutboxCase

LATER = "addAttachementToBooking"
PDF = b"%PDF-1.4 the document"
UBL = b"<Invoice/>"


class TestAttachments(OutboxCase):
    """PDF and UBL of sales, the original of bills."""

    attachments = "existing"

    def attach(
        self, move, name="INV.pdf", content=PDF, field="invoice_pdf_report_file"
    ):
        """Give a document one of Odoo's own files."""
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": move._name,
                "res_id": move.id,
                "res_field": field,
            }
        )

    def files(self, row):
        """Return {name: content} of what the sandbox keeps with a booking."""
        return {file.name: file.content for file in self.there(row).attachments}

    def test_z14_pdf_and_ubl_go_with_the_first_send(self):
        move = self.document()
        self.attach(move)
        self.attach(move, "INV.xml", UBL, "ubl_cii_xml_file")
        row = self.send(move)
        self.assert_booked(row)
        self.assertEqual(self.files(row), {"INV.pdf": PDF, "INV.xml": UBL})
        self.assertEqual(row.attachment_state, "sent")
        self.assertEqual(self.statuses(), [201])

    def test_z14_a_bill_takes_its_original_along(self):
        move = self.document("in_invoice")
        original = self.attach(move, "bill.pdf", field=False)
        move.message_main_attachment_id = original
        row = self.send(move)
        self.assertEqual(self.files(row), {"bill.pdf": PDF})

    def test_z14_a_file_that_is_ready_later_follows(self):
        move = self.document()
        row = self.send(move)
        self.assert_booked(row)
        self.assertEqual(row.attachment_state, "later")
        self.push()
        self.assertEqual(self.calls(LATER), [])
        self.attach(move)
        self.push()
        self.assertEqual(self.files(row), {"INV.pdf": PDF})
        self.assertEqual(row.attachment_state, "sent")
        self.push()
        self.assertEqual(len(self.calls(LATER)), 1)

    def test_z14_the_list_of_those_without_document(self):
        move = self.document()
        self.send(move)
        without = [
            ("octopus_state", "=", "booked"),
            ("octopus_booking_id.attachment_state", "!=", "sent"),
        ]
        self.assertIn(move, self.env["account.move"].search(without))

    def test_x48_too_big_it_is_booked_without_and_said(self):
        for status in ("400", "413"):
            with self.subTest(status=status):
                self.sandbox.world.set_switches(
                    {"attachment_limit": 10, "attachment_status": status}
                )
                move = self.document()
                self.attach(move)
                row = self.send(move)
                self.assert_booked(row)
                self.assertEqual(self.files(row), {})
                self.assertEqual(row.attachment_state, "refused")
                self.assertIn("INV.pdf", row.findings_html)

    def test_x48_a_later_file_that_is_refused_is_said_once(self):
        move = self.document()
        row = self.send(move)
        self.sandbox.world.set_switches({"attachment_limit": 10})
        self.attach(move)
        self.push()
        self.assertEqual(row.state, "booked")
        self.assertEqual(row.attachment_state, "refused")
        self.assertIn("INV.pdf", row.findings_html)
        self.push()
        self.assertEqual(len(self.calls(LATER)), 1)

    def test_x48_too_big_for_us_it_is_not_even_read(self):
        """Booked without it, and said; a smaller one goes along."""
        self.env["ir.config_parameter"].set_param(LIMIT_PARAMETER, "1")
        move = self.document()
        big = self.attach(move, "BIG.pdf", b"x" * (1024 * 1024 + 1))
        self.attach(move, "INV.xml", UBL, "ubl_cii_xml_file")
        self.env.flush_all()
        # What would have to be read is not there any more.
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = NULL, db_datas = NULL"
            " WHERE id = %s",
            [big.id],
        )
        self.env.invalidate_all()
        row = self.send(move)
        self.assert_booked(row)
        self.assertEqual(self.files(row), {"INV.xml": UBL})
        self.assertEqual(row.attachment_state, "refused")
        self.assertIn("BIG.pdf", row.findings_html)
        self.assertIn("1 MB", row.findings_html)
        self.push()
        self.assertEqual(self.calls(LATER), [])

    def test_x48_files_that_are_too_big_together(self):
        self.env["ir.config_parameter"].set_param(LIMIT_PARAMETER, "1")
        move = self.document()
        self.attach(move, "A.pdf", b"x" * 700_000)
        self.attach(move, "B.xml", b"y" * 700_000, "ubl_cii_xml_file")
        row = self.send(move)
        self.assertEqual(list(self.files(row)), ["A.pdf"])
        self.assertIn("B.xml", row.findings_html)

    def test_x48_a_later_file_that_is_too_big_for_us(self):
        self.env["ir.config_parameter"].set_param(LIMIT_PARAMETER, "1")
        move = self.document()
        row = self.send(move)
        self.attach(move, "BIG.pdf", b"x" * (1024 * 1024 + 1))
        self.push()
        self.assertEqual(row.attachment_state, "refused")
        self.assertIn("BIG.pdf", row.findings_html)
        self.push()
        self.assertEqual(self.calls(LATER), [])

    def test_x48_a_refusal_of_the_booking_itself_is_not_tried_without(self):
        move = self.document()
        self.attach(move)
        self.books.accountant.protect_period(self.year, 999999)
        row = self.send(move)
        self.assert_held(row, "waiting", "period_protected")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_x23_after_a_lost_answer_the_files_are_not_forgotten(self):
        """Not booked at all: settled without, and they follow."""
        move = self.document()
        self.attach(move)
        self.faults.add("close", operation=INSERT)
        row = self.send(move)
        self.later(row)
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.attachment_state, "later")
        for _pass in range(3):
            self.push()
            # What could not be read is no file that was sent.
            self.assertEqual(row.attachment_state == "sent", bool(self.files(row)))
        self.assertEqual(self.files(row), {"INV.pdf": PDF}, row.attachment_state)

    def test_x23_nor_after_a_second_one(self):
        """The first call never arrived, and the second, without files, booked it."""
        for when in ("before", "after"):
            self.faults.add("close", operation=INSERT, when=when)
        move = self.document()
        self.attach(move)
        row = self.send(move)
        for _pass in range(3):
            self.later(row)
            self.push()
        self.assert_booked(row)
        self.assertEqual(self.files(row), {"INV.pdf": PDF})

    def test_policy_none_sends_nothing(self):
        """Z.14: the company may choose so."""
        self.company.octopus_attachment_policy = "none"
        move = self.document()
        self.attach(move)
        row = self.send(move)
        self.assertEqual(self.files(row), {})
        self.assertEqual(row.attachment_state, "none")

    def test_z14_what_is_missing_is_made_and_not_kept(self):
        self.company.octopus_attachment_policy = "make"
        move = self.document()
        row = self.send(move)
        self.assert_booked(row)
        names = sorted(self.files(row))
        self.assertTrue(any(name.endswith(".xml") for name in names), names)
        self.assertFalse(move.ubl_cii_xml_id)
        self.assertFalse(move.invoice_pdf_report_id)

    def test_z14_a_file_that_can_not_be_made_does_not_hold_the_booking(self):
        self.company.octopus_attachment_policy = "make"
        move = self.document()

        def fail(*_args, **_kwargs):
            raise ValueError("no file today")

        self.patch(type(move), "_get_invoice_legal_documents", fail)
        with self.assertLogs(
            "odoo.addons.octopus_connector.send.files", "ERROR"
        ) as logs:
            row = self.send(move)
        self.assertIn("no file today", logs.output[0])
        self.assert_booked(row)
