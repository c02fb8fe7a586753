"""The report of both sides with a real Octopus: what each document comes to, the sums
of both books, what is frozen and who sees it (Z.5, Z.27, X.30, X.31)."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.octopus_connector.core.fingerprint import fingerprint
from odoo.addons.octopus_connector.sync.both_sides import BothSides

from octopus_sandbox.state.booking import BookingLine

from .test_standing import StandingCase

CENT = Decimal("0.01")


class BothSidesCase(StandingCase):
    """Documents of a dossier, compared."""

    def look(self):
        """Read Octopus as each hour, and compare."""
        self.pull()
        self.compare()

    def compare(self):
        """Compare what changed; nothing is called."""
        calls = len(self.calls())
        while BothSides(self.dossier).update()[1]:
            pass
        self.assertEqual(len(self.calls()), calls)

    def told(self, booking):
        """Return the row of the report of a row of the outbox, or of a document."""
        name = "booking_id" if booking._name == "octopus.booking" else "move_id"
        rows = self.env["octopus.comparison.row"].search([(name, "=", booking.id)])
        self.assertEqual(len(rows), 1)
        return rows

    def kind(self, booking):
        return self.told(booking).kind

    def rows(self):
        mine = [("dossier_id", "=", self.dossier.id), ("kind", "!=", False)]
        return self.env["octopus.comparison.row"].search(mine)

    def header(self):
        """Return this month of the sales journal, in which one document is booked."""
        row = self.booked()
        self.look()
        return self.told(row).comparison_id

    def headers(self):
        mine = [("dossier_id", "=", self.dossier.id)]
        return self.env["octopus.comparison"].search(mine)

    def enter(self, amount="121.00", day=None, comment="by hand"):
        """Let the accountant enter an invoice; return its key."""
        base = Decimal(amount) / Decimal("1.21")
        base = base.quantize(CENT)
        line = BookingLine(700000, base, "21", Decimal(amount) - base)
        some = next(iter(self.books.dossier.relations))
        accountant = self.books.accountant
        return accountant.book_document("V1", day or self.today, some, [line], comment)

    def assert_found_by(self, header, standing):
        """A filter finds what is shown of a period, and no other finds it."""
        for value, _label in header._fields["standing"].selection:
            found = header.search([("standing", "=", value)])
            self.assertEqual(header in found, value == standing, value)
            self.assertEqual(set(found.mapped("standing")) - {value}, set())

    def assert_sums(self):
        """The report's sums are those of both books, added up by themselves."""
        here, there = self.odoo_sums(), self.octopus_sums()
        found = {"here": defaultdict(Decimal), "there": defaultdict(Decimal)}
        for one in self.env["octopus.comparison.amount"].search(
            [("dossier_id", "=", self.dossier.id)]
        ):
            for name, sums in found.items():
                place = one.journal_id.key, one.comparison_id.period_number
                for what in ("base", "vat"):
                    amount = Decimal(str(one[f"{name}_{what}"])).quantize(CENT)
                    sums[(*place, one.code or "", what)] += amount
        for name, expected in (("here", here), ("there", there)):
            sums = {key: value for key, value in found[name].items() if value}
            self.assertEqual(sums, expected, name)
        self.assert_headers(here, there)

    def assert_headers(self, here, there):
        for header in self.headers():
            place = header.journal_id.key, header.period_number
            for name, sums in (("here", here), ("there", there)):
                expected = sum(it for key, it in sums.items() if key[:2] == place)
                total = Decimal(str(header[f"{name}_total"])).quantize(CENT)
                self.assertEqual(total, expected, (place, name))

    def odoo_sums(self):
        """Return Odoo's own sums by journal, period and VAT code, of journal items of
        posted documents; each tax here is one VAT code there."""
        mappings = self.env["octopus.tax.mapping"].search([("tax_id", "!=", False)])
        codes = {it.tax_id.id: it.vat_code_id.code for it in mappings}
        sums = defaultdict(Decimal)
        moves = self.env["account.move"].search(
            [
                ("state", "=", "posted"),
                ("move_type", "in", self.company.octopus_kinds()),
                ("company_id", "=", self.company.id),
            ]
        )
        for line in moves.line_ids.filtered(
            lambda it: it.display_type in ("product", "tax")
        ):
            sale = line.move_id.move_type.startswith("out")
            year = self.dossier.bookyear_ids.filtered(
                lambda it, day=line.date: it.date_start <= day <= it.date_end
            )
            period = year.period_ids.filtered(
                lambda it, day=line.date: it.date_start <= day <= it.date_end
            )
            amount = Decimal(str(line.balance)).quantize(CENT) * (-1 if sale else 1)
            tax = line.tax_line_id or line.tax_ids
            what = "vat" if line.tax_line_id else "base"
            journal = "V1" if sale else "A1"
            sums[journal, period.number, codes[tax.id], what] += amount
        return {key: value for key, value in sums.items() if value}

    def octopus_sums(self):
        """Return Octopus's own sums, of the journals that Odoo books in."""
        sums = defaultdict(Decimal)
        ours = self.env["octopus.booking"].search([]).journal_id.mapped("key")
        for booking in self.books.dossier.bookings.values():
            if booking.journal not in ours:
                continue
            sign = -1 if booking.amount < 0 else 1
            for line in booking.lines:
                place = booking.journal, booking.period, line.vat_code or ""
                sums[(*place, "base")] += sign * line.base
                sums[(*place, "vat")] += sign * line.vat
        return {key: value for key, value in sums.items() if value}


class TestBothSides(BothSidesCase):
    def test_z5_each_kind_of_row_and_the_sums_of_both_books(self):
        # In another order than they are judged: the last number can be deleted only.
        equal = self.booked()
        bill = self.booked(kind="in_invoice")
        refund = self.booked(kind="out_refund")
        edited, dated, moved = self.booked(), self.booked(), self.booked()
        withdrawn, renumbered, deleted = self.booked(), self.booked(), self.booked()
        accountant = self.books.accountant
        accountant.delete_last(self.year, "V1")
        self.enter("242.00")
        self.edit(edited, amount=Decimal("60.50"))
        self.edit(dated, document_date=self.today - timedelta(days=1))
        period = self.there(moved).period
        self.edit(moved, period=period - 1)
        withdrawn.move_id.sudo().with_context(octopus_reason="x").button_draft()
        self.look()
        unread = self.booked()
        blocked, unasked, out = self.document(), self.document(), self.document()
        self.block(blocked)
        self.queue(out)
        self.row(out).exclude("not for the accountant")
        self.compare()
        kinds = {
            equal: "equal",
            bill: "equal",
            refund: "equal",
            edited: "other_amount",
            dated: "other_facts",
            moved: "other_period",
            withdrawn: "missing_here",
            renumbered: "equal",
            deleted: "deleted",
            unread: "unread",
            self.row(blocked): "blocked",
            self.row(out): "left_out",
            unasked: "to_send",
        }
        for document, kind in kinds.items():
            self.assertEqual(self.kind(document), kind, document.display_name)
        by_hand = self.rows().filtered(lambda row: row.anchor == "entry")
        self.assertIn("missing_here", by_hand.mapped("kind"))
        self.assertEqual(len(self.rows()), self.documents_of_both())
        # What was sent since is not counted there before it was read.
        self.look()
        self.assertEqual(self.kind(unread), "equal")
        self.assert_sums()
        number = renumbered.number
        accountant.renumber(self.there(renumbered).key, number + 7)
        self.look()
        self.assertEqual(self.kind(renumbered), "renumbered")
        self.assert_sums()
        # And back, which leaves no gap behind.
        accountant.renumber(self.there(renumbered).key, number)
        self.look()
        self.assertEqual(self.kind(renumbered), "equal")
        self.assert_sums()

    def test_z5_a_credit_note_of_zero_is_booked_the_right_way_round(self):
        """Octopus reads its lines as those of an invoice, for its total is no less."""
        for kind, taxed, free in (
            ("out_refund", "attn_VAT-OUT-21-L", "attn_VAT-OUT-00-EU-S"),
            ("in_refund", "attn_VAT-IN-V81-21", "attn_VAT-IN-V81-21-EU"),
        ):
            row = self.booked(
                kind=kind, lines=[(100.0, self.tax(taxed)), (-121.0, self.tax(free))]
            )
            self.assertEqual(
                sorted((line.base, line.vat) for line in self.there(row).lines),
                [(Decimal("-100.00"), Decimal("-21.00")), (Decimal("121.00"), 0)],
            )
            self.look()
            self.assertEqual(self.kind(row), "equal")
        self.assert_sums()

    def test_z5_one_that_was_sent_the_wrong_way_round_is_told(self):
        row = self.booked(
            kind="out_refund",
            lines=[
                (100.0, self.tax("attn_VAT-OUT-21-L")),
                (-121.0, self.tax("attn_VAT-OUT-00-EU-S")),
            ],
        )
        payload = dict(row.payload)
        for line in payload["lines"]:
            line |= {name: str(-Decimal(line[name])) for name in ("base", "vat")}
        row.sudo().payload = payload
        lines = self.there(row).lines
        turned = [replace(it, base=-it.base, vat=-it.vat) for it in lines]
        self.edit(row, lines=turned)
        self.look()
        self.assertEqual((row.state, self.kind(row)), ("booked", "other_vat"))

    def test_z13_a_code_without_vat_that_the_accountant_changes(self):
        """Other boxes of the return, with the same total and no VAT either way."""
        for kind in ("in_invoice", "in_refund"):
            tax = self.tax("attn_VAT-IN-V81-21-EU")
            row = self.booked(kind=kind, lines=[(100.0, tax), (50.0, None)])
            lines = self.there(row).lines
            [free] = [line for line in lines if not line.vat]
            codes = self.books.dossier.vat_codes.values()
            other = next(
                it.code
                for it in codes
                if it.reverse_charge and not it.is_sale and it.code != free.vat_code
            )
            self.edit(
                row,
                lines=[
                    replace(it, vat_code=it.vat_code if it.vat else other)
                    for it in lines
                ],
            )
            self.look()
            self.assertEqual((row.state, self.kind(row)), ("differs", "other_vat"))
            self.assertFalse(self.dossier.equal_at)
            self.assertIn(
                f"base of {free.vat_code} 0.00 EUR instead of 100.00 EUR",
                row.differences_text,
            )
            self.assertIn(
                (f"base {other}", "0.00 EUR", "100.00 EUR"),
                [tuple(it) for it in row.sides()],
            )
            self.edit(row, lines=lines)
            self.look()
            self.assertEqual((row.state, self.kind(row)), ("booked", "equal"))
            self.dossier.sudo().equal_at = False

    def documents_of_both(self):
        """Return how many documents there are, each counted once."""
        moves = self.env["account.move"].search_count(
            [
                ("move_type", "in", self.company.octopus_kinds()),
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
            ]
        )
        rows = self.env["octopus.booking"]
        mine = [("dossier_id", "=", self.dossier.id)]
        taken_back = rows.search_count([*mine, ("move_id.state", "!=", "posted")])
        entries = self.env["octopus.journal.entry"]
        free = [("booking_id", "=", False), ("deleted", "=", False)]
        return moves + taken_back + entries.search_count([*mine, *free])

    def block(self, move):
        """Let a document be blocked: its bank of VAT codes has no code for it."""
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax_sale_a.id), ("direction", "=", "sale")]
        )
        code = mapping.vat_code_id
        mapping.vat_code_id = False
        row = self.send(move)
        self.assertEqual(row.state, "blocked")
        mapping.vat_code_id = code
        row.sudo().write({"state": "blocked", "queued": False})

    def test_z5_a_period_of_equal_documents_says_so(self):
        header = self.header()
        self.booked(kind="out_refund")
        self.look()
        self.assertEqual(header.standing, "equal")
        self.assertIn("Equal to the cent, 2 documents, looked at today", header.told)
        self.assertEqual((header.here_count, header.there_count), (2, 2))
        self.assertFalse(header.difference)
        self.assertIn(header, header.search([("standing", "=", "equal")]))
        self.assert_sums()
        self.assertIn("21", header.codes_html)
        # Somebody booked by hand: that is not seen before Octopus is read, and then.
        self.enter()
        self.look()
        self.assertEqual((header.standing, header.open_count), ("differs", 1))
        self.assert_found_by(header, "differs")
        self.assertIn("1 of 3 documents", header.told)

    def test_z5_what_octopus_has_and_nobody_read_is_no_equality(self):
        row = self.booked()
        self.look()
        header = self.told(row).comparison_id
        self.enter()
        # Its number was told, the booking was not read.
        self.dossier.sudo().bookyear_ids.journal_year_ids.filtered(
            lambda it: it == row.journal_year_id
        ).last_number += 1
        header.invalidate_recordset()
        self.assertEqual(header.standing, "unread")
        self.assert_found_by(header, "unread")
        self.assertIn("were not read", header.told)

    def test_z5_sums_that_differ_are_found_as_not_equal(self):
        """Each document alone is equal, their sums are not."""
        header = self.header()
        amounts = self.env["octopus.comparison.amount"].sudo()
        amounts.search([("comparison_id", "=", header.id)], limit=1).here_total += 1
        header.invalidate_recordset()
        self.assertEqual((header.open_count, header.standing), (0, "differs"))
        self.assert_found_by(header, "differs")

    def test_z5_reading_anew_tells_what_keeps_it(self):
        comparisons = self.env["octopus.comparison"]
        self.assertEqual(comparisons.action_update()["params"]["type"], "info")
        cron = self.dossier.sudo().pull_cron_id
        cron.active = False
        comparisons.action_update()
        self.assertTrue(cron.active, "else nothing would be read")
        connection = self.dossier.connection_id.sudo()
        connection.state = "rejected"
        with self.failing(UserError) as told:
            comparisons.action_update()
        self.assertIn("does not work now", str(told[0]))
        connection.state = "connected"
        self.company.sudo().octopus_enabled = False
        with self.failing(UserError) as told:
            comparisons.action_update()
        self.assertIn("No company books", str(told[0]))
        self.company.sudo().octopus_enabled = True
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("database.is_neutralized", "True")
        if not connection.stays_here():
            with self.failing(UserError) as told:
                comparisons.action_update()
            self.assertIn("neutralized copy", str(told[0]))

    def test_z5_only_what_changed_is_compared_again(self):
        first, second = self.booked(), self.booked()
        self.look()
        self.assertEqual(BothSides(self.dossier).count_stale(), 0)
        third = self.document()
        self.assertEqual(BothSides(self.dossier).count_stale(), 1)
        self.compare()
        self.assertEqual(self.kind(third), "to_send")
        self.edit(first, amount=Decimal("60.50"))
        self.look()
        self.assertEqual(self.kind(first), "other_amount")
        self.assertEqual(self.kind(second), "equal")
        third.button_draft()
        self.compare()
        self.assertNotIn(third, self.rows().move_id)

    @mute_logger("odoo.addons.octopus_connector.sync.both_sides")
    def test_z5_one_that_cannot_be_compared_hides_no_other(self):
        """It is told as not known, never as equal; compared anew when it changes."""
        bad, good = self.booked(), self.booked()
        self.look()
        payload = bad.payload
        bad.sudo().payload = {**payload, "amount": "a lot"}
        good.sudo().payload = dict(good.payload)
        self.compare()
        self.assertEqual(self.kind(bad), "not_told")
        self.assertEqual(self.told(bad).comparison_id.name, "No journal known")
        self.assertEqual(self.kind(good), "equal")
        bad.sudo().payload = payload
        self.compare()
        self.assertEqual(self.kind(bad), "equal")
        self.assert_sums()

    def test_z5_an_agreed_difference_is_no_equality(self):
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"))
        self.look()
        self.decide(row, "settle", "as agreed")
        self.compare()
        self.assertEqual((row.state, self.kind(row)), ("booked", "other_amount"))
        self.assert_sums()

    def test_z5_a_click_on_a_row_resolves(self):
        row = self.booked()
        waiting = self.document()
        self.edit(row, amount=Decimal("60.50"))
        key = self.enter()
        self.look()
        action = self.told(row).action_solve()
        self.assertEqual(action["res_model"], "octopus.difference")
        by_hand = self.rows().filtered(lambda it: it.entry_id.number == key.number)
        self.assertEqual(by_hand.action_solve()["res_model"], "octopus.journal.entry")
        self.told(waiting).action_solve()
        self.assert_booked(self.row(waiting))
        self.look()
        with self.failing(UserError):
            self.told(self.row(waiting)).action_solve()

    def test_z5_a_foreign_document_compares_booking_amounts(self):
        self.dossier.sudo().exchange_rate_direction = "euro_per_foreign"
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"name": self.today, "currency_id": dollar.id, "rate": 1.25}
        )
        row = self.booked(currency_id=dollar.id)
        self.look()
        told = self.told(row)
        # No feed of documents tells its booking amount: it is calculated, and said so.
        self.assertEqual(told.kind, "in_currency")
        self.assertEqual((told.here_total, told.there_total), (96.8, 96.8))
        header = told.comparison_id
        self.assertEqual(header.standing, "in_currency")
        self.assert_found_by(header, "in_currency")
        self.assertIn("in their currency only", header.told)


class TestBothSidesSoap(TestBothSides):
    transport = "soap"

    def test_z5_soap_tells_no_deletions_and_the_report_says_so(self):
        header = self.header()
        self.assertIn("does not tell what was deleted", header.limits)


class TestFrozen(BothSidesCase):
    def freeze(self, *rows):
        """Freeze the month of a document, else all that is known."""
        headers = self.told(rows[0]).comparison_id if rows else self.headers()
        action = headers.action_freeze()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_z27_a_period_is_frozen_and_changes_since_show(self):
        row, other = self.booked(), self.booked()
        self.look()
        proof = self.freeze(row)
        self.assertEqual(proof.fingerprint, fingerprint(proof.content))
        self.assertTrue(proof.is_intact)
        self.assertFalse(proof.changed_count)
        self.assertEqual((proof.row_count, proof.open_count), (2, 0))
        self.assertIn("Equal to the cent", proof.told)
        self.assertTrue(proof.pdf and proof.xlsx)
        # The same content has the same fingerprint, whoever freezes it when.
        self.assertEqual(self.freeze(row).fingerprint, proof.fingerprint)
        self.edit(row, amount=Decimal("60.50"))
        other.move_id.button_draft()
        self.look()
        proof.invalidate_recordset()
        self.assertEqual(proof.changed_count, 2)
        self.assertIn(row.document_name, proof.changes_text)
        self.assertIn("Other amount", proof.changes_text)
        self.assertNotEqual(self.freeze(row).fingerprint, proof.fingerprint)

    def test_z27_nobody_changes_or_deletes_a_proof(self):
        self.booked()
        self.look()
        proof = self.freeze()
        for someone in (proof, proof.sudo()):
            with self.failing(UserError):
                someone.write({"told": "All is well"})
            with self.failing(UserError):
                someone.unlink()
        # What is changed around Odoo shows.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE octopus_comparison_proof SET content ="
            " jsonb_set(content, '{dossier}', '1') WHERE id = %s",
            [proof.id],
        )
        proof.invalidate_recordset()
        self.assertFalse(proof.is_intact)

    def test_z27_the_spreadsheet_holds_the_documents(self):
        row = self.booked()
        self.look()
        proof = self.freeze(row)
        sheets = proof._sheet()
        self.assertTrue(sheets.startswith(b"PK"))
        [page] = proof.pages()
        headings, rows = proof._document_rows([page])
        self.assertIn([row.document_name, row.octopus_number], [it[2:4] for it in rows])
        self.assertEqual(len(rows[0]), len(headings))
        self.assertEqual(rows[0][7:], [Decimal(it) for it in ("100", "21", "121") * 2])


class TestWho(BothSidesCase):
    """A branch that books in the same journal sees its own documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        groups = "octopus_connector.group_user"
        cls.clerk = new_test_user(
            cls.env,
            "report-clerk",
            groups=groups,
            company_id=cls.branch.id,
            company_ids=[fields.Command.set(cls.branch.ids)],
        )
        cls.master = new_test_user(
            cls.env,
            "report-master",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[fields.Command.set(cls.company.ids)],
        )
        cls.chief = new_test_user(
            cls.env,
            "report-chief",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[fields.Command.set((cls.company | cls.branch).ids)],
        )

    def of(self, user, records):
        companies = user.company_ids.ids
        return records.with_user(user).with_context(allowed_company_ids=companies)

    def test_z5_a_branch_sees_its_own_documents_and_sums_of_nobody_else(self):
        self.env.user.company_ids += self.branch
        self.env.cr.precommit.run()  # gives the branch its accounts
        theirs, mine = self.booked(), self.booked(company_id=self.branch.id)
        self.assertEqual(mine.company_id, self.branch)
        self.enter()
        self.look()
        header = self.told(mine).comparison_id
        self.assertEqual(header, self.told(theirs).comparison_id)
        clerk = self.of(self.clerk, header)
        self.assertEqual((clerk.here_total, clerk.there_total), (121, 121))
        self.assertEqual((clerk.row_count, clerk.standing), (1, "equal"))
        self.assertIn("Only the documents of Branch", clerk.limits)
        rows = self.of(self.clerk, self.env["octopus.comparison.row"]).search([])
        self.assertEqual(rows, self.told(mine))
        amounts = self.of(self.clerk, self.env["octopus.comparison.amount"])
        self.assertEqual(amounts.search([]).row_id, rows)
        with self.failing(AccessError):
            self.of(self.clerk, self.told(theirs)).read(["contact"])
        for user in (self.clerk, self.master):
            with self.failing((AccessError, UserError)):
                self.of(user, header).action_freeze()
        chief = self.of(self.chief, header)
        self.assertFalse(chief.limits)
        self.assertEqual(chief.row_count, 3)

    def test_z27_a_proof_shows_to_who_sees_all_of_it(self):
        self.booked()
        self.look()
        header = self.headers()
        proof = header.action_freeze()
        proof = self.env[proof["res_model"]].browse(proof["res_id"])
        self.assertTrue(self.of(self.chief, proof).read(["told"]))
        with self.failing(AccessError):
            self.of(self.clerk, proof).read(["told"])
