from odoo import fields, models


class OctopusJournal(models.Model):
    """Mirror of a journal by its key, such as V1, over all bookyears (C.9, C.11)."""

    _name = "octopus.journal"
    _description = "Octopus Journal"
    _order = "key"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
    name = fields.Char()
    type = fields.Selection(
        [
            ("A", "Purchase"),
            ("V", "Sales"),
            ("F", "Financial"),
            ("D", "Diverse"),
            ("L", "Delivery notes"),
        ],
        required=True,
    )
    insertion_type = fields.Integer(
        help="Sales journals only: 1 bookings, 2 and 3 invoices, 4 and 5 delivery notes.",
    )
    currency_code = fields.Char()
    iban = fields.Char(string="IBAN")
    ledger_account = fields.Integer()
    detail_at = fields.Datetime(help="When the bank account was read last.")
    active = fields.Boolean(default=True)
    year_ids = fields.One2many("octopus.journal.year", "journal_id")

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, key)", "A journal is mirrored once."
    )
