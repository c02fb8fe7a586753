from odoo import fields, models

from .octopus_settings_mixin import setting


class OctopusSettingsMixin(models.AbstractModel):
    """How old an answer on payments may be before reminders wait for a new one."""

    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_follow_up_hours = fields.Integer(
        string="Hold reminders after (hours)", **setting("octopus_follow_up_hours")
    )
