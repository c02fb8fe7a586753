"""Who works in one company decides for no other, whatever they share (issue 11 §1)."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.send.pause import pause
from odoo.addons.octopus_connector.sync.link_dossier import disconnect, link
from odoo.addons.octopus_connector.sync.login import connect
from odoo.addons.octopus_connector.sync.payments.apply import ask
from odoo.addons.octopus_connector.sync.refresh import refresh_now

from ..common import demo
from ..flows.payments_case import PaymentsCase

SHARED_MIRROR = (
    "octopus.bookyear",
    "octopus.journal",
    "octopus.account",
    "octopus.vat.code",
    "octopus.relation",
)


class CompaniesCase(PaymentsCase):
    """A dossier in which two companies book, one of them with a branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"]
        cls.branch = companies.create({"name": "Branch", "parent_id": cls.company.id})
        cls.other = companies.create({"name": "Other"})
        cls.other.sudo().write(
            {"octopus_enabled": True, "octopus_dossier_id": cls.dossier.id}
        )
        cls.stranger = companies.create({"name": "Stranger"})
        cls.branch_user = cls.person("branch-user", "group_user", cls.branch)
        cls.branch_boss = cls.person("branch-boss", "group_manager", cls.branch)
        cls.other_boss = cls.person("other-boss", "group_manager", cls.other)
        cls.stranger_boss = cls.person("stranger-boss", "group_manager", cls.stranger)
        cls.boss = cls.person(
            "boss", "group_manager", cls.company | cls.branch | cls.other
        )
        cls.narrow = (cls.branch_user, cls.branch_boss, cls.other_boss)

    @classmethod
    def person(cls, login, group, companies):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"octopus_connector.{group}",
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )

    def balancing(self, booking=None):
        """Return a match, of a document or of none of ours."""
        matches = self.env["octopus.balancing"].sudo()
        number = matches.search_count([]) + 1
        return matches.create(
            {
                "dossier_id": self.dossier.id,
                "type": "C",
                "debit_bookyear": self.year,
                "debit_journal": "V1",
                "debit_number": number,
                "debit_line": -1,
                "credit_bookyear": self.year,
                "credit_journal": "F1",
                "credit_number": number,
                "credit_line": 1,
                "amount": 121.0,
                "debit_booking_id": booking and booking.id,
            }
        )

    def question(self, key="x", **values):
        finding = Finding("payment_changed", {"document": "x", "payment": "x"})
        return ask(self.dossier, {key: (finding, values)})

    def held(self, booking):
        """Return a plan that holds a match of a document."""
        plans = self.env["octopus.payment.plan"].sudo()
        plan = plans.create({"dossier_id": self.dossier.id})
        proposal = {"make": None, "undo": True}
        self.balancing(booking).write({"plan_id": plan.id, "proposal": proposal})
        return plan

    @property
    def year(self):
        return self.dossier.bookyear_ids[-1].octopus_id

    def seen(self, record, user):
        """Whether a user finds a record, and may read it."""
        mine = record.with_user(user)
        found = mine.search([("id", "=", record.id)]) == mine
        self.assertEqual(found, mine.has_access("read"))
        return found


class TestRows(CompaniesCase):
    """What is about documents shows to those who see the documents."""

    def test_what_is_of_another_company_is_not_seen(self):
        booking = self.booked()
        entries = self.env["octopus.journal.entry"].sudo()
        year = booking.journal_year_id
        entry = {"journal_year_id": year.id}
        rows = (
            self.balancing(booking),
            self.balancing(),
            self.question("match", balancing_id=self.balancing(booking).id),
            self.question("doubt", booking_id=booking.id),
            self.question("payment", company_id=self.company.id),
            self.question("nobody's"),
            self.held(booking),
            entries.create({**entry, "number": 900, "booking_id": booking.id}),
            entries.create({**entry, "number": 901}),
            self.bank_entry(),
        )
        for row in rows:
            for user in (*self.narrow, self.stranger_boss):
                with self.subTest(row=row, user=user.login):
                    self.assertFalse(self.seen(row, user))
            with self.subTest(row=row, user="boss"):
                self.assertTrue(self.seen(row, self.boss))

    def bank_entry(self, company=None, journal=None):
        """Return what stands in the journal of a bank, and may be a payment of a
        company, if one is given."""
        banks = self.dossier.journal_ids.filtered(lambda row: row.type == "F")
        year = (journal or banks[:1]).year_ids[:1]
        entry = (
            self.env["octopus.journal.entry"]
            .sudo()
            .create({"journal_year_id": year.id, "number": 902})
        )
        if company:
            values = {
                "dossier_id": self.dossier.id,
                "company_id": company.id,
                "entry_id": entry.id,
            }
            self.env["octopus.payment"].sudo().create(values)
        return entry

    def test_a_bank_of_a_dossier_that_no_company_uses_is_for_administrators(self):
        dossier = self.dossier.sudo().copy({"octopus_id": 999})
        self.assertFalse(dossier.company_ids)
        bookyear = self.dossier.bookyear_ids[-1].sudo()
        bookyear = bookyear.copy({"dossier_id": dossier.id})
        bank = self.env["octopus.journal"].sudo()
        bank = bank.create({"dossier_id": dossier.id, "key": "F1", "type": "F"})
        place = {"journal_id": bank.id, "bookyear_id": bookyear.id}
        self.env["octopus.journal.year"].sudo().create(place)
        entry = self.bank_entry(journal=bank)
        user = self.person("company-user", "group_user", self.company)
        self.assertFalse(self.seen(entry, user))
        self.assertTrue(self.seen(entry, self.boss))

    def test_what_is_of_the_branch_is_seen_by_it(self):
        booking = self.booked()
        booking.sudo().company_id = self.branch
        rows = (
            self.bank_entry(self.branch),
            self.balancing(booking),
            self.question("match", balancing_id=self.balancing(booking).id),
            self.question("doubt", booking_id=booking.id),
            self.question("payment", company_id=self.branch.id),
            self.held(booking),
        )
        for row in rows:
            with self.subTest(row=row):
                self.assertTrue(self.seen(row, self.branch_user))
                self.assertFalse(self.seen(row, self.other_boss))

    def test_a_plan_of_two_companies_is_for_who_works_in_both(self):
        ours, theirs = self.booked(), self.booked()
        theirs.sudo().company_id = self.branch
        plan = self.held(ours)
        self.balancing(theirs).write({"plan_id": plan.id, "proposal": {}})
        company_user = self.person("company-user", "group_user", self.company)
        for user in (company_user, *self.narrow):
            with self.subTest(user.login):
                self.assertFalse(self.seen(plan, user))
                for act in ("action_accept", "action_drop"):
                    with self.assertRaises(AccessError):
                        getattr(plan.with_user(user), act)()
                self.assertEqual(plan.state, "open")

    def test_no_answer_for_another_company(self):
        booking = self.booked()
        match = self.balancing(booking)
        question = self.question("match", balancing_id=match.id)
        for user in self.narrow:
            for act in (
                match.with_user(user).action_retry,
                question.with_user(user).action_retry,
                question.with_user(user).action_follow,
                question.with_user(user).action_write_off,
                question.with_user(user).action_ignore,
                lambda user=user: question.with_user(user)._ignore("seen"),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        self.assertEqual(question.state, "open")
        self.assertFalse(match.decision)

    def test_what_is_settled_is_not_answered_again(self):
        question = self.question("doubt", booking_id=self.booked().id)
        question.sudo().state = "closed"
        mine = question.with_user(self.boss)
        for act in (
            mine.action_retry,
            mine.action_follow,
            mine.action_write_off,
            lambda: mine._ignore("seen"),
        ):
            with self.assertRaises(UserError):
                act()
        self.assertEqual(question.state, "closed")

    def test_the_mirror_is_shared_but_not_how_a_relation_is_paid(self):
        relation = self.env["octopus.relation"].sudo().search([], limit=1)
        relation.write({"iban": "BE71096123456769", "email": "a@example.com"})
        for model in SHARED_MIRROR:
            records = self.env[model].with_user(self.branch_user)
            self.assertTrue(records.search([]), model)
        names = ("shown_iban", "shown_email")
        for user, shown in ((self.branch_user, False), (self.boss, True)):
            mine = relation.with_user(user)
            with self.subTest(user.login):
                self.assertTrue(mine.name)
                for name in names:
                    self.assertEqual(bool(mine[name]), shown)
                for name in ("iban", "email", "data"):
                    with self.assertRaises(AccessError):
                        mine.read([name])


class TestShared(CompaniesCase):
    """What companies share is changed by who works in all of them."""

    def test_a_login_is_of_the_companies_that_book_through_it(self):
        connection = self.connection
        others = (self.branch_boss, self.other_boss, self.stranger_boss)
        for user in others:
            mine = connection.with_user(user)
            with self.subTest(user.login):
                self.assertFalse(self.seen(connection, user))
                for act in (
                    mine.action_connect,
                    mine.action_support_start,
                    mine.action_support_stop,
                    lambda mine=mine: connect(mine),
                    lambda mine=mine: mine.write({"transport": "soap"}),
                    lambda mine=mine: mine.read(["dossier_ids"]),
                ):
                    with self.assertRaises(AccessError):
                        act()
                self.assertFalse(self.seen(self.dossier_of(demo.THIRD), user))
        self.assertTrue(self.seen(connection, self.boss))
        connection.with_user(self.boss).action_support_start()
        self.assertTrue(connection.in_support)
        free = self.env["octopus.connection"].create({"name": "Free"})
        self.assertTrue(self.seen(free, self.stranger_boss))

    def test_its_calls_are_theirs(self):
        refresh_now(self.dossier)
        calls = self.env["octopus.call"].sudo().search([])
        self.assertTrue(calls)
        for user in (self.branch_boss, self.other_boss, self.stranger_boss):
            with self.subTest(user.login):
                self.assertFalse(calls.with_user(user).search([]))
        self.assertEqual(calls.with_user(self.boss).search([]), calls)

    def test_nobody_links_or_unlinks_another_company(self):
        before = self.company.octopus_dossier_id
        for user in (self.branch_boss, self.other_boss, self.stranger_boss):
            theirs = self.company.with_user(user)
            setup = self.env["octopus.setup"].with_user(user)
            with self.subTest(user.login):
                for act in (
                    lambda theirs=theirs: link(theirs, before),
                    lambda theirs=theirs: disconnect(theirs),
                    theirs.action_octopus_disconnect,
                    lambda theirs=theirs: theirs.write({"octopus_enabled": False}),
                    lambda setup=setup: setup.create({"company_id": self.company.id}),
                    lambda setup=setup: setup.create(
                        {"connection_id": self.connection.id}
                    ),
                ):
                    with self.assertRaises(AccessError):
                        act()
        self.assertTrue(self.company.octopus_enabled)
        with self.assertRaises(AccessError):
            mine = self.stranger.with_user(self.stranger_boss)
            link(mine, self.dossier)
        self.assertFalse(self.stranger.octopus_dossier_id)

    def test_a_system_administrator_does_not_either(self):
        """Who may read every company by Odoo's rules still works in their own only."""
        self.stranger_boss.group_ids += self.env.ref("base.group_system")
        with self.assertRaises(AccessError):
            self.company.with_user(self.stranger_boss).octopus_dossier_id = False
        setup = self.env["octopus.setup"].with_user(self.stranger_boss)
        with self.assertRaises(AccessError):
            setup.create({"company_id": self.company.id})

    def test_settings_of_a_shared_dossier_are_not_one_company_s(self):
        relation = self.env["octopus.relation"].sudo().search([], limit=1)
        mapping = self.env["octopus.tax.mapping"].sudo().search([], limit=1)
        for user in (self.branch_boss, self.other_boss):
            dossier = self.dossier.with_user(user)
            with self.subTest(user.login):
                self.assertTrue(dossier.name)
                for act in (
                    lambda dossier=dossier: dossier.write({"watch_days": 9}),
                    dossier.action_pause,
                    lambda dossier=dossier: pause(dossier, "holiday"),
                    dossier.action_support,
                ):
                    with self.assertRaises(AccessError):
                        act()
                for record in (relation, mapping):
                    self.assertFalse(record.with_user(user).has_access("write"))
        self.assertTrue(mapping.with_user(self.branch_boss).has_access("read"))
        pause(self.dossier.with_user(self.boss), "holiday")
        self.assertTrue(self.dossier.paused)


class TestGate(PaymentsCase):
    """Only a plan as it was shown opens the gate of payments, and once (Z.1)."""

    def test_an_old_plan_opens_no_gate(self):
        old = self.env["octopus.payment.plan"].sudo().search([], limit=1)
        self.assertEqual(old.state, "accepted")
        self.company.sudo().octopus_payments_accepted = False
        for state in ("accepted", "dropped"):
            old.sudo().state = state
            with self.subTest(state), self.assertRaises(UserError):
                old.with_user(self.env.user).action_accept()
        self.assertFalse(self.company.octopus_payments_accepted)

    def test_what_came_after_the_screen_was_opened_is_not_accepted(self):
        self.company.sudo().octopus_payments_accepted = False
        first, second = self.booked(), self.booked(amount=50.0)
        self.receive((first, 121))
        self.pull()
        shown = self.plan().mark
        self.receive((second, 50))
        self.pull()
        plan = self.plan().with_env(self.env)
        for act in ("action_accept", "action_drop"):
            with self.assertRaises(UserError):
                getattr(plan.with_context(octopus_shown=shown), act)()
        self.assertEqual(plan.state, "open")
        self.assertFalse(self.company.octopus_payments_accepted)
        plan.with_context(octopus_shown=plan.mark).action_accept()
        self.assert_same_open(first, second)

    def test_a_plan_of_a_former_dossier_opens_no_gate(self):
        self.company.sudo().octopus_payments_accepted = False
        self.receive((self.booked(), 121))
        self.pull()
        plan = self.plan()
        link(self.company, self.dossier_of(demo.THIRD))
        plan.action_accept()
        self.assertFalse(self.company.octopus_payments_accepted)
