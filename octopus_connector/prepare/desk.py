"""The numbers of the overview: what went, what waits and for whom, what differs.

One domain stands for each number. It is what is counted, for all dossiers at once, and
what is opened: a number cannot say something else than the list behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..core.causes import codes_of
from ..core.codes import ACCOUNTANT, ADMINISTRATOR, OCTOPUS
from ..core.states import HELD, SENT, TO_DECIDE, TO_GO
from ..groups import MANAGER

_lt = LazyTranslate(__name__)

BOOKING, PAYMENT = "octopus.booking", "octopus.payment"
OUTBOX = "octopus_connector.action_octopus_booking"
PAYMENTS = "octopus_connector.action_octopus_payment"
TO_ACCEPT = "octopus_connector.action_octopus_balancing"
PLANS = "octopus_connector.action_octopus_payment_plan"
TO_ANSWER = "octopus_connector.action_octopus_payment_question"


class DeskNumber(NamedTuple):
    """One number of the overview.

    :param key: its name
    :param label: for people
    :param model: of the records that are counted
    :param action: XML id of the action that shows them
    :param domain: gives the domain of these records, for the user of an environment
    :param acts: the user must do something about them
    :param since: what tells since when, as ``_read_group`` takes it
    :param by_company: they belong to a company; else to the dossier
    :param group_by: by which filter of its screen they are grouped
    """

    key: str
    label: str
    model: str
    action: str
    domain: Callable
    acts: bool = False
    since: str = ""
    by_company: bool = True
    group_by: str = ""


class Counted(NamedTuple):
    """How many records a number has, and since when the first of them."""

    count: int
    since: date | datetime | None = None


# Whose turn it is


def _held() -> Domain:
    """Return the domain of documents that something stands in the way of. What waits
    and is not asked for any more is one that nobody asked for."""
    waiting = Domain("state", "=", "waiting") & Domain("queued", "=", True)
    return Domain("state", "=", "blocked") | waiting


def _others(env):
    """Return whose turn it is when it is not the user's own."""
    mine = env.user.has_group(MANAGER)
    return (ACCOUNTANT, OCTOPUS) if mine else (ADMINISTRATOR, ACCOUNTANT, OCTOPUS)


def _waits_for_me(env) -> Domain:
    # A cause that this version does not know is somebody's here, too.
    return _held() & Domain("cause", "not in", codes_of(*_others(env)))


def _waits_for_administrator(env) -> Domain:
    if ADMINISTRATOR not in _others(env):
        return Domain.FALSE
    return _held() & Domain("cause", "in", codes_of(ADMINISTRATOR))


def _waits_for_accountant(_env) -> Domain:
    return _held() & Domain("cause", "in", codes_of(ACCOUNTANT))


def _waits_for_octopus(_env) -> Domain:
    held = _held() & Domain("cause", "in", codes_of(OCTOPUS))
    return held | Domain("state", "=", "unknown")


# Where they stand


def _sent_today(env) -> Domain:
    return Domain("state", "in", SENT) & Domain("sent_at", ">=", day_begins(env))


def _on_their_way(_env) -> Domain:
    ready = Domain("state", "=", "ready") & Domain("queued", "=", True)
    return ready | Domain("state", "=", "sending")


def _not_asked(_env) -> Domain:
    return Domain("state", "in", TO_GO) & Domain("queued", "=", False)


def _not_the_same(_env) -> Domain:
    return Domain("state", "in", TO_DECIDE)


def _payments_held() -> Domain:
    """Return the domain of payments that something stands in the way of, on their way
    or where their documents are matched with them."""
    return _held() | Domain("match_state", "in", HELD)


def _payments_for_me(env) -> Domain:
    mine = _payments_held() & Domain("cause", "not in", codes_of(*_others(env)))
    gone = Domain("state", "=", "gone")
    return (mine | gone) & Domain("state", "!=", "unknown")


def _payments_stopped(env) -> Domain:
    others = _payments_held() & Domain("cause", "in", codes_of(*_others(env)))
    unknown = Domain("state", "=", "unknown")
    return (others | unknown) & Domain("state", "!=", "gone")


def _to_accept(_env) -> Domain:
    return Domain("plan_id.state", "=", "open")


def _to_answer(_env) -> Domain:
    return Domain("state", "=", "open")


WAITING = "waiting_since:min"
# In their order on the screen.
NUMBERS = {
    number.key: number
    for number in (
        DeskNumber("sent_today", _lt("Sent today"), BOOKING, OUTBOX, _sent_today),
        DeskNumber("on_their_way", _lt("On their way"), BOOKING, OUTBOX, _on_their_way),
        DeskNumber(
            "not_asked",
            _lt("Nobody asked for"),
            BOOKING,
            OUTBOX,
            _not_asked,
            since="accounting_date:min",
        ),
        DeskNumber(
            "waits_for_me",
            _lt("Wait for you"),
            BOOKING,
            OUTBOX,
            _waits_for_me,
            acts=True,
            since=WAITING,
            group_by="by_cause",
        ),
        DeskNumber(
            "waits_for_administrator",
            _lt("Wait for the administrator"),
            BOOKING,
            OUTBOX,
            _waits_for_administrator,
            since=WAITING,
            group_by="by_cause",
        ),
        DeskNumber(
            "waits_for_accountant",
            _lt("Wait for the accountant"),
            BOOKING,
            OUTBOX,
            _waits_for_accountant,
            since=WAITING,
            group_by="by_cause",
        ),
        DeskNumber(
            "waits_for_octopus",
            _lt("Wait for Octopus"),
            BOOKING,
            OUTBOX,
            _waits_for_octopus,
            since=WAITING,
            group_by="by_cause",
        ),
        DeskNumber(
            "differs",
            _lt("Not the same in Octopus"),
            BOOKING,
            OUTBOX,
            _not_the_same,
            acts=True,
        ),
        DeskNumber(
            "payments_for_me",
            _lt("Payments to Octopus that wait for you"),
            PAYMENT,
            PAYMENTS,
            _payments_for_me,
            acts=True,
            since=WAITING,
        ),
        DeskNumber(
            "payments_stopped",
            _lt("Payments to Octopus that wait for others"),
            PAYMENT,
            PAYMENTS,
            _payments_stopped,
            since=WAITING,
        ),
        DeskNumber(
            "to_accept",
            _lt("Payments to accept"),
            "octopus.balancing",
            TO_ACCEPT,
            _to_accept,
            acts=True,
            by_company=False,
        ),
        DeskNumber(
            "to_answer",
            _lt("Payments to decide"),
            "octopus.payment.question",
            TO_ANSWER,
            _to_answer,
            acts=True,
            since="create_date:min",
            by_company=False,
        ),
    )
}


def day_begins(env) -> datetime:
    """Return when today began for the user, naive UTC.

    :param env: of the user
    """
    zone = ZoneInfo(str(env.tz))
    midnight = datetime.combine(datetime.now(zone).date(), time(), zone)
    return midnight.astimezone(timezone.utc).replace(tzinfo=None)


def domain_of(number, dossiers, company=None) -> Domain:
    """Return the domain of what a number counts.

    :param number: :class:`DeskNumber`
    :param dossiers: ``octopus.dossier`` of the user
    :param company: of one ``res.company`` only, where they belong to one
    """
    here = Domain("dossier_id", "in", dossiers.ids)
    if company and number.by_company:
        here &= Domain("company_id", "=", company.id)
    return here & number.domain(dossiers.env)


def count(number, dossiers) -> dict[tuple[int, int | None], Counted]:
    """Count what a number stands for, as far as the user may see it; one query.

    :param number: :class:`DeskNumber`
    :param dossiers: ``octopus.dossier`` of the user
    :return: by id of the dossier and of the company, ``None`` where it belongs to none
    """
    groups = ["dossier_id", "company_id"] if number.by_company else ["dossier_id"]
    told = ["__count", number.since] if number.since else ["__count"]
    rows = dossiers.env[number.model]
    found = {}
    for row in rows._read_group(domain_of(number, dossiers), groups, told):
        dossier, *company = row[: len(groups)]
        key = dossier.id, company[0].id if company else None
        found[key] = Counted(*row[len(groups) :])
    return found


def count_all(dossiers) -> dict[str, dict]:
    """Return :func:`count` of each number that concerns the user, by its key.

    :param dossiers: ``octopus.dossier`` of the user
    """
    return {
        key: count(number, dossiers)
        for key, number in NUMBERS.items()
        if not number.domain(dossiers.env).is_false()
    }


def companies_of(dossiers) -> dict[int, list]:
    """Return which of the user's companies book in each dossier now, by its id.

    :param dossiers: ``octopus.dossier`` of the user
    """
    found = {dossier.id: [] for dossier in dossiers}
    for company in dossiers.env.companies:
        dossier = company.octopus_dossier()
        if dossier.id in found:
            found[dossier.id].append(company.id)
    return found


def next_runs(dossiers) -> dict[int, datetime]:
    """Return when a scheduled action of each dossier runs next, by its id, as far as
    one does.

    :param dossiers: ``octopus.dossier`` in sudo
    """
    crons = dossiers.push_cron_id | dossiers.pull_cron_id
    asked = dossiers.env["ir.cron.trigger"]._read_group(
        [("cron_id", "in", crons.ids)], ["cron_id"], ["call_at:min"]
    )
    soonest = dict(asked)
    found = {}
    for dossier in dossiers:
        active = (dossier.push_cron_id | dossier.pull_cron_id).filtered("active")
        moments = [
            moment
            for cron in active
            for moment in (cron.nextcall, soonest.get(cron))
            if moment
        ]
        if moments:
            found[dossier.id] = max(min(moments), fields.Datetime.now())
    return found
