import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..core import codes
from ..core.findings import Finding
from ..prepare.responsible import responsible_of
from ..sync.login import try_new_login
from ..sync.scheduled import CRONS, restore_crons
from ..sync.watch.outboxes import (
    documents_that_stay,
    documents_to_compare,
    not_compared,
    not_sent_before_vat,
    payments_to_decide,
)
from ..sync.watch.silence import note_expected, service_down, silence
from ..sync.watch.unreadable import unreadable
from ..sync.watch.year_turn import year_turn
from .octopus_connection import WARNING_ACTIVITY

_logger = logging.getLogger(__name__)

# From then on an action that is due, and did not run, does not run at all.
LATE = timedelta(hours=2)
WATCH_CRON = "cron_watch"


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
        for dossier in map(dossiers.browse, dossiers.ids):
            # One by one: all would be fetched again after each commit.
            with self._alone(dossier):
                restore_crons(dossier)
            with self._alone(dossier):
                self.watch(dossier)
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

    @api.private
    @api.model
    def scheduled_action(self):
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

    @api.private
    @api.model
    def watch(self, dossier):
        """Keep one activity, no more, on a dossier where something stays broken.

        It is updated rather than repeated, and goes away when all is well again. When a
        person marks it as done, only something new makes another one.
        """
        # A pass that crossed another one ends here, and its end is done anew.
        with self._alone(dossier, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            note_expected(self.env, dossier)
        user = responsible_of(dossier)
        reader = self.with_context(lang=user.lang, tz=user.tz)
        found = reader.findings(dossier)
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

    @api.private
    @api.model
    def findings(self, dossier, passing=False):
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
            _actions_that_stand_still,
            *([service_down] if passing else ()),
            silence,
            documents_that_stay,
            not_sent_before_vat,
            documents_to_compare,
            payments_to_decide,
            not_compared,
            unreadable,
            year_turn,
        ]
        return [finding for check in checks for finding in self._check(check, dossier)]

    def _check(self, check, dossier):
        """Return what one check finds; one that fails is told, and stops no other."""
        try:
            # A check writes nothing, and is also asked by a screen.
            with self.env.cr.savepoint(flush=False):
                return check(self.env, dossier)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("%s of %s failed", check.__name__, dossier)
            return [Finding(codes.WATCH_FAILED, {"check": check.__name__.strip("_")})]


def _actions_that_stand_still(env, dossier):
    crons = dossier.crons()
    mend = ("octopus.dossier", dossier.ids)
    params = {"dossier": dossier.display_name}
    if len(crons.filtered("active")) < len(CRONS):
        return [Finding(codes.SCHEDULED_ACTION_OFF, params, *mend)]
    due = min(cron.nextcall for cron in crons)
    if due < fields.Datetime.now() - LATE:
        return [Finding(codes.SCHEDULER_STOPPED, {"since_at": due}, *mend)]
    watch = env.ref(f"octopus_connector.{WATCH_CRON}", raise_if_not_found=False)
    if not watch or not watch.sudo().active:
        return [Finding(codes.WATCH_MISSING, {}, *mend)]
    return []
