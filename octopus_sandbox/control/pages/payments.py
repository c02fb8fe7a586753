"""Open items: receive or pay, and match what is not matched yet."""

from ...state.financial_booking import ACCOUNT, CLIENT, SUPPLIER
from ...state.journal import BUY, FINANCIAL, SELL
from ..html import field, h, number, right, select, table
from .document import key_text, matches_table
from .frame import day

_SIDES = (
    (CLIENT, "Customers", "Receive the payment"),
    (SUPPLIER, "Suppliers", "Pay"),
)


def show(frame, books):
    """The page."""
    items = [item for item in books.matching.open_items() if item.party.type != ACCOUNT]
    return frame.page(
        "Open items",
        h.h1("Open items and payments"),
        h.p(
            "Choose documents, change the amounts for a part, and book it on the bank: "
            "one line per relation, matched at once.",
            class_="lead",
        ),
        [_side(frame, books, items, *side) for side in _SIDES],
        _match(frame, books, items),
        _matched(frame),
    )


def _side(frame, books, items, type_, title, verb):
    rows = [
        _row(frame, books, item)
        for item in items
        if item.party.type == type_ and item.key.journal.startswith((SELL, BUY))
    ]
    today = frame.world.clock.today()
    banks = sorted(
        {
            (journal.key, f"{journal.key} {journal.iban}")
            for journal in frame.dossier.journals.values()
            if journal.type == FINANCIAL
        }
    )
    headings = (
        "",
        "Document",
        "Date",
        "Relation",
        "Comment",
        right("Open"),
        right("Amount"),
    )
    return h.div(
        h.h2(title),
        frame.form(
            f"/pay/{frame.dossier.id}",
            [
                table(headings, rows, "Nothing is open."),
                h.br(),
                _payment_fields(verb, banks, today) if rows else None,
            ],
            type=type_,
        ),
        class_="card",
    )


def _payment_fields(verb, banks, today):
    return h.div(
        field("Bank", select("journal", banks)),
        field("Date", h.input(type="date", name="date", value=today)),
        field("Reference", h.input(name="reference")),
        field(
            "Paid too much",
            h.input(name="surplus", class_="amount", placeholder="0.00"),
        ),
        h.button(verb, class_="main"),
        class_="actions",
    )


def _row(frame, books, item):
    key = key_text(item.key)
    left = books.matching.open_amount(item)
    label = f"{left:.2f}" if _is_invoice(item) else f"−{left:.2f}"
    return [
        h.input(type="checkbox", name="pick", value=key, aria_label=f"Pay {key}"),
        frame.document_link(item.key.document),
        day(item.document_date),
        frame.relation_name(item.party.id),
        item.comment or "",
        number(label),
        h.td(
            h.input(name=f"amount {key}", value=f"{left:.2f}", class_="amount"),
            class_="number",
        ),
    ]


def _is_invoice(item):
    return item.is_debit == item.key.journal.startswith(SELL)


def _match(frame, books, items):
    sides = {True: [], False: []}
    for item in items:
        text = (
            f"{item.key} · {frame.relation_name(item.party.id)} · "
            f"{books.matching.open_amount(item):.2f}"
        )
        sides[item.is_debit].append((key_text(item.key), text))
    if not all(sides.values()):
        return None
    return h.div(
        h.h2("Match two items"),
        frame.act(
            "match",
            field("Debit", select("debit", sides[True])),
            field("Credit", select("credit", sides[False])),
            field("Amount", h.input(name="amount", class_="amount")),
            h.button("Match"),
            layout="fields",
        ),
        class_="card",
    )


def _matched(frame):
    balancings = reversed(frame.dossier.balancings.values())
    return h.div(h.h2("Matched"), matches_table(frame, balancings), class_="card")
