from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import retrying

from ..api.stored import from_json
from ..api.types import Booking
from ..core import codes
from ..core.findings import Finding
from ..core.states import BOOKED, DOCUMENT_STATES, IN_FLIGHT, OPEN, SENT, THERE
from ..prepare.day import later_text
from ..prepare.scope import in_scope, moves_without_row
from ..send import styles
from ..send.batch import Push
from ..send.files import file_ids, limit_mb
from ..send.pause import check_not_paused, pause_text
from ..sync.scheduled import activate_crons
from ..transaction import own_transaction
from .octopus_outbox_mixin import AT_REST, PASS_LIMIT, TO_BOOK

KINDS = [
    ("out_invoice", "Customer invoice"),
    ("out_refund", "Customer credit note"),
    ("in_invoice", "Vendor bill"),
    ("in_refund", "Vendor refund"),
    ("out_receipt", "Sales receipt"),
    ("in_receipt", "Purchase receipt"),
]


class OctopusBooking(models.Model):
    """The outbox: one row per document and dossier; it owns the document's fate.

    ready ─claim number, commit─► sending ─201─► booked ─► changed / differs / gone
      ▲                              ├─ refused ───► blocked
      └── fixed / time ◄─────────────├─ not now ───► waiting (retry_at)
                                     └─ no answer ─► unknown ─read back─► booked | ready

    States are changed by the methods under *The life of a row*, and nowhere else.
    """

    _name = "octopus.booking"
    _description = "Octopus Booking"
    _inherit = ["octopus.outbox.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "accounting_date, document_date, id"
    _rec_name = "document_name"
    # Nobody writes a row; who sees it may talk about it.
    _mail_post_access = "read"

    move_id = fields.Many2one(
        "account.move", string="Document", index="btree_not_null", ondelete="set null"
    )
    document_date = fields.Date(readonly=True)
    accounting_date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Contact"
    )

    state = fields.Selection(
        DOCUMENT_STATES, default="ready", required=True, index=True
    )
    relation_id = fields.Many2one("octopus.relation", readonly=True, copy=False)

    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="Total as sent, in the document's currency; negative on credit notes.",
    )
    attachment_state = fields.Selection(
        [
            ("none", "Without document"),
            ("sent", "Sent"),
            ("later", "To follow"),
            ("refused", "Refused"),
            ("unclear", "To check"),
        ],
        string="PDF and UBL",
        readonly=True,
        copy=False,
    )

    payments_linked = fields.Boolean(
        copy=False, help="Matches in Octopus that came before it was booked are known."
    )

    entry_ids = fields.One2many(
        "octopus.journal.entry", "booking_id", string="As it stands in Octopus"
    )

    day_plan_text = fields.Char(
        string="Daily limit",
        compute="_compute_day_plan_text",
        help="When the documents go that the day's limit does not take.",
    )

    _move_uniq = models.UniqueIndex(
        "(move_id, dossier_id) WHERE move_id IS NOT NULL",
        "A document has one booking per dossier.",
    )
    _number_uniq = models.UniqueIndex(
        "(journal_year_id, number) WHERE number > 0 AND state <> 'gone'",
        "This number of the Octopus journal is already taken.",
    )
    _in_flight_uniq = models.UniqueIndex(
        "(journal_year_id) WHERE state IN ('sending', 'unknown')",
        "One document at a time travels to an Octopus journal.",
    )
    _due_idx = models.Index(
        "(dossier_id, accounting_date, document_date, id)"
        " WHERE queued AND state IN ('ready', 'waiting', 'sending', 'unknown')"
    )
    _unlinked_idx = models.Index(
        "(dossier_id) WHERE payments_linked IS NOT TRUE AND number > 0"
    )
    _files_idx = models.Index("(dossier_id) WHERE attachment_state = 'later'")

    @api.depends("cause")
    def _compute_day_plan_text(self):
        for row in self:
            limited = row.cause == codes.QUOTA_REACHED
            row.day_plan_text = limited and row.dossier_id.day_plan_text

    # Rows for documents

    @api.model
    def _for_moves(self, moves):
        """Return the rows of documents, those that are missing made anew.

        A document that is in another dossier already, from before the company was
        linked anew, gets no second one.

        :param moves: posted documents in scope, of companies with a dossier
        """
        moves = moves.sudo().sorted(_chronological)
        dossiers = {company: company.octopus_dossier() for company in moves.company_id}
        rows = self.sudo().search([("move_id", "in", moves.ids)])
        known = {(row.move_id, row.dossier_id): row for row in rows}
        sent = rows.filtered(lambda row: row.state in THERE).move_id
        missing = [
            self._values_for(move, dossiers[move.company_id])
            for move in moves - sent
            if (move, dossiers[move.company_id]) not in known
        ]
        made = self.sudo().with_context(mail_create_nolog=True).create(missing)
        wanted = {(move, dossiers[move.company_id]) for move in moves}
        kept = rows.filtered(lambda row: (row.move_id, row.dossier_id) in wanted)
        return (kept | made).with_env(self.env)

    def _values_for(self, move, dossier):
        return {
            **self._facts_of(move),
            "move_id": move.id,
            "kind": move.move_type,
            "company_id": move.company_id.id,
            "dossier_id": dossier.id,
            "queued": dossier.automatic,
        }

    @api.model
    def _facts_of(self, move):
        """Return what a row keeps of its document, for its order and its history."""
        return {
            "document_name": move.name,
            "document_date": move.invoice_date or move.date,
            "accounting_date": move.date,
        }

    @api.model
    def _collect(self, dossier):
        """Make rows for posted documents that have none yet, so that none is forgotten:
        those from before the link, and those of other companies' settings."""
        for settings in dossier.company_ids.filtered("octopus_enabled"):
            moves = moves_without_row(settings, PASS_LIMIT)
            self._for_moves(in_scope(moves))

    # The life of a row

    def _queue(self, user=None, run=None):
        """Ask for these documents to leave, now: who asked is told the result."""
        self._request((*OPEN, "excluded"), user, run)

    def _set_booked(self, attachment_state, refused_files=()):
        """Octopus has it, under the number that was claimed.

        :param refused_files: names of files that it did not take
        """
        self.ensure_one()
        self.fetch(TO_BOOK)
        self.write(
            {
                **AT_REST,
                "state": "booked",
                "findings": self._worth_telling(),
                "attachment_state": attachment_state,
            }
        )
        if refused_files:
            self._refuse_files(refused_files)
        self.journal_year_id._note_booked(self.number)

    def _adopt(self, entry, fingerprint):
        """Take a booking that Octopus has already for this document's own: nothing is
        sent, and nothing is changed there.

        :param entry: ``octopus.journal.entry`` that is nobody's yet
        :param fingerprint: the mark of the document as it is now
        """
        self.ensure_one()
        self._frees_number(entry)
        self.write(
            {
                **AT_REST,
                "state": "booked",
                "findings": False,
                "journal_year_id": entry.journal_year_id.id,
                "number": entry.number,
                "period_number": entry.data["period"],
                "relation_id": entry.relation_id.id,
                "amount": entry.amount,
                "currency_id": self.move_id.currency_id.id,
                "payload": entry.data,
                "fingerprint": fingerprint,
                "attachment_state": "none",
            }
        )
        entry.booking_id = self
        note = self.env._(
            "Found in Octopus as %(number)s and linked; it was not sent again.",
            number=self.octopus_number,
        )
        self._tell(note)

    def _frees_number(self, entry):
        """Let no other document hold the number of a booking that is ours; return
        whether none does. One that is kept out has no number in Octopus."""
        held = self.search(
            [
                ("journal_year_id", "=", entry.journal_year_id.id),
                ("number", "=", entry.number),
                ("state", "!=", "gone"),
                ("id", "not in", self.ids),
            ]
        )
        out = held.filtered(lambda row: row.state == "excluded")
        out.number = False
        # The database must know it before the number is another's.
        out.flush_recordset(["number"])
        return held == out

    @api.model
    def _by_number(self, journal_year, numbers):
        """Return ``{number: id}`` of the documents that have a number of a journal, or
        may have it."""
        rows = self._at(journal_year, numbers, THERE)
        return {row.number: row.id for row in rows}

    @api.model
    def _at(self, journal_year, numbers, states=BOOKED):
        """Return the rows that have one of these numbers of a journal."""
        return self.search_fetch(
            [
                ("journal_year_id", "=", journal_year.id),
                ("number", "in", list(numbers)),
                ("state", "in", states),
            ],
            ["number"],
        )

    @api.model
    def _journal_years(self, dossier):
        """Return the journals, each in its bookyear, that we booked in."""
        here = [("dossier_id", "=", dossier.id), ("state", "in", SENT)]
        groups = self._read_group(here, ["journal_year_id"])
        return self.env["octopus.journal.year"].union(*(year for [year] in groups))

    def _give_number_back(self):
        # EXTENDS 'octopus.outbox.mixin'
        travelling = self.filtered(lambda row: row.state in IN_FLIGHT)
        travelling.entry_ids.booking_id = False
        return super()._give_number_back()

    def _refuse_files(self, names):
        """Note that Octopus did not take the files of a booking."""
        self._trust_files("refused")
        refused = Finding(codes.ATTACHMENT_REFUSED, {"file": names}).as_json()
        for row in self:
            row.findings = [*(row.findings or []), refused]

    def _leave_out(self, names):
        """Note that files are too big to go along."""
        if not names:
            return
        self._trust_files("refused")
        for row in self:
            row.findings = [*(row.findings or []), *self._left_out(names)]

    @api.model
    def _left_out(self, names):
        """Return the findings, as JSON, of files that are too big to go along."""
        if not names:
            return []
        facts = {"file": list(names), "limit": limit_mb(self.env)}
        return [Finding(codes.ATTACHMENT_TOO_BIG, facts).as_json()]

    @api.model
    def _unstyled(self, unstyled):
        """Return the findings, as JSON, of a PDF that would have no styles now."""
        if not unstyled:
            return []
        facts = {"url": styles.address(self.env)}
        return [Finding(codes.ATTACHMENT_UNSTYLED, facts).as_json()]

    def _is_unstyled(self):
        """Whether the PDF is still to be made."""
        told = {found["code"] for found in self.findings or ()}
        return self.attachment_state == "later" and codes.ATTACHMENT_UNSTYLED in told

    def _doubt_files(self):
        """Note that the files of a booking are on their way, and may be there."""
        self.attachment_state = "unclear"
        unclear = Finding(codes.ATTACHMENT_UNCLEAR).as_json()
        for row in self:
            row.findings = [*(row.findings or []), unclear]

    def _trust_files(self, attachment_state):
        """Note what certainly became of the files of a booking."""
        self.attachment_state = attachment_state
        settled = {codes.ATTACHMENT_UNCLEAR}
        if attachment_state != "later":
            settled.add(codes.ATTACHMENT_UNSTYLED)
        for row in self:
            row.findings = [
                found for found in row.findings or [] if found["code"] not in settled
            ]

    def _exclude(self, reason):
        """Keep documents out of Octopus; the reason stays in their history.

        :raises AccessError: the user is no Octopus administrator
        :raises UserError: no reason was given, or one is in Octopus, or on its way
        """
        reason = self._checked_reason(reason)
        self._check_administrator()
        rows = self.sudo()
        rows._lock()
        rows._check_not_sent()
        rows.write({"state": "excluded", "queued": False, "retry_at": False})
        rows._let_twins_go()
        note = self.env._("Will not be sent to Octopus: %(reason)s", reason=reason)
        rows.move_id._message_log_batch({move.id: note for move in rows.move_id})

    def _go_to(self, dossier):
        # EXTENDS 'octopus.outbox.mixin': it may be there already, or was once
        if self._row_in(dossier):
            return self.unlink()
        self.relation_id = False
        return super()._go_to(dossier)

    def _row_in(self, dossier):
        """Return the row that this document has in another dossier already."""
        known = [("move_id", "=", self.move_id.id), ("dossier_id", "=", dossier.id)]
        return self.search(known, limit=1) if self.move_id else self.browse()

    def _include(self):
        """Take back the decision that documents stay out of Octopus."""
        self._check_administrator()
        out = self.filtered(lambda row: row.state == "excluded")
        out.sudo().write({"state": "ready", "queued": False})
        note = self.env._("Can be sent to Octopus again.")
        out.move_id._message_log_batch({move.id: note for move in out.move_id})

    def _note_reposted(self):
        """Take over what documents have become, and compare those that were sent with
        what was sent. What Odoo took back, or deleted, stays as it is."""
        posted = self.filtered(lambda row: row.move_id.state == "posted")
        for row in posted:
            facts = self._facts_of(row.move_id)
            if any(row[name] != value for name, value in facts.items()):
                row.write(facts)
        posted.filtered(
            lambda row: row.state in OPEN and row.dossier_id.automatic
        )._queue()
        sent = posted.filtered(lambda row: row.state in BOOKED)
        documents = sent.move_id.octopus_prepare() if sent else {}
        for row in sent:
            same = documents[row.move_id.id].fingerprint == row.fingerprint
            stands = "differs" if row.differences else "booked"
            row.state = stands if same else "changed"

    def _note_changed(self):
        """Mark that Octopus has something else than Odoo."""
        self.filtered(lambda row: row.state in BOOKED).write({"state": "changed"})

    def _check_not_sent(self):
        sent = self.filtered(lambda row: row.state in (*IN_FLIGHT, *SENT))
        if sent:
            raise UserError(
                self.env._(
                    "%(documents)s went to Octopus already and cannot be kept out.",
                    documents=", ".join(sent.mapped("document_name")),
                )
            )

    @api.model
    def _note_gone(self, journal_years):
        """Mark bookings beyond the last number Octopus has: somebody deleted them
        there."""
        here = Domain("journal_year_id", "in", journal_years.ids) & Domain(
            "state", "in", BOOKED
        )
        highest = self._read_group(here, ["journal_year_id"], ["number:max"])
        for year, number in highest:
            if number > year.last_number:
                self.search(
                    here
                    & Domain("journal_year_id", "=", year.id)
                    & Domain("number", ">", year.last_number)
                )._set_gone()

    def _set_gone(self):
        """Octopus does not have them any more."""
        self.write({"state": "gone"})
        self.env["octopus.document.match"]._note_gone(self)
        self._tell(self.env._("The booking was deleted in Octopus."))

    @api.model
    def _wake(self, dossiers):
        # EXTENDS 'octopus.outbox.mixin': payments need the same settings
        self.env["octopus.payment"]._wake(dossiers)
        return super()._wake(dossiers)

    def _vat_code_wanted(self):
        # EXTENDS 'octopus.outbox.mixin'
        bare = [
            line for line in from_json(Booking, self.payload).lines if not line.vat_code
        ]
        if not bare:
            return None
        direction = "sale" if self.kind.startswith("out_") else "purchase"
        mappings = self.env["octopus.tax.mapping"]
        settings = self.company_id.octopus_settings()
        mapping = mappings.lookup(settings).get((False, direction), mappings)
        # A base that is grouped has no label.
        told = [f"{line.account} {line.comment or ''}: {line.base}" for line in bare]
        facts = {"lines": [" ".join(it.split()) for it in told], "direction": direction}
        return Finding(codes.VAT_CODE_WANTED, facts, mappings._name, mapping.ids)

    # The push

    @api.model
    def _push(self, dossier, bookings=None):
        """Send what is due to a dossier, oldest first.

        Commits after each document. What cannot go is noted on its row; an error of
        one document never reaches another.

        :param bookings: only these, for a person who waits for them
        :return: the ``octopus.run``, empty when nothing was due
        """
        rows = self.browse().sudo().with_context(tracking_disable=True)
        dossier = dossier.sudo()
        if dossier.paused:
            return rows.env["octopus.run"]
        if bookings is None:
            rows._collect(dossier)
        due = rows._due(dossier, bookings)
        follow = rows._with_files_to_follow(dossier, bookings)
        rows.env["ir.cron"]._commit_progress(remaining=len(due) + len(follow))
        runs = rows.env["octopus.run"]
        if not due and not follow:
            return runs
        # Another worker may begin or end a pass over the same dossier at this moment.
        begin = partial(rows._begin_pass, dossier, bookings, len(due))
        run = retrying(begin, rows.env)
        return rows._carry_out(
            dossier,
            run,
            lambda octopus: Push(rows.env, dossier, run, octopus).go(due, follow),
        )

    def _begin_pass(self, dossier, bookings, due):
        run = self.env["octopus.run"]._start_push(dossier, bookings)
        run._expect(due)
        return run

    def _end_pass(self, dossier, run):
        run._end_push()
        run._end_requests(dossier)
        self.env["octopus.watchdog"]._watch(dossier)
        self._plan_next(dossier)

    @api.model
    def _with_files_to_follow(self, dossier, bookings=None):
        """Return booked rows that went without a file and whose document has one now;
        the newest come first, as many old ones may never get a file.

        :param bookings: only these, so that nobody waits for the files of others
        """
        domain = [("dossier_id", "=", dossier.id), ("attachment_state", "=", "later")]
        if bookings is not None:
            domain.append(("id", "in", bookings.ids))
        rows = self.search(domain, order="id desc", limit=PASS_LIMIT)
        having = file_ids(rows.move_id)
        unstyled = rows.filtered(
            lambda row: row._is_unstyled() and row.move_id.state == "posted"
        )
        if unstyled and not styles.are_there(self.env):
            unstyled = self.browse()
        return rows.filtered(
            lambda row: (
                row in unstyled or (row.move_id.id in having and not row._is_unstyled())
            )
        )

    # For people

    def _send_now(self):
        """Send one document while a person waits, and tell the result."""
        self.ensure_one()
        check_not_paused(self.dossier_id)
        with own_transaction(self.env) as env:
            row = self.with_env(env)
            problem = row._push(row.dossier_id, row).problem
        if self.state == "ready":
            self.dossier_id.push_cron_id._trigger()
        return self._notification(problem)

    def _notification(self, problem=None):
        """Return what became of one document, as a notification."""
        told = problem or self._deciding()
        booked = self.state == "booked"
        if booked:
            message = self.env._("Booked as %(number)s", number=self.octopus_number)
        elif told:
            message = self.env["octopus.finding"].sentences(told)
        else:
            message = self.env._("It is being sent already; it goes on by itself.")
        kinds = {"booked": "success", "blocked": "danger"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kinds.get(self.state, "warning"),
                "title": self.env._("Octopus: %(name)s", name=self.document_name),
                "message": message,
                "sticky": not booked,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _send_soon(self):
        """Send many documents in the background; who asked is told the result."""
        told = [
            self.env._(
                "%(count)s documents are being sent. You are told the result.",
                count=len(self),
            )
        ]
        for dossier, rows in self.grouped("dossier_id").items():
            activate_crons(dossier)
            stopped = dossier.stopped_by()
            if stopped:
                texts = self.env["octopus.finding"]
                raise UserError(texts.sentences(stopped.as_json()))
            if not dossier.is_ready():
                raise UserError(
                    self.env._(
                        "The login at Octopus of %(dossier)s does not work now: see the"
                        " connection. Nothing was sent.",
                        dossier=dossier.display_name,
                    )
                )
            rows.run_id = self.env["octopus.run"]._start_push(dossier, rows)
            dossier.push_cron_id._trigger()
            told.append(pause_text(dossier) or later_text(dossier))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Octopus"),
                "message": " ".join(filter(None, told)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_send(self):
        """Try these documents again, now."""
        return self.move_id.action_octopus_send()

    def action_open_document(self):
        """Open the document in Odoo."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_support(self):
        """Gather what support needs to know of this document."""
        self.ensure_one()
        return self.env["octopus.support"]._open_for(self.dossier_id, self)

    def action_exclude(self):
        """Ask why these documents must stay out of Octopus."""
        return self.move_id.action_octopus_exclude()

    def action_include(self):
        """Let documents that were kept out go to Octopus after all."""
        self._include()


def _chronological(move):
    return (
        move.date,
        move.invoice_date or move.date,
        move.sequence_prefix or "",
        move.sequence_number,
        move.id,
    )
