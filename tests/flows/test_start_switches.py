"""Whatever is switched, nothing of before goes by itself (X.80): each setting, from
each of its values to each other one, with documents and payments of each kind."""

from contextlib import closing, suppress
from datetime import timedelta
from itertools import permutations

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.octopus_connector.prepare.settings import GOES_FIELDS, SETTINGS
from odoo.addons.octopus_connector.send.backlog import kinds

from .remittance_case import RemittanceCase

# Settings of the company that say which documents and payments go, and of a bank.
SWITCHES = (*SETTINGS, "octopus_end_date")
OF_BANK = ("octopus_payment_owner", "octopus_payments_from")
# Those of which one way lets more go, whatever others are added later.
LET_MORE_GO = {
    *GOES_FIELDS.values(),
    *OF_BANK,
    "octopus_dossier_id",
    "octopus_enabled",
    "octopus_end_date",
    "octopus_receipts",
    "octopus_start_date",
    "octopus_without_contact",
}
KINDS = (*GOES_FIELDS, "out_receipt", "in_receipt")


class TestSwitches(RemittanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before_yesterday = fields.Datetime.now() - timedelta(days=2)

    def values_of(self, record, name):
        """Return the values that a setting can have, as for ``write``."""
        field = record._fields[name]
        if field.type == "boolean":
            return [False, True]
        if field.type == "selection":
            told = record.fields_get([name], ["selection"])[name]["selection"]
            return [value for value, _label in told]
        if field.type == "date":
            day = timedelta(days=1)
            return [False, self.today - day, self.today, self.today + day]
        if name == "octopus_dossier_id":
            return [False, self.dossier.id]
        return []

    def age(self, moves):
        """Let documents and payments have been made the day before."""
        self.env.flush_all()
        lines = moves.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        for records in (moves, lines, partials):
            for column in ("create_date", "octopus_confirmed_at"):
                if records and column in records._fields:
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %(table)s SET %(at)s = %(at)s - interval '1 day'"
                            " WHERE id IN %(ids)s",
                            table=SQL.identifier(records._table),
                            at=SQL.identifier(column),
                            ids=tuple(records.ids),
                        )
                    )
        self.env.invalidate_all()

    def of_before(self, company=None):
        """Documents of each kind, a payment, and a reconciled statement line, without a
        row, made the day before."""
        values = {"lines": [(100.0, self.env["account.tax"])]}
        if company:
            values["company_id"] = company.id
        moves = self.env["account.move"].union(
            *(self.document(kind, **values) for kind in KINDS)
        )
        if not company:
            paid = self.document()
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=paid.ids
            )
            payment = wizard.create({"journal_id": self.bank.id})._create_payments()
            line = self.statement_of(121.0, self.document())
            nobody = self.env["account.payment"].create(
                {
                    "amount": 7.0,
                    "journal_id": self.bank.id,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                }
            )
            nobody.action_post()
            moves |= payment.move_id | line.move_id | nobody.move_id
        self.forget_rows(moves)
        self.age(moves)
        return moves

    def forget_rows(self, moves):
        for kind in kinds(self.env(su=True)):
            kind.rows.search([("move_id", "in", moves.ids)]).unlink()

    def rows(self, moves, **values):
        """Return the entries that have a row with these values."""
        domain = [("move_id", "in", moves.ids)]
        domain += [(name, "=", value) for name, value in values.items()]
        found = (kind.rows.search(domain).move_id for kind in kinds(self.env(su=True)))
        return moves.browse().union(*found)

    def collect(self):
        for kind in kinds(self.env(su=True)):
            kind.collect(self.dossier.sudo())
        self.env.flush_all()

    def automatic_for_long(self):
        companies = self.env["res.company"].sudo().search([])
        companies.octopus_automatic_since = self.before_yesterday

    def switch(self, record, name, off, on, moves):
        """Switch; return which entries come by it.

        :raises UserError: it cannot be
        """
        record.write({name: off})
        self.forget_rows(moves)
        # They go by themselves for longer than these are there.
        self.automatic_for_long()
        self.collect()
        of_before = moves - self.rows(moves, queued=True)
        came = self.rows(moves)
        record.write({name: on})
        self.collect()
        flood = of_before & self.rows(moves, queued=True)
        self.assertFalse(flood, f"{name}: {off} → {on}")
        return self.rows(moves) - came

    def switched_each(self, record, names, moves):
        """Switch each setting each way; return the names of those by which something
        came."""
        effective = set()
        for name in names:
            for off, on in permutations(self.values_of(record, name), 2):
                came = False
                with closing(self.env.cr.savepoint()) as point:
                    with self.subTest(name, off=off, on=on):
                        # Not each value can be.
                        with suppress(UserError):
                            came = self.switch(record, name, off, on, moves)
                    point.rollback()
                if came:
                    effective.add(name)
        return effective

    def test_x80_no_setting_sends_what_was_there_before(self):
        moves = self.of_before()
        company = self.company.sudo()
        effective = self.switched_each(company, SWITCHES, moves)
        effective |= self.switched_each(self.bank.sudo(), OF_BANK, moves)
        self.assertFalse(LET_MORE_GO - effective, "these did nothing here")

    def test_x80_b3_settings_of_a_branch_come_and_go(self):
        """The switch is made on the branch; the settings are those of the company."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # gives the branch its accounts
        self.env.user.company_ids += branch
        moves = self.of_before(branch)
        branch.octopus_separate_settings = True
        branch.octopus_enabled = False
        name = "octopus_separate_settings"
        self.assertTrue(self.switch(branch.sudo(), name, True, False, moves))

    def test_x80_a_draft_of_before_that_is_confirmed_after_it_goes(self):
        """It is new: also where another module let it have no row at first."""
        draft = self.document(post=False)
        self.age(draft)
        self.company.sudo().octopus_receipts = "go"
        draft.action_post()
        self.assertTrue(self.rows(draft, queued=True))
        self.env["octopus.booking"].sudo().search([("move_id", "=", draft.id)]).unlink()
        self.collect()
        self.assertTrue(self.rows(draft, queued=True))

    def test_x80_a_statement_of_before_that_is_reconciled_after_it_goes(self):
        """It is no payment before."""
        line = self.statement_of(121.0, self.document())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_date = create_date - interval '1 day',"
            " octopus_confirmed_at = octopus_confirmed_at - interval '1 day'"
            " WHERE id = %s",
            [line.move_id.id],
        )
        self.env.invalidate_all()
        self.company.sudo().octopus_receipts = "go"
        self.collect()
        self.assertTrue(self.rows(line.move_id, queued=True))

    def test_x80_what_went_by_itself_before_a_switch_goes_after_it(self):
        """A payment has no row until the next pass."""
        payment = self.pay(self.booked())
        self.automatic_for_long()
        self.assertFalse(self.rows(payment.move_id))
        self.company.sudo().octopus_receipts = "go"
        self.assertTrue(self.rows(payment.move_id, queued=True))
