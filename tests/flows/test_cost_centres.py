"""Cost centres on their way to Octopus, and what becomes of them there (Z.21)."""

from decimal import Decimal

from octopus_sandbox.state.account import COST_CENTRE_MANDATORY, COST_CENTRE_NONE

from .outbox_case import OutboxCase
from .remittance_case import RemittanceCase

CENTRES = "getCostCentres"
ACCOUNT = 700500


class CostsMixin:
    """A plan with accounts *Winkel* and *Atelier*, cost centres 1 and 2 of the dossier;
    its cost centre 3 is closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("analytic.group_analytic_accounting")
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.shop, cls.workshop = cls.env["account.analytic.account"].create(
            [
                {"name": "Winkel", "plan_id": cls.plan.id},
                {"name": "Atelier", "plan_id": cls.plan.id},
            ]
        )
        cls.mappings = cls.env["octopus.cost.centre.mapping"]

    def choose_plan(self):
        self.company.octopus_cost_plan_id = self.plan
        self.refresh()
        self.mappings.action_accept_all()
        return {row.analytic_account_id: row for row in self.mappings.search([])}

    def mirrored(self):
        return {row.octopus_id: row for row in self.dossier.cost_centre_ids}


class TestCostCentres(CostsMixin, OutboxCase):
    def half(self, **values):
        """A document of which each account of the plan takes a half."""
        half = {str(self.shop.id): 50.0, str(self.workshop.id): 50.0}
        line = {"price_unit": 100.01, "analytic_distribution": half}
        return self.document(lines=[line | values])

    def costs(self, row):
        return [
            (line.cost_centre, line.base, line.vat) for line in self.there(row).lines
        ]

    def test_z21_nothing_is_read_of_who_chose_no_plan(self):
        self.refresh()
        self.assertEqual(self.calls(CENTRES), [])
        row = self.send(self.half())
        self.assert_booked(row)
        self.assertEqual(self.costs(row), [(None, Decimal("100.01"), Decimal("21.00"))])

    def test_z21_cost_centres_are_read_proposed_and_sent(self):
        rows = self.choose_plan()
        self.assertEqual(len(self.calls(CENTRES)), 1)
        self.assertEqual(self.dossier.problems or [], [])
        mirrored = self.mirrored()
        self.assertEqual(
            {key: row.closed for key, row in mirrored.items()},
            {1: False, 2: False, 3: True},
        )
        self.assertEqual(rows[self.shop].cost_centre_id, mirrored[1])
        self.assertEqual(rows[self.workshop].cost_centre_id, mirrored[2])
        row = self.send(self.half())
        self.assert_booked(row)
        self.assertEqual(
            self.costs(row),
            [
                (1, Decimal("50.01"), Decimal("10.50")),
                (2, Decimal("50.00"), Decimal("10.50")),
            ],
        )

    def test_z21_twice_a_day_is_all_that_octopus_allows(self):
        self.choose_plan()
        self.refresh()
        self.assertEqual(len(self.calls(CENTRES)), 1, "by itself once a day")
        self.books.accountant.set_cost_centre(8, self.mirrored_names("Burelen"))
        office = self.env["account.analytic.account"].create(
            {"name": "Burelen", "plan_id": self.plan.id}
        )
        self.mappings.action_propose()
        row = self.mappings.search([("analytic_account_id", "=", office.id)])
        self.assertEqual(row.cost_centre_id.octopus_id, 8)
        self.mappings.action_propose()
        self.assertEqual(len(self.calls(CENTRES)), 2)

    def mirrored_names(self, name):
        return dict.fromkeys(self.books.dossier.cost_centres[1].names, name)

    def test_z21_a_cost_centre_that_is_gone_or_closed_stops_documents(self):
        self.choose_plan()
        self.books.accountant.set_cost_centre(1, closed=True)
        # Before anybody reads it, Octopus says so itself.
        row = self.send(self.half())
        self.assert_held(row, "blocked", "refused")
        self.assertEqual(row.findings[0]["params"]["code"], -41)
        del self.books.dossier.cost_centres[2]
        self.mappings.action_propose()
        self.assertTrue(self.mirrored()[1].closed)
        row = self.send(self.half())
        self.assertEqual(
            [found["code"] for found in row.findings], ["cost_centre_closed"] * 2
        )

    def test_z21_a_cost_centre_that_the_accountant_moved_differs(self):
        self.choose_plan()
        row = self.send(self.half())
        self.assert_booked(row)
        key = self.there(row).key
        self.books.accountant.move_cost(key, 2, 1)
        self.pull()
        self.assertEqual(row.state, "differs")
        self.assertEqual(
            row.differences_text,
            "cost centre 1 100.01 EUR instead of 50.01 EUR;"
            " cost centre 2 0.00 EUR instead of 50.00 EUR",
        )
        self.books.accountant.move_cost(key, 2, 2)
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_z21_what_was_sent_before_the_plan_stays_as_it_is(self):
        row = self.send(self.half())
        self.choose_plan()
        self.books.accountant.move_cost(self.there(row).key, 1, 2)
        self.pull()
        self.assertEqual(row.state, "booked", "the accountant filled it in")
        row.move_id.button_draft()
        row.move_id.action_post()
        self.assertEqual(row.state, "booked")

    def test_z21_mandatory_is_demanded_before_octopus_does(self):
        number = self.mapped_number()
        self.books.accountant.set_account(
            number, cost_centre_type=COST_CENTRE_MANDATORY
        )
        self.choose_plan()
        row = self.send(self.half(analytic_distribution=False))
        told = "cost_centre_wanted" if self.tells_policies else "refused"
        self.assert_held(row, "blocked", told)
        row.move_id.invoice_line_ids.analytic_distribution = {str(self.shop.id): 100}
        self.assert_booked(self.send(row.move_id))

    tells_policies = True

    def mapped_number(self):
        account = self.company_data["default_account_revenue"]
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", account.id)]
        )
        return mapping.octopus_account_id.number

    def test_z21_an_account_that_needs_none_gets_none(self):
        self.sandbox.world.set_switches({"cost_centre_unwanted": "refuse"})
        self.books.accountant.set_account(
            self.mapped_number(), cost_centre_type=COST_CENTRE_NONE
        )
        self.choose_plan()
        row = self.send(self.half())
        self.assert_booked(row)
        self.assertEqual(len(self.there(row).lines), 1)

    def test_z21_octopus_may_take_what_it_calls_mandatory(self):
        for answer, state in (("accept", "booked"), ("refuse", "blocked")):
            with self.subTest(cost_centre_missing=answer):
                self.sandbox.world.set_switches({"cost_centre_missing": answer})
                self.books.accountant.set_account(
                    self.mapped_number(), cost_centre_type=COST_CENTRE_MANDATORY
                )
                self.refresh()
                row = self.send(self.document())
                self.assertEqual(row.state, state)
                told = {found["code"] for found in row.findings or ()}
                if self.tells_policies and state == "booked":
                    self.assertIn("cost_centre_without_plan", told)


class TestCostCentresSoap(TestCostCentres):
    transport = "soap"
    # Which accounts want one, or none, is not told.
    tells_policies = False
    test_z21_an_account_that_needs_none_gets_none = None


class TestPayments(CostsMixin, RemittanceCase):
    def test_z21_what_a_payment_books_on_an_account_has_its_cost_centre(self):
        fee = self.env["account.account"].create(
            {"code": "650900", "name": "Bank fees", "account_type": "expense"}
        )
        self.map_account(fee, 657000)
        self.choose_plan()
        invoice = self.booked()
        payment = self.pay(
            invoice,
            amount=120.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=fee.id,
        )
        line = payment.move_id.line_ids.filtered(lambda it: it.account_id == fee)
        line.analytic_distribution = {str(self.shop.id): 50, str(self.workshop.id): 50}
        self.push()
        row = self.row(payment)
        self.assert_booked(row)
        costs = [
            (it.cost_centre, it.amount)
            for it in self.there(row).lines
            if it.type == "A"
        ]
        self.assertEqual(costs, [(1, Decimal("-0.50")), (2, Decimal("-0.50"))])
        self.assert_same_open(invoice)
        self.assertEqual(invoice.move_id.payment_state, "paid")
