"""What Octopus gave and what cannot be used."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ...core import codes
from ...core.findings import Finding
from . import NAMED

# How long a value is told that was lost in a feed, which does not show it again.
TOLD_FOR = timedelta(days=7)
# Feeds that are read again from the same moment while a record of them is left out.
READ_AGAIN = (
    "accounts_modified",
    "balancings_modified",
    "bookings_modified",
    "documents_modified",
)


def where_unreadable(env, dossiers):
    """Return those dossiers in which :func:`unreadable` may find something.

    :param env: any
    :param dossiers: ``octopus.dossier``, in sudo
    """
    spoilt = Domain("date", ">=", fields.Datetime.now() - TOLD_FOR) & Domain(
        "unreadable", "!=", False
    )
    found = (
        env["octopus.call"]
        .sudo()
        ._read_group(spoilt, ["dossier_number", "connection_ref"])
    )
    numbers = {number for number, _login in found}
    logins = {login for number, login in found if not number}
    return dossiers.filtered(
        lambda row: row.octopus_id in numbers or row.connection_id.id in logins
    )


def unreadable(env, dossier):
    """Tell values and records that Octopus gave and that cannot be used.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    calls = env["octopus.call"].sudo()
    mine = Domain("dossier_number", "=", dossier.octopus_id) | (
        Domain("dossier_number", "=", 0)
        & Domain("connection_ref", "=", dossier.connection_id.id)
    )
    recent = Domain("date", ">=", fields.Datetime.now() - TOLD_FOR)
    spoilt = Domain("unreadable", "!=", False)
    latest = {}
    for call in calls.search(mine & recent & spoilt):
        latest.setdefault((call.operation, call.document), call)
    lost = {codes.RECORDS_UNREADABLE: [], codes.VALUES_UNREADABLE: []}
    for call in latest.values():
        mended = _is_mended(env, call, mine)
        for flaw in call.unreadable:
            feed = call.operation.endswith("_modified")
            once = feed and not (flaw["left_out"] and call.operation in READ_AGAIN)
            if once or not mended:
                kind = "records" if flaw["left_out"] else "values"
                lost[f"{kind}_unreadable"].append((flaw, call))
    return [_lost(code, flaws) for code, flaws in lost.items() if flaws]


def _is_mended(env, call, mine):
    """Whether the same was asked again since, and could be read."""
    again = (
        Domain("operation", "=", call.operation)
        & Domain("document", "=", call.document)
        & Domain("outcome", "in", ("ok", "nothing"))
        & Domain("id", ">", call.id)
    )
    return bool(env["octopus.call"].sudo().search_count(mine & again, limit=1))


def _lost(code, flaws):
    named = [f"{flaw['record']}: {flaw['field']}" for flaw, _call in flaws]
    params = {"count": len(flaws), "values": list(dict.fromkeys(named))[:NAMED]}
    _flaw, call = flaws[0]
    return Finding(code, params, "octopus.call", call.ids)
