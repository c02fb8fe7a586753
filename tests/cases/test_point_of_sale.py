"""What a point of sale books, as it stands in the books (X.77).

Without the module, which ``tests/modules`` has: a session leaves bank entries on the
receivable of the point of sale, of no contact, and invoices that an entry settles.

Read with: odoo/odoo#58331 (a session's lines without a customer stayed open), and
odoo/odoo#245941 (an order that is invoiced after its session was closed).
"""

from decimal import Decimal

from odoo.fields import Command

from odoo.addons.octopus_connector.send.collect_payments import moves_without_row

from ..flows.remittance_case import INSERT, RemittanceCase

TAKINGS = 499000


class TestPointOfSale(RemittanceCase):
    """Source: Odoo's own point of sale; shared/cases.md."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.takings_account = cls.env["account.account"].create(
            {
                "name": "Takings",
                "code": "400900",
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [Command.set(cls.company.root_id.ids)],
            }
        )

    def takings(self, amount=121.0, partner=None):
        """The entry of a bank that a session leaves for its cards."""
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.bank.default_account_id.id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.takings_account.id,
                            "partner_id": partner and partner.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry

    def row_of(self, entry):
        return self.env["octopus.payment"].search([("move_id", "=", entry.id)])

    def test_x77_it_says_what_is_to_be_chosen(self):
        entry = self.takings()
        self.push()
        row = self.row_of(entry)
        self.assertEqual((row.state, row.cause), ("blocked", "payment_without_contact"))
        text = self.env["octopus.finding"].sentences(row.findings[0])
        self.assertIn("121.00 EUR", text)
        self.assertIn("settings of Octopus", text)
        self.assertFalse(self.calls(INSERT))

    def test_x77_left_out_nothing_is_blocked(self):
        before = self.takings()
        self.push()
        self.company.octopus_without_contact = "out"
        after = self.takings()
        paid = self.pay(self.booked())
        self.push()
        self.assertFalse(self.row_of(before) | self.row_of(after))
        self.assert_booked(self.row(paid))

    def test_x77_what_stays_out_is_not_looked_at_in_each_pass(self):
        """Years of takings do not stand before the next payment."""
        self.company.octopus_without_contact = "out"
        self.takings()
        companies = {self.company: self.company}
        found = moves_without_row(self.env(su=True), self.bank, companies)
        self.assertFalse(found)

    def test_x77_booked_on_its_account(self):
        entry = self.takings()
        self.push()
        self.company.octopus_without_contact = "account"
        self.push()
        row = self.row_of(entry)
        # A row to choose from was made (X.65).
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", self.takings_account.id)]
        )
        self.assertEqual(mapping.ids, row.findings[0]["ids"])
        self.map_account(self.takings_account, TAKINGS)
        self.push()
        [line] = self.assert_booked(row).lines
        self.assertEqual(
            (line.type, line.account, line.amount), ("A", TAKINGS, Decimal("121.00"))
        )

    def test_x77_a_contact_that_is_filled_in_goes_as_ever(self):
        for policy in ("ask", "out", "account"):
            with self.subTest(policy):
                self.company.octopus_without_contact = policy
                entry = self.takings(partner=self.partner_a)
                self.push()
                [line] = self.assert_booked(self.row_of(entry)).lines
                self.assertEqual((line.type, line.amount), ("C", Decimal("121.00")))

    def test_x77_an_invoice_that_a_session_settled_is_told(self):
        invoice = self.booked()
        term = invoice.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        journal = self.company_data["default_journal_misc"]
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": term.account_id.id,
                            "partner_id": term.partner_id.id,
                            "balance": -121.0,
                        }
                    ),
                    Command.create(
                        {"account_id": self.takings_account.id, "balance": 121.0}
                    ),
                ],
            }
        )
        entry.action_post()
        line = entry.line_ids.filtered(lambda it: it.account_id == term.account_id)
        (term | line).reconcile()
        self.push()
        self.dossier.action_check_payments()
        [question] = self.questions(invoice)
        self.assertEqual(question.code, "settled_here")
        self.assertIn(entry.name, question.text)
