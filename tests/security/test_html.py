"""HTML is made by the server of stored facts, and never kept (issue 11 §1.2)."""

from odoo import fields

from odoo.addons.octopus_connector.core.findings import Finding

from ..flows.outbox_case import OutboxCase

MARKER = "<b>x</b>"
ESCAPED = "&lt;b&gt;x&lt;/b&gt;"


class TestHtml(OutboxCase):
    def html_fields(self):
        return [
            field
            for model in self.env.values()
            for field in model._fields.values()
            if isinstance(field, fields.Html) and "octopus_connector" in field._modules
        ]

    def test_no_html_is_stored_or_written(self):
        """Each Html field is computed when it is read, and has no inverse."""
        found = self.html_fields()
        self.assertGreater(len(found), 10)
        for field in found:
            with self.subTest(str(field)):
                self.assertFalse(field.store)
                self.assertTrue(field.compute)
                self.assertFalse(field.inverse and not field.readonly)

    def test_what_people_type_is_text(self):
        """A name in a finding, and in the link to what can be mended, is escaped."""
        contact = self.env["res.partner"].create({"name": MARKER})
        findings = [
            Finding(
                "payment_failed",
                {"document": MARKER, "message": MARKER},
                "res.partner",
                contact.ids,
            ).as_json()
        ]
        html = self.env["octopus.finding"]._html(findings)
        self.assertNotIn(MARKER, html)
        self.assertEqual(html.count(ESCAPED), 3)
        self.assertIn(f'href="/odoo/res.partner/{contact.id}"', html)

    def test_a_link_leads_into_odoo_only(self):
        """Whatever a stored finding calls its model, the address is one of Odoo."""
        for model in ("https://example.com/", MARKER, "mailto:x"):
            finding = Finding("excluded", {}, model, [1]).as_json()
            self.assertNotIn("<a", self.env["octopus.finding"]._html([finding]))

    def test_a_preview_shows_stored_findings_as_text(self):
        self.partner_a.name = MARKER
        self.partner_a.vat = False
        self.partner_a.country_id = False
        action = self.document(post=False).action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(preview.findings)
        self.assertIn("o_octopus_findings", preview.findings_html)
        self.assertNotIn(MARKER, preview.findings_html)
        self.assertIn(ESCAPED, preview.findings_html)
