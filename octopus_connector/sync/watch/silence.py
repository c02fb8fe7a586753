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
from ..payments.companies import followed_and_paid
from ..refresh import PARTS
from .outboxes import asked_for

# A working day, and an hour for a scheduled action that is late itself.
SILENCE = timedelta(hours=25)
# From then on a banner tells that the service is down.
DOWN_PATIENCE = timedelta(hours=2)
# A thing that happens once a day is late after another working day.
DAILY = timedelta(hours=49)
SUCCEEDED = ("ok", "nothing")
REACHED = (*SUCCEEDED, "refused", "unauthorized", "quota")
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
    last = _last_call(env, dossier, SUCCEEDED).date
    since = last or dossier.create_date
    if _lasts(env, dossier, since, SILENCE):
        return [Finding(codes.NOTHING_SUCCEEDED, {"since_at": since}, "octopus.call")]
    return _things_that_stand_still(env, dossier)


def where_silent(env, dossiers):
    """Return those dossiers in which :func:`silence` may find something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    now = fields.Datetime.now()
    recent = (
        Domain("dossier_number", "in", dossiers.mapped("octopus_id"))
        & Domain("outcome", "in", SUCCEEDED)
        & Domain("date", ">", now - SILENCE)
    )
    heard = env["octopus.call"].sudo()._read_group(recent, ["dossier_number"])
    numbers = {number for [number] in heard}
    found = dossiers.filtered(lambda dossier: dossier.octopus_id not in numbers)
    for dossier, last in _last_successes(env, dossiers - found).items():
        ages = _ages(dossier, last).items()
        if any(now - since >= _patience(thing) for thing, since in ages):
            found |= dossier
    return found


def _patience(thing):
    patience, _code = THINGS.get(thing, (DAILY, None))
    return patience


def _ages(dossier, last):
    """Return the moment from which each thing counts: ``{thing: moment}``.

    :param last: when each succeeded last
    """
    expected = dossier.expected_since or {}
    ages = {}
    for thing, moment in last.items():
        since = fields.Datetime.to_datetime(expected.get(thing))
        if since:
            ages[thing] = max(filter(None, (since, moment)))
    return ages


def _things_that_stand_still(env, dossier):
    """Tell each thing that did not succeed for too long, although others do."""
    last = _last_successes(env, dossier)[dossier]
    late = {
        thing: since
        for thing, since in _ages(dossier, last).items()
        if _lasts(env, dossier, since, _patience(thing))
    }
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


def expected_in(env, dossiers):
    """Return since when each thing is expected, where that is not what is written down:
    what was not expected does not count as silence.

    :param env: of the watchdog
    :param dossiers: ``octopus.dossier``
    :return: ``{dossier: {thing: moment as text}}``
    """
    now = fields.Datetime.to_string(fields.Datetime.now())
    ready = dossiers.connection_id.filtered(lambda login: login.is_ready())
    works = dossiers.filtered(
        lambda row: row.active and row.connection_id in ready and row.is_used()
    )
    last = _last_successes(env, works)
    expected = {}
    for dossier in dossiers:
        before = dossier.expected_since or {}
        things = {thing: before.get(thing, now) for thing in last.get(dossier, ())}
        if things != before:
            expected[dossier] = things
    return expected


def _last_successes(env, dossiers):
    """Return when each thing that should happen by itself succeeded last:
    ``{dossier: {thing: moment, or None for never}}``."""
    followed, paid = followed_and_paid(dossiers.sudo())
    booked = (
        env["octopus.dossier"]
        .sudo()
        .with_context(active_test=False)
        .search(
            [
                ("id", "in", dossiers.ids),
                ("booking_ids", "any", [("state", "in", BOOKED)]),
            ]
        )
    )
    found = {}
    for dossier in dossiers:
        last = found[dossier] = {}
        if dossier in followed:
            last["payments"] = dossier.payments_read_at or None
        if dossier in followed | paid:
            last["open_items"] = dossier.open_items_at or None
        if dossier in booked:
            last["comparison"] = dossier.compared_at or None
        parts = dossier.parts_read_at or {}
        for part in PARTS:
            last[part] = fields.Datetime.to_datetime(parts.get(part)) or None
    return found


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
