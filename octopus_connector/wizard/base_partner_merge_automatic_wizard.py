from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps their link with Octopus.

    Odoo moves the relations to the contact that stays. Two different relations in one
    dossier cannot both be that contact: only a person can say which one it is.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        partners = self.env["res.partner"].browse(partner_ids)
        live = partners.sudo().octopus_relation_ids.filtered(lambda it: not it.deleted)
        for dossier, relations in live.grouped("dossier_id").items():
            if len(relations) > 1:
                raise UserError(
                    self.env._(
                        "These contacts are different relations in Octopus dossier"
                        " %(dossier)s: %(relations)s. Decide with your accountant which"
                        " one stays, remove the link of the other one on its contact"
                        " (tab Octopus), and merge again.",
                        dossier=dossier.display_name,
                        relations=", ".join(
                            f"{relation.partner_id.name} = {relation.display_name}"
                            for relation in relations
                        ),
                    )
                )
        rows = (
            self.env["octopus.booking"]
            .sudo()
            .search(
                [
                    ("move_id.commercial_partner_id", "in", partners.ids),
                    ("state", "=", "booked"),
                ]
            )
        )
        merged = super()._merge(partner_ids, dst_partner, extra_checks)
        rows.note_merged()
        return merged
