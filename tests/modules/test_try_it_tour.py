"""Test mode in Chromium: started, sent, paid by the accountant, ended (Z.25)."""

from odoo.tests import HttpCase

from .trial_case import TrialCase

PAGE = "/odoo/action-octopus_connector_sandbox.action_octopus_test_mode"
DESK = "/octopus_connector_sandbox/accountant/dossier/71001/open"
# The form's answer goes to a frame, so that this page stays and can look at it.
RECEIVE = """
const answer = document.createElement("iframe");
answer.name = "answer";
document.body.append(answer);
const form = document.querySelector("form[action$='/pay/71001']");
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


class TestTour(TrialCase, HttpCase):
    def test_z25_a_person_tries_it(self):
        self.neutralize()
        admin = self.env.ref("base.user_admin")
        own, tried = admin.company_id, self.env.company
        admin.company_ids += tried
        tried.write({"vat": "BE0477472701", "name": "Test of a copy"})
        # A tax of Odoo's own test data would say in a dialog that it is due on payment.
        tried.tax_exigibility = True
        self.partner_a.country_id = self.env.ref("base.be")
        self._create_invoice_one_line(
            price_unit=100.0, partner_id=self.partner_a, post=True
        )
        self.start_tour(PAGE, "octopus_try_it_start", login="admin", timeout=180)
        test = self.test
        self.assertEqual(test.create_uid, admin)
        self.company = test.company_id.with_user(admin).with_context(
            allowed_company_ids=test.company_id.ids
        )
        # The steps of the set-up have a tour of their own.
        dossier = self.link()
        self.start_tour(PAGE, "octopus_try_it_send", login="admin", timeout=120)
        [sent] = self.documents().filtered(lambda it: it.octopus_state == "booked")
        self.browser_js(
            DESK,
            code=RECEIVE % sent.name,
            ready="document.readyState === 'complete'",
            login="admin",
        )
        self.run_cron(dossier.pull_cron_id)
        self.company.env["octopus.payment.plan"].search([]).action_accept()
        self.run_cron(dossier.pull_cron_id)
        self.assertEqual(sent.payment_state, "paid")
        self.start_tour(PAGE, "octopus_try_it_end", login="admin", timeout=120)
        self.assertFalse(self.test)
        self.assertEqual(sent.payment_state, "not_paid")
        self.assertEqual(admin.company_id, own)
