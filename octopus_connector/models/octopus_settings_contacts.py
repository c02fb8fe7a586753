from odoo import fields, models

from .octopus_settings_mixin import setting


def direction(name, label):
    """Return the field of the settings that shows which way a value goes."""
    field = f"octopus_contact_{name}_direction"
    return fields.Selection(
        lambda self: self._octopus_selection(field), string=label, **setting(field)
    )


class OctopusSettingsMixin(models.AbstractModel):
    """Which way values of contacts go; see ``octopus.dossier``."""

    _inherit = "octopus.settings.mixin"

    octopus_contact_name_direction = direction("name", "Name")
    octopus_contact_address_direction = direction("address", "Address")
    octopus_contact_email_direction = direction("email", "E-mail")
    octopus_contact_phone_direction = direction("phone", "Telephone")
    octopus_contact_vat_direction = direction("vat", "VAT number")
    octopus_contact_iban_direction = direction("iban", "IBAN")
