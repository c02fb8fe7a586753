"""Documents on their way to Octopus: what they need, and what is theirs alone."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from .. import repeated
from ..api.errors import (
    OctopusError,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusQuotaError,
    OctopusRefused,
    ReturnCode,
)
from ..api.operations import Capability
from ..api.stored import from_json
from ..api.types import Booking, RelationRef
from ..core import codes
from ..core.causes import ACCOUNT_MAPPING, TAX_MAPPING
from ..core.compare_booking import Match, compare
from ..core.findings import Finding
from ..core.retry import PASS_LIMIT
from ..core.states import IN_FLIGHT, OPEN, THERE, is_due
from ..prepare.kinds import direction_of
from ..prepare.rehearse import Rehearser, misplaced, prepared_each, verdict
from ..prepare.scope import (
    holders_with_missing_rows,
    in_scope,
    moves_without_row,
    unasked_before_start,
)
from ..sync.access import read_currencies
from ..sync.entries import DocumentEntries
from ..sync.find_entry import exists_like, find_document, maybe_document
from . import styles
from .collect_documents import collect, rows_for
from .document_pass import DocumentPass
from .files import MADE, Files, dossiers_with_later_files, file_ids, files_of
from .kinds import Kind
from .link_documents import let_duplicates_go, link, link_chosen
from .new_rows import new_rows
from .relations import RelationSender
from .result import DocumentRequest
from .steps import sent_since

_logger = logging.getLogger(__name__)

# Whether a relation can be used on a document of this kind.
_SIDE = {"sale": "is_client", "purchase": "is_supplier"}
# Codes that speak about the booking itself; any other refusal of a call with files
# may be about the files.
ABOUT_THE_BOOKING = frozenset(ReturnCode)


class DocumentKind(Kind):
    """Invoices, credit notes, bills, refunds and receipts: A and V bookings."""

    model = "octopus.booking"
    told_on = "move_id"
    answer_waits = True

    def __init__(self, env, octopus=None):
        super().__init__(env, octopus)
        self._file_ids = {}
        self._offered = set()
        self._styled = None

    # Of a pass

    def new_pass(self, dossier, chosen=None):
        """Return a pass over documents (``Kind.new_pass``)."""
        return DocumentPass(self, dossier, chosen)

    def collect(self, dossier):
        """Make rows for posted documents that have none yet (``Kind.collect``)."""
        collect(self.env, dossier)

    def goes(self, settings, start):
        """Return the documents of a kind that goes (``Kind.goes``)."""
        return (
            super().goes(settings, start)
            & Domain("move_type", "in", settings.octopus_kinds())
            & self.env["account.move"].octopus_domain()
        )

    def without_row(self, settings, start):
        """Return those without a row (``Kind.without_row``).

        :param settings: as of :meth:`goes`, as is ``start``
        """
        none = Domain("octopus_booking_id", "=", False)
        return self.goes(settings, start) & none

    def collect_all(self, settings):
        """Make the rows of documents, many at once (``Kind.collect_all``)."""
        while moves := in_scope(moves_without_row(settings, PASS_LIMIT)):
            made, _dossiers = new_rows(moves)
            if not made | rows_for(moves - made).move_id:
                break
            self.env.flush_all()
            self.env.invalidate_all()

    def due_in(self, dossiers):
        """Return where documents are due, have no row yet, or got the file that they
        went without (``Kind.due_in``)."""
        found = super().due_in(dossiers)
        left = dossiers - found
        holders = left.company_ids.filtered("octopus_enabled")
        found |= holders_with_missing_rows(holders).octopus_dossier_id
        return found | dossiers_with_later_files(dossiers - found)

    def prepare(self, rows, run):
        """Prepare documents together, in a constant number of queries
        (``Kind.prepare``)."""
        posted = rows.filtered(lambda row: row.move_id.state == "posted")
        (rows - posted).write({"queued": False})
        self._look_for_currencies(posted)
        documents = self._documents(posted.move_id)
        if self._offer(documents):
            documents = self._documents(posted.move_id)
        self._file_ids = file_ids(posted.move_id)
        requests, held = [], defaultdict(lambda: self.rows)
        for row in posted:
            document = documents[row.move_id.id]
            findings = document if isinstance(document, tuple) else document.findings
            findings = misplaced(row, document) + findings
            if early := unasked_before_start(row):
                row.queued = False
                findings = early + findings
            if any(found.stops for found in findings):
                held[findings] |= row
            else:
                requests.append(self._request(row, document, run))
        return requests, list(held.items())

    def _look_for_currencies(self, rows):
        """Read which currencies the dossier knows, before one of them is used."""
        foreign = rows.filtered(
            lambda row: row.move_id.currency_id != row.company_id.currency_id
        )
        for dossier in foreign.dossier_id.sudo() if self.octopus else ():
            read_currencies(dossier, self.octopus)

    def _documents(self, moves):
        """Return ``{move id: PreparedDocument}``, with a tuple of findings instead for
        a document of which the preparation fails: the others go on."""
        return prepared_each(moves, lambda some: some.octopus_prepare())

    def _offer(self, documents):
        """Have a row to choose on for an account or tax that came up since the mappings
        were proposed; return whether some may have been made."""
        lacking = {
            (document.settings, finding.model)
            for document in documents.values()
            if not isinstance(document, tuple)
            for finding in document.findings
            if finding.model in (ACCOUNT_MAPPING, TAX_MAPPING) and not finding.ids
        }
        new = lacking - self._offered
        self._offered |= new
        for settings, model in new:
            try:
                with self.env.cr.savepoint():
                    self.env[model].propose_for(settings)
            except UniqueViolation as error:
                _logger.info("Another worker proposes at this moment: %s", error)
        return bool(new)

    def foresee(self, rows):
        """Prepare documents, also what a new relation would lack (``Kind.foresee``)."""
        posted = rows.filtered(lambda row: row.move_id.state == "posted")
        documents = Rehearser().prepare(posted.move_id)
        if self._offer(documents):
            documents = Rehearser().prepare(posted.move_id)
        return [
            (row, *self._foreseen(row, documents[row.move_id.id])) for row in posted
        ]

    @staticmethod
    def _foreseen(row, document):
        booking, findings = verdict(document)
        stops = misplaced(row, document) + unasked_before_start(row)
        if booking and not stops:
            maybe = maybe_document(row, booking)
            stops = (maybe,) if maybe else ()
        return (None, stops + findings) if stops else (booking, findings)

    def _request(self, row, document, run):
        settings = document.settings
        same_number = settings.octopus_number_policy == "same"
        policy = settings.octopus_attachment_policy
        relation = document.relation
        ref = RelationRef(id=relation.octopus_id or None)
        known = relation[_SIDE[direction_of(document.kind)]]
        return DocumentRequest(
            booking_id=row.id,
            move_id=row.move_id.id,
            journal_id=document.journal.id,
            journal_year_id=document.journal_year.id,
            # The number is a promise that only the lock of the journal allows.
            booking=document.booking(0, ref),
            fingerprint=document.fingerprint,
            write_date=document.write_date,
            findings=tuple(found.as_json() for found in document.findings),
            relation_id=relation.id if known else None,
            run_id=row.run_or(run).id,
            same_number=row.move_id.sequence_number if same_number else None,
            currency_id=document.currency.id,
            attachment_state="none" if self._without_files(policy) else "later",
            make_files=policy == "make" and self._misses_files(row.move_id),
            duplicates=document.twins,
        )

    def _misses_files(self, move):
        """Whether a PDF or UBL of a sale is to be made, so that it can go along."""
        if Capability.ATTACHMENTS not in self.octopus.capabilities:
            return False
        if not move.is_sale_document(include_receipts=True):
            return False
        files = self.env["ir.attachment"].sudo().browse(self._file_ids.get(move.id))
        wanted = MADE if move.is_sale_document() else MADE[:1]
        return not {*wanted} <= {*files.mapped("res_field")}

    def _without_files(self, policy):
        """Whether no file will go along, now or later."""
        offered = {Capability.ATTACHMENTS, Capability.ATTACHMENTS_LATER}
        return policy == "none" or not offered & self.octopus.capabilities

    def add_files(self, request):
        """Return a request with its PDF and UBL, or the original of a bill
        (``Kind.add_files``)."""
        files = self._files(request)
        return replace(
            request,
            files=files.going,
            too_big=files.too_big,
            unstyled=files.unstyled,
        )

    def _files(self, request):
        """Return what goes along, and what does not."""
        if request.attachment_state == "none":
            return Files()
        if Capability.ATTACHMENTS not in self.octopus.capabilities:
            return Files()
        known_ids = self._file_ids.get(request.move_id, ())
        if not known_ids and not request.make_files:
            return Files()
        move = self.env["account.move"].browse(request.move_id)
        return files_of(move, known_ids, request.make_files, self._are_styled)

    def _are_styled(self):
        """Whether PDFs that this pass makes get their styles."""
        if self._styled is None:
            self._styled = styles.are_there(self.env)
        return self._styled

    # Of a row under the lock of its journal

    def look(self, row, request):
        """Look once more, in one query, that reads the journal along
        (``Kind.look``)."""
        year = self.env["octopus.journal.year"].browse(request.journal_year_id)
        repeated.execute(
            self.env.cr,
            SQL(
                """
                SELECT move.state, move.write_date,
                       (SELECT id FROM octopus_booking
                         WHERE journal_year_id = %s AND id <> %s AND state IN %s),
                       %s,
                       EXISTS (SELECT 1 FROM octopus_booking
                                WHERE id = ANY(%s) AND state IN %s),
                       booking.dossier_id = year.dossier_id,
                       booking.queued, booking.state, booking.retry_at,
                       %s
                  FROM account_move AS move
                  JOIN octopus_booking AS booking ON booking.id = %s
                  JOIN octopus_journal_year AS year ON year.id = %s
                 WHERE move.id = %s
                """,
                year.id,
                row.id,
                repeated.spelled_out(IN_FLIGHT),
                exists_like(row.id, request.booking),
                list(request.duplicates),
                repeated.spelled_out(THERE),
                year.number_columns("year"),
                row.id,
                year.id,
                request.move_id,
            ),
        )
        found = self.env.cr.fetchall()
        if not found:
            return False, row.browse(), False
        [[state, write_date, left_id, like, overtaken, here, *columns]] = found
        due, numbers = columns[:3], columns[3:]
        _queued, state_of_row, _retry_at = due
        year.read_along(numbers)
        unchanged = (
            state == "posted"
            and write_date == request.write_date
            and not overtaken
            and here
            and state_of_row in OPEN
            and is_due(*due, fields.Datetime.now())
        )
        return unchanged, row.browse(left_id or ()), like

    def with_relations(self, row, request, known=True):
        """Have the customer or supplier in Octopus first (``Kind.with_relations``)."""
        move = row.move_id.with_company(row.company_id)
        relations = RelationSender(move.env, row.dossier_id, self.octopus)
        partner = move.commercial_partner_id
        with self.steps.keeping():
            if not known:
                relations.find(partner)
            relation = relations.ensure(
                partner,
                client=move.is_sale_document(include_receipts=True),
                supplier=move.is_purchase_document(include_receipts=True),
                fiscal_position=move.fiscal_position_id,
            )
        ref = RelationRef(id=relation.octopus_id)
        booking = replace(request.booking, relation=ref)
        return replace(request, relation_id=relation.id, booking=booking, known=known)

    def link(self, row, request):
        """Take the booking that is this very document (``Kind.link``)."""
        entry = find_document(row, request.booking)
        if entry:
            link(row, entry, request.fingerprint)
            self.steps.commit()
        return bool(entry)

    def claim(self, request, booking):
        """Return what is noted of a document with the number (``Kind.claim``)."""
        return {
            "relation_id": request.relation_id,
            # Odoo keeps money as a float that is exact to the cent.
            "amount": float(booking.amount),
            "currency_id": request.currency_id,
            "attachment_state": request.files_state,
            "findings": self._told(request),
        }

    def _told(self, request):
        """Return the findings, as JSON, of a document that goes."""
        return [
            *request.findings,
            *self.rows.left_out(request.too_big),
            *self.rows.unstyled(request.unstyled),
        ]

    def announcing(self, booking):
        """Write the call down with the number (``Kind.announcing``)."""
        return self.octopus.announcing("insert_booking", self.env.cr, booking=booking)

    def insert(self, row, request, booking):
        """Book it, with its files if Octopus takes them (``Kind.insert``)."""
        try:
            self.octopus.insert_booking(booking, request.files)
            return ()
        except (OctopusRefused, OctopusInvalidRequest) as error:
            if not request.files or error.code in ABOUT_THE_BOOKING:
                raise
            _logger.info("Octopus may not take the files of a booking: %s", error)
        # Known before the next call leaves, of which no answer may come.
        row.attachment_state = "refused"
        self.steps.commit()
        self.octopus.insert_booking(booking)
        return request.files

    def insert_again(self, row):
        """Book once more what was sent, without files (``Kind.insert_again``)."""
        self.octopus.insert_booking(from_json(Booking, row.payload))

    def keep_doubt(self, row):
        """Which of the calls booked it, with or without files, will not be known
        (``Kind.keep_doubt``)."""
        row.attachment_state = self._files_follow(row)

    @staticmethod
    def _files_follow(row):
        """Return the state of the files of a document that was sent again without."""
        return "later" if row.attachment_state == "sent" else row.attachment_state

    def find(self, row):
        """Read what sits on the number of a document (``Kind.find``)."""
        sent = from_json(Booking, row.payload)
        found = self._read_back(row, sent)
        return (compare(sent, found) if found else Match.OTHER), found

    def _read_back(self, row, sent):
        """Return the booking on a number, ``None`` when there is none.

        The single read is limited to ten a day; then the feed of changes may tell,
        since what we sent can only be among the latest changes.

        :raises OctopusQuotaError: no read is left, and the feed, in which a missing
            row proves nothing, does not have it
        """
        try:
            return self.octopus.booking(sent.bookyear_id, sent.journal, sent.number)
        except OctopusMissing:
            return None
        except OctopusQuotaError:
            changed = self.octopus.bookings_modified(
                sent.bookyear_id, sent.journal, sent_since(row)
            )
            on_number = [item for item in changed if item.number == sent.number]
            if not on_number:
                raise
            return on_number[0]

    def dispute(self, row, journal_year, number, found):
        """Keep what has the number, and ask (``Kind.dispute``)."""
        entry = DocumentEntries(journal_year).keep([found])
        values = {"number": number, "journal": journal_year.journal_id.key}
        return Finding(codes.NUMBER_DISPUTED, values, entry._name, entry.ids)

    def withdraw(self, row):
        """Note that Octopus has what Odoo took back (``Kind.withdraw``)."""
        row.note_withdrawn()

    def set_booked(self, row, request=None, refused=(), again=False):
        """Note that Octopus has it, and what of its files (``Kind.set_booked``)."""
        if request:
            told = {"findings": self._told(request)}
            row.set_booked({"attachment_state": request.files_state, **told})
        else:
            files = self._files_follow(row) if again else row.attachment_state
            row.set_booked({"attachment_state": files})
        if refused:
            row.refuse_files([file.name for file in refused])

    def finding_of(self, row, error, values):
        """Return what an error means; lines without VAT code may be why
        (``Kind.finding_of``)."""
        wanted = speaks_of_vat_code(error) and self._vat_code_wanted(row)
        return wanted or super().finding_of(row, error, values)

    # What people decide, and what Octopus tells

    def link_chosen(self, rows):
        """Link documents that a person found in Octopus (``Kind.link_chosen``)."""
        return link_chosen(rows)

    def exclude(self, rows):
        """Keep documents out; bills that may be the same can go (``Kind.exclude``)."""
        kept = super().exclude(rows)
        let_duplicates_go(rows)
        return kept

    def set_gone(self, rows):
        """Note that documents are gone, and their matches (``Kind.set_gone``)."""
        gone = super().set_gone(rows)
        self.env["octopus.document.match"].note_gone(rows)
        return gone

    def _vat_code_wanted(self, row):
        """Return the ``Finding`` that lines without VAT code were refused, ``None``
        when that cannot be why."""
        lines = from_json(Booking, row.payload).lines if row.payload else ()
        bare = [line for line in lines if not line.vat_code]
        if not bare:
            return None
        direction = "sale" if row.kind.startswith("out_") else "purchase"
        mappings = self.env["octopus.tax.mapping"]
        settings = row.company_id.octopus_settings()
        mapping = mappings.lookup(settings).get((False, direction), mappings)
        # A base that is grouped has no label.
        told = [f"{line.account} {line.comment or ''}: {line.base}" for line in bare]
        facts = {"lines": [" ".join(it.split()) for it in told], "direction": direction}
        return Finding(codes.VAT_CODE_WANTED, facts, mappings._name, mapping.ids)


def speaks_of_vat_code(error: OctopusError) -> bool:
    """Whether a refusal is about a VAT code; by its text for another code.

    :param error: with Octopus's own return code and texts
    """
    if error.code == ReturnCode.UNKNOWN_VATCODE:
        return True
    words = f"{error.message} {error.technical}".casefold()
    about_vat = any(word in words for word in ("vat", "btw", "tva", "mwst"))
    return error.code == ReturnCode.UNKNOWN_JOURNAL and about_vat
