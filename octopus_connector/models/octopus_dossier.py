from odoo import fields, models


class OctopusDossier(models.Model):
    """A remote dossier with its mirror and its sync cursors (B.1, B.5, C.1).

    A dossier is one remote set of books: it is unique in this database, whichever
    connection opens it and however many companies book in it.
    """

    _name = "octopus.dossier"
    _description = "Octopus Dossier"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, octopus_id"

    connection_id = fields.Many2one("octopus.connection", required=True, index=True)
    octopus_id = fields.Integer(string="Dossier number", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True)
    vat_number = fields.Char(string="VAT number", readonly=True)
    country_code = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    language_code = fields.Char(readonly=True)
    company_ids = fields.One2many("res.company", "octopus_dossier_id", readonly=True)

    bookyear_ids = fields.One2many("octopus.bookyear", "dossier_id")
    journal_ids = fields.One2many("octopus.journal", "dossier_id")
    account_ids = fields.One2many("octopus.account", "dossier_id")
    vat_code_ids = fields.One2many("octopus.vat.code", "dossier_id")
    relation_ids = fields.One2many("octopus.relation", "dossier_id")
    booking_ids = fields.One2many("octopus.booking", "dossier_id")

    automatic = fields.Boolean(
        help="New documents go to Octopus by themselves. Switch this on after a first"
        " document was booked well.",
    )
    exchange_rate_direction = fields.Selection(
        [
            ("foreign_per_euro", "Foreign currency for 1 EUR"),
            ("euro_per_foreign", "EUR for 1 unit of the foreign currency"),
        ],
        help="The contract of Octopus does not say which way an exchange rate is"
        " written. Ask Octopus; without an answer no foreign currency is sent.",
    )
    refresh_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)
    push_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)
    pull_cron_id = fields.Many2one("ir.cron", readonly=True, copy=False)

    refreshed_at = fields.Datetime(readonly=True, copy=False)
    vat_codes_at = fields.Datetime(readonly=True, copy=False)
    accounts_since = fields.Datetime(readonly=True, copy=False)
    relations_since = fields.Datetime(readonly=True, copy=False)
    balancings_since = fields.Datetime(readonly=True, copy=False)

    _octopus_id_uniq = models.Constraint(
        "UNIQUE(octopus_id)", "This dossier is already known in this database."
    )
