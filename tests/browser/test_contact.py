"""The contact's Octopus tab, in Chromium (E.6, X.16)."""

from ..common import OctopusHttpCase

CHOOSE = """
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
    (await until("a.nav-link[name=octopus]")).click();
    (await until("[name=octopus_candidate_ids] button[name=action_link]")).click();
    await until("[name=octopus_relation_ids] td[name=link_origin]");
    console.log("test successful");
})();
"""


class TestContact(OctopusHttpCase):
    mapped = False

    def test_x16_a_person_chooses_one_of_several_relations_on_the_contact(self):
        for _number in range(2):
            self.books.relations.upsert(
                None, 0, {"name": "Piet Claes", "client": True, "country": "BE"}
            )
        contact = self.env["res.partner"].create({"name": "Piet Claes"})
        contact.action_octopus_find()
        candidates = contact.octopus_candidate_ids
        self.assertEqual(len(candidates), 2)
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        self.browser_js(
            f"/odoo/res.partner/{contact.id}",
            code=CHOOSE,
            ready="odoo.isReady === true && !!document.querySelector('.o_form_view')",
            login="admin",
        )
        self.assertEqual(contact.octopus_relation_ids.link_origin, "person")
        self.assertIn(contact.octopus_relation_ids, candidates)
