"""What takes long to tell is asked where somebody looks, in Chromium (A.12, F.1)."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import OctopusHttpCase

INVOICE = "/odoo/action-account.action_move_out_invoice/%s"
SETTINGS = "/odoo/action-octopus_connector.action_octopus_settings"
UNTIL = """
const until = async (selector, text = "") => {
    for (let tries = 0; tries < 300; tries++) {
        const found = [...document.querySelectorAll(selector)].find((element) =>
            element.textContent.includes(text)
        );
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Not on the page: ${selector} ${text}`);
};
const none = (selector) => {
    if (document.querySelector(selector)) {
        throw new Error(`On the page: ${selector}`);
    }
};
const run = (steps) => steps().then(
    () => console.log("test successful"),
    (error) => console.error(error.message)
);
"""
BLOCKED = """
run(async () => {
    const page = await until(".o_notebook a[name=octopus]");
    none(".o_octopus_findings");
    page.click();
    await until(".o_widget_octopus_later .alert-info [data-code=partner_missing]");
    none(".o_widget_octopus_later .text-success");
});
"""
READY = """
run(async () => {
    (await until(".o_notebook a[name=octopus]")).click();
    await until(".o_widget_octopus_later .text-success", "Ready for Octopus");
    none(".o_octopus_findings");
    (await until("button[name=action_post]")).click();
    await until(".o_arrow_button_current[data-value=posted]");
    (await until(".o_notebook a[name=octopus]")).click();
    await until("[name=octopus_state]", "Not sent");
    none(".o_widget_octopus_later .text-success");
});
"""
STAYS = """
run(async () => {
    await until(".o_setting_box [name=octopus_dossier_id]");
    await until(".o_widget_octopus_later .alert-warning [data-code=%s]");
});
"""
FORM = "odoo.isReady === true && !!document.querySelector('.o_form_view')"


class TestLater(OctopusHttpCase):
    def look(self, page, code):
        """Open a page as a person who keeps the books and links the dossier."""
        if not self.env["res.users"].search([("login", "=", "boss")]):
            new_test_user(
                self.env,
                "boss",
                groups="account.group_account_manager,octopus_connector.group_manager",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
        self.browser_js(page, code=UNTIL + code, ready=FORM, login="boss", timeout=120)

    def test_f1_the_page_of_an_invoice_tells_what_stands_in_the_way(self):
        draft = self.document(post=False)
        draft.partner_id = False
        self.assertIn("partner_missing", draft.octopus_findings_html)
        self.look(INVOICE % draft.id, BLOCKED)

    def test_f1_the_page_of_an_invoice_says_that_it_may_go(self):
        draft = self.document(post=False)
        self.assertTrue(draft.octopus_ready)
        self.look(INVOICE % draft.id, READY)
        self.assertEqual(draft.octopus_state, "ready")

    def test_a12_the_settings_tell_what_stays_broken(self):
        self.dossier.sudo().active = False
        self.assertIn("dossier_archived", self.dossier.stays_html)
        self.look(SETTINGS, STAYS % "dossier_archived")
