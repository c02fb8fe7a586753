"""What should happen by itself, and does not: calls that succeed, scheduled readings,
the service itself."""

from datetime import timedelta
from functools import cache

from odoo import fields
from odoo.fields import Domain

from ...core import codes
from ...core.findings import Finding
from ...core.states import BOOKED, DUE_LATER
from ...core.working_days import on_weekdays, working_time
from ..payments.companies import following, paying
from ..refresh import PARTS
from .outboxes import asked_for

# A working day, and an hour for a scheduled action that is late itself.
SILENCE = timedelta(hours=25)
# From then on a banner tells that the service is down.
DOWN_PATIENCE = timedelta(hours=2)
# A thing that happens once a day is late after another working day.
DAILY = timedelta(hours=49)
REACHED = ("ok", "nothing", "refused", "unauthorized", "quota")
# What should happen by itself: how long it may last, and what is told after that.
THINGS = {
    "payments": (SILENCE, codes.PAYMENTS_NOT_READ),
    "open_items": (DAILY, codes.OPEN_ITEMS_NOT_COMPARED),
    "comparison": (SILENCE, codes.COMPARISON_STANDS_STILL),
}


def silence(env, dossier):
    """Tell that nothing succeeded for a working day.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    last = _last_call(env, dossier, ("ok", "nothing")).date
    since = last or dossier.create_date
    if _lasts(env, dossier, since, SILENCE):
        return [Finding(codes.NOTHING_SUCCEEDED, {"since_at": since}, "octopus.call")]
    return _things_that_stand_still(env, dossier)


def _things_that_stand_still(env, dossier):
    """Tell each thing that did not succeed for too long, although others do."""
    expected = dossier.expected_since or {}
    late = {}
    for thing, last in _last_successes(env, dossier).items():
        since = fields.Datetime.to_datetime(expected.get(thing))
        since = since and max(filter(None, (since, last)))
        patience, _code = THINGS.get(thing, (DAILY, None))
        if since and _lasts(env, dossier, since, patience):
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


def note_expected(env, dossier):
    """Write down since when each thing is expected: what was not, does not count
    as silence.

    :param env: of the watchdog
    :param dossier: ``octopus.dossier``, which is written to
    """
    now = fields.Datetime.to_string(fields.Datetime.now())
    before = dossier.expected_since or {}
    works = dossier.is_used() and dossier.is_ready()
    things = _last_successes(env, dossier) if works else ()
    expected = {thing: before.get(thing, now) for thing in things}
    if expected != before:
        dossier.expected_since = expected


def _last_successes(env, dossier):
    """Return when each thing that should happen by itself in a dossier succeeded
    last: ``{thing: moment, or None for never}``."""
    last = {}
    followed = following(dossier)
    if followed:
        last["payments"] = dossier.payments_read_at or None
    if followed or paying(dossier):
        last["open_items"] = dossier.open_items_at or None
    booked = [("dossier_id", "=", dossier.id), ("state", "in", BOOKED)]
    if env["octopus.booking"].sudo().search_count(booked, limit=1):
        last["comparison"] = dossier.compared_at or None
    parts = dossier.parts_read_at or {}
    for part in PARTS:
        last[part] = fields.Datetime.to_datetime(parts.get(part)) or None
    return last


def service_down(env, dossier):
    """Tell that Octopus does not answer any more, and when it is tried.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    reached = _last_call(env, dossier, REACHED)
    failed = (
        env["octopus.call"]
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
    params = {"since_at": failed.date, "next_at": _next_try(env, dossier)}
    return [Finding(codes.SERVICE_DOWN_SINCE, params)]


def _next_try(env, dossier):
    waiting = asked_for(dossier) & Domain("state", "in", DUE_LATER)
    bookings = env["octopus.booking"].sudo()
    [[soonest]] = bookings._read_group(waiting, [], ["retry_at:min"])
    planned = [row.nextcall for row in dossier.crons()]
    return max(min([*planned, *filter(None, [soonest])]), fields.Datetime.now())


def _last_call(env, dossier, outcomes):
    calls = env["octopus.call"].sudo()
    numbered = Domain("dossier_number", "=", dossier.octopus_id)
    return calls.search(numbered & Domain("outcome", "in", outcomes), limit=1)


def _lasts(env, dossier, since, patience):
    """Whether more working time than ``patience`` went by since a moment."""
    now = fields.Datetime.now()
    if now - since < patience:
        return False
    works = _working_days(env, dossier, since)
    return working_time(since, now, works) >= patience


def _working_days(env, dossier, since):
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
