"""The rehearsal of twelve months (Z.11): the verdict of sending, without a call
and without a row."""

import random
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .outbox_case import OutboxCase


class RehearsalCase(OutboxCase):
    def rehearse(self):
        """Rehearse the company to the end; return the rehearsal."""
        self.company.action_rehearse()
        rehearsal = self.env["octopus.rehearsal"]._of(self.company)
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.assertEqual(rehearsal.state, "done")
        return rehearsal

    def line(self, rehearsal, code):
        return rehearsal.line_ids.filtered(lambda it: it.finding["code"] == code)

    def account(self, number):
        return self.dossier.account_ids.filtered(lambda it: it.number == number)

    def unmap(self, move):
        """Take the choice for a document's account back; return its mapping."""
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        mapping.octopus_account_id = False
        return mapping


class TestRehearsal(RehearsalCase):
    def test_z11_nothing_is_called_and_nothing_is_left(self):
        moves = self.document() | self.document("in_invoice")
        before = self.env["octopus.booking"].search_count([])
        self.env["octopus.call"].sudo().search([]).unlink()
        self.rehearse()
        self.assertFalse(self.env["octopus.call"].sudo().search_count([]))
        self.assertFalse(self.calls())
        self.assertEqual(self.env["octopus.booking"].search_count([]), before)
        self.assertFalse(any(moves.octopus_booking_ids.mapped("queued")))

    def test_z11_documents_of_before_the_start_get_no_row(self):
        self.company.octopus_start_date = self.today
        old = self.document(invoice_date=self.today - timedelta(days=60))
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.total, 1)
        self.assertFalse(old.octopus_booking_ids)

    def test_z11_each_missing_thing_has_its_documents_and_amount(self):
        moves = self.document() | self.document(lines=[(200.0, None)])
        good = self.document("in_invoice")
        self.unmap(moves[0])
        rehearsal = self.rehearse()
        line = self.line(rehearsal, "account_not_mapped")
        self.assertEqual((line.kind, line.document_count), ("account", 2))
        amount = sum(Decimal(str(it.amount_total)) for it in moves)
        self.assertEqual(Decimal(str(line.amount)), amount)
        self.assertEqual(line.move_ids, moves)
        self.assertNotIn(good, rehearsal.line_ids.move_ids)
        self.assertIn("33.3 % of 3 documents", rehearsal.score_text)
        self.assertIn("1 account", rehearsal.score_text)

    def test_z11_a_choice_raises_the_score_at_once(self):
        move, _good = self.document(), self.document("in_invoice")
        mapping = self.unmap(move)
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 50)
        account = self.dossier.account_ids.filtered(lambda it: it.number == 700000)
        line = self.line(rehearsal, "account_not_mapped")
        line.octopus_account_id = account
        self.assertEqual(mapping.octopus_account_id, account)
        self.assertEqual((mapping.state, line.document_count), ("accepted", 0))
        self.assertEqual((rehearsal.score, rehearsal.stopped_count), (100, 0))
        self.assertFalse(self.calls())

    def test_z11_an_administrator_chooses_in_the_form(self):
        mapping = self.unmap(self.document())
        rehearsal = self.rehearse()
        manager = new_test_user(
            self.env,
            "chooser",
            "octopus_connector.group_manager",
            company_id=self.company.id,
        )
        account = self.dossier.account_ids.filtered(lambda it: it.number == 700000)
        with (
            Form(rehearsal.with_user(manager)) as form,
            form.line_ids.edit(0) as line,
        ):
            line.octopus_account_id = account
        self.assertEqual(mapping.octopus_account_id, account)
        self.assertEqual(rehearsal.score, 100)

    def test_z11_a_choice_in_the_list_of_accounts_raises_the_score_at_once(self):
        """Where a mapping is written the rehearsal hears of it, as of its own rows."""
        move, _good = self.document(), self.document("in_invoice")
        mapping = self.unmap(move)
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 50)
        mapping.octopus_account_id = self.account(700000)
        self.assertEqual((rehearsal.score, rehearsal.stopped_count), (100, 0))
        self.assertEqual(self.line(rehearsal, "account_not_mapped").document_count, 0)
        self.assertFalse(self.calls())

    def test_z11_a_choice_in_the_other_lists_raises_the_score_at_once(self):
        """Taxes and cost centres as they are accepted, also all together; a journal
        that is named for the first time."""
        move = self.document()
        tax = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", move.invoice_line_ids.tax_ids.id)]
        )
        tax.write({"vat_code_id": False, "refund_vat_code_id": False})
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 0)
        self.env["octopus.tax.mapping"].propose_for(self.company)
        self.assertEqual((tax.state, rehearsal.score), ("proposed", 0))
        self.env["octopus.tax.mapping"].action_accept_all()
        self.assertEqual((tax.state, rehearsal.score), ("accepted", 100))

    def test_z11_a_journal_that_is_mapped_raises_the_score_at_once(self):
        move = self.document()
        self.company.octopus_out_invoice_journal_id = False
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 0)
        self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": move.journal_id.id,
                "octopus_journal_id": self.dossier.journal_ids.filtered(
                    lambda it: it.key == "V1"
                ).id,
            }
        )
        self.assertEqual(rehearsal.score, 100, rehearsal.line_ids.mapped("name"))

    def test_z11_a_journal_of_the_settings_raises_the_score_at_once(self):
        self.document()
        journal = self.company.octopus_out_invoice_journal_id
        self.company.octopus_out_invoice_journal_id = False
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 0)
        self.company.octopus_out_invoice_journal_id = journal
        self.assertEqual(rehearsal.score, 100)

    def test_z11_what_is_emptied_lowers_the_score_at_once(self):
        """It never tells that documents would pass which stop by now."""
        moves = self.document() | self.document("in_invoice")
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 100)
        mapping = self.unmap(moves[0])
        self.assertEqual(rehearsal.score, 50)
        mapping.octopus_account_id = self.account(700000)
        self.assertEqual(rehearsal.score, 100)
        tax = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", moves[1].invoice_line_ids.tax_ids.id)]
        )
        tax.write({"vat_code_id": False, "refund_vat_code_id": False})
        line = self.line(rehearsal, "tax_not_mapped")
        self.assertEqual((rehearsal.score, line.move_ids), (50, moves[1]))
        journals = self.env["octopus.journal.mapping"]
        override = journals.create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": moves[0].journal_id.id,
                "octopus_journal_id": self.company.octopus_out_invoice_journal_id.id,
            }
        )
        self.company.octopus_out_invoice_journal_id = False
        self.assertEqual(rehearsal.score, 50)
        override.octopus_journal_id = False
        self.assertEqual(rehearsal.score, 0)

    def test_z11_many_documents_of_a_choice_are_looked_at_in_the_background(self):
        """A choice in a list waits for none of them, and the queries are as many."""
        module = "odoo.addons.octopus_connector.models.octopus_rehearsal_follow"
        self.patch(__import__(module, fromlist=["BESIDE"]), "BESIDE", 0)
        moves = self.document() | self.document()
        mapping = self.unmap(moves[0])
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 0)
        mapping.octopus_account_id = self.account(700000)
        self.assertEqual((rehearsal.score, rehearsal.state), (0, "running"))
        self.assertEqual(rehearsal.again, moves.ids)
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.assertEqual((rehearsal.score, rehearsal.state), (100, "done"))
        self.assertFalse(rehearsal.again)

    def test_z11_a_choice_on_a_line_is_looked_at_once(self):
        """Nothing is left for the background when all its documents were looked at."""
        module = "odoo.addons.octopus_connector.models.octopus_rehearsal_follow"
        self.patch(__import__(module, fromlist=["BESIDE"]), "BESIDE", 0)
        move = self.document()
        mapping = self.unmap(move)
        rehearsal = self.rehearse()
        line = self.line(rehearsal, "account_not_mapped")
        line.octopus_account_id = self.account(700000)
        self.assertEqual((rehearsal.score, rehearsal.state), (100, "done"))
        self.unmap(move)
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.env["octopus.account.mapping"].propose_for(self.company)
        self.assertEqual((mapping.state, rehearsal.score), ("proposed", 0))
        rehearsal.action_accept_proposals()
        self.assertEqual((rehearsal.score, rehearsal.state), (100, "done"))

    def test_z11_a_spreadsheet_of_mappings_is_followed_once(self):
        """Not row by row, and not while somebody only looks at it."""
        moves = self.document() | self.document("in_invoice")
        sheet = self.opened_sheet()
        mappings = self.unmap(moves[0]) | self.unmap(moves[1])
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 0)
        looked = []
        models_ = type(self.env["octopus.rehearsal"])
        look = models_._look

        def counted(rehearsal, documents, rehearser):
            looked.append(documents)
            return look(rehearsal, documents, rehearser)

        self.patch(models_, "_look", counted)
        sheet.action_preview()
        self.assertFalse(looked)
        sheet.action_apply()
        self.assertEqual(mappings.mapped("state"), ["accepted"] * 2)
        self.assertEqual((rehearsal.score, len(looked)), (100, 1))

    def opened_sheet(self):
        """The mappings as they are now, as a file to put in."""
        sheets = self.env["octopus.mapping.sheet"]
        sheet = sheets.browse(sheets.action_open()["res_id"])
        sheet.upload = sheet.data
        return sheet

    def test_z11_mappings_that_are_made_together_are_followed(self):
        moves = self.document() | self.document("in_invoice")
        mappings = self.unmap(moves[0]) | self.unmap(moves[1])
        rehearsal = self.rehearse()
        values = [
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "account_id": account.id,
                "octopus_account_id": self.account(number).id,
            }
            for account, number in zip(
                moves.invoice_line_ids.account_id, (700000, 604000), strict=True
            )
        ]
        mappings.unlink()
        made = self.env["octopus.account.mapping"].create(values)
        self.assertEqual(made.mapped("state"), ["accepted"] * 2)
        self.assertEqual((rehearsal.score, rehearsal.stopped_count), (100, 0))

    def test_z11_a_cause_that_the_background_notes_too_refuses_no_choice(self):
        """The line that another transaction made is not seen here: the documents are
        looked at once more in the background."""
        move = self.document()
        rehearsal = self.rehearse()
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        key = f" account_not_mapped octopus.account.mapping {mapping.id}"
        self.assertFalse(rehearsal.line_ids)
        self.env.cr.execute(
            "INSERT INTO octopus_rehearsal_line (rehearsal_id, company_id, key, kind)"
            " VALUES (%s, %s, %s, 'account')",
            [rehearsal.id, self.company.id, key],
        )
        mapping.octopus_account_id = False
        self.assertFalse(mapping.octopus_account_id)
        self.assertEqual((rehearsal.state, rehearsal.again), ("running", move.ids))
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.assertEqual((rehearsal.state, rehearsal.stopped_count), ("done", 1))
        self.assertEqual(rehearsal.line_ids.mapped("key"), [key])

    def test_z11_a_mapping_that_is_deleted_lowers_the_score_at_once(self):
        self.document()
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.score, 100)
        mappings = self.env["octopus.account.mapping"]
        mappings.search([("company_id", "=", self.company.id)]).unlink()
        self.assertEqual((rehearsal.score, rehearsal.stopped_count), (0, 1))

    def test_z11_what_was_not_reached_yet_does_not_count(self):
        """What is emptied while the first pass goes on: the score is of what was
        looked at."""
        move = self.document()
        self.company.action_rehearse()
        rehearsal = self.env["octopus.rehearsal"]._of(self.company)
        self.unmap(move)
        self.assertEqual((rehearsal.stopped_count, rehearsal.score), (0, 0))
        self.assertFalse(rehearsal.again)
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.assertEqual((rehearsal.done_count, rehearsal.stopped_count), (1, 1))

    def test_z11_a_choice_does_not_replace_a_whole_look(self):
        """What waits for a look at its contact goes on waiting when a choice is
        made."""
        nowhere = self.env["res.partner"].create(
            {"name": "Nowhere", "is_company": True, "country_id": False}
        )
        move = self.document(partner_id=nowhere.id)
        mapping = self.unmap(move)
        rehearsal = self.rehearse()
        nowhere.country_id = self.env.ref("base.be")
        rehearsal.look_again_at(move, at_once=0)
        mapping.octopus_account_id = self.account(700000)
        self.assertEqual((rehearsal.state, rehearsal.again), ("running", move.ids))
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        self.assertFalse(self.line(rehearsal, "country_missing").document_count)
        self.assertFalse(rehearsal.again)

    def test_z11_what_a_choice_does_not_mend_stays(self):
        """Another cause of the same document, and a worse choice, are told at once."""
        move = self.document()
        self.unmap(move)
        tax = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", move.invoice_line_ids.tax_ids.id)]
        )
        tax.write({"vat_code_id": False, "refund_vat_code_id": False})
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.stopped_count, 1)
        self.assertEqual(len(rehearsal.line_ids), 2)
        line = self.line(rehearsal, "account_not_mapped")
        line.octopus_account_id = self.dossier.account_ids[:1]
        self.assertEqual(rehearsal.stopped_count, 1)
        line = self.line(rehearsal, "tax_not_mapped")
        codes = self.dossier.vat_code_ids
        line.vat_code_id = codes.filtered(
            lambda it: it.type == "sell" and it.code == "21"
        )
        self.assertTrue(tax.refund_vat_code_id)
        self.assertEqual(rehearsal.stopped_count, 0, rehearsal.line_ids.mapped("name"))

    def test_z11_a_choice_says_nothing_of_contacts(self):
        nowhere = self.env["res.partner"].create(
            {"name": "Nowhere", "is_company": True, "country_id": False}
        )
        self.unmap(self.document(partner_id=nowhere.id))
        rehearsal = self.rehearse()
        line = self.line(rehearsal, "account_not_mapped")
        line.octopus_account_id = self.dossier.account_ids.filtered(
            lambda it: it.number == 700000
        )
        self.assertEqual(line.document_count, 0)
        self.assertEqual(rehearsal.stopped_count, 1)
        self.assertEqual(self.line(rehearsal, "country_missing").document_count, 1)

    def test_z11_proposals_are_accepted_together(self):
        move = self.document()
        mapping = self.unmap(move)
        self.env["octopus.account.mapping"].propose_for(self.company)
        self.assertEqual(mapping.state, "proposed")
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.stopped_count, 1)
        rehearsal.action_accept_proposals()
        self.assertEqual((mapping.state, rehearsal.score), ("accepted", 100))

    def close_period_of(self, move):
        """Close what a sale is in, as the accountant does."""
        year = self.dossier.bookyear_ids.filtered(lambda it: not it.closed)
        period = year.period_ids.filtered(
            lambda it: it.date_start <= move.date <= it.date_end
        )
        self.set_journal("V1", protected_period=period.number)
        self.refresh()

    def test_z11_a_closed_period_does_not_lower_the_score(self):
        """What the accountant closed will not be open again; the next document of that
        kind goes."""
        self.close_period_of(self.document())
        rehearsal = self.rehearse()
        self.assertEqual((rehearsal.score, rehearsal.closed_count), (100, 1))
        self.assertIn("closed in Octopus", rehearsal.score_text)

    def test_z11_a_closed_period_is_one_line_whatever_else_stops_a_document(self):
        move = self.document()
        nowhere = self.env["res.partner"].create({"name": "Nowhere"})
        self.document(partner_id=nowhere.id)
        self.close_period_of(move)
        rehearsal = self.rehearse()
        line = self.line(rehearsal, "period_protected")
        self.assertEqual(line.mapped("kind"), ["closed"])
        self.assertEqual(line.document_count, 2)
        self.assertEqual((rehearsal.closed_count, rehearsal.stopped_count), (1, 1))

    def test_z11_it_goes_on_where_its_time_ended(self):
        """Batch by batch, each in a transaction of its own."""
        for _number in range(3):
            self.document()
        module = "odoo.addons.octopus_connector.models.octopus_rehearsal"
        self.patch(__import__(module, fromlist=["BATCH"]), "BATCH", 2)
        rehearsal = self.rehearse()
        self.assertEqual((rehearsal.total, rehearsal.done_count), (3, 3))

    def test_z11_it_is_called_again_until_it_is_done(self):
        """When the time of the action ends after the last batch, something remains:
        else nobody would call it again to end it."""
        self.document()
        self.company.action_rehearse()
        rehearsal = self.env["octopus.rehearsal"].sudo()._of(self.company)
        told = []

        def no_time(_cron, _processed=0, *, remaining=None, **_more):
            told.append((rehearsal.state, remaining))
            return 0

        with patch.object(type(self.env["ir.cron"]), "_commit_progress", no_time):
            for _round in range(3):
                rehearsal._cron_rehearse()
        self.assertEqual([state for state, _left in told], ["running", "done"])
        self.assertEqual([left > 0 for _state, left in told], [True, False])

    def test_z11_who_may(self):
        user = new_test_user(
            self.env,
            "rehearser",
            "octopus_connector.group_user,account.group_account_invoice",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.company.with_user(user).action_rehearse()
        other = self.env["res.company"].create({"name": "Unlinked"})
        self.env.user.company_ids += other
        with self.assertRaisesRegex(UserError, "No company here is linked"):
            other.action_rehearse()
        rehearsal = self.rehearse()
        self.assertTrue(rehearsal.with_user(user).score_text)
        with self.assertRaises(AccessError):
            rehearsal.with_user(user).action_accept_proposals()


class TestVerdict(RehearsalCase):
    """The rehearsal says what sending does, for random documents."""

    seed = 20261201
    count = 24

    def draw(self, dice):
        """Return a random document: kind, tax, account, contact, date, currency."""
        kind = dice.choice(["out_invoice", "out_refund", "in_invoice", "in_refund"])
        data = self.company_data
        side = "revenue" if kind.startswith("out") else "expense"
        accounts = [data[f"default_account_{side}"], self.unknown[side]]
        taxes = [None, self.env["account.tax"], self.unmapped[side]]
        lines = [
            {
                "price_unit": dice.randint(1, 99_999) / 100,
                "account_id": dice.choice(accounts).id,
                **self.tax_of(kind, dice.choice(taxes)),
            }
            for _line in range(dice.randint(1, 3))
        ]
        return self.document(
            kind,
            lines,
            partner_id=dice.choice(self.partners).id,
            invoice_date=self.today - timedelta(days=dice.choice([0, 0, 0, 30, 300])),
        )

    def tax_of(self, kind, tax):
        sale = kind.startswith("out")
        default = self.tax_sale_a if sale else self.tax_purchase_a
        tax = default if tax is None else tax
        return {"tax_ids": [(6, 0, tax.ids)]}

    def prepare(self):
        accounts = self.env["account.account"]
        self.unknown = {
            side: accounts.create({"name": side, "code": code, "account_type": type_})
            for side, code, type_ in (
                ("revenue", "798765", "income"),
                ("expense", "698765", "expense"),
            )
        }
        self.unmapped = {
            "revenue": self.tax_sale_a.copy({"name": "Odd sale", "amount": 17}),
            "expense": self.tax_purchase_a.copy({"name": "Odd buy", "amount": 17}),
        }
        nowhere = self.env["res.partner"].create(
            {"name": "Without country", "is_company": True, "country_id": False}
        )
        fresh = self.env["res.partner"].create(
            {"name": "New one", **self.belgian_company("BE0403170701")}
        )
        self.partners = [self.partner_a, self.partner_b, nowhere, fresh]

    def test_z11_the_verdict_is_that_of_the_real_sending(self):
        self.prepare()
        dice = random.Random(self.seed)
        moves = self.env["account.move"].union(
            *(self.draw(dice) for _number in range(self.count))
        )
        rehearsal = self.rehearse()
        stopped = rehearsal.line_ids.move_ids
        told = {
            move: {
                line.finding["code"]
                for line in rehearsal.line_ids
                if move in line.move_ids
            }
            for move in moves
        }
        self.queue(moves)
        self.push()
        for move in moves:
            row = self.row(move)
            self.assertEqual(row.state != "booked", move in stopped, row.findings)
            if row.state != "booked":
                self.assertIn(row.cause, told[move])
        self.assertTrue(stopped)
        self.assertTrue(moves - stopped)


class TestVerdictSoap(TestVerdict):
    transport = "soap"
    seed = 7
