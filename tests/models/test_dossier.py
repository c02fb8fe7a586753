"""Linking a company with its dossier (B.4, B.7, B.8)."""

from datetime import timedelta

from odoo import fields

from odoo.addons.octopus_connector.prepare.find_dossier import find_dossiers, numbers_of
from odoo.addons.octopus_connector.sync.login import connect

from tests.common import OctopusCase, demo


class TestLink(OctopusCase):
    mapped = False

    def found(self):
        return find_dossiers(self.company, self.env["octopus.dossier"].search([]))

    def test_b8_by_vat_number(self):
        """B.8: the dossier with the company's VAT number, however it is written."""
        self.assertEqual(self.found().octopus_id, demo.MAIN)
        self.company.vat = False
        self.company.company_registry = "477472701"
        self.assertEqual(self.found().octopus_id, demo.MAIN)

    def test_b8_several(self):
        """B.8: two dossiers with one number: nobody chooses but a person."""
        self.dossier_of(demo.THIRD).sudo().vat_number = demo.MAIN_VAT
        self.assertEqual(len(self.found()), 2)

    def test_b8_none(self):
        """B.8: no dossier has the number."""
        self.company.vat = "BE0246697724"
        self.company.company_registry = False
        self.assertFalse(self.found())

    def test_b8_number_of_the_company_above(self):
        """B.5, B.8: a branch without a number of its own uses that of its company."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        branch.write({"vat": False, "company_registry": False})
        self.assertEqual(
            [number.digits for number in numbers_of(branch)][:1], ["0477472701"]
        )

    def test_b7_status(self):
        """B.7: the company shows whether it is linked and connected."""
        self.assertEqual(self.company.octopus_status, "connected")
        self.connection.password = "new"
        self.assertEqual(self.company.octopus_status, "unconnected")
        self.company.octopus_dossier_id = False
        self.assertEqual(self.company.octopus_status, "unlinked")
        self.company.octopus_enabled = False
        self.assertEqual(self.company.octopus_status, "off")

    def test_known_through_another_login(self):
        """B.5: a dossier is one record, whichever login opens it."""
        other = self.connect()
        self.assertEqual(self.dossier.connection_id, self.connection)
        self.connection.password = "changed"
        self.assertFalse(connect(other))
        self.assertEqual(self.dossier.connection_id, other)

    def test_linking_leaves_no_refresh_to_do_at_once(self):
        """X.43: the link read everything; accounts and VAT codes can be read twice a
        day only, so the scheduled action comes tomorrow, sending and payments now."""
        dossier = self.dossier
        now = fields.Datetime.now()
        self.assertTrue(dossier.refreshed_at)
        self.assertGreater(dossier.refresh_cron_id.nextcall, now + timedelta(hours=20))
        triggers = self.env["ir.cron.trigger"].sudo()
        woken = triggers.search([("call_at", "<=", now + timedelta(minutes=1))]).cron_id
        self.assertLessEqual(dossier.push_cron_id | dossier.pull_cron_id, woken)
        self.assertNotIn(dossier.refresh_cron_id, woken)
