"""What a person chooses is explained where it is chosen."""

from odoo.tests import TransactionCase, tagged

from odoo.addons.octopus_connector.models.octopus_settings_mixin import (
    OF_THE_SETTINGS,
)

PAGES = ("octopus.settings", "res.config.settings")
# What people choose in, or look at to choose.
CHOSEN_IN = (
    "octopus.account",
    "octopus.account.mapping",
    "octopus.bookyear",
    "octopus.cost.centre",
    "octopus.cost.centre.mapping",
    "octopus.bookyear.journal",
    "octopus.journal",
    "octopus.journal.mapping",
    "octopus.journal.year",
    "octopus.period",
    "octopus.tax.mapping",
    "octopus.vat.code",
)
# Odoo's own, and names that say what they are.
PLAIN = {"display_name", "name", "id", "create_uid", "create_date"}
PLAIN |= {"write_uid", "write_date", "active"}


@tagged("standard", "post_install", "-at_install")
class TestSettingsHelp(TransactionCase):
    def test_every_setting_has_the_help_of_the_field_that_keeps_it(self):
        for page in PAGES:
            described = self.env[page].fields_get(list(OF_THE_SETTINGS))
            without = [name for name, it in described.items() if not it.get("help")]
            self.assertEqual(without, [], page)
            self.assertEqual(described.keys(), OF_THE_SETTINGS)

    def test_the_page_has_a_help_for_each_field_with_a_label(self):
        arch = self.env["octopus.settings"].get_view()["arch"]
        described = self.env["octopus.settings"].fields_get()
        for name, field in described.items():
            if f'for="{name}"' in arch:
                self.assertTrue(field.get("help"), name)

    def test_the_help_is_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        name = "octopus_clearing_journal_id"
        kept = self.env["ir.model.fields"]._get("res.company", name)
        kept.with_context(lang="nl_BE").help = "Neemt betalingen"
        self.env.registry.clear_cache("stable")
        page = self.env["octopus.settings"].with_context(lang="nl_BE")
        self.assertEqual(page.fields_get([name])[name]["help"], "Neemt betalingen")

    def test_every_field_of_what_is_mapped_has_help(self):
        without = [
            f"{model}.{name}"
            for model in CHOSEN_IN
            for name, field in self.env[model]._fields.items()
            if "octopus_connector" in field._modules and name not in PLAIN
            if not field.help
        ]
        self.assertEqual(without, [])
