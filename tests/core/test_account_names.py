"""Names of accounts with the same number (D.8)."""

import unittest

from octopus_connector.core.account_names import unlike


class TestUnlike(unittest.TestCase):
    def test_d8_names_without_a_common_word_are_unlike(self):
        for ours, theirs in (
            ("Services in Belgium", "Sales of goods 6 %"),
            ("Telephone", "Insurance"),
            ("Huur", "Onderhoud en herstellingen"),
        ):
            with self.subTest(ours):
                self.assertTrue(unlike({"en": ours}, {"en": theirs}))

    def test_d8_a_common_word_is_enough(self):
        for ours, theirs in (
            ("Sale of services", "Sales"),
            ("Téléphone", "telephone, internet"),
            ("Erelonen advocaten", "Erelonen"),
        ):
            with self.subTest(ours):
                self.assertFalse(unlike({"en": ours}, {"en": theirs}))

    def test_d8_one_language_in_which_they_are_alike_is_enough(self):
        ours = {"en": "Merchandise", "nl": "Verkopen"}
        theirs = {"en": "Turnover", "nl": "Verkopen handelsgoederen"}
        self.assertFalse(unlike(ours, theirs))

    def test_d8_what_cannot_be_compared_is_not_set_apart(self):
        for ours, theirs in (
            ({"en": "Sales"}, {"nl": "Verkopen"}),
            ({}, {"nl": "Verkopen"}),
            ({"en": "Sales"}, {"en": "6 %"}),
            ({"en": "700000"}, {"en": "Insurance"}),
        ):
            with self.subTest(ours=ours, theirs=theirs):
                self.assertFalse(unlike(ours, theirs))
