"""Who looks at documents finds, sorts and sees what they may (Z.2, F.6)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from .screens_case import ScreensCase

READ_AT = "octopus_payments_read_at"


class TestPaymentsRead(ScreensCase):
    """When the payments of a dossier were read is found and sorted as it is shown."""

    def test_f6_what_is_shown_of_payments_can_be_searched(self):
        moves = self.every_kind()
        read = moves.filtered(READ_AT)
        here = [("id", "in", moves.ids)]
        day = fields.Datetime.now()
        for domain, found in (
            ([(READ_AT, "!=", False)], read),
            ([(READ_AT, "=", False)], moves - read),
            ([(READ_AT, ">=", day - timedelta(days=1))], read),
            ([(READ_AT, ">", day + timedelta(days=1))], moves.browse()),
        ):
            self.assertEqual(moves.search(here + domain).sorted("id"), found, domain)

    def test_f6_what_is_shown_of_payments_is_searched_as_it_is_shown(self):
        """Also by who sees a document, and not the dossier that it went to before."""
        moves = self.every_kind()
        moment = moves[0].octopus_payments_read_at
        self.dossier.sudo().active = False
        self.company.sudo().octopus_dossier_id = False
        mine = moves.with_user(self.reader(self.company))
        self.anew()
        self.assertFalse(self.dossier.with_user(mine.env.user).has_access("read"))
        here = [("id", "in", moves.ids)]
        read = mine.filtered(READ_AT)
        self.assertTrue(read)
        for domain, found in (
            ([(READ_AT, "!=", False)], read),
            ([(READ_AT, "=", False)], mine - read),
            ([(READ_AT, "=", moment)], read),
            ([(READ_AT, "!=", moment)], mine - read),
            ([(READ_AT, "in", [moment, False])], mine),
            ([(READ_AT, "not in", [moment, False])], mine.browse()),
            ([(READ_AT, "<=", moment)], read),
            ([(READ_AT + ".year_number", "=", moment.year)], read),
        ):
            self.assertEqual(mine.search(here + domain).sorted("id"), found, domain)

    def test_f6_what_is_shown_of_payments_is_sorted_and_grouped_by(self):
        """By who sees no more of Octopus too."""
        moves = self.every_kind()
        clerk = self.reader(self.company, "account.group_account_invoice")
        mine = moves.with_user(clerk)
        here = [("id", "in", moves.ids)]
        self.anew()
        read = mine.filtered(READ_AT)
        told = mine.fields_get([READ_AT], ["sortable", "groupable"])[READ_AT]
        self.assertEqual(told, {"sortable": True, "groupable": True})
        first = mine.search(here, order=f"{READ_AT} DESC NULLS LAST, id DESC")
        both = [found.sorted("id", True) for found in (read, mine - read)]
        self.assertEqual(first, mine.concat(*both))
        groups = mine._read_group(here, [f"{READ_AT}:year"], ["id:recordset"])
        years = {moment and moment.year: found for moment, found in groups}
        self.assertEqual(years, {read[0][READ_AT].year: read, False: mine - read})
        with self.assertRaises(AccessError):
            stranger = self.reader(self.company, "base.group_user")
            mine.with_user(stranger)._order_to_sql(READ_AT, mine._as_query())


class TestMatches(ScreensCase):
    """What was matched is read with the rights of the reader."""

    def match(self, debit, credit):
        """Return a match of the rows of two documents."""
        matches = self.env["octopus.balancing"].sudo()
        values = {"dossier_id": self.dossier.id, "amount": 121.0}
        for side, row in (("debit", debit), ("credit", credit)):
            values |= {
                f"{side}_bookyear": self.year,
                f"{side}_journal": "V1",
                f"{side}_number": row.id,
                f"{side}_line": -1,
                f"{side}_booking_id": row.id,
            }
        return matches.create(values)

    def test_f6_who_sees_a_document_sees_no_match_of_others(self):
        """Of a document that somebody sees, with one of a company that they do not."""
        move, refund, theirs = (
            self.document(kind) for kind in ("out_invoice", "out_refund", "out_invoice")
        )
        mine = self.match(self.row(move), self.row(refund))
        shared = self.match(self.row(theirs), self.row(move))
        other = self.env["res.company"].create({"name": "Other"})
        self.row(theirs).sudo().company_id = other
        self.anew()
        for companies, found in (
            (self.company, mine),
            (self.company | other, mine | shared),
        ):
            seen = move.with_user(self.reader(companies)).with_context(
                allowed_company_ids=companies.ids
            )
            rows = seen.env["octopus.balancing"].of_moves(seen)
            self.assertEqual(rows.sorted("id"), found, companies)
            self.assertEqual(seen.octopus_balancing_ids, rows, companies)
        self.assertFalse(mine.of_moves(move.browse()))
