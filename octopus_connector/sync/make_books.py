"""Making a bookyear or a journal in Octopus, once: what there is is read before, and
again after an answer that did not come."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import format_date

from ..api.errors import OctopusError, OctopusUnknownOutcome
from ..api.new_books import NewBookyear, NewJournal
from .mirror import Mirror

_logger = logging.getLogger(__name__)


def may_make(dossier) -> bool:
    """Whether the web service of a dossier makes bookyears and journals: REST does.

    :param dossier: ``octopus.dossier``
    """
    return dossier.sudo().connection_id.transport == "rest"


def make_bookyear(dossier, year: NewBookyear) -> None:
    """Make the bookyear that follows the last one, and read its journals.

    :param dossier: one ``octopus.dossier``, of who may write it
    :raises UserError: another one follows, it was not made, or nobody can tell
    """
    with _making(dossier) as (mirror, octopus):
        mirror.bookyears(octopus)
        _check_follows(dossier, year)
        _make(lambda: octopus.insert_bookyear(year))
        mirror.bookyears(octopus)
        made = dossier.bookyear_ids.filtered(lambda row: row.date_start == year.start)
        if not made:
            raise UserError(_not_seen(dossier.env))
        mirror.journals(octopus, made)


def make_journal(dossier, bookyear, journal: NewJournal):
    """Make a journal in a bookyear, and return its mirror.

    :param dossier: one ``octopus.dossier``, of who may write it
    :param bookyear: ``octopus.bookyear``, open
    :return: ``octopus.journal``
    :raises UserError: it is there already, was not made, or nobody can tell
    """
    with _making(dossier) as (mirror, octopus):
        mirror.journals(octopus, bookyear)
        if _journal(bookyear, journal.journal):
            raise UserError(
                dossier.env._(
                    "Journal %(journal)s is in bookyear %(bookyear)s already.",
                    journal=journal.journal,
                    bookyear=bookyear.name,
                )
            )
        _make(lambda: octopus.insert_journal(journal))
        mirror.journals(octopus, bookyear)
        made = _journal(bookyear, journal.journal)
        if not made:
            raise UserError(_not_seen(dossier.env))
        if made.type == "F":
            _read_bank(mirror, octopus, made)
        return made


def _read_bank(mirror, octopus, journal):
    """Read the bank account of a journal that was made; the next refresh does it where
    it cannot be read now."""
    try:
        mirror.bank_account(octopus, journal)
    except OctopusError as error:
        _logger.info("The bank account of %s is read later: %s", journal.key, error)


def _journal(bookyear, key):
    rows = bookyear.env["octopus.journal.year"].sudo()
    found = rows.search([("bookyear_id", "=", bookyear.id)]).journal_id
    return found.filtered(lambda row: row.key == key)


@contextmanager
def _making(dossier):
    """Give the mirror and the client of a dossier that nobody else works on; what
    Octopus answers against it becomes a text for people."""
    dossier.ensure_one()
    dossier.check_access("write")
    if not dossier.sudo().try_lock_for_update(allow_referencing=True):
        raise UserError(
            dossier.env._(
                "%(name)s is being read at this moment. Try again in a minute.",
                name=dossier.display_name,
            )
        )
    try:
        with dossier.client() as octopus:
            yield Mirror(dossier), octopus
    except OctopusError as error:
        finding = dossier.note_error(error)
        texts = dossier.env["octopus.finding"].sentences(finding)
        raise UserError(texts) from error


def _make(call):
    """Make it; where no answer came, what is read after it tells."""
    try:
        call()
    except OctopusUnknownOutcome:
        return


def _check_follows(dossier, year):
    last = dossier.sudo().bookyear_ids.sorted("date_end")[-1:]
    start = last and last.date_end + timedelta(days=1)
    if last and year.start != start:
        raise UserError(
            dossier.env._(
                "The next bookyear starts on %(start)s: bookyears follow each other"
                " without a gap, and the last one ends the day before.",
                start=format_date(dossier.env, start),
            )
        )


def _not_seen(env):
    return env._(
        "Octopus did not say whether it was made, and does not show it yet. Check again"
        " in a few minutes before you make it once more."
    )
