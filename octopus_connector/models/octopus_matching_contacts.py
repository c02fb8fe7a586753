from odoo import api, models

from ..notification import notification
from ..prepare.matching import DOUBTFUL, MATCHED, NOTHING, is_old


class OctopusMatching(models.Model):
    """What is asked of some contacts, from their own list: what they are in Octopus,
    or to create them there."""

    # A theme of its own, beside a file that is full.
    _inherit = "octopus.matching"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.private
    def rows_of(self, partners):
        """Return the rows of contacts in the current company's dossier, compared as
        they are now: their pairs, and each by itself.

        :param partners: commercial partners
        :return: ``octopus.matching.row``
        """
        matching = self.of_company()
        if self._may_decide(matching.dossier_id) and is_old(matching, partners):
            matching.propose()
        rows = self.env["octopus.matching.row"].search(
            [
                ("dossier_id", "=", matching.dossier_id.id),
                ("partner_id", "in", partners.ids),
            ]
        )
        return rows.filtered(lambda row: row.found_on != NOTHING or not row.relation_id)

    @api.model
    @api.private
    def open_contacts(self, partners):
        """Return the action that shows what contacts are, or may be, in Octopus.

        :param partners: commercial partners
        """
        pairs, alone = self._pairs_and_alone(partners)
        return self._show_rows(pairs | alone)

    @api.model
    @api.private
    def create_there(self, partners):
        """Have contacts created in Octopus by the scheduled action; return the action
        that shows those that may be a relation.

        :param partners: commercial partners
        """
        pairs, alone = self._pairs_and_alone(partners)
        alone.action_create()
        if pairs.filtered(lambda row: row.found_on in (MATCHED, DOUBTFUL)):
            return self._show_rows(pairs)
        text = self.env._(
            "Created in Octopus with the next run: %(count)s", count=len(alone)
        )
        off = self._off_text()
        kind = "warning" if off else "success"
        told = " ".join(filter(None, (text, off)))
        return notification(kind, self.env._("Octopus"), told)

    def _pairs_and_alone(self, partners):
        """Return the rows of contacts that may be a relation, and of all others."""
        rows = self.rows_of(partners)
        pairs = rows.filtered("relation_id")
        return pairs, rows.filtered(lambda row: row.partner_id not in pairs.partner_id)

    def _show_rows(self, rows):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_matching_row"
        )
        return {**action, "domain": [("id", "in", rows.ids)], "context": {}}
