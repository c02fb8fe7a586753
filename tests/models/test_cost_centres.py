"""Analytic accounts become cost centres of Octopus (Z.21)."""

from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.octopus_connector.prepare.mapping_sheet import sheets_of

from .books_case import BooksCase
from .test_mapping_sheet import SheetCase

D = Decimal
VAT21 = "attn_VAT-OUT-21-L"
BILL21 = "attn_VAT-IN-V82-21-S"


class CostCase(BooksCase):
    """Cost centres 1 Winkel, 2 Atelier and 3, which is closed; a plan with accounts
    of the first two and one that has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("analytic.group_analytic_accounting")
        cls.plan, cls.other_plan = cls.env["account.analytic.plan"].create(
            [{"name": "Departments"}, {"name": "Vehicles"}]
        )
        cls.centres = {
            number: cls.mirror["octopus.cost.centre"].create(
                {
                    "dossier_id": cls.dossier.id,
                    "octopus_id": number,
                    "name_nl": name,
                    "closed": number == 3,
                }
            )
            for number, name in ((1, "Winkel"), (2, "Atelier"), (3, "Oud"))
        }
        cls.shop, cls.workshop, cls.office, cls.van = cls.env[
            "account.analytic.account"
        ].create(
            [
                {"name": "Winkel", "plan_id": cls.plan.id},
                {"name": "Werkplaats", "code": "2", "plan_id": cls.plan.id},
                {"name": "Burelen", "plan_id": cls.plan.id},
                {"name": "Van", "plan_id": cls.other_plan.id},
            ]
        )
        cls.mappings = cls.env["octopus.cost.centre.mapping"]

    def choose_plan(self):
        self.company.octopus_cost_plan_id = self.plan
        return {row.analytic_account_id: row for row in self.mappings.search([])}

    def map_all(self):
        rows = self.choose_plan()
        rows[self.shop].cost_centre_id = self.centres[1]
        rows[self.workshop].cost_centre_id = self.centres[2]
        rows[self.office].no_cost_centre = True
        return rows

    def bill(self, amount, distribution, **values):
        line = self.line("610000", amount, BILL21, analytic_distribution=distribution)
        return self.document("in_invoice", line, **values)

    def costs(self, move):
        lines = self.prepare(move).lines
        return [(it.cost_centre_id, str(it.base), str(it.vat)) for it in lines]


class TestLines(CostCase):
    def setUp(self):
        super().setUp()
        self.map_all()

    def test_z21_the_distribution_of_the_plan_gives_the_cost_centres(self):
        key = f"{self.shop.id},{self.van.id}"
        move = self.bill(100.01, {key: 50.0, f"{self.workshop.id}": 50.0})
        self.assertEqual(self.codes(move), [])
        self.assertEqual(
            self.costs(move), [(1, "50.01", "10.50"), (2, "50.00", "10.50")]
        )

    def test_z21_a_credit_note_has_the_same_lines(self):
        move = self.bill(100.0, {str(self.shop.id): 30.0, str(self.workshop.id): 70.0})
        refund = self.reversed(move)
        self.assertEqual(self.costs(refund), self.costs(move))
        self.assertEqual(self.codes(refund), [])

    def test_z21_what_is_left_has_no_cost_centre(self):
        move = self.bill(100.0, {str(self.shop.id): 60.0, str(self.office.id): 10.0})
        self.assertEqual(self.codes(move), [])
        self.assertEqual(
            self.costs(move), [(1, "60.00", "12.60"), (None, "40.00", "8.40")]
        )

    def test_z21_grouped_lines_keep_cost_centres_apart(self):
        lines = [
            self.line(
                "610000", amount, BILL21, analytic_distribution={str(account.id): 100}
            )
            for amount, account in (
                (10.0, self.shop),
                (20.0, self.workshop),
                (30.0, self.shop),
            )
        ]
        move = self.document("in_invoice", *lines)
        self.assertEqual(self.costs(move), [(1, "40.00", "8.40"), (2, "20.00", "4.20")])

    def test_z21_without_a_plan_nothing_is_sent_asked_or_found(self):
        move = self.bill(100.0, {str(self.shop.id): 150.0})
        self.company.octopus_cost_plan_id = False
        self.assertEqual(self.codes(move), [])
        self.assertEqual(self.costs(move), [(None, "100.00", "21.00")])

    def test_z21_another_plan_says_nothing_of_cost_centres(self):
        move = self.bill(100.0, {str(self.van.id): 100.0})
        self.assertEqual(self.costs(move), [(None, "100.00", "21.00")])
        self.assertEqual(self.codes(move), [])

    def test_z21_an_account_that_nobody_mapped_stops_the_document(self):
        self.mappings.search([("analytic_account_id", "=", self.shop.id)]).unlink()
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        found = self.finding(move, "cost_centre_not_mapped")
        self.assertEqual(found.params, {"analytic": "Winkel"})
        row = self.mappings.create(
            {
                "analytic_account_id": self.shop.id,
                "cost_centre_id": self.centres[1].id,
            }
        )
        self.assertEqual(self.codes(move), [])
        row.write({"cost_centre_id": False})
        self.assertEqual(self.finding(move, found.code).ids, (row.id,))

    def test_z21_more_than_all_of_it_is_told(self):
        move = self.bill(100.0, {str(self.shop.id): 60.0, str(self.workshop.id): 50.0})
        found = self.finding(move, "cost_shares_wrong")
        self.assertEqual(found.params["percentage"], "110")
        self.assertEqual((found.model, found.ids), ("account.move", (move.id,)))

    def test_z21_a_cost_centre_that_was_closed_since_is_told(self):
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.centres[1].closed = True
        found = self.finding(move, "cost_centre_closed")
        self.assertEqual(found.params, {"cost_centre": "1 Winkel"})

    def test_z21_an_account_below_the_plan_belongs_to_it(self):
        below = self.env["account.analytic.plan"].create(
            {"name": "Shops", "parent_id": self.plan.id}
        )
        self.shop.plan_id = below
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.assertEqual(self.costs(move), [(1, "100.00", "21.00")])

    def test_z21_a_private_share_lowers_what_each_cost_centre_has(self):
        self._map_account(self.account("416000"), self.octopus_accounts[657000])
        line = self.line(
            "610000",
            100.0,
            BILL21,
            deductible_amount=60.0,
            analytic_distribution={
                str(self.shop.id): 50.0,
                str(self.workshop.id): 50.0,
            },
        )
        document = self.prepare(self.document("in_invoice", line))
        self.assertEqual(document.findings, ())
        of_cost = [it for it in document.lines if it.account == 610000]
        self.assertEqual([str(it.base) for it in of_cost], ["30.00", "30.00"])
        self.assertEqual([it.cost_centre_id for it in of_cost], [1, 2])
        total = sum((it.base + it.vat for it in document.lines), D(0))
        self.assertEqual(total, D("121.00"))

    def test_z21_the_number_of_queries_is_the_same_for_2_and_for_20(self):
        moves = self.env["account.move"].union(
            *(self.bill(100.0 + it, {str(self.shop.id): 100.0}) for it in range(20))
        )
        self._queries(moves[:1])
        self.assertEqual(self._queries(moves[:2]), self._queries(moves))

    def test_z21_a_plan_costs_three_queries_for_all_documents(self):
        moves = self.bill(100.0, {str(self.shop.id): 100.0})
        self._queries(moves)
        with_plan = self._queries(moves)
        self.company.octopus_cost_plan_id = False
        self.assertLessEqual(with_plan - self._queries(moves), 4)

    def _queries(self, moves):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        moves.octopus_prepare()
        return self.env.cr.sql_log_count - before


class TestMandatory(CostCase):
    def setUp(self):
        super().setUp()
        self.octopus_accounts[610000].cost_centre_policy = "mandatory"

    def test_z21_a_mandatory_account_stops_a_line_without(self):
        self.map_all()
        for distribution in (
            False,
            {str(self.shop.id): 60.0},
            {str(self.office.id): 100.0},
        ):
            move = self.bill(100.0, distribution)
            found = self.finding(move, "cost_centre_wanted")
            self.assertEqual(found.params["octopus_account"], 610000)
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.assertEqual(self.codes(move), [])

    def test_z21_what_is_not_mapped_is_told_once(self):
        self.choose_plan()
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.assertEqual(self.codes(move), ["cost_centre_not_mapped"])

    def test_z21_without_a_plan_it_goes_and_is_told(self):
        found = self.finding(self.bill(100.0, False), "cost_centre_without_plan")
        self.assertFalse(found.stops)

    def test_z21_an_account_that_needs_none_gets_none(self):
        self.map_all()
        self.octopus_accounts[610000].cost_centre_policy = "none"
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.assertEqual(self.costs(move), [(None, "100.00", "21.00")])
        self.assertEqual(self.codes(move), [])


class TestSent(CostCase):
    """What was sent, and looks changed or not."""

    def reposted(self, move):
        """Whether a document that was booked as it is counts as changed."""
        move.button_draft()
        move.action_post()
        return move.octopus_booking_ids.state

    def booked(self, move):
        row = move.octopus_booking_ids.sudo()
        row.write(
            {
                "state": "booked",
                "number": 7,
                "currency_id": move.currency_id.id,
                "journal_year_id": self.a1.year_ids.id,
                "fingerprint": self.prepare(move).fingerprint,
            }
        )
        return row

    def test_z21_what_was_sent_before_the_plan_does_not_look_changed(self):
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        self.booked(move)
        self.map_all()
        self.assertEqual(self.reposted(move), "booked")

    def test_z21_another_distribution_is_a_change(self):
        self.map_all()
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        row = self.booked(move)
        self.assertEqual(self.reposted(move), "booked")
        self.mappings.search([]).write({"cost_centre_id": self.centres[2].id})
        self.assertEqual(self.reposted(move), "booked", "a mapping changes nothing")
        move.invoice_line_ids.analytic_distribution = {str(self.workshop.id): 100.0}
        self.assertEqual(self.reposted(move), "changed")
        self.company.octopus_cost_plan_id = self.other_plan
        row.state = "booked"
        self.assertEqual(self.reposted(move), "booked")

    def test_z21_a_distribution_that_is_changed_on_the_confirmed_document(self):
        """Odoo lets people do so, and Octopus has the former one."""
        self.map_all()
        move = self.bill(100.0, {str(self.shop.id): 100.0})
        row = self.booked(move)
        move.invoice_line_ids.analytic_distribution = {str(self.workshop.id): 100.0}
        self.assertEqual(row.state, "changed")
        move.invoice_line_ids.analytic_distribution = {
            f"{self.van.id},{self.shop.id}": 100.0
        }
        self.assertEqual(row.state, "booked", "another plan plays no part")

    def test_z21_the_preview_shows_cost_centres_where_there_are_some(self):
        self.map_all()
        move = self.bill(100.0, {str(self.shop.id): 50.0})
        action = move.action_octopus_preview()
        preview = self.env["octopus.booking.preview"].browse(action["res_id"])
        self.assertTrue(preview.has_cost_centres)
        centres = preview.line_ids.mapped("cost_centre")
        self.assertEqual([centre for centre in centres if centre], ["1 Winkel"])
        plain = self.bill(100.0, False)
        action = plain.action_octopus_preview()
        preview = self.env["octopus.booking.preview"].browse(action["res_id"])
        self.assertFalse(preview.has_cost_centres)

    def test_z21_a_difference_is_told_in_words(self):
        row = self.booked(self.bill(100.0, False))
        row.differences = [
            {"what": "cost_centre", "here": "40.00", "there": "0.00", "code": "2"},
            {"what": "cost_centre", "here": "0.00", "there": "40.00", "code": ""},
        ]
        self.assertEqual(
            row.differences_text,
            "cost centre 2 0.00 EUR instead of 40.00 EUR;"
            " without cost centre 40.00 EUR instead of 0.00 EUR",
        )


class TestMapping(CostCase):
    def test_z21_choosing_the_plan_proposes_by_code_and_name(self):
        rows = self.choose_plan()
        self.assertEqual(rows.keys(), {self.shop, self.workshop, self.office})
        shop, workshop = rows[self.shop], rows[self.workshop]
        self.assertEqual(shop.cost_centre_id, self.centres[1])
        self.assertEqual(
            (shop.state, shop.reason_text), ("proposed", "Same name: Winkel")
        )
        self.assertEqual(workshop.cost_centre_id, self.centres[2])
        self.assertEqual(workshop.analytic_code, "2")
        self.assertEqual(rows[self.office].state, "missing")
        self.assertEqual(
            rows[self.office].reason_text, "No cost centre has this code or name"
        )

    def test_z21_only_what_is_sure_is_accepted_together(self):
        self.office.name = "Ateliers"
        rows = self.choose_plan()
        doubtful = rows[self.office]
        self.assertEqual(doubtful.reason_text, "Nearly the same name: Atelier")
        self.mappings.action_accept_all()
        self.assertEqual(rows[self.shop].state, "accepted")
        self.assertEqual((doubtful.state, doubtful.unlike), ("proposed", True))

    def test_z21_a_closed_cost_centre_is_not_proposed(self):
        self.shop.name = "Oud"
        self.assertEqual(self.choose_plan()[self.shop].state, "missing")

    def test_z21_what_was_accepted_stays_and_the_list_opens_on_what_is_to_decide(self):
        rows = self.map_all()
        self.mappings.propose_for(self.company)
        self.assertEqual(rows[self.shop].state, "accepted")
        action = self.mappings.action_open_list()
        self.assertEqual(action["context"], {"search_default_current": 1})
        rows[self.shop].cost_centre_id = False
        action = self.mappings.action_open_list()
        self.assertEqual(action["context"], {"search_default_to_decide": 1})

    def test_z21_one_choice_only_and_of_this_dossier(self):
        rows = self.map_all()
        row = rows[self.shop]
        with (
            self.assertRaisesRegex(ValidationError, "not both"),
            self.env.cr.savepoint(),
        ):
            row.write({"no_cost_centre": True, "cost_centre_id": self.centres[1].id})
        row.no_cost_centre = True
        self.assertFalse(row.cost_centre_id)
        row.cost_centre_id = self.centres[2]
        self.assertFalse(row.no_cost_centre)
        other = self.mirror["octopus.dossier"].create(
            {
                "connection_id": self.dossier.connection_id.id,
                "octopus_id": 1002,
                "name": "Other",
            }
        )
        foreign = self.mirror["octopus.cost.centre"].create(
            {"dossier_id": other.id, "octopus_id": 1}
        )
        with self.assertRaisesRegex(ValidationError, "belongs to dossier"):
            row.cost_centre_id = foreign

    def test_z21_a_plan_in_use_cannot_be_deleted(self):
        self.choose_plan()
        self.plan.account_ids.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.plan.unlink()

    def test_z21_who_sends_documents_needs_no_analytic_accounting(self):
        self.map_all()
        person = new_test_user(
            self.env,
            "keeper",
            "octopus_connector.group_user,account.group_account_invoice",
        )
        rows = self.mappings.with_user(person).search([])
        self.assertIn("Winkel", rows.mapped("display_name"))
        [read] = rows[:1].web_read(
            {"analytic_account_id": {"fields": {"display_name": {}}}}
        )
        self.assertTrue(read["analytic_account_id"]["display_name"])

    def test_z21_an_administrator_without_analytic_accounting_saves_settings(self):
        self.choose_plan()
        person = new_test_user(self.env, "chief", "octopus_connector.group_manager")
        settings = self.env["octopus.settings"].with_user(person)
        settings.create({"company_id": self.company.id, "octopus_group_by_vat": False})
        self.assertFalse(self.company.octopus_group_by_vat)
        self.assertEqual(self.company.octopus_cost_plan_id, self.plan)
        self.assertNotIn("octopus_cost_plan_id", settings.get_view()["arch"])
        own = self.env["octopus.settings"].get_view()["arch"]
        self.assertIn("octopus_cost_plan_id", own)


class TestSheet(CostCase, SheetCase):
    def test_z21_the_spreadsheet_has_the_cost_centres(self):
        rows = self.map_all()
        _headings, told = sheets_of(self.company)["Cost centres"]
        self.assertEqual(
            [(it["Analytic account"], it["Cost centre"]) for it in told],
            [("Burelen", ""), ("Werkplaats", "2"), ("Winkel", "1")],
        )
        content = self.altered(
            "Cost centres",
            lambda lines: [
                {**it, "Cost centre": "2"} if it["Analytic account"] == "Winkel" else it
                for it in lines
            ],
        )
        sheet = self.looked_at(content)
        result = self.results(sheet)
        self.assertEqual(result["Cost centres", "Winkel"], "changed")
        self.assertEqual(result["Cost centres", "Burelen"], "same")
        sheet.action_apply()
        self.assertEqual(rows[self.shop].cost_centre_id, self.centres[2])

    def test_z21_what_the_dossier_or_the_plan_has_not_is_refused(self):
        self.map_all()
        content = self.altered(
            "Cost centres",
            lambda lines: [
                {**lines[0], "Cost centre": "99", "No cost centre": "no"},
                {**lines[1], "Analytic account": "Van", "Reference": ""},
            ],
        )
        result = self.results(self.looked_at(content))
        self.assertEqual(result["Cost centres", "Burelen"], "refused")
        self.assertEqual(result["Cost centres", "Van"], "refused")
