from odoo import fields, models
from odoo.fields import Command

from ..prepare.mappings import code_types


class OctopusBookingPreviewLine(models.TransientModel):
    """One line of the booking, with the names that Octopus gives its codes."""

    _name = "octopus.booking.preview.line"
    _description = "Octopus Booking Preview Line"
    _inherit = ["octopus.dialog.mixin"]

    preview_id = fields.Many2one(
        "octopus.booking.preview", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="preview_id.currency_id")
    account = fields.Integer(readonly=True)
    account_name = fields.Char(readonly=True)
    vat_code = fields.Char(string="VAT code", readonly=True)
    vat_code_name = fields.Char(string="VAT", readonly=True)
    base = fields.Monetary(readonly=True)
    vat = fields.Monetary(string="VAT amount", readonly=True)
    recuperation = fields.Float(string="Recovered (%)", readonly=True)
    cost_centre = fields.Char(string="Cost centre", readonly=True)
    comment = fields.Char(readonly=True)

    def _commands(self, document):
        """Return the commands that create the lines of a prepared document."""
        accounts = self._account_names(document)
        vat_codes = self._vat_code_names(document)
        centres = self._cost_centre_names(document)
        return [
            Command.create(
                {
                    "account": line.account,
                    "account_name": accounts.get(line.account),
                    "vat_code": line.vat_code,
                    "vat_code_name": vat_codes.get(line.vat_code),
                    "base": float(line.base),
                    "vat": float(line.vat),
                    "recuperation": float(line.vat_recup_percentage or 0),
                    "cost_centre": centres.get(line.cost_centre_id),
                    "comment": line.comment,
                }
            )
            for line in document.lines
        ]

    def _account_names(self, document):
        accounts = (
            self.env["octopus.account"]
            .sudo()
            .search(
                [
                    ("dossier_id", "=", document.dossier.id),
                    ("number", "in", [line.account for line in document.lines]),
                ]
            )
        )
        return {account.number: account.name for account in accounts}

    def _cost_centre_names(self, document):
        numbers = {line.cost_centre_id for line in document.lines} - {None}
        if not numbers:
            return {}
        centres = (
            self.env["octopus.cost.centre"]
            .sudo()
            .search(
                [
                    ("dossier_id", "=", document.dossier.id),
                    ("octopus_id", "in", list(numbers)),
                ]
            )
        )
        return {centre.octopus_id: centre.display_name for centre in centres}

    def _vat_code_names(self, document):
        types = code_types(document.kind)
        vat_codes = (
            self.env["octopus.vat.code"]
            .sudo()
            .search([("dossier_id", "=", document.dossier.id), ("type", "in", types)])
        )
        ordered = vat_codes.sorted(lambda vat_code: types.index(vat_code.type))
        return {vat_code.code: vat_code.description for vat_code in ordered}
