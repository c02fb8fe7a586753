"""From a document that waits to what it waits for, and back (screens of issue 15)."""

from ..common import OctopusHttpCase

INVOICE = "/odoo/action-account.action_move_out_invoice/%s"
FOLLOW = """
const until = async (told, look) => {
    for (let tries = 0; tries < 300; tries++) {
        const found = look();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Not on the page: ${told}`);
};
const on = (selector) => until(selector, () => document.querySelector(selector));
(async () => {
    (await on(".o_notebook [name=octopus]")).click();
    (await on("a.o_octopus_fix")).click();
    await on(".o_form_view [name=octopus_account_id]");
    await on("button[name=action_open_waiting]");
    if (!document.body.innerText.includes("waits for this")) {
        throw new Error("How many documents wait is not told");
    }
    if (!document.querySelector(".o_breadcrumb").innerText.includes("INV/")) {
        throw new Error("There is no way back to the invoice");
    }
    console.log("test successful");
})();
"""


class TestMend(OctopusHttpCase):
    def test_a_link_opens_in_its_place_with_a_way_back(self):
        move = self.document()
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        mapping.octopus_account_id = False
        move.action_octopus_send()
        self.assertEqual(move.octopus_state, "blocked")
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        admin.group_ids += self.env.ref("octopus_connector.group_manager")
        self.browser_js(
            INVOICE % move.id,
            code=FOLLOW,
            ready="odoo.isReady === true && !!document.querySelector('.o_form_view')",
            login="admin",
        )
