"""The hourly look at what changed in the journals we book in: read, compared, followed.

Nothing is undone or sent: what differs is told, and a person decides.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timezone
from functools import partial
from itertools import chain

from odoo import fields
from odoo.service.model import retrying
from odoo.tools import SQL, split_every

from ..api.client import ALL_BOOKYEARS, ALL_JOURNAL_TYPES, FIRST_SYNC
from ..api.enums import JournalType
from ..api.errors import (
    NO_FEED,
    OctopusError,
    OctopusMissing,
    OctopusProtocolError,
    OctopusQuotaError,
)
from ..api.listed import is_whole
from ..api.operations import Capability
from ..api.stored import from_json
from ..api.types import Booking
from ..core import codes
from ..core.compare_booking import Match, compare_moved
from ..core.findings import Finding
from ..core.states import BOOKED, SENT, TO_DECIDE
from ..prepare.peppol import years_of_access_point
from . import compare_payments
from .compare_documents import follow, judge_entries, may_be
from .entries import BATCH, DocumentEntries
from .find_entry import FREE, WORDS
from .mirror import OVERLAP, open_bookyears

# Letters of purchase and sales journals.
DOCUMENT_JOURNALS = ("A", "V")
# Questions about a payment that is otherwise there.
PAYMENT_EDITED = (codes.PAYMENT_EDITED, codes.PAYMENT_EDITED_OTHERWISE)
_logger = logging.getLogger(__name__)


class Comparison:
    """One look at what changed in the journals of a dossier that we book in.

    :param dossier: ``octopus.dossier``; its rows are read and written in sudo
    """

    def __init__(self, dossier):
        self.dossier = dossier.sudo()
        self.env = self.dossier.env
        self.entries = self.env["octopus.journal.entry"]
        self.bookings = self.env["octopus.booking"]
        # Whether Octopus listed what it was asked for: some dossiers have no feed.
        self.is_told = True

    def run(self) -> dict | None:
        """Read what changed, and compare it with what was sent; two calls when nothing
        did. An error of the service leaves everything as it is. Commits.

        :return: the finding, as JSON, of what kept some from being compared
        """
        dossier = self.dossier
        here = [("dossier_id", "=", dossier.id), ("state", "in", BOOKED)]
        ours = self.bookings.search_count(here, limit=1)
        if not ours and not years_of_access_point(dossier):
            return None
        asked_at = fields.Datetime.now()
        try:
            with dossier.client() as octopus:
                unclear, whole = self._read(octopus)
        except OctopusError as error:
            problem = dossier.note_error(error)
            _logger.info("The journals of %s cannot be read: %s", dossier.name, error)
            if problem["code"] == codes.ANSWER_UNCLEAR:
                dossier.note_comparison([problem])
            return problem
        position = {"compared_at": asked_at}
        if unclear:
            # The position stays, so that they are compared again next time.
            facts = {"documents": unclear.mapped("document_name")}
            problem = Finding(
                codes.DOCUMENTS_NOT_COMPARED, facts, unclear._name, unclear.ids
            )
            dossier.note_comparison([problem.as_json()], **position)
            return problem.as_json()
        # What was left out is read again, too: the log of calls tells it.
        if whole:
            position["bookings_since"] = asked_at
        if whole and self.is_told and self._is_equal():
            position["equal_at"] = asked_at
        dossier.note_comparison([], **position)
        return None

    def _is_equal(self):
        """Whether nothing that was sent is otherwise, or not there any more."""
        here = [("dossier_id", "=", self.dossier.id)]
        payments = self.env["octopus.payment"]
        questions = self.env["octopus.payment.question"]
        edited = [("state", "=", "open"), ("code", "in", PAYMENT_EDITED)]
        return not (
            self.bookings.search_count([*here, ("state", "in", TO_DECIDE)], limit=1)
            or payments.search_count([*here, ("state", "=", "gone")], limit=1)
            or questions.search_count([*here, *edited], limit=1)
        )

    def _read(self, octopus):
        """Return the ``octopus.booking`` that could not be compared, and whether
        nothing was left out.

        :raises OctopusError: it cannot be read now
        """
        asked_at = fields.Datetime.now()
        freed, taken, whole = self._deletions(octopus)
        first = self._first_of_access_point(octopus)
        listed = [*first.values(), *self._changes(octopus)]
        whole &= all(map(is_whole, listed))
        unclear = self.bookings
        if any(listed):
            # By the texts that were read before: somebody who gave a document another
            # number may have changed its text since, and then nothing names it any
            # more.
            unclear |= self._follow_renumbered(octopus)
        if any(listed) or freed or taken:
            note = partial(self._note, listed, freed, taken)
            unclear |= retrying(note, self.env)
        for year, bookings in first.items():
            # An empty answer proves nothing of a journal that has bookings.
            if bookings and is_whole(bookings):
                year.entries_since = asked_at
        unclear |= self._follow_renumbered(octopus)
        if since := self._since():
            told = freed, taken, since
            whole &= compare_payments.compare(self.dossier, octopus, *told)
        return unclear, whole

    # What Octopus tells

    def _since(self):
        moment = self.dossier.bookings_since
        return moment and moment.replace(tzinfo=timezone.utc) - OVERLAP

    def _deletions(self, octopus):
        """Return the keys of documents that were deleted: bookyear, journal, number;
        of those among them, and of all in other journals than those of documents, on
        which something was booked since; and whether none was left out.

        The first time they are asked by bookyear and type, as Octopus demands.
        """
        if Capability.BOOKING_DELETIONS not in octopus.capabilities:
            return set(), set(), True
        since = self._since()
        asked = [(ALL_BOOKYEARS, ALL_JOURNAL_TYPES)]
        if not since:
            asked = [
                (year.octopus_id, kind)
                for year in open_bookyears(self.dossier)
                for kind in (JournalType.BUY, JournalType.SELL)
            ]
        results = []
        for bookyear, kind in asked:
            try:
                result = octopus.documents_modified(
                    bookyear, kind, since or FIRST_SYNC, partial=True
                )
            except NO_FEED as error:
                _logger.info("Deletions cannot be listed: %s", error)
                self.is_told = False
                continue
            results.append(result)
        freed = {_key(key) for result in results for key in result.deleted}
        # All lines of all documents that changed are listed: a few keys of them matter.
        taken = {
            key
            for result in results
            for key in map(_key, result.modified)
            if key in freed or key[1][:1] not in DOCUMENT_JOURNALS
        }
        return freed, taken, all(map(is_whole, results))

    def _changes(self, octopus):
        """Return the lists of bookings that changed; the first time they are asked by
        journal, as Octopus demands."""
        since = self._since()
        asked = [(ALL_BOOKYEARS, None, since)]
        if not since:
            years = self.bookings.journal_years(self.dossier, SENT)
            asked = [(*year.place(), year.read_from()) for year in years]
        listed = []
        for bookyear, journal, moment in asked:
            try:
                bookings = octopus.bookings_modified(
                    bookyear, journal, moment, partial=True
                )
            except NO_FEED as error:
                _logger.info("Bookings cannot be listed: %s", error)
                self.is_told = False
                continue
            listed.append(bookings)
        return listed

    def _first_of_access_point(self, octopus):
        """Return what the access point of Octopus may have booked: ``{journal in its
        bookyear: list}``. Each is read whole once; what changes there later is among
        what changed."""
        listed, years = {}, years_of_access_point(self.dossier)
        if years:
            years -= self.bookings.journal_years(self.dossier, SENT)
        for year in years:
            if not year.last_number or year.entries_since:
                continue
            try:
                listed[year] = octopus.bookings_modified(
                    *year.place(), FIRST_SYNC, partial=True
                )
            except NO_FEED as error:
                # The others would not be listed either, and calls are few.
                _logger.info("%s cannot be listed: %s", year.name, error)
                break
        return listed

    # What it says of our documents

    def _note(self, listed, freed, taken):
        """Write down what changed, then say what is gone: what was booked again under
        a number that was deleted is there.

        :param listed: lists of ``api.types.Booking``; they may be long
        :param freed: keys that were deleted; ``taken``: those that were booked, too
        :return: the ``octopus.booking`` that could not be compared
        """
        unclear = self.bookings
        years = {
            year.place(): year
            for year in unclear.journal_years(self.dossier, SENT)
            | years_of_access_point(self.dossier)
        }
        empty = self._empty(listed, freed - taken)
        for place, year in years.items():
            numbers = {key[2] for key in empty if key[:2] == place}
            lost = unclear.at_numbers(year, numbers)
            DocumentEntries(year).delete(numbers)
            lost.set_gone()
        self._follow_gone()
        kept = self._keep(listed, years)
        for place, ids in kept.items():
            deleted = {key[2] for key in freed if key[:2] == place}
            lost, failed = self._judge(ids, deleted)
            lost.set_gone()
            unclear |= failed
        return unclear

    def _judge(self, entry_ids, deleted):
        """Compare entries of one journal, of which there may be many, with what was
        sent; parameters and return as of ``judge_entries``."""
        lost = unclear = self.bookings
        for batch in split_every(BATCH, entry_ids):
            # Only so many are in memory.
            self.env.invalidate_all()
            others, failed = judge_entries(self.entries.browse(batch), deleted)
            lost |= others
            unclear |= failed
        return lost, unclear

    @staticmethod
    def _empty(listed, freed):
        """Return those keys that were deleted, and on which nothing is listed."""
        if not freed:
            return freed
        return freed.difference(_key(it) for bookings in listed for it in bookings)

    def _keep(self, listed, years):
        """Write down what stands in journals, and return the ids of the entries that
        are documents of ours, by journal.

        :param listed: lists of ``api.types.Booking``
        :param years: ``{(bookyear, journal): octopus.journal.year}``
        """
        kept = defaultdict(list)
        for batch in split_every(BATCH, chain.from_iterable(listed)):
            self.env.invalidate_all()
            found = defaultdict(list)
            for booking in batch:
                found[booking.bookyear_id, booking.journal].append(booking)
            for place in found.keys() & years.keys():
                entries = DocumentEntries(years[place]).keep(found[place])
                kept[place] += entries.filtered("booking_id").ids
        return kept

    # Documents under another number

    def _follow_gone(self):
        """Find documents that are gone under another number, as it was read before:
        somebody may have changed its text since, and then nothing names it any more."""
        for entry, named in self._named_as_ours():
            rows, failed = self._compared(entry, named)
            if rows and not failed and set(rows.mapped("state")) == {"gone"}:
                follow(rows[0], entry)

    def _follow_renumbered(self, octopus):
        """Find documents of ours under another number.

        The number they had must be empty: a second booking of the same document would
        look the same. That is asked where nothing told so. One that was edited as well
        differs then.

        :return: the ``octopus.booking`` that could not be compared
        """
        unclear = self.bookings
        for entry, named in self._named_as_ours():
            rows, failed = self._compared(entry, named)
            unclear |= failed
            if not failed:
                self._give_to_one_of(entry, rows, octopus)
        return unclear

    def _compared(self, entry, rows):
        """Return those of these documents that may be an entry, and those that can not
        be compared with it."""
        same = failed = rows.browse()
        for row in rows:
            try:
                sent = from_json(Booking, row.payload)
                found = compare_moved(sent, entry.as_booking(), row.document_name)
            except Exception:  # pylint: disable=broad-exception-caught
                _logger.exception("%s cannot be compared", row.octopus_number)
                failed |= row
                continue
            if found is not Match.OTHER:
                same |= row
        return same, failed

    def _give_to_one_of(self, entry, rows, octopus):
        """Let the first of these documents whose own number is empty follow an entry.

        :param rows: ``octopus.booking`` that say the same, the likeliest first
        """
        for row in rows:
            stands, empty = False, True
            if row.state != "gone":
                stands, empty = self._stands(row, octopus)
            if stands is None:
                # It may be the one: the next reading tells.
                return
            if not stands:
                follow(row, entry, empty)
                return
        if rows:
            self._note_twice(entry, rows)

    def _note_twice(self, entry, rows):
        """Tell, once, that Octopus has a document of ours under two numbers."""
        entry.other_booking_ids += rows
        note = self.env._(
            "Octopus has it twice: %(number)s says the same.",
            number=entry.octopus_number,
        )
        rows.tell(note)

    def _named_as_ours(self):
        """Return entries that are nobody's, each with the rows of documents that are,
        or were, under another number, and whose name it has, or holds as a word.

        Odoo gives the name of a deleted document to the next one, and another one to a
        document that moves to another month or year. What has the name now and stands
        comes first: another's booking under it would be missed, and sent once more.
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                WITH named AS (
                    SELECT id, document_name AS name, TRUE AS now
                      FROM octopus_booking
                     WHERE dossier_id = %(dossier)s AND state IN %(sent)s
                     UNION ALL
                    SELECT id, payload->>'comment', FALSE
                      FROM octopus_booking
                     WHERE dossier_id = %(dossier)s
                       AND state IN ('changed', 'differs', 'gone')
                       AND sent_at IS NOT NULL
                       AND payload->>'comment' <> document_name
                ), told AS (
                    SELECT id, comment AS name
                      FROM octopus_journal_entry
                     WHERE dossier_id = %(dossier)s AND %(free)s
                     UNION
                    SELECT id, unnest(%(words)s)
                      FROM octopus_journal_entry
                     WHERE dossier_id = %(dossier)s AND %(free)s
                )
                SELECT entry.id, array_agg(
                           booking.id
                           ORDER BY entry.comment = named.name DESC,
                                    named.now DESC,
                                    coalesce(move.state = 'posted', FALSE) DESC,
                                    move.id IS NOT NULL DESC,
                                    booking.state <> 'gone' DESC,
                                    booking.id DESC)
                  FROM octopus_journal_entry AS entry
                  JOIN told ON told.id = entry.id
                  JOIN named ON named.name = told.name
                  JOIN octopus_booking AS booking
                       ON booking.id = named.id
                      AND booking.journal_year_id = entry.journal_year_id
             LEFT JOIN account_move AS move ON move.id = booking.move_id
                 WHERE booking.number <> entry.number
                   AND NOT EXISTS (
                       SELECT 1 FROM octopus_journal_entry_other_rel AS other
                        WHERE other.entry_id = entry.id
                          AND other.booking_id = booking.id)
                 GROUP BY entry.id
                 ORDER BY entry.id
                """,
                dossier=self.dossier.id,
                sent=SENT,
                free=SQL(FREE),
                words=SQL(WORDS),
            )
        )
        return [
            (self.entries.browse(one), self.bookings.browse(others))
            for one, others in found
        ]

    def _stands(self, row, octopus):
        """Return whether a row may still stand on its number, ``None`` while nobody can
        tell, and whether nothing does: another document may be there by now."""
        try:
            there = octopus.booking(
                row.bookyear_id.octopus_id, row.journal_id.key, row.number
            )
        except OctopusMissing:
            return False, True
        except (OctopusQuotaError, OctopusProtocolError) as error:
            _logger.info("%s cannot be read: %s", row.octopus_number, error)
            return None, False
        return may_be(row, there), False


def _key(key):
    """Return bookyear, journal and number of a document."""
    return key.bookyear_id, key.journal, key.number
