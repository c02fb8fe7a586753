"""Lines that run over time are spread by Octopus, where somebody chose so (Z.21).

``tests/addons/octopus_connector_example`` has the days that lines have in Enterprise.
"""

from datetime import date
from decimal import Decimal

from ..flows.outbox_case import INSERT, OutboxCase
from .module_case import require_modules

YEAR = (date(2026, 7, 1), date(2027, 6, 30))
SPREAD = {
    "beginDate": "2026-07-01",
    "endDate": "2027-06-30",
    "overflowBookingPeriodType": 1,
    "accountNr": 490000,
}


class TestDeferral(OutboxCase):
    @classmethod
    def setUpClass(cls):
        require_modules("octopus_connector_example")
        super().setUpClass()
        cls.company.octopus_purchase_deferral_account_id = cls.account_of(490000)

    @classmethod
    def account_of(cls, number):
        return cls.dossier.account_ids.filtered(lambda it: it.number == number)

    def bill(self, *days, prices=None, **values):
        """A bill of 100.00, or another price, for each pair of days, in lines of one
        account and tax."""
        lines = [
            {
                "price_unit": price,
                "tax_ids": [(6, 0, self.tax_purchase_a.ids)],
                "deferred_start_date": start,
                "deferred_end_date": end,
            }
            for (start, end), price in zip(
                days, prices or [100.0] * len(days), strict=True
            )
        ]
        return self.document("in_invoice", lines, **values)

    def spread(self, row):
        return [(line.base, line.overflow) for line in self.there(row).lines]

    def test_z21_nothing_is_sent_where_nobody_chose(self):
        row = self.send(self.bill(YEAR))
        self.assert_booked(row)
        self.assertEqual(self.spread(row), [(Decimal("100.00"), None)])

    def test_z21_days_and_account_of_a_line_go_and_stay_apart(self):
        self.company.write(
            {"octopus_deferrals": "period", "octopus_group_by_vat": True}
        )
        for answer in ("optional", "required"):
            self.sandbox.world.set_switches({"overflow_account": answer})
            row = self.send(self.bill(YEAR, (False, False), YEAR))
            self.assert_booked(row)
            self.assertEqual(
                self.spread(row),
                [(Decimal("200.00"), SPREAD), (Decimal("100.00"), None)],
            )
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_z21_what_the_accountant_spreads_otherwise_differs(self):
        self.company.octopus_deferrals = "period"
        row = self.send(self.bill(YEAR, (False, False)))
        self.assert_booked(row)
        key = self.there(row).key
        self.books.accountant.spread_line(key, 1, endDate="2026-12-31")
        self.pull()
        self.assertEqual(row.state, "differs")
        self.assertEqual(
            row.differences_text,
            "spread from 07/01/2026 to 12/31/2026, per period:"
            " 100.00 EUR instead of 0.00 EUR;"
            " spread from 07/01/2026 to 06/30/2027, per period:"
            " 0.00 EUR instead of 100.00 EUR",
        )
        self.assertIn(
            "spread from 07/01/2026 to 06/30/2027, per period",
            [what for what, _here, _there in row.sides()],
        )
        self.books.accountant.spread_line(key, 1, endDate="2027-06-30")
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_z21_where_a_reading_tells_no_days_nothing_is_concluded(self):
        self.sandbox.world.set_switches({"line_details": "absent"})
        self.company.octopus_deferrals = "period"
        row = self.send(self.bill(YEAR))
        self.assert_booked(row)
        self.books.accountant.spread_line(self.there(row).key, 1)
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_z21_without_an_account_the_document_stops(self):
        self.company.write(
            {
                "octopus_deferrals": "bookyear",
                "octopus_purchase_deferral_account_id": False,
            }
        )
        row = self.send(self.bill(YEAR))
        self.assert_held(row, "blocked", "deferral_account_missing")

    def test_z21_an_account_that_the_bookyear_has_not_stops_before_the_call(self):
        self.company.octopus_deferrals = "period"
        self.account_of(490000).sudo().bookyear_ids = [(5,)]
        move = self.bill(YEAR, YEAR)
        row = self.send(move)
        self.assert_held(row, "blocked", "account_missing_in_bookyear")
        self.assertEqual(
            [it["params"]["octopus_account"] for it in row.findings], [490000]
        )
        self.assertFalse(self.calls(INSERT))
        free = self.send(self.bill((False, False)))
        self.assert_booked(free)

    def test_z21_what_was_sent_before_the_choice_does_not_look_changed(self):
        row = self.send(self.bill(YEAR))
        self.company.octopus_deferrals = "period"
        row.move_id.button_draft()
        row.move_id.action_post()
        self.assertEqual(row.state, "booked")
        other = self.send(self.bill(YEAR))
        self.assert_booked(other)
        other.move_id.button_draft()
        other.move_id.invoice_line_ids.deferred_end_date = date(2027, 12, 31)
        other.move_id.action_post()
        self.assertEqual(other.state, "changed")

    def again(self, row, **days):
        """Post a bill once more; its lines may get other days, by their prices."""
        row.move_id.button_draft()
        for line in row.move_id.invoice_line_ids if days else ():
            start, end = days[f"of_{line.price_unit:.0f}"]
            line.write({"deferred_start_date": start, "deferred_end_date": end})
        row.move_id.action_post()
        return row.state

    def test_z21_days_that_move_to_another_line_are_a_change(self):
        self.company.octopus_deferrals = "period"
        never = (False, False)
        for swapped in (never, (date(2026, 7, 1), date(2026, 12, 31))):
            row = self.send(self.bill(YEAR, swapped, prices=(100.0, 200.0)))
            self.assert_booked(row)
            self.assertEqual(self.again(row), "booked")
            self.assertEqual(self.again(row, of_100=swapped, of_200=YEAR), "changed")
            self.assertEqual(self.again(row, of_100=YEAR, of_200=swapped), "booked")

    def test_z21_a_mark_without_bases_stays_comparable(self):
        """What was sent before the bases were looked at is not changed by it."""
        self.company.octopus_deferrals = "period"
        never = (False, False)
        row = self.send(self.bill(YEAR, never, prices=(100.0, 200.0)))
        parts = row.fingerprint.split(" ")
        former = [it for it in parts if not it.startswith("deferral_bases:")]
        self.assertEqual(len(parts) - len(former), 1)
        row.sudo().fingerprint = " ".join(former)
        self.assertEqual(self.again(row), "booked")
        self.assertEqual(self.again(row, of_100=never, of_200=never), "changed")

    def test_z21_the_settings_show_the_choice_where_lines_have_days(self):
        settings = self.env["octopus.settings"].create({"company_id": self.company.id})
        self.assertTrue(settings.octopus_has_deferrals)


class TestDeferralSoap(TestDeferral):
    transport = "soap"

    def test_z21_days_and_account_of_a_line_go_and_stay_apart(self):
        """SOAP has no place for them: the document goes, and says so."""
        self.company.octopus_deferrals = "period"
        row = self.send(self.bill(YEAR))
        self.assert_booked(row)
        self.assertEqual(self.spread(row), [(Decimal("100.00"), None)])
        self.assertIn("deferral_not_sent", [it["code"] for it in row.findings])

    test_z21_without_an_account_the_document_stops = None
    test_z21_an_account_that_the_bookyear_has_not_stops_before_the_call = None
    test_z21_what_the_accountant_spreads_otherwise_differs = None
