from decimal import Decimal

from odoo import api, fields, models

from ..core import codes
from ..core.ledger_lines import ledger_lines, off_by
from ..core.states import IN_FLIGHT, OPEN, QUEUED
from ..prepare.kinds import direction_of


class OctopusBookingPreview(models.TransientModel):
    """The booking as Octopus will get it, shown before anything leaves."""

    _name = "octopus.booking.preview"
    _description = "Octopus Booking Preview"
    _inherit = ["octopus.dialog.mixin"]

    move_id = fields.Many2one("account.move", required=True, readonly=True)
    findings = fields.Json(readonly=True)
    findings_html = fields.Html(compute="_compute_findings_html", sanitize=False)
    dossier_id = fields.Many2one("octopus.dossier", readonly=True)
    journal_id = fields.Many2one("octopus.journal", readonly=True)
    bookyear_id = fields.Many2one("octopus.bookyear", readonly=True)
    period_number = fields.Integer(string="Period", readonly=True)
    number = fields.Integer(readonly=True)
    number_text = fields.Char(
        string="Expected number",
        readonly=True,
        help="The next number of the journal now; the number is taken when the document"
        " is sent.",
    )
    is_there = fields.Boolean(readonly=True, help="Octopus has it under this number.")
    is_draft = fields.Boolean(readonly=True)
    may_send = fields.Boolean(readonly=True)
    off_by = fields.Monetary(
        string="Does not add up by",
        readonly=True,
        help="By how much debit is more than credit; such a document is never sent.",
    )
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    relation_id = fields.Many2one("octopus.relation", readonly=True)
    document_date = fields.Date(string="Document date", readonly=True)
    expiry_date = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    exchange_rate = fields.Float(digits=0, readonly=True)
    amount = fields.Monetary(
        readonly=True, help="Total with VAT; negative on a credit note."
    )
    comment = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    order_reference = fields.Char(readonly=True)
    line_ids = fields.One2many(
        "octopus.booking.preview.line", "preview_id", readonly=True
    )
    has_cost_centres = fields.Boolean(compute="_compute_has_cost_centres")

    @api.depends("line_ids.cost_centre")
    def _compute_has_cost_centres(self):
        for preview in self:
            preview.has_cost_centres = any(preview.line_ids.mapped("cost_centre"))

    @api.depends("findings")
    @api.depends_context("lang", "uid")
    def _compute_findings_html(self):
        for preview in self:
            preview.findings_html = self.env["octopus.finding"]._html(preview.findings)

    @api.model
    def _open(self, move):
        """Return the action that shows the preview of one document."""
        document = move.octopus_prepare(find_relations=True)[move.id]
        values = self._values(document) | self._sending(document)
        return self._open_dialog(self.env._("Octopus booking"), values)

    def action_send(self):
        """Send what is shown, as the button of the document does."""
        self.ensure_one()
        return self.move_id.action_octopus_send()

    def _sending(self, document):
        """Return what tells whether it is there, or may go now."""
        row = document.move.octopus_booking_id
        year = document.journal_year
        number = row.number or (year.last_number + 1 if year else 0)
        expected = year.number_name(number) if year else False
        name = row.octopus_number or expected
        posted = document.move.state == "posted"
        state = document.move.octopus_state
        return {
            "number": number,
            "number_text": name,
            "is_there": bool(row.number) and row.state not in IN_FLIGHT,
            "is_draft": document.move.state == "draft",
            "may_send": posted and state in (False, QUEUED, *OPEN),
        }

    def _line_commands(self, document, lines):
        return self.env["octopus.booking.preview.line"]._commands(document, lines)

    def _values(self, document):
        sale = direction_of(document.kind) == "sale"
        unit = Decimal(1).scaleb(-document.currency.decimal_places)
        lines = ledger_lines(sale, document.amount, document.lines, unit)
        findings = [it for it in document.findings if it.code != codes.NOT_POSTED]
        return {
            "move_id": document.move.id,
            "findings": [finding.as_json() for finding in findings],
            "off_by": float(off_by(lines)),
            "dossier_id": document.dossier.id,
            "journal_id": document.journal.id,
            "bookyear_id": document.bookyear.id,
            "period_number": document.period_number,
            "partner_id": document.partner.id,
            "relation_id": document.relation.id,
            "document_date": document.document_date,
            "expiry_date": document.expiry_date,
            "currency_id": document.currency.id,
            "exchange_rate": float(document.exchange_rate or 0),
            "amount": float(document.amount),
            "comment": document.comment,
            "reference": document.reference,
            "order_reference": document.order_reference,
            "line_ids": self._line_commands(document, lines),
        }
