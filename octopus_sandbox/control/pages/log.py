"""What was called, what broke the contract, what the audit says."""

from ..html import h, number, table
from .frame import badge

_SHOWN = 200


def show(frame):
    """The page."""
    world = frame.world
    return frame.page(
        "Log",
        h.h1("Log"),
        h.div(_audit(world), _violations(frame), class_="columns"),
        h.br(),
        h.div(_calls(world), class_="card"),
    )


def _audit(world):
    rows = [
        [number, problem["kind"], problem["text"]]
        for number, result in world.audit().items()
        for problem in result["problems"]
    ]
    return h.div(
        h.h2("Audit of the books"),
        table(("Dossier", "Kind", ""), rows, "The books are in order."),
        class_="card",
    )


def _violations(frame):
    rows = [[v.operation or "—", v.message] for v in frame.world.violations]
    return h.div(
        h.h2("Calls that broke the contract"),
        table(("Call", ""), rows, "Every call kept to it."),
        frame.do("clear_violations", h.button("Forget them")) if rows else None,
        class_="card",
    )


def _calls(world):
    calls = list(world.calls)[: -_SHOWN - 1 : -1]
    rows = [
        [
            call.operation,
            call.dossier or "",
            badge(call.status, "good" if call.status < 400 else "warn"),
            number(call.code if call.code is not None else ""),
        ]
        for call in calls
    ]
    return [
        h.h2(f"Last calls ({len(calls)} of {len(world.calls)})"),
        table(("Call", "Dossier", "Status", "Code"), rows, "Nothing was called yet."),
    ]
