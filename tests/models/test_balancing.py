"""The rows that hold what Octopus matched (G.6, X.46, Z.1)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import new_test_user

from odoo.addons.octopus_connector.api.listed import ModifiedResult
from odoo.addons.octopus_connector.api.types import (
    Balancing,
    BalancingDocument,
    BalancingKey,
)
from odoo.addons.octopus_connector.sync.payments.feed import BATCH, Feed

from ..common import OctopusCase, upgrade


class TestFeed(OctopusCase):
    """The feed as rows."""

    def balancing(self, number=1, amount="121.00", **values):
        return Balancing(
            type="C",
            debit=self.side("V1", number, -1),
            credit=self.side("F1", 2, number),
            credit_booking_amount=Decimal(amount),
            **values,
        )

    @staticmethod
    def side(journal, number, line):
        return BalancingDocument(
            key=BalancingKey(bookyear_id=2, journal=journal, number=number, line=line),
            document_date=date(2026, 3, 1 if line < 0 else 9),
            currency="EUR",
        )

    def keep(self, *modified, deleted=()):
        result = ModifiedResult(modified=tuple(modified), deleted=tuple(deleted))
        return Feed(self.dossier.sudo()).keep(result)

    @property
    def rows(self):
        return self.env["octopus.balancing"].search([], order="id")

    def test_g3_batches_keep_what_one_write_would(self):
        """A match told as both exists, whatever batch it is in; the later of two
        counts."""
        many = BATCH + 10
        first = [self.balancing(number) for number in range(1, many + 1)]
        changed = self.balancing(1, "7.00")
        self.assertEqual(self.keep(*first, changed), many + 1)
        self.assertEqual(len(self.rows), many)
        self.assertEqual(self.rows[0].amount, 7.0)
        self.assertEqual(self.keep(*first[1:], changed), 0)
        gone = [self.balancing(number) for number in range(5, many + 1)]
        self.assertEqual(self.keep(*gone[:3], gone[-1], deleted=gone), many - 4 - 4)
        there = self.rows.filtered(lambda row: not row.deleted)
        self.assertEqual(
            sorted(there.mapped("debit_number")), [1, 2, 3, 4, 5, 6, 7, many]
        )

    def test_x36_what_was_decided_before_an_upgrade_stays(self):
        self.keep(self.balancing())
        told = {"accepted": False, "task": {"make": None, "undo": True}}
        self.rows.sudo().decision = told
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE octopus_balancing RENAME COLUMN decision TO verdict"
        )
        for _time in range(2):
            upgrade(self.env, "19.0.1.2.0", "pre-decision")
            self.assertEqual(self.rows.decision, told)

    def test_g3_a_row_holds_what_was_read(self):
        self.keep(self.balancing(7))
        self.assertRecordValues(
            self.rows,
            [
                {
                    "type": "C",
                    "debit_journal": "V1",
                    "debit_number": 7,
                    "debit_line": -1,
                    "credit_journal": "F1",
                    "credit_number": 2,
                    "credit_line": 7,
                    "date": date(2026, 3, 9),
                    "amount": 121.0,
                    "deleted": False,
                    "pending": False,
                }
            ],
        )

    def test_g3_only_what_is_new_counts(self):
        first, second = self.balancing(1), self.balancing(2)
        self.assertEqual(self.keep(first, second, second), 2)
        self.assertEqual(self.keep(second, first), 0)
        changed = replace(first, credit_booking_amount=Decimal(1))
        self.assertEqual(self.keep(changed, second), 1)
        self.assertEqual(self.rows.mapped("amount"), [1.0, 121.0])

    def test_x36_a_deletion_marks_the_row_once(self):
        row = self.balancing()
        self.keep(row)
        self.assertEqual(self.keep(deleted=[row]), 1)
        self.assertEqual(self.keep(deleted=[row]), 0)
        self.assertTrue(self.rows.deleted)
        self.assertEqual(self.keep(row), 1)
        self.assertFalse(self.rows.deleted)

    def test_x36_deleted_and_there_at_once_is_there(self):
        row = self.balancing()
        self.keep(row, deleted=[row])
        self.assertFalse(self.rows.deleted)

    def test_x46_a_deletion_of_what_we_never_saw_is_nothing(self):
        self.assertEqual(self.keep(deleted=[self.balancing()]), 0)
        self.assertFalse(self.rows)

    def test_j1_queries_grow_with_the_batches_only(self):
        def queries(count, start):
            rows = [self.balancing(start + step) for step in range(count)]
            before = self.env.cr.sql_log_count
            self.keep(*rows)
            return self.env.cr.sql_log_count - before

        self.assertEqual(queries(10, 1), queries(900, 100))
        self.assertLessEqual(queries(2500, 5000), 3 * queries(10, 20_000))

    def test_a12_users_read_and_nobody_writes(self):
        self.keep(self.balancing())
        user = new_test_user(
            self.env,
            "octopus-reader",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
        )
        row = self.rows.with_user(user)
        self.assertEqual(row.debit_label, f"V1 / {self.year(2)} / 1")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(row.has_access(operation))

    def test_b4_people_of_another_company_see_nothing(self):
        self.keep(self.balancing())
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = new_test_user(
            self.env,
            "octopus-elsewhere",
            groups="octopus_connector.group_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.env["octopus.balancing"].with_user(user).search([]))

    def year(self, key):
        years = self.dossier.bookyear_ids
        return years.filtered(lambda year: year.octopus_id == key).name
