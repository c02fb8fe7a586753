"""Contacts and relations that somebody asked to import or create, and that stay."""

from odoo.fields import Domain

from ...core import codes
from ...core.findings import Finding
from ...prepare.matching import HERE, NOTHING, THERE

# What was linked or left alone meanwhile needs nobody any more.
FAILED = Domain("problem", "!=", False) & Domain(
    "found_on", "in", (HERE, THERE, NOTHING)
)


def where_contacts_failed(env, dossiers):
    """Return those dossiers in which :func:`contacts_failed` finds something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    here = FAILED & Domain("dossier_id", "in", dossiers.ids)
    found = env["octopus.matching.row"].sudo()._read_group(here, ["dossier_id"])
    return dossiers.browse([dossier.id for [dossier] in found])


def contacts_failed(env, dossier):
    """Tell of contacts that could not be imported or created.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    here = FAILED & Domain("dossier_id", "=", dossier.id)
    rows = env["octopus.matching.row"].sudo().search(here)
    if not rows:
        return []
    return [Finding(codes.CONTACTS_FAILED, {"count": len(rows)}, rows._name, rows.ids)]
