from odoo import api, models

from ..sync.link_dossier import dossiers_of, take_along

# What may lead a company, and the branches that follow it, to another dossier.
WHICH_DOSSIER = {"octopus_dossier_id", "octopus_separate_settings"}


class ResCompanyDossier(models.Model):
    """What follows a company to another dossier, and what stays in the former one."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """Take along what was not sent yet.

        :raises UserError: what was sent to the former dossier has no answer yet:
            nothing is changed
        """
        if WHICH_DOSSIER.isdisjoint(vals):
            return super().write(vals)
        before = dossiers_of(self)
        # Where a company books follows from its settings and those above: it is known
        # once they are written.
        with self.env.cr.savepoint():
            written = super().write(vals)
            take_along(before)
        return written

    @api.private
    def octopus_settings_in(self, dossier):
        """Return the company whose settings hold, or held, for this one in a dossier
        that it may have left since: where what is booked there is taken back.

        :param dossier: ``octopus.dossier``
        :return: the nearest company, this one or one above, that books in it; where
            none does any more, and when Octopus is switched off, that of
            ``octopus_settings``
        """
        settings = self.octopus_settings()
        if not settings or settings.octopus_dossier_id == dossier:
            return settings
        above = self.sudo().parent_ids.filtered(
            lambda company: company.octopus_dossier_id == dossier
        )
        return above[-1:] or settings
