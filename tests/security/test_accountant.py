"""The accountant's page gives nothing to who has no link, and nothing that is not of
the dossier to who has one (Z.16)."""

import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core.accountant_access import new_token
from odoo.addons.octopus_connector.models.octopus_accountant_look import (
    MOST_ACTS,
    MOST_LOOKS,
    MOST_REFUSED,
)
from odoo.addons.octopus_connector.prepare.accountant_page import AccountantPage

from octopus_sandbox.seed import demo

from ..flows.accountant_case import AccountantCase

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "frame-ancestors 'none'",
}


class TestTokens(AccountantCase):
    def assert_same_as_nothing(self, path):
        """A path has the same answer as one that never was."""
        nothing = self.look(self.address_with(new_token()))
        answer = self.look(path)
        self.assertEqual(nothing.status_code, 404)
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(answer.text, nothing.text)
        self.assert_headers(answer)

    def assert_headers(self, answer):
        for name, value in HEADERS.items():
            self.assertIn(value, answer.headers.get(name, ""), name)

    def test_z16_a_link_opens_the_page(self):
        answer = self.look()
        self.assertEqual(answer.status_code, 200)
        self.assert_headers(answer)
        self.assertNotIn("<script", answer.text)

    def test_z16_a_token_that_was_guessed(self):
        near = self.token[:-1] + ("A" if self.token[-1] != "A" else "B")
        for token in (near, self.token[:-1], self.token.lower(), "your-link", "x"):
            with self.subTest(token):
                self.assert_same_as_nothing(self.address_with(token))

    def test_z16_a_token_that_expired(self):
        self.link_row.sudo().expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.link_row.state, "expired")
        self.assert_same_as_nothing(self.path)
        self.link_row.action_renew()
        self.assertEqual(self.look().status_code, 200)
        days = (self.link_row.expires_at - fields.Datetime.now()).days
        self.assertIn(days, (89, 90))

    def test_z16_a_token_that_was_revoked(self):
        self.link_row.action_revoke()
        self.assert_same_as_nothing(self.path)
        self.assertFalse(self.link_row.sudo().token_ids)

    def test_z16_a_token_of_another_dossier(self):
        other = self.other_dossier()
        _link, address = self.give_access(other)
        token = address.rsplit("/", 1)[1]
        self.assert_same_as_nothing(self.address_with(token))
        self.assertEqual(
            self.look(self.address_with(token, other.octopus_id)).status_code, 200
        )

    def other_dossier(self):
        """Return another dossier, with a company of its own in it."""
        company = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += company
        other = self.dossier_of(demo.THIRD)
        company.sudo().write({"octopus_enabled": True, "octopus_dossier_id": other.id})
        return other

    def test_z16_a_dossier_that_nobody_books_in_has_no_page(self):
        self.company.octopus_enabled = False
        self.assert_same_as_nothing(self.path)

    def test_z16_the_database_holds_no_token(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM octopus_accountant_token")
        self.assertNotIn(self.token, str(self.env.cr.fetchall()))
        digest = self.link_row.sudo().token_ids.digest
        self.assert_same_as_nothing(self.address_with(digest))

    def test_z16_every_look_is_noted(self):
        before = self.link_row.look_ids
        self.look()
        [look] = self.link_row.look_ids - before
        self.assertEqual((look.act, look.address), ("look", "127.0.0.0/24"))
        self.assertTrue(self.link_row.last_look_at)

    def test_z16_wrong_tokens_shut_a_place_out(self):
        for _time in range(MOST_REFUSED):
            answer = self.look(self.address_with(new_token()))
            self.assertEqual(answer.status_code, 404)
        looks = self.env["octopus.accountant.look"].sudo()
        refused = looks.search_count([("act", "=", "refused")])
        self.assertEqual(refused, MOST_REFUSED)
        answer = self.look(self.address_with(new_token()))
        self.assertEqual(answer.status_code, 429)
        self.assert_headers(answer)
        # Whoever has a right one comes in from the same place, such as a proxy.
        self.assertEqual(self.look().status_code, 200)
        # Nothing more is written down meanwhile, and it passes.
        self.assertEqual(looks.search_count([("act", "=", "refused")]), refused)
        self.hour_later()
        answer = self.look(self.address_with(new_token()))
        self.assertEqual(answer.status_code, 404)

    def hour_later(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE octopus_accountant_look"
            " SET create_date = create_date - INTERVAL '61 minutes'"
        )
        self.env.invalidate_all()

    def test_z16_a_link_is_no_robot(self):
        values = {"link_id": self.link_row.id, "act": "look", "address": "x"}
        looks = self.env["octopus.accountant.look"].sudo()
        looks.create([dict(values) for _time in range(MOST_LOOKS)])
        self.assertEqual(self.look().status_code, 429)
        self.hour_later()
        self.assertEqual(self.look().status_code, 200)

    def test_z16_whatever_is_asked_counts(self):
        """Looks without the text, acts that are none, and words said twice."""
        [form] = self.held(1) and self.forms(self.look(), "reopened")
        self.env.flush_all()
        self.url_open(self.path, method="HEAD")
        self.env.invalidate_all()
        acts = self.link_row.look_ids.mapped("act")
        self.assertEqual(acts, ["look", "look"])
        for act in ("burn", "", "answer"):
            self.assertEqual(self.post({**form, "act": act}).status_code, 409)
        self.post(form)
        self.post(form)
        acts = self.link_row.look_ids.mapped("act")
        self.assertEqual(acts.count("nothing"), 4)
        self.assertEqual(acts.count("reopened"), 1)
        values = {"link_id": self.link_row.id, "act": "nothing", "address": "x"}
        looks = self.env["octopus.accountant.look"].sudo()
        looks.create([dict(values) for _time in range(MOST_ACTS - 5)])
        self.assertEqual(self.post(form).status_code, 429)

    def test_z16_a_post_without_csrf_token_is_refused(self):
        rows = self.held(1)
        [form] = self.forms(self.look(), "reopened")
        for token in (None, "", "x" * 40 + "o9999999999"):
            values = {**form, "csrf_token": token}
            if token is None:
                del values["csrf_token"]
            self.assertEqual(self.post(values).status_code, 400)
        self.assertFalse(self.link_row.look_ids.filtered(lambda it: it.act != "look"))
        self.assertEqual(rows.state, "waiting")

    def test_z16_nothing_is_done_of_another_dossier(self):
        """A form of one page, sent through the link of another."""
        other = self.other_dossier()
        _link, address = self.give_access(other)
        path = address.removeprefix(self.link_row.get_base_url())
        rows = self.held(1)
        move = rows.move_id
        question = self.env["octopus.accountant.question"].ask(move, "Why?")
        page = self.look()
        for act, answer in (("reopened", {}), ("answer", {"answer": "Because"})):
            [form] = self.forms(page, act)
            refused = self.post({**form, **answer}, path)
            self.assertEqual(refused.status_code, 409)
        self.assertEqual((question.state, rows.state), ("open", "waiting"))

    def test_z16_a_copy_of_the_database_does_nothing(self):
        rows = self.held(1)
        [form] = self.forms(self.look(), "reopened")
        self.connection.sudo().database_uuid = "of another database"
        page = self.look()
        self.assertIn("copy of the database", self.words(page))
        self.assertEqual(self.forms(page, "reopened"), [])
        self.assertEqual(self.post(form).status_code, 409)
        self.assertEqual(rows.state, "waiting")

    def test_z16_who_gives_access(self):
        user = self.person("clerk", "octopus_connector.group_user", self.company)
        link = self.link_row.with_user(user)
        for act in (link.action_show, link.action_renew, link.action_revoke):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.dossier.with_user(user).action_accountant_access()
        self.assertFalse(link._has_field_access(link._fields["token_ids"], "read"))

    def test_z16_who_works_in_one_company_reads_no_mail_of_all(self):
        """The mails tell of all companies of the dossier: the weekly one, what others
        wrote, and answers that quote them; also to who wrote before."""
        rows = self.held(1)
        other = self.env["res.company"].create({"name": "Also in it"})
        self.env.user.company_ids += other
        other.sudo().write(
            {"octopus_enabled": True, "octopus_dossier_id": self.dossier.id}
        )
        groups = "octopus_connector.group_user,base.group_partner_manager"
        clerk = self.person("clerk", groups, self.company)
        both = self.person("both", groups, self.company | other)
        link = self.link_row
        # The clerk writes, with what is theirs.
        waiting = self.env["octopus.reopen"].with_user(clerk).search([])
        self.assertEqual(waiting.move_id.ids, rows.move_id.ids)
        action = waiting.action_mail()
        composer = self.env["mail.compose.message"].with_user(clerk)
        composer = composer.with_context(**action["context"]).create({})
        file = self.env["ir.attachment"].with_user(clerk)
        composer.attachment_ids = file.create(
            {"name": "mine.csv", "raw": b"mine", "res_model": composer._name}
        )
        composer._action_send_mail()
        mine = link.message_ids[:1]
        self.assertIn("journal V1", mine.body)
        self.assertEqual(mine.attachment_ids.with_user(clerk).name, "mine.csv")
        self.assertIn(self.accountant, mine.partner_ids)
        # The responsible of the connection works in one company only, too.
        self.connection.sudo().responsible_id = clerk
        link.sudo()._mail_by_itself()
        weekly = link.message_ids[:1]
        self.assertIn("journal V1", weekly.body)
        answer = link.sudo().message_post(
            body="The figures of all",
            author_id=self.accountant.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            attachments=[("figures.csv", b"of all")],
        )
        self.assertIn(clerk.partner_id, link.sudo().message_partner_ids)
        self.assertNotIn(clerk.partner_id, answer.sudo().notified_partner_ids)
        all_of_it = mine | weekly | answer
        messages = self.env["mail.message"]
        for user, read in ((clerk, mine), (both, all_of_it)):
            here = [("id", "in", all_of_it.ids)]
            found = messages.with_user(user).search(here)
            self.assertEqual(set(found.ids), set(read.ids), user.login)
            self.assertLessEqual(
                set((link.with_user(user).message_ids & all_of_it).ids), set(read.ids)
            )
        files = answer.attachment_ids
        self.assertEqual(files.with_user(both).read(["raw"])[0]["raw"], b"of all")
        links = [("res_model", "=", link._name)]
        found = self.env["ir.attachment"].with_user(clerk).search(links)
        self.assertFalse(found & files)
        with self.assertRaises(AccessError):
            files.with_user(clerk).read(["raw"])
        for message in weekly | answer:
            with self.assertRaises(AccessError):
                message.with_user(clerk).read(["body"])

    def test_z16_an_administrator_of_one_company_gives_no_access_to_another(self):
        other = self.env["res.company"].create({"name": "Also in it"})
        other.sudo().write(
            {"octopus_enabled": True, "octopus_dossier_id": self.dossier.id}
        )
        boss = self.person("boss", "octopus_connector.group_manager", self.company)
        with self.assertRaises(AccessError):
            self.dossier.with_user(boss).action_accountant_access()

    def person(self, login, groups, company):
        return new_test_user(
            self.env,
            login,
            groups=groups,
            company_id=company[:1].id,
            company_ids=[Command.set(company.ids)],
        )


MARK = "MARKER"
SECRETS = ("password", "secret", "software_house", "user_name")


class TestNothingOfOthers(AccountantCase):
    """Marks stand in every text of everything that is not the accountant's; no answer
    of the page, in any state, holds one."""

    def setUp(self):
        super().setUp()
        self.marked = set()

    def mark(self, record, but=()):
        """Put a mark in each text of a record that can be written."""
        self.env.flush_all()
        for name, field in record._fields.items():
            if field.type not in ("char", "text", "html") or not field.store:
                continue
            of_others = field.translate or field.company_dependent
            if name in but or not field.column_type or of_others:
                continue
            mark = f"{MARK}-{record._table}-{name}-{record.id}"
            self.env.cr.execute(
                f'UPDATE "{record._table}" SET "{name}" = %s WHERE id = %s',
                [mark, record.id],
            )
            self.marked.add(f"{record._table}.{name}")
        self.env.invalidate_all()

    def plant(self):
        """Mark what is of another company, of users, of secrets and of notes."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        partner = self.env["res.partner"].create(
            {"name": "Somebody else", "company_id": other.id}
        )
        elsewhere = self.dossier_of(demo.THIRD)
        mine = self.document()
        # A row of the same dossier, of a company that does not book there any more.
        before = (
            self.row(mine)
            .sudo()
            .copy(
                {
                    "move_id": False,
                    "company_id": other.id,
                    "queued": True,
                    "state": "waiting",
                    "cause": "period_protected",
                    "dossier_id": self.dossier.id,
                    "sent_at": fields.Datetime.now(),
                    # Nobody takes it up.
                    "retry_at": fields.Datetime.now() + timedelta(days=1),
                }
            )
        )
        booked = before.copy({"number": 999, "state": "booked", "company_id": other.id})
        differs = before.copy(
            {"number": 998, "state": "differs", "company_id": other.id}
        )
        values = {"company_id": other.id, "user_id": self.env.uid, "question": "?"}
        questions = (
            self.env["octopus.accountant.question"]
            .sudo()
            .create(
                [
                    {**values, "move_id": mine.id, "dossier_id": elsewhere.id},
                    {**values, "move_id": mine.id, "dossier_id": self.dossier.id},
                    {
                        **values,
                        "move_id": mine.id,
                        "dossier_id": self.dossier.id,
                        "company_id": self.company.id,
                        "state": "withdrawn",
                    },
                ]
            )
        )
        note = mine.message_post(body=f"{MARK}-note", message_type="comment")
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{MARK}-file.pdf",
                "raw": MARK.encode(),
                "res_model": "account.move",
                "res_id": mine.id,
            }
        )
        for record in (partner, *before, *booked, *differs, *questions, elsewhere):
            self.mark(record.sudo())
        for record in (other, other.partner_id):
            self.mark(record.sudo(), {"parent_path"})
        for user in self.env["res.users"].sudo().search([]):
            self.mark(user, {"login", "password", "lang", "tz"})
            self.mark(user.partner_id, {"lang", "tz", "type"})
        # What calls need stays, and is looked for as it is.
        self.mark(self.connection.sudo(), {*SECRETS, "database_uuid"})
        self.assertTrue(note and attachment)
        # Of the document itself, what no accountant has to see.
        self.env.cr.execute(
            "UPDATE account_move SET narration = %s, access_token = %s,"
            " invoice_source_email = %s WHERE id = %s",
            [MARK, MARK, MARK, mine.id],
        )
        self.env.cr.execute(
            "UPDATE res_partner SET email = %s, phone = %s, comment = %s, ref = %s"
            " WHERE id = %s",
            [MARK, MARK, MARK, MARK, mine.partner_id.id],
        )
        self.dossier.sudo().write({"paused_by_id": self.env.uid})
        self.env.cr.execute(
            "UPDATE octopus_dossier SET pause_reason = %s WHERE id = %s",
            [MARK, self.dossier.id],
        )
        self.env.invalidate_all()
        self.assertGreater(len(self.marked), 40)

    def assert_unmarked(self, answer, state):
        told = re.findall(f".{{0,40}}{MARK}[^<]*", answer.text)
        self.assertEqual(told, [], state)
        self.assertNotIn(MARK, str(answer.headers), state)
        for secret in (demo.USER, demo.PASSWORD, demo.SOFTWARE_HOUSE):
            self.assertNotIn(secret, answer.text, state)
        self.assertNotIn("@", self.words(answer), state)

    def test_z16_no_answer_holds_what_is_not_his(self):
        self.plant()
        self.assert_unmarked(self.look(), "nothing waits")
        rows = self.held()
        differs = self.send(self.document())
        differs.sudo().write(
            {
                "state": "differs",
                "differences": [
                    {"what": "date", "here": "2026-01-01", "there": "2026-01-02"}
                ],
            }
        )
        gone = self.send(self.document())
        gone.sudo().state = "gone"
        asked = self.env["octopus.accountant.question"].ask(rows[0].move_id, "Why?")
        page = self.look()
        self.assertIn("Why?", self.words(page))
        self.assertIn(rows[0].document_name, self.words(page))
        self.assert_unmarked(page, "something of everything")
        for lang in ("nl", "fr", "de", "en", "xx"):
            self.assert_unmarked(self.look(lang=lang), lang)
        page = self.look()
        [reopened] = self.forms(page, "reopened")
        [answer] = self.forms(page, "answer")
        self.assert_unmarked(self.post(reopened), "reopened")
        self.assert_unmarked(self.post({**answer, "answer": "So."}), "answered")
        self.assert_unmarked(self.post({**answer, "answer": "So."}), "again")
        self.assertEqual(asked.state, "answered")
        self.dossier.sudo().paused = True
        self.assert_unmarked(self.look(), "paused")
        self.dossier.sudo().paused = False
        self.push()
        self.assert_unmarked(self.look(), "still closed")
        self.assert_unmarked(self.post({"act": "reopened"}), "no CSRF token")
        self.assert_unmarked(self.look(self.address_with("x")), "refused")
        self.connection.sudo().database_uuid = "another"
        self.assert_unmarked(self.look(), "copy")
        self.assert_unmarked(self.post(reopened), "copy, said open")
        self.link_row.action_revoke()
        self.assert_unmarked(self.look(), "revoked")

    def test_z16_the_page_asks_no_more_for_more_documents(self):
        counts = []
        for _time in range(2):
            self.held(3)
            self.look()
            self.env.flush_all()
            self.env.invalidate_all()
            page = AccountantPage(self.dossier.sudo())
            before = self.env.cr.sql_log_count
            page.waiting()
            page.sent()
            page.sent_documents()
            page.differing()
            page.questions()
            page.answered()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
