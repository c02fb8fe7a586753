"""What became of payments in Octopus after they were booked.

Nothing here or there is changed by it: a person decides.
"""

from __future__ import annotations

import logging
from functools import partial

from odoo.service.model import retrying

from ..api.client import ALL_BOOKYEARS
from ..api.errors import NO_FEED
from ..api.listed import is_whole
from ..api.operations import Capability
from ..core import codes
from ..core.bank_money import currency_of
from ..core.compare_booking import Match
from ..core.compare_payment import compare as compare_bookings
from ..core.compare_payment import references, total
from ..core.findings import Finding
from ..core.money import exact
from ..core.states import AT_HAND, PAYMENT_BOOKED
from ..prepare.payment_questions import question_key
from .entries import PaymentEntries, note_told
from .line_relations import all_recognised
from .payments.apply import answer as close
from .payments.apply import ask

_logger = logging.getLogger(__name__)


def compare(dossier, octopus, freed: set, taken: set, since) -> bool:
    """Look at payments of which Octopus tells that something happened to them: one
    call when there are any. Where it tells no keys, the list of what changed is read.

    :param dossier: ``octopus.dossier`` in sudo
    :param octopus: ``api.client.DossierClient``
    :param freed: (bookyear, journal, number) of what was deleted
    :param taken: those of what was booked or edited
    :param since: aware moment from which on the keys were told
    :return: whether all of them could be looked at
    :raises OctopusError: they cannot be read now
    """
    env = dossier.env
    keys = {key for key in freed | taken if key[1][:1] == "F"}
    if keys:
        retrying(partial(note_told, dossier, freed, taken), env)
    tells_keys = Capability.BOOKING_DELETIONS in octopus.capabilities
    if not _is_any_there(dossier, keys if tells_keys else None):
        return True
    try:
        listed = octopus.financial_bookings_modified(
            ALL_BOOKYEARS, None, since, partial=True
        )
    except NO_FEED as error:
        # The documents were compared; these are asked for again.
        _logger.info("Payments cannot be listed: %s", error)
        return False
    if not tells_keys:
        keys = set(map(_key, listed))
    ours = env["octopus.payment"].of_keys(dossier, keys)
    found = {key: booking for booking in listed if (key := _key(booking)) in ours}
    found = dict(
        zip(found, all_recognised(env, octopus, list(found.values())), strict=True)
    )
    whole = is_whole(listed)
    for key, row in ours.items():
        # What is not listed may be what could not be read.
        if whole or key in found:
            retrying(partial(judge, row, found.get(key)), env)
    return whole


def _is_any_there(dossier, keys):
    """Whether a payment of ours was booked: on one of these keys, or, without them, at
    all."""
    payments = dossier.env["octopus.payment"]
    if keys is None:
        there = [("dossier_id", "=", dossier.id), ("state", "in", PAYMENT_BOOKED)]
        return bool(payments.search_count(there, limit=1))
    ours = payments.of_keys(dossier, keys)
    return any(row.state in PAYMENT_BOOKED for row in ours.values())


def _key(booking):
    """Return bookyear, journal and number of a booking."""
    return booking.bookyear_id, booking.journal, booking.number


def judge(row, booking) -> None:
    """Note how what stands on the number of a payment compares with what was sent.

    :param row: ``octopus.payment``
    :param booking: ``api.FinancialBooking``; ``None`` when nothing does any more
    """
    row.ensure_one()
    if row.state not in PAYMENT_BOOKED:
        return
    match = likeness(row, booking) if booking else Match.OTHER
    if match is Match.OTHER:
        journal_year, number = row.journal_year_id, row.number
        row.set_gone()
        if booking:
            PaymentEntries(journal_year).keep([booking])
        else:
            journal_year.note_freed([number])
    elif match is Match.ALTERED:
        _ask_edited(row, booking)
    else:
        answer(row)


def likeness(row, found) -> Match:
    """Return how a booking in Octopus compares with a payment as it was sent; a booking
    that is known as another payment of ours is another.

    :param row: ``octopus.payment``
    :param found: ``api.FinancialBooking``
    """
    sent = row.booking()
    theirs = references(found)
    if not references(sent) & theirs and row.is_of_another(theirs):
        return Match.OTHER
    return compare_bookings(sent, found)


def _ask_edited(row, booking):
    """Ask a person what is right: the payment here, or what became of it there."""
    currency = row.company_id.currency_id
    here, there = (exact(float(total(it)), currency) for it in (row.booking(), booking))
    facts = {
        "payment": row.document_name,
        "number": row.octopus_number,
        "here": here,
        "there": there,
        "currency": currency_of(row.journal_id),
    }
    code = codes.PAYMENT_EDITED if here != there else codes.PAYMENT_EDITED_OTHERWISE
    finding = Finding(code, facts, row._name, row.ids)
    values = {
        "company_id": row.company_id.id,
        "partner_id": row.partner_id.commercial_partner_id.id,
        "amount": float(abs(there - here)),
    }
    ask(row.dossier_id, {question_key(row): (finding, values)})


def answer(row) -> None:
    """Close the question about a payment: both sides have the same, or nothing is there
    any more.

    :param row: ``octopus.payment``
    """
    keys = [question_key(row)]
    close(row.dossier_id, keys)
    # Also one that is not stopped yet: a pass may be about to stop it.
    row.reversal_ids.filtered(lambda it: it.state in AT_HAND).may_go()
