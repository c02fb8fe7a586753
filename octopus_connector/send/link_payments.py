"""Payments that Octopus has already: what a person decides about them, and what is
linked because it is the same."""

from __future__ import annotations

from odoo import fields
from odoo.exceptions import UserError

from ..api.errors import OctopusError
from ..core.findings import FindingError
from ..core.states import OPEN
from ..prepare.payment_items import fingerprint_of_move
from ..transaction import own_transaction


def link(row, entry, payload: dict, slots) -> None:
    """Take a booking that Octopus has already for a payment: nothing is sent, and
    nothing is changed there.

    :param row: ``octopus.payment``
    :param entry: ``octopus.journal.entry`` of a bank journal
    :param payload: the booking as JSON
    :param slots: its lines that documents can be matched with, as JSON values
    """
    mark = fingerprint_of_move(row.move_id) if row.move_id else False
    row.link(
        entry,
        {
            "adopted": True,
            "period_number": payload["period"],
            "payload": payload,
            "slots": slots,
            "fingerprint": mark,
            "sent_at": fields.Datetime.now(),
        },
    )


def link_chosen(rows):
    """Link payments with what they were shown with; then only their matches are sent.

    :param rows: ``octopus.payment`` in the environment of who decided
    :return: the action of ``action_send``
    :raises UserError: one is not as it was shown, or cannot be read now
    """
    user_env = rows.env
    rows = undecided(rows)
    texts = rows.env["octopus.finding"]
    try:
        with own_transaction(rows.env) as env:
            for row in rows.with_env(env).locked(*OPEN):
                with row.dossier_id.client() as octopus:
                    row.octopus_kind(octopus).link_one(row)
    except OctopusError as error:
        finding = rows.dossier_id[:1].note_error(error)
        raise UserError(texts.sentences(finding)) from error
    except FindingError as error:
        raise UserError(texts.sentences(error.findings[0].as_json())) from error
    return rows.with_env(user_env).action_send()


def part(rows) -> None:
    """Keep that payments are not what was found in Octopus: they may be sent.

    :param rows: ``octopus.payment`` in the environment of who decided
    """
    user = rows.env.user
    rows = undecided(rows)
    for row in rows:
        row.entry_id.other_payment_ids += row
        note = rows.env._(
            "%(user)s says that %(number)s in Octopus is another payment.",
            user=user.name,
            number=row.entry_id.octopus_number,
        )
        row.tell(note)
    rows.entry_id = False
    rows.may_go()


def undecided(rows):
    """Return those that may be in Octopus already, in sudo and locked.

    :param rows: ``octopus.payment``
    :raises UserError: none may
    """
    rows = rows.sudo().filtered(lambda row: row.state in OPEN and row.entry_id)
    rows.lock()
    rows = rows.filtered(lambda row: row.state in OPEN)
    if not rows:
        raise UserError(
            rows.env._("Nothing in Octopus looks like what was chosen here.")
        )
    return rows
