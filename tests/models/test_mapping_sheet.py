"""Mappings go to another branch or database as a spreadsheet (Z.11)."""

import base64
import io
import random

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core.sheet import read, write
from odoo.addons.octopus_connector.prepare.mapping_sheet import KINDS, sheets_of

from .books_case import BooksCase

MAPPINGS = tuple(Kind.model for Kind in KINDS)


class SheetCase(BooksCase):
    def opened(self, company=None):
        env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (company or self.company).ids,
            }
        )
        action = env["octopus.mapping.sheet"].action_open()
        return env["octopus.mapping.sheet"].browse(action["res_id"])

    def file_of(self, company=None):
        return base64.b64decode(self.opened(company).data)

    def looked_at(self, content, company=None):
        sheet = self.opened(company)
        sheet.upload = base64.b64encode(content)
        sheet.action_preview()
        return sheet

    def results(self, sheet):
        return {(line.kind, line.name): line.result for line in sheet.line_ids}

    def altered(self, title, alter):
        """The file, with the rows of a sheet otherwise."""
        sheets = sheets_of(self.company)
        headings, rows = sheets[title]
        sheets[title] = headings, alter(rows)
        return write(sheets)

    def state_of(self, company, dossier):
        """What is chosen for a company, without ids and dates."""
        rows = []
        for kind in (Kind(company) for Kind in KINDS):
            if kind.dossier == dossier:
                rows += [
                    (kind.title, *sorted(kind.as_row(row).items()))
                    for row in kind.existing().values()
                ]
        return sorted(rows)


class TestSheet(SheetCase):
    def test_z11_what_comes_back_changes_nothing(self):
        before = {
            model: self.env[model].search([]).mapped("write_date") for model in MAPPINGS
        }
        sheet = self.looked_at(self.file_of())
        self.assertTrue(sheet.line_ids)
        self.assertEqual(set(sheet.line_ids.mapped("result")), {"same"})
        self.assertFalse(sheet.has_changes)
        sheet.action_apply()
        for model, dates in before.items():
            self.assertEqual(self.env[model].search([]).mapped("write_date"), dates)

    def test_z11_every_cell_is_text_that_people_can_read(self):
        book = openpyxl.load_workbook(io.BytesIO(self.file_of()))
        self.assertEqual(book.sheetnames, [Kind.title for Kind in KINDS])
        rows = list(book["VAT codes"].iter_rows(values_only=True))
        self.assertIn(("sale", "6%", "6", "06", "06"), [row[:5] for row in rows])
        cells = {type(cell) for sheet in book for row in sheet.values for cell in row}
        self.assertEqual(cells - {type(None)}, {str})

    def test_z11_nothing_is_applied_unseen(self):
        """Looking changes nothing; and what is no longer as it was shown is shown
        anew."""
        row = self.env["octopus.account.mapping"].search([], limit=1)
        code = row.account_code
        other = self.octopus_accounts[610000]
        content = self.altered(
            "Accounts",
            lambda rows: [
                {**it, "Octopus account": "610000"} if it["Account"] == code else it
                for it in rows
            ],
        )
        was = row.octopus_account_id
        self.assertNotEqual(was, other)
        sheet = self.looked_at(content)
        self.assertEqual(row.octopus_account_id, was)
        self.assertEqual(self.results(sheet)["Accounts", code], "changed")
        row.octopus_account_id = self.octopus_accounts[700500]
        sheet.action_apply()
        self.assertEqual(row.octopus_account_id.number, 700500, "it was not shown")
        sheet.action_apply()
        self.assertEqual(row.octopus_account_id, other)
        self.assertEqual(row.state, "accepted")

    def test_z11_a_row_that_is_not_there_is_new(self):
        rows = self.env["octopus.tax.mapping"].search([("tax_id", "!=", False)])
        content = self.file_of()
        before = self.state_of(self.company, self.dossier)
        rows.unlink()
        sheet = self.looked_at(content)
        self.assertEqual(set(sheet.line_ids.mapped("result")), {"same", "new"})
        sheet.action_apply()
        self.assertEqual(self.state_of(self.company, self.dossier), before)

    def test_z11_a_proposal_that_was_accepted_elsewhere_is_accepted(self):
        row = self.env["octopus.account.mapping"].search([], limit=1)
        content = self.file_of()
        row.sudo().write({"state": "proposed", "reason": False})
        sheet = self.looked_at(content)
        self.assertEqual(self.results(sheet)["Accounts", row.account_code], "changed")
        sheet.action_apply()
        self.assertEqual(row.state, "accepted")

    def test_z11_rows_that_do_not_fit_are_refused_with_the_reason(self):
        def broken(rows):
            first = dict(rows[-1])
            return [
                {**first, "VAT code": "6"},
                {**first, "Tax": "No such tax"},
                {**first, "Direction": "both"},
                {**first, "Account": "somewhere"},
                {**first, "Account": "fallback"},
                {**first, "Recovered %": "many"},
                first,
                first,
                {**first, "VAT code": "", "No VAT code": "no"},
            ]

        sheet = self.looked_at(self.altered("VAT codes", broken))
        lines = sheet.line_ids.filtered(lambda it: it.kind == "VAT codes").sorted("row")
        self.assertEqual(
            lines.mapped("result"),
            [*["refused"] * 3, *["refused"] * 3, "same"] + ["refused"] * 2,
        )
        for line in lines.filtered(lambda it: it.result == "refused"):
            self.assertTrue(line.told, line.name)
        self.assertIn("no VAT code 6", lines[0].told)
        self.assertIn("twice", lines[7].told)
        before = self.state_of(self.company, self.dossier)
        sheet.action_apply()
        self.assertEqual(self.state_of(self.company, self.dossier), before)

    def test_z11_a_file_that_is_none_is_refused_with_words(self):
        book = openpyxl.Workbook()
        buffer = io.BytesIO()
        book.save(buffer)
        for content in (b"", b"PK\x03\x04 broken", b"a;b;c", buffer.getvalue()):
            with self.subTest(content[:10]), self.assertRaises(UserError):
                self.looked_at(content)

    def test_z11_what_looks_like_a_formula_is_text(self):
        content = write({"Accounts": (["Account"], [{"Account": "=1+1"}])})
        self.assertEqual(read(content)["Accounts"], [(2, {"Account": "=1+1"})])

    def test_z11_only_an_administrator_of_the_company_takes_it(self):
        clerk = new_test_user(
            self.env,
            "clerk",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env(user=clerk)["octopus.mapping.sheet"].action_open()


class TestToAnother(SheetCase):
    """A branch with a dossier of its own; a database with the same chart is the same
    to the file, which has no ids."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids += cls.branch
        cls.other = cls.dossier.copy({"octopus_id": 1002, "name": "Other"})
        cls.copy_mirror()
        cls.branch.write(
            {
                "octopus_separate_settings": True,
                "octopus_enabled": True,
                "octopus_dossier_id": cls.other.id,
            }
        )

    @classmethod
    def copy_mirror(cls):
        """The same codes, accounts, journals and bookyears, in another order."""
        mirror = cls.mirror
        own = [("dossier_id", "=", cls.dossier.id)]
        years = {
            year: cls._of_other(year, "bookyear_ids")
            for year in mirror["octopus.bookyear"].search(own)
        }
        for model in ("octopus.vat.code", "octopus.account", "octopus.journal"):
            for row in mirror[model].search(own, order="id desc"):
                copied = cls._of_other(row)
                if model == "octopus.journal":
                    copied.year_ids = [
                        Command.create({"bookyear_id": year.id})
                        for year in years.values()
                    ]

    @classmethod
    def _of_other(cls, row, *_names):
        return row.copy({"dossier_id": cls.other.id})

    def test_z11_another_branch_gets_the_same(self):
        """Property: whatever is chosen, in whatever order, it arrives as it was."""
        chance = random.Random(11)
        years = self.env["octopus.bookyear.journal"]
        years.create(
            {
                "bookyear_id": self.bookyear.id,
                "journal_id": self.a1.id,
                "other_id": self.a2.id,
            }
        )
        taxes = self.env["octopus.tax.mapping"].search([("tax_id", "!=", False)])
        accounts = self.env["octopus.account.mapping"].search([])
        for _turn in range(3):
            for row in taxes:
                row.write(
                    {
                        "send_recuperation": chance.random() < 0.5,
                        "recuperation": chance.choice((0, 12.5, 50, 100)),
                        "account_policy": chance.choice(("mapping", "octopus")),
                    }
                )
            for row in accounts:
                row.octopus_account_id = chance.choice(
                    list(self.octopus_accounts.values())
                )
            for row in self.env["octopus.tax.mapping"].search(
                [("company_id", "=", self.branch.id)]
            )[::2]:
                row.unlink()
            sheet = self.looked_at(self.file_of(), self.branch)
            refused = sheet.line_ids.filtered(lambda it: it.result == "refused")
            self.assertFalse(refused, refused.mapped("told"))
            sheet.action_apply()
            self.assertEqual(
                self.state_of(self.branch, self.other),
                self.state_of(self.company, self.dossier),
            )
            self.assertEqual(self.file_of(self.branch), self.file_of())
