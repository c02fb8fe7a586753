from odoo import fields, models


class OctopusBalancing(models.Model):
    """What Octopus matched with what; payments are derived from these rows (G.3, Z.1)."""

    _name = "octopus.balancing"
    _description = "Octopus Balancing"
    _order = "date desc, id desc"

    dossier_id = fields.Many2one("octopus.dossier", required=True, index=True)
    type = fields.Selection(
        [("C", "Client"), ("S", "Supplier"), ("A", "Account")], required=True
    )
    relation_octopus_id = fields.Integer()
    debit_bookyear = fields.Integer(required=True)
    debit_journal = fields.Char(required=True)
    debit_number = fields.Integer(required=True)
    debit_line = fields.Integer(required=True)
    credit_bookyear = fields.Integer(required=True)
    credit_journal = fields.Char(required=True)
    credit_number = fields.Integer(required=True)
    credit_line = fields.Integer(required=True)
    date = fields.Date(help="Date of the document that paid.")
    debit_date = fields.Date()
    credit_date = fields.Date()
    currency_code = fields.Char()
    exchange_rate = fields.Float(digits=0)
    amount = fields.Float(digits=(16, 2), help="Balanced amount in booking currency.")
    deleted = fields.Boolean()
    read_at = fields.Datetime()
    data = fields.Json(help="The row as it was read last, complete.")
    debit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    credit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    problem = fields.Json(help="Why no payment could be made of this row, by code.")

    _keys_uniq = models.Constraint(
        "UNIQUE(dossier_id, debit_bookyear, debit_journal, debit_number, debit_line,"
        " credit_bookyear, credit_journal, credit_number, credit_line)",
        "A balancing is kept once.",
    )
    _payment_uniq = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "A payment has one evidence."
    )
