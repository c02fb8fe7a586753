from odoo import fields, models

KINDS = [
    ("out_invoice", "Customer invoice"),
    ("out_refund", "Customer credit note"),
    ("in_invoice", "Vendor bill"),
    ("in_refund", "Vendor refund"),
]

STATES = [
    ("ready", "To send"),
    ("waiting", "Waiting"),
    ("blocked", "Blocked"),
    ("sending", "Sending"),
    ("unknown", "Answer unknown"),
    ("booked", "Booked"),
    ("changed", "Changed since sending"),
    ("gone", "Gone in Octopus"),
    ("excluded", "Not sent"),
]


class OctopusBooking(models.Model):
    """The outbox: one row per document and dossier; it owns the document's fate.

    ready ─claim number, commit─► sending ─201─► booked ─► changed / gone
      ▲                              ├─ refused ───► blocked
      └── fixed / time ◄─────────────├─ not now ───► waiting (retry_at)
                                     └─ no answer ─► unknown ─read back─► booked | ready
    """

    _name = "octopus.booking"
    _description = "Octopus Booking"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "document_date, id"

    move_id = fields.Many2one(
        "account.move", string="Document", index="btree_not_null", ondelete="set null"
    )
    document_name = fields.Char(readonly=True)
    document_date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="move_id.commercial_partner_id")
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True
    )

    state = fields.Selection(STATES, default="ready", required=True, index=True)
    queued = fields.Boolean(
        help="Somebody, or the automatic sending, asked for this document to leave.",
    )
    retry_at = fields.Datetime(copy=False)
    attempts = fields.Integer(copy=False)
    findings = fields.Json(copy=False, help="What stands in the way, by code.")
    cause = fields.Char(
        index=True, copy=False, help="Code of the first finding that stands in the way."
    )
    findings_html = fields.Html(compute="_compute_findings_html", sanitize=False)

    journal_year_id = fields.Many2one(
        "octopus.journal.year", readonly=True, copy=False, ondelete="restrict"
    )
    journal_id = fields.Many2one(
        related="journal_year_id.journal_id", store=True, index=True
    )
    bookyear_id = fields.Many2one(related="journal_year_id.bookyear_id", store=True)
    number = fields.Integer(readonly=True, copy=False)
    octopus_number = fields.Char(compute="_compute_octopus_number", store=True)
    period_number = fields.Integer(readonly=True, copy=False)
    relation_id = fields.Many2one("octopus.relation", readonly=True, copy=False)

    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    amount = fields.Monetary(
        readonly=True, copy=False, help="Header amount as sent; negative on credit notes."
    )
    payload = fields.Json(readonly=True, copy=False, help="The booking as it was sent.")
    fingerprint = fields.Char(readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    run_id = fields.Many2one("octopus.run", readonly=True, copy=False, index=True)
    user_id = fields.Many2one("res.users", readonly=True, copy=False)
    attachment_state = fields.Selection(
        [
            ("none", "Without document"),
            ("sent", "Sent"),
            ("later", "To follow"),
            ("refused", "Refused"),
        ],
        readonly=True,
        copy=False,
    )

    _move_uniq = models.UniqueIndex(
        "(move_id, dossier_id) WHERE move_id IS NOT NULL",
        "A document has one booking per dossier.",
    )
    _number_uniq = models.UniqueIndex(
        "(journal_year_id, number) WHERE number > 0",
        "This number of the Octopus journal is already taken.",
    )
    _in_flight_uniq = models.UniqueIndex(
        "(journal_year_id) WHERE state IN ('sending', 'unknown')",
        "One document at a time travels to an Octopus journal.",
    )
    _due_idx = models.Index(
        "(dossier_id, document_date, id)"
        " WHERE queued AND state IN ('ready', 'waiting', 'sending', 'unknown')"
    )
