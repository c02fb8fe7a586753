import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, formatLang

from ..prepare.payments_missing import payments_kept
from ..prepare.rehearse import CLOSED, Rehearser, verdict
from ..send.collect_payments import offer_accounts_of
from ..sync.scheduled import Cron, values_of

_logger = logging.getLogger(__name__)

CRON = "octopus_connector.cron_rehearse"
# Documents of a transaction; and those that are looked at again while a person waits.
BATCH, AT_ONCE = 200, 1000
MONTHS = 12


class OctopusRehearsal(models.Model):
    """What would become of the documents of the last twelve months, and of their
    payments where Odoo keeps them: the same preflight as sending, without a call and
    without a row in the outbox.

    One per company with settings, overwritten by the next one. A line tells one cause,
    with its documents; a document has a line for each of its causes.
    """

    _name = "octopus.rehearsal"
    _inherit = ["octopus.from.setup.mixin"]
    _description = "Rehearsal for Octopus"
    _order = "company_id"
    # The form saves what somebody chooses on a line; the line says what that may be.
    _octopus_filled_in = frozenset(("line_ids",))

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The company whose settings were rehearsed, with its branches.",
    )
    dossier_id = fields.Many2one(
        "octopus.dossier",
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the documents would go to.",
    )
    state = fields.Selection(
        [("running", "Goes on"), ("done", "Done")],
        default="running",
        required=True,
        readonly=True,
        help="It goes on in the background.",
    )
    date_from = fields.Date(
        string="From", readonly=True, help="First accounting date that is replayed."
    )
    date_to = fields.Date(
        string="To", readonly=True, help="Last accounting date that is replayed."
    )
    started_at = fields.Datetime(
        string="Started", readonly=True, help="When somebody asked for it."
    )
    finished_at = fields.Datetime(
        string="Finished", readonly=True, help="When the last document was looked at."
    )
    total = fields.Integer(
        string="Documents", readonly=True, help="How many there are to look at."
    )
    payment_count = fields.Integer(
        string="Payments among them",
        readonly=True,
        help="Payments of banks that are kept in Odoo: they would go, too.",
    )
    done_count = fields.Integer(
        string="Looked at", readonly=True, help="How many were looked at."
    )
    stopped_count = fields.Integer(
        string="Would stop", readonly=True, help="Documents that something stops."
    )
    closed_count = fields.Integer(
        string="Of a closed period",
        readonly=True,
        help="Documents that nothing stops but their date: the accountant closed it.",
    )
    last_move = fields.Integer(
        readonly=True, help="Id of the document that was looked at last."
    )
    again = fields.Json(
        readonly=True,
        help="Ids of documents that are looked at again in the background.",
    )
    progress = fields.Float(
        compute="_compute_score", help="How much was looked at, in percent."
    )
    score = fields.Float(
        string="Would pass (%)",
        compute="_compute_score",
        help="Share of the documents that nothing stops, or only a closed period.",
    )
    score_text = fields.Char(
        string="Result",
        compute="_compute_score",
        help="How many documents would pass, and what is missing for the others.",
    )
    line_ids = fields.One2many(
        "octopus.rehearsal.line",
        "rehearsal_id",
        string="What is missing",
        help="One line for each thing that stops documents.",
    )

    _company_uniq = models.UniqueIndex(
        "(company_id)", "A company has one rehearsal: the last one."
    )

    @api.depends("company_id", "date_to")
    def _compute_display_name(self):
        for rehearsal in self:
            rehearsal.display_name = self.env._(
                "Rehearsal of %(company)s", company=rehearsal.company_id.name
            )

    @api.depends(
        "total",
        "payment_count",
        "done_count",
        "stopped_count",
        "state",
        "line_ids.document_count",
    )
    @api.depends_context("lang")
    def _compute_score(self):
        for rehearsal in self:
            done, stopped = rehearsal.done_count, rehearsal.stopped_count
            rehearsal.progress = (
                100 * done / rehearsal.total if rehearsal.total else 100
            )
            # Never rounded up: all of them is said only where all of them pass.
            tenths = (done - stopped) * 1000 // done if done else 0
            rehearsal.score = tenths / 10
            rehearsal.score_text = rehearsal._score_text()

    def _score_text(self):
        if not self.done_count:
            if self.state == "running":
                return self.env._("It begins in a moment.")
            return self.env._("There is no document of these months.")
        told = [self._passing_text()]
        if missing := self.line_ids._missing_text():
            told.append(self.env._("Missing: %(what)s.", what=missing))
        if self.closed_count:
            told.append(
                self.env._(
                    "%(count)s of them are of a period that is closed in Octopus.",
                    count=formatLang(self.env, self.closed_count, digits=0),
                )
            )
        return " ".join(told)

    def _passing_text(self):
        values = {
            "score": formatLang(self.env, self.score, digits=1),
            "count": formatLang(self.env, self.done_count, digits=0),
        }
        if self.payment_count:
            return self.env._(
                "%(score)s %% of %(count)s documents and payments would pass.", **values
            )
        return self.env._("%(score)s %% of %(count)s documents would pass.", **values)

    # Beginning

    @api.model
    def _of(self, company):
        """Return the rehearsal of a company with settings, maybe empty."""
        return self.search([("company_id", "=", company.id)], limit=1)

    @api.model
    def _start(self, company):
        """Begin the rehearsal of a company with settings, in the background.

        :param company: with a dossier; whoever asks was checked
        """
        today = fields.Date.context_today(self)
        since = fields.Date.subtract(today, months=MONTHS)
        rehearsal = self.sudo()._of(company) or self.sudo().create(
            {"company_id": company.id}
        )
        rehearsal.line_ids.unlink()
        rehearsal.write(
            {
                "dossier_id": company.octopus_dossier_id.id,
                "state": "running",
                "date_from": since,
                "date_to": today,
                "started_at": fields.Datetime.now(),
                "finished_at": False,
                "done_count": 0,
                "stopped_count": 0,
                "closed_count": 0,
                "last_move": 0,
                "again": False,
            }
        )
        domain = rehearsal._domain()
        rehearsal.total = rehearsal._moves().search_count(domain)
        payments = domain & Domain("move_type", "=", "entry")
        rehearsal.payment_count = rehearsal._moves().search_count(payments)
        rehearsal._offer_mappings()
        rehearsal._cron()._trigger()
        return rehearsal.with_env(self.env)

    def _cron(self):
        """Return the scheduled action, made anew if somebody deleted it."""
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron and cron.exists():
            return cron.sudo()
        name, code = self.env._("Octopus: rehearse"), "model._cron_rehearse()"
        values = values_of(self.env, self._name, name, code, Cron("", 1, "days", 30))
        known = self.env["ir.cron"].sudo().search([("code", "=", code)], limit=1)
        return known or self.env["ir.cron"].sudo().create(values)

    def _offer_mappings(self):
        """Have a row to choose on for what documents of these months use."""
        settings = self.company_id.with_context(octopus_documents_from=self.date_from)
        for model in (
            "octopus.tax.mapping",
            "octopus.account.mapping",
            "octopus.cost.centre.mapping",
        ):
            rows = self.env[model].with_context(octopus_documents_from=self.date_from)
            rows.propose_for(settings)

    def _offer_accounts(self, payments):
        """Have a row to choose on for each account of payments, such as bank fees."""
        for same in payments.grouped("journal_id").values():
            offer_accounts_of(self.company_id.sudo(), same)

    # Looking

    def _moves(self):
        return self.env["account.move"].sudo()

    def _domain(self):
        """Return the domain of what is replayed, whatever the start."""
        company = self.company_id
        documents = (
            Domain("move_type", "in", company.octopus_kinds())
            & Domain("octopus_state", "not in", ["excluded"])
            & self.env["account.move"].octopus_domain()
        )
        payments = Domain("move_type", "=", "entry") & payments_kept(company.sudo())
        return (
            Domain("state", "=", "posted")
            & Domain("company_id", "in", company.octopus_companies().ids)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
            & (documents | payments)
        )

    @api.model
    def _cron_rehearse(self):
        """Look at documents until all were, or the time of the action is over; each
        batch is a transaction of its own."""
        rehearser = Rehearser()
        for rehearsal in self.search([("state", "=", "running")]):
            while rehearsal.state == "running":
                count = rehearsal._try_batch(rehearser)
                # One that is to be ended is not done: the action must be called again.
                goes_on = rehearsal.state == "running"
                left = goes_on and max(rehearsal.total - rehearsal.done_count, 1)
                if not self.env["ir.cron"]._commit_progress(count, remaining=int(left)):
                    return

    def _try_batch(self, rehearser):
        """Look at some documents; return how many, none where somebody chose at this
        moment: then they are looked at anew."""
        try:
            count = self._next_batch(rehearser)
            self.env.flush_all()
        except (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation):
            self.env.cr.rollback()
            return 0
        return count

    def _next_batch(self, rehearser):
        """Look at some documents; return how many."""
        again = list(self.again or ())
        if again:
            self._look_again(self._moves().browse(again[:BATCH]).exists(), rehearser)
            self.again = again[BATCH:] or False
            return len(again[:BATCH])
        domain = self._domain() & Domain("id", ">", self.last_move)
        moves = self._moves().search(domain, order="id", limit=BATCH)
        if moves:
            self._look(moves, rehearser)
            self.last_move = moves[-1].id
            self.done_count += len(moves)
        else:
            # Some may have come, or gone, meanwhile.
            self.write({"state": "done", "finished_at": fields.Datetime.now()})
            self.total = self.done_count
        self._count()
        return len(moves)

    def _look(self, moves, rehearser):
        """Note what stops documents, on the line of each cause."""
        self._offer_accounts(moves.filtered(lambda move: move.move_type == "entry"))
        causes = {}
        for move_id, document in rehearser.prepare(moves).items():
            _booking, findings = verdict(document)
            stops = [finding for finding in findings if finding.stops]
            for finding in stops:
                key = self.env["octopus.rehearsal.line"]._key_of(finding)
                causes.setdefault(key, (finding, set()))[1].add(move_id)
        self.line_ids._add(self, causes)

    def _look_again(self, moves, rehearser):
        """Look anew at documents that were looked at."""
        self._forget(moves, self.line_ids)
        self._look(moves, rehearser)
        self._count()

    def _look_at_choice(self, moves):
        """Look anew at documents after an account or a VAT code was chosen: that says
        nothing of their contacts, which take most of the time.

        :return: whether their contacts were looked at, too
        """
        others = (
            self.env["octopus.tax.mapping"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("account_policy", "=", "octopus"),
                ]
            )
        )
        if others:
            # The account is that of the contact's relation.
            self._look_again(moves, Rehearser())
            return True
        of_contacts = self.line_ids.filtered(lambda line: line.kind == "contact")
        self._forget(moves, self.line_ids - of_contacts)
        self._look(moves, Rehearser(contacts=False))
        self._count()
        return False

    def _forget(self, moves, lines):
        """Take documents from lines. By one statement: a line may have thousands of
        which these are some."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "DELETE FROM octopus_rehearsal_line_move_rel"
                " WHERE move_id IN %s AND line_id IN %s RETURNING line_id",
                tuple(moves.ids) or (0,),
                tuple(lines.ids) or (0,),
            )
        )
        lines.invalidate_recordset(["move_ids"])

    def _count(self):
        """Tell how many documents each line has, and how many something stops: counted
        by PostgreSQL, for a document may be on several lines."""
        self.env.flush_all()
        lines = self.line_ids
        told = self.env.execute_query(
            SQL(
                """
                SELECT rel.line_id, count(*), sum(abs(move.amount_total_signed))
                  FROM octopus_rehearsal_line_move_rel AS rel
                  JOIN account_move AS move ON move.id = rel.move_id
                 WHERE rel.line_id IN %s
              GROUP BY rel.line_id
                """,
                tuple(lines.ids) or (0,),
            )
        )
        counts = {line_id: (count, amount) for line_id, count, amount in told}
        for line in lines:
            count, amount = counts.get(line.id, (0, 0))
            values = {"document_count": count, "amount": float(amount)}
            line.write(values)
        [[stopped, closed]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE stops), count(*) FILTER (WHERE NOT stops)
                  FROM (
                    SELECT bool_or(line.kind <> %(closed)s) AS stops
                      FROM octopus_rehearsal_line_move_rel AS rel
                      JOIN octopus_rehearsal_line AS line ON line.id = rel.line_id
                     WHERE line.rehearsal_id = %(self)s
                  GROUP BY rel.move_id
                  ) AS moves
                """,
                closed=CLOSED,
                self=self.id,
            )
        )
        self.write({"stopped_count": stopped, "closed_count": closed})

    # What a person does

    @api.private
    def look_again_at(self, moves, of_choice=False, at_once=AT_ONCE):
        """Look anew at documents: at once at as many as one waits for, at the others in
        the background.

        :param moves: ``account.move`` of its lines
        :param of_choice: nothing changed but a mapping
        :param at_once: at how many one waits for
        """
        self.ensure_one()
        rehearsal = self.sudo()
        ids = moves.ids
        now = rehearsal._moves().browse(ids[:at_once])
        later = set(ids[at_once:])
        wholly = False
        try:
            with self.env.cr.savepoint():
                wholly = rehearsal._look_now(now, of_choice)
        except UniqueViolation as error:
            _logger.info("Another notes the same cause at this moment: %s", error)
            later = set(ids)
        before = set(rehearsal.again or ())
        # What waits may wait for a look at its contact, too.
        waiting = later | before - set(now.ids if wholly else ())
        if waiting != before:
            rehearsal.again = sorted(waiting) or False
        if waiting:
            rehearsal.state = "running"
            rehearsal._cron()._trigger()

    def _look_now(self, moves, of_choice):
        """Look anew at documents; return whether at all that may stop them."""
        if of_choice:
            return self._look_at_choice(moves)
        self._look_again(moves, Rehearser())
        return True

    def action_look_again(self):
        """Look anew at all documents that something stops: settings may have changed
        elsewhere.

        :raises AccessError: the user is no Octopus administrator of the company
        """
        self.ensure_one()
        self._check_administrator()
        lines = self.sudo().line_ids
        self.look_again_at(lines.move_ids)
        self.sudo().line_ids.filtered(lambda line: not line.document_count).unlink()

    def action_accept_proposals(self):
        """Accept what is proposed for the taxes and accounts that documents miss.

        :raises AccessError: the user is no Octopus administrator of the company
        """
        self.ensure_one()
        self._check_administrator()
        self.line_ids.action_accept()

    def action_rehearse(self):
        """Replay everything anew."""
        self.ensure_one()
        return self.company_id.action_rehearse()

    def action_refresh(self):
        """Show how far it is."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_administrator(self):
        self.check_access("read")
        self.company_id._octopus_check_administrator()
        self.company_id.octopus_check_companies()
