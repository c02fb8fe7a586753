"""The settings of Octopus, in Chromium, for who has no right to Odoo's own (A.12)."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import OctopusHttpCase

PAGE = "/odoo/action-octopus_connector.action_octopus_settings"
CHANGE = """
const until = async (selector) => {
    for (let tries = 0; tries < 300; tries++) {
        const found = document.querySelector(selector);
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Not on the page: ${selector}`);
};
(async () => {
    await until(".o_setting_box [name=octopus_dossier_id]");
    await until(".o_setting_box [name=octopus_payment_owner]");
    (await until("[name=octopus_group_by_vat] input[type=checkbox]")).click();
    await until(".o_form_view .o_form_status_indicator_buttons:not(.invisible)");
    (await until("button[name=action_save]")).click();
    await until(".o_form_view .o_form_status_indicator_buttons.invisible");
    console.log("test successful");
})();
"""


class TestSettingsPage(OctopusHttpCase):
    mapped = False

    def test_a12_an_octopus_administrator_opens_and_saves_the_settings(self):
        before = self.company.octopus_group_by_vat
        boss = new_test_user(
            self.env,
            "boss",
            groups="base.group_user,octopus_connector.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertFalse(boss.has_group("base.group_system"))
        self.browser_js(
            PAGE,
            code=CHANGE,
            ready="odoo.isReady === true && !!document.querySelector('.o_form_view')",
            login="boss",
        )
        self.assertNotEqual(self.company.octopus_group_by_vat, before)
