"""Contacts of both sides on one screen, in Chromium (E.8, E.9, J.2, Z.8)."""

from octopus_sandbox.seed.belgium import vat_number

from ..common import OctopusHttpCase

WALK = """
const until = async (found, what) => {
    for (let tries = 0; tries < 300; tries++) {
        const result = found();
        if (result) {
            return result;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Not on the page: ${what}`);
};
const one = (selector) => until(() => document.querySelector(selector), selector);
const count = (name, value) =>
    until(
        () =>
            document.querySelector(`.oe_stat_button [name=${name}] .o_stat_value`)
                ?.textContent.trim() === value,
        `${name} ${value}`
    );
const panel = (name, value) => {
    const titles = () =>
        Array.from(
            document.querySelectorAll(".o_search_panel_category_value header")
        ).map((it) => it.textContent.replace(/\\s/g, ""));
    return until(
        () => titles().includes(`${name}${value}`.replace(/\\s/g, "")),
        `${name} ${value}`
    );
};
(async () => {
    await count("matched_count", "2");
    await count("doubtful_count", "1");
    (await one("[name=by_name] input")).click();
    await count("matched_count", "1");
    (await one(".o_form_button_cancel")).click();
    await count("matched_count", "2");
    (await one("button[name=action_accept_matched]")).click();
    (await one(".modal-footer .btn-primary")).click();
    await count("linked_count", "2");
    await count("matched_count", "0");
    document.querySelectorAll("button[name=action_rows]")[2].click();
    // Both sides in all their groups beside the rows, and the numbers follow.
    await panel("Linked", "2");
    await panel("Doubtful", "1");
    (await one("tr.o_data_row button[name=action_other]")).click();
    await panel("Not the same", "1");
    await until(
        () => !document.querySelector("tr.o_data_row"),
        "nothing that is doubtful"
    );
    console.log("test successful");
})();
"""


class TestMatchingScreen(OctopusHttpCase):
    mapped = False

    def test_z8_matched_ones_are_accepted_together_and_a_doubtful_one_is_refused(self):
        contacts = self.env["res.partner"]
        belgium = self.env.ref("base.be").id
        for name, vat in (
            ("Zee en Zon BV", "07001001"),
            ("Brouwerij De Kroon", ""),
            ("Jan Peeters", ""),
        ):
            company = name != "Jan Peeters"
            contacts += contacts.create(
                {
                    "name": name,
                    "is_company": company,
                    "vat": vat and vat_number(vat).replace(".", ""),
                    "country_id": belgium,
                    "zip": "9000",
                    "customer_rank": 1,
                }
            )
            self.books.relations.upsert(
                None,
                0,
                {
                    "name": name,
                    "client": True,
                    "country": "BE",
                    "postal_code": "9000",
                    "vat_nr": vat and vat_number(vat),
                    "vat_type": 1 if company else 7,
                },
            )
        matching = self.env["octopus.matching"].of(self.dossier)
        matching.with_user(self.env.user).action_look()
        self.assertEqual(matching.linked_count, 0)
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        self.browser_js(
            f"/odoo/octopus.matching/{matching.id}",
            code=WALK,
            ready="odoo.isReady === true && !!document.querySelector('.o_form_view')",
            login="admin",
            timeout=120,
        )
        self.env.invalidate_all()
        self.assertEqual(
            [bool(it.octopus_relation_ids) for it in contacts], [True, True, False]
        )
        refused = self.env["octopus.matching.row"].search([("decision", "=", "other")])
        self.assertEqual(refused.partner_id, contacts[2])
