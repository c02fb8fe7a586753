"""Cost centres in Chromium: the choice of the plan, the list, a document (Z.21)."""

from odoo.fields import Command

from .looking import Looking

LIST = "/odoo/octopus-cost-centres"
SETTINGS = "/odoo/action-octopus_connector.action_octopus_settings"
BILLS = "/odoo/action-account.action_move_in_invoice"
DEPARTMENTS = (
    ("Winkel", False),
    ("Atelier", False),
    ("Ateliers Zuid", False),
    ("Bakkerij Gent Sint-Pieters, verbouwing van de tweede verdieping", "1"),
    ("Burelen", False),
)


class TestCostCentres(Looking):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("analytic.group_analytic_accounting")
        cls.env.ref("base.user_admin").group_ids += group
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.accounts = cls.env["account.analytic.account"].create(
            [
                {"name": name, "code": code, "plan_id": cls.plan.id}
                for name, code in DEPARTMENTS
            ]
        )

    def test_z21_a_person_looks_at_the_list_and_accepts_what_is_sure(self):
        self.company.octopus_cost_plan_id = self.plan
        self.refresh()
        shop, workshop = self.accounts[:2]
        line = {
            "price_unit": 100.01,
            "tax_ids": [Command.set(self.tax_purchase_a.ids)],
            "analytic_distribution": {str(shop.id): 50.0, str(workshop.id): 50.0},
        }
        bill = self.document("in_invoice", [line])
        with self.browsing(self.browser):
            self.open(LIST, "Burelen", "Same name: Winkel", "To choose")
            self.look("costs_list")
            self.press("action_accept_all")
            self.see("Still to decide")
            self.look("costs_accepted")
            self.open(SETTINGS, "Plan of the cost centres")
            self.evaluate(
                "document.querySelector('[name=octopus_cost_plan_id]').scrollIntoView()"
            )
            self.look("costs_settings")
            self.open(f"{BILLS}/{bill.id}", "100.01")
            self.evaluate("document.querySelector('.nav-link[name=octopus]').click()")
            self.press("action_octopus_preview")
            self.see("1 Shop", "50.01")
            self.look("costs_preview")
        rows = self.env["octopus.cost.centre.mapping"].search([])
        accepted = rows.filtered(lambda row: row.state == "accepted")
        self.assertEqual(accepted.analytic_account_id, shop | workshop)
