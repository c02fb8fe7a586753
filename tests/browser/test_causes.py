"""One fix in Chromium, and all that waited for it goes (Z.2, Z.3, X.8)."""

from ..flows.test_causes import CausesCase
from .languages import LANGUAGES
from .looking import Looking

PAGE = "/odoo/octopus-to-solve"
INVOICE = "/odoo/action-account.action_move_out_invoice/%s"


class TestToSolve(CausesCase, Looking):
    def test_z3_x8_one_choice_and_all_twelve_go(self):
        moves = [self.document() for _number in range(12)]
        self.untax(moves[0])
        rows = self.blocked(*moves)
        self.start_tour(PAGE, "octopus_to_solve", login="admin", timeout=120)
        self.env.invalidate_all()
        self.push()
        for row in rows:
            self.assert_booked(row)
        self.assertFalse(self.causes())

    def test_z2_from_the_pill_to_the_fix_and_back(self):
        draft = self.document(post=False)
        draft.partner_id = False
        mapping = self.unmap(draft)
        self.start_tour(INVOICE % draft.id, "octopus_pill", login="admin", timeout=120)
        self.env.invalidate_all()
        self.assertEqual(mapping.octopus_account_id, self.account(700000))

    def test_z2_z3_what_is_to_solve_in_each_language(self):
        draft = self.document(post=False)
        draft.partner_id = False
        move = self.document()
        self.untax(move)
        self.blocked(move)
        [cause] = self.causes()
        for language in LANGUAGES:
            with self.reading(language):
                self.open(PAGE, "To solve", "Waits", "VAT code")
                self.find(".o_octopus_causes_note")
                self.look("causes")
                self.open(f"{PAGE}/{cause.id}", "VAT code", "Waits")
                self.look("cause")
                self.open(INVOICE % draft.id)
                self.click(".o_octopus_check")
                self.find(".o_octopus_point")
                self.look("pill")
