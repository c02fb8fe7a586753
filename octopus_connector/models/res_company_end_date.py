from odoo import api, fields, models
from odoo.tools import format_date

from ..groups import USER
from ..prepare.settings import KEPT_WITH_SETTINGS


class ResCompany(models.Model):
    """Until when documents of a company go to Octopus."""

    # A theme of its own, beside a file that is full.
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    octopus_end_date = fields.Date(
        string="No documents from",
        groups=USER,
        copy=False,
        readonly=True,
        help="Documents of this day or later, and payments of banks that Odoo keeps,"
        " are not sent to Octopus: the link was ended for them with Disconnect. Earlier"
        " ones go on as ever.",
    )

    def _octopus_copy_settings(self, former, chosen):
        # EXTENDS 'octopus_connector': what was ended stays so for a branch that gets
        # settings of its own
        if former != self:
            self.sudo().write({name: former[name] for name in KEPT_WITH_SETTINGS})
        return super()._octopus_copy_settings(former, chosen)

    @api.private
    def octopus_end_on(self, day):
        """Send no documents any more that are dated on a day or later, nor payments of
        banks that Odoo keeps; what is before goes on, and what is booked is followed.

        :param day: date; ``False``: there is no such day any more
        :raises AccessError: the user may not do so
        """
        self.ensure_one()
        self._octopus_check_administrator()
        self.octopus_check_companies()
        held = self.sudo()
        if (held.octopus_end_date or False) == (day or False):
            return
        held.octopus_end_date = day
        if day:
            note = self.env._(
                "%(company)s: no documents dated %(day)s or later are sent any more.",
                company=self.name,
                day=format_date(self.env, day),
            )
        else:
            note = self.env._("%(company)s: all documents go again.", company=self.name)
        held.octopus_dossier_id._message_log(body=note)
        self.env["octopus.outbox.mixin"].wake_all(held.octopus_dossier_id)
