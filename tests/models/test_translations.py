"""Every text is there in Dutch, French and German (issue 2 §4, Screens)."""

import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

ADDON = "octopus_connector"
I18N = Path(__file__).resolve().parents[2] / ADDON / "i18n"
LANGUAGES = {"nl": "nl_BE", "fr": "fr_BE", "de": "de_DE"}
# Where the text of a record is, as an export says it.
PLACE = re.compile(rf"model:(?P<model>[\w.]+),(?P<text>\w+):{ADDON}\.(?P<record>\w+)")
# %(name)s, %s, HTML tags: what a program fills in or a browser reads.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd]|</?[a-z]\w*|&[a-z]+;")


def catalogue(name):
    return polib.pofile(str(I18N / name))


@tagged("standard", "post_install", "-at_install")
class TestTranslations(TransactionCase):
    def test_the_template_holds_the_texts_of_the_source(self):
        buffer = io.BytesIO()
        trans_export(False, [ADDON], buffer, "po", self.env)
        entries = list(polib.pofile(buffer.getvalue().decode()))
        now = {entry.msgid for entry in entries}
        ours = {entry.msgid for entry in entries if not self.is_of_another(entry)}
        then = {entry.msgid for entry in catalogue(f"{ADDON}.pot")}
        self.assertEqual(ours - then, set(), "not in the template: export it anew")
        self.assertEqual(then - now, set(), "only in the template: export it anew")

    def is_of_another(self, entry):
        """Whether all that has a text was added by another module: a field of our
        models, such as the ratings of all that has messages, or of a record's own."""
        places = [PLACE.fullmatch(place) for place, _line in entry.occurrences]
        return all(place and self.is_added(place) for place in places)

    def is_added(self, place):
        kept = self.env[place["model"]]._fields[place["text"]]
        if place["model"] != "ir.model.fields":
            return kept._modules[0] != "base" and place["model"] == "ir.model"
        models = {name.replace(".", "_"): model for name, model in self.env.items()}
        owner, _sign, field = place["record"].removeprefix("field_").partition("__")
        return ADDON not in models[owner]._fields[field]._modules

    def test_every_text_is_translated(self):
        texts = {entry.msgid for entry in catalogue(f"{ADDON}.pot")}
        self.assertGreater(len(texts), 300)
        for language in LANGUAGES:
            entries = {e.msgid: e for e in catalogue(f"{language}.po")}
            with self.subTest(language=language):
                self.assertEqual(set(entries), texts)
                bad = [e.msgid for e in entries.values() if e.fuzzy or not e.msgstr]
                self.assertEqual(bad, [])

    def test_what_is_filled_in_stays_as_it_is(self):
        for language in LANGUAGES:
            for entry in catalogue(f"{language}.po"):
                with self.subTest(language=language, text=entry.msgid):
                    self.assertEqual(
                        sorted(FIXED.findall(entry.msgstr)),
                        sorted(FIXED.findall(entry.msgid)),
                    )

    def test_a_reader_sees_his_own_language(self):
        finding = {
            "code": "country_missing",
            "severity": "block",
            "params": {"partner": "An"},
            "model": None,
            "ids": [],
        }
        english = self.env["octopus.finding"]._texts(finding)["title"]
        seen = {english}
        for code in LANGUAGES.values():
            self.env["res.lang"]._activate_lang(code)
            self.env["ir.module.module"].search(
                [("name", "=", ADDON)]
            )._update_translations([code])
            told = self.env["octopus.finding"].with_context(lang=code)._texts(finding)
            self.assertIn("An", told["title"])
            seen.add(told["title"])
        self.assertEqual(len(seen), 4, seen)
