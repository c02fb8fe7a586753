"""Every action of the addon has an address, and screens that were made for it."""

from odoo.tests import TransactionCase, tagged

ADDON = "octopus_connector"


@tagged("standard", "post_install", "-at_install")
class TestViews(TransactionCase):
    def actions(self):
        known = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.actions.act_window")]
        )
        return self.env["ir.actions.act_window"].browse(known.mapped("res_id"))

    def test_every_action_has_a_path(self):
        actions = self.actions()
        self.assertGreater(len(actions), 10)
        self.assertEqual(actions.filtered(lambda it: not it.path).mapped("name"), [])

    def test_every_view_of_an_action_was_made_for_it(self):
        missing = [
            f"{action.res_model}: {kind}"
            for action in self.actions()
            for kind in action.view_mode.split(",")
            if not self.has_view(action.res_model, kind)
        ]
        self.assertEqual(missing, [])

    def has_view(self, model, kind):
        domain = [("model", "=", model), ("type", "=", kind)]
        return self.env["ir.ui.view"].search_count(domain, limit=1)

    def test_every_stored_model_that_a_person_reads_has_a_form(self):
        """No link and no record of a list opens a form that Odoo made up."""
        without = [
            name
            for name, model in self.env.items()
            if name.startswith("octopus.")
            and not model._abstract
            and not model._transient
            and name not in PARTS
            and self.is_read(name)
            and not self.has_view(name, "form")
        ]
        self.assertEqual(without, [])

    def is_read(self, name):
        rights = self.env["ir.model.access"].sudo()
        read = [("model_id.model", "=", name), ("perm_read", "=", True)]
        return rights.search_count(read, limit=1)

    def test_every_menu_of_documents_is_in_a_group(self):
        """Behind the overview, which is the first page (Z.26)."""
        top = self.env.ref(f"{ADDON}.menu_octopus")
        first, *groups = top.child_id.sorted("sequence")
        self.assertEqual(first.action, self.env.ref(f"{ADDON}.action_octopus_desk"))
        self.assertEqual(
            [menu.name for menu in groups],
            ["Documents", "Payments", "To do", "Accountant", "Control", "Log"],
        )
        self.assertFalse(any(menu.action for menu in groups))
        for menu in groups:
            self.assertTrue(menu.child_id, menu.name)

    def test_z26_lists_that_people_work_in_are_cards_on_a_telephone(self):
        """What is only looked up, and the log, may stay tables."""
        top = self.env.ref(f"{ADDON}.menu_octopus")
        groups = top.child_id.filtered("child_id").sorted("sequence")[:-1]
        modes = {
            menu.name: menu.action.view_mode.split(",")
            for menu in groups.child_id
            if menu.action and menu.action._name == "ir.actions.act_window"
        }
        tables = {name for name, some in modes.items() if "kanban" not in some}
        self.assertEqual(tables, {"Bookings in Octopus", "Relations", "By VAT code"})


# Shown within a record that has a form, never by themselves.
PARTS = {
    "octopus.account",
    "octopus.accountant.look",
    "octopus.reopen",  # opens the document
    "octopus.bookyear.journal",
    "octopus.comparison.amount",  # added up in a pivot
    "octopus.cost.centre",
    "octopus.contact.change",  # accepted or left in its list
    "octopus.document.match",
    "octopus.error.text",
    "octopus.payment.match",
    "octopus.period",
    "octopus.rehearsal.line",
    "octopus.vat.code",
}
