from odoo import api, models

MODULE = "octopus_connector"


class Base(models.AbstractModel):
    """What the addon keeps of itself is written by the addon alone.

    A booking's state, a number, a cursor, a link with a relation: whoever writes such a
    field, over RPC or in an import, decides what is in the accountant's books. So each
    field that this addon adds to a stored model, of its own or of Odoo's, is refused to
    people unless its model lists it here; fields that are added later are refused by
    themselves. The addon itself writes in sudo, after a check of who asks.
    """

    _inherit = "base"

    # The fields of this addon that people fill in, if they may change the record.
    _octopus_filled_in = frozenset()
    # The group that they must be in as well.
    _octopus_filled_in_by = None

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base'
        allowed = super()._has_field_access(field, operation)
        if operation == "read" or not allowed or self.env.su:
            return allowed
        return self._octopus_may_fill_in(field)

    @api.model
    def _octopus_may_fill_in(self, field):
        """Whether a person may write a field, as far as this addon is concerned."""
        # Inherited fields are written, and looked at, in the record they come from; a
        # wizard holds nothing but what its user typed.
        if self._transient or field.inherited or field._modules[:1] != (MODULE,):
            return True
        if field.name not in self._octopus_filled_in:
            return False
        group = self._octopus_filled_in_by
        return not group or self.env.user.has_group(group)
