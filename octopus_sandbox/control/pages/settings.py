"""Switches, faults, latency, logins."""

from ...contract import OPERATIONS
from ...faults import KINDS
from ...switches import SWITCHES
from ..html import field, h, select, table
from .frame import badge


def show(frame):
    """The page."""
    return frame.page(
        "Switches and faults",
        h.h1("Switches and faults"),
        h.p(
            "Each switch is a question that the contract leaves open; the first answer "
            "is the usual one.",
            class_="lead",
        ),
        h.div(_faults(frame), _logins(frame), class_="columns"),
        h.br(),
        h.div(
            frame.do(
                "switches",
                table(
                    ("Switch", "Question", "Where it is open", "Answer"),
                    [_row(frame, switch) for switch in SWITCHES.values()],
                ),
                h.button("Set the switches", class_="main"),
            ),
            class_="card",
        ),
    )


def _row(frame, switch):
    value = str(frame.world.switches[switch.name])
    choices = [(word, word) for word in switch.choices()]
    control = (
        select(switch.name, choices, value)
        if choices
        else h.input(name=switch.name, value=value, class_="amount")
    )
    changed = value != str(switch.default)
    return [
        h.code(switch.name),
        switch.question,
        switch.source,
        [control, " ", badge("changed", "warn") if changed else None],
    ]


def _faults(frame):
    world = frame.world
    operations = [("*", "any call")] + [(op.id, op.id) for op in OPERATIONS]
    pending = [
        [fault.kind, fault.operation, fault.when, f"{fault.skip} + {fault.count}"]
        for fault in world.faults.pending()
    ]
    return h.div(
        h.h2("Faults"),
        frame.do(
            "fault",
            field("Kind", select("kind", [(k, f"{k}: {v}") for k, v in KINDS.items()])),
            field("Call", select("operation", operations)),
            field("Octopus", select("when", _WHENS)),
            field("Times", h.input(name="count", value=1, class_="short")),
            field("After", h.input(name="skip", value=0, class_="short")),
            field("Status", h.input(name="status", value=503, class_="short")),
            field("Seconds", h.input(name="seconds", value=30, class_="short")),
            h.button("Plan it", class_="main"),
        ),
        h.br(),
        table(("Kind", "Call", "When", "Skip + times"), pending, "No faults planned."),
        frame.do("clear_faults", h.button("Clear the faults")) if pending else None,
        h.br(),
        frame.do(
            "latency",
            field(
                "Each answer takes (ms)",
                h.input(
                    name="ms", value=f"{world.faults.latency * 1000:g}", class_="short"
                ),
            ),
            h.button("Set"),
        ),
        class_="card",
    )


_WHENS = (("before", "does not process it"), ("after", "has processed it"))


def _logins(frame):
    return h.div(
        h.h2("Logins"),
        [
            frame.do(
                "login",
                field(user, h.input(name="password", value=login.password)),
                field(
                    "Web service",
                    select(
                        "web_service",
                        (("yes", "active"), ("no", "off")),
                        "yes" if login.web_service else "no",
                    ),
                ),
                h.button("Change"),
                user=user,
            )
            for user, login in frame.world.state.logins.items()
        ],
        h.br(),
        frame.do("expire_tokens", h.button("End every token")),
        class_="card",
    )
