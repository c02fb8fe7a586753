from odoo import api, fields, models

from ..core.follow_contacts import FIELDS, FILL, FROM_OCTOPUS, NEVER, TO_OCTOPUS
from ..groups import MANAGER, require
from .octopus_dossier import OctopusDossier as Dossier

DIRECTIONS = [
    (FILL, "Only fill what is empty"),
    (TO_OCTOPUS, "From Odoo to Octopus"),
    (FROM_OCTOPUS, "From Octopus to Odoo"),
    (NEVER, "Never"),
]
DIRECTION_FIELDS = {field: f"contact_{field}_direction" for field in FIELDS}


def direction(label):
    """Return the field in which somebody chooses which way a value goes."""
    return fields.Selection(
        DIRECTIONS,
        string=label,
        default=FILL,
        required=True,
        tracking=True,
        help="Which side the other follows when this differs on a contact that is"
        " linked. Nothing is overwritten that nobody saw, and nothing happens before"
        " the first list of changes was accepted.",
    )


class OctopusDossier(models.Model):
    """Which way values of contacts go between Odoo and a dossier.

    They are the dossier's: all companies that book in it share its relations.
    """

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited
    _octopus_filled_in = Dossier._octopus_filled_in | {*DIRECTION_FIELDS.values()}

    contact_name_direction = direction("Name")
    contact_address_direction = direction("Address")
    contact_email_direction = direction("E-mail")
    contact_phone_direction = direction("Telephone")
    contact_vat_direction = direction("VAT number")
    contact_iban_direction = direction("IBAN")
    contacts_followed = fields.Boolean(
        readonly=True,
        copy=False,
        tracking=True,
        string="Contacts follow",
        help="Somebody accepted a list of changes: later ones go by themselves.",
    )
    contacts_looked_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Up to when changes of contacts and relations were looked at.",
    )

    def write(self, vals):
        # EXTENDS 'octopus_connector': with another direction somebody looks first
        changed = self.browse()
        if {*DIRECTION_FIELDS.values()} & vals.keys():
            changed = self.filtered(
                lambda dossier: any(
                    dossier[name] != vals[name]
                    for name in DIRECTION_FIELDS.values()
                    if name in vals
                )
            )
        written = super().write(vals)
        if changed:
            changed.sudo().write(
                {"contacts_followed": False, "contacts_looked_at": False}
            )
            self.env["octopus.contact.change"].forget(changed)
        return written

    @api.private
    def directions(self):
        """Return which way each value goes: ``{field: direction}``."""
        return {field: self[name] for field, name in DIRECTION_FIELDS.items()}

    @api.private
    def check_decides(self, refusal):
        """Let only Octopus administrators decide about relations: they are shared by
        all companies that book in the dossiers.

        :param str refusal: what others are told
        :raises AccessError: the user is none, or does not work in all these companies
        """
        self.sudo().company_ids.sudo(False).octopus_check_companies()
        require(self.sudo(False).env, MANAGER, refusal)

    @api.private
    def check_decides_relations(self):
        """Let only those go on who decide who a relation is.

        :raises AccessError: see :meth:`check_decides`
        """
        text = self.env._("Only Octopus administrators decide who a relation is.")
        self.check_decides(text)
