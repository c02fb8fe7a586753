"""The check-list, and what can be made from it (B.9, B.10, C.4, L.4, L.5, L.9)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.octopus_connector.core.check_lines import (
    ACCOUNTANT,
    CHECKS,
    DONE,
    LATER,
    OPEN,
    UNKNOWN,
)
from odoo.addons.octopus_connector.prepare.check_list import CheckList
from odoo.addons.octopus_connector.prepare.peppol import has_peppol

from tests.common import OctopusCase

MAKE_YEAR = "insertBookyear"
MAKE_JOURNAL = "insertSellJournal"


class CheckListCase(OctopusCase):
    def lines(self, state=None):
        found = CheckList(self.company, self.dossier).lines()
        return {(line.code, line.key): line.state for line in found}

    def state(self, code, key=""):
        return self.lines().get((code, key))

    def list(self):
        action = self.dossier.action_check_list()
        return self.env["octopus.check.list"].browse(action["res_id"])

    def dialog(self, action, **answers):
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.write(answers)
        return dialog


class TestCheckList(CheckListCase):
    def test_b9_all_is_there(self):
        """B.9, L.4: a linked company whose documents can go has ticks only."""
        self.document()
        self.document("in_invoice")
        self.assertFalse(
            {key for key, state in self.lines().items() if state == OPEN}, self.lines()
        )
        for code in ("connected", "number_valid", "number_same", "bookyear_now"):
            self.assertEqual(self.state(code), DONE, code)
        for kind in ("out_invoice", "out_refund", "in_invoice", "in_refund"):
            self.assertEqual(self.state("journal_there", kind), DONE)
        self.assertEqual(self.state("accounts_there"), DONE)
        self.assertEqual(self.state("vat_codes_there"), DONE)
        self.assertFalse(self.list().checks_open)

    def test_l9_the_number_is_checked_by_itself(self):
        """L.9: check digits, KBO, and the same on both sides."""
        self.company.partner_id.with_context(
            no_vat_validation=True
        ).vat = "BE0123456780"
        self.company.company_registry = False
        self.assertEqual(self.state("number_wrong"), OPEN)
        self.assertEqual(self.state("number_differs"), OPEN)
        self.company.vat = "BE0246697724"
        self.assertEqual(self.state("number_valid"), DONE)
        self.assertEqual(self.state("number_differs"), OPEN)
        self.company.write({"vat": False, "company_registry": False})
        self.assertEqual(self.state("number_missing"), OPEN)

    def test_l9_a_dossier_that_tells_no_number(self):
        """L.9: over SOAP none is told: not known, which stops nothing."""
        self.dossier.sudo().vat_number = False
        self.assertEqual(self.state("number_untold"), UNKNOWN)

    def test_b9_bookyears(self):
        """B.9, C.4: of today, open; and the next one before the year ends."""
        today = fields.Date.context_today(self.company)
        year = self.dossier.bookyear_ids.filtered(
            lambda row: row.date_start <= today <= row.date_end
        )
        later = self.dossier.bookyear_ids.filtered(lambda row: row.date_start > today)
        year.sudo().closed = True
        self.assertEqual(self.state("bookyear_now_closed"), OPEN)
        year.sudo().closed = False
        later.sudo().unlink()
        soon = year.date_end - today <= timedelta(days=31)
        state = OPEN if soon else LATER
        self.assertEqual(self.state("bookyear_next_missing"), state)
        year.sudo().date_start = today + timedelta(days=1)
        self.assertEqual(self.state("bookyear_now_missing"), OPEN)

    def test_b9_journals_of_the_right_type(self):
        """B.9, L.2: each kind that goes has a journal in the bookyear of today."""
        year = CheckList(self.company, self.dossier).bookyear()
        states = self.env["octopus.journal.year"].sudo()
        journal = self.company.octopus_out_invoice_journal_id
        there = states.search(
            [("journal_id", "=", journal.id), ("bookyear_id", "=", year.id)]
        )
        there.closed = True
        self.assertEqual(self.state("journal_closed", "out_invoice"), OPEN)
        there.active = False
        self.assertEqual(self.state("journal_not_in_year", "out_invoice"), OPEN)
        sales = self.dossier.journal_ids.filtered(lambda row: row.type == "V").sudo()
        self.company.write(
            {
                "octopus_out_invoice_journal_id": False,
                "octopus_out_refund_journal_id": False,
            }
        )
        sales.insertion_type = 2
        self.assertEqual(self.state("journal_mode", "out_invoice"), OPEN)
        sales.active = False
        self.assertEqual(self.state("journal_missing", "out_invoice"), OPEN)
        self.company.write(
            {"octopus_out_invoice_goes": False, "octopus_out_refund_goes": False}
        )
        self.assertFalse([key for key in self.lines() if key[1].startswith("out")])

    def test_l4_accounts_of_the_last_twelve_months(self):
        """L.4: those that Octopus lacks are named; one that was chosen is there."""
        account = self.env["account.account"].create(
            {"code": "709998", "name": "Odd sales", "account_type": "income"}
        )
        self.document(lines=[{"account_id": account.id, "price_unit": 5}])
        self.assertEqual(self.state("accounts_missing"), OPEN)
        self.assertIn("709998", self.list().checks_html)
        row = self.env["octopus.account.mapping"].create(
            {
                "account_id": account.id,
                "octopus_account_id": self.dossier.account_ids.filtered(
                    lambda row: row.number == 700000
                ).id,
            }
        )
        self.assertEqual(row.state, "accepted")
        self.assertEqual(self.state("accounts_there"), DONE)

    def test_l4_what_was_used_before_is_not_asked_for(self):
        """L.4: older documents say nothing of what is needed."""
        account = self.env["account.account"].create(
            {"code": "709997", "name": "Old sales", "account_type": "income"}
        )
        old = fields.Date.context_today(self.company) - timedelta(days=400)
        self.document(
            lines=[{"account_id": account.id, "price_unit": 5}], invoice_date=old
        )
        self.assertNotEqual(self.state("accounts_missing"), OPEN)

    def test_b9_vat_codes(self):
        """B.9: a tax that was used and has no code is named."""
        tax = self.tax_sale_a.copy({"name": "Odd tax", "amount": 13})
        self.document(lines=((10.0, tax),))
        self.assertEqual(self.state("vat_codes_missing"), OPEN)
        self.assertIn("Odd tax", self.list().checks_html)

    def test_b9_banks_by_their_iban(self):
        """B.9: a bank that Octopus does not have can wait; it concerns payments."""
        self.company.bank_journal_ids[:1].bank_acc_number = "BE71096123456769"
        self.assertEqual(self.state("banks_missing"), LATER)
        iban = next(filter(None, self.dossier.journal_ids.mapped("iban")))
        self.company.bank_journal_ids[:1].bank_acc_number = iban
        self.assertEqual(self.state("banks_there"), DONE)

    def test_z17_without_odoos_module_nothing_is_said_of_peppol(self):
        """Z.17: whatever was told of Octopus before."""
        self.company.octopus_peppol_receives = "yes"
        told = any(code.startswith("peppol") for code, _key in self.lines())
        self.assertEqual(told, has_peppol(self.env))

    def test_l5_each_open_line_says_who_does_what_where(self):
        """L.5, B.10: who, the menu of Octopus, and both manuals."""
        for code, kind in CHECKS.items():
            if kind.who == ACCOUNTANT:
                with self.subTest(code=code):
                    self.assertIn("Management >", kind.fix)
            self.assertEqual(bool(kind.who), bool(kind.fix), code)
        self.company.vat = "BE0246697724"
        html = self.list().with_context(lang="en_US").checks_html
        self.assertIn("Your accountant", html)
        self.assertIn("/octopus/manual/first-day#number", html)
        self.assertIn("https://login.octopus.be/manual/NL/", html)

    def test_b9_every_line_has_its_texts(self):
        """B.9: whatever a line says, it can be said."""
        values = dict.fromkeys(
            "company dossier number theirs bookyear date kind journal count banks"
            " accounts taxes participant".split(),
            "x",
        )
        for code, kind in CHECKS.items():
            with self.subTest(code=code):
                self.assertTrue(kind.text % values)
                self.assertEqual(bool(kind.fix), bool(kind.fix % values))

    def test_b9_checked_again(self):
        """B.9: the button reads what the accountant made meanwhile."""
        form = self.list()
        self.company.octopus_out_refund_journal_id = False
        self.books.accountant.add_year()
        before = len(self.dossier.bookyear_ids)
        action = form.action_check_again()
        self.assertEqual((action["res_model"], action["res_id"]), (form._name, form.id))
        self.assertEqual(len(self.dossier.bookyear_ids), before + 1)

    def test_b9_another_company_cannot_be_looked_at(self):
        """B.9: the list is of companies in which the user works."""
        other = self.env["res.company"].sudo().create({"name": "Other"})
        boss = self.env.user.copy({"login": "boss", "password": "boss-boss"})
        boss.company_ids = self.company
        boss.company_id = self.company
        form = self.list()
        with self.assertRaises(AccessError):
            form.with_user(boss).read(["checks_html"])
        own = self.dossier.with_user(boss).action_check_list()
        mine = self.env["octopus.check.list"].with_user(boss).browse(own["res_id"])
        with self.assertRaises(AccessError):
            mine.company_id = other.id
            mine.flush_recordset()
            mine.invalidate_recordset()
            mine.read(["checks_html"])


class TestMaking(CheckListCase):
    def new_bookyear(self, **answers):
        return self.dialog(self.list().action_new_bookyear(), **answers)

    def new_journal(self, **answers):
        return self.dialog(self.list().action_new_journal(), **answers)

    def made(self, operation):
        return [
            call for call in self.sandbox.world.calls if call.operation == operation
        ]

    def test_b9_the_next_bookyear_is_made_after_a_question(self):
        """B.9, C.4: it follows the last one; nothing happens before the tick."""
        last = self.dossier.bookyear_ids.sorted("date_end")[-1]
        dialog = self.new_bookyear()
        self.assertEqual(dialog.date_start, last.date_end + timedelta(days=1))
        with self.failing(UserError):
            dialog.action_make()
        self.assertFalse(self.made(MAKE_YEAR))
        dialog.agreed = True
        action = dialog.action_make()
        self.assertEqual(action["res_model"], "octopus.check.list")
        made = self.dossier.bookyear_ids.sorted("date_end")[-1]
        self.assertEqual(made.date_start, dialog.date_start)
        self.assertTrue(made.journal_year_ids, "its journals were read")
        self.assertEqual(len(made.period_ids), len(last.period_ids))

    def test_c4_a_bookyear_that_does_not_follow_is_refused_before_the_call(self):
        """C.4: the rule is told, and nothing is called."""
        dialog = self.new_bookyear(agreed=True)
        dialog.date_start += timedelta(days=1)
        with self.assertRaisesRegex(UserError, "without a gap"):
            dialog.action_make()
        self.assertFalse(self.made(MAKE_YEAR))

    def test_b9_made_once_when_the_answer_was_lost(self):
        """B.9: what came of it is read; a second click makes no second one."""
        dialog = self.new_bookyear(agreed=True)
        before = len(self.books.dossier.bookyears)
        self.sandbox.world.faults.add("close", operation=MAKE_YEAR, when="after")
        dialog.action_make()
        self.assertEqual(len(self.books.dossier.bookyears), before + 1)
        with self.failing(UserError):
            dialog.action_make()
        self.assertEqual(len(self.books.dossier.bookyears), before + 1)

    def test_b9_not_made_and_no_answer(self):
        """B.9: nobody can tell: it says so, and makes nothing by itself."""
        dialog = self.new_bookyear(agreed=True)
        self.sandbox.world.faults.add("close", operation=MAKE_YEAR, when="before")
        with self.assertRaisesRegex(UserError, "did not say whether"):
            dialog.action_make()

    def test_b9_a_journal_is_made_and_chosen(self):
        """B.9: in the bookyear of today, with the next free number; who has no journal
        gets it."""
        sales = self.dossier.journal_ids.filtered(lambda row: row.type == "V").sudo()
        self.company.write(
            {
                "octopus_out_invoice_journal_id": False,
                "octopus_out_refund_journal_id": False,
            }
        )
        sales.year_ids.active = False
        sales.active = False
        form = self.list()
        self.assertTrue(form.can_make_journal)
        dialog = self.new_journal(number=8, name="From Odoo", agreed=True)
        self.assertEqual((dialog.type, dialog.key), ("V", "V8"))
        dialog.action_make()
        self.assertEqual(self.company.octopus_out_invoice_journal_id.key, "V8")
        self.assertEqual(self.company.octopus_out_refund_journal_id.key, "V8")
        self.assertEqual(self.state("journal_there", "out_invoice"), DONE)
        [call] = self.made(MAKE_JOURNAL)
        self.assertEqual(call.status, 200)

    def test_b9_a_journal_of_a_bank_is_made(self):
        """B.9: proposed with what Odoo knows of the bank; the account is asked for."""
        bank = self.company.bank_journal_ids[:1]
        bank.bank_acc_number = "BE71096123456769"
        self.assertEqual(self.state("banks_missing"), LATER)
        self.assertTrue(self.list().can_make_journal)
        dialog = self.new_journal(agreed=True)
        self.assertEqual((dialog.type, dialog.name), ("F", bank.name))
        dialog.account_id = False
        with self.assertRaisesRegex(UserError, "account of the bank"):
            dialog.action_make()
        dialog.account_id = self.dossier.account_ids.filtered(
            lambda row: 550000 <= row.number <= 559999
        )[:1]
        dialog.action_make()
        [call] = self.made("insertFinancialJournal")
        self.assertEqual(call.status, 200)
        year = CheckList(self.company, self.dossier).bookyear().octopus_id
        made = self.books.dossier.journals[year, dialog.key]
        self.assertEqual(made.iban, "BE71096123456769")
        self.assertEqual(made.account, dialog.account_id.number)
        self.assertEqual(self.state("banks_there"), DONE)

    def test_b9_a_journal_that_is_there_is_not_made_again(self):
        dialog = self.new_journal(number=1, agreed=True)
        with self.assertRaisesRegex(UserError, "already"):
            dialog.action_make()
        self.assertFalse(self.made(MAKE_JOURNAL))

    def test_b9_calls_are_counted(self):
        """B.9: 24 a day; the call stands in the log, counted by its type."""
        self.new_journal(number=9, agreed=True).action_make()
        logged = self.env["octopus.call"].sudo()
        [call] = logged.search([("operation", "=", "insert_journal")])
        self.assertEqual(call.quota_key, "insert_journal/V")

    def test_b9_what_octopus_refuses_is_told(self):
        dialog = self.new_journal(number=9, agreed=True)
        self.sandbox.world.faults.add("journal_open", operation=MAKE_JOURNAL)
        with self.assertRaises(UserError):
            dialog.action_make()


class TestCheckListSoap(CheckListCase):
    transport = "soap"

    def test_b9_nothing_is_made_over_soap(self):
        """B.9: SOAP makes neither; the buttons are not offered."""
        self.dossier.bookyear_ids.sorted("date_end")[-1:].sudo().unlink()
        form = self.list()
        self.assertFalse(form.can_make_bookyear)
        self.assertFalse(form.can_make_journal)
        self.assertEqual(self.state("number_untold"), UNKNOWN)
