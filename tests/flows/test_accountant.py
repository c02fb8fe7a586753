"""The accountant's page: what it tells, and what can be done there (Z.16, Z.6, X.2)."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from unittest.mock import patch
from urllib.parse import quote_plus

from babel.dates import format_date

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.mail.tests.common import MockEmail
from odoo.addons.octopus_connector.core.differences import Difference
from odoo.addons.octopus_connector.prepare import accountant_page
from odoo.addons.octopus_connector.prepare.accountant_page import AccountantPage

from octopus_sandbox.seed import demo

from .accountant_case import AccountantCase
from .outbox_case import JOURNALS


class TestPage(AccountantCase):
    def test_z16_the_page_tells_what_waits_and_what_to_open(self):
        rows = self.held()
        words = self.words(self.look())
        place = f"Journal V1, bookyear {self.first.start.year}, period"
        self.assertIn(place, words)
        self.assertIn("Management > Journals, journal V1", words)
        total = sum(rows.move_id.mapped("amount_total"))
        self.assertIn(f"2 documents, {total:.2f} €", words)
        for row in rows:
            self.assertIn(row.document_name, words)

    def test_z16_the_page_tells_what_was_sent(self):
        row = self.send(self.document())
        words = self.words(self.look())
        self.assertIn(f"V1/{row.number}", words)
        self.assertIn(row.document_name, words)
        self.assertIn("Nothing waits for you", words)

    def test_z16_the_page_tells_both_sides_of_a_difference(self):
        row = self.send(self.document())
        row.sudo().write(
            {
                "state": "differs",
                "differences": [
                    {"what": "amount", "here": "121.00", "there": "120.00", "code": ""}
                ],
            }
        )
        words = self.words(self.look())
        self.assertIn("Amount 121.00 EUR 120.00 EUR", words)

    def test_z16_the_page_tells_every_kind_of_difference(self):
        row = self.send(self.document())
        found = (
            ("amount", "121.00", "120.00", ""),
            ("currency", "EUR", "USD", ""),
            ("date", "2026-01-01", "2026-01-02", ""),
            ("relation", "7", "8", ""),
            ("vat", "21.00", "6.00", "6"),
            ("cost_centre", "50.00", "0.00", "3"),
            ("cost_centre", "50.00", "100.00", ""),
            ("what comes later", "a", "b", ""),
        )
        names = ("what", "here", "there", "code")
        told = [dict(zip(names, it, strict=True)) for it in found]
        row.sudo().write({"state": "differs", "differences": told})
        answer = self.look()
        self.assertEqual(answer.status_code, 200)
        words = self.words(answer)
        for side in (
            "Amount 121.00 EUR 120.00 USD",
            "Currency EUR USD",
            "Date 01/01/2026 01/02/2026",
            "Relation 7 8",
            "VAT 6 21.00 EUR 6.00 USD",
            "Cost centre 3 50.00 EUR 0.00 USD",
            "Without cost centre 50.00 EUR 100.00 USD",
            "What comes later a b",
        ):
            self.assertIn(side, words)
        # A difference of cost centres alone, as the comparison stores it.
        one = Difference("cost_centre", "50.00", "100.00").as_json()
        row.sudo().differences = [one]
        self.assertIn(
            "Without cost centre 50.00 EUR 100.00 EUR", self.words(self.look())
        )

    def test_z16_each_group_names_some_and_says_how_many_more(self):
        """Many that wait for one thing hide none of what waits for another."""
        self.held(3)
        self.policy("refuse")
        self.books.accountant.close_year(self.before.id)
        other = self.send(self.early(self.before.end))
        with patch.object(accountant_page, "IN_GROUP", 2):
            words = self.words(self.look())
        self.assertIn("and 1 more", words)
        self.assertIn(other.document_name, words)
        with patch.object(accountant_page, "GROUPS", 1):
            page = AccountantPage(self.dossier.sudo())
            [_one], more = page.waiting()
        self.assertEqual(more, "and 1 more")

    def test_z16_more_questions_than_are_shown(self):
        move = self.document()
        questions = self.env["octopus.accountant.question"]
        for text in ("First?", "Second?", "Third?"):
            questions.ask(move, text)
        with patch.object(accountant_page, "NAMED", 2):
            page = AccountantPage(self.dossier.sudo())
            asked, more = page.questions()
        self.assertEqual((len(asked), more), (2, "and 1 more"))
        facts = accountant_page.mail_facts(self.dossier.sudo())
        self.assertEqual(facts["questions"], 3)

    def test_z16_x2_reopened_lets_the_basket_go(self):
        rows = self.held(3)
        page = self.look()
        [form] = self.forms(page, "reopened")
        self.protect()
        looks = len(self.calls(JOURNALS))
        answer = self.post(form)
        self.assertEqual(answer.status_code, 200)
        words = self.words(answer)
        self.assertIn("Octopus is being asked", words)
        self.assertIn("Journal V1, bookyear", words)
        self.assertNotIn("False", words)
        self.push()
        for row in rows:
            self.assert_booked(row)
        self.assertEqual(len(self.calls(JOURNALS)), looks + 1)
        self.assertIn("Nothing waits for you", self.words(self.look()))
        noted = self.link_row.look_ids.filtered(lambda it: it.act == "reopened")
        self.assertEqual(len(noted), 1)

    def test_z16_x2_what_is_still_closed_is_told_truthfully(self):
        rows = self.held()
        [form] = self.forms(self.look(), "reopened")
        self.post(form)
        self.push()
        self.assertEqual(set(rows.mapped("state")), {"waiting"})
        words = self.words(self.look())
        self.assertIn("there it is still closed", words)
        self.assertNotIn("is being asked", words)

    def test_z16_a_click_again_and_again_costs_one_reading(self):
        self.held()
        [form] = self.forms(self.look(), "reopened")
        looks = len(self.calls(JOURNALS))
        for _click in range(3):
            self.post(form)
            self.push()
        self.assertEqual(len(self.calls(JOURNALS)), looks + 1)

    def test_z16_what_waits_no_more_is_not_let_go(self):
        rows = self.held(1)
        [form] = self.forms(self.look(), "reopened")
        self.protect()
        rows.move_id.action_octopus_send()
        self.assert_booked(rows)
        answer = self.post(form)
        self.assertEqual(answer.status_code, 409)
        self.assert_booked(rows)

    def test_z16_the_page_speaks_the_languages_that_are_installed(self):
        for code in ("nl", "fr", "de"):
            name = f"{code}_DE" if code == "de" else f"{code}_BE"
            self.env["res.lang"]._activate_lang(name)
            today = fields.Date.today()
            month = format_date(today, "MMMM yyyy", locale=name)
            with self.subTest(code):
                answer = self.look(lang=code)
                self.assertIn(f'<html lang="{code}"', answer.text)
                self.assertIn(month, self.words(answer))
        self.assertIn('<html lang="en"', self.look(lang="pl").text)


class TestPageSoap(TestPage):
    """The same over SOAP."""

    transport = "soap"


class TestQuestions(AccountantCase):
    def ask(self, move, text="Which account?"):
        dialog = move.action_octopus_ask_accountant()
        dialog = self.env["octopus.accountant.ask"].browse(dialog["res_id"])
        dialog.question = text
        dialog.action_ask()
        return self.env["octopus.accountant.question"].search(
            [("move_id", "=", move.id)], limit=1
        )

    def test_z16_the_answer_comes_to_the_document_and_to_who_asked(self):
        move = self.document()
        question = self.ask(move)
        page = self.look()
        self.assertIn("Which account?", self.words(page))
        [form] = self.forms(page, "answer")
        answer = self.post({**form, "answer": "On 700100 <b>please</b>"})
        self.assertEqual(answer.status_code, 200)
        self.assertIn("On 700100 <b>please</b>", self.words(answer))
        self.assertEqual(question.state, "answered")
        self.assertEqual(self.forms(answer, "answer"), [])
        [told] = move.message_ids.filtered(lambda it: "On 700100" in it.body)
        self.assertNotIn("<b>please", told.body)
        self.assertEqual(told.author_id, self.accountant)
        [activity] = move.activity_ids
        self.assertEqual(activity.user_id, self.env.user)
        self.assertIn("On 700100", activity.summary)

    def test_z16_a_question_is_answered_once(self):
        question = self.ask(self.document())
        [form] = self.forms(self.look(), "answer")
        self.post({**form, "answer": "First"})
        answer = self.post({**form, "answer": "Second"})
        self.assertEqual(answer.status_code, 409)
        self.assertEqual(question.answer, "First")

    def test_z16_a_question_that_never_was_is_told_as_gone(self):
        question = self.ask(self.document())
        [form] = self.forms(self.look(), "answer")
        for other in ("0", "x", "9" * 30, ""):
            wrong = {**form, "question": other, "answer": "Yes"}
            self.assertEqual(self.post(wrong).status_code, 409, other)
        self.assertEqual(question.state, "open")

    def test_z16_an_empty_answer_closes_nothing(self):
        question = self.ask(self.document())
        [form] = self.forms(self.look(), "answer")
        self.assertEqual(self.post({**form, "answer": "  "}).status_code, 409)
        self.assertEqual(question.state, "open")

    def test_z16_what_is_not_needed_any_more_is_not_shown(self):
        self.ask(self.document()).action_withdraw()
        self.assertNotIn("Which account?", self.words(self.look()))


class TestMail(AccountantCase, MockEmail):
    """Z.16: one mail a week or on demand, never a flood."""

    def weekly(self, days=0):
        """Run the scheduled action, some days from now."""
        cron = self.env.ref("octopus_connector.cron_accountant_mail")
        with self.mock_mail_gateway(), self.at(days):
            self.run_cron(cron)
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        return list(self._mails)

    def at(self, days):
        day = fields.Date.today() + timedelta(days=days)
        return patch.object(fields.Date, "context_today", return_value=day)

    def choose(self, days=0):
        day = fields.Date.today() + timedelta(days=days)
        self.dossier.accountant_weekday = str(day.weekday())

    def test_z16_nothing_goes_that_nobody_chose(self):
        self.held()
        self.assertEqual(self.weekly(), [])

    def test_z16_one_mail_a_week(self):
        self.held()
        self.choose()
        [mail] = self.weekly()
        self.assertEqual(mail["email_to"], ['"Kantoor Peeters" <an@peeters.example>'])
        self.assertIn("Management &gt; Journals", mail["body"])
        self.assertEqual(self.weekly(), [])
        for day in range(1, 7):
            self.choose(day)
            self.assertEqual(self.weekly(day), [], day)
        self.choose()
        self.assertEqual(len(self.weekly(7)), 1)

    def test_z16_no_mail_where_nothing_is_to_tell(self):
        self.choose()
        self.assertEqual(self.weekly(), [])

    def test_z16_no_mail_on_another_day_or_through_no_link(self):
        self.held()
        self.choose(1)
        self.assertEqual(self.weekly(), [])
        self.choose()
        self.link_row.action_revoke()
        self.assertEqual(self.weekly(), [])

    def test_z16_the_mail_holds_a_link_and_the_database_none(self):
        self.held()
        self.choose()
        [mail] = self.weekly()
        base = f"{self.link_row.get_base_url()}{self.address_with('')}"
        token = mail["body"].split(base)[1].split('"')[0]
        self.assertEqual(len(token), 43)
        self.assertEqual(self.look(self.address_with(token)).status_code, 200)
        self.assert_nowhere(token)

    def test_z16_an_answer_that_quotes_the_link_keeps_no_token(self):
        self.held()
        self.choose()
        [mail] = self.weekly()
        base = f"{self.link_row.get_base_url()}{self.address_with('')}"
        token = mail["body"].split(base)[1].split('"')[0]
        sent = self.link_row.message_ids[:1]
        address = f"{base}{token}"
        for number, quoted in enumerate((address, quote_plus(address))):
            reply = EmailMessage()
            reply["From"] = self.accountant.email
            reply["To"] = "octopus@company.example"
            reply["Subject"] = f"Re: {address}"
            reply["Message-Id"] = f"<answer-{number}@peeters.example>"
            reply["In-Reply-To"] = sent.message_id
            link = f'<a href="https://safe.example/?url={quoted}">{quoted}</a>'
            reply.set_content(f"Done.\n> {quoted}")
            reply.add_alternative(f"<p>Done.</p>{link}", subtype="html")
            quoting = EmailMessage()
            quoting.set_content(f"You wrote {quoted}", cte="base64")
            reply.add_attachment(quoting)
            reply.add_attachment(quoted, filename="notes.txt")
            with self.mock_mail_gateway():
                thread = self.env["mail.thread"].message_process(None, bytes(reply))
            self.assertEqual(thread, self.link_row.id)
            answer = self.link_row.message_ids[:1]
            self.assertEqual(answer.message_id, reply["Message-Id"])
            self.assertIn("Done.", answer.body)
            self.assertIn("your-link", answer.body)
            texts = answer.attachment_ids.mapped("raw")
            texts += [message_from_bytes(it).get_payload(decode=True) for it in texts]
            quoting = [text for text in texts if b"71001" in (text or b"")]
            self.assertGreaterEqual(len(quoting), 3, "as text, as mail, and in it")
            for text in quoting:
                self.assertNotIn(token.encode(), text)
            self.assert_nowhere(token)

    def assert_nowhere(self, token):
        """No table of the database holds a text."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
            " AND data_type IN ('character varying', 'text', 'jsonb')"
            " AND table_name SIMILAR TO '(mail|octopus|account_move|ir_attach)%'"
        )
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE %s LIMIT 1',
                [f"%{token}%"],
            )
            self.assertFalse(self.env.cr.fetchall(), f"{table}.{column}")

    def test_z16_no_link_goes_to_another_address(self):
        self.held()
        self.choose()
        self.accountant.email = "thief@example.com"
        [mail] = self.weekly()
        self.assertIn("your-link", mail["body"])
        self.assertEqual(len(self.link_row.sudo().token_ids), 1)

    def test_z6_a_person_writes_when_they_want(self):
        self.held()
        action = self.env["octopus.reopen"].action_mail()
        composer = self.env["mail.compose.message"].with_context(**action["context"])
        with self.mock_mail_gateway():
            composer.create({})._action_send_mail()
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
        [mail] = self._mails
        self.assertIn("journal V1", mail["body"])
        self.assertNotIn("your-link", mail["body"])
        self.assertTrue(self.link_row.mailed_at)
        self.assertFalse(self.dossier.accountant_mailed_on)


class TestReopenList(AccountantCase):
    def test_z6_a_mail_goes_to_the_accountant_of_the_rows(self):
        self.held()
        rows = self.env["octopus.reopen"].search([])
        elsewhere = self.dossier_of(demo.THIRD)
        company = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += company
        company.sudo().write(
            {"octopus_enabled": True, "octopus_dossier_id": elsewhere.id}
        )
        both = [self.company.id, company.id]
        there = self.env["octopus.reopen"].with_company(company)
        there = there.with_context(allowed_company_ids=[*reversed(both)])
        action = rows.with_env(there.env).action_mail()
        self.assertEqual(action["context"]["default_res_ids"], self.link_row.ids)
        with self.assertRaisesRegex(UserError, "Nobody has a link"):
            there.action_mail()
        row = rows[0].outbox_rows()[0]
        row.write({"dossier_id": elsewhere.id, "company_id": company.id})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "of several dossiers"):
            rows.with_env(there.env).action_mail()

    def test_z6_of_several_accountants_one_is_chosen(self):
        self.held()
        other = self.env["res.partner"].create(
            {"name": "Other", "email": "other@peeters.example"}
        )
        link, _address = self.give_access(self.dossier, partner_id=other.id)
        action = self.env["octopus.reopen"].search([]).action_mail()
        self.assertEqual(action["res_model"], "octopus.accountant.link")
        found = self.env["octopus.accountant.link"].search(action["domain"])
        self.assertEqual(found, link | self.link_row)

    def test_z6_the_list_tells_what_to_open(self):
        rows = self.held()
        waiting = self.env["octopus.reopen"].search([])
        self.assertEqual(waiting.move_id, rows.move_id)
        year = str(self.first.start.year)
        for row in waiting:
            self.assertEqual(row.journal, "V1")
            self.assertEqual(
                row.bookyear,
                self.dossier.bookyear_ids.filtered(
                    lambda it: it.date_start.year == self.first.start.year
                ).name,
            )
            self.assertEqual(row.period, self.first.number)
            self.assertEqual(row.amount, row.move_id.amount_total)
            self.assertIn(year, row.vat_return)
        groups = self.env["octopus.reopen"]._read_group(
            [], ["journal", "bookyear", "period"], ["__count", "amount:sum"]
        )
        [(*_place, count, amount)] = groups
        self.assertEqual(count, 2)
        self.assertAlmostEqual(amount, sum(rows.move_id.mapped("amount_total")))

    def test_z6_a_closed_bookyear_and_a_refused_document_are_in_it(self):
        self.policy("refuse")
        self.books.accountant.close_year(self.before.id)
        row = self.send(self.early(self.before.end))
        self.assert_held(row, "blocked", "bookyear_closed")
        [waiting] = self.env["octopus.reopen"].search([])
        self.assertEqual(waiting.cause, "bookyear_closed")
        self.books.accountant.close_year(self.before.id, False)
        [form] = self.forms(self.look(), "reopened")
        self.post(form)
        self.push()
        self.assert_booked(row)

    def test_z6_what_waits_for_others_is_not_in_it(self):
        move = self.document()
        move.partner_id.vat = False
        row = self.row(move).sudo()
        row.write({"state": "blocked", "cause": "partner_missing", "queued": True})
        self.assertFalse(self.env["octopus.reopen"].search([]))
