"""The overview: each number is what its list shows, for whoever looks (Z.26, Z.10)."""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.models import octopus_dossier_desk
from odoo.addons.octopus_connector.prepare.desk import NUMBERS

from .outbox_case import FEED
from .remittance_case import RemittanceCase
from .screens_case import DOWN, REFUSED, ScreensCase

CLOSED = Finding(codes.PERIOD_PROTECTED)
MINE = Finding(codes.PARTNER_MISSING)
MANAGER = "octopus_connector.group_manager"
# What each card of the overview leads to, with the field that names its dossier.
LINKS = {
    "action_causes": ("octopus.cause", "dossier_id"),
    "action_reopen": ("octopus.reopen", "dossier_id"),
    "action_both_sides": ("octopus.comparison", "dossier_id"),
    "action_year_turn": ("octopus.dossier", "id"),
}
# In which number a document is that is neither sent nor kept out.
OF_DOCUMENTS = [
    key
    for key, number in NUMBERS.items()
    if number.model == "octopus.booking" and key != "sent_today"
]


class DeskCase(ScreensCase):
    def person(self, companies, groups="octopus_connector.group_user"):
        """Return somebody who works in some companies only."""
        return new_test_user(
            self.env,
            login=f"person-{companies.ids}-{groups}",
            groups=groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )

    def sharing(self):
        """Return another company that books in the dossier, with one document."""
        company = self.env["res.company"].create({"name": "Other"})
        company.sudo().write(
            {"octopus_enabled": True, "octopus_dossier_id": self.dossier.id}
        )
        self.row(self.document()).sudo().company_id = company
        return company

    def desk(self, user=None):
        """Return what the overview tells a user of the dossier."""
        self.anew()
        dossier = self.dossier.with_user(user or self.env.user)
        companies = dossier.env.user.company_ids.ids
        return dossier.with_context(allowed_company_ids=companies)

    def numbers(self, dossier):
        """Yield each number with its company."""
        for company in dossier.desk["companies"]:
            for number in company["numbers"]:
                yield number, company["id"]
        for number in dossier.desk["numbers"]:
            yield number, False

    def counts(self, user=None):
        """Return ``{key: count}`` of all companies together."""
        found = Counter()
        for number, _company in self.numbers(self.desk(user)):
            found[number["key"]] += number["count"]
        return found

    def assert_opens_what_it_counts(self, user):
        """Each number is what the list behind it has, and the list has its screen."""
        dossier = self.desk(user)
        for number, company in self.numbers(dossier):
            action = dossier.action_desk(number["key"], company)
            shown = dossier.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(number["count"], shown, number["key"])
            self.assertEqual(action["type"], "ir.actions.act_window")


class TestDesk(DeskCase):
    def stand(self):
        """Let documents stand in every way in which one can."""
        moves = self.every_kind()
        for finding in (CLOSED, MINE, REFUSED):
            self.hold(self.document(), "blocked", finding)
        self.hold(self.document(), "waiting", CLOSED, queued=True)
        for state in ("changed", "differs", "gone"):
            self.send(move := self.document())
            self.row(move).sudo().state = state
        self.queue(self.document())
        self.queue(excluded := self.document())
        self.row(excluded).exclude("elsewhere")
        return moves

    def test_z26_every_number_opens_exactly_what_it_counts(self):
        self.stand()
        company = self.sharing()
        manager = self.person(self.company | company, MANAGER)
        for user in (
            self.env.user,
            self.person(self.company),
            self.person(company),
            self.person(self.company | company),
            manager,
        ):
            with self.subTest(user=user.login):
                self.assert_opens_what_it_counts(user)

    def test_z26_every_document_stands_in_exactly_one_number(self):
        self.stand()
        rows = self.env["octopus.booking"].search(
            [("state", "not in", ("booked", "excluded"))]
        )
        for user in (self.env.user, self.person(self.company)):
            dossier = self.desk(user)
            seen = Counter()
            for key in OF_DOCUMENTS:
                action = dossier.action_desk(key, self.company.id)
                seen.update(dossier.env["octopus.booking"].search(action["domain"]).ids)
            self.assertEqual(set(seen), set(rows.ids))
            self.assertEqual(set(seen.values()), {1})

    def test_z26_it_says_whose_turn_it_is(self):
        for finding in (CLOSED, MINE, REFUSED, DOWN):
            self.hold(self.document(), "blocked", finding)
        told = self.counts()
        self.assertEqual(told["waits_for_me"], 2)
        self.assertEqual(told["waits_for_administrator"], 0)
        self.assertEqual(told["waits_for_accountant"], 1)
        self.assertEqual(told["waits_for_octopus"], 1)
        told = self.counts(self.person(self.company))
        self.assertEqual(told["waits_for_me"], 1)
        self.assertEqual(told["waits_for_administrator"], 1)

    def test_z26_since_when(self):
        row = self.hold(self.document(), "blocked", CLOSED)
        row.waiting_since = since = fields.Datetime.now() - timedelta(days=3)
        self.hold(self.document(), "blocked", CLOSED)
        told = {it["key"]: it for it, _company in self.numbers(self.desk())}
        self.assertEqual(told["waits_for_accountant"]["since"], str(since))
        self.assertFalse(told["waits_for_octopus"]["since"])

    def test_z26_sent_today_is_the_day_of_who_looks(self):
        self.send(today := self.document())
        self.send(before := self.document())
        self.row(before).sudo().sent_at -= timedelta(days=1)
        self.assertEqual(self.counts()["sent_today"], 1)
        action = self.desk().action_desk("sent_today", self.company.id)
        self.assertEqual(
            self.env["octopus.booking"].search(action["domain"]), self.row(today)
        )

    def test_z26_nobody_counts_what_they_may_not_see(self):
        """A dossier that two companies share tells each what is its own."""
        company = self.env["res.company"].create({"name": "Other"})
        for move, holder in (
            (self.document(), self.company),
            (self.document(), company),
        ):
            self.row(move).sudo().company_id = holder
        for companies in (self.company, self.company | company):
            dossier = self.desk(self.person(companies))
            told = {
                it["id"]: sum(number["count"] for number in it["numbers"])
                for it in dossier.desk["companies"]
            }
            self.assertEqual(told, dict.fromkeys(companies.ids, 1))

    def test_z26_queries_do_not_grow(self):
        """Neither with documents, nor with dossiers."""

        def count(dossiers):
            self.anew()
            before = self.env.cr.sql_log_count
            dossiers.mapped("desk")
            return self.env.cr.sql_log_count - before

        self.stand()
        self.anew()
        count(self.dossier)
        few = count(self.dossier)
        self.stand()
        self.assertEqual(count(self.dossier), few)
        others = self.env["octopus.dossier"].search([])
        self.assertGreater(len(others), 1)
        self.assertLessEqual(count(others), few + 2)

    def test_z10_it_says_what_the_day_still_takes(self):
        self.assertIn("of 400 bookings today", self.desk().desk["plan"])

    def test_z26_both_sides_were_equal_only_when_nothing_differs(self):
        self.send(move := self.document())
        self.run_cron(self.dossier.pull_cron_id)
        self.assertTrue(self.dossier.equal_at)
        before = self.dossier.equal_at - timedelta(hours=1)
        self.dossier.sudo().equal_at = before
        self.books.accountant.delete_last(self.year, "V1")
        self.run_cron(self.dossier.pull_cron_id)
        self.assertEqual(self.row(move).state, "gone")
        self.assertEqual(self.dossier.equal_at, before)
        self.assertGreater(self.dossier.compared_at, before)

    def test_z26_what_was_not_compared_was_not_seen_equal(self):
        self.send(self.document())
        self.faults.add("status", operation=FEED, status=503)
        self.run_cron(self.dossier.pull_cron_id)
        self.assertFalse(self.dossier.equal_at)

    def test_z26_it_says_what_keeps_the_dossier_from_working(self):
        self.assertFalse(self.desk().desk["problem"])
        problem = Finding(codes.LOGIN_REJECTED, {"connection": "X"}).as_json()
        self.connection.sudo().write({"state": "rejected", "problem": problem})
        self.assertIn("rejected", self.desk().desk["problem"])

    def test_z26_who_looks_is_told_while_work_goes_on(self):
        """Once where something begins or ends, and not for every document."""
        octopus_dossier_desk._TOLD.clear()
        sent = []
        send = type(self.env["bus.bus"])._sendone

        def note(bus, target, kind, message):
            if kind == octopus_dossier_desk.CHANGED:
                sent.append(target)
            return send(bus, target, kind, message)

        self.patch(type(self.env["bus.bus"]), "_sendone", note)
        run = (
            self.env["octopus.run"]
            .sudo()
            .create({"kind": "push", "dossier_id": self.dossier.id})
        )
        self.assertEqual(sent, [self.dossier.sudo()])
        for number in range(10):
            run.add_counts(Counter(booked=number + 1))
        self.assertEqual(len(sent), 1)
        run.end_push()
        self.assertEqual(len(sent), 2)

    def test_z26_only_who_sees_a_dossier_hears_of_it(self):
        company = self.env["res.company"].create({"name": "Other"})
        for user, hears in (
            (self.person(self.company), True),
            (self.person(company), False),
            (self.person(self.company, "account.group_account_invoice"), False),
        ):
            websocket = self.env["ir.websocket"].with_user(user)
            heard = websocket._octopus_channels([octopus_dossier_desk.CHANGED])
            self.assertEqual(self.dossier in heard, hears, user.login)
            self.assertFalse(websocket._octopus_channels([]))

    def test_z26_the_links_of_a_card_open_its_own_dossier(self):
        view = self.env.ref("octopus_connector.octopus_desk_view_kanban")
        user = self.person(self.company)
        other = self.env["octopus.dossier"].search([("id", "!=", self.dossier.id)])[:1]
        for dossier in (self.dossier.with_user(user), other):
            for name, (model, field) in LINKS.items():
                with self.subTest(name, dossier=dossier):
                    self.assertIn(f'type="object" name="{name}"', view.arch)
                    action = getattr(dossier, name)()
                    self.assertEqual(action["res_model"], model)
                    self.assertEqual(action["domain"], [(field, "=", dossier.id)])
                    dossier.env[model].search(action["domain"])

    # Invoicing's own dashboard

    def card(self, journal=None):
        """Return what the dashboard tells of a journal."""
        self.anew()
        journal = journal or self.company_data["default_journal_sale"]
        return journal._get_journal_dashboard_data_batched()[journal.id]

    def test_z26_a_journal_says_what_is_not_in_octopus(self):
        self.stand()
        journal = self.company_data["default_journal_sale"]
        told = self.card()
        for name in ("octopus_waiting", "octopus_blocked", "octopus_differs"):
            action = journal.with_context(octopus_card=name).action_octopus_open()
            shown = self.env["account.move"].search_count(action["domain"])
            self.assertEqual(told[name], shown, name)
            self.assertTrue(shown, name)

    def test_z26_the_banner_tells_for_how_much_a_person_must_act(self):
        self.assertNotIn("octopus_attention", self.card())
        self.hold(self.document(), "blocked", CLOSED)
        self.assertNotIn("octopus_attention", self.card())
        self.hold(self.document(), "blocked", MINE)
        self.assertEqual(self.card()["octopus_attention"], 1)


class TestDeskPayments(RemittanceCase):
    """Payments that wait, by whose turn it is (Z.26)."""

    def held(self, *codes_):
        """Let a payment be held for each code."""
        rows = self.env["octopus.payment"]
        for code in codes_:
            payment = self.pay(self.booked())
            self.push()
            row = self.row(payment).sudo()
            # As if it had not gone: what is booked is not held.
            row.state = "ready"
            row.hold("blocked", [Finding(code)])
            rows |= row.sudo(False)
        self.env.flush_all()
        return rows

    def shown(self, key):
        self.env.invalidate_all()
        action = self.dossier.action_desk(key, self.company.id)
        return self.env["octopus.payment"].search(action["domain"])

    def attention(self):
        journal = self.company_data["default_journal_sale"]
        told = journal._get_journal_dashboard_data_batched()[journal.id]
        return told.get("octopus_attention", 0)

    def test_z26_a_payment_waits_for_who_can_do_something(self):
        down, closed, mine = self.held(
            codes.SERVICE_DOWN, codes.PERIOD_PROTECTED, codes.PARTNER_MISSING
        )
        self.assertEqual(self.shown("payments_for_me"), mine)
        self.assertEqual(self.shown("payments_stopped"), down | closed)
        self.assertEqual(self.attention(), 1)
        mine.sudo().write({"state": "unknown"})
        self.assertEqual(self.shown("payments_stopped"), down | closed | mine)
        self.assertEqual(self.attention(), 0)
        closed.sudo().write({"state": "gone"})
        self.assertEqual(self.shown("payments_for_me"), closed)
        self.assertEqual(self.shown("payments_stopped"), down | mine)

    def test_z26_a_match_that_waits_for_octopus_is_nothing_to_do(self):
        [row] = self.held(codes.SERVICE_DOWN)
        row.sudo().write({"state": "booked", "match_state": "waiting"})
        self.assertEqual(self.shown("payments_stopped"), row)
        self.assertFalse(self.shown("payments_for_me"))
        row.sudo().write({"match_state": "blocked", "cause": codes.PARTNER_MISSING})
        self.assertEqual(self.shown("payments_for_me"), row)
        self.assertFalse(self.shown("payments_stopped"))
