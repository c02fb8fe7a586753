import logging
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ..api.errors import OctopusAccessError, OctopusNoTime
from ..api.types import is_whole
from ..core import codes
from ..core.findings import Finding
from ..core.vat_period import MONTH, QUARTER
from ..sync.mirror import was_today
from ..sync.payments.pull import pull
from ..sync.refresh import ELSEWHERE, LEFT, OVER, Refresh
from ..sync.upsert import archive, told, upsert
from ..transaction import own_transaction

_logger = logging.getLogger(__name__)

# Each dossier has a scheduled action of each kind, so that several workers take
# several dossiers side by side: field → method, every how often.
CRONS = {
    "refresh_cron_id": ("_cron_refresh", 1, "days"),
    "push_cron_id": ("_cron_push", 10, "minutes"),
    "pull_cron_id": ("_cron_pull", 1, "hours"),
}

# When a refresh is tried again that was in the way of another's work.
REFRESH_AGAIN = timedelta(minutes=10)


class OctopusDossier(models.Model):
    """A remote dossier with its mirror and its sync cursors.

    A dossier is one remote set of books: it is unique in this database, whichever
    connection opens it and however many companies book in it.
    """

    _name = "octopus.dossier"
    _description = "Octopus Dossier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, octopus_id"
    _octopus_filled_in = frozenset(
        (
            "active",
            "automatic",
            "exchange_rate_direction",
            "foreign_bank_amounts",
            "vat_return",
            "watch_days",
            "other_journal_ids",
        )
    )

    connection_id = fields.Many2one(
        "octopus.connection", required=True, index=True, tracking=True
    )
    connection_state = fields.Selection(
        related="connection_id.state", related_sudo=True, string="Connection state"
    )
    octopus_id = fields.Integer(string="Dossier number", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True, tracking=True)
    vat_number = fields.Char(string="VAT number", readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    city = fields.Char(readonly=True)
    language_code = fields.Char(string="Language", readonly=True)
    company_ids = fields.One2many(
        "res.company", "octopus_dossier_id", string="Companies", readonly=True
    )

    bookyear_ids = fields.One2many("octopus.bookyear", "dossier_id")
    journal_ids = fields.One2many("octopus.journal", "dossier_id")
    other_journal_ids = fields.One2many(
        "octopus.bookyear.journal", "dossier_id", string="Other journals in a bookyear"
    )
    account_ids = fields.One2many("octopus.account", "dossier_id")
    vat_code_ids = fields.One2many("octopus.vat.code", "dossier_id")
    relation_ids = fields.One2many("octopus.relation", "dossier_id")
    booking_ids = fields.One2many("octopus.booking", "dossier_id")

    automatic = fields.Boolean(
        string="Send by itself",
        tracking=True,
        help="New documents go to Octopus by themselves. Switch this on after a first"
        " document was booked well.",
    )
    exchange_rate_direction = fields.Selection(
        [
            ("foreign_per_euro", "Foreign currency for 1 EUR"),
            ("euro_per_foreign", "EUR for 1 unit of the foreign currency"),
        ],
        string="Exchange rates",
        tracking=True,
        help="The contract of Octopus does not say which way an exchange rate is"
        " written. Ask Octopus; without an answer no foreign currency is sent.",
    )
    foreign_bank_amounts = fields.Selection(
        [
            ("journal_currency", "In the currency of the journal"),
            ("euro", "In EUR"),
        ],
        string="Amounts of foreign banks",
        tracking=True,
        help="The contract of Octopus does not say in which currency the amounts are of"
        " a financial journal that is not in EUR. Ask Octopus; without an answer no"
        " payment of such a bank is sent.",
    )
    vat_return = fields.Selection(
        [(MONTH, "Every month"), (QUARTER, "Every quarter")],
        string="VAT return",
        tracking=True,
        help="Tells in which VAT return a document falls that is booked in a later"
        " period.",
    )
    refresh_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)
    push_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)
    pull_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)

    refreshed_at = fields.Datetime(string="Last refresh", readonly=True, copy=False)
    problems = fields.Json(
        readonly=True, copy=False, help="What the last refresh could not read."
    )
    problems_html = fields.Html(compute="_compute_problems_html", sanitize=False)
    comparison_problems = fields.Json(
        readonly=True,
        copy=False,
        help="Why documents could not be compared with Octopus the last time.",
    )
    watch_days = fields.Integer(
        string="Days to wait before telling",
        default=3,
        required=True,
        tracking=True,
        help="When documents wait longer than this, the responsible gets an activity.",
    )
    watched = fields.Json(
        readonly=True, copy=False, help="What the responsible was told of, by code."
    )
    stays_html = fields.Html(
        string="What stays broken", compute="_compute_stays_html", sanitize=False
    )
    vat_codes_at = fields.Datetime(readonly=True, copy=False)
    accounts_since = fields.Datetime(readonly=True, copy=False)
    relations_since = fields.Datetime(readonly=True, copy=False)
    bookings_since = fields.Datetime(readonly=True, copy=False)
    balancings_since = fields.Datetime(readonly=True, copy=False)
    payments_read_at = fields.Datetime(
        string="Payments last read", readonly=True, copy=False
    )
    open_items_at = fields.Datetime(
        string="Open items last compared", readonly=True, copy=False
    )
    compared_at = fields.Datetime(
        string="Documents last compared", readonly=True, copy=False
    )
    parts_read_at = fields.Json(
        readonly=True,
        copy=False,
        help="When each part of the mirror was read last: {part: moment}.",
    )
    expected_since = fields.Json(
        readonly=True,
        copy=False,
        help="Since when each thing should happen by itself: {thing: moment}.",
    )
    watched_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Who was told what stays broken."
    )
    reading_text = fields.Char(string="Reading", compute="_compute_reading_text")
    question_count = fields.Integer(
        string="To decide", compute="_compute_question_count"
    )

    _octopus_id_uniq = models.Constraint(
        "UNIQUE(octopus_id)", "This dossier is already known in this database."
    )

    @api.depends("name", "vat_number", "octopus_id")
    def _compute_display_name(self):
        for dossier in self:
            facts = (dossier.vat_number, f"#{dossier.octopus_id}")
            details = ", ".join(fact for fact in facts if fact)
            dossier.display_name = f"{dossier.name} ({details})"

    @api.depends("problems")
    @api.depends_context("lang")
    def _compute_problems_html(self):
        for dossier in self:
            dossier.problems_html = self.env["octopus.finding"]._html(dossier.problems)

    @api.depends_context("lang", "tz")
    def _compute_stays_html(self):
        for dossier in self:
            found = self.env["octopus.watchdog"].findings(dossier, passing=True)
            dossier.stays_html = self.env["octopus.finding"]._html(
                [finding.as_json() for finding in found]
            )

    @api.depends_context("lang")
    def _compute_reading_text(self):
        for dossier in self:
            dossier.reading_text = dossier._reading().reading_text

    @api.constrains("watch_days")
    def _check_watch_days(self):
        for dossier in self:
            if dossier.watch_days < 1:
                raise ValidationError(
                    self.env._(
                        "%(dossier)s: documents may wait for one day at least before"
                        " somebody is told.",
                        dossier=dossier.display_name,
                    )
                )

    @api.constrains("automatic")
    def _check_automatic(self):
        """Let nothing leave by itself before one document was seen to work."""
        for dossier in self.filtered("automatic"):
            if not dossier._has_booked():
                raise ValidationError(
                    self.env._(
                        "%(dossier)s: send one document by hand first and look at it in"
                        " Octopus; then documents can go by themselves.",
                        dossier=dossier.display_name,
                    )
                )

    def _has_booked(self):
        """Whether a document was ever booked in this dossier."""
        self.ensure_one()
        booked = [("dossier_id", "=", self.id), ("sent_at", "!=", False)]
        return bool(self.env["octopus.booking"].sudo().search_count(booked, limit=1))

    def write(self, vals):
        written = super().write(vals)
        if {"exchange_rate_direction", "foreign_bank_amounts"} & vals.keys():
            self.env["octopus.booking"]._wake(self)
        if vals.get("automatic"):
            self._queue_all()
        if vals.get("active"):
            self._go_on()
        return written

    def _queue_all(self):
        """Send what was collected while documents did not go by themselves."""
        ready = [("dossier_id", "in", self.ids), ("state", "=", "ready")]
        for model in ("octopus.booking", "octopus.payment"):
            self.env[model].sudo().search(ready)._queue()
        for dossier in self.sudo().filtered("push_cron_id"):
            dossier.push_cron_id._trigger()

    @api.ondelete(at_uninstall=False)
    def _unlink_crons(self):
        self.sudo()._crons().unlink()

    def _proposed_journal(self, kind):
        """Return the first journal that can take a kind of document."""
        journals = self.journal_ids.filtered(lambda journal: not journal._why_not(kind))
        return journals.sorted(lambda journal: (len(journal.key), journal.key))[:1]

    # Calling Octopus

    @contextmanager
    def _client(self, run=None):
        """Give an ``api.DossierClient`` of this dossier, for a ``with`` statement.

        Every call is counted and logged before it is made; see
        ``octopus.connection._client`` for that and for what is raised.

        :param run: the ``octopus.run`` that the calls are part of
        :raises OctopusAccessError: also when the dossier is archived
        """
        self.ensure_one()
        archived = self._archived()
        if archived:
            raise OctopusAccessError(technical=archived.code)
        connection = self.env["octopus.connection"].browse(self.sudo().connection_id.id)
        with connection._client(run) as octopus:
            yield octopus.dossier(self.octopus_id)

    def _note_error(self, error):
        """Return the finding, as JSON, that an error of a call to this dossier is.

        What concerns the connection (a rejected login, a copied database) is noted on
        it, once.

        :param error: ``OctopusError``
        """
        self.ensure_one()
        connection = self.sudo().connection_id
        if isinstance(error, OctopusNoTime):
            self._go_on_soon()
        if isinstance(error, OctopusAccessError) and not connection._stopped_by():
            params = {"dossier": self.display_name}
            refused = self.env["octopus.finding"]._from_error(error, **params)
            return (self._archived() or refused).as_json()
        return connection._note_error(error)

    def _go_on_soon(self):
        """Have the scheduled action that had no time for a call run again, in a worker
        that has its whole time before it."""
        cron = self.env["ir.cron"].sudo().browse(self.env.context.get("cron_id"))
        if cron & self.sudo()._crons():
            cron._trigger()

    # Whether it may be called

    def _archived(self):
        """Return the ``Finding`` that the dossier is archived, ``None`` else."""
        dossier = self.sudo()
        if dossier.active:
            return None
        mend = (dossier._name, dossier.ids)
        return Finding(codes.DOSSIER_ARCHIVED, {"dossier": dossier.display_name}, *mend)

    def _stopped_by(self):
        """Return the ``Finding`` that keeps anything from being sent to the dossier or
        read from it, ``None`` when nothing does; a login that does not work is noted on
        the connection instead."""
        self.ensure_one()
        return self.sudo().connection_id._stopped_by() or self._archived()

    def _is_ready(self):
        """Whether scheduled actions may work for it."""
        self.ensure_one()
        return self.sudo().active and self.sudo().connection_id._is_ready()

    def _go_on(self):
        """Take up what waited for nothing but the dossier or its connection."""
        self._activate_crons()
        for dossier in self.sudo():
            if dossier._is_used() and dossier._is_ready():
                dossier.push_cron_id._trigger()
                dossier.pull_cron_id._trigger()

    # Dossiers of a login

    @api.model
    def _mirror(self, connection, dossiers):
        """Bring the dossiers of a login in line with what Octopus lists.

        A dossier that is known through another login stays there while that one works;
        one that a company uses is archived, and taken back, by people only.
        A disabled dossier comes without its number and cannot be kept
        (docs/octopus.md §1).

        :param connection: the login that lists them
        :param dossiers: ``api.Dossier`` values
        :return: the records that are listed
        """
        wanted = {
            dossier.id: {
                "octopus_id": dossier.id,
                "name": dossier.description or str(dossier.id),
                **told(
                    {
                        "vat_number": dossier.vat_number,
                        "country_code": dossier.country,
                        "city": dossier.city,
                        "language_code": dossier.language,
                    }
                ),
            }
            for dossier in dossiers
            if dossier.id
        }
        known = self.with_context(active_test=False).search(
            [
                "|",
                ("octopus_id", "in", list(wanted)),
                ("connection_id", "=", connection.id),
            ]
        )
        for number, values in wanted.items():
            row = known.filtered(lambda row, number=number: row.octopus_id == number)
            values["active"] = not row.company_ids or row.active
            owner = row.connection_id
            keep = owner and owner != connection and owner._is_ready()
            values["connection_id"] = (owner if keep else connection).id
        rows = upsert(known, lambda row: row.octopus_id, wanted)
        listed = self.browse([row.id for row in rows.values()])
        if is_whole(dossiers):
            archive((known - listed).filtered(lambda dossier: not dossier.company_ids))
        return listed

    # Scheduled actions

    def _is_used(self):
        """Whether a company books in it; one that was disconnected does not."""
        return bool(self.sudo().company_ids.filtered("octopus_enabled"))

    def _crons(self):
        return self.refresh_cron_id | self.push_cron_id | self.pull_cron_id

    def _responsible(self):
        """Return the user who is told what needs a person."""
        dossier = self.sudo()
        return dossier.connection_id._responsible(dossier.company_ids).with_env(
            self.env
        )

    def _restore_crons(self):
        """Make scheduled actions anew that somebody deleted; one that was switched off
        stays so, and is told."""
        dossier = self.sudo()
        if dossier._is_neutralized() or all(dossier[field] for field in CRONS):
            return
        if dossier._is_used() and dossier._is_ready():
            known = dossier._crons()
            dossier._ensure_crons()
            (dossier._crons() - known).active = True

    def _activate_crons(self):
        """Schedule the work of dossiers that a company uses, where the login works."""
        if self._is_neutralized():
            return
        for dossier in self.sudo():
            if dossier._is_used() and dossier._is_ready():
                dossier._ensure_crons()
                crons = dossier._crons().filtered(lambda cron: not cron.active)
                crons.write({"active": True})

    @api.model
    def _is_neutralized(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("database.is_neutralized"))

    def _ensure_crons(self):
        names = {
            "refresh_cron_id": self.env._("Octopus: refresh %(name)s", name=self.name),
            "push_cron_id": self.env._("Octopus: send to %(name)s", name=self.name),
            "pull_cron_id": self.env._("Octopus: payments of %(name)s", name=self.name),
        }
        now = fields.Datetime.now()
        for field, (method, number, unit) in CRONS.items():
            # What linking read a moment ago need not be read again: reads are few.
            fresh = field == "refresh_cron_id" and self.refreshed_at
            wait = timedelta(**{unit: number}) if fresh else timedelta()
            if not self[field]:
                self[field] = self.env["ir.cron"].create(
                    {
                        "nextcall": now + wait,
                        "name": names[field],
                        "model_id": self.env["ir.model"]._get_id(self._name),
                        "state": "code",
                        "code": f"model.browse({self.id}).{method}()",
                        "user_id": self.env.ref("base.user_root").id,
                        "interval_number": number,
                        "interval_type": unit,
                        "active": False,
                    }
                )

    def _may_run(self):
        """Whether a scheduled action of this dossier may work; else it is switched off.

        Connecting again, confirming the database and taking it out of the archive
        switch it on (``_activate_crons``).
        """
        # Whoever deleted the action that watches is not told by it.
        self.env["octopus.watchdog"].scheduled_action()
        dossier = self.exists()
        if dossier and dossier._is_used() and dossier._is_ready():
            return True
        if dossier and dossier.connection_id._is_copied():
            dossier.connection_id._note_error(OctopusAccessError())
        self.env["ir.cron"]._commit_progress(deactivate=True)
        return False

    def _cron_refresh(self):
        """Go on with the reading that was begun today, or begin one.

        What is left when the time of this job is over, or of its worker, is done by
        the next one; Odoo calls again at once while something remains.
        """
        if not self._may_refresh():
            return
        run = self._start_refresh()
        self.env["ir.cron"]._commit_progress(remaining=1)
        refresh = Refresh(run)
        came_to = refresh.go()
        if came_to == OVER and run.interactive:
            run._tell_user()
        if came_to == LEFT and refresh.crossed:
            self.refresh_cron_id._trigger(fields.Datetime.now() + REFRESH_AGAIN)
        if came_to == ELSEWHERE or refresh.crossed:
            self.env["ir.cron"]._commit_progress(remaining=0)

    def _may_refresh(self):
        """Whether the dossier is to be read: it is used, or somebody who is about to
        link it asked for it."""
        dossier = self.exists()
        if dossier and dossier._reading() and dossier._is_ready():
            return True
        return self._may_run()

    def _cron_push(self):
        if self._may_run():
            run = self.env["octopus.booking"]._push(self)
            # Documents that are left when the time is over go on first, at once: the
            # count of what remains must stay theirs.
            if run.state != "running":
                self.env["octopus.payment"]._push(self)
            self.env["octopus.error.text"]._fetch(self.connection_id)

    def _cron_pull(self):
        if not self._may_run():
            return
        try:
            self.env["octopus.journal.entry"]._pull(self)
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody wrote the same at this moment; the feed is read again from there.
            self.env.cr.rollback()
            _logger.info("%s: documents are compared the next time", self.name)
        except Exception:  # pylint: disable=broad-exception-caught
            # Payments do not wait for what is wrong with the documents.
            self.env.cr.rollback()
            _logger.exception("The documents of %s cannot be compared", self.name)
            facts = {"documents": [self.display_name]}
            problem = Finding(codes.DOCUMENTS_NOT_COMPARED, facts).as_json()
            self._note_comparison([problem])
        # A person may write to a document at the very moment at which it is paid; what
        # was committed on the way stays, and is not done again.
        retrying(partial(pull, self), self.env)

    def _note_comparison(self, problems, **values):
        """Write down what came of comparing documents, also beside a refresh; commits.

        :param problems: findings, as JSON, of what could not be compared
        """
        values["comparison_problems"] = problems or False
        retrying(partial(self.sudo().write, values), self.env)

    # Refresh of the mirror

    def _refresh(self, seconds=None):
        """Read what changed in the dossier while somebody waits.

        Within the daily limits. Each step is committed and stands alone: what one could
        not read is told, the others go on. What there was no time for is done by the
        scheduled action.

        :param seconds: begin nothing after that; without it until all is read, or the
            time of this worker is over
        :return: findings, as JSON, of what could not be read
        :raises UserError: somebody reads it already
        """
        came_to = self._read(seconds)
        if came_to == ELSEWHERE:
            raise UserError(
                self.env._("%(name)s is being refreshed already.", name=self.name)
            )
        if came_to == LEFT:
            return [Finding(codes.OUT_OF_TIME).as_json()]
        return self.sudo().problems or []

    def _read(self, seconds=None):
        """Do what ``_refresh`` does; return what it came to.

        ``LEFT``: the scheduled action goes on with it; ``ELSEWHERE``: another worker
        is at it; ``OVER``: all is read.
        """
        self.ensure_one()
        with own_transaction(self.env) as env:
            dossier = self.with_env(env).sudo()
            came_to = Refresh(dossier._start_refresh()).go(seconds)
            if came_to == LEFT:
                dossier._read_on()
        return came_to

    def _start_refresh(self):
        """Return the run of the reading that is under way, else a new one."""
        dossier = self.sudo()
        run = dossier._reading()
        if run:
            return run
        # What was begun another day counts for nothing: it is read anew.
        dossier._unfinished().write({"state": "stopped"})
        automatic = bool(self.env.context.get("cron_id"))
        dossier.invalidate_recordset(["reading_text"])
        return dossier.env["octopus.run"].create(
            {
                "kind": "refresh",
                "dossier_id": self.id,
                "user_id": self.env.uid,
                "interactive": not automatic,
                "step": "bookyears",
            }
        )

    def _unfinished(self):
        return self.env["octopus.run"].search(
            [
                ("dossier_id", "in", self.ids),
                ("kind", "=", "refresh"),
                ("state", "=", "running"),
            ]
        )

    def _reading(self):
        """Return the ``octopus.run`` of the reading that is under way, if any."""
        unfinished = self.sudo()._unfinished()
        return unfinished.filtered(lambda run: was_today(run.started_at))[:1]

    def _read_on(self):
        """Let the scheduled action go on with a reading, also before the link.

        It switches itself off when nobody comes back to link the dossier.
        """
        dossier = self.sudo()
        if not dossier._is_ready() or dossier._is_neutralized():
            return
        dossier._ensure_crons()
        dossier.refresh_cron_id.active = True
        dossier.refresh_cron_id._trigger()

    def _open_bookyears(self):
        """Return the open bookyears in the order in which they are needed: that of
        today, then the nearest to it. Few reads a day must go to them first."""
        today = fields.Date.context_today(self)

        def away(row):
            return max(row.date_start - today, today - row.date_end), row.date_start

        return self.bookyear_ids.filtered(lambda row: not row.closed).sorted(away)

    def _label_of(self, bookyear, journal, number):
        """Return how the accountant finds a booking: F1 / 2026 / 12.

        :param bookyear: by Octopus's number of it
        """
        years = {year.octopus_id: year.name for year in self.bookyear_ids}
        return f"{journal} / {years.get(bookyear) or f'#{bookyear}'} / {number}"

    # Payments

    def _compute_question_count(self):
        counts = dict(
            self.env["octopus.payment.question"]._read_group(
                [("dossier_id", "in", self.ids), ("state", "=", "open")],
                ["dossier_id"],
                ["__count"],
            )
        )
        for dossier in self:
            dossier.question_count = counts.get(dossier, 0)

    def action_check_payments(self):
        """Read what was paid, and compare the open documents, now."""
        self.check_access("read")
        return self.env["octopus.run"]._check_payments(self, compare=True)

    def action_questions(self):
        """Open what is to be decided about the payments of the dossier."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_payment_question"
        )
        return {**action, "domain": [("dossier_id", "=", self.id)]}

    # Actions

    def action_refresh(self):
        """Have the dossier read again, for whoever presses the button.

        The scheduled action does it, and tells the result; without one it is done at
        once.
        """
        self.ensure_one()
        self.check_access("read")
        if self.sudo().refresh_cron_id.active:
            return self._refresh_later()
        findings = self._refresh()
        return self.env["octopus.connection"]._notification(
            *self._refresh_result(findings)
        )

    def _refresh_later(self):
        run = self._start_refresh()
        self.sudo().refresh_cron_id._trigger()
        return self.env["octopus.connection"]._notification(
            "info",
            self.env._("Is being read from Octopus"),
            run.reading_text,
        )

    def _refresh_result(self, findings):
        """Return what came of a reading: kind, title and text of a notification."""
        if not findings:
            text = self.env._(
                "%(name)s was read again from Octopus.", name=self.display_name
            )
            return "success", self.env._("Up to date"), text
        texts = map(self.env["octopus.finding"]._sentences, findings)
        return "danger", self.env._("Not everything could be read"), " ".join(texts)

    def action_calls(self):
        """Open the log of the calls to this dossier."""
        self.ensure_one()
        calls = self.env["octopus.call"]
        return calls._open([("dossier_number", "=", self.octopus_id)])

    def action_support(self):
        """Gather what support needs to know of this dossier."""
        self.ensure_one()
        return self.env["octopus.support"]._open_for(self)
