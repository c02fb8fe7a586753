"""Linking a company with its dossier, and keeping it (B.4, B.6-B.8)."""

from tests.common import OctopusCase, demo


class TestLink(OctopusCase):
    def test_link_by_vat_number(self):
        """B.8: the dossier with the company's VAT number is the one that is found."""
        found = self.company._octopus_find_dossiers(
            self.env["octopus.dossier"].search([])
        )
        self.assertEqual(found.octopus_id, demo.MAIN)
        self.assertEqual(self.company.octopus_status, "connected")
