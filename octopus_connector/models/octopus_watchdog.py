import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

from ..core import codes
from ..core.findings import Finding
from ..prepare.responsible import people, responsible_of
from ..send.contacts import has_contacts_to_do
from ..send.due import wake_due
from ..sync.follow_ups import keep_from_reminders
from ..sync.login import try_new_login
from ..sync.oauth import keep_alive
from ..sync.scheduled import (
    CRONS,
    SHARED,
    lacks_crons,
    restore_crons,
    values_of,
)
from ..sync.watch.contacts import (
    changes_that_stay,
    contacts_failed,
    where_changes_stay,
    where_contacts_failed,
)
from ..sync.watch.outboxes import (
    documents_that_stay,
    documents_to_compare,
    not_compared,
    not_sent_before_vat,
    payments_to_decide,
    where_documents_stay,
    where_not_sent,
    where_payments_to_decide,
    where_to_compare,
)
from ..sync.watch.silence import expected_in, service_down, silence, where_silent
from ..sync.watch.unreadable import unreadable, where_unreadable
from ..sync.watch.year_turn import where_year_turns, year_turn
from .octopus_connection import WARNING_ACTIVITY

_logger = logging.getLogger(__name__)

# From then on an action that is due, and did not run, does not run at all.
LATE = timedelta(hours=2)
WATCH_CRON, WAKE_CRON, CONTACTS_CRON = "cron_watch", "cron_wake", "cron_contacts"
COMPARE_CRON = "cron_compare"
# What is told where one of them does not run, and of which dossiers.
OF_ALL = (
    (WATCH_CRON, codes.WATCH_MISSING, None),
    (WAKE_CRON, codes.WAKE_MISSING, None),
    (CONTACTS_CRON, codes.CONTACTS_MISSING, has_contacts_to_do),
)
# So many dossiers are looked at together, and committed.
TOGETHER = 100


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

        They are looked at together, as far as all is well with them: one by one, each
        would be fetched again after each commit. One that fails to be looked at does
        not keep the others from it.
        """
        self.restore_actions()
        self._bring_forward()
        self._keep_from_reminders()
        # Archived ones, too: nothing leaves there, and somebody should know.
        every = [("company_ids", "!=", False), ("active", "in", (True, False))]
        dossiers = self.env["octopus.dossier"].search(every)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(dossiers))
        for connection in dossiers.connection_id:
            with self._alone(connection):
                try_new_login(connection)
            with self._alone(connection):
                keep_alive(connection)
            cron._commit_progress()
        for ids in split_every(TOGETHER, dossiers.ids):
            self._watch_each(dossiers.browse(ids))
            if not cron._commit_progress(len(ids)):
                return

    def _keep_from_reminders(self):
        """Let Odoo's reminders leave out what is held, and nothing else."""
        more = True
        while more:
            more = False
            with self._alone(self):
                more = keep_from_reminders(self.env)
            if not self.env["ir.cron"]._commit_progress():
                return

    def _watch_each(self, dossiers, again=True):
        """Watch dossiers together, and commit; where that fails, halves of them.

        :param again: look once more when another worker changed the same at this
            moment: in a transaction that sees what it changed
        """
        try:
            with self.env.cr.savepoint():
                for dossier in dossiers.filtered(lacks_crons):
                    with self._alone(dossier):
                        restore_crons(dossier)
                self.watch(dossiers)
            # Another half that is rolled back takes nothing of it along.
            self.env["ir.cron"]._commit_progress()
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            self.env.cr.rollback()
            if again:
                _logger.info("%s are watched anew: %s", dossiers, error)
                self._watch_each(dossiers, again=False)
                return
            if len(dossiers) == 1:
                _logger.exception("%s could not be watched", dossiers)
                return
        except Exception:  # pylint: disable=broad-exception-caught
            if len(dossiers) == 1:
                _logger.exception("%s could not be watched", dossiers)
                return
        half = len(dossiers) // 2
        self._watch_each(dossiers[:half])
        self._watch_each(dossiers[half:])

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
    def _cron_wake(self):
        """Begin passes where something is due, in all dossiers that a company uses."""
        wake_due(self.env["octopus.dossier"].search([("company_ids", "!=", False)]))

    @api.model
    def _bring_forward(self):
        """Let the action that wakes what is due run now if it stands further ahead than
        its own interval, as after a clock that was wrong: all sending depends on it."""
        cron = self._known_action(WAKE_CRON)
        if not cron.active:
            return
        interval = {cron.interval_type: cron.interval_number}
        if cron.nextcall > fields.Datetime.add(
            fields.Datetime.now() + LATE, **interval
        ):
            # One that runs at this moment is not held up for that.
            ahead = cron.try_lock_for_update(allow_referencing=True)
            ahead.nextcall = fields.Datetime.now()

    @api.private
    @api.model
    def restore_actions(self):
        """Make the scheduled actions of all dossiers anew that somebody deleted."""
        for name in SHARED:
            self.scheduled_action(name)

    @api.private
    @api.model
    def scheduled_action(self, name=WATCH_CRON):
        """Return a scheduled action of all dossiers, in sudo, the one that watches if
        no other is named; made anew when somebody deleted it."""
        found = self._known_action(name)
        if found:
            return found
        model, cron = SHARED[name]
        titles = {
            WATCH_CRON: self.env._("Octopus: watch over the dossiers"),
            WAKE_CRON: self.env._("Octopus: wake what is due"),
            CONTACTS_CRON: self.env._("Octopus: let contacts follow"),
            COMPARE_CRON: self.env._("Octopus: compare both sides"),
        }
        code = f"model.{cron.method}()"
        values = values_of(self.env, model, titles[name], code, cron)
        made = self.env["ir.cron"].sudo().create(values)
        xml_id = f"octopus_connector.{name}"
        named = {"xml_id": xml_id, "record": made, "noupdate": True}
        self.env["ir.model.data"].sudo()._update_xmlids([named])
        return made

    @api.model
    def _known_action(self, name):
        # Asked when a scheduled action begins: Odoo remembers it.
        data = self.env["ir.model.data"]
        found = data._xmlid_to_res_id(f"octopus_connector.{name}")
        return self.env["ir.cron"].sudo().browse(found or ())

    @api.private
    @api.model
    def watch(self, dossiers):
        """Keep one activity, no more, on each dossier where something stays broken.

        It is updated rather than repeated, and goes away when all is well again. When a
        person marks it as done, only something new makes another one.
        """
        if len(dossiers) == 1:
            # Where this fails a check does, too, and that is told.
            with self._alone(dossiers, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                self._note_expected(dossiers)
        else:
            self._note_expected(dossiers)
        known = dossiers.activity_search([WARNING_ACTIVITY]).grouped("res_id")
        none = self.env["mail.activity"]
        told = partial(responsible_of, among=people(self.env))
        for user, same in dossiers.grouped(told).items():
            reader = self.with_context(lang=user.lang, tz=user.tz)
            found = reader._findings_in(same)
            for dossier in same:
                activities = known.get(dossier.id, none)
                reader._tell(dossier, user, found[dossier], activities)

    def _note_expected(self, dossiers):
        for dossier, expected in expected_in(self.env, dossiers).items():
            # A pass that crossed another one ends here, and its end is done anew.
            with self._alone(dossier, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                dossier.expected_since = expected

    def _tell(self, dossier, user, found, known):
        """Tell a user what was found in a dossier, as far as it was not told before.

        :param known: the ``mail.activity`` that tells it, if any
        """
        told = sorted({finding.code for finding in found})
        if not found:
            known.unlink()
        elif known:
            values = self._activity(found)
            if not known[0].user_id.active:
                values["user_id"] = user.id
            if any(known[0][name] != value for name, value in values.items()):
                known[0].write(values)
        elif set(told) - set(dossier.watched or ()) or self._is_another(dossier, user):
            dossier.activity_schedule(
                WARNING_ACTIVITY, user_id=user.id, **self._activity(found)
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
        return self._findings_in(dossier, passing)[dossier]

    def _findings_in(self, dossiers, passing=False):
        """Return ``{dossier: findings}`` as :meth:`findings` does for one."""
        found = {dossier: [] for dossier in dossiers}
        looked_at = dossiers.sudo().filtered(lambda dossier: dossier.is_used())
        for connection, same in looked_at.grouped("connection_id").items():
            if connection.is_ready():
                continue
            for dossier in same.filtered("active"):
                told = self._why_not_ready(dossier, passing)
                found[dossier] += told
            looked_at -= same.filtered("active")
        for dossier in looked_at.filtered(lambda dossier: not dossier.active):
            found[dossier].append(dossier.stopped_by())
            looked_at -= dossier
        for check, where in CHECKS:
            if where is not None or passing:
                for dossier in self._where(check, where, looked_at):
                    found[dossier] += self._check(check, dossier)
        return found

    def _why_not_ready(self, dossier, passing):
        stopped = dossier.stopped_by()
        if stopped:
            return [stopped]
        facts = {"connection": dossier.connection_id.name}
        return [Finding(codes.NOT_CONNECTED, facts)] * passing

    def _where(self, check, where, dossiers):
        """Return the dossiers in which a check may find something: all of them where
        that cannot be told, as the check itself then tells why."""
        if where is None or not dossiers:
            return dossiers
        try:
            with self.env.cr.savepoint(flush=False):
                return where(self.env, dossiers)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("Where to look for %s cannot be told", check.__name__)
            return dossiers

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


def _where_actions_stand_still(env, dossiers):
    # All at once: those of one dossier would be fetched by themselves.
    dossiers.crons().fetch(["active", "nextcall"])
    return dossiers.filtered(lambda row: _actions_that_stand_still(env, row))


def _where_not_compared(_env, dossiers):
    return dossiers.filtered("comparison_problems")


def _actions_that_stand_still(env, dossier):
    crons = dossier.crons()
    mend = ("octopus.dossier", dossier.ids)
    params = {"dossier": dossier.display_name}
    if len(crons.filtered("active")) < len(CRONS):
        return [Finding(codes.SCHEDULED_ACTION_OFF, params, *mend)]
    due = min(cron.nextcall for cron in crons)
    if due < fields.Datetime.now() - LATE:
        return [Finding(codes.SCHEDULER_STOPPED, {"since_at": due}, *mend)]
    for name, code, concerns in OF_ALL:
        cron = env["octopus.watchdog"]._known_action(name)
        if _stands_still(cron) and (not concerns or concerns(dossier)):
            return [Finding(code, {}, cron._name, cron.ids)]
    return []


def _stands_still(cron):
    """Whether an action of all dossiers does not run, or did nothing but fail."""
    late = fields.Datetime.now() - LATE
    failing = cron.first_failure_date and cron.first_failure_date < late
    return not cron.active or cron.nextcall < late or bool(failing)


# In this order, with where each may find something; ``None``: nobody looks for it, but
# a banner tells it of one dossier.
CHECKS = (
    (_actions_that_stand_still, _where_actions_stand_still),
    (service_down, None),
    (silence, where_silent),
    (documents_that_stay, where_documents_stay),
    (not_sent_before_vat, where_not_sent),
    (documents_to_compare, where_to_compare),
    (payments_to_decide, where_payments_to_decide),
    (not_compared, _where_not_compared),
    (contacts_failed, where_contacts_failed),
    (changes_that_stay, where_changes_stay),
    (unreadable, where_unreadable),
    (year_turn, where_year_turns),
)
