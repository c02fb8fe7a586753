"""One fix in Chromium, and all that waited for it goes (Z.2, Z.3, X.8)."""

from ..common import OctopusHttpCase
from ..flows.test_causes import CausesCase

PAGE = "/odoo/octopus-to-solve"
INVOICE = "/odoo/action-account.action_move_out_invoice/%s"


class TestToSolve(CausesCase, OctopusHttpCase):
    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company

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
