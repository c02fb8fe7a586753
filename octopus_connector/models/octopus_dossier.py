from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..api.errors import OctopusAccessError, OctopusNoTime
from ..core import codes
from ..core.findings import Finding
from ..core.refusals import finding_of_error
from ..core.vat_period import MONTH, QUARTER
from ..prepare.database_check import database_differences
from ..prepare.day import plan_text, plans_of
from ..send.link_documents import ask_about_existing
from ..send.pause import resume
from ..sync.dossiers import read_journals
from ..sync.refresh import outcome, read_by_itself, reading, refresh_now, start
from ..sync.scheduled import go_on, go_on_soon
from .octopus_connection import STATES_OF_DOSSIER


class OctopusDossier(models.Model):
    """A remote dossier with its mirror and its sync cursors.

    A dossier is one remote set of books: it is unique in this database, whichever
    connection opens it and however many companies book in it.
    """

    _name = "octopus.dossier"
    _description = "Octopus Dossier"
    _inherit = ["mail.thread", "mail.activity.mixin", "octopus.checks.action"]
    _order = "name, octopus_id"
    _octopus_filled_in = frozenset(
        (
            "accountant_weekday",
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
        STATES_OF_DOSSIER,
        compute="_compute_connection_state",
        search="_search_connection_state",
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
        " written. Look at a booking in USD in Octopus: with 1 EUR = 1.25 USD its rate"
        " is 1.25, which is foreign currency for 1 EUR, or 0.80. Without a choice no"
        " foreign currency is sent.",
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
    day_plan_text = fields.Char(
        string="Today", compute="_compute_day_plan_text", compute_sudo=True
    )
    paused = fields.Boolean(readonly=True, copy=False)
    pause_reason = fields.Char(readonly=True, copy=False)
    paused_at = fields.Datetime(readonly=True, copy=False)
    paused_by_id = fields.Many2one("res.users", readonly=True, copy=False)
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
            dossier.reading_text = reading(dossier).reading_text

    def _compute_day_plan_text(self):
        plans = plans_of(self)
        for dossier in self:
            dossier.day_plan_text = plan_text(self.env, plans[dossier.id])

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
        sent = [("dossier_id", "in", self.ids), ("sent_at", "!=", False)]
        return bool(self.env["octopus.booking"].sudo().search(sent, limit=1))

    def write(self, vals):
        written = super().write(vals)
        if {"exchange_rate_direction", "foreign_bank_amounts"} & vals.keys():
            self.env["octopus.outbox.mixin"].wake_all(self)
        if vals.get("automatic"):
            # What is there already is asked for in ``octopus.start``.
            self.sudo().company_ids.octopus_automatic_since = self.env.cr.now()
        if vals.get("active"):
            go_on(self)
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_crons(self):
        self.sudo().crons().unlink()

    # Calling Octopus

    @api.private
    @contextmanager
    def client(self, run=None):
        """Give an ``api.DossierClient`` of this dossier, for a ``with`` statement.

        Every call is counted and logged before it is made; see
        ``octopus.connection.client`` for that and for what is raised.

        :param run: the ``octopus.run`` that the calls are part of
        :raises OctopusAccessError: also when the dossier is archived
        """
        self.ensure_one()
        if archived := self._archived():
            raise OctopusAccessError(technical=archived.code)
        connection = self.env["octopus.connection"].browse(self.sudo().connection_id.id)
        answered = set()
        with connection.client(run, answered) as octopus:
            yield octopus.dossier(self.octopus_id, self.locale())
        if answered:
            self.note_opened()

    @api.private
    def note_error(self, error):
        """Return the finding, as JSON, that an error of a call to this dossier is.

        What concerns the connection (a rejected login, a copied database) is noted on
        it, once.

        :param error: ``OctopusError``
        """
        self.ensure_one()
        connection = self.sudo().connection_id
        if isinstance(error, OctopusNoTime):
            go_on_soon(self)
        if isinstance(error, OctopusAccessError) and not connection.stopped_by():
            refused = finding_of_error(error, dossier=self.display_name)
            return (self._archived() or refused).as_json()
        return connection.note_error(error)

    # Whether it may be called

    def _archived(self):
        """Return the ``Finding`` that the dossier is archived, ``None`` else."""
        dossier = self.sudo()
        if dossier.active:
            return None
        mend = (dossier._name, dossier.ids)
        return Finding(codes.DOSSIER_ARCHIVED, {"dossier": dossier.display_name}, *mend)

    @api.private
    def stopped_by(self):
        """Return the ``Finding`` that keeps anything from being sent to the dossier or
        read from it, ``None`` when nothing does; a login that does not work is noted on
        the connection instead."""
        self.ensure_one()
        return self.sudo().connection_id.stopped_by() or self._archived()

    @api.private
    def is_ready(self):
        """Whether scheduled actions may work for it."""
        self.ensure_one()
        return self.sudo().active and self.sudo().connection_id.is_ready()

    @api.private
    def ends_pass(self):
        """Whether a pass sends nothing more, because of what a person did meanwhile."""
        self.ensure_one()
        return self.paused or not self.active or not self.connection_id.active

    @api.private
    def is_used(self):
        """Whether a company books in it; one that was disconnected does not."""
        return bool(self.sudo().company_ids.filtered("octopus_enabled"))

    @api.private
    def booking_companies(self):
        """Return the companies and branches that book in these dossiers, in sudo."""
        holders = self.sudo().company_ids
        return holders | holders.octopus_companies()

    # Scheduled actions

    @api.private
    def crons(self):
        """Return the scheduled actions of these dossiers."""
        return self.refresh_cron_id | self.push_cron_id | self.pull_cron_id

    def _may_run(self):
        """Whether a scheduled action of this dossier may work; else it is switched off.

        Connecting again, confirming the database and taking it out of the archive
        switch it on (``sync.scheduled.activate_crons``).
        """
        # Whoever deleted the action that watches is not told by it.
        self.env["octopus.watchdog"].restore_actions()
        # No company books in one that is gone.
        if self.is_used() and self.is_ready():
            return True
        dossier = self.exists()
        if dossier and database_differences(self.env):
            dossier.connection_id.note_error(OctopusAccessError())
        self.env["ir.cron"]._commit_progress(deactivate=True)
        return False

    def _cron_refresh(self):
        if self._may_refresh():
            read_by_itself(self)

    def _may_refresh(self):
        """Whether the dossier is to be read: it is used, or somebody who is about to
        link it asked for it."""
        dossier = self.exists()
        if dossier and reading(dossier) and dossier.is_ready():
            return True
        return self._may_run()

    @api.private
    def label_of(self, bookyear, journal, number):
        """Return how the accountant finds a booking: F1 / 2026 / 12.

        :param bookyear: by Octopus's number of it
        """
        years = {year.octopus_id: year.name for year in self.bookyear_ids}
        return f"{journal} / {years.get(bookyear) or f'#{bookyear}'} / {number}"

    def _compute_question_count(self):
        rows = self.env["octopus.payment.question"]
        mine = [("dossier_id", "in", self.ids), ("state", "=", "open")]
        counts = dict(rows._read_group(mine, ["dossier_id"], ["__count"]))
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

    def action_refresh(self):
        """Have the dossier read again, for whoever presses the button.

        The scheduled action does it, and tells the result; without one it is done at
        once.
        """
        self.ensure_one()
        self.check_access("read")
        if self.sudo().refresh_cron_id.active:
            return self._refresh_later()
        findings = refresh_now(self)
        return self.env["octopus.connection"]._notification(*outcome(self, findings))

    def _refresh_later(self):
        run = start(self)
        self.sudo().refresh_cron_id._trigger()
        return self.env["octopus.connection"]._notification(
            "info",
            self.env._("Is being read from Octopus"),
            run.reading_text,
        )

    def action_calls(self):
        """Open the log of the calls to this dossier."""
        self.ensure_one()
        calls = self.env["octopus.call"]
        return calls._open([("dossier_number", "=", self.octopus_id)])

    def action_support(self):
        """Gather what support needs to know of this dossier."""
        self.ensure_one()
        return self.env["octopus.support"]._open_for(self)

    def action_pause(self):
        """Ask why nothing may be sent for a while."""
        return self.env["octopus.pause"]._open(self)

    def action_resume(self):
        """Send again what was asked for."""
        resume(self)

    def action_look_for_existing(self):
        """Read the journals that Odoo will book in, and show the documents that look
        like something in them; nothing of those is sent until a person decided.

        Each journal is read whole once, later only what changed in it.
        """
        self.ensure_one()
        self.check_access("read")
        dossier = self.sudo()
        if problem := read_journals(dossier):
            return self.env["octopus.connection"]._notification(
                "danger",
                self.env._("Not everything could be read"),
                self.env["octopus.finding"].sentences(problem),
            )
        ask_about_existing(dossier.env, dossier)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_existing"
        )
        return {**action, "context": {"search_default_dossier_id": self.id}}
