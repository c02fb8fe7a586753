"""The whole way by hand, in Chromium: settings, login, dossier, mappings, sending from
the invoice list, the accountant's page, payments (issue 2 §6; A.4-A.7, F.6, G.5)."""

from octopus_sandbox.seed import demo

from ..common import OctopusHttpCase

SETTINGS = "/odoo/action-account.action_account_config"
INVOICES = "/odoo/action-account.action_move_out_invoice"
# The form's answer goes to a frame, so that this page stays and can look at it.
RECEIVE = """
const answer = document.createElement("iframe");
answer.name = "answer";
document.body.append(answer);
const form = document.querySelector("form[action^='/pay/']");
const row = [...form.querySelectorAll("tr")].find((tr) => tr.innerText.includes("%s"));
row.querySelector("input[name=pick]").click();
form.target = "answer";
answer.addEventListener("load", () => {
    if (answer.contentDocument.body.innerText.includes("matched")) {
        console.log("test successful");
    } else {
        console.error(answer.contentDocument.body.innerText);
    }
});
form.querySelector("button.main").click();
"""


class TestWalk(OctopusHttpCase):
    linked = False

    def test_a_person_connects_sends_and_sees_the_payment(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        # A tax of Odoo's own test data is due on payment: its settings would say so in
        # a dialog, which comes in the way of a tour that is slower than it.
        self.company.tax_exigibility = True
        self.company.bank_journal_ids[:1].bank_acc_number = self.bank_account()
        self.start_tour(SETTINGS, "octopus_connect", login="admin", timeout=180)
        dossier = self.company.octopus_dossier_id
        self.assertEqual(dossier.octopus_id, demo.MAIN)
        self.assertEqual(dossier.connection_id.state, "connected")
        self.assertTrue(self.accepted("octopus.tax.mapping"))
        self.assertTrue(self.accepted("octopus.account.mapping"))
        # What has another name there waits for a person who looks.
        self.map_all()

        self.company.write(
            {"octopus_payment_owner": "octopus", "octopus_attachment_policy": "none"}
        )
        invoice = self.document()
        self.start_tour(INVOICES, "octopus_send", login="admin", timeout=120)
        self.assertEqual(invoice.octopus_state, "booked")
        [booking] = [
            each
            for each in self.books.dossier.bookings.values()
            if each.comment == invoice.name
        ]
        self.assertEqual(f"{booking.amount:.2f}", f"{invoice.amount_total:.2f}")

        self.browser_js(
            f"{self.sandbox.address}/dossier/{demo.MAIN}/open",
            code=RECEIVE % invoice.name,
            ready="document.readyState === 'complete'",
            login="admin",
        )
        self.assertNotEqual(invoice.payment_state, "paid")
        self.start_tour(INVOICES, "octopus_paid", login="admin", timeout=120)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 0)
        [payment] = invoice.matched_payment_ids
        self.assertTrue(payment.octopus_balancing_ids)
        receipts = self.books.dossier.financial_bookings.values()
        self.assertIn(payment.date, [receipt.document_date for receipt in receipts])

    def bank_account(self):
        """Return the account number of the dossier's bank journal."""
        journals = self.books.dossier.journals.values()
        return next(journal.iban for journal in journals if journal.iban)

    def accepted(self, model):
        domain = [("company_id", "=", self.company.id), ("state", "=", "accepted")]
        return self.env[model].search_count(domain)
