"""Lock dates of Odoo that follow what Octopus has closed (Z.6)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .books_case import BooksCase

MARCH = date(2026, 3, 31)
FIELDS = ("sale", "purchase", "tax", "fiscalyear")


class TestLockDates(BooksCase):
    def close(self, journal, period=0, **values):
        """Close a journal until a month of 2026, as Octopus tells it."""
        number = period and 2026 * 100 + period
        journal.year_ids.write({"closed_period": number, **values})

    def proposed(self, dossier=None):
        """Return what is proposed: ``{(company, lock): row}``."""
        action = (dossier or self.dossier).with_env(self.env).action_lock_dates()
        if action["type"] == "ir.actions.client":
            return {}
        rows = self.env["octopus.lock.date"].search(action["domain"])
        return {
            (row.company_id, row.field.removesuffix("_lock_date")): row for row in rows
        }

    def locks(self, company=None):
        """Return the lock dates of a company, those that are set."""
        company = company or self.company
        found = {name: company[f"{name}_lock_date"] for name in FIELDS}
        return {name: day for name, day in found.items() if day}

    def test_z6_nothing_is_proposed_while_nothing_is_closed(self):
        self.assertEqual(self.proposed(), {})

    def test_z6_each_lock_follows_its_journals(self):
        self.close(self.v1, 3)
        [(key, row)] = self.proposed().items()
        self.assertEqual(key, (self.company, "sale"))
        self.assertEqual((row.old_date, row.new_date), (False, MARCH))
        self.assertIn("V1", row.reason)
        self.close(self.a1, 4)
        days = {lock: it.new_date for (_it, lock), it in self.proposed().items()}
        wanted = {"sale": MARCH, "purchase": date(2026, 4, 30), "tax": MARCH}
        self.assertEqual(days, wanted)

    def test_z6_secured_is_as_good_as_closed(self):
        self.close(self.v1, 1, protected_period=202603)
        self.assertEqual(self.proposed()[self.company, "sale"].new_date, MARCH)

    def test_z6_a_journal_that_takes_bookings_holds_the_others(self):
        self.v2.insertion_type = 1
        self.company.octopus_out_refund_journal_id = self.v2
        self.close(self.v1, 3)
        self.assertEqual(self.proposed(), {})
        self.close(self.v2, 1)
        new = self.proposed()[self.company, "sale"].new_date
        self.assertEqual(new, date(2026, 1, 31))

    def test_z6_a_closed_bookyear_locks_everything(self):
        self._make_bookyear(2, 2025, closed=True)
        days = {lock: it.new_date for (_it, lock), it in self.proposed().items()}
        self.assertEqual(days, dict.fromkeys(FIELDS, date(2025, 12, 31)))

    def test_z6_nothing_is_set_by_itself_and_nothing_but_what_is_chosen(self):
        self.close(self.v1, 3)
        self.close(self.a1, 3)
        rows = self.proposed()
        self.assertEqual(self.locks(), {})
        rows[self.company, "purchase"].action_accept()
        self.assertEqual(self.locks(), {"purchase": MARCH})
        told = self.dossier.message_ids[0].body
        self.assertIn("Purchases", told)
        self.assertNotIn((self.company, "purchase"), self.proposed())

    def test_z6_never_backwards(self):
        self.close(self.v1, 3)
        self.company.sudo().sale_lock_date = date(2026, 6, 30)
        self.assertEqual(self.proposed(), {})
        self.company.sudo().sale_lock_date = date(2026, 1, 31)
        row = self.proposed()[self.company, "sale"]
        self.assertEqual(row.old_date, date(2026, 1, 31))
        # Somebody locks more, while the list is on the screen.
        self.company.sudo().sale_lock_date = date(2026, 6, 30)
        with self.assertRaises(UserError):
            row.action_accept()
        self.assertEqual(self.locks(), {"sale": date(2026, 6, 30)})

    def test_z6_what_was_opened_again_is_not_locked(self):
        self.close(self.v1, 3)
        row = self.proposed()[self.company, "sale"]
        self.close(self.v1, 2)
        with self.assertRaises(UserError):
            row.action_accept()
        self.assertEqual(self.locks(), {})

    def test_z6_each_branch_by_itself(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.close(self.v1, 3)
        rows = self.proposed()
        self.assertEqual(set(rows), {(self.company, "sale"), (branch, "sale")})
        rows[branch, "sale"].action_accept()
        self.assertEqual((self.locks(branch), self.locks()), ({"sale": MARCH}, {}))

    def person(self, *groups):
        return new_test_user(
            self.env,
            f"person-{len(groups)}",
            groups=",".join(groups),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_z6_who_may_lock(self):
        self.close(self.v1, 3)
        user = self.person("octopus_connector.group_user")
        with self.assertRaises(AccessError):
            self.dossier.with_user(user).action_lock_dates()
        row = self.proposed()[self.company, "sale"]
        with self.assertRaises(AccessError):
            row.with_user(user).action_accept()
        chief = self.person("octopus_connector.group_manager", "base.group_user")
        # One's own list, in the companies of who asks; the lists of others are theirs.
        with self.assertRaises(AccessError):
            row.with_user(chief).action_accept()
        action = self.dossier.with_user(chief).action_lock_dates()
        mine = self.env["octopus.lock.date"].with_user(chief).search(action["domain"])
        mine.action_accept()
        self.assertEqual(self.locks(), {"sale": MARCH})


class TestPolicyOfAJournal(BooksCase):
    """Z.6: what is chosen for a journal goes before what is chosen for a kind."""

    def choose(self, policy, **values):
        return self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": self.company_data["default_journal_sale"].id,
                "closed_policy": policy,
                **values,
            }
        )

    def closed(self):
        self.v1.year_ids.closed_period = 202603
        return self.document(
            "out_invoice", self.line("700000", 100.0, "attn_VAT-OUT-21-L")
        )

    def test_z6_a_journal_has_a_policy_of_its_own(self):
        move = self.closed()
        self.assertEqual(self.codes(move), ["period_protected"])
        self.assertEqual(self.prepare(move).stops[0].severity, "wait")
        mapping = self.choose("refuse")
        self.assertEqual(mapping.state, "accepted")
        self.assertEqual(self.prepare(move).stops[0].severity, "block")
        mapping.closed_policy = "next"
        self.dossier.vat_return = "quarter"
        found = self.finding(move, "period_moved")
        self.assertEqual(found.params["vat_period"], "2026-Q2")
        # The journal of the settings goes on: only the policy is another.
        self.assertEqual(self.prepare(move).journal_year.journal_id, self.v1)

    def test_z6_another_journal_keeps_that_of_its_kind(self):
        self.choose("next")
        journal = self.company_data["default_journal_sale"].copy()
        move = self.document(
            "out_invoice",
            self.line("700000", 100.0, "attn_VAT-OUT-21-L"),
            journal_id=journal.id,
        )
        self.v1.year_ids.closed_period = 202603
        self.assertEqual(self.codes(move), ["period_protected"])

    def test_z6_a_bank_has_none(self):
        bank = self.company_data["default_journal_bank"]
        with self.assertRaises(UserError):
            self.choose("next", journal_id=bank.id)
