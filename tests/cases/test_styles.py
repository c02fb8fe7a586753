"""A PDF without its styles (X.79).

Read with: odoo/odoo#146601 and odoo/docker#238 (nothing answers, in a container), and
wkhtmltopdf/wkhtmltopdf#5025 (404, in a scheduled action). The renderer fetches the
styles from Odoo over HTTP; where that fails, the PDF is made all the same, bare.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from odoo.addons.octopus_connector.send import styles

from ..common import OctopusHttpCase
from ..flows.outbox_case import OutboxCase

LATER = "addAttachementToBooking"
LOG = "odoo.addons.octopus_connector.send.styles"
PDF = b"%PDF-1.4 made now"


class OdooOnItsOwn:
    """What answers at ``report.url``."""

    def __init__(self):
        self.asked = []
        self.answer = (200, "text/css; charset=utf-8", b".page {}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                status, kind, body = outer.answer
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                """Keep the output of the tests clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class TestStyles(OutboxCase):
    """Files that are made when a document is sent."""

    attachments = "make"

    def setUp(self):
        super().setUp()
        self.odoo = OdooOnItsOwn()
        self.addCleanup(self.odoo.stop)
        self.reach(self.odoo.url)
        # Odoo renders no PDF in tests.
        reports = type(self.env["ir.actions.report"])
        self.patch(reports, "_render_qweb_pdf", lambda *_args, **_kw: (PDF, "pdf"))
        self.patch(reports, "get_wkhtmltopdf_state", lambda _self: "ok")

    def reach(self, url):
        self.env["ir.config_parameter"].set_param("report.url", url)

    def kinds(self, row):
        """The endings of the files that the sandbox keeps with a booking."""
        names = [file.name for file in self.there(row).attachments]
        return sorted(name.rsplit(".", 1)[-1] for name in names)

    def assert_without(self, row):
        """Booked with its UBL, without PDF, and it says so."""
        self.assert_booked(row)
        self.assertEqual(self.kinds(row), ["xml"])
        self.assertEqual(row.attachment_state, "later")
        self.assertIn("attachment_unstyled", row.findings_html)
        self.assertIn(self.odoo.url, row.findings_html)

    def unstyled(self):
        """Return a document that was booked while Odoo did not reach itself."""
        self.odoo.answer = (404, "text/html", b"no database")
        with self.assertLogs(LOG, "WARNING"):
            row = self.send(self.document())
        self.assert_without(row)
        return row

    def test_x79_with_styles_it_goes_along(self):
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(self.kinds(row), ["pdf", "xml"])
        self.assertEqual(row.attachment_state, "sent")
        self.assertFalse(row.findings)
        [asked] = self.odoo.asked
        self.assertIn("report_assets_common", asked)

    def test_x79_without_them_none_is_made(self):
        for answer in (
            (404, "text/html", b"no database"),
            (200, "text/html", b"<html>the wrong server</html>"),
            (500, "text/css", b"oops"),
            (200, "text/css", b""),
        ):
            with self.subTest(answer=answer), self.assertLogs(LOG, "WARNING"):
                self.odoo.answer = answer
                self.assert_without(self.send(self.document()))

    def test_x79_where_nothing_answers_none_is_made(self):
        self.odoo.stop()
        with self.assertLogs(LOG, "WARNING"):
            self.assert_without(self.send(self.document()))

    def test_x79_mended_it_is_made_and_follows(self):
        row = self.unstyled()
        self.odoo.answer = (200, "text/css", b".page {}")
        self.push()
        self.assertEqual(self.kinds(row), ["pdf", "xml"])
        self.assertEqual(row.attachment_state, "sent")
        self.assertFalse(row.findings)
        self.push()
        self.assertEqual(len(self.calls(LATER)), 1)

    def test_x79_as_long_as_it_lasts_nothing_is_tried(self):
        row = self.unstyled()
        runs = self.env["octopus.run"].search_count([])
        with self.assertLogs(LOG, "WARNING"):
            self.push()
        self.assert_without(row)
        self.assertEqual(self.calls(LATER), [])
        self.assertEqual(self.env["octopus.run"].search_count([]), runs)

    def test_x79_the_pdf_that_odoo_made_since_goes(self):
        row = self.unstyled()
        self.env["ir.attachment"].create(
            {
                "name": "INV.pdf",
                "raw": b"%PDF of Odoo",
                "res_model": "account.move",
                "res_id": row.move_id.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.odoo.answer = (200, "text/css", b".page {}")
        self.push()
        self.assertEqual(self.kinds(row), ["pdf", "xml"])
        contents = [file.content for file in self.there(row).attachments]
        self.assertIn(b"%PDF of Odoo", contents)

    def test_x79_many_documents_ask_once(self):
        rows = self.queue(*(self.document() for _number in range(3)))
        self.push()
        for row in rows:
            self.assertEqual(self.kinds(row), ["pdf", "xml"])
        self.assertEqual(len(self.odoo.asked), 1)

    def test_x79_where_no_pdf_is_made_nothing_is_asked(self):
        self.company.octopus_attachment_policy = "existing"
        self.assert_booked(self.send(self.document()))
        self.assert_booked(self.send(self.document("in_invoice")))
        self.assertEqual(self.odoo.asked, [])


class TestStylesOfOdoo(OctopusHttpCase):
    """What Odoo itself answers."""

    linked = False

    def test_x79_odoo_that_reaches_itself_has_them(self):
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        self.authenticate("admin", "admin")
        with self.allow_requests(all_requests=True):
            self.assertTrue(styles.are_there(self.env))
