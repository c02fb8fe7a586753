"""How mirrored records are called on screen (D.3, X.49)."""

from ..common import OctopusCase


class TestMirrorNames(OctopusCase):
    mapped = False

    def test_x49_an_account_has_its_name_in_the_readers_language(self):
        account = self.dossier.account_ids[0].sudo()
        account.write(
            {"number": 799999, "name_nl": "Omzet", "name_fr": "Ventes", "name_en": ""}
        )
        self.env["res.lang"]._activate_lang("fr_BE")
        self.assertEqual(account.display_name, "799999 Omzet")
        self.assertEqual(
            account.with_context(lang="fr_BE").display_name, "799999 Ventes"
        )

    def test_d7_an_account_is_found_by_number_and_by_name(self):
        account = self.dossier.account_ids[0].sudo()
        account.write({"number": 799999, "name_nl": "Zeldzame omzet"})
        Account = self.env["octopus.account"]
        for text in ("79999", "zeldzame"):
            self.assertEqual(Account.name_search(text)[0][0], account.id)

    def test_d3_a_vat_code_shows_code_and_description(self):
        code = self.dossier.vat_code_ids.filtered(
            lambda card: (card.code, card.type) == ("06", "sell")
        )
        self.assertEqual(code.display_name, "06 Verkopen 6 %")
