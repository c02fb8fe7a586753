"""What is to solve, with 300 documents and 15 causes, and the pill of a draft, at the
width of a desk and of a telephone (Z.2, Z.3).

No test of ``./dev test``: named by its path, with a folder in ``OCTOPUS_PICTURES``.
"""

import base64
import time
from datetime import timedelta

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.prepare.findings import about

from ..flows.test_causes import CausesCase
from .camera import Camera

PAGE = "/odoo/octopus-to-solve"
INVOICES = "/odoo/action-account.action_move_out_invoice"
DOCUMENTS = 300
WIDTHS = {"1280": (1280, 900), "390": (390, 844)}


class PicturesOfCauses(CausesCase, Camera):
    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.tour_enabled = False
        admin.company_ids += self.company
        admin.company_id = self.company
        first = self.document()
        copies = self.env["account.move"]
        for number in range(DOCUMENTS - 1):
            day = self.today - timedelta(days=number % 200)
            copies |= first.with_context(tracking_disable=True).copy(
                {"invoice_date": day, "date": day}
            )
        copies.with_context(tracking_disable=True).action_post()
        self.moves = first | copies

    def findings(self):
        """Return fifteen causes, of every kind."""
        accounts = self.env["octopus.account.mapping"].search([], limit=3)
        taxes = self.env["octopus.tax.mapping"].search([("tax_id", "!=", False)])[:3]
        accounts.octopus_account_id = False
        accounts[:2].propose_for(self.company)
        taxes.write({"vat_code_id": False, "refund_vat_code_id": False})
        contacts = self.partner_a | self.partner_b
        refused = {"code": -21, "message": "Unknown account", "technical": "Field 7"}
        closed = {"journal": "V1", "bookyear": "2026", "period": 3}
        return [
            *(
                about(codes.ACCOUNT_NOT_MAPPED, it, account=it.display_name)
                for it in accounts
            ),
            *(
                about(codes.TAX_NOT_MAPPED, it, tax=it.tax_id.display_name)
                for it in taxes
            ),
            *(
                about(codes.COUNTRY_MISSING, it, partner=it.display_name)
                for it in contacts
            ),
            Finding(codes.KIND_WITHOUT_JOURNAL, {"kind": "out_refund"}),
            Finding(codes.PERIOD_PROTECTED, closed),
            Finding(codes.JOURNAL_OPEN_ELSEWHERE, {**closed, **refused}),
            Finding(codes.JOURNAL_CLOSED, {**closed, "journal": "V2"}),
            Finding(codes.REFUSED, refused),
            Finding(codes.MAYBE_BOOKED, {"number": "V1/3"}, "octopus.journal.entry"),
            Finding(codes.RATE_MISSING, {"currency": "USD", "date": self.today}),
        ]

    def hold_all(self):
        findings = self.findings()
        rows = (
            self.env["octopus.booking"]
            .sudo()
            .search([("move_id", "in", self.moves.ids)])
        )
        rows.queued = True
        for number, finding in enumerate(findings):
            some = rows[number :: len(findings)]
            some.hold("waiting" if finding.waits else "blocked", [finding])

    def at(self, label):
        width, height = WIDTHS[label]
        self.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": False,
            },
        )

    def shot(self, name):
        time.sleep(2)
        answer = self.browser._websocket_request("Page.captureScreenshot")
        (self.folder / f"{name}.png").write_bytes(base64.b64decode(answer["data"]))

    def test_z3_pictures(self):
        self.hold_all()
        person = self.person(name="Els Claes")
        draft = self.document(post=False)
        draft.partner_id = False
        for label in WIDTHS:
            self.at(label)
            with self.browsing(self.browser):
                self.open(PAGE, ".o_octopus_causes_note", "documents")
                self.shot(f"to_solve_{label}")
                if label == "1280":
                    self.click("td[name=vat_code_id]")
                    self.shot("to_solve_edit_1280")
                self.open(f"{INVOICES}/{draft.id}", ".o_octopus_check", "for Octopus")
                self.shot(f"pill_{label}")
                self.click(".o_octopus_check")
                self.shot(f"pill_open_{label}")
            cause = self.env["octopus.cause"].search([("kind", "=", "tax")], limit=1)
            with self.browsing(self.browser, person.login):
                self.open(PAGE, ".o_octopus_causes_note", "documents")
                self.shot(f"to_solve_user_{label}")
                self.open(f"{PAGE}/{cause.id}", ".o_form_view", "documents")
                self.shot(f"cause_user_{label}")
