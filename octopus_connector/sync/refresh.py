"""One reading of a dossier's mirror, step by step.

Each step is a call or two, is committed together with its position in a feed, and is
noted on the run: a worker that is killed loses the step under way and no other, and
whoever goes on with the run spends no call again on what was read.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ..api.errors import (
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusNoTime,
    OctopusNotNow,
)
from ..api.wire import DEFAULT_TIMEOUTS
from ..core import codes
from ..core.findings import Finding
from ..transaction import own_transaction
from ..work_time import work_time
from .mirror import Mirror, open_bookyears, was_today
from .scheduled import ensure_crons, may_schedule

_logger = logging.getLogger(__name__)

# What a job leaves behind: all was read, some is left, another worker is at it.
OVER = "over"
LEFT = "left"
ELSEWHERE = "elsewhere"

# How long a person waits for a dossier to be read, in seconds; then it goes on without.
PATIENCE = 10

# When a refresh is tried again that was in the way of another's work.
AGAIN = timedelta(minutes=10)

# What a mirror is made of; a step is one of them, or one of its pieces: "journals/7".
PARTS = (
    "bookyears",
    "journals",
    "bank_accounts",
    "accounts",
    "vat_codes",
    "cost_centres",
    "relations",
)

# After such an error nothing else will work either, and waiting for it takes long.
HOPELESS = (OctopusAuthError, OctopusAccessError, OctopusNotNow)


class Refresh:
    """Goes on with a run of the kind *refresh*.

    :param run: ``octopus.run`` in sudo, on a cursor that may be committed
    """

    def __init__(self, run):
        self.env = run.env
        self.run = run
        # What nobody asked for keeps its calls of the day for who asks.
        self.dossier = run.dossier_id.with_context(
            octopus_automatic=not run.interactive
        )
        # Steps that another transaction was in the way of: for another time.
        self.crossed: set[str] = set()

    def go(self, seconds: float | None = None) -> str:
        """Do the steps that are left; what is done is committed.

        :param seconds: begin no step after that: somebody waits
        :return: ``OVER``; ``LEFT`` when somebody must go on with it; ``ELSEWHERE``
        """
        # Whoever else wants to read the dossier finds the run.
        self.env["ir.cron"]._commit_progress(remaining=1)
        try:
            with self.dossier.client(self.run) as octopus:
                stopped = self._do_steps(octopus, seconds)
        except OctopusNoTime:
            self.env.cr.rollback()
            stopped = LEFT
        except OctopusError as error:
            self.env.cr.rollback()
            self._note(None, error)
            stopped = None
        if stopped:
            return stopped
        # A pass or a person may write to the dossier at this very moment.
        retrying(self._finish, self.env)
        self.env["ir.cron"]._commit_progress(remaining=0)
        return OVER

    def _do_steps(self, octopus, seconds):
        """Return what stopped it, if anything did: ``LEFT`` or ``ELSEWHERE``.

        :raises OctopusNoTime: there is no time for the next call
        :raises OctopusError: nothing else can be read now
        """
        ends = math.inf if seconds is None else time.monotonic() + seconds
        left = work_time()
        while step := self._next():
            if time.monotonic() > ends or not left.allows(DEFAULT_TIMEOUTS.read):
                return LEFT
            stopped = self._do(*step, octopus)
            if stopped:
                return stopped
        return LEFT if self.crossed else None

    def _do(self, name, read, octopus):
        try:
            # Somebody who reads the dossier at this moment reads the same.
            if not self._is_ours(name):
                return ELSEWHERE
            read(octopus)
            return self._note(name)
        except HOPELESS:
            raise
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # A pass wrote to the mirror at this very moment.
            self.env.cr.rollback()
            _logger.info("%s: %s is read another time", self.dossier.octopus_id, name)
            self.crossed.add(name)
            return None
        except OctopusError as error:
            self.env.cr.rollback()
            return self._note(name, error)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.env.cr.rollback()
            _logger.exception("%s cannot be read: %s", self.dossier.octopus_id, name)
            return self._note(name, error)

    def _is_ours(self, name):
        """Lock the dossier for one step, and look whether it is still to be done."""
        if not self.dossier.try_lock_for_update(allow_referencing=True):
            return False
        return self.run.state == "running" and name not in (self.run.steps or {})

    def _note(self, name, error=None):
        """Write down, with what was read, that a step is done; commit.

        :param name: of the step; ``None`` when an error ends them all
        :return: ``LEFT`` when the scheduled action has no time for the next one
        """
        found = [self._finding(name, error)] if error else []
        self.run.steps = {**(self.run.steps or {}), name or "": found}
        left = self._left()
        self.run.write(
            {
                "step": next(iter(left), False),
                "total": len(self.run.steps) + len(left),
            }
        )
        self.env.flush_all()
        # The end of the run remains as well.
        in_time = self.env["ir.cron"]._commit_progress(1, remaining=len(left) + 1)
        return None if in_time else LEFT

    def _finding(self, name, error):
        if isinstance(error, OctopusError):
            return self.dossier.note_error(error)
        return Finding(codes.PART_FAILED, {"parts": [part_of(name)]}).as_json()

    def _finish(self):
        """End the run, and tell on the dossier what could not be read."""
        findings = sum(self.run.steps.values(), [])
        now = fields.Datetime.now()
        moments = dict.fromkeys(self._parts_read(), fields.Datetime.to_string(now))
        self.dossier.write(
            {
                "refreshed_at": now,
                "problems": findings,
                "parts_read_at": {**(self.dossier.parts_read_at or {}), **moments},
            }
        )
        # With any that another worker began at the same moment.
        unfinished(self.dossier).end_refresh(findings)
        self.env["octopus.outbox.mixin"].wake_all(self.dossier)

    def _parts_read(self):
        """Return the parts of the mirror of which nothing is left and nothing failed:
        each of them is watched by itself."""
        failed = [name for name, found in self.run.steps.items() if found]
        missing = {part_of(name) for name in (*failed, *self._left())}
        return [part for part in PARTS if part not in missing]

    # Steps

    def _next(self):
        return next(iter(self._left().items()), None)

    def _left(self):
        """Return ``{name: function of a client}`` of the steps that are left, in order.

        What there is to read shows as the dossier becomes known: journals after the
        bookyears they are in, for example.
        """
        done = self.crossed.union(self.run.steps or {})
        return {name: read for name, read in self._steps() if name not in done}

    def _steps(self) -> list[tuple[str, Callable]]:
        mirror = Mirror(self.dossier)
        return [
            ("bookyears", mirror.bookyears),
            *(
                (
                    f"journals/{year.octopus_id}",
                    partial(mirror.journals, bookyears=year),
                )
                for year in mirror.bookyears_to_read()
            ),
            *(
                (
                    f"bank_accounts/{journal.key}",
                    partial(mirror.bank_account, journal=journal),
                )
                for journal in mirror.journals_without_bank_account()
            ),
            ("accounts", mirror.accounts),
            *self._accounts_of_new_years(),
            ("vat_codes", mirror.vat_codes),
            *([("cost_centres", mirror.cost_centres)] if mirror.has_plan() else []),
            ("relations", mirror.relations),
        ]

    def _accounts_of_new_years(self):
        """Steps for the bookyears that the reading of accounts told nothing about."""
        if "accounts" not in (self.run.steps or {}):
            return
        for year in open_bookyears(self.dossier):
            if not year.account_ids:
                read = partial(Mirror(self.dossier).accounts_of_year, bookyear=year)
                yield f"accounts/{year.octopus_id}", read


def part_of(step: str) -> str:
    """Return the part of the mirror that a step reads, or a piece of it.

    :param step: such as ``journals/7``
    :return: one of :data:`PARTS`; empty for no step
    """
    return step.partition("/")[0]


# Runs


def unfinished(dossiers):
    """Return the readings that were begun and did not end, of any day.

    :param dossiers: ``octopus.dossier`` of who may see their runs
    :return: ``octopus.run`` of the kind *refresh*
    """
    return dossiers.env["octopus.run"].search(
        [
            ("dossier_id", "in", dossiers.ids),
            ("kind", "=", "refresh"),
            ("state", "=", "running"),
        ]
    )


def reading(dossier):
    """Return the ``octopus.run`` of the reading that is under way, in sudo, if any.

    :param dossier: ``octopus.dossier``
    """
    begun = unfinished(dossier.sudo())
    return begun.filtered(lambda run: was_today(run.started_at))[:1]


def start(dossier):
    """Return the run of the reading that is under way, else a new one.

    :param dossier: one ``octopus.dossier``, of the user who asks for it
    :return: ``octopus.run`` in sudo
    """
    run = reading(dossier)
    if run:
        return run
    # What was begun another day counts for nothing: it is read anew.
    unfinished(dossier.sudo()).write({"state": "stopped"})
    automatic = bool(dossier.env.context.get("cron_id"))
    dossier.sudo().invalidate_recordset(["reading_text"])
    return (
        dossier.sudo()
        .env["octopus.run"]
        .create(
            {
                "kind": "refresh",
                "dossier_id": dossier.id,
                "user_id": dossier.env.uid,
                "interactive": not automatic,
                "step": "bookyears",
            }
        )
    )


# Reading


def refresh_now(dossier, seconds=None):
    """Read what changed in a dossier while somebody waits.

    Within the daily limits. Each step is committed and stands alone: what one could not
    read is told, the others go on. What there was no time for is done by the scheduled
    action.

    :param dossier: one ``octopus.dossier``
    :param float seconds: begin nothing after that; without it until all is read, or the
        time of this worker is over
    :return: findings, as JSON, of what could not be read
    :raises UserError: somebody reads it already
    """
    came_to = read_dossier(dossier, seconds)
    if came_to == ELSEWHERE:
        raise UserError(
            dossier.env._("%(name)s is being refreshed already.", name=dossier.name)
        )
    if came_to == LEFT:
        return [Finding(codes.OUT_OF_TIME).as_json()]
    return dossier.sudo().problems or []


def read_dossier(dossier, seconds=None) -> str:
    """Do what :func:`refresh_now` does, and say how far it came.

    :param dossier: one ``octopus.dossier``
    :param float seconds: begin nothing after that
    :return: ``LEFT``: the scheduled action goes on with it; ``ELSEWHERE``: another
        worker is at it; ``OVER``: all is read
    """
    dossier.ensure_one()
    with own_transaction(dossier.env) as env:
        own = dossier.with_env(env).sudo()
        came_to = Refresh(start(own)).go(seconds)
        if came_to == LEFT:
            _read_on(own)
    return came_to


def _read_on(dossier):
    """Let the scheduled action go on with a reading, also before the link.

    It switches itself off when nobody comes back to link the dossier.
    """
    if not dossier.is_ready() or not may_schedule(dossier.sudo()):
        return
    ensure_crons(dossier)
    dossier.refresh_cron_id.active = True
    dossier.refresh_cron_id._trigger()


def read_by_itself(dossier):
    """Go on with the reading that was begun today, or begin one, as a scheduled action.

    What is left when the time of this job is over, or of its worker, is done by the
    next one; Odoo calls again at once while something remains.

    :param dossier: one ``octopus.dossier`` that may be read
    """
    run = start(dossier)
    refresh = Refresh(run)
    came_to = refresh.go()
    if came_to == OVER and run.interactive:
        run.tell_user()
    if came_to == LEFT and refresh.crossed:
        dossier.refresh_cron_id._trigger(fields.Datetime.now() + AGAIN)
    if came_to == ELSEWHERE or refresh.crossed:
        dossier.env["ir.cron"]._commit_progress(remaining=0)


def outcome(dossier, findings) -> tuple[str, str, str]:
    """Return what came of a reading: kind, title and text of a notification.

    :param dossier: one ``octopus.dossier``, in the language of the text
    :param findings: as JSON, of what could not be read
    """
    env = dossier.env
    if not findings:
        text = env._("%(name)s was read again from Octopus.", name=dossier.display_name)
        return "success", env._("Up to date"), text
    texts = map(env["octopus.finding"].sentences, findings)
    return "danger", env._("Not everything could be read"), " ".join(texts)
