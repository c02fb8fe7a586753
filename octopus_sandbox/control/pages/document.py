"""One document: its lines, files and matches; editing by hand."""

from ...state.keys import WHOLE_DOCUMENT, LineKey
from ..html import field, h, number, right, table
from .frame import badge, day


def show(frame, books, document):
    """The page."""
    is_booking = document.key in frame.dossier.bookings
    return frame.page(
        str(document.key),
        h.h1(f"{document.journal}/{document.number}"),
        _summary(frame, document) if is_booking else _date(document),
        h.div(_lines(document), class_="card") if is_booking else None,
        h.div(_ledger(frame, books, document), class_="card"),
        h.div(
            _files(frame, document), _matches(frame, books, document), class_="columns"
        ),
        h.br(),
        h.div(_by_hand(frame, document, is_booking), class_="card"),
    )


def _date(document):
    return h.p(f"{day(document.document_date)} · {document.period}", class_="lead")


def _summary(frame, booking):
    kind = "credit note" if booking.is_credit_note else "invoice"
    words = (
        frame.relation_name(booking.relation),
        f"{day(booking.document_date)}, due {day(booking.expiry_date)}",
        f"period {booking.period}",
        booking.comment,
        booking.reference,
        booking.order_reference,
    )
    text = " · ".join(filter(None, words))
    amount = badge(f"{booking.amount:.2f} {booking.currency}")
    return h.p(badge(kind), " ", amount, " ", text, class_="lead")


def _lines(booking):
    return [
        h.h2("Lines as sent"),
        table(
            (
                "Account",
                "VAT code",
                "Comment",
                "Recuperation",
                right("Base"),
                right("VAT"),
            ),
            [
                [
                    line.account,
                    line.vat_code or "",
                    line.comment or "",
                    "" if line.vat_recup is None else f"{line.vat_recup} %",
                    number(f"{line.base:.2f}"),
                    number(f"{line.vat:.2f}"),
                ]
                for line in booking.lines
            ],
        ),
    ]


def _ledger(frame, books, document):
    rows = []
    for line in books.reports.ledger_lines(document):
        amount = line.booking_amount
        rows.append(
            [
                line.account,
                _account_name(frame, line),
                frame.relation_name(line.relation) if line.relation else "",
                line.reference or "",
                number(f"{amount:.2f}" if amount > 0 else ""),
                number(f"{-amount:.2f}" if amount < 0 else ""),
            ]
        )
    headings = ("Account", "", "Relation", "Reference", right("Debit"), right("Credit"))
    return [h.h2("In the ledger"), table(headings, rows)]


def _account_name(frame, line):
    account = frame.dossier.accounts.get((line.key.bookyear, line.account))
    return account.names.get("EN") or account.names.get("NL") if account else ""


def _files(frame, document):
    key = document.key
    base = frame.link(f"files/{key.bookyear}/{key.journal}/{key.number}")
    rows = [
        [h.a(file.name, href=f"{base}/{index}"), number(f"{len(file.content)} bytes")]
        for index, file in enumerate(document.attachments)
    ]
    return h.div(
        h.h2("Files"), table(("Name", right("Size")), rows, "No files."), class_="card"
    )


def _matches(frame, books, document):
    balancings = [
        balancing
        for balancing in frame.dossier.balancings.values()
        if document.key in (line.document for line in balancing.key)
    ]
    return h.div(h.h2("Matched with"), matches_table(frame, balancings), class_="card")


def matches_table(frame, balancings):
    """Matches, each with a button that undoes it."""
    rows = [
        [
            frame.document_link(balancing.debit.document),
            frame.document_link(balancing.credit.document),
            number(f"{balancing.amount:.2f}"),
            frame.act_button(
                "Undo",
                "unmatch",
                danger=True,
                debit=key_text(balancing.debit),
                credit=key_text(balancing.credit),
            ),
        ]
        for balancing in balancings
    ]
    heads = ("Debit", "Credit", right("Amount"), "")
    return table(heads, rows, "Nothing is matched.")


def key_text(line):
    """A line's key as the acts read it: ``2/F1/3/1``."""
    tail = "" if line.line == WHOLE_DOCUMENT else f"/{line.line}"
    return f"{line.bookyear}/{line.journal}/{line.number}{tail}"


def _by_hand(frame, document, is_booking):
    key = key_text(LineKey(*document.key, WHOLE_DOCUMENT))
    parts = [h.h2("By hand")]
    if is_booking:
        parts += [_edit(frame, document, key), h.br(), _write_off(frame, key), h.br()]
    parts.append(
        frame.act(
            "renumber",
            field("New number", h.input(name="number", class_="short")),
            h.button("Renumber"),
            layout="fields",
            key=key,
        )
    )
    return parts


def _edit(frame, booking, key):
    return frame.act(
        "edit",
        field("Comment", h.input(name="comment", value=booking.comment or "")),
        field("Reference", h.input(name="reference", value=booking.reference or "")),
        field(
            "Date",
            h.input(type="date", name="document_date", value=booking.document_date),
        ),
        field("Amount", h.input(name="amount", value=booking.amount, class_="amount")),
        h.button("Change"),
        layout="fields",
        key=key,
    )


def _write_off(frame, key):
    today = frame.world.clock.today()
    return frame.act(
        "write_off",
        field("Account", h.input(name="account", value=643000, class_="short")),
        field("Date", h.input(type="date", name="date", value=today)),
        h.button("Write off what is open (D1)"),
        layout="fields",
        key=key,
    )
