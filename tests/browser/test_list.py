"""The list that a bookkeeper looks at all day, and what stands above a document, in
Chromium with some hundred documents (I.1, I.3, Z.12, Z.13)."""

from datetime import timedelta

from odoo import fields

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding

from .looking import Looking

INVOICES = "/odoo/action-account.action_move_out_invoice"
OUTBOX = "/odoo/octopus-outbox"
RUNS = "/odoo/octopus-runs"
DOCUMENTS = 300
# Nothing of a list is cut off, as the browser laid it out.
WHOLE = """
(() => {
    const cells = document.querySelectorAll(
        ".o_data_row td[name=name], .o_data_row td[name=octopus_state],"
        + " .o_data_row td[name=octopus_number]"
    );
    return (
        cells.length &&
        [...cells].every((cell) => cell.scrollWidth <= cell.clientWidth + 1)
    );
})()
"""
REASON = """
(() => {
    const row = [...document.querySelectorAll(".o_data_row")].find((it) =>
        it.innerText.includes("Blocked")
    );
    const told = row.querySelector(".o_octopus_reason").dataset.tooltip;
    if (!told.includes("discount")) {
        throw new Error(told);
    }
})()
"""
TICK = ".o_data_row .o_list_record_selector input"
MOMENT = "new Promise((resolve) => setTimeout(resolve, 500))"
CHANGED = "odoo.__WOWL_DEBUG__.root.env.bus.trigger('OCTOPUS:CHANGED')"


class TestList(Looking):
    def setUp(self):
        super().setUp()
        self.company.octopus_attachment_policy = "none"
        first = self.document(invoice_date=fields.Date.today() - timedelta(days=200))
        # As the list shows them.
        self.moves = self.many(first, DOCUMENTS, days=200).sorted(
            lambda move: (move.date, move.name, move.id), reverse=True
        )

    def row(self, move):
        return move.octopus_booking_id.sudo()

    def stand_in_each_way(self):
        """Let the documents on top of the list stand in every way in which one can."""
        self.moves[4:12].action_octopus_send()
        self.push()
        blocked, waiting, queued, unknown = self.moves[:4]
        self.row(blocked).hold("blocked", [Finding(codes.DISCOUNT_ACCOUNT_MISSING)])
        later = fields.Datetime.now() + timedelta(hours=1)
        self.row(waiting).write({"queued": True})
        self.row(waiting).hold("waiting", [Finding(codes.SERVICE_DOWN)], later)
        self.row(queued).write({"queued": True})
        self.row(unknown).hold("unknown", [Finding(codes.SERVICE_DOWN)], later)
        changed, differs, gone = self.moves[4:7]
        self.row(changed).state, self.row(gone).state = "changed", "gone"
        amount = {"what": "amount", "here": "121.00", "there": "100.00", "code": None}
        self.row(differs).write({"state": "differs", "differences": [amount]})
        self.env.flush_all()

    def test_i1_the_list_tells_and_shows_itself_anew(self):
        self.stand_in_each_way()
        with self.browsing(self.browser):
            self.open(INVOICES, "Blocked", "No answer", "Queued", "Not sent", "Gone")
            self.wait_for(WHOLE)
            self.evaluate(REASON)
            self.look("list")
            self.click(TICK)
            self.find(".o_data_row_selected")
        # Nobody asks the server meanwhile: it would take back what is written here.
        self.row(self.moves[0]).may_go()
        self.moves[0].action_octopus_send()
        self.assertEqual(self.moves[0].octopus_state, "booked")
        with self.browsing(self.browser):
            self.evaluate(CHANGED)
            self.evaluate(MOMENT)
            # What somebody ticked is not taken away.
            self.see("Blocked")
            self.find(".o_data_row_selected")
            self.click(TICK)
            gone = "!document.querySelector('.o_list_view').innerText"
            self.wait_for(f"{gone}.includes('Blocked')")
            self.open(OUTBOX, "Needs attention")
            self.click(".o_group_header")
            self.see("INV/2026")
            self.look("outbox")
            self.open(RUNS, "In Octopus: 8")
            self.look("runs")
        for language in ("nl", "fr"):
            with self.reading(language):
                self.open(INVOICES, "Queued", "Not sent", "Gone")
                self.wait_for(WHOLE)
                self.look("list")
                self.open(OUTBOX, "Needs attention")
                self.click(".o_group_header")
                self.find(".o_data_row")
                self.look("outbox")
                self.open(RUNS, "Result")
                self.look("runs")

    def test_z13_a_document_says_it_above_the_sheet(self):
        self.stand_in_each_way()
        with self.browsing(self.browser):
            self.open(f"{INVOICES}/{self.moves[0].id}", "Not in Octopus", "discount")
            self.look("form_blocked")
            differs = self.moves[5]
            self.open(
                f"{INVOICES}/{differs.id}", "amount 100.00 EUR instead of 121.00 EUR"
            )
            number = self.row(differs).octopus_number.split(" / ")
            self.see(f"{number[0]}/{number[2]}", "You: solve the difference")
            self.look("form_differs")
            self.press("action_octopus_decide")
            self.see("what the accountant changed is lost", "In Octopus")
            self.look("difference")

    def test_z12_the_preview_is_read_and_sent(self):
        move = self.moves[20]
        with self.browsing(self.browser):
            self.open(f"{INVOICES}/{move.id}", move.name)
            self.press("action_octopus_preview")
            self.see("Expected number", "Debit", "Customer: ")
            self.look("preview")
            self.press("action_send")
            self.see("Booked as")
            self.wait_for("!document.querySelector('.modal')")
            self.look("form_booked")
        self.env.invalidate_all()
        self.assertEqual(move.octopus_state, "booked")
