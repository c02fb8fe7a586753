"""The turn of the year in Chromium (Z.9), at both widths."""

from datetime import timedelta

from odoo import fields

from ..flows.test_year_turn import end_on
from .languages import LANGUAGES
from .looking import Looking

PAGE = "/odoo/octopus-year-turn"


class TestYearTurn(Looking):
    def setUp(self):
        super().setUp()
        self.company.octopus_attachment_policy = "none"
        end_on(self.books.dossier, fields.Date.today() + timedelta(days=20))
        self.refresh()

    def test_z9_the_next_bookyear_is_made_from_the_page(self):
        self.start_tour(PAGE, "octopus_year_turn", login="admin", timeout=180)
        years = self.dossier.bookyear_ids.sorted("date_start")
        self.assertEqual(len(years), 3)
        self.assertTrue(years[-1].journal_year_ids)

    def test_z9_the_page_at_both_widths_and_in_each_language(self):
        self.document()
        for language in LANGUAGES:
            with self.reading(language):
                self.open(PAGE, "Check again")
                self.find("[data-code=turn_bookyear_missing]")
                self.look("year_turn")
