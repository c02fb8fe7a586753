from odoo import api, fields, models

from ..groups import USER
from ..prepare.kinds import RECEIPTS, TYPE_OF_KIND, settings_kind
from ..prepare.settings import GOES_FIELDS
from ..sync.leave_out import leave_out


class OctopusKindsMixin(models.AbstractModel):
    """Which kinds of documents go to Octopus: a company that only sells, or only buys,
    or keeps its credit notes elsewhere, has no use for the journals of the others."""

    _name = "octopus.kinds.mixin"
    _description = "Kinds of Documents that go to Octopus"

    octopus_out_invoice_goes = fields.Boolean(
        string="Sales invoices go to Octopus",
        default=True,
        groups=USER,
        help="When off, sales invoices stay out of Octopus: they need no journal, wait"
        " for nothing and are not asked about.",
    )
    octopus_out_refund_goes = fields.Boolean(
        string="Sales credit notes go to Octopus",
        default=True,
        groups=USER,
        help="When off, sales credit notes stay out of Octopus: they need no journal,"
        " wait for nothing and are not asked about.",
    )
    octopus_in_invoice_goes = fields.Boolean(
        string="Purchase invoices go to Octopus",
        default=True,
        groups=USER,
        help="When off, bills stay out of Octopus: they need no journal, wait for"
        " nothing and are not asked about.",
    )
    octopus_in_refund_goes = fields.Boolean(
        string="Purchase credit notes go to Octopus",
        default=True,
        groups=USER,
        help="When off, refunds of vendors stay out of Octopus: they need no journal,"
        " wait for nothing and are not asked about.",
    )

    @api.private
    def octopus_kinds(self):
        """Return the kinds of document that go to Octopus, for a company with settings,
        or for the empty one that stands for none."""
        kinds = (*TYPE_OF_KIND, *(RECEIPTS if self.octopus_receipts == "go" else ()))
        if not self:
            return kinds
        return tuple(kind for kind in kinds if self[GOES_FIELDS[settings_kind(kind)]])

    @api.private
    def octopus_journals_used(self):
        """Return the Octopus journals that these settings name for kinds that go.

        :return: ``octopus.journal`` in sudo
        """
        journals = self.env["octopus.journal"].sudo()
        for company in self.sudo():
            for kind in TYPE_OF_KIND:
                if company[GOES_FIELDS[kind]]:
                    journals |= company[f"octopus_{kind}_journal_id"]
        return journals

    def write(self, vals):
        written = super().write(vals)
        left = [kind for kind, field in GOES_FIELDS.items() if vals.get(field) is False]
        if left:
            leave_out(self, left)
        return written
