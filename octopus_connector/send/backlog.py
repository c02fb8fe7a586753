"""What of a company or a dossier is not sent: what nobody asked for, and what is asked
for and held by shadow mode. What is counted here is what ``send.start`` lets go."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from odoo.fields import Domain

from ..core import codes
from ..core.states import OPEN, TO_GO


class Backlog(NamedTuple):
    """Documents and payments, or none: how many, and from which day to which."""

    count: int
    first: date | None
    last: date | None


def not_asked(settings, start) -> Backlog:
    """Return the documents and payments that would go, and that nobody asked for.

    :param settings: ``res.company`` that holds its settings
    :param start: day, or nothing for all of them
    """
    settings = settings.sudo()
    found = []
    moves = settings.env["account.move"]
    for kind in kinds(settings.env):
        found.append(_read(kind.rows, not_asked_rows(kind, settings, start)))
        found.append(_read(moves, kind.without_row(settings, start)))
    return _together(found)


def asked(dossier) -> Backlog:
    """Return the documents and payments of all companies of a dossier that wait for
    nothing but the end of shadow mode: also of before the start, where somebody asked
    for them.

    :param dossier: ``octopus.dossier``
    """
    every = kinds(dossier.sudo().env)
    return _together([_read(kind.rows, asked_rows(kind, dossier)) for kind in every])


def not_asked_rows(kind, settings, start) -> Domain:
    """Return the domain of rows that nobody asked for, of documents and payments that
    go from a day on, and of what corrects something that Octopus has.

    :param kind: ``Kind`` of the rows
    :param settings: ``res.company`` in sudo that holds its settings
    :param start: day, or nothing for all of them
    """
    return (
        Domain("company_id", "in", settings.octopus_companies().ids)
        & Domain("dossier_id", "=", settings.octopus_dossier_id.id)
        & Domain("state", "in", OPEN)
        & Domain("queued", "=", False)
        # Of such a one a person must have looked at each.
        & Domain("cause", "!=", codes.NUMBER_DISPUTED)
        & (Domain("move_id", "any", kind.goes(settings, start)) | kind.corrects())
    )


def asked_rows(kind, dossier) -> Domain:
    """Return the domain of rows of a dossier that are asked for and not sent. What
    corrects something that Octopus has is none of them: it goes whatever is answered.

    :param kind: ``Kind`` of the rows
    :param dossier: ``octopus.dossier``
    """
    return (
        Domain("dossier_id", "=", dossier.id)
        & Domain("state", "in", OPEN)
        & Domain("queued", "=", True)
        & ~kind.corrects()
    )


def not_asked_documents(rows, settings, first=None, last=None) -> Domain:
    """Return the domain of documents that would go, that nobody asked for, and that
    nothing is known to stand in the way of.

    :param rows: an empty ``octopus.booking`` of who asks
    :param settings: ``res.company`` in sudo that holds its settings
    :param first: accounting date from which they go, if not from the start on
    :param last: accounting date until which they go, if not all later ones
    """
    kind = rows.octopus_kind()
    start = settings.octopus_start_date
    days = filter(None, (first, start))
    domain = kind.goes(settings, max(days, default=None))
    if last:
        domain &= Domain("date", "<=", last)
    left = not_asked_rows(kind, settings, start) & Domain("state", "in", TO_GO)
    none = Domain("octopus_booking_id", "=", False)
    return domain & (none | Domain("octopus_booking_id", "any", left))


def kinds(env) -> list:
    """Return the ``Kind`` of each outbox, in its turn.

    :param env: in sudo
    """
    return [rows.octopus_kind() for rows in env["octopus.outbox.mixin"].outboxes()]


def _read(records, domain):
    # Of a document the date that decides; that of a payment is its only one.
    names = ("accounting_date", "document_date", "date")
    fields = records._fields
    day = next(it for it in names if it in fields and fields[it].store)
    [told] = records._read_group(domain, [], ["__count", f"{day}:min", f"{day}:max"])
    return Backlog(*told)


def _together(found):
    days = [day for it in found for day in it[1:] if day]
    count = sum(it.count for it in found)
    return Backlog(count, min(days, default=None), max(days, default=None))
