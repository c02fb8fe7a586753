import logging
from collections import defaultdict
from datetime import timezone
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import SQL

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
from ..api.stored import from_json, to_json
from ..api.types import Booking
from ..core import codes
from ..core.compare_booking import Match, compare, compare_moved
from ..core.find_booking import likeness, words
from ..core.findings import Finding, FindingError
from ..core.states import BOOKED, SENT
from ..sync.mirror import OVERLAP, open_bookyears
from ..sync.upsert import upsert

_logger = logging.getLogger(__name__)

FREE = "booking_id IS NULL AND deleted IS NOT TRUE"
# The words of what Octopus says of a booking, without the signs that people write
# around a number.
WORDS = """
    string_to_array(
        regexp_replace(
            coalesce(comment, '') || ' ' || coalesce(reference, ''),
            '[][(){}<>,;:!?"*'']|[.]( |$)', ' ', 'g'),
        ' ')
"""


class OctopusJournalEntry(models.Model):
    """A purchase or sale as it stands in an Octopus journal, ours or not.

    Rows are read from the feed, never written by hand. One that is ours points at its
    row of the outbox; one that is not may turn out to be a document of Odoo that
    somebody booked by hand, or that was sent before a backup was restored.
    """

    _name = "octopus.journal.entry"
    _description = "Octopus Journal Entry"
    _order = "document_date desc, id desc"
    _rec_name = "octopus_number"

    journal_year_id = fields.Many2one(
        "octopus.journal.year", required=True, index=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one(related="journal_year_id.dossier_id", store=True)
    journal_id = fields.Many2one(
        related="journal_year_id.journal_id", string="Octopus journal", store=True
    )
    number = fields.Integer(required=True, aggregator=None)
    octopus_number = fields.Char(
        string="Number in Octopus", compute="_compute_octopus_number", store=True
    )
    relation_octopus_id = fields.Integer(string="Relation number", aggregator=None)
    relation_id = fields.Many2one("octopus.relation", compute="_compute_relation_id")
    document_date = fields.Date()
    currency_code = fields.Char(string="Currency")
    amount = fields.Float(
        digits=(16, 2),
        help="Total in the document's currency; negative on credit notes.",
    )
    comment = fields.Char()
    reference = fields.Char()
    deleted = fields.Boolean(help="It is not in Octopus any more.")
    read_at = fields.Datetime(string="Read on")
    data = fields.Json(help="The booking as it was read last, complete.")
    booking_id = fields.Many2one(
        "octopus.booking",
        string="From Odoo",
        index="btree_not_null",
        ondelete="set null",
    )
    other_booking_ids = fields.Many2many(
        "octopus.booking",
        "octopus_journal_entry_other_rel",
        "entry_id",
        "booking_id",
        string="Not one of",
        help="Documents of which a person said that they are something else.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE(journal_year_id, number)", "A number of a journal is kept once."
    )
    # What is nobody's is looked through for every document that is sent.
    _amount_idx = models.Index(f"(dossier_id, amount) WHERE {FREE}")
    _comment_idx = models.Index(f"(dossier_id, comment) WHERE {FREE}")
    _reference_idx = models.Index(f"(dossier_id, reference) WHERE {FREE}")
    _words_idx = models.Index(f"USING gin (({WORDS})) WHERE {FREE}")

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        for entry in self:
            entry.octopus_number = f"{entry.journal_year_id.name} / {entry.number}"

    @api.depends("dossier_id", "relation_octopus_id")
    def _compute_relation_id(self):
        relations = self.env["octopus.relation"].search(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("octopus_id", "in", self.mapped("relation_octopus_id")),
            ]
        )
        known = {(row.dossier_id, row.octopus_id): row for row in relations}
        for entry in self:
            key = entry.dossier_id, entry.relation_octopus_id
            entry.relation_id = known.get(key)

    # Reading, for the journal that reads (``octopus.journal.year``)

    @api.model
    def _ask_changed(self, journal_year, octopus, since):
        """Return the bookings of a journal that changed since a moment.

        :param octopus: ``api.client.DossierClient``
        """
        return octopus.bookings_modified(*journal_year._place(), since, partial=True)

    @api.model
    def _ask_one(self, journal_year, octopus, number):
        """Return what stands on a number.

        :raises OctopusMissing: nothing does
        """
        return octopus.booking(*journal_year._place(), number)

    @api.model
    def _told(self, beyond):
        """Return the numbers among which is known what they are.

        :param beyond: a domain of journal and numbers
        """
        there = Domain(beyond) & Domain("deleted", "=", False)
        return set(self.search_fetch(there, ["number"]).mapped("number"))

    @api.model
    def _forget(self, journal_year, numbers):
        """Octopus tells of a number alone that nothing stands there: the feed of
        deletions, which tells more, decides what became of an entry."""

    @api.model
    def _keep(self, journal_year, bookings):
        """Write down what stands in a journal, and tie to it what is ours.

        :param bookings: ``api.Booking`` values of that journal and bookyear
        :return: the entries
        """
        numbers = [booking.number for booking in bookings]
        here = [("journal_year_id", "=", journal_year.id), ("number", "in", numbers)]
        known = self.search(here)
        now = fields.Datetime.now()
        ours = self.env["octopus.booking"]._by_number(journal_year, numbers)
        wanted = {
            booking.number: {
                **self._facts(booking),
                "journal_year_id": journal_year.id,
                "number": booking.number,
                "booking_id": ours.get(booking.number, False),
                "read_at": now,
            }
            for booking in bookings
        }
        rows = upsert(known, lambda entry: entry.number, wanted)
        # What stands there is taken, whatever the mirror of the journal says.
        if max(numbers, default=0) > journal_year.last_number:
            journal_year.last_number = max(numbers)
        journal_year._note_looked_at(numbers)
        return self.union(*rows.values())

    @staticmethod
    def _facts(booking):
        return {
            "relation_octopus_id": (booking.relation and booking.relation.id) or 0,
            "document_date": booking.document_date or False,
            "currency_code": booking.currency or False,
            "amount": float(booking.amount),
            "comment": words(booking.comment) or False,
            "reference": words(booking.reference) or False,
            "deleted": False,
            "data": to_json(booking),
        }

    @api.model
    def _note_gone(self, journal_years):
        """Mark entries beyond the last number Octopus has."""
        here = [("journal_year_id", "in", journal_years.ids), ("deleted", "=", False)]
        for year, number in self._read_group(here, ["journal_year_id"], ["number:max"]):
            if number > year.last_number:
                self._delete(year, range(year.last_number + 1, number + 1))

    def _booking(self):
        """Return the entry as an ``api.Booking``."""
        self.ensure_one()
        return from_json(Booking, self.data)

    # What became of what we sent

    @api.model
    def _pull(self, dossier):
        """Read what changed in the journals we book in, and compare it with what was
        sent; two calls when nothing did.

        Nothing is undone or sent: what differs is told, and a person decides. An error
        of the service leaves everything as it is.

        :param dossier: ``octopus.dossier``
        """
        entries, dossier = self.sudo(), dossier.sudo()
        here = [("dossier_id", "=", dossier.id), ("state", "in", BOOKED)]
        if not self.env["octopus.booking"].sudo().search_count(here, limit=1):
            return
        asked_at = fields.Datetime.now()
        try:
            with dossier.client() as octopus:
                freed, taken, whole = entries._deletions(dossier, octopus)
                bookings, all_listed = entries._changes(dossier, octopus)
                whole &= all_listed
                unclear = self.env["octopus.booking"].sudo()
                if bookings:
                    # By the texts that were read before: somebody who gave a document
                    # another number may have changed its text since, and then nothing
                    # names it any more.
                    unclear |= entries._follow_renumbered(dossier, octopus)
                note = partial(entries._note, dossier, bookings, freed, taken)
                unclear |= retrying(note, self.env)
                unclear |= entries._follow_renumbered(dossier, octopus)
                if since := entries._since(dossier):
                    payments = self.env["octopus.payment"].sudo()
                    whole &= payments._compare(dossier, octopus, freed, taken, since)
        except OctopusError as error:
            problem = dossier.note_error(error)
            _logger.info("The journals of %s cannot be read: %s", dossier.name, error)
            if problem["code"] == codes.ANSWER_UNCLEAR:
                dossier._note_comparison([problem])
            return
        position = {"compared_at": asked_at}
        if unclear:
            # The position stays, so that they are compared again next time.
            facts = {"documents": unclear.mapped("document_name")}
            problem = Finding(
                codes.DOCUMENTS_NOT_COMPARED, facts, unclear._name, unclear.ids
            )
            dossier._note_comparison([problem.as_json()], **position)
        else:
            # What was left out is read again, too: the log of calls tells it.
            if whole:
                position["bookings_since"] = asked_at
            dossier._note_comparison([], **position)

    def _since(self, dossier):
        moment = dossier.bookings_since
        return moment and moment.replace(tzinfo=timezone.utc) - OVERLAP

    def _deletions(self, dossier, octopus):
        """Return the keys of documents that were deleted: bookyear, journal, number;
        of those on which something was booked since; and whether none was left out.

        The first time they are asked by bookyear and type, as Octopus demands.
        """
        if Capability.BOOKING_DELETIONS not in octopus.capabilities:
            return set(), set(), True
        since = self._since(dossier)
        asked = [(ALL_BOOKYEARS, ALL_JOURNAL_TYPES)]
        if not since:
            asked = [
                (year.octopus_id, kind)
                for year in open_bookyears(dossier)
                for kind in (JournalType.BUY, JournalType.SELL)
            ]
        freed, taken, whole = set(), set(), True
        for bookyear, kind in asked:
            try:
                result = octopus.documents_modified(
                    bookyear, kind, since or FIRST_SYNC, partial=True
                )
            except NO_FEED as error:
                _logger.info("Deletions cannot be listed: %s", error)
                continue
            freed |= {_key(key) for key in result.deleted}
            taken |= {_key(row) for row in result.modified}
            whole &= is_whole(result)
        return freed, taken, whole

    def _changes(self, dossier, octopus):
        """Return the bookings that changed, by bookyear and journal, and whether none
        was left out; the first time they are asked by journal, as Octopus demands."""
        since = self._since(dossier)
        asked = [(ALL_BOOKYEARS, None, since)]
        if not since:
            years = self.env["octopus.booking"].sudo()._journal_years(dossier)
            asked = [(*year._place(), year._read_from()) for year in years]
        found, whole = defaultdict(list), True
        for bookyear, journal, moment in asked:
            try:
                bookings = octopus.bookings_modified(
                    bookyear, journal, moment, partial=True
                )
            except NO_FEED as error:
                _logger.info("Bookings cannot be listed: %s", error)
                continue
            for booking in bookings:
                found[booking.bookyear_id, booking.journal].append(booking)
            whole &= is_whole(bookings)
        return found, whole

    def _note(self, dossier, bookings, freed, taken):
        """Write down what changed, then say what is gone: what was booked again under
        a number that was deleted is there.

        :param bookings: ``api.Booking`` values by bookyear and journal
        :param freed: keys that were deleted; ``taken``: those that were booked, too
        :return: the ``octopus.booking`` that could not be compared
        """
        unclear = self.env["octopus.booking"].sudo()
        years = {year._place(): year for year in unclear._journal_years(dossier)}
        for place, year in years.items():
            empty = {key[2] for key in freed - taken if key[:2] == place}
            empty -= {booking.number for booking in bookings.get(place, ())}
            lost = unclear._at(year, empty)
            self._delete(year, empty)
            lost._set_gone()
        self._follow_gone(dossier)
        for place, year in years.items():
            deleted = {key[2] for key in freed if key[:2] == place}
            entries = self._keep(year, bookings.get(place, ()))
            others, failed = entries._judge(deleted)
            others._set_gone()
            unclear |= failed
        return unclear

    def _follow_gone(self, dossier):
        """Find documents that are gone under another number, as it was read before:
        somebody may have changed its text since, and then nothing names it any more."""
        for entry, named in self._named_as_ours(dossier):
            rows, failed = entry._compared(named)
            if rows and not failed and set(rows.mapped("state")) == {"gone"}:
                rows[0]._follow(entry)

    def _delete(self, journal_year, numbers):
        """Note that nothing stands on numbers any more. The feed tells it more than
        once: those that are known to be empty are left alone."""
        stood = self.search(
            [
                ("journal_year_id", "=", journal_year.id),
                ("number", "in", list(numbers)),
                ("deleted", "=", False),
            ]
        )
        ours = self.env["octopus.booking"].sudo()._at(journal_year, numbers)
        journal_year._note_freed([*stood.mapped("number"), *ours.mapped("number")])
        stood.write({"deleted": True, "booking_id": False})

    def _judge(self, deleted):
        """Compare entries that are ours with what was sent; let go of those that are
        another document now.

        :param deleted: numbers of which Octopus told that they were
        :return: the rows that lost their booking so, and those that could not be
            compared, which stops no other
        """
        lost = unclear = self.env["octopus.booking"]
        for entry in self.filtered(lambda it: it.booking_id.state in BOOKED):
            row = entry.booking_id
            try:
                with self.env.cr.savepoint():
                    same = row._judge(entry._booking(), entry.number in deleted)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:  # pylint: disable=broad-exception-caught
                _logger.exception("%s cannot be compared", row.octopus_number)
                unclear |= row
                continue
            if not same:
                entry.booking_id = False
                lost |= row
        return lost, unclear

    def _follow_renumbered(self, dossier, octopus):
        """Find documents of ours under another number.

        The number they had must be empty: a second booking of the same document would
        look the same. That is asked where nothing told so. One that was edited as well
        differs then.

        :return: the ``octopus.booking`` that could not be compared
        """
        unclear = self.env["octopus.booking"].sudo()
        for entry, named in self._named_as_ours(dossier):
            rows, failed = entry._compared(named)
            unclear |= failed
            if not failed:
                entry._give_to_one_of(rows, octopus)
        return unclear

    def _compared(self, rows):
        """Return those of these documents that may be this entry, and those that can
        not be compared with it."""
        self.ensure_one()
        same = failed = rows.browse()
        for row in rows:
            try:
                sent = from_json(Booking, row.payload)
                found = compare_moved(sent, self._booking(), row.document_name)
            except Exception:  # pylint: disable=broad-exception-caught
                _logger.exception("%s cannot be compared", row.octopus_number)
                failed |= row
                continue
            if found is not Match.OTHER:
                same |= row
        return same, failed

    def _give_to_one_of(self, rows, octopus):
        """Let the first of these documents whose own number is empty follow here.

        :param rows: ``octopus.booking`` that say the same, the likeliest first
        """
        self.ensure_one()
        for row in rows:
            stands = row.state != "gone" and self._stands(row, octopus)
            if stands is None:
                # It may be the one: the next reading tells.
                return
            if not stands:
                row._follow(self)
                return
        if rows:
            self._note_twice(rows)

    def _note_twice(self, rows):
        """Tell, once, that Octopus has a document of ours under two numbers."""
        self.other_booking_ids += rows
        note = self.env._(
            "Octopus has it twice: %(number)s says the same.",
            number=self.octopus_number,
        )
        rows._tell(note)

    def _named_as_ours(self, dossier):
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
                dossier=dossier.id,
                sent=SENT,
                free=SQL(FREE),
                words=SQL(WORDS),
            )
        )
        rows = self.env["octopus.booking"].sudo()
        return [(self.browse(one), rows.browse(others)) for one, others in found]

    def _stands(self, row, octopus):
        """Whether something stands on the number of a row; ``None`` while nobody can
        tell."""
        try:
            octopus.booking(row.bookyear_id.octopus_id, row.journal_id.key, row.number)
        except OctopusMissing:
            return False
        except (OctopusQuotaError, OctopusProtocolError) as error:
            _logger.info("%s cannot be read: %s", row.octopus_number, error)
            return None
        return True

    # Which document it is

    @api.model
    def _exists_like(self, row_id, booking):
        """Return the SQL condition that some entry may be a document: its amount, or
        one of its numbers as a word. It is asked for every document, so it is no more
        than that. They are counted: asked with EXISTS, PostgreSQL expects one soon and
        reads them all, without the index of words.

        :param booking: what would be sent, as ``api.Booking``
        """
        return SQL(
            """
            0 < (
                SELECT count(*) FROM octopus_journal_entry AS entry
                 WHERE entry.dossier_id = (
                           SELECT dossier_id FROM octopus_booking WHERE id = %(row)s)
                   AND entry.booking_id IS NULL
                   AND entry.deleted IS NOT TRUE
                   AND (entry.amount = %(amount)s
                        OR entry.comment IN %(texts)s OR entry.reference IN %(texts)s
                        OR %(words)s && %(list)s)
            )
            """,
            row=row_id,
            amount=booking.amount,
            texts=_texts(booking) or (None,),
            words=SQL(WORDS),
            list=list(_texts(booking)),
        )

    @api.model
    def _find(self, row, booking):
        """Return the entry that is a document that was not sent yet, maybe empty.

        :param row: its ``octopus.booking``
        :param booking: what would be sent, as ``api.Booking``
        :raises FindingError: one looks like it, and a person must say whether it is
        """
        free = self._free(row, booking)
        for entry in free.sorted("number"):
            if compare(booking, entry._booking()) is Match.SAME:
                return entry
        if finding := free._most_like(booking):
            raise FindingError(finding)
        return self.browse()

    def _ask(self, row, booking):
        """Return the finding that a document may be in Octopus already, ``None`` when
        nothing there looks like it; parameters as for :meth:`_find`."""
        return self._free(row, booking)._most_like(booking)

    def _most_like(self, booking):
        scored = [(entry, likeness(booking, entry._booking())) for entry in self]
        asked = [(entry, found) for entry, found in scored if found.asks]
        if not asked:
            return None
        entry, found = max(asked, key=lambda pair: (pair[1].score, pair[0].id))
        return entry._maybe(found)

    def _free(self, row, booking):
        """Return entries of the same kind of journal that are nobody's, and of which
        nobody said that they are not this document."""
        return self.search(
            [
                ("dossier_id", "=", row.dossier_id.id),
                ("journal_id.type", "=", booking.journal[:1]),
                ("booking_id", "=", False),
                ("deleted", "=", False),
                ("other_booking_ids", "not in", row.ids),
                "|",
                ("amount", "=", float(booking.amount)),
                "|",
                ("comment", "in", _texts(booking)),
                "|",
                ("reference", "in", _texts(booking)),
                ("id", "in", self._holding(row.dossier_id, _texts(booking))),
            ]
        )

    @staticmethod
    def _holding(dossier, texts):
        """Return the query of the entries that are nobody's and hold one of some
        numbers as a word."""
        return SQL(
            """(SELECT id FROM octopus_journal_entry
                 WHERE dossier_id = %s AND %s AND %s && %s)""",
            dossier.id,
            SQL(FREE),
            SQL(WORDS),
            list(texts),
        )

    def _maybe(self, found):
        """Return the finding that this may be a document.

        :param found: ``Likeness`` of the two
        """
        facts = {
            "number": self.octopus_number,
            "amount": f"{self._booking().amount:.2f}",
            "currency": self.currency_code or "",
            "date": self.document_date or None,
            "score": found.score,
            "reasons": list(found.reasons),
        }
        return Finding(codes.MAYBE_BOOKED, facts, self._name, self.ids)


def _texts(booking):
    """Return the numbers by which people name a document."""
    texts = words(booking.comment), words(booking.reference)
    return tuple(text for text in texts if text)


def _key(key):
    """Return bookyear, journal and number of a document in the feed of all bookings."""
    return key.bookyear_id, key.journal, key.number
