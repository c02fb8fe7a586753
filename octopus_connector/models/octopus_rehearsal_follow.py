from odoo import api, models
from odoo.fields import Domain

# Documents that are looked at again while somebody chooses in a list of mappings.
BESIDE = 100


class OctopusRehearsalFollow(models.Model):
    """A rehearsal follows what is chosen elsewhere: where a mapping or a setting is
    written, it is told."""

    _inherit = "octopus.rehearsal"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.private
    def follow(self, mappings):
        """Look anew at documents that stopped for mappings which somebody chose or
        accepted now, wherever that was.

        With ``octopus_follow_later`` in the context nothing is done: whoever writes
        several mappings, or looks anew by itself, follows once at the end.

        :param mappings: of one model
        """
        if mappings.env.context.get("octopus_follow_later"):
            return
        for rehearsal in self.of_mappings(mappings):
            rehearsal._look_beside(rehearsal.line_ids._of_mappings(mappings))

    @api.private
    def follow_emptied(self, used):
        """Look anew at documents that need mappings in which nothing is chosen any
        more: they may have passed. Those that were not reached yet are looked at when
        they are, and only then count.

        :param used: domain of the journal items that need them
        """
        lines = Domain("line_ids", "any", used)
        for rehearsal in self:
            reached = Domain("id", "<=", rehearsal.last_move)
            moves = rehearsal._moves().search(rehearsal._domain() & reached & lines)
            if moves:
                rehearsal.look_again_at(moves, of_choice=True, at_once=BESIDE)

    @api.model
    @api.private
    def of_mappings(self, mappings):
        """Return the rehearsals, in sudo, of the companies that mappings are of."""
        return self.sudo().search(
            Domain("company_id", "in", mappings.company_id.ids)
            & Domain("dossier_id", "in", mappings.dossier_id.ids)
        )

    @api.model
    @api.private
    def follow_journals(self, companies):
        """Look anew at documents that stopped for a journal, after the settings of
        companies name another.

        :param companies: ``res.company``
        """
        for rehearsal in self.sudo().search([("company_id", "in", companies.ids)]):
            rehearsal._look_beside(rehearsal.line_ids._of_journals())

    def _look_beside(self, lines):
        """Look anew at the documents of lines while somebody works elsewhere."""
        if lines.move_ids:
            self.look_again_at(lines.move_ids, of_choice=True, at_once=BESIDE)
