from odoo import api, fields, models


class OctopusBookyear(models.Model):
    """Mirror of a bookyear. Never written by hand."""

    _name = "octopus.bookyear"
    _description = "Octopus Bookyear"
    _inherit = ["octopus.cause.mixin"]
    _order = "date_start"

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the bookyear is in.",
    )
    octopus_id = fields.Integer(
        string="Key",
        required=True,
        help="The number by which Octopus knows the bookyear.",
    )
    name = fields.Char(required=True)
    date_start = fields.Date(
        string="From",
        required=True,
        help="The first day of the bookyear.",
    )
    date_end = fields.Date(
        string="Until",
        required=True,
        help="The last day of the bookyear.",
    )
    closed = fields.Boolean(
        help="The accountant closed the bookyear: nothing can be booked in it.",
    )
    active = fields.Boolean(default=True)
    period_ids = fields.One2many(
        "octopus.period",
        "bookyear_id",
        help="The periods of the bookyear, with the numbers that Octopus gave them.",
    )
    journal_year_ids = fields.One2many(
        "octopus.journal.year",
        "bookyear_id",
        help="The journals of the bookyear, with their state and bank account.",
    )
    status = fields.Selection(
        [("open", "Still open"), ("closed", "Closed")],
        compute="_compute_status",
        help="Whether something can be booked in the bookyear.",
    )
    account_ids = fields.Many2many(
        "octopus.account",
        help="The ledger accounts that can be used in the bookyear.",
    )
    other_journal_ids = fields.One2many(
        "octopus.bookyear.journal",
        "bookyear_id",
        string="Other journals",
        help="Journals that stand for others in this bookyear only.",
    )

    @api.depends("closed")
    def _compute_status(self):
        for year in self:
            year.status = "closed" if year.closed else "open"

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A bookyear is mirrored once."
    )
