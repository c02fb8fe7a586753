"""What of contacts stays: imports and new relations that somebody asked for, and values
that do not follow the other side."""

from odoo.fields import Domain

from ...core import codes
from ...core.findings import Finding
from ...prepare.matching import HERE, NOTHING, THERE

# What was linked or left alone meanwhile needs nobody any more.
FAILED = Domain("problem", "!=", False) & Domain(
    "found_on", "in", (HERE, THERE, NOTHING)
)

# Values that do not follow by themselves: what went wrong, and what is asked since
# somebody let the first list go.
CHANGES = {
    codes.CHANGES_FAILED: Domain("state", "=", "accepted")
    & Domain("problem", "!=", False),
    codes.CHANGES_ASKED: Domain("state", "=", "asked")
    & Domain("dossier_id.contacts_followed", "=", True),
}


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


def where_changes_stay(env, dossiers):
    """Return those dossiers in which :func:`changes_that_stay` finds something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    here = Domain("dossier_id", "in", dossiers.ids) & Domain.OR(CHANGES.values())
    found = env["octopus.contact.change"].sudo()._read_group(here, ["dossier_id"])
    return dossiers.browse([dossier.id for [dossier] in found])


def changes_that_stay(env, dossier):
    """Tell of values of contacts that wait for a person.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    changes = env["octopus.contact.change"].sudo()
    found = []
    for code, which in CHANGES.items():
        rows = changes.search(Domain("dossier_id", "=", dossier.id) & which)
        if rows:
            facts = {"count": len(rows)}
            found.append(Finding(code, facts, rows._name, rows.ids))
    return found
