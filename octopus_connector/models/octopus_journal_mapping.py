from odoo import fields, models


class OctopusJournalMapping(models.Model):
    """Odoo journal → Octopus journals: an override of the four kinds, or a bank (C.6, C.13)."""

    _name = "octopus.journal.mapping"
    _description = "Octopus Journal Mapping"
    _inherit = ["octopus.mapping.mixin"]

    journal_id = fields.Many2one(
        "account.journal", required=True, index=True, ondelete="cascade"
    )
    octopus_journal_id = fields.Many2one(
        "octopus.journal", string="Octopus journal", ondelete="cascade"
    )
    octopus_refund_journal_id = fields.Many2one(
        "octopus.journal", string="Octopus journal for credit notes", ondelete="cascade"
    )

    _journal_uniq = models.Constraint(
        "UNIQUE(company_id, dossier_id, journal_id)",
        "A journal has one mapping per company and dossier.",
    )
