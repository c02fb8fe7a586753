from odoo import fields, models

VAT_TYPES = [
    ("1", "Belgian VAT payer"),
    ("4", "Intra-community VAT payer"),
    ("6", "VAT payer outside the EU"),
    ("7", "Private person in Belgium"),
    ("8", "Private person in the EU"),
    ("9", "Private person outside the EU"),
    ("10", "Not liable to VAT"),
]


class ResPartner(models.Model):
    """A contact and its relations in Octopus, one per dossier (E.6)."""

    _inherit = "res.partner"

    octopus_relation_ids = fields.One2many("octopus.relation", "partner_id", copy=False)
    octopus_vat_type = fields.Selection(
        VAT_TYPES,
        string="VAT type in Octopus",
        help="Empty: derived from country, VAT number and fiscal position.",
    )
