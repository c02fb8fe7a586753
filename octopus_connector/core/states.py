"""The states of a document or payment on its way to Octopus, in one place.

A row (``octopus.booking``, ``octopus.payment``) begins as *ready*::

    ready ────claim────▶ sending ──answer──▶ booked ── changed in Odoo  ▶ changed
      ▲  ▲                │     │               │ ──── changed there    ▶ differs
      │  │            not now  no answer        └───── deleted there    ▶ gone
      │  │  claim, in time│     │
      │  └──(waiting)◀────┘     └──▶ unknown ──sent again, or looked up──▶ booked
      │                                 └── not there ──▶ ready
      └── a person or a setting mends it ◀── blocked ◀── refused, or not ready
    excluded ◀──▶ whatever is not sent: a person keeps it out, and lets it go again

A payment that is taken back goes booked ▶ reversing ▶ reversed, when the booking the
other way is there.

Who changes them:

- on the way: ``models/octopus_outbox_mixin.py`` (``claim``, ``set_booked``, ``hold``,
  ``release_number``) and ``send/sender.py`` (*unknown*)
- linked instead of sent: ``send/link_documents.py``, ``send/link_payments.py``
- a person or a setting: ``queue``, ``may_go``, ``_include`` of the mixin, ``wake`` and
  ``exclude`` of the kinds, ``send/decisions.py``, ``sync/link_dossier.py``
- what Octopus tells: ``set_gone`` of the kinds, ``sync/compare_documents.py``
  (*differs*, *changed*)
- what Odoo does: ``note_reposted`` of documents, ``send/collect_payments.py``
  (*reversing*, *excluded*), ``set_booked`` of payments (*reversed*)
"""

from __future__ import annotations

from datetime import datetime

_TO_BOOKED = [
    ("ready", "Not sent"),
    ("waiting", "Waiting"),
    ("blocked", "Blocked"),
    ("sending", "Sending"),
    ("unknown", "No answer"),
    ("booked", "In Octopus"),
]
_NOT_THERE = [("gone", "Gone"), ("excluded", "Kept out")]
# Of what is ready, what somebody asked for: it waits for nobody but its turn.
QUEUED = "queued"

# The label of each state of a document, and of a payment. They are short: a badge in a
# list is narrow, and the reason stands beside it.
DOCUMENT_STATES = [
    *_TO_BOOKED,
    ("changed", "Changed"),
    ("differs", "Different"),
    *_NOT_THERE,
]
PAYMENT_STATES = [
    *_TO_BOOKED,
    ("reversing", "Being taken back"),
    ("reversed", "Taken back"),
    *_NOT_THERE,
]


def _shown(states):
    """Return the states as people see them."""
    return [states[0], (QUEUED, "Queued"), *states[1:]]


# What people see: a row that was asked for is told apart from one that nobody wants to
# leave yet. A row has no such state, so that nothing has to be done to both.
SHOWN_DOCUMENT_STATES = _shown(DOCUMENT_STATES)
SHOWN_PAYMENT_STATES = _shown(PAYMENT_STATES)

# Not sent yet; whoever asks for it has it tried again.
OPEN = ("ready", "waiting", "blocked")
# Of these, what something stands in the way of.
HELD = ("waiting", "blocked")
# Of these, what nobody has to mend.
TO_GO = ("ready", "waiting")
# Of these, what does not wait for a moment.
AT_HAND = ("ready", "blocked")
# A number is claimed, and what became of the call is not noted.
IN_FLIGHT = ("sending", "unknown")
# Of which nobody knows yet that Octopus has it.
UNSETTLED = (*OPEN, *IN_FLIGHT)
# What may come to stand still, and how: what is in flight, only in doubt.
HELD_FROM = {"waiting": OPEN, "blocked": OPEN, "unknown": UNSETTLED}
# What a pass takes up: at once, or when its moment has come.
DUE_NOW = ("ready", "sending")
DUE_LATER = ("waiting", "unknown")
DUE = (*DUE_NOW, *DUE_LATER)
# Octopus has it, as it is here or not.
BOOKED = ("booked", "changed", "differs")
# Of these, what is here as it was sent.
AS_SENT = ("booked", "differs")
# Octopus has it, or may have it in a moment.
THERE = (*BOOKED, *IN_FLIGHT)
# Octopus has it, or had it.
SENT = (*BOOKED, "gone")
# It is not on both sides as it was sent: a person decides.
TO_DECIDE = ("changed", "differs", "gone")
# It never reaches Octopus, or left it.
NOT_THERE = ("excluded", "gone")
# What a document can have come to when a pass leaves it.
OUTCOMES = ("booked", "waiting", "blocked", "unknown")

# A payment that Octopus has, or had until the booking the other way.
PAYMENT_BOOKED = ("booked", "reversing", "reversed")
# Nothing of a payment is to leave any more.
PAYMENT_OVER = ("reversed", "excluded")
PAYMENT_SETTLED = ("booked", "reversed", "excluded", "gone")

# What a row says when nothing stops it, and nothing has to be tried again.
AT_REST = {
    "retry_at": False,
    "waiting_since": False,
    "attempts": 0,
    "cause": False,
    "trace": False,
}


def shown_state(state: str | bool, queued: bool) -> str | bool:
    """Return what people see of a row.

    :param state: of the row, if there is one
    :param queued: somebody, or the automatic sending, asked for it
    """
    return QUEUED if state == "ready" and queued else state


def is_due(queued: bool, state: str, retry_at: datetime | None, now: datetime) -> bool:
    """Whether a pass takes up a row.

    :param queued: somebody, or the automatic sending, asked for it
    :param retry_at: when it is tried again, if it waits for a moment
    """
    if not queued or state not in DUE:
        return False
    return state in DUE_NOW or not retry_at or retry_at <= now
