"""What is to solve, with 300 documents and 15 causes, and the pill of a draft, at the
width of a desk and of a telephone (Z.2, Z.3).

No test of ``./dev test``: named by its path, with a folder in ``OCTOPUS_PICTURES``.
"""

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.prepare.findings import about

from ..flows.test_causes import CausesCase
from .looking import WIDTHS, Looking

PAGE = "/odoo/octopus-to-solve"
INVOICES = "/odoo/action-account.action_move_out_invoice"
DOCUMENTS = 300


class PicturesOfCauses(CausesCase, Looking):
    def setUp(self):
        super().setUp()
        self.moves = self.many(self.document(), DOCUMENTS, days=200)

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

    def test_z3_pictures(self):
        self.hold_all()
        person = self.person(name="Els Claes")
        draft = self.document(post=False)
        draft.partner_id = False
        cause = self.env["octopus.cause"].search([("kind", "=", "tax")], limit=1)
        for label in WIDTHS:
            self.emulate(label)
            with self.browsing(self.browser):
                self.open(PAGE, "documents")
                self.find(".o_octopus_causes_note")
                self.look_at(f"to_solve_{label}")
                if label == "1280":
                    self.click("td[name=vat_code_id]")
                    self.look_at("to_solve_edit_1280")
                self.open(f"{INVOICES}/{draft.id}", "for Octopus")
                self.find(".o_octopus_check")
                self.look_at(f"pill_{label}")
                self.click(".o_octopus_check")
                self.look_at(f"pill_open_{label}")
            with self.browsing(self.browser, person.login):
                self.open(PAGE, "documents")
                self.find(".o_octopus_causes_note")
                self.look_at(f"to_solve_user_{label}")
                self.open(f"{PAGE}/{cause.id}", "documents")
                self.find(".o_form_view")
                self.look_at(f"cause_user_{label}")
