from odoo import fields, models


class OctopusJournalYear(models.Model):
    """Mirror of one journal in one bookyear: its state and its last number (C.5)."""

    _name = "octopus.journal.year"
    _description = "Octopus Journal in a Bookyear"
    _order = "bookyear_id, journal_id"

    journal_id = fields.Many2one(
        "octopus.journal", required=True, index=True, ondelete="cascade"
    )
    bookyear_id = fields.Many2one(
        "octopus.bookyear", required=True, index=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one(related="journal_id.dossier_id", store=True, index=True)
    closed = fields.Boolean()
    last_number = fields.Integer()
    protected_period = fields.Integer()
    closed_period = fields.Integer()
    read_at = fields.Datetime(help="When Octopus or a booking told this last.")
    active = fields.Boolean(default=True)

    _journal_year_uniq = models.Constraint(
        "UNIQUE(journal_id, bookyear_id)", "A journal is mirrored once per bookyear."
    )
