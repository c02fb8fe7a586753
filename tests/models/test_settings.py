"""Settings of companies and branches, and their page (B.1-B.6, C.4-C.10)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form

from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.refresh import refresh_now

from tests.common import OctopusCase, demo


class TestBranches(OctopusCase):
    mapped = False

    def setUp(self):
        super().setUp()
        self.branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.twig = self.env["res.company"].create(
            {"name": "Branch of the branch", "parent_id": self.branch.id}
        )
        self.env.user.company_ids += self.branch + self.twig

    def test_inherits(self):
        """B.2: without settings of its own, a branch follows the company above."""
        self.assertEqual(self.twig.octopus_settings(), self.company)
        self.assertEqual(self.twig.octopus_dossier(), self.dossier)

    def test_own_dossier(self):
        """B.1, B.3: a branch with its own settings books in its own dossier, and so do
        the branches below it."""
        self.branch.octopus_separate_settings = True
        other = self.link(self.branch, demo.BRANCH)
        self.assertEqual(self.branch.octopus_dossier(), other)
        self.assertEqual(self.twig.octopus_dossier(), other)
        self.assertEqual(self.company.octopus_dossier(), self.dossier)
        self.assertEqual(self.branch.octopus_in_invoice_journal_id.dossier_id, other)

    def test_ticking_the_box_changes_nothing_yet(self):
        """B.2: a branch's own settings start as those that it had."""
        self.company.write(
            {"octopus_group_by_vat": True, "octopus_number_policy": "same"}
        )
        before = {
            name: self.twig.octopus_settings()[name]
            for name in ("octopus_dossier_id", "octopus_out_invoice_journal_id")
        }
        self.branch.octopus_separate_settings = True
        settings = self.twig.octopus_settings()
        self.assertEqual(settings, self.branch)
        self.assertTrue(settings.octopus_group_by_vat)
        self.assertEqual(settings.octopus_number_policy, "same")
        for name, value in before.items():
            self.assertEqual(settings[name], value)

    def test_switched_off_branch(self):
        """B.1: a branch with own settings and Octopus off sends nothing anywhere."""
        self.branch.write({"octopus_separate_settings": True, "octopus_enabled": False})
        self.assertFalse(self.twig.octopus_settings())
        self.assertFalse(self.twig.octopus_dossier())
        self.assertEqual(self.twig.octopus_status, "off")

    def test_two_companies_share_a_dossier(self):
        """B.5: several companies may book in one dossier."""
        other = self.env["res.company"].create(
            {"name": "Sister", "country_id": self.company.country_id.id}
        )
        self.env.user.company_ids += other
        link(other, self.dossier)
        self.assertEqual(self.dossier.company_ids, self.company + other)

    def test_page_of_a_branch(self):
        """B.2, B.3: inherited values show, with their origin, and are not written."""
        settings = self.env["res.config.settings"].with_company(self.branch).new({})
        self.assertFalse(settings.octopus_is_holder)
        self.assertEqual(settings.octopus_origin, self.company.name)
        self.assertEqual(settings.octopus_dossier_id, self.dossier)
        saved = (
            self.env["res.config.settings"]
            .with_company(self.branch)
            .create({"octopus_group_by_vat": True})
        )
        saved.execute()
        self.assertFalse(self.company.octopus_group_by_vat)
        self.assertFalse(self.branch.octopus_group_by_vat)

    def test_page_with_own_settings(self):
        """B.2, B.3: with the box ticked, what is chosen is the branch's own."""
        page = self.env["res.config.settings"].with_company(self.branch)
        page.create(
            {
                "octopus_separate_settings": True,
                "octopus_group_by_vat": True,
                "octopus_dossier_id": self.dossier.id,
                "octopus_enabled": True,
            }
        ).execute()
        self.assertTrue(self.branch.octopus_separate_settings)
        self.assertTrue(self.branch.octopus_group_by_vat)
        self.assertFalse(self.company.octopus_group_by_vat)


class TestSettings(OctopusCase):
    mapped = False

    def journal(self, key, dossier=None):
        rows = (dossier or self.dossier).journal_ids
        return rows.filtered(lambda row: row.key == key)

    def test_proposed_journals(self):
        """C.7-C.9: the first sales and the first purchase journal are proposed."""
        self.assertEqual(self.company.octopus_out_invoice_journal_id.key, "V1")
        self.assertEqual(self.company.octopus_out_refund_journal_id.key, "V1")
        self.assertEqual(self.company.octopus_in_invoice_journal_id.key, "A1")
        self.assertEqual(self.company.octopus_in_refund_journal_id.key, "A1")

    def test_wrong_type(self):
        """C.10, X.5: a purchase journal cannot take sales."""
        with self.assertRaisesRegex(ValidationError, "A1"):
            self.company.octopus_out_invoice_journal_id = self.journal("A1")

    def test_invoice_type(self):
        """C.10, X.5: a journal for invoices cannot take bookings; how to change it."""
        with self.assertRaisesRegex(ValidationError, "V3.*entry type"):
            self.company.octopus_out_invoice_journal_id = self.journal("V3")

    def test_b6_journal_of_another_dossier(self):
        """B.6: a journal of another dossier is refused, with both named."""
        other = self.dossier_of(demo.BRANCH)
        self.assertFalse(refresh_now(other))
        with self.assertRaisesRegex(ValidationError, "Demo Liège.*Demo Brussel"):
            self.company.octopus_out_invoice_journal_id = self.journal("V1", other)

    def test_c4_start_before_first_bookyear(self):
        """C.4: nothing can be booked before the first bookyear."""
        first = self.dossier.bookyear_ids.sorted("date_start")[0].date_start
        self.company.octopus_start_date = first
        with self.assertRaisesRegex(ValidationError, "too early"):
            self.company.octopus_start_date = first - timedelta(days=1)

    def test_suspense_needs_its_account(self):
        """X.11: booking on suspense needs the account."""
        with self.assertRaisesRegex(ValidationError, "suspense account"):
            self.company.octopus_unknown_account_policy = "suspense"

    def test_automatic_only_after_a_first_document(self):
        """F.5: nothing leaves by itself before one document was booked."""
        with self.assertRaisesRegex(ValidationError, "by hand first"):
            self.dossier.automatic = True
        self.env["octopus.booking"].sudo().create(
            {
                "kind": "out_invoice",
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "state": "booked",
                "sent_at": "2026-01-01",
            }
        )
        self.dossier.automatic = True

    def test_b6_another_dossier_keeps_keys(self):
        """B.6: with another dossier, V1 becomes V1 there; what is missing is empty."""
        other = self.dossier_of(demo.BRANCH)
        self.assertFalse(refresh_now(other))
        self.books.dossier.name = "unused"
        account = self.dossier.account_ids.filtered(lambda row: row.number == 653000)
        self.company.write(
            {
                "octopus_out_refund_journal_id": self.journal("V2").id,
                "octopus_sale_discount_account_id": account.id,
            }
        )
        self.company.octopus_dossier_id = other
        self.assertEqual(
            self.company.octopus_out_refund_journal_id, self.journal("V2", other)
        )
        discount = self.company.octopus_sale_discount_account_id
        self.assertEqual((discount.dossier_id, discount.number), (other, 653000))

    def test_another_dossier_keeps_old_mappings(self):
        """B.6, C.12b: mappings of the former dossier stay, marked as stale."""
        self.map_all()
        mappings = self.env["octopus.tax.mapping"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(mappings)
        other = self.dossier_of(demo.BRANCH)
        link(self.company, other)
        self.env.invalidate_all()
        self.assertEqual(set(mappings.exists().mapped("stale")), {True})
        self.company.octopus_dossier_id = self.dossier
        self.env.invalidate_all()
        self.assertEqual(set(mappings.mapped("stale")), {False})

    def test_page_saves_nothing_before_save(self):
        """C.12b: a choice on the page is used only after it is saved."""
        other = self.dossier_of(demo.BRANCH)
        self.assertFalse(refresh_now(other))
        self.company.octopus_start_date = fields.Date.today()
        with Form(self.env["res.config.settings"]) as page:
            page.octopus_dossier_id = other
            self.assertEqual(
                page.octopus_out_invoice_journal_id, self.journal("V1", other)
            )
            self.assertEqual(self.company.octopus_dossier_id, self.dossier)
        self.assertEqual(self.company.octopus_dossier_id, other)
        self.assertEqual(
            self.company.octopus_out_invoice_journal_id, self.journal("V1", other)
        )

    def test_b6_page_names_what_the_other_dossier_lacks(self):
        """B.6: nothing is cleared silently."""
        other = self.dossier_of(demo.BRANCH)
        self.assertFalse(refresh_now(other))
        other.sudo().account_ids.filtered(lambda row: row.number == 653000).unlink()
        self.company.octopus_sale_discount_account_id = (
            self.dossier.account_ids.filtered(lambda row: row.number == 653000)
        )
        page = self.env["res.config.settings"].new({"octopus_dossier_id": other.id})
        answer = page._onchange_octopus_dossier_id()
        self.assertIn("Cash discount on sales", answer["warning"]["message"])
        self.assertFalse(page.octopus_sale_discount_account_id)

    def test_page_writes_every_setting(self):
        """B.3: each setting is shown as it is and saved as it is chosen."""
        accounts = {row.number: row for row in self.dossier.account_ids}
        chosen = {
            "octopus_out_refund_journal_id": self.journal("V2"),
            "octopus_in_refund_journal_id": self.journal("A2"),
            "octopus_start_date": self.dossier.bookyear_ids[1].date_start,
            "octopus_group_by_vat": True,
            "octopus_receipts": "go",
            "octopus_without_contact": "account",
            "octopus_number_policy": "same",
            "octopus_unknown_account_policy": "suspense",
            "octopus_suspense_account_id": accounts[599999],
            "octopus_purchase_discount_account_id": accounts[653000],
            "octopus_sale_limitation_account_id": accounts[700000],
            "octopus_relation_policy": "ask",
            "octopus_attachment_policy": "existing",
            "octopus_payment_owner": "octopus",
            "octopus_out_invoice_closed_policy": "next",
            "octopus_in_refund_closed_policy": "refuse",
        }
        with Form(self.env["res.config.settings"]) as page:
            for name, value in chosen.items():
                page[name] = value
            page.octopus_exchange_rate_direction = "foreign_per_euro"
            page.octopus_vat_return = "quarter"
            page.octopus_limitation_product_ids.add(self.product_a)
        page.save().execute()
        self.assertEqual(self.dossier.exchange_rate_direction, "foreign_per_euro")
        self.assertEqual(self.dossier.vat_return, "quarter")
        self.assertEqual(self.company.octopus_limitation_product_ids, self.product_a)
        shown = self.env["res.config.settings"].create({})
        for name, value in chosen.items():
            with self.subTest(name):
                self.assertEqual(self.company[name], value)
                self.assertEqual(shown[name], value)

    def test_part_of_the_page(self):
        """B.3: what is not among the values of the page stays as it is."""
        account = self.dossier.account_ids.filtered(lambda row: row.number == 653000)
        self.env["res.config.settings"].create(
            {"octopus_sale_discount_account_id": account.id}
        ).execute()
        self.assertEqual(self.company.octopus_sale_discount_account_id, account)
        self.assertEqual(self.company.octopus_dossier_id, self.dossier)
        self.assertEqual(self.company.octopus_out_invoice_journal_id.key, "V1")

    def test_hint_tells_why_a_journal_is_not_offered(self):
        """C.10: V3 is not in the list, and the page says why to who chooses one."""
        self.assertFalse(self.env["res.config.settings"].new({}).octopus_journal_hint)
        self.company.sudo().octopus_out_invoice_journal_id = False
        hint = self.env["res.config.settings"].new({}).octopus_journal_hint
        self.assertIn("V3", hint)
        self.assertIn("entry type", hint)

    def test_c14_hint_when_journals_are_missing(self):
        """C.14, X.6: without a purchase journal, File > Synchronise is named."""
        self.dossier.sudo().journal_ids.filtered(
            lambda row: row.type == "A"
        ).active = False
        self.company.sudo().octopus_in_invoice_journal_id = False
        hint = self.env["res.config.settings"].new({}).octopus_journal_hint
        self.assertIn("Synchronise", hint)
