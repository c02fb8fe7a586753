"""Payments that Odoo owns, on their way to the bank journals of the sandbox."""

from dataclasses import replace
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.octopus_connector.core.money import exact
from odoo.addons.octopus_connector.prepare.payment_items import bank_accounts

from octopus_sandbox.state.keys import DocumentKey, LineKey

from .payments_case import PaymentsCase

INSERT = "insertFinancialDiversBooking"
MATCH = "insertBalancing"
UNMATCH = "deleteBalancing"


class RemittanceCase(PaymentsCase):
    """A company whose bank is kept in Odoo and mapped with F1 of Octopus. Whatever a
    test does, the sandbox's own audit finds neither gap nor double nor wrong match."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.cash = cls.company_data["default_journal_cash"]
        cls.map_bank(cls.bank, "F1")
        cls.bank.octopus_payment_owner = "odoo"
        cls.bank.octopus_payments_from = False
        cls.has_booked()

    @classmethod
    def map_bank(cls, bank, key):
        """Say which F journal stands for a bank."""
        mappings = cls.env["octopus.journal.mapping"]
        mappings.search([("journal_id", "=", bank.id)]).unlink()
        mappings.create(
            {
                "company_id": cls.company.id,
                "dossier_id": cls.dossier.id,
                "journal_id": bank.id,
                "octopus_journal_id": cls.dossier.journal_ids.filtered(
                    lambda row: row.key == key
                ).id,
            }
        )

    @classmethod
    def map_account(cls, account, number):
        """Say which account of Octopus stands for one of Odoo."""
        mappings = cls.env["octopus.account.mapping"]
        mappings.search([("account_id", "=", account.id)]).unlink()
        mappings.create(
            {
                "company_id": cls.company.id,
                "dossier_id": cls.dossier.id,
                "account_id": account.id,
                "octopus_account_id": cls.dossier.account_ids.filtered(
                    lambda row: row.number == number
                ).id,
            }
        )

    @classmethod
    def has_booked(cls):
        """Let things go by themselves, as after a first document that went well."""
        cls.env["octopus.booking"].sudo().create(
            {
                "dossier_id": cls.dossier.id,
                "company_id": cls.company.id,
                "kind": "out_invoice",
                "state": "excluded",
                "sent_at": "2020-01-01",
            }
        )
        cls.dossier.automatic = True

    def setUp(self):
        super().setUp()
        self.faults = self.sandbox.world.faults
        self.year = self.books.dossier.bookyear_of(self.today).id

    def tearDown(self):
        self.assert_clean()
        super().tearDown()

    # Acts in Odoo

    def pay(self, *bookings, amount=None, bank=None, **values):
        """Register one payment of documents, as the button on them does."""
        moves = self.env["account.move"].union(*(row.move_id for row in bookings))
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "journal_id": (bank or self.bank).id,
                    "payment_date": self.today,
                    "group_payment": True,
                    **({"amount": amount} if amount is not None else {}),
                    **values,
                }
            )
        )
        return wizard._create_payments()

    def row(self, payment):
        """The row of a payment in force."""
        return self.env["octopus.payment"].search(
            [("payment_id", "=", payment.id), ("state", "!=", "reversed")]
        )

    def statement(self, amount, *bookings, bank=None):
        """A bank statement line that is reconciled with booked documents."""
        return self.statement_of(amount, *(row.move_id for row in bookings), bank=bank)

    def statement_of(self, amount, *moves, bank=None, others=()):
        """A bank statement line that is reconciled with documents, as a person does
        it: each takes what it has open. ``others`` are values of lines besides."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": (bank or self.bank).id,
                "date": self.today,
                "payment_ref": "statement",
                "amount": amount,
                "partner_id": moves[0].partner_id.id if moves else False,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        terms = [self.open_lines(move) for move in moves]
        line.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.unlink(suspense.id),
                    *(
                        Command.create(
                            {
                                "account_id": term.account_id.id,
                                "partner_id": term.partner_id.id,
                                "balance": -term.amount_residual,
                                "name": "paid",
                            }
                        )
                        for term in terms
                    ),
                    *map(Command.create, others),
                ]
            }
        )
        for term, row in zip(
            terms,
            line.line_ids.filtered(lambda it: it.name == "paid").sorted("id"),
            strict=True,
        ):
            (term | row).reconcile()
        return line

    @staticmethod
    def open_lines(move):
        """The lines of a document or a payment that customers or suppliers owe."""
        return move.line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable")
        )

    def later(self, *rows):
        """Let rows come due that wait, as if time went by."""
        rows = self.env["octopus.payment"].union(*rows).sudo()
        for row in rows.filtered("retry_at"):
            row.sudo().retry_at -= timedelta(days=2)

    def written_later(self, move):
        """Let an entry be written later than when it was looked at: one transaction of
        a test has one time."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET write_date = write_date + interval '1 second'"
            " WHERE id = %s",
            [move.id],
        )
        self.env.invalidate_all()

    # What goes wrong

    def lose(self, operation, when, **fault):
        """Let the next answer to an operation get lost."""
        self.faults.add(operation=operation, when=when, **{"kind": "close", **fault})

    def settle(self, row):
        """Let the next pass find out what became of a row."""
        self.later(row)
        self.push()

    def alter(self, row, days=0, text=None, less=0):
        """The accountant alters the booking of a payment."""
        there = self.there(row)
        [line] = there.lines
        if text is not None:
            line = replace(line, reference=text)
        line = replace(line, amount=line.amount - less)
        day = there.document_date - timedelta(days=days)
        self.books.accountant.edit(there.key, document_date=day, lines=[line])

    def disputed(self, days=0, text=None, less=0, **values):
        """A payment without an answer that the accountant altered since, and what it
        pays."""
        self.lose(INSERT, "after")
        invoice = self.booked(**{"amount": 10.0, **values})
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.alter(row, days, text, less)
        self.settle(row)
        return row, invoice

    # What is in the sandbox

    def last(self, key="F1"):
        return self.books.dossier.last_number(self.year, key)

    def there(self, row):
        """The sandbox's booking under the number of a row, or ``None``."""
        key = DocumentKey(row.bookyear_id.octopus_id, row.journal_id.key, row.number)
        return self.books.dossier.financial_bookings.get(key)

    def copies(self, row):
        """The sandbox's bookings of a payment, by its reference."""
        return [
            booking
            for booking in self.books.dossier.financial_bookings.values()
            if any(line.reference == row.reference for line in booking.lines)
        ]

    def matched(self, row):
        """``{document: amount}`` of what a payment is matched with in Octopus."""
        key = DocumentKey(row.bookyear_id.octopus_id, row.journal_id.key, row.number)
        found = {}
        for balancing in self.books.dossier.balancings.values():
            for ours, other in (balancing.key, balancing.key[::-1]):
                if ours.document == key:
                    name = f"{other.journal}/{other.number}"
                    found[name] = found.get(name, 0) + balancing.amount
        return found

    @staticmethod
    def name(booking):
        return f"{booking.journal_id.key}/{booking.number}"

    def calls_made(self):
        """Every call but those that log in."""
        quiet = ("authenticate", "openDossier", "getDossierToken")
        return [call.operation for call in self.calls() if call.operation not in quiet]

    # Judgement

    def assert_booked(self, row):
        """It is booked once, with what the bank moved in Odoo, to the cent."""
        self.assertEqual(row.state, "booked", row.findings)
        [copy] = self.copies(row)
        self.assertEqual(copy, self.there(row))
        self.assertEqual(copy.document_date, row.move_id.date)
        self.assertEqual(copy.total, self.bank_moved(row.move_id))
        return copy

    def bank_moved(self, move, field="balance", currency=None):
        """Return what the bank moved in Odoo, in euro."""
        own = bank_accounts(move)
        bank = move.line_ids.filtered(lambda line: line.account_id in own)
        return exact(sum(bank.mapped(field)), currency or self.company.currency_id)

    def assert_clean(self):
        """Octopus's books are right, and no payment is there more than once."""
        problems = self.books.audit().problems
        self.assertFalse(problems, [problem.text for problem in problems])
        for row in self.env["octopus.payment"].search([]):
            self.assertLessEqual(len(self.copies(row)), 1, row.reference)
            if row.state == "booked":
                self.assertTrue(self.there(row), row.octopus_number)

    def open_line(self, row, line=1):
        """What is open of a line of a payment in Octopus."""
        matching = self.books.matching
        key = (row.bookyear_id.octopus_id, row.journal_id.key, row.number, line)
        return matching.open_amount(matching.item(LineKey(*key)))
