"""What is read first when little may be read (X.71)."""

from odoo import fields

from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.mirror import open_bookyears

from ..common import OctopusCase


class TestFewReadsOfAccounts(OctopusCase):
    """SOAP, two reads of accounts a day, and three open bookyears."""

    transport = "soap"
    linked = False

    def test_x71_the_bookyear_of_today_is_read_first_then_the_nearest(self):
        today = fields.Date.today()
        accountant = self.books.accountant
        accountant.add_year()
        for number in self.books.dossier.bookyears:
            accountant.close_year(number, closed=False)
        self.connect()
        dossier = self.dossier_of()
        link(self.company, dossier)
        years = dossier.bookyear_ids.filtered(lambda row: not row.closed)
        self.assertGreaterEqual(len(years), 3)
        current = years.filtered(lambda row: row.date_start <= today <= row.date_end)
        others = (years - current).sorted(
            lambda row: max(row.date_start - today, today - row.date_end)
        )
        self.assertEqual(open_bookyears(dossier), current + others)
        read = years.filtered("account_ids")
        self.assertEqual(set(read), set(current + others[:1]))
        self.assertEqual(len(self.calls("getAccounts")), 2)
