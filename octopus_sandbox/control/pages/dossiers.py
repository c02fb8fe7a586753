"""The first screen: the dossiers, the clock, starting afresh."""

from ...seed import demo
from ..html import field, h, select
from .frame import badge

_STEPS = (
    ("minutes=11", "11 minutes (tokens expire)"),
    ("hours=1", "1 hour"),
    ("days=1", "1 day (limits start again)"),
    ("days=7", "1 week"),
    ("days=31", "31 days"),
)


def show(frame):
    """The page."""
    world = frame.world
    return frame.page(
        "Dossiers",
        h.h1("The accountant's desk"),
        h.p(
            "Everything here is pretended. Play the accountant: see what a connector "
            "booked, receive payments, match them, close what must be closed.",
            class_="lead",
        ),
        h.div(
            [_card(frame, world.books[number]) for number in world.state.dossiers],
            class_="cards",
        ),
        h.br(),
        h.div(_clock(frame), _access(frame), class_="columns"),
    )


def _card(frame, books):
    dossier = books.dossier
    problems = len(books.audit().problems)
    open_items = sum(1 for _item in books.matching.open_items())
    return h.div(
        h.h2(h.a(dossier.name, href=frame.address(f"/dossier/{dossier.id}/journals"))),
        h.p(f"{dossier.vat_number} · dossier {dossier.id}", class_="hint"),
        h.p(
            badge(f"{len(dossier.bookings)} bookings"),
            " ",
            badge(f"{len(dossier.relations)} relations"),
            " ",
            badge(f"{open_items} open items"),
        ),
        h.p(
            badge("disabled", "bad")
            if dossier.disabled
            else badge("books in order", "good")
            if not problems
            else badge(f"{problems} problems", "bad")
        ),
        class_="card",
    )


def _clock(frame):
    return h.div(
        h.h2("Clock"),
        frame.do(
            "clock",
            field("Go forward", select("step", _STEPS)),
            h.button("Go", class_="main"),
        ),
        h.br(),
        frame.do("reset", h.button("Start afresh", class_="danger")),
        h.p("Back to the first day: every booking is forgotten.", class_="hint"),
        class_="card",
    )


def _access(frame):
    address = frame.request.host_url.rstrip("/")
    # Only the page itself is served below a path of somebody else.
    served = not frame.request.script_root
    rows = (
        *([("REST API", f"{address}/octopus-rest-api/v1")] if served else ()),
        ("Software house id", demo.SOFTWARE_HOUSE),
        ("User", demo.USER),
        ("Password", frame.world.state.logins[demo.USER].password),
    )
    return h.div(
        h.h2("How a connector comes in"),
        h.table(h.tbody([h.tr(h.th(name), h.td(value)) for name, value in rows])),
        class_="card",
    )
