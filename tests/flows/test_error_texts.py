"""What Octopus answers is read in the reader's own language (X.49, Z.3)."""

from odoo import fields

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal
from octopus_sandbox.state.texts import message

from .outbox_case import INSERT, OutboxCase

SAMPLE = "generateSampleError"
LANGUAGES = ("nl", "fr", "en", "de")


class TestErrorTexts(OutboxCase):
    detail = "Field 7 of line 2"
    # Languages in which this web service has no texts.
    unknown = {}
    tries = 4

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_BE")
        self.env["res.lang"]._activate_lang("nl_BE")

    def refuse(self, code, technical="Field 7 of line 2"):
        """Let Octopus refuse what comes next, each time."""

        def judge(_booking):
            raise Refusal(code, technical)

        self.books.bookkeeping.insert_booking = judge

    def refused(self, code=Code.UNKNOWN_ACCOUNT):
        """Return the row of a document that Octopus refused, and push."""
        self.refuse(code)
        [row] = self.queue(self.document())
        self.push()
        self.assert_held(row, "blocked", "refused")
        return row

    @property
    def asked(self):
        """Return how often Octopus was asked what a code means."""
        asked = [("operation", "=", "error_description")]
        return self.env["octopus.call"].search_count(asked)

    def cause(self, row, lang):
        return row.with_context(lang=lang).cause_text

    def texts(self, code):
        rows = self.env["octopus.error.text"].search([("code", "=", code)])
        return {row.language: row.text for row in rows}

    def expected(self, code):
        known = {lang: message(code, lang.upper()) for lang in LANGUAGES}
        return {**known, **self.unknown}

    def test_x49_the_reason_is_read_in_each_readers_language(self):
        row = self.refused()
        wanted = self.expected(-21)
        self.assertEqual(self.texts(-21), wanted)
        for lang, other in (("nl_BE", "fr"), ("fr_BE", "nl"), ("en_US", "fr")):
            told = self.cause(row, lang)
            self.assertIn(wanted[lang[:2]], told)
            self.assertNotIn(wanted[other], told)
            self.assertIn(self.detail, told, "what is meant stands there only (X.57)")
            self.assertIn("-21", told)

    def test_x49_each_code_is_asked_about_once(self):
        row = self.refused()
        self.assertEqual(self.asked, self.tries)
        self.later(row)
        self.queue(row.move_id)
        self.push()
        self.assertGreater(len(self.calls(INSERT)), 1)
        self.assertEqual(self.asked, self.tries, "-21 is known")
        self.refuse(Code.UNKNOWN_RELATION)
        self.queue(row.move_id)
        self.push()
        self.assertEqual(self.asked, 2 * self.tries)
        self.assertEqual(self.texts(-16), self.expected(-16))

    def test_x49_without_a_refusal_nothing_is_asked(self):
        [row] = self.queue(self.document())
        self.push()
        self.assert_booked(row)
        self.assertFalse(self.asked)

    def test_x49_the_question_is_no_refusal_in_the_log(self):
        self.refused()
        calls = self.env["octopus.call"].search(
            [("operation", "=", "error_description")]
        )
        self.assertEqual(calls.mapped("outcome"), ["ok"] * self.tries)

    def test_x49_what_cannot_be_asked_now_is_asked_after_the_next_pass(self):
        self.faults.add("close", operation=SAMPLE, skip=2)
        row = self.refused()
        known = self.texts(-21)
        self.assertEqual(set(known), {"nl", "fr"}, "each text is kept as it comes")
        self.assertIn(self.detail, self.cause(row, "en_US"), "as it was answered")
        self.push()
        self.assertEqual(self.texts(-21), self.expected(-21))
        self.assertEqual(self.asked, self.tries + 1)

    def test_x49_a_code_that_octopus_fails_over_holds_no_other(self):
        self.faults.add("status", status=500, operation=SAMPLE)
        self.refused()
        known = self.texts(-21)
        self.assertEqual(known, {**self.expected(-21), "nl": False})
        self.push()
        self.assertEqual(self.asked, self.tries, "not each time")
        rows = self.env["octopus.error.text"].search([])
        for row in rows.sudo():
            row.ask_again_at = fields.Datetime.subtract(row.ask_again_at, days=1)
        self.push()
        self.assertEqual(self.texts(-21), self.expected(-21))

    def test_x49_an_unreadable_text_is_not_asked_for_each_time(self):
        self.faults.add("html", operation=SAMPLE, count=self.tries)
        row = self.refused()
        told = self.texts(-21)
        self.assertEqual(told, dict.fromkeys(LANGUAGES, False))
        self.assertIn(self.detail, self.cause(row, "fr_BE"))
        self.push()
        self.assertEqual(self.asked, self.tries)
        rows = self.env["octopus.error.text"].search([])
        for row in rows.sudo():
            row.ask_again_at = fields.Datetime.subtract(row.ask_again_at, days=31)
        self.push()
        self.assertEqual(self.texts(-21), self.expected(-21))

    def test_x49_a_text_of_octopus_is_text(self):
        """Whatever Octopus says about a code, it is shown and never run."""
        row = self.refused()
        texts = self.env["octopus.error.text"].search([("code", "=", -21)])
        texts.sudo().text = "<b>plain</b>"
        self.assertIn("<b>plain</b>", self.cause(row, "en_US"))
        self.assertIn("&lt;b&gt;plain", row.findings_html)

    def test_x49_what_was_refused_before_is_told_as_it_was(self):
        """Findings of an older version hold both texts in one."""
        self.refused()
        finding = {"code": "refused", "params": {"code": -21, "message": "Oud – T"}}
        told = self.env["octopus.finding"].with_context(lang="fr_BE")._texts(finding)
        self.assertIn("Oud – T", told["title"])


class TestErrorTextsOverSoap(TestErrorTexts):
    """SOAP gives one text of an error, of one switch's choice, and has no German
    (api.md §3.1)."""

    transport = "soap"
    detail = ""
    unknown = {"de": False}
    tries = 3

    def test_x49_the_technical_text_stays_where_it_is_the_only_one(self):
        self.sandbox.world.set_switches({"soap_error_text": "technical"})
        row = self.refused()
        told = self.cause(row, "fr_BE")
        self.assertIn(self.expected(-21)["fr"], told)
        self.assertIn("Field 7 of line 2", told)

    def test_x49_a_german_reader_is_told_what_came(self):
        row = self.refused()
        self.env["res.lang"]._activate_lang("de_DE")
        # The session speaks the language of the company.
        self.assertIn(self.expected(-21)["en"], self.cause(row, "de_DE"))
