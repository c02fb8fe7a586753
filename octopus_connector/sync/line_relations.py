"""Relations on the lines of payments, over a transport whose lines know our own numbers
of them only (SOAP, docs/octopus.md §7)."""

from __future__ import annotations

from dataclasses import replace

from ..api.operations import Capability


def named(env, octopus, booking):
    """Return a booking with our own numbers of its relations besides, where a line
    knows no others.

    :param env: in sudo
    :param octopus: ``api.client.DossierClient``
    :param booking: ``api.types.FinancialBooking`` with Octopus's numbers of relations
    """
    if Capability.LINE_RELATIONS in octopus.capabilities:
        return booking
    numbers = [line.relation.id for line in booking.lines if line.relation]
    known = _relations(env, octopus, "octopus_id", numbers)
    ours = {it.octopus_id: it.external_id or None for it in known}

    def name(line):
        if not line.relation:
            return line
        number = ours.get(line.relation.id)
        return replace(line, relation=replace(line.relation, external_id=number))

    return replace(booking, lines=tuple(map(name, booking.lines)))


def recognised(env, octopus, booking):
    """Return a booking of Octopus with its numbers of the relations, where it tells
    ours only: the other way round than :func:`named`.

    :param env: in sudo
    :param octopus: ``api.client.DossierClient``
    :param booking: ``api.types.FinancialBooking`` as it was read
    """
    [told] = all_recognised(env, octopus, [booking])
    return told


def all_recognised(env, octopus, bookings) -> list:
    """Return bookings as :func:`recognised` does, with one look at the relations.

    :param bookings: ``api.types.FinancialBooking`` as they were read
    """
    ours = {
        line.relation.external_id
        for booking in bookings
        for line in booking.lines
        if line.relation and not line.relation.id
    }
    ours.discard(None)
    if not ours:
        return list(bookings)
    known = _relations(env, octopus, "external_id", list(ours))
    numbers = {it.external_id: it.octopus_id for it in known}

    def recognise(line):
        if not line.relation or line.relation.id:
            return line
        number = numbers.get(line.relation.external_id)
        return replace(line, relation=replace(line.relation, id=number))

    return [
        replace(booking, lines=tuple(map(recognise, booking.lines)))
        for booking in bookings
    ]


def _relations(env, octopus, field, numbers):
    """Return the relations with these numbers, those that Octopus still has the last;
    what was booked on one stays so when it is inactive."""
    rows = env["octopus.relation"].with_context(active_test=False)
    dossier = ("dossier_id.octopus_id", "=", octopus.dossier_id)
    return rows.search([dossier, (field, "in", numbers)], order="deleted desc, id")
