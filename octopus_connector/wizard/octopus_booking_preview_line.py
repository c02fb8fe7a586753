from decimal import Decimal
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Command

from ..core.find_vat_code import CodeFacts
from ..core.ledger_lines import ACCOUNT, PARTY, VAT
from ..core.vat_boxes import NONE, vat_boxes
from ..prepare.kinds import direction_of
from ..prepare.mappings import code_types


class Known(NamedTuple):
    """What Octopus has of the codes of a document."""

    accounts: dict  # {number: name}
    vat_codes: dict  # {code: octopus.vat.code}
    cost_centres: dict  # {number: name}


class OctopusBookingPreviewLine(models.TransientModel):
    """One line of the booking in debit or credit, with the names that Octopus gives
    its codes."""

    _name = "octopus.booking.preview.line"
    _description = "Octopus Booking Preview Line"
    _inherit = ["octopus.dialog.mixin"]

    preview_id = fields.Many2one(
        "octopus.booking.preview", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="preview_id.currency_id")
    account = fields.Char(readonly=True)
    account_name = fields.Char(string="Name", readonly=True)
    is_missing = fields.Boolean(readonly=True, help="No account is known for it yet.")
    vat_code = fields.Char(string="VAT code", readonly=True)
    vat_code_name = fields.Char(string="Name of the code", readonly=True)
    boxes = fields.Char(
        string="VAT boxes",
        readonly=True,
        help="Of the VAT return, as far as the name of the VAT code tells; Octopus"
        " decides.",
    )
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    cost_centre = fields.Char(string="Cost centre", readonly=True)
    comment = fields.Char(readonly=True)

    def _commands(self, document, lines):
        """Return the commands that create the lines of a prepared document.

        :param lines: ``core.ledger_lines.LedgerLine`` of it
        """
        known = Known(
            self._account_names(document),
            self._vat_codes(document),
            self._cost_centre_names(document),
        )
        values = {PARTY: self._of_party, ACCOUNT: self._of_account, VAT: self._of_vat}
        return [
            Command.create(
                {
                    "debit": float(line.debit),
                    "credit": float(line.credit),
                    **values[line.kind](document, line.line, known),
                }
            )
            for line in lines
        ]

    def _of_party(self, document, _line, _known):
        relation, partner = document.relation, document.partner
        name = relation.display_name or partner.display_name
        if direction_of(document.kind) == "sale":
            return {"account_name": self.env._("Customer: %(name)s", name=name)}
        return {"account_name": self.env._("Supplier: %(name)s", name=name)}

    def _of_account(self, document, line, known):
        number = line.account
        vat_code = known.vat_codes.get(line.vat_code)
        return {
            "account": str(number) if number else False,
            "account_name": known.accounts.get(number) or self.env._("No account yet"),
            "is_missing": not number,
            "vat_code": line.vat_code,
            "vat_code_name": vat_code and vat_code.description,
            "boxes": ", ".join(self._boxes(document, vat_code, line).base),
            "cost_centre": known.cost_centres.get(line.cost_centre_id),
            "comment": line.comment,
        }

    def _of_vat(self, document, line, known):
        vat_code = known.vat_codes.get(line.vat_code)
        return {
            "account_name": self.env._("VAT, on the account that Octopus has for it"),
            "vat_code": line.vat_code,
            "boxes": ", ".join(self._boxes(document, vat_code, line).vat),
        }

    def _boxes(self, document, vat_code, line):
        rate = Decimal(str(vat_code.percentage if vat_code else 0))
        if not vat_code or (line.vat and not rate):
            # Octopus may leave the rate of a code out.
            return NONE
        facts = CodeFacts(vat_code.code, rate, vat_code.description or "")
        refund = document.kind_as_read.endswith("refund")
        return vat_boxes(facts, direction_of(document.kind) == "sale", refund)

    def _account_names(self, document):
        accounts = (
            self.env["octopus.account"]
            .sudo()
            .search(
                [
                    ("dossier_id", "=", document.dossier.id),
                    ("number", "in", [line.account or 0 for line in document.lines]),
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

    def _vat_codes(self, document):
        """Return ``{code: octopus.vat.code}``, of the kind of document first."""
        types = code_types(document.kind_as_read)
        vat_codes = (
            self.env["octopus.vat.code"]
            .sudo()
            .search([("dossier_id", "=", document.dossier.id), ("type", "in", types)])
        )
        ordered = vat_codes.sorted(lambda vat_code: types.index(vat_code.type))
        return {vat_code.code: vat_code for vat_code in ordered}
