import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..core import codes
from ..core.codes import CODES
from ..core.findings import Finding
from ..core.states import BOOKED, DUE_LATER, IN_FLIGHT, TO_DECIDE
from ..core.vat_period import MONTH, due_date, first_untold, vat_returns
from ..core.working_days import on_weekdays, working_time
from ..prepare.responsible import responsible_of
from ..prepare.scope import not_asked_domain
from ..prepare.settings import JOURNAL_FIELDS
from ..sync.login import try_new_login
from ..sync.refresh import PARTS
from ..sync.scheduled import CRONS, restore_crons
from .octopus_connection import WARNING_ACTIVITY

_logger = logging.getLogger(__name__)

# A working day, and an hour for a scheduled action that is late itself.
SILENCE = timedelta(hours=25)
# From then on a banner tells that the service is down.
DOWN_PATIENCE = timedelta(hours=2)
# From then on an action that is due, and did not run, does not run at all.
LATE = timedelta(hours=2)
# How long nobody is bothered with what may mend itself.
JOURNAL_PATIENCE = timedelta(hours=1)
BLOCKED_PATIENCE = timedelta(days=1)
# How long before its end a bookyear asks for the next one.
YEAR_TURN = timedelta(days=31)
REACHED = ("ok", "nothing", "refused", "unauthorized", "quota")
NAMED = 5
# A thing that happens once a day is late after another working day.
DAILY = timedelta(hours=49)
# How long a value is told that was lost in a feed, which does not show it again.
TOLD_FOR = timedelta(days=7)
# Feeds that are read again from the same moment while a record of them is left out.
READ_AGAIN = (
    "accounts_modified",
    "balancings_modified",
    "bookings_modified",
    "documents_modified",
)
# What should happen by itself: how long it may last, and what is told after that.
THINGS = {
    "payments": (SILENCE, codes.PAYMENTS_NOT_READ),
    "open_items": (DAILY, codes.OPEN_ITEMS_NOT_COMPARED),
    "comparison": (SILENCE, codes.COMPARISON_STANDS_STILL),
}
WATCH_CRON = "cron_watch"
# What travels to Octopus, with the begin of the codes that tell of it.
OUTBOXES = {"octopus.booking": "documents", "octopus.payment": "payments"}


class OctopusWatchdog(models.AbstractModel):
    """Tells what stays broken, once and to one person; quiet when all is well.

    It has a scheduled action of its own, because those of a dossier are what it
    watches. What it finds is also shown on the dossier, for whoever looks.
    """

    _name = "octopus.watchdog"
    _description = "Octopus Watchdog"

    @api.model
    def _cron_watch(self):
        """Look at each dossier that a company books in; try a login that was changed.

        One that fails to be looked at does not keep the others from it.
        """
        # Archived ones, too: nothing leaves there, and somebody should know.
        every = [("company_ids", "!=", False), ("active", "in", (True, False))]
        dossiers = self.env["octopus.dossier"].search(every)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(dossiers))
        for connection in dossiers.connection_id:
            with self._alone(connection):
                try_new_login(connection)
            cron._commit_progress()
        for dossier in dossiers:
            with self._alone(dossier):
                restore_crons(dossier)
            with self._alone(dossier):
                self._watch(dossier)
            if not cron._commit_progress(1):
                return

    @contextmanager
    def _alone(self, record, *raised):
        """Let what is wrong with one record stop no other.

        :param raised: kinds of errors that are for the caller, who starts anew
        """
        # What others left to be written is written here: an error of that is theirs.
        savepoint = self.env.cr.savepoint()
        try:
            with savepoint:
                yield
        except raised:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("%s could not be watched", record)

    @api.model
    def _cron(self):
        """Return the scheduled action that watches, in sudo; made anew when somebody
        deleted it."""
        module = "octopus_connector"
        found = self.env.ref(f"{module}.{WATCH_CRON}", raise_if_not_found=False)
        if found:
            return found.sudo()
        cron = (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": "Octopus: watch over the dossiers",
                    "model_id": self.env["ir.model"]._get_id(self._name),
                    "state": "code",
                    "code": "model._cron_watch()",
                    "user_id": self.env.ref("base.user_root").id,
                    "interval_number": 1,
                    "interval_type": "hours",
                }
            )
        )
        named = {"xml_id": f"{module}.{WATCH_CRON}", "record": cron, "noupdate": True}
        self.env["ir.model.data"].sudo()._update_xmlids([named])
        return cron

    @api.model
    def _watch(self, dossier):
        """Keep one activity, no more, on a dossier where something stays broken.

        It is updated rather than repeated, and goes away when all is well again. When a
        person marks it as done, only something new makes another one.
        """
        # A pass that crossed another one ends here, and its end is done anew.
        with self._alone(dossier, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            self._note_expected(dossier)
        user = responsible_of(dossier)
        reader = self.with_context(lang=user.lang, tz=user.tz)
        found = reader._findings(dossier)
        told = sorted({finding.code for finding in found})
        known = dossier.activity_search([WARNING_ACTIVITY])
        if not found:
            known.unlink()
        elif known:
            values = reader._activity(found)
            if not known[0].user_id.active:
                values["user_id"] = user.id
            if any(known[0][name] != value for name, value in values.items()):
                known[0].write(values)
        elif set(told) - set(dossier.watched or ()) or self._is_another(dossier, user):
            dossier.activity_schedule(
                WARNING_ACTIVITY, user_id=user.id, **reader._activity(found)
            )
        if (dossier.watched or []) != told:
            dossier.watched = told
        if dossier.watched_by_id != user:
            dossier.watched_by_id = user

    @staticmethod
    def _is_another(dossier, user):
        """Whether somebody else is told than the one who was told before."""
        return bool(dossier.watched_by_id) and dossier.watched_by_id != user

    def _activity(self, findings):
        as_json = [finding.as_json() for finding in findings]
        texts = self.env["octopus.finding"]
        return {
            "summary": texts._texts(as_json[0])["title"],
            "note": texts._html(as_json),
        }

    # What stays broken

    @api.model
    def _findings(self, dossier, passing=False):
        """Return what does not mend itself in a dossier, the most telling first.

        A rejected login is not among it: it is told on the connection.

        :param passing: also what may pass, for a banner: a service that is down now
        :rtype: list[Finding]
        """
        dossier = dossier.sudo()
        connection = dossier.connection_id
        if not dossier.is_used():
            return []
        stopped = dossier.stopped_by()
        if stopped:
            return [stopped]
        if not connection.is_ready():
            return [
                Finding(codes.NOT_CONNECTED, {"connection": connection.name})
            ] * passing
        checks = [
            self._actions_that_stand_still,
            *([self._service_down] if passing else ()),
            self._silence,
            self._documents_that_stay,
            self._not_sent_before_vat,
            self._documents_to_compare,
            self._payments_to_decide,
            self._not_compared,
            self._unreadable,
            self._year_turn,
        ]
        return [finding for check in checks for finding in self._check(check, dossier)]

    def _check(self, check, dossier):
        """Return what one check finds; one that fails is told, and stops no other."""
        try:
            # A check writes nothing, and is also asked by a screen.
            with self.env.cr.savepoint(flush=False):
                return check(dossier)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("%s of %s failed", check.__name__, dossier)
            return [Finding(codes.WATCH_FAILED, {"check": check.__name__.strip("_")})]

    def _actions_that_stand_still(self, dossier):
        crons = dossier.crons()
        mend = ("octopus.dossier", dossier.ids)
        params = {"dossier": dossier.display_name}
        if len(crons.filtered("active")) < len(CRONS):
            return [Finding(codes.SCHEDULED_ACTION_OFF, params, *mend)]
        due = min(cron.nextcall for cron in crons)
        if due < fields.Datetime.now() - LATE:
            return [Finding(codes.SCHEDULER_STOPPED, {"since_at": due}, *mend)]
        watch = self.env.ref(
            f"octopus_connector.{WATCH_CRON}", raise_if_not_found=False
        )
        if not watch or not watch.sudo().active:
            return [Finding(codes.WATCH_MISSING, {}, *mend)]
        return []

    def _last_call(self, dossier, outcomes):
        calls = self.env["octopus.call"].sudo()
        numbered = Domain("dossier_number", "=", dossier.octopus_id)
        return calls.search(numbered & Domain("outcome", "in", outcomes), limit=1)

    def _silence(self, dossier):
        """Tell that nothing succeeded for a working day."""
        last = self._last_call(dossier, ("ok", "nothing")).date
        since = last or dossier.create_date
        if self._lasts(dossier, since, SILENCE):
            return [
                Finding(codes.NOTHING_SUCCEEDED, {"since_at": since}, "octopus.call")
            ]
        return self._things_that_stand_still(dossier)

    def _lasts(self, dossier, since, patience):
        """Whether more working time than ``patience`` went by since a moment."""
        now = fields.Datetime.now()
        if now - since < patience:
            return False
        works = self._working_days(dossier, since)
        return working_time(since, now, works) >= patience

    # Each thing that should happen by itself

    def _last_successes(self, dossier):
        """Return when each thing that should happen by itself in a dossier succeeded
        last: ``{thing: moment, or None for never}``."""
        last = {}
        balancings = self.env["octopus.balancing"].sudo()
        following = balancings._following(dossier)
        if following:
            last["payments"] = dossier.payments_read_at or None
        if following or balancings._paying(dossier):
            last["open_items"] = dossier.open_items_at or None
        booked = [("dossier_id", "=", dossier.id), ("state", "in", BOOKED)]
        if self.env["octopus.booking"].sudo().search_count(booked, limit=1):
            last["comparison"] = dossier.compared_at or None
        parts = dossier.parts_read_at or {}
        for part in PARTS:
            last[part] = fields.Datetime.to_datetime(parts.get(part)) or None
        return last

    def _note_expected(self, dossier):
        """Write down since when each thing is expected: what was not, does not count
        as silence."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        before = dossier.expected_since or {}
        works = dossier.is_used() and dossier.is_ready()
        things = self._last_successes(dossier) if works else ()
        expected = {thing: before.get(thing, now) for thing in things}
        if expected != before:
            dossier.expected_since = expected

    def _things_that_stand_still(self, dossier):
        """Tell each thing that did not succeed for too long, although others do."""
        expected = dossier.expected_since or {}
        late = {}
        for thing, last in self._last_successes(dossier).items():
            since = fields.Datetime.to_datetime(expected.get(thing))
            since = since and max(filter(None, (since, last)))
            patience, _code = THINGS.get(thing, (DAILY, None))
            if since and self._lasts(dossier, since, patience):
                late[thing] = since
        found = [
            Finding(code, {"since_at": late[thing]}, "octopus.call")
            for thing, (_patience, code) in THINGS.items()
            if thing in late
        ]
        parts = {part: late[part] for part in PARTS if part in late}
        if parts:
            params = {"parts": list(parts), "since_at": min(parts.values())}
            mend = ("octopus.dossier", dossier.ids)
            found.append(Finding(codes.MIRROR_NOT_READ, params, *mend))
        return found

    # What came and cannot be used

    def _unreadable(self, dossier):
        """Tell values and records that Octopus gave and that cannot be used."""
        calls = self.env["octopus.call"].sudo()
        mine = Domain("dossier_number", "=", dossier.octopus_id) | (
            Domain("dossier_number", "=", 0)
            & Domain("connection_ref", "=", dossier.connection_id.id)
        )
        recent = Domain("date", ">=", fields.Datetime.now() - TOLD_FOR)
        spoilt = Domain("unreadable", "!=", False)
        latest = {}
        for call in calls.search(mine & recent & spoilt):
            latest.setdefault((call.operation, call.document), call)
        lost = {codes.RECORDS_UNREADABLE: [], codes.VALUES_UNREADABLE: []}
        for call in latest.values():
            mended = self._is_mended(call, mine)
            for flaw in call.unreadable:
                feed = call.operation.endswith("_modified")
                once = feed and not (flaw["left_out"] and call.operation in READ_AGAIN)
                if once or not mended:
                    kind = "records" if flaw["left_out"] else "values"
                    lost[f"{kind}_unreadable"].append((flaw, call))
        return [self._lost(code, flaws) for code, flaws in lost.items() if flaws]

    def _is_mended(self, call, mine):
        """Whether the same was asked again since, and could be read."""
        again = (
            Domain("operation", "=", call.operation)
            & Domain("document", "=", call.document)
            & Domain("outcome", "in", ("ok", "nothing"))
            & Domain("id", ">", call.id)
        )
        return bool(self.env["octopus.call"].sudo().search_count(mine & again, limit=1))

    def _lost(self, code, flaws):
        named = [f"{flaw['record']}: {flaw['field']}" for flaw, _call in flaws]
        params = {"count": len(flaws), "values": list(dict.fromkeys(named))[:NAMED]}
        _flaw, call = flaws[0]
        return Finding(code, params, "octopus.call", call.ids)

    def _not_sent_before_vat(self, dossier):
        """Tell of documents that nobody asked for, before their VAT return is due; also
        where documents do not go by themselves."""
        moves = self.env["account.move"].sudo()
        count = moves.search_count(not_asked_domain(dossier))
        if not count:
            return []
        every = dossier.vat_return or MONTH
        untold = first_untold(fields.Date.context_today(self), every)
        last = untold - timedelta(days=1)
        params = {
            "count": count,
            "vat_period": vat_returns(last.replace(day=1), last, every),
            "due_date": due_date(untold, every),
        }
        return [Finding(codes.NOT_SENT_BEFORE_VAT, params, "account.move")]

    def _working_days(self, dossier, since):
        """Return a function that tells of a day whether the company works on it."""
        company = dossier.company_ids[:1]
        calendar = company.resource_calendar_id
        if not calendar:
            return on_weekdays

        @cache
        def unusual():
            now = fields.Datetime.now()
            return calendar._get_unusual_days(since, now, company)

        return lambda day: not unusual().get(fields.Date.to_string(day), False)

    def _service_down(self, dossier):
        """Tell that Octopus does not answer any more, and when it is tried."""
        reached = self._last_call(dossier, REACHED)
        failed = (
            self.env["octopus.call"]
            .sudo()
            .search(
                [
                    ("dossier_number", "=", dossier.octopus_id),
                    ("id", ">", reached.id or 0),
                    ("outcome", "in", ("failed", "no_answer", "not_sent")),
                ],
                order="id",
                limit=1,
            )
        )
        if not failed or failed.date > fields.Datetime.now() - DOWN_PATIENCE:
            return []
        params = {"since_at": failed.date, "next_at": self._next_try(dossier)}
        return [Finding(codes.SERVICE_DOWN_SINCE, params)]

    def _next_try(self, dossier):
        waiting = self._asked(dossier) & Domain("state", "in", DUE_LATER)
        bookings = self.env["octopus.booking"].sudo()
        [[soonest]] = bookings._read_group(waiting, [], ["retry_at:min"])
        planned = [row.nextcall for row in dossier.crons()]
        return max(min([*planned, *filter(None, [soonest])]), fields.Datetime.now())

    def _asked(self, dossier):
        # Of a run that somebody paused and forgot, too.
        asked = Domain("queued", "=", True) | Domain("run_id.state", "=", "paused")
        return Domain("dossier_id", "=", dossier.id) & asked

    def _documents_that_stay(self, dossier):
        now = fields.Datetime.now()
        bookings = self.env["octopus.booking"].sudo()
        waits = self._asked(dossier) & Domain("state", "=", "waiting")
        open_long = bookings._read_group(
            waits
            & Domain("cause", "=", codes.JOURNAL_OPEN_ELSEWHERE)
            & Domain("journal_id", "!=", False)
            & Domain("waiting_since", "<=", now - JOURNAL_PATIENCE),
            ["journal_id"],
        )
        found = [
            Finding(codes.JOURNAL_OPEN_ELSEWHERE, {"journal": journal.display_name})
            for [journal] in open_long
        ]
        params = {"days": dossier.watch_days}
        for model, name in OUTBOXES.items():
            counts = {
                f"{name}_blocked": self._blocked(self.env[model].sudo(), dossier, now),
                f"{name}_wait": self._waiting(self.env[model].sudo(), dossier, now),
            }
            found += [
                Finding(code, {**params, "count": count}, model)
                for code, count in counts.items()
                if count
            ]
        return found

    def _documents_to_compare(self, dossier):
        """Tell of documents about which a person must decide."""
        bookings = self.env["octopus.booking"].sudo()
        ours = Domain("dossier_id", "=", dossier.id)
        found = {
            codes.DOCUMENTS_DIFFER: Domain("state", "in", TO_DECIDE),
            codes.DOCUMENTS_MAYBE_BOOKED: Domain("cause", "=", codes.MAYBE_BOOKED),
        }
        counts = {
            code: bookings.search_count(ours & which) for code, which in found.items()
        }
        return [
            Finding(code, {"count": count}, "octopus.booking")
            for code, count in counts.items()
            if count
        ]

    def _not_compared(self, dossier):
        """Tell what keeps documents from being compared with Octopus."""
        names = ("code", "params", "model", "ids")
        return [
            Finding(**{name: problem[name] for name in names})
            for problem in dossier.comparison_problems or ()
            if problem.get("code") in CODES
        ]

    def _payments_to_decide(self, dossier):
        """Tell of payments that are not in Octopus as they are here, and do not get
        there by themselves."""
        payments = self.env["octopus.payment"].sudo()
        ours = Domain("dossier_id", "=", dossier.id)
        found = {
            codes.PAYMENTS_GONE: Domain("state", "=", "gone"),
            codes.PAYMENTS_DISPUTED: Domain("cause", "=", codes.PAYMENT_DISPUTED)
            & Domain("state", "!=", "excluded"),
            codes.MATCHES_BLOCKED: Domain("match_state", "=", "blocked"),
        }
        counts = {
            code: payments.search_count(ours & which) for code, which in found.items()
        }
        return [
            Finding(code, {"count": count}, "octopus.payment")
            for code, count in counts.items()
            if count
        ]

    def _blocked(self, outbox, dossier, now):
        since = Domain("waiting_since", "<=", now - BLOCKED_PATIENCE)
        blocked = self._asked(dossier) & Domain("state", "=", "blocked") & since
        return outbox.search_count(blocked)

    def _waiting(self, outbox, dossier, now):
        """Count rows that wait too long: for what is awaited, for an answer, or
        for a pass that does not come."""
        limit = now - timedelta(days=dossier.watch_days)
        held = Domain("state", "in", DUE_LATER) & (Domain("waiting_since", "<=", limit))
        left = Domain("state", "in", ("ready", *IN_FLIGHT)) & (
            Domain("write_date", "<=", limit)
        )
        asked = self._asked(dossier) & (held | left)
        return outbox.search_count(asked)

    # The turn of the year

    def _year_turn(self, dossier):
        """Tell in the last month of a bookyear what the next one lacks."""
        today = fields.Date.context_today(self)
        ending = dossier.bookyear_ids.filtered(
            lambda year: year.date_start <= today <= year.date_end
        )[:1]
        if not ending or ending.date_end - today > YEAR_TURN:
            return []
        start = ending.date_end + timedelta(days=1)
        coming = dossier.bookyear_ids.filtered(lambda year: year.date_start == start)
        if not coming:
            return [Finding(codes.NEXT_BOOKYEAR_MISSING, {"date": start})]
        return [
            *self._journals_missing_in(coming[:1], dossier),
            *self._accounts_missing_in(coming[:1], dossier),
        ]

    def _journals_missing_in(self, bookyear, dossier):
        chosen = self.env["octopus.journal"]
        others = self.env["octopus.bookyear.journal"].lookup(dossier)
        for company in dossier.company_ids.filtered("octopus_enabled"):
            for field in JOURNAL_FIELDS.values():
                journal = company[field]
                chosen |= others.get((bookyear.id, journal.id), journal)
        there = dossier.journal_ids.year_ids.filtered(
            lambda row: row.bookyear_id == bookyear and row.active and not row.closed
        )
        missing = chosen - there.journal_id
        if not missing:
            return []
        params = {"bookyear": bookyear.name, "journals": missing.mapped("key")}
        return [Finding(codes.NEXT_BOOKYEAR_JOURNALS, params)]

    def _accounts_missing_in(self, bookyear, dossier):
        # A bookyear whose accounts were not read yet tells nothing.
        if not bookyear.account_ids:
            return []
        mapped = (
            self.env["octopus.account.mapping"]
            .sudo()
            .search([("dossier_id", "=", dossier.id), ("state", "=", "accepted")])
        )
        missing = mapped.octopus_account_id.filtered(
            lambda account: bookyear not in account.bookyear_ids
        )
        if not missing:
            return []
        params = {
            "bookyear": bookyear.name,
            "count": len(missing),
            "accounts": missing[:NAMED].mapped("number"),
        }
        return [Finding(codes.NEXT_BOOKYEAR_ACCOUNTS, params)]
