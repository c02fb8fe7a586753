"""What goes into a sender, and what comes out of it: plain values only, because
committing empties the cache of records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..api.types import Attachment, Booking, FinancialBooking
from ..core.findings import Finding


@dataclass(frozen=True)
class SendRequest:
    """What is known about a row before its journal is locked.

    :param booking_id: id of the row
    :param move_id: the document or payment entry of Odoo
    :param booking: what is sent; number and relations are filled in by the sender
    :param fingerprint: the mark of what was prepared
    :param write_date: of the entry in Odoo when it was prepared
    :param findings: what people are told though it goes, as JSON
    :param relation_id: no call is needed to have its relations; ``None``: they are
        looked up or made first
    :param known: the relation was not looked up in Octopus for this row
    :param run_id: ``octopus.run`` the row is counted with
    """

    booking_id: int
    move_id: int
    journal_id: int
    journal_year_id: int
    booking: Booking | FinancialBooking
    fingerprint: str
    write_date: datetime
    findings: tuple[dict, ...] = ()
    relation_id: int | None = None
    known: bool = True
    run_id: int | None = None
    # Files that are missing are made first, which takes its time.
    make_files: bool = False
    # What Odoo's own number is, where Octopus must use it.
    same_number: int | None = None


@dataclass(frozen=True)
class DocumentRequest(SendRequest):
    """A document before its journal is locked.

    :param currency_id: of the document
    :param files: what goes along with the booking
    :param too_big: names of files that do not go along
    :param unstyled: the PDF is made later, when it gets its styles
    :param attachment_state: what to note when there are no files
    :param duplicates: ids of rows that may be the same bill, and were not sent yet
    """

    currency_id: int | None = None
    files: tuple[Attachment, ...] = ()
    too_big: tuple[str, ...] = ()
    unstyled: bool = False
    attachment_state: str = "none"
    duplicates: tuple[int, ...] = ()

    @property
    def files_state(self) -> str:
        """What to note of the files when all of them were taken."""
        if self.unstyled:
            return "later"
        if self.too_big:
            return "refused"
        return "sent" if self.files else self.attachment_state


@dataclass(frozen=True)
class PaymentRequest(SendRequest):
    """A payment before its journal is locked.

    :param partners: ``(contact id, type)`` for each line, ``None`` where the relation
        is known
    :param slots: the lines that documents can be matched with, as JSON values
    """

    partners: tuple[tuple[int, str] | None, ...] = ()
    slots: tuple[dict, ...] = ()
    # A relation of a document that is gone is for a person to mend.
    known: bool = False


class Scope(Enum):
    """How far what one row met concerns others."""

    ROW = "row"
    JOURNAL = "journal"
    # No match can be made or taken back now; bookings can.
    MATCHES = "matches"
    DOSSIER = "dossier"


@dataclass(frozen=True)
class Stop:
    """Others behind this row would meet the same: they need not try now.

    :param finding: what they wait for; ``None`` leaves them as they are
    """

    scope: Scope
    finding: Finding | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True)
class SendResult:
    """What became of a row, and what it means for others.

    :param state: of the row; ``deleted`` when it is gone from Odoo, ``elsewhere`` when
        another worker has its journal
    :param news: Octopus told of a closed journal, period or bookyear that the mirror
        did not know: what goes there must be prepared anew
    :param conflict: somebody wrote the same, or changed the document, at this very
        moment, and is done by now: it can be looked at anew
    """

    state: str
    stop: Stop | None = None
    news: bool = False
    conflict: bool = False
