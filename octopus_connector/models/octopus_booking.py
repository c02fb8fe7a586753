from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import codes
from ..core.findings import Finding
from ..core.fingerprint import same
from ..core.states import (
    BOOKED,
    DOCUMENT_STATES,
    IN_FLIGHT,
    OPEN,
    SHOWN_DOCUMENT_STATES,
    THERE,
)
from ..notification import notification, with_button
from ..prepare.day import later_text
from ..send import styles
from ..send.collect_documents import facts_of
from ..send.document import DocumentKind
from ..send.files import limit_mb
from ..send.link_documents import part
from ..send.pause import kept_text
from ..sync.scheduled import activate_crons
from ..transaction import own_transaction

ASKED = (codes.MAYBE_BOOKED, codes.NUMBER_DISPUTED)
# A booking that is nobody's yet shows only next to the document that it may be: the
# reader of that one may not see all of the dossier.
CANDIDATE = {"compute": "_compute_candidate", "compute_sudo": True}
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

    _octopus_kind = DocumentKind
    _octopus_turn = 10
    _octopus_history = "move_id"
    _octopus_of_dossier = ("relation_id",)

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
    shown_state = fields.Selection(
        SHOWN_DOCUMENT_STATES,
        string="Octopus state",
        compute="_compute_shown_state",
        search="_search_shown_state",
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

    candidate_id = fields.Many2one(
        "octopus.journal.entry",
        string="Perhaps in Octopus as",
        **CANDIDATE,
    )
    document_amount = fields.Float(
        string="Amount here",
        digits=(16, 2),
        compute="_compute_document_amount",
        help="Total in the document's currency; negative on credit notes.",
    )
    candidate_amount = fields.Float(string="Amount there", digits=(16, 2), **CANDIDATE)
    candidate_date = fields.Date(string="Date there", **CANDIDATE)
    candidate_comment = fields.Char(string="Comment there", **CANDIDATE)
    candidate_score = fields.Integer(string="Score", **CANDIDATE)
    candidate_reason = fields.Text(string="Agrees", **CANDIDATE)
    candidate_told = fields.Text(string="Found there", **CANDIDATE)
    other_bill_ids = fields.Many2many(
        "octopus.booking",
        "octopus_booking_other_bill_rel",
        "booking_id",
        "other_id",
        string="Not the same bill as",
        readonly=True,
        copy=False,
        help="Bills of which a person said that they are another one.",
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
    # The overview counts what went today.
    _sent_idx = models.Index("(sent_at) WHERE sent_at IS NOT NULL")
    # A filter on documents shows those without their files.
    _without_file_idx = models.Index(
        "(move_id) WHERE state = 'booked'"
        " AND (attachment_state <> 'sent' OR attachment_state IS NULL)"
    )

    @api.depends("cause")
    def _compute_day_plan_text(self):
        for row in self:
            limited = row.cause == codes.QUOTA_REACHED
            row.day_plan_text = limited and row.dossier_id.day_plan_text

    @api.depends("move_id.amount_total", "kind")
    def _compute_document_amount(self):
        for row in self:
            sign = -1 if row.kind.endswith("refund") else 1
            row.document_amount = sign * row.move_id.amount_total

    @api.depends("findings", "cause", "state")
    @api.depends_context("lang")
    def _compute_candidate(self):
        """Show the booking of others that may be this document."""
        entries = self.env["octopus.journal.entry"]
        names = self._agreeing()
        for row in self:
            asked = row.cause in ASKED and row.deciding()
            found = asked or {}
            entry = entries.browse(found.get("ids", ())).exists()[:1]
            row.candidate_id = entry
            row.candidate_amount = entry.amount
            row.candidate_date = entry.document_date
            row.candidate_comment = entry.comment
            told = entry.octopus_number, entry.comment
            row.candidate_told = "\n".join(filter(None, told))
            params = found.get("params", {})
            row.candidate_score = params.get("score", 0)
            reasons = params.get("reasons", ())
            row.candidate_reason = ", ".join(names[reason] for reason in reasons)

    def _agreeing(self):
        return {
            "number": self.env._("number"),
            "reference": self.env._("reference"),
            "relation": self.env._("relation"),
            "amount": self.env._("amount"),
            "date": self.env._("date"),
            "near_date": self.env._("date, nearly"),
        }

    # The life of a row

    @api.private
    def frees_number(self, entry):
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
    @api.private
    def by_number(self, journal_year, numbers):
        """Return ``{number: id}`` of the documents that have a number of a journal, or
        may have it."""
        rows = self.at_numbers(journal_year, numbers, THERE)
        return {row.number: row.id for row in rows}

    @api.model
    @api.private
    def at_numbers(self, journal_year, numbers, states=BOOKED):
        """Return the rows that have one of these numbers of a journal."""
        return self.search_fetch(
            [
                ("journal_year_id", "=", journal_year.id),
                ("number", "in", list(numbers)),
                ("state", "in", states),
            ],
            ["number"],
        )

    @api.private
    def release_number(self):
        # EXTENDS 'octopus.outbox.mixin'
        travelling = self.filtered(lambda row: row.state in IN_FLIGHT)
        travelling.entry_ids.booking_id = False
        return super().release_number()

    @api.private
    def refuse_files(self, names):
        """Note that Octopus did not take the files of a booking."""
        self.trust_files("refused")
        refused = Finding(codes.ATTACHMENT_REFUSED, {"file": names}).as_json()
        for row in self:
            row.findings = [*(row.findings or []), refused]

    @api.private
    def leave_out(self, names):
        """Note that files are too big to go along."""
        if not names:
            return
        self.trust_files("refused")
        for row in self:
            row.findings = [*(row.findings or []), *self.left_out(names)]

    @api.model
    @api.private
    def left_out(self, names):
        """Return the findings, as JSON, of files that are too big to go along."""
        if not names:
            return []
        facts = {"file": list(names), "limit": limit_mb(self.env)}
        return [Finding(codes.ATTACHMENT_TOO_BIG, facts).as_json()]

    @api.model
    @api.private
    def unstyled(self, is_unstyled):
        """Return the findings, as JSON, of a PDF that would have no styles now."""
        if not is_unstyled:
            return []
        facts = {"url": styles.address(self.env)}
        return [Finding(codes.ATTACHMENT_UNSTYLED, facts).as_json()]

    @api.private
    def is_unstyled(self):
        """Whether the PDF is still to be made."""
        told = {found["code"] for found in self.findings or ()}
        return self.attachment_state == "later" and codes.ATTACHMENT_UNSTYLED in told

    @api.private
    def doubt_files(self):
        """Note that the files of a booking are on their way, and may be there."""
        self.attachment_state = "unclear"
        unclear = Finding(codes.ATTACHMENT_UNCLEAR).as_json()
        for row in self:
            row.findings = [*(row.findings or []), unclear]

    @api.private
    def trust_files(self, attachment_state):
        """Note what certainly became of the files of a booking."""
        self.attachment_state = attachment_state
        settled = {codes.ATTACHMENT_UNCLEAR}
        if attachment_state != "later":
            settled.add(codes.ATTACHMENT_UNSTYLED)
        for row in self:
            row.findings = [
                found for found in row.findings or [] if found["code"] not in settled
            ]

    @api.private
    def note_reposted(self):
        """Take over what documents have become, and compare those that were sent with
        what was sent. What Odoo took back, or deleted, stays as it is."""
        posted = self.filtered(lambda row: row.move_id.state == "posted")
        for row in posted:
            facts = facts_of(row.move_id)
            if any(row[name] != value for name, value in facts.items()):
                row.write(facts)
        posted.filtered(
            lambda row: (
                row.state in OPEN
                and row.company_id.octopus_settings().octopus_is_automatic()
            )
        ).queue()
        sent = posted.filtered(lambda row: row.state in BOOKED)
        documents = sent.move_id.octopus_prepare() if sent else {}
        for row in sent:
            unchanged = same(documents[row.move_id.id].fingerprint, row.fingerprint)
            stands = "differs" if row.differences else "booked"
            row.state = stands if unchanged else "changed"

    @api.private
    def note_changed(self):
        """Mark that Octopus has something else than Odoo."""
        self.filtered(lambda row: row.state in BOOKED).write({"state": "changed"})

    # For people

    def _send_now(self):
        """Send one document while a person waits, and tell the result."""
        self.ensure_one()
        if kept := kept_text(self.dossier_id):
            return notification("warning", self.env._("Octopus"), kept, sticky=True)
        with own_transaction(self.env) as env:
            row = self.with_env(env)
            problem = row.push(row.dossier_id, row).problem
        if self.state == "ready":
            self.dossier_id.push_cron_id._trigger()
        return self._notification(problem)

    def _send_soon(self):
        """Send many documents in the background; who asked is told the result."""
        going = self.filtered(lambda row: not row.shadow)
        for dossier in (self - going).dossier_id:
            dossier.push_cron_id._trigger()
        if not going:
            return self._shadow_notification()
        told = [
            self.env._(
                "Documents on their way: %(count)s. You are told the result.",
                count=len(going),
            )
        ]
        for dossier, rows in going.grouped("dossier_id").items():
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
            run = self.env["octopus.run"].start_push(dossier, rows)
            rows.run_id = run
            dossier.push_cron_id._trigger()
            told.append(kept_text(dossier) or later_text(dossier))
        text = " ".join(filter(None, told))
        notice = notification("info", self.env._("Octopus"), text)
        opened = run.with_env(self.sudo(False).env)._get_records_action()
        return with_button(notice, self.env._("Progress"), opened)

    def action_support(self):
        """Gather what support needs to know of this document."""
        self.ensure_one()
        return self.env["octopus.support"]._open_for(self.dossier_id, self)

    @api.private
    def note_merged(self):
        """Keep documents booked of which the contact was merged with another: for
        Octopus they are of the same relation."""
        documents = self.move_id.octopus_prepare()
        for row in self:
            row.fingerprint = documents[row.move_id.id].fingerprint

    @api.private
    def note_withdrawn(self, reason=None):
        """Mark that Odoo took documents back that Octopus has."""
        self.note_changed()
        note = self.env._("Taken back in Odoo; Octopus still has the booking.")
        if reason:
            note = self.env._(
                "Taken back in Odoo; Octopus still has the booking. Reason: %(reason)s",
                reason=reason,
            )
        for row in self:
            row._message_log(body=note)
        self.tell(note)

    # What a person decides

    def action_decide(self):
        """Ask what must happen with documents that are not the same on both sides."""
        return self.env["octopus.difference"]._open(self)

    def action_other_document(self):
        """Say that these documents are not what Octopus has, or not the same bill as
        another one in Odoo: they may be sent."""
        self._check_decides()
        part(self)
