"""Puts documents into the journals."""

from collections.abc import Callable
from typing import NamedTuple

from .checks import Checks
from .codes import Code
from .errors import AttachmentRefused, NothingFound, Refusal
from .journal import (
    BOOKINGS,
    BUY,
    DIVERS,
    FINANCIAL,
    INVOICES_VAT_EXCLUSIVE,
    INVOICES_VAT_INCLUSIVE,
    SELL,
)
from .money import to_cents

_INVOICE_MODES = (INVOICES_VAT_EXCLUSIVE, INVOICES_VAT_INCLUSIVE)


def _buy_sell_wording(last, new):
    return f"Illegal document seq Nr.  Last Document = {last}.  New Document = {new}. "


def _financial_wording(last, _new):
    return f"Illegal document sequence nr.  Last Document : {last}"


class _Kind(NamedTuple):
    """What differs between bookings of the two kinds of journals.

    ``journals``: types of the journals, and insertion types of those for sales;
    ``wording(last, new)``: the text about a wrong number; ``complete(booking)`` fills
    in what Octopus fills in; ``check(checks, booking, journal, also_protected)``.
    """

    journals: tuple
    wording: Callable
    complete: Callable
    check: Callable


class Bookkeeping:
    """Inserts and changes documents of one dossier.

    Every act raises :class:`Refusal` before anything is written.
    """

    def __init__(self, dossier, clock, switches):
        self.dossier = dossier
        self.clock = clock
        self.switches = switches

    @property
    def _purchases_and_sales(self):
        return _Kind(
            journals=((BUY, SELL), (BOOKINGS,)),
            wording=_buy_sell_wording,
            complete=self._complete,
            check=self._check_booking,
        )

    @property
    def _financial_and_divers(self):
        return _Kind(
            journals=((FINANCIAL, DIVERS), ()),
            wording=_financial_wording,
            complete=self._complete_financial,
            check=self._check_financial,
        )

    # -- purchase and sales --------------------------------------------------

    def insert_booking(self, booking):
        """Book a purchase or sale (docs/octopus.md §14)."""
        self._insert(booking, self._purchases_and_sales)

    def update_booking(self, booking):
        """Replace a booking of the same key; its attachments stay."""
        self._update(booking, self._purchases_and_sales)

    def booking(self, key):
        """The booking of that key; :class:`NothingFound` when there is none."""
        return self._get(self.dossier.bookings, key)

    def _check_booking(self, checks, booking, journal, also_protected=False):
        groups = [
            lambda: checks.period(booking, journal, also_protected),
            lambda: self._check_header(checks, booking),
            lambda: self._check_lines(checks, booking),
        ]
        if self.switches["check_order"] == "lines_first":
            groups.reverse()
        for check in groups:
            check()
        checks.lines_meet_header(booking)

    def _check_header(self, checks, booking):
        checks.relation(booking.relation, booking.is_sale)
        if not booking.document_date:
            raise checks.refuse(Code.NO_DOCUMENT_DATE, "Document date missing")
        if not booking.expiry_date:
            raise checks.refuse(Code.NO_EXPIRY_DATE, "Expiry date missing")
        checks.currency(booking.currency)
        checks.rate(booking.rate)
        checks.cents(booking.amount)
        checks.text("comment", booking.comment)
        checks.text("reference", booking.reference)

    def _check_lines(self, checks, booking):
        for line in booking.lines:
            checks.line(booking, line)

    def _complete(self, booking):
        """Fill in what Octopus fills in by itself."""
        if self.switches["decimals"] == "round":
            booking.amount = to_cents(booking.amount)
        limit = self.switches["text_limit"]
        if limit and self.switches["long_text"] == "cut":
            booking.comment = booking.comment and booking.comment[:limit]
            booking.reference = booking.reference and booking.reference[:limit]
        for line in booking.lines:
            self._complete_line(booking, line)

    def _complete_line(self, booking, line):
        if self.switches["decimals"] == "round":
            line.base, line.vat = to_cents(line.base), to_cents(line.vat)
        if not line.account and self.switches["line_without_account"] == "default":
            line.account = self._default_account(booking, line)
        account = self.dossier.accounts.get((booking.bookyear, line.account))
        if booking.is_sale:
            line.vat_recup = None
        elif line.vat_recup is None and account:
            line.vat_recup = account.vat_recup

    def _default_account(self, booking, line):
        """The account of the VAT code, else of the relation; 0 when neither has one."""
        relation = self.dossier.relations.get(booking.relation)
        if not booking.is_sale:
            return relation.default_booking_account_supplier if relation else 0
        for code in self.dossier.vat_codes.values():
            if code.code == line.vat_code and code.is_sale and code.default_account:
                return code.default_account
        return relation.default_booking_account_client if relation else 0

    # -- financial and divers ------------------------------------------------

    def insert_financial(self, booking):
        """Book in an F or D journal (docs/octopus.md §18)."""
        self._insert(booking, self._financial_and_divers)

    def update_financial(self, booking):
        """Replace a financial booking of the same key; its attachments stay."""
        try:
            self._update(booking, self._financial_and_divers)
        except Refusal as refusal:
            if refusal.code != Code.UNKNOWN_PERIOD:
                raise
            # Octopus misleads here: "period not accessible" (docs/octopus.md §6).
            raise Refusal(Code.PERIOD_PROTECTED, refusal.technical) from refusal

    def financial_booking(self, key):
        """The booking of that key; :class:`NothingFound` when there is none."""
        return self._get(self.dossier.financial_bookings, key)

    def _check_financial(self, checks, booking, journal, also_protected=False):
        checks.period(booking, journal, also_protected)
        if not booking.document_date:
            raise checks.refuse(Code.NO_DOCUMENT_DATE, "Document date missing")
        checks.rate(booking.rate)
        for line in booking.lines:
            checks.financial_line(booking, line)
        checks.divers_is_zero(booking)

    def _complete_financial(self, booking):
        if self.switches["decimals"] == "round":
            for line in booking.lines:
                line.amount = to_cents(line.amount)

    # -- invoices ------------------------------------------------------------

    def insert_invoice(self, invoice):
        """Keep an invoice of the invoicing module; it is not booked yet."""
        checks = self._checks("Unable to insert invoice")
        journal = checks.journal(invoice, (SELL,), _INVOICE_MODES)
        self._lock_and_number(checks, invoice, journal, _buy_sell_wording)
        checks.period(invoice, journal)
        checks.relation(invoice.relation, client=True)
        checks.currency(invoice.currency)
        checks.rate(invoice.rate)
        self._write(invoice)

    def invoice(self, key):
        """The invoice of that key; :class:`NothingFound` when there is none."""
        return self._get(self.dossier.invoices, key)

    # -- attachments ---------------------------------------------------------

    def check_attachments(self, attachments):
        """Raise :class:`AttachmentRefused` for a file too big or of a wrong type."""
        for attachment in attachments:
            if len(attachment.content) > self.switches["attachment_limit"]:
                raise AttachmentRefused(f"File {attachment.name} too big")
            only = self.switches["attachment_types"] == "pdf_xml"
            if only and not attachment.name.lower().endswith((".pdf", ".xml")):
                raise AttachmentRefused(f"File type of {attachment.name} refused")

    def attach(self, key, attachment):
        """Add a file to a booking."""
        checks = self._checks("Unable to add attachement")
        document = self.dossier.document(key)
        if not document:
            raise checks.refuse(Code.BOOKING_NOT_FOUND, f"Booking {key} unknown")
        self.check_attachments([attachment])
        document.attachments.append(attachment)

    # -- parts ---------------------------------------------------------------

    def _insert(self, booking, kind):
        checks = self._checks("Unable to insert booking")
        journal = checks.journal(booking, *kind.journals)
        self._lock_and_number(checks, booking, journal, kind.wording)
        kind.complete(booking)
        kind.check(checks, booking, journal)
        self.check_attachments(booking.attachments)
        self._write(booking)

    def _update(self, booking, kind):
        checks = self._checks("Unable to update booking")
        journal = checks.journal(booking, *kind.journals)
        checks.lock(journal)
        kind.complete(booking)
        store, _feed = self.dossier.store_of(booking)
        self._check_replacement(checks, store, booking)
        kind.check(checks, booking, journal, self._also_protected)
        self._write(booking)

    @property
    def _also_protected(self):
        return self.switches["update_protected"] == "allow"

    def _checks(self, act):
        return Checks(self.dossier, self.switches, act)

    def _lock_and_number(self, checks, document, journal, wording):
        lock_first = self.switches["lock_check"] == "before_number"
        if lock_first:
            checks.lock(journal)
        checks.number(document, journal, wording)
        if not lock_first:
            checks.lock(journal)

    def _check_replacement(self, checks, store, document):
        """The document replaces one that exists, which may have to stay as it is.

        A matched booking may be sent again unchanged (recorded); any other change of
        it is the switch ``update_balanced``.
        """
        before = store.get(document.key)
        if not before:
            raise checks.refuse(
                Code.BOOKING_NOT_FOUND, f"Booking {document.key} unknown"
            )
        document.attachments = before.attachments
        allowed = self.switches["update_balanced"] == "allow" or document == before
        if not allowed and self._is_balanced(document.key):
            raise checks.refuse(Code.BOOKING_NOT_UPDATED, "Booking is balanced")

    def _is_balanced(self, key):
        pairs = self.dossier.balancings
        return any(line.document == key for pair in pairs for line in pair)

    def _get(self, store, key):
        if key not in store:
            raise NothingFound(f"Booking {key} not found in dossier {self.dossier.id}")
        return store[key]

    def _write(self, document):
        self.dossier.add(document)
        self.touch(document)

    def touch(self, document):
        """Show a document, and its journal's next number, in the feeds."""
        stamp = self.clock.stamp()
        _store, feed = self.dossier.store_of(document)
        feed.record(document.key, stamp)
        if feed is not self.dossier.feeds.invoices:
            self.dossier.feeds.documents.record(document.key, stamp)
        self.touch_journal(document.key.series, stamp)

    def touch_journal(self, series, stamp):
        """Show that a journal's last number moved (switch ``journal_feed``)."""
        if self.switches["journal_feed"] == "on":
            self.dossier.feeds.journals.record(series, stamp)
