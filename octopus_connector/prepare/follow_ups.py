"""Which documents are held for follow-up: nobody is reminded of what may be paid.

The answer of Octopus on the payments of a document is as old as the last reading. Where
it is older than a company allows, or where a match that was read waits for a person,
what is open here says nothing certain about the customer.

Nor does it after a person left that match out, or as it is: Octopus goes on saying that
they paid. The document stays held until it is paid here, or not matched there any more;
who knows better unticks *No Follow-Up* (``sync.follow_ups``).
"""

from __future__ import annotations

from odoo import fields
from odoo.fields import Domain

from ..core.states import BOOKED
from .banks import that_follow
from .kinds import SALES

OPEN = ("not_paid", "partial")


def held_for_follow_up(env) -> Domain:
    """Return the domain of the documents of sale that are held now.

    The search works without rights on Octopus: who sends reminders need not have any.

    :param env: of who asks; dossiers and settings are read in sudo
    """
    holders = _followed(env)
    if not holders:
        return Domain.FALSE
    late = holders.filtered(_is_late)
    undecided = Domain("id", "in", _undecided(env, holders))
    old = Domain("company_id.octopus_settings_company_id", "in", late.ids)
    booked = (
        Domain("state", "in", BOOKED)
        & Domain("dossier_id", "in", holders.octopus_dossier_id.ids)
        & (old | undecided)
    )
    return (
        Domain("move_type", "in", SALES)
        & Domain("state", "=", "posted")
        # With the order of a list, this is what its index holds.
        & Domain("octopus_state", "in", BOOKED)
        & Domain("payment_state", "in", OPEN)
        & Domain("company_id", "in", holders.octopus_companies().ids)
        & Domain("octopus_booking_id", "any!", booked)
    )


def _followed(env):
    """Return the companies with settings whose payments are kept in Octopus."""
    companies = env["res.company"].sudo()
    holders = companies.search(
        [
            ("octopus_enabled", "=", True),
            ("octopus_dossier_id", "!=", False),
            ("octopus_follow_up_hours", ">", 0),
        ]
    )
    return that_follow(holders)


def _is_late(holder):
    read_at = holder.octopus_dossier_id.payments_read_at
    limit = fields.Datetime.subtract(
        fields.Datetime.now(), hours=holder.octopus_follow_up_hours
    )
    return not read_at or read_at < limit


def _undecided(env, holders):
    """Return the ids of rows of the outbox with a match that is not carried out, even
    if a person decided that it stays so."""
    rows = (
        env["octopus.balancing"]
        .sudo()
        .search(
            Domain("dossier_id", "in", holders.octopus_dossier_id.ids)
            & (
                Domain("pending", "=", True)
                | Domain("plan_id.state", "=", "open")
                | Domain("problem", "!=", False)
            )
        )
    )
    return rows.bookings().ids
