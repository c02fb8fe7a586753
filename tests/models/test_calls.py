"""The call log and the daily limits (X.43, Z.10, Z.22)."""

import threading
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.octopus_connector import repeated
from odoo.addons.octopus_connector.api.errors import (
    OctopusInvalidRequest,
    OctopusNotNow,
    OctopusQuotaError,
)
from odoo.addons.octopus_connector.api.quota import daily_limit
from odoo.addons.octopus_connector.api.transport import Call, Caller, DossierScope
from odoo.addons.octopus_connector.call_log import (
    CallLog,
    GuardedTransport,
    budget,
    quota_day,
)

from tests.common import OctopusCase, demo


class TestBudget(OctopusCase):
    linked = False

    def test_reserve_for_people(self):
        """X.43: a tenth of each limit, at least one call, is kept for clicks."""
        self.assertEqual(budget("insert_booking", automatic=False), 400)
        self.assertEqual(budget("insert_booking", automatic=True), 360)
        self.assertEqual(budget("vat_codes", automatic=True), 1)
        self.assertEqual(budget("booking", automatic=True), 9)
        self.assertIsNone(budget("authenticate", automatic=True))

    def test_day_turns_at_midnight_in_brussels(self):
        """X.43: a quarter to midnight UTC is the next day in Brussels."""
        with freeze_time("2026-07-01 22:15:00"):
            self.assertEqual(str(quota_day()), "2026-07-02")
        with freeze_time("2026-01-01 22:15:00"):
            self.assertEqual(str(quota_day()), "2026-01-01")


class TestCalls(OctopusCase):
    mapped = False

    def log(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["octopus.call"].search(domain)

    def read_vat_codes(self, times=1, **context):
        dossier = self.dossier.with_context(**context)
        with dossier.client() as octopus:
            for _time in range(times):
                octopus.vat_codes()

    def test_row_of_a_call(self):
        """Z.22: every call is written down, with its answer."""
        self.read_vat_codes()
        [row] = self.log(operation="vat_codes")
        self.assertRecordValues(
            row,
            [
                {
                    "dossier_number": demo.MAIN,
                    "dossier_id": self.dossier.id,
                    "connection_ref": self.connection.id,
                    "quota_key": "vat_codes",
                    "quota_day": quota_day(),
                    "is_write": False,
                    "user_id": self.env.uid,
                    "outcome": "ok",
                    "http_status": 200,
                }
            ],
        )
        self.assertGreaterEqual(row.duration_ms, 0)

    def test_budget_is_checked_before_the_call(self):
        """X.43: the third read of the day is not made at all."""
        self.read_vat_codes(2)
        with self.failing(OctopusQuotaError):
            self.read_vat_codes()
        self.assertEqual(len(self.calls("getVatCodes")), 2)
        self.assertEqual(len(self.log(operation="vat_codes")), 2)

    def test_scheduled_actions_leave_the_reserve(self):
        """X.43: a scheduled action stops earlier than a person."""
        self.read_vat_codes(cron_id=1)
        with self.failing(OctopusQuotaError):
            self.read_vat_codes(cron_id=1)
        self.read_vat_codes()
        self.assertEqual(len(self.calls("getVatCodes")), 2)

    def test_other_counters_go_on(self):
        """X.43: one counter that is used up stops nothing else, nor another dossier."""
        self.read_vat_codes(2)
        with self.dossier.client() as octopus:
            self.assertTrue(octopus.bookyears())
        branch = self.dossier_of(demo.BRANCH)
        with branch.client() as octopus:
            self.assertTrue(octopus.vat_codes())

    def test_next_day_starts_anew(self):
        """X.43: calls of yesterday in Brussels do not count today."""
        self.read_vat_codes(2)
        self.log(operation="vat_codes").sudo().write(
            {"quota_day": quota_day() - timedelta(days=1)}
        )
        self.env.flush_all()
        self.sandbox.world.clock.advance(days=1)
        self.read_vat_codes()
        self.assertEqual(len(self.log(operation="vat_codes", outcome="ok")), 3)

    def test_refusal_by_octopus_shuts_the_counter(self):
        """X.43: whatever its shape, Octopus's own limit is not tried again today."""
        for status in ("429", "403", "400"):
            with self.subTest(status):
                self.new_day()
                self.sandbox.world.switches["quota_status"] = status
                self.sandbox.world.faults.add("quota", operation="getVatCodes")
                for _try in range(2):
                    with self.failing(OctopusQuotaError):
                        self.read_vat_codes()
                self.assertEqual(len(self.calls("getVatCodes")), 1)
                self.assertEqual(self.log(operation="vat_codes").outcome, "quota")

    def test_what_never_left_does_not_count(self):
        """X.43, X.44: with the service down, the limit of 2 a day is not used up."""
        self.sandbox.stop()
        self.addCleanup(self.sandbox.start)
        for _try in range(3):
            with self.failing(OctopusNotNow):
                self.read_vat_codes()
        self.assertEqual(set(self.log().mapped("outcome")), {"not_sent"})
        self.assertEqual(len(self.log()), 3)

    def test_expired_token_does_not_count(self):
        """X.39, X.43: a call with an expired token is repeated, and counts once."""
        self.read_vat_codes()
        self.sandbox.world.clock.advance(minutes=11)
        self.read_vat_codes(cron_id=None)
        outcomes = self.log(operation="vat_codes").mapped("outcome")
        self.assertEqual(sorted(outcomes), ["ok", "ok", "unauthorized"])

    def test_limits_are_those_of_the_contract(self):
        """X.43: api.md §2.3, column Calls/day."""
        self.assertEqual(daily_limit("vat_codes"), 2)
        self.assertEqual(daily_limit("bookyears"), 24)


class NoTransport:
    """Nothing is called by it."""

    capabilities = frozenset()


@tagged("standard", "post_install", "-at_install")
class TestOwnTransaction(TransactionCase):
    """Here nothing pretends: the rows are committed by cursors of their own."""

    def test_a_rollback_loses_no_call(self):
        """X.43: a call stays counted whatever becomes of the work it was made for."""
        number = 987654
        self.addCleanup(self.forget, number)
        call = Call("vat_codes", "vat_codes", write=False, dossier_id=number)
        with self.env.registry.cursor() as cr:
            with CallLog(self.env(cr=cr), connection_id=0) as ledger:
                ledger.before(call)
            cr.rollback()
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr)
            rows = env["octopus.call"].search([("dossier_number", "=", number)])
            self.assertEqual(len(rows), 1)
            self.assertFalse(rows.outcome, "no answer came: the process died")
            with CallLog(env, connection_id=0) as ledger:
                ledger.before(call)
                with self.assertRaises(OctopusQuotaError):
                    ledger.before(call)

    def announced(self, number):
        """Return a call that books, and a ledger that counts it."""
        self.addCleanup(self.forget, number)
        call = Call("insert_booking", "insert_booking", write=True, dossier_id=number)
        return call, CallLog(self.env, connection_id=0)

    def outcomes(self, number):
        with self.env.registry.cursor() as cr:
            calls = self.env(cr=cr)["octopus.call"]
            here = [("dossier_number", "=", number)]
            return calls.search(here, order="id").mapped("outcome")

    def test_a_call_is_counted_with_the_number_it_is_made_for(self):
        """X.43: in one commit, and once."""
        number = 987657
        call, ledger = self.announced(number)
        with ledger, self.env.registry.cursor() as cr:
            for _time in range(2):
                with ledger.announcing(cr, call):
                    self.assertFalse(ledger._announced)
                    cr.commit()
                ledger.before(call)
                self.assertFalse(self.outcomes(number)[-1], "on disk, without answer")
                ledger.after(call, 0.1, 201, None, None)
        self.assertEqual(self.outcomes(number), ["ok", "ok"])

    def test_what_is_rolled_back_was_not_announced(self):
        """X.43: and the answer to the call before is kept."""
        number = 987658
        call, ledger = self.announced(number)
        with ledger, self.env.registry.cursor() as cr:
            with ledger.announcing(cr, call):
                cr.commit()
            ledger.before(call)
            ledger.after(call, 0.1, 201, None, None)
            with self.assertRaises(ZeroDivisionError), ledger.announcing(cr, call):
                raise ZeroDivisionError
            cr.rollback()
            self.assertEqual(self.outcomes(number), [False])
            ledger.before(call)
            self.assertEqual(self.outcomes(number), ["ok", False])

    def test_an_answer_is_kept_where_the_next_number_was_looked_at_before(self):
        """X.43: a transaction does not see rows that are younger than it."""
        number = 987661
        call, ledger = self.announced(number)
        with ledger, self.env.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM octopus_call")
            ledger.before(call)
            ledger.after(call, 0.1, 201, None, None)
            with ledger.announcing(cr, call):
                cr.commit()
            self.assertEqual(self.outcomes(number), ["ok", False])

    def test_an_announced_call_that_is_not_made_does_not_count(self):
        """X.43: as when no time is left for it."""
        number = 987659
        call, ledger = self.announced(number)
        with ledger, self.env.registry.cursor() as cr:
            with ledger.announcing(cr, call):
                cr.commit()
        self.assertEqual(self.outcomes(number), ["not_sent"])

    def test_an_announced_call_whose_arguments_are_refused_does_not_count(self):
        """X.43: at once, and not with the call after it."""
        number = 987662
        _call, ledger = self.announced(number)
        guarded = GuardedTransport(NoTransport, ledger, None, set())
        octopus = Caller(guarded, DossierScope(number))
        wrong = {"booking": None, "attachments": ()}
        with ledger, self.env.registry.cursor() as cr:
            with octopus.announcing("insert_booking", cr, booking=None):
                cr.commit()
            self.assertEqual(self.outcomes(number), [False])
            with self.assertRaises(OctopusInvalidRequest):
                octopus._call("insert_booking", **wrong)
            self.assertEqual(self.outcomes(number), ["not_sent"])

    def test_near_the_limit_nothing_is_announced(self):
        """X.43: the last calls of a day are counted in turn, when they are made."""
        number = 987660
        call, ledger = self.announced(number)
        self.fill(number, left=1)
        with ledger, self.env.registry.cursor() as cr:
            with ledger.announcing(cr, call):
                cr.commit()
            self.assertNotIn(False, self.outcomes(number))
            ledger.before(call)
            with ledger.announcing(cr, call):
                cr.commit()
            with self.assertRaises(OctopusQuotaError):
                ledger.before(call)

    @mute_logger("odoo.sql_db")
    def test_a_lost_connection_loses_no_call(self):
        """X.43: what became of a call is noted though PostgreSQL was restarted during
        it, and the next call is counted."""
        number = 987656
        self.addCleanup(self.forget, number)
        call = Call("vat_codes", "vat_codes", write=False, dossier_id=number)
        with CallLog(self.env, connection_id=0) as ledger:
            ledger.before(call)
            self.lose(ledger)
            ledger.after(call, 0.1, 200, None, None)
            self.lose(ledger)
            ledger.before(call)
        with self.env.registry.cursor() as cr:
            rows = self.env(cr=cr)["octopus.call"].search(
                [("dossier_number", "=", number)], order="id"
            )
            self.assertEqual(rows.mapped("outcome"), ["ok", False])

    @mute_logger("odoo.sql_db", repeated.__name__)
    def test_a_lost_statement_loses_no_call(self):
        """X.43: a pooler may give each transaction another connection, on which nothing
        was prepared."""
        number = 987657
        self.addCleanup(self.forget, number)
        self.addCleanup(setattr, repeated._Server, "prepares", True)
        call = Call("insert_booking", "insert_booking", write=True, dossier_id=number)
        with CallLog(self.env, connection_id=0) as ledger:
            for _time in range(repeated.OFTEN + 1):
                ledger.before(call)
                ledger.after(call, 0.1, 200, None, None)
            ledger._cr.execute("DEALLOCATE ALL")
            ledger._cr.commit()
            ledger.before(call)
        with self.env.registry.cursor() as cr:
            calls = self.env(cr=cr)["octopus.call"]
            found = calls.search_count([("dossier_number", "=", number)])
        self.assertEqual(found, repeated.OFTEN + 2)

    def lose(self, ledger):
        """End the connection of a ledger, as a restart of the database does."""
        with self.env.registry.cursor() as cr:
            pid = ledger._cr.connection.get_backend_pid()
            cr.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def test_workers_at_once_do_not_overshoot(self):
        """X.43: of ten that count at the same moment, the last two calls go to two."""
        number = 987655
        self.addCleanup(self.forget, number)
        self.fill(number, left=2)
        call = Call("insert_booking", "insert_booking", write=True, dossier_id=number)
        start = threading.Barrier(10, timeout=20)
        outcomes = []

        def count():
            threading.current_thread().dbname = self.env.cr.dbname
            start.wait()
            try:
                with CallLog(self.env, connection_id=0) as ledger:
                    ledger.before(call)
                outcomes.append("made")
            except OctopusQuotaError:
                outcomes.append("refused")

        threads = [threading.Thread(target=count) for _worker in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(sorted(outcomes), ["made"] * 2 + ["refused"] * 8)

    def fill(self, number, left):
        """Let a day's limit of bookings be used up, but for some of them."""
        limit = daily_limit("insert_booking")
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                INSERT INTO octopus_call
                       (date, dossier_number, operation, quota_key, quota_day, outcome)
                SELECT now(), %s, 'insert_booking', 'insert_booking', %s, 'ok'
                  FROM generate_series(1, %s)
                """,
                [number, quota_day(), limit - left],
            )

    def forget(self, number):
        with self.env.registry.cursor() as cr:
            cr.execute("DELETE FROM octopus_call WHERE dossier_number = %s", [number])
