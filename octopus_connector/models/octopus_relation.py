from odoo import fields, models


class OctopusRelation(models.Model):
    """Mirror of a relation, and its link with a contact, per dossier (E.6, X.16)."""

    _name = "octopus.relation"
    _description = "Octopus Relation"
    _order = "name, octopus_id"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    octopus_id = fields.Integer(string="Relation number", required=True)
    external_id = fields.Integer(string="External number")
    partner_id = fields.Many2one(
        "res.partner", string="Contact", index="btree_not_null", ondelete="set null"
    )
    link_origin = fields.Selection(
        [
            ("vat", "Same VAT number"),
            ("external", "Same external number"),
            ("name", "Same name"),
            ("created", "Created from Odoo"),
            ("person", "Chosen by a person"),
        ],
        readonly=True,
    )
    name = fields.Char()
    is_client = fields.Boolean()
    is_supplier = fields.Boolean()
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    country_code = fields.Char()
    email = fields.Char()
    iban = fields.Char(string="IBAN")
    vat_number = fields.Char(string="VAT number")
    vat_digits = fields.Char(index=True)
    vat_type = fields.Integer(string="VAT type")
    active = fields.Boolean(default=True)
    deleted = fields.Boolean(help="Deleted in Octopus; kept here for its history.")
    data = fields.Json(help="The relation as it was read last, complete.")

    _octopus_id_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A relation is mirrored once."
    )
    _partner_uniq = models.UniqueIndex(
        "(dossier_id, partner_id) WHERE partner_id IS NOT NULL AND NOT deleted",
        "A contact has one relation per dossier.",
    )
