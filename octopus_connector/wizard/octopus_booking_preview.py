from odoo import api, fields, models


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
    number = fields.Integer(
        string="Expected number",
        readonly=True,
        help="The next number of the journal now; the number is taken when the document"
        " is sent.",
    )
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    relation_id = fields.Many2one("octopus.relation", readonly=True)
    document_date = fields.Date(readonly=True)
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
        return self._open_dialog(self.env._("Octopus booking"), self._values(document))

    def _values(self, document):
        journal_year = document.journal_year
        booked = document.move.octopus_booking_id
        return {
            "move_id": document.move.id,
            "findings": [finding.as_json() for finding in document.findings],
            "dossier_id": document.dossier.id,
            "journal_id": document.journal.id,
            "bookyear_id": document.bookyear.id,
            "period_number": document.period_number,
            "number": booked.number or (journal_year and journal_year.last_number + 1),
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
            "line_ids": self.env["octopus.booking.preview.line"]._commands(document),
        }
