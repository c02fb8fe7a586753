"""The client: what a connector can ask of Octopus, the same over every transport.

``OctopusClient(transport)`` is a login, ``client.dossier(id)`` one company's books.
Both check what they are given before anything is sent, and name each operation once;
the transport (``rest``) spells it and judges the answer.

Every method raises :class:`~.errors.OctopusError`; only what is special is repeated at
the method. A client is used by one thread at a time; tokens are shared between clients
through :class:`~.auth.TokenCache`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from decimal import Decimal

from .enums import Locale
from .errors import OctopusInvalidRequest
from .listed import ModifiedResult, Records
from .making import MakesBooks
from .strict import check_arguments
from .transport import Caller, DossierScope
from .types import (
    Account,
    Attachment,
    Balancing,
    BalancingKey,
    Booking,
    BookingRow,
    Bookyear,
    CostCentre,
    DocumentKey,
    Dossier,
    FinancialBooking,
    Journal,
    JournalDetail,
    JournalKey,
    OpenItem,
    Relation,
    UserInfo,
    VatCode,
)

# The first call of a feed asks for everything since this moment (docs/octopus.md §3).
FIRST_SYNC = datetime(1980, 1, 1, tzinfo=timezone.utc)
ALL_BOOKYEARS = -1
ALL_JOURNAL_TYPES = -1


class OctopusClient(Caller):
    """A login at Octopus. Use as a context manager, or call :meth:`close`."""

    def __enter__(self) -> OctopusClient:
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def version(self) -> str:
        """Return the version of the service; needs no login (a reachability test)."""
        return self._call("version")

    def whoami(self) -> UserInfo:
        """Return who is logged in; the contract is vague about what is told."""
        return self._call("whoami")

    def dossiers(self, *, partial: bool = False) -> list[Dossier]:
        """Return the dossiers that the user may open (150 calls a day).

        :param partial: leave out what cannot be read, and say so in ``left_out``
        :raises OctopusProtocolError: something cannot be read, without ``partial``
        """
        return self._call("dossiers", partial=partial)

    def error_description(self, code: int, locale: int = Locale.DEFAULT) -> str:
        """Return Octopus's text for a return code, in the language of ``locale``."""
        return self._call("error_description", code=code, locale=locale)

    def dossier(self, dossier_id: int, locale: int = Locale.DEFAULT) -> DossierClient:
        """Return the client of one dossier; nothing is called yet.

        ``locale``: language of Octopus's error messages, see :class:`~.types.Locale`.
        """
        check_arguments("dossier", {"dossier_id": dossier_id, "locale": locale})
        return DossierClient(self._transport, DossierScope(dossier_id, locale))


class DossierClient(MakesBooks):
    """The books of one company (docs/octopus.md §4).

    A list or a feed with a record that cannot be read raises ``OctopusProtocolError``,
    unless it is asked for with ``partial``: the caller then looks at ``left_out`` of
    what it gets before it concludes anything from what is not there.

    Feeds (``…_modified``) take an aware ``since`` and send it in UTC; whether Octopus
    reads it so is unknown (docs/octopus.md §19.3), so callers re-read an overlap. Lists
    and feeds are empty where Octopus answers *not found*. Those of bookings and of
    matches may be long (:class:`~.listed.Records`): keep no more of them than needed.
    """

    @property
    def dossier_id(self) -> int:
        return self._scope.id

    # What the dossier looks like

    def bookyears(self, *, partial: bool = False) -> list[Bookyear]:
        """Return the bookyears with their periods (24 calls a day).

        :param partial: take a list of which something cannot be read, see the class
        """
        return self._call("bookyears", partial=partial)

    def journals(self, bookyear_id: int, *, partial: bool = False) -> list[Journal]:
        """Return the journals of a bookyear, with their last booked number (24 calls a
        day).

        :param bookyear_id: ``Bookyear.id``
        :param partial: take a list of which something cannot be read, see the class
        """
        return self._call("journals", partial=partial, bookyear_id=bookyear_id)

    def journals_modified(
        self, since: datetime
    ) -> ModifiedResult[JournalDetail, JournalKey]:
        """Return journals changed since then, each with its next number.

        :param since: aware, see the class
        :raises OctopusUnsupported: the transport has no such feed (SOAP)
        """
        return self._call("journals_modified", since=since)

    def journal_detail(self, bookyear_id: int, journal: str) -> JournalDetail:
        """Return one journal with next number, state and bank account.

        :raises OctopusMissing: there is no such journal
        """
        return self._call("journal_detail", bookyear_id=bookyear_id, journal=journal)

    def accounts(self, bookyear_id: int, *, partial: bool = False) -> list[Account]:
        """Return the ledger accounts of a bookyear (2 calls a day).

        :param bookyear_id: ``Bookyear.id``
        :param partial: take a list of which something cannot be read, see the class
        """
        return self._call("accounts", partial=partial, bookyear_id=bookyear_id)

    def accounts_modified(
        self, since: datetime, *, partial: bool = False
    ) -> ModifiedResult[Account, Account]:
        """Return ledger accounts changed since then, of all bookyears.

        :param since: aware, see the class
        :param partial: take a feed of which something cannot be read, see the class
        :raises OctopusUnsupported: the transport has no such feed (SOAP)
        """
        return self._call("accounts_modified", partial=partial, since=since)

    def vat_codes(self, *, partial: bool = False) -> list[VatCode]:
        """Return the VAT codes (2 calls a day).

        :param partial: take a list of which something cannot be read, see the class
        :return: a code that is of several types once for each (docs/octopus.md §15)
        """
        return self._call("vat_codes", partial=partial)

    def cost_centres(self, *, partial: bool = False) -> list[CostCentre]:
        """Return all cost centres (2 calls a day); ``partial``: see the class."""
        return self._call("cost_centres", partial=partial)

    def currencies(self) -> list[str]:
        """Return the currency codes the dossier knows (2 calls a day)."""
        return self._call("currencies")

    # Relations

    def relations(self, *, partial: bool = False) -> list[Relation]:
        """Return all active relations (2 calls a day).

        :param partial: take a list of which something cannot be read, see the class
        :raises OctopusError: one of ``errors.NO_FEED`` where the dossier refuses the
            whole list (docs/octopus.md §10)
        """
        return self._call("relations", partial=partial)

    def find_relations(
        self,
        id: int | None = None,
        external_id: int | None = None,
        name: str | None = None,
        vat_number: str | None = None,
    ) -> list[Relation]:
        """Return relations that meet *any* of the conditions, also inactive ones.

        ``name`` matches the whole name only, in any case (docs/octopus.md §10).
        """
        conditions = {
            "relation_id": id,
            "external_id": external_id,
            "name": name,
            "vat_number": vat_number,
        }
        given = {key: value for key, value in conditions.items() if value is not None}
        # An empty condition may be read as none, and list every relation.
        if not given or not all(given.values()):
            raise OctopusInvalidRequest(
                "A search for relations needs a condition that is not empty.",
                operation="find_relations",
            )
        return self._call("find_relations", **given)

    def relations_modified(
        self, since: datetime, *, partial: bool = False
    ) -> ModifiedResult[Relation, Relation]:
        """Return relations changed or deleted since then.

        :param since: aware, see the class
        :param partial: take a feed of which something cannot be read, see the class
        """
        return self._call("relations_modified", partial=partial, since=since)

    def upsert_relation(self, relation: Relation) -> Relation | None:
        """Create a relation, or merge into the one with its id or external id.

        :param relation: fields that are ``None`` are left out; what becomes of those in
            a relation that exists is not known (docs/octopus.md §4)
        :return: the created relation; ``None`` when one was updated or when the
            transport does not tell (SOAP)
        :raises OctopusInvalidRequest: over SOAP, an update lacks fields: it replaces
            the whole relation
        :raises OctopusUnknownOutcome: it may have been saved
        """
        return self._call("upsert_relation", relation=relation)

    # Purchase and sales documents

    def booking(self, bookyear_id: int, journal: str, number: int) -> Booking:
        """Return one purchase or sales document (10 calls a day).

        :raises OctopusMissing: nothing sits on that number
        """
        return self._call(
            "booking", bookyear_id=bookyear_id, journal=journal, number=number
        )

    def insert_booking(
        self, booking: Booking, attachments: Iterable[Attachment] = ()
    ) -> None:
        """Book a document under the number it carries (docs/octopus.md §13).

        :raises OctopusRefused: with ``code`` -13 when it is not the journal's next
        :raises OctopusJournalLocked: the journal is open elsewhere, or closed
        :raises OctopusUnknownOutcome: it may have been booked
        """
        self._call("insert_booking", booking=booking, attachments=tuple(attachments))

    def update_booking(self, booking: Booking) -> None:
        """Replace a document that exists (10 calls a day); errors as for insert.

        :param booking: all of it, under the key of the one that it replaces
        :raises OctopusMissing: nothing sits on that number
        """
        self._call("update_booking", booking=booking)

    def bookings_modified(
        self,
        bookyear_id: int,
        journal: str | None,
        since: datetime,
        *,
        partial: bool = False,
    ) -> Records[Booking]:
        """Return documents changed since then; the feed knows no deletions.

        First per bookyear and journal since ``FIRST_SYNC``, later ``ALL_BOOKYEARS``
        and no journal (docs/octopus.md §3).

        :param bookyear_id: ``Bookyear.id``, or ``ALL_BOOKYEARS``
        :param journal: key of a journal such as ``V1``, ``None`` for all
        :param since: aware, see the class
        :param partial: take a feed of which something cannot be read, see the class
        """
        return self._call(
            "bookings_modified",
            partial=partial,
            bookyear_id=bookyear_id,
            only_journal=journal,
            since=since,
        )

    def documents_modified(
        self,
        bookyear_id: int,
        journal_type: int,
        since: datetime,
        until: datetime | None = None,
        *,
        partial: bool = False,
    ) -> ModifiedResult[BookingRow, DocumentKey]:
        """Return ledger lines changed since then, and deleted documents.

        ``journal_type``: :class:`~.types.JournalType`, later ``ALL_JOURNAL_TYPES``.
        """
        return self._call(
            "documents_modified",
            partial=partial,
            bookyear_id=bookyear_id,
            journal_type=journal_type,
            since=since,
            until=until,
        )

    def add_attachment(
        self, bookyear_id: int, journal: str, number: int, attachment: Attachment
    ) -> None:
        """Add a file to a document that exists (docs/octopus.md §16).

        :param bookyear_id: ``Bookyear.id`` of the document
        :param journal: key of its journal, such as ``V1``
        :param number: its number in that journal and bookyear
        :raises OctopusMissing: nothing sits on that number
        :raises OctopusUnsupported: the transport cannot do that (SOAP)
        :raises OctopusUnknownOutcome: it may have been added
        """
        self._call(
            "add_attachment",
            bookyear_id=bookyear_id,
            journal=journal,
            number=number,
            attachment=attachment,
        )

    # Financial and divers documents

    def financial_booking(
        self, bookyear_id: int, journal: str, number: int
    ) -> FinancialBooking:
        """Return one financial or divers document (10 calls a day).

        :raises OctopusMissing: nothing sits on that number
        """
        return self._call(
            "financial_booking", bookyear_id=bookyear_id, journal=journal, number=number
        )

    def insert_financial_booking(
        self, booking: FinancialBooking, attachments: Iterable[Attachment] = ()
    ) -> None:
        """Book a financial or divers document; errors as for :meth:`insert_booking`.

        :param booking: its lines are the counterparts only, + is money in
            (docs/octopus.md §18); its number must be the journal's next
        :param attachments: files that go along
        :raises OctopusUnsupported: the transport takes no files (SOAP)
        :raises OctopusInvalidRequest: over SOAP, a relation has no external number
        """
        self._call(
            "insert_financial_booking",
            financial_booking=booking,
            attachments=tuple(attachments),
        )

    def update_financial_booking(self, booking: FinancialBooking) -> None:
        """Replace a financial or divers document that exists (10 calls a day); errors
        as for insert.

        :param booking: all of it, under the key of the one that it replaces
        :raises OctopusMissing: nothing sits on that number
        """
        self._call("update_financial_booking", financial_booking=booking)

    def financial_bookings_modified(
        self,
        bookyear_id: int,
        journal: str | None,
        since: datetime,
        *,
        partial: bool = False,
    ) -> Records[FinancialBooking]:
        """Return financial and divers documents changed since then; the feed knows no
        deletions.

        :param bookyear_id: ``Bookyear.id``, or ``ALL_BOOKYEARS``
        :param journal: key of a journal such as ``F1``, ``None`` for all
        :param since: aware, see the class
        :param partial: take a feed of which something cannot be read, see the class
        """
        return self._call(
            "financial_bookings_modified",
            partial=partial,
            bookyear_id=bookyear_id,
            only_journal=journal,
            since=since,
        )

    # Who paid what

    def balancings_modified(
        self, since: datetime, *, partial: bool = False
    ) -> ModifiedResult[Balancing, Balancing]:
        """Return matches made and undone since then (docs/octopus.md §17).

        :param since: aware, see the class
        :param partial: take a feed of which something cannot be read, see the class
        :return: values with booking amounts; one that was undone and made again may be
            in ``modified`` and in ``deleted``
        """
        return self._call("balancings_modified", partial=partial, since=since)

    def insert_balancing(
        self, debit: BalancingKey, credit: BalancingKey, amount: Decimal
    ) -> None:
        """Match two documents with each other (docs/octopus.md §18).

        :param debit: a document that money comes in for, or the line of a payment by
            which money goes out
        :param credit: the other side, the other way round
        :param amount: booking amount in EUR, positive; a part of what is open will do
        :raises OctopusRefused: Octopus does not match them
        :raises OctopusUnknownOutcome: they may have been matched
        """
        self._call("insert_balancing", debit=debit, credit=credit, amount=amount)

    def delete_balancing(self, debit: BalancingKey, credit: BalancingKey) -> None:
        """Undo one match, all of it. How Octopus answers when there is none is not
        known.

        :param debit: the debit side, as it was matched
        :param credit: the credit side, as it was matched
        :raises OctopusUnsupported: the transport cannot do that (SOAP)
        :raises OctopusUnknownOutcome: it may have been undone
        """
        self._call("delete_balancing", debit=debit, credit=credit)

    def delete_line_balancings(self, key: BalancingKey) -> None:
        """Undo every match of one booking line; errors as for :meth:`delete_balancing`.

        :param key: the line; -1 is the document as a whole
        """
        self._call("delete_line_balancings", key=key)

    def delete_document_balancings(
        self, bookyear_id: int, journal: str, number: int
    ) -> None:
        """Undo every match of one document; errors as for :meth:`delete_balancing`.

        :param bookyear_id: ``Bookyear.id`` of the document
        :param journal: key of its journal, such as ``V1``
        :param number: its number in that journal and bookyear
        """
        self._call(
            "delete_document_balancings",
            bookyear_id=bookyear_id,
            journal=journal,
            number=number,
        )

    def open_items(
        self,
        party: str,
        from_bookyear: int,
        from_period: int,
        to_bookyear: int,
        to_period: int,
        relation_id: int | None = None,
        *,
        partial: bool = False,
    ) -> list[OpenItem] | None:
        """Return the open documents of customers or suppliers (24 calls a day each).

        :param party: ``client`` or ``supplier``
        :param from_bookyear: ``Bookyear.id`` of the span's begin, as ``to_bookyear`` of
            its end
        :param from_period: ``Period.number`` of the span's begin, as ``to_period`` of
            its end
        :param relation_id: ``Relation.id``, ``None`` for all of them
        :param partial: take a list of which something cannot be read, see the class
        :return: ``None`` when Octopus says *no data*: that proves nothing, least of all
            that everything is paid
        :raises OctopusInvalidRequest: there is no such party
        """
        if party not in ("client", "supplier"):
            raise OctopusInvalidRequest(
                f"Open items are of a client or supplier, not {party!r}."
            )
        return self._call(
            f"open_items_{party}",
            partial=partial,
            from_bookyear=from_bookyear,
            from_period=from_period,
            to_bookyear=to_bookyear,
            to_period=to_period,
            only_relation=relation_id,
        )
