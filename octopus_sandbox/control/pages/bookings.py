"""Documents of a bookyear, journal by journal; entering one by hand."""

from ...state.journal import BOOKINGS, BUY, SELL
from ...state.keys import WHOLE_DOCUMENT, LineKey
from ..html import field, h, number, right, select, table
from .frame import badge, day, name_of


def show(frame, books):
    """The page."""
    year = frame.bookyear()
    journals = frame.dossier.journals_of(year.id)
    asked = frame.request.args.get("journal")
    chosen = [journal for journal in journals if asked in (None, journal.key)]
    return frame.page(
        "Bookings",
        h.h1("Bookings"),
        frame.year_links("bookings"),
        [_journal(frame, books, journal) for journal in chosen],
        _by_hand(frame, year, journals),
    )


def _journal(frame, books, journal):
    series = (journal.bookyear, journal.key)
    if journal.type in (BUY, SELL):
        store, headings, row = frame.dossier.bookings, _HEADINGS, _row
    else:
        store, headings, row = (
            frame.dossier.financial_bookings,
            _FINANCIAL,
            _financial_row,
        )
    documents = [document for key, document in store.items() if key.series == series]
    if not documents and "journal" not in frame.request.args:
        return None
    return h.div(
        h.h2(f"{journal.key} · {name_of(journal.names)}"),
        table(headings, [row(frame, books, d) for d in sorted(documents, key=_number)]),
        class_="card",
    )


_HEADINGS = (
    "Document",
    "Date",
    "Period",
    "Relation",
    "Comment",
    "Reference",
    "Files",
    right("Amount"),
    right("Open"),
)
_FINANCIAL = ("Document", "Date", "Period", "Lines", right("Total"))


def _number(document):
    return document.number


def _row(frame, books, booking):
    item = books.matching.item(LineKey(*booking.key, WHOLE_DOCUMENT))
    left = books.matching.open_document_amount(item) if item else 0
    return [
        frame.document_link(booking.key),
        day(booking.document_date),
        booking.period,
        frame.relation_name(booking.relation),
        booking.comment or "",
        booking.reference or "",
        len(booking.attachments) or "",
        number(f"{booking.amount:.2f} {booking.currency}"),
        number(f"{left:.2f}" if left else badge("matched", "good")),
    ]


def _financial_row(frame, _books, booking):
    return [
        frame.document_link(booking.key),
        day(booking.document_date),
        booking.period,
        len(booking.lines),
        number(f"{booking.total:.2f}"),
    ]


def _by_hand(frame, year, journals):
    """The accountant books in the same journals as a connector does."""
    keys = [
        (journal.key, f"{journal.key} {name_of(journal.names)}")
        for journal in journals
        if journal.type in (BUY, SELL) and journal.insertion_type == BOOKINGS
    ]
    relations = [(r.id, r.name) for r in frame.dossier.relations.values()]
    codes = sorted({code for code, _type in frame.dossier.vat_codes})
    return h.div(
        h.h2("Enter a document by hand"),
        frame.act(
            "book",
            field("Journal", select("journal", keys)),
            field("Date", h.input(type="date", name="date", value=_date(frame, year))),
            field("Relation", select("relation", relations)),
            field("Account", h.input(name="account", value=700000, class_="short")),
            field("Base", h.input(name="base", value="100.00", class_="amount")),
            field(
                "VAT code", select("vat_code", [(code, code) for code in codes], "21")
            ),
            field("VAT", h.input(name="vat", value="21.00", class_="amount")),
            field("Comment", h.input(name="comment")),
            field(
                "Kind", select("credit_note", (("no", "invoice"), ("yes", "credit")))
            ),
            h.button("Book", class_="main"),
            layout="fields",
        ),
        class_="card",
    )


def _date(frame, year):
    return min(max(frame.world.clock.today(), year.start), year.end).isoformat()
