"""Journals of a bookyear: their state, and what the accountant does to them."""

from ..html import field, h, number, right, select, table
from .frame import badge, name_of

_KINDS = {1: "", 2: "invoices excl. VAT", 3: "invoices incl. VAT"}


def show(frame):
    """The page."""
    year = frame.bookyear()
    journals = frame.dossier.journals_of(year.id)
    return frame.page(
        "Journals",
        h.h1("Journals"),
        frame.year_links("journals"),
        h.div(
            table(
                (
                    "Journal",
                    "Name",
                    right("Last number"),
                    "Closed until",
                    "State",
                    "",
                ),
                [_row(frame, journal) for journal in journals],
            ),
            class_="card",
        ),
        h.div(
            _year(frame, year), _next_number(frame, year, journals), class_="columns"
        ),
    )


def _row(frame, journal):
    last = frame.dossier.last_number(journal.bookyear, journal.key)
    href = f"{frame.link('bookings')}?year={journal.bookyear}&journal={journal.key}"
    return [
        h.a(journal.key, href=href),
        [name_of(journal.names), " ", _kind(journal)],
        number(last),
        max(journal.protected_period, journal.closed_period) or "—",
        _state(journal),
        h.td(h.div(_actions(frame, journal, last), class_="actions")),
    ]


def _kind(journal):
    words = journal.iban or _KINDS[journal.insertion_type]
    return h.span(words, class_="hint")


def _state(journal):
    if journal.closed:
        return badge("closed", "bad")
    if journal.opened_by:
        return badge(f"open at {journal.opened_by}", "warn")
    return badge("free", "good")


def _actions(frame, journal, last):
    place = {"bookyear": journal.bookyear, "journal": journal.key}
    if journal.opened_by:
        yield frame.act_button("Release", "set_journal", opened_by="", **place)
    else:
        yield frame.act_button(
            "Open it", "set_journal", opened_by="the accountant", **place
        )
    text, closed = ("Reopen", "no") if journal.closed else ("Close", "yes")
    yield frame.act_button(text, "set_journal", closed=closed, **place)
    if last:
        yield frame.act_button("Delete last", "delete_last", danger=True, **place)


def _year(frame, year):
    text, closed = (
        ("Reopen the year", "no") if year.closed else ("Close the year", "yes")
    )
    periods = [(0, "nothing")] + [(p.number, p.number) for p in year.periods]
    return h.div(
        h.h2(f"Bookyear {name_of(year.names)}"),
        h.p(
            badge("closed", "bad") if year.closed else badge("open", "good"),
            f" {year.start:%d/%m/%Y} – {year.end:%d/%m/%Y}",
        ),
        frame.act("close_year", h.button(text), bookyear=year.id, closed=closed),
        " ",
        frame.act("add_year", h.button("Open the next year")),
        h.br(),
        h.br(),
        frame.act(
            "protect_period",
            field("Protect all journals until", select("period", periods)),
            h.button("Protect"),
            layout="fields",
            bookyear=year.id,
        ),
        class_="card",
    )


def _next_number(frame, year, journals):
    keys = [(journal.key, journal.key) for journal in journals]
    return h.div(
        h.h2("Go on at another number"),
        frame.act(
            "set_journal",
            field("Journal", select("journal", keys)),
            field("Next number", h.input(name="next_number", class_="short")),
            h.button("Set"),
            layout="fields",
            bookyear=year.id,
        ),
        h.p("Obeyed only with the switch next_number=obeyed.", class_="hint"),
        class_="card",
    )
