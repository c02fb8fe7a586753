import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..core import codes
from ..core.states import BOOKED, IN_FLIGHT, SENT, SHOWN_DOCUMENT_STATES
from ..groups import MANAGER, SHOWN_TO, USER, require
from ..notification import with_more
from ..prepare import DocumentBuilder
from ..prepare.scope import (
    in_scope,
    not_asked_domain,
    relations_domain,
)
from ..prepare.shown import (
    NOTHING,
    payments_read_domain,
    payments_read_sql,
    relation_number,
    shown,
    why_no_row,
)
from ..prepare.why_nothing import left_out_text, why_nothing
from ..send.check import preflight
from ..send.collect_documents import rows_for
from ..send.link_documents import let_duplicates_go
from ..send.new_rows import new_rows
from ..sync.scheduled import send_soon
from .octopus_booking import KINDS

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    """A document shows what its row in the outbox knows, and decides nothing."""

    _inherit = "account.move"

    octopus_booking_ids = fields.One2many(
        "octopus.booking", "move_id", copy=False, groups=USER
    )
    octopus_booking_id = fields.Many2one(
        "octopus.booking",
        string="Octopus booking",
        compute="_compute_octopus_booking",
        store=True,
        copy=False,
        index="btree_not_null",
        groups=USER,
    )
    octopus_state = fields.Selection(
        SHOWN_DOCUMENT_STATES,
        string="Octopus state",
        compute="_compute_octopus_booking",
        store=True,
        copy=False,
        groups=SHOWN_TO,
    )
    octopus_number = fields.Char(
        string="Octopus number",
        compute="_compute_octopus_booking",
        store=True,
        copy=False,
        index="trigram",
        groups=USER,
    )
    octopus_booking_html = fields.Html(
        related="octopus_booking_id.findings_html", string="In Octopus", groups=USER
    )
    octopus_cause = fields.Selection(related="octopus_booking_id.cause", groups=USER)
    octopus_differences_text = fields.Char(
        related="octopus_booking_id.differences_text", string="Difference", groups=USER
    )
    octopus_told = fields.Char(
        string="Why not in Octopus",
        compute="_compute_octopus_shown",
        compute_sudo=True,
        groups=USER,
    )
    octopus_next_look_text = fields.Char(
        related="octopus_booking_id.next_look_text", groups=USER
    )
    octopus_day_plan_text = fields.Char(
        related="octopus_booking_id.day_plan_text", groups=USER
    )
    octopus_attachment_state = fields.Selection(
        related="octopus_booking_id.attachment_state", groups=USER
    )
    octopus_payments_read_at = fields.Datetime(
        string="Payments checked",
        compute="_compute_octopus_shown",
        search="_search_octopus_payments_read_at",
        compute_sudo=True,
        help="What is shown of payments in Octopus was true at this moment.",
        # A reminder says it, and who sends reminders need not use Octopus.
        groups=SHOWN_TO,
    )
    octopus_balancing_ids = fields.Many2many(
        "octopus.balancing",
        string="Matched in Octopus",
        compute="_compute_octopus_balancing_ids",
        groups=USER,
    )
    octopus_enabled = fields.Boolean(
        compute="_compute_octopus_enabled",
        help="The document is of a kind and a company that go to Octopus.",
        groups=USER,
    )
    octopus_relation_number = fields.Integer(
        compute="_compute_octopus_shown",
        search="_search_octopus_relation_number",
        compute_sudo=True,
        string="Octopus relation",
        groups=USER,
    )
    octopus_not_asked = fields.Boolean(
        string="Not sent before its VAT return",
        compute="_compute_octopus_not_asked",
        search="_search_octopus_not_asked",
        groups=USER,
    )
    octopus_ready = fields.Boolean(
        string="Ready for Octopus", compute="_compute_octopus_preflight", groups=USER
    )
    octopus_findings_html = fields.Html(
        string="Before it goes to Octopus",
        compute="_compute_octopus_preflight",
        sanitize=False,
        groups=USER,
    )

    # What people filter by is little, beside all that is booked and at rest: of that, a
    # page in the order of the list.
    _octopus_idx = models.Index("(octopus_state) WHERE octopus_state <> 'booked'")
    _octopus_booked_idx = models.Index(
        "(date DESC, name DESC, invoice_date DESC, id DESC)"
        " WHERE octopus_state = 'booked'"
    )
    _octopus_partner_idx = models.Index(
        "(commercial_partner_id) WHERE move_type <> 'entry'"
    )
    # Every pass asks for documents without a row; however many there are that have one.
    _octopus_missing_idx = models.Index(
        "(company_id, date) WHERE state = 'posted'"
        " AND octopus_booking_id IS NULL AND move_type IN"
        " ('out_invoice', 'out_refund', 'in_invoice', 'in_refund', 'out_receipt',"
        " 'in_receipt')"
    )

    @api.depends("octopus_booking_ids")
    def _compute_octopus_balancing_ids(self):
        """Gather the evidence of what was paid, taken back matches too."""
        rows = self.env["octopus.balancing"].of_moves(self._origin)
        for move in self:
            move.octopus_balancing_ids = rows.filtered(
                lambda row, mine=move._origin: mine in row.sudo().bookings().move_id
            )

    @api.depends_context("lang", "uid")
    def _compute_octopus_preflight(self):
        """Tell what stands in the way of a document that was not sent yet.

        It looks at what is saved. A draft is judged as if it were confirmed.
        """
        checked = preflight(self._origin)
        for move in self:
            goes, findings = checked.get(move._origin.id, (False, []))
            stops = any(found.stops for found in findings)
            move.octopus_ready = goes and not stops
            move.octopus_findings_html = self.env["octopus.finding"]._html(
                [finding.as_json() for finding in findings]
            )

    # What people see

    @api.depends(
        "octopus_booking_ids.state",
        "octopus_booking_ids.queued",
        "octopus_booking_ids.octopus_number",
    )
    def _compute_octopus_booking(self):
        """Show the latest row; after a change of dossier there may be an older one."""
        for move in self:
            latest = move.octopus_booking_ids.sorted("id")[-1:]
            move.octopus_booking_id = latest
            move.octopus_state = latest.shown_state
            move.octopus_number = latest.octopus_number

    @api.depends("move_type", "company_id")
    def _compute_octopus_enabled(self):
        dossiers = {company: company.octopus_dossier() for company in self.company_id}
        for move in self:
            kind = move.move_type in dict(KINDS)
            move.octopus_enabled = kind and bool(dossiers.get(move.company_id))

    @api.depends(
        "octopus_booking_id.told",
        "octopus_booking_id.dossier_id.payments_read_at",
        "commercial_partner_id",
        "move_type",
        "company_id",
        "state",
    )
    @api.depends_context("lang", "tz")
    def _compute_octopus_shown(self):
        """Say in a list what keeps a document, and its contact's number; also what
        keeps receipts that nobody sends, as they have no row."""
        facts = shown(self._origin)
        texts, rows = self.env["octopus.finding"], self.env["octopus.booking"]
        for move in self:
            fact = facts.get(move._origin.id, NOTHING)
            move.octopus_payments_read_at = fact.payments_read_at
            # A form may have another contact than what is saved.
            number = fact.relation_number if move.id else relation_number(move)
            move.octopus_relation_number = number
            if fact.is_stopped:
                move.octopus_told = move.octopus_booking_id.told
            elif fact.state:
                move.octopus_told = rows.text_told(fact)
            else:
                out = why_no_row(move)
                move.octopus_told = out and texts._texts(out.as_json())["title"]

    @api.model
    def _search_octopus_payments_read_at(self, operator, value):
        return payments_read_domain(operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let documents be sorted and grouped by what is no column of theirs."""
        name, _point, part = field_expr.partition(".")
        if name != "octopus_payments_read_at":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[name], "read")
        return payments_read_sql(self, alias, part, query)

    @api.private
    def octopus_partner(self):
        """Return the contacts that documents are of now: one that got a parent company
        since is that company."""
        return self.commercial_partner_id.commercial_partner_id

    @api.model
    def _search_octopus_relation_number(self, operator, value):
        """Search by number; 0 or unset finds documents without a relation."""
        if operator not in ("in", "="):
            return NotImplemented
        asked = value if operator == "in" else [value]
        numbers = {int(number or 0) for number in asked}
        return relations_domain(self.env, numbers)

    # Preparing

    @api.private
    def octopus_names(self):
        """Return what each is called: a draft may have no number yet."""
        return [
            move.name if move.name and move.name != "/" else move.display_name
            for move in self
        ]

    @api.private
    def octopus_prepare(self, find_relations=False):
        """Return what each document would be in Octopus, and what stands in its way.

        Nothing is written and nothing is called; the number of queries is the same for
        one document and for hundreds, unless ``find_relations`` looks up contacts that
        have no relation yet. Drafts are prepared too, with finding ``not_posted``.

        :return: ``{move id: PreparedDocument}``
        """
        return self.octopus_builder()(self, find_relations).prepare()

    # For other addons to override (docs/extending.md)

    @api.model
    @api.private
    def octopus_domain(self):
        """Return the domain of documents that may go to Octopus at all."""
        return Domain.TRUE

    @api.private
    def octopus_facts(self):
        """Return more of one document that must stay as it was sent, for its
        fingerprint.

        :return: ``{name: value}``, values of a kind that ``repr`` tells apart
        """
        return {}

    @api.model
    @api.private
    def octopus_builder(self):
        """Return the class that prepares documents, ``DocumentBuilder`` or one of
        it."""
        return DocumentBuilder

    # Into the outbox

    @api.model
    def _search_octopus_not_asked(self, operator, value):
        if operator != "in":
            return NotImplemented
        dossiers = self.env["octopus.dossier"].search([("company_ids", "!=", False)])
        found = Domain.OR(map(not_asked_domain, dossiers))
        return found if True in value else ~found

    def _compute_octopus_not_asked(self):
        found = self.search([("octopus_not_asked", "=", True), ("id", "in", self.ids)])
        for move in self:
            move.octopus_not_asked = move._origin in found

    def _octopus_queue(self, user=None, run=None):
        """Ask for documents to be sent.

        :param user: who asks
        :param run: ``octopus.run`` that tells its user the result
        :return: the rows of those that are not in Octopus yet, in sudo
        """
        rows = rows_for(in_scope(self))
        rows = rows.sudo().filtered(lambda row: row.state not in SENT)
        if len(rows) > 1:
            # A person must have looked at such a document: it goes on its own.
            rows = rows.filtered(lambda row: row.cause != codes.NUMBER_DISPUTED)
        rows.queue(user, run)
        return rows

    @api.private
    def octopus_name_with_number(self, number):
        """Name the document of the same series that has a number, for people."""
        self.ensure_one()
        found = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("journal_id", "=", self.journal_id.id),
                ("sequence_prefix", "=", self.sequence_prefix),
                ("sequence_number", "=", number),
            ],
            limit=1,
        )
        return found.name or self.env._("number %(number)s", number=number)

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        # What is wrong with anything else is for whoever wrote it.
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                posted.sudo()._octopus_after_post()
        except (UserError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        except Exception:
            # Confirming a document is the user's work, and is done: the next pass
            # gives it its place in the outbox.
            _logger.exception("No place in the outbox for %s", posted.ids)
        return posted

    def _octopus_after_post(self):
        """Give documents their place in the outbox; look whether one that was sent is
        still what Octopus has."""
        known = self.filtered("octopus_booking_id")
        moves = in_scope(self)
        made, automatic = new_rows(moves - known)
        rows = rows_for(moves - made)
        # What was sent to a dossier of before stays watched, too.
        rows |= known.octopus_booking_ids.filtered(lambda row: row.state in BOOKED)
        rows.note_reposted()
        send_soon(automatic | rows.dossier_id.filtered("automatic"))

    def write(self, vals):
        # EXTENDS 'account'
        # Whichever way a document is taken back, button_draft too, it passes here.
        state = vals.get("state")
        if state in ("draft", "cancel"):
            moves = self.filtered(lambda move: move.state != state)
            moves._octopus_check_withdrawal()
            posted = moves.filtered(lambda move: move.state == "posted")
            posted._octopus_withdraw()
            let_duplicates_go(posted.sudo().octopus_booking_ids)
        return super().write(vals)

    def button_draft(self):
        # EXTENDS 'account'
        # Say so before Odoo begins to undo what belongs to the documents.
        self._octopus_check_withdrawal()
        return super().button_draft()

    def _octopus_withdraw(self):
        """Note on what Octopus has that Odoo takes it back, if that is allowed."""
        self._octopus_check_withdrawal().note_withdrawn(
            self.env.context.get("octopus_reason")
        )

    def _octopus_check_withdrawal(self):
        """Let nobody silently take away what Octopus has.

        :return: the rows of what Octopus has, in sudo
        :raises UserError: it is on its way, or only an administrator may go on
        """
        rows = self.sudo().octopus_booking_ids
        travelling = rows.filtered(lambda row: row.state in IN_FLIGHT)
        if travelling:
            raise UserError(
                self.env._(
                    "%(documents)s is on its way to Octopus. Wait until the answer is"
                    " known.",
                    documents=", ".join(travelling.mapped("document_name")),
                )
            )
        booked = rows.filtered(lambda row: row.state in BOOKED)
        manager = self.env.user.has_group(MANAGER)
        if booked and not manager:
            raise UserError(
                self.env._(
                    "%(documents)s is booked in Octopus, where it stays as it is. Make"
                    " a credit note, or ask an Octopus administrator to change it.",
                    documents=", ".join(booked.mapped("document_name")),
                )
            )
        return booked

    def action_octopus_draft(self):
        """Ask why a document that Octopus has is reset to draft."""
        self._octopus_check_withdrawal()
        return self.env["octopus.withdraw"]._open(self)

    def action_octopus_decide(self):
        """Ask what must happen with a document that Octopus has otherwise."""
        return self.octopus_booking_id.action_decide()

    def action_octopus_adopt(self):
        """Say that this document is what was found in Octopus."""
        self.octopus_booking_id.action_adopt()

    def action_octopus_other_document(self):
        """Say that what was found in Octopus is another document, or that it is
        another bill than one in Odoo."""
        self.octopus_booking_id.action_other_document()

    @api.ondelete(at_uninstall=False)
    def _unlink_octopus(self):
        """Keep the trace of what Octopus has; forget what never left."""
        self._octopus_withdraw()
        rows = self.sudo().octopus_booking_ids
        sent = rows.filtered(lambda row: row.state in SENT)
        (rows - sent).unlink()

    # Actions

    def action_octopus_send(self):
        """Send documents: one at once, many in the background."""
        self._octopus_check_user()
        rows = self._octopus_queue(self.env.user)
        if not rows:
            raise UserError(why_nothing(self))
        told = rows._send_now() if len(rows) == 1 else rows._send_soon()
        return with_more(told, left_out_text(self - rows.move_id))

    def _octopus_check_user(self):
        self.check_access("read")
        require(
            self.env,
            USER,
            self.env._("Only Octopus users can send documents to Octopus."),
        )

    def action_octopus_open_booking(self):
        """Open the document's row in the outbox."""
        self.ensure_one()
        return self.octopus_booking_id._get_records_action()

    def action_octopus_exclude(self):
        """Ask why these documents must stay out of Octopus."""
        return self.env["octopus.exclude"]._open(self)

    def action_octopus_include(self):
        """Let documents that were kept out go to Octopus after all."""
        self.octopus_booking_id._include()

    def action_octopus_preview(self):
        """Open the booking as Octopus will get it, before anything leaves."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.booking.preview"]._open(self)
