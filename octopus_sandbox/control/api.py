"""The control API: JSON under ``/_sandbox``.

=======  ===========================  =================================================
Method   Path                         What it does
=======  ===========================  =================================================
GET      /state                       time, dossiers, switches, faults, counts
POST     /reset                       back to the seed
POST     /books/keep                  for ``/books/restore``
POST     /books/restore               as they were kept, as if nothing happened since
GET      /audit                       what is wrong in the books
POST     /clock                       ``{"minutes": 11}`` or ``{"to": "2027-01-02T…"}``
POST     /tokens/expire               every token ends
GET PUT  /switches                    ``{"quota": "off"}``
DELETE   /switches                    every switch to its default
GET      /faults                      the faults to come, and those that were met
POST     /faults                      a :class:`~octopus_sandbox.faults.Fault`
DELETE   /faults                      none; calls that hang or are late end
GET      /poisons                     values that are put into answers
POST     /poisons                     a :class:`~octopus_sandbox.poison.Poison`
DELETE   /poisons                     none
GET      /copies                      records that answers have besides
POST     /copies                      :class:`~octopus_sandbox.copies.Copies`
DELETE   /copies                      none
PUT      /latency                     ``{"ms": 100}``
GET      /calls /violations           what was recorded
DELETE   /calls /violations           forget it
PUT      /logins/<user>               ``{"password": …, "web_service": false}``
GET      /dossiers/<id>/documents     documents with what is open and their files
GET      /dossiers/<id>/payments      financial documents with what their lines move
GET      /dossiers/<id>/matches       what is matched with what, and how much of it
POST     /dossiers/<id>/acts/<act>    what the accountant does (:mod:`.acts`)
=======  ===========================  =================================================

Wrong requests get 400 with ``{"error": …}``, unknown things 404, refusals of the books
409 with ``error`` and ``code``.
"""

import datetime
import json
from collections import Counter
from dataclasses import asdict

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from ..state.errors import NothingFound, Refusal
from ..state.keys import WHOLE_DOCUMENT, LineKey
from ..switches import SWITCHES
from .acts import WrongField, perform

PREFIX = "/_sandbox"
WRONG = (WrongField, KeyError, TypeError, ValueError, OverflowError)


def _rule(method, path, name):
    return Rule(path, methods=[method], endpoint=name)


_ROUTES = Map(
    [
        _rule("GET", "/state", "state"),
        _rule("POST", "/reset", "reset"),
        _rule("POST", "/books/keep", "keep_books"),
        _rule("POST", "/books/restore", "restore_books"),
        _rule("GET", "/audit", "audit"),
        _rule("POST", "/clock", "move_clock"),
        _rule("POST", "/tokens/expire", "expire_tokens"),
        _rule("GET", "/switches", "switches"),
        _rule("PUT", "/switches", "set_switches"),
        _rule("DELETE", "/switches", "reset_switches"),
        _rule("GET", "/faults", "faults"),
        _rule("POST", "/faults", "add_fault"),
        _rule("DELETE", "/faults", "clear_faults"),
        _rule("GET", "/poisons", "poisons"),
        _rule("POST", "/poisons", "add_poison"),
        _rule("DELETE", "/poisons", "clear_poisons"),
        _rule("GET", "/copies", "copies"),
        _rule("POST", "/copies", "add_copies"),
        _rule("DELETE", "/copies", "clear_copies"),
        _rule("PUT", "/latency", "set_latency"),
        _rule("GET", "/calls", "calls"),
        _rule("DELETE", "/calls", "clear_calls"),
        _rule("GET", "/violations", "violations"),
        _rule("DELETE", "/violations", "clear_violations"),
        _rule("PUT", "/logins/<user>", "set_login"),
        _rule("GET", "/dossiers/<int:dossier>/documents", "documents"),
        _rule("GET", "/dossiers/<int:dossier>/payments", "payments"),
        _rule("GET", "/dossiers/<int:dossier>/matches", "matches"),
        _rule("POST", "/dossiers/<int:dossier>/acts/<name>", "act"),
    ]
)


class ControlApi:
    """The control API of one world."""

    def __init__(self, world):
        self.world = world

    def handle(self, request, path):
        """The response to a request for ``path`` below the prefix."""
        try:
            name, values = _ROUTES.bind("sandbox").match(path, request.method)
        except HTTPException as error:
            return _json({"error": error.description}, error.code)
        try:
            fields = json.loads(request.get_data() or b"{}")
            with self.world.lock:
                answer = getattr(self, name)(fields, **values)
                if request.method != "GET":
                    self.world.save()
        except Refusal as refusal:
            return _json({"error": refusal.technical, "code": refusal.code}, 409)
        except NothingFound as error:
            return _json({"error": str(error)}, 404)
        except WRONG as error:
            return _json({"error": str(error)}, 400)
        return _json(answer if answer is not None else {"done": True})

    # -- world ---------------------------------------------------------------

    def state(self, _fields):
        """Where the sandbox stands."""
        world = self.world
        return {
            "now": world.clock.now().isoformat(),
            "today": world.clock.today().isoformat(),
            "dossiers": [
                {
                    "id": d.id,
                    "name": d.name,
                    "vat_number": d.vat_number,
                    "banks": {j.key: j.iban for j in d.journals.values() if j.iban},
                }
                for d in world.state.dossiers.values()
            ],
            "switches": world.switches.changed(),
            "faults": len(world.faults.pending()),
            "latency_ms": world.faults.latency * 1000,
            "calls": len(world.calls),
            "violations": len(world.violations),
        }

    def reset(self, _fields):
        """Back to the seed."""
        self.world.reset()

    def keep_books(self, _fields):
        """Keep the books as they are."""
        self.world.keep()

    def restore_books(self, _fields):
        """Back to the books that were kept."""
        self.world.restore()

    def audit(self, _fields):
        """What is wrong in the books."""
        return self.world.audit()

    def move_clock(self, fields):
        """Move the clock forward by a duration or to a moment."""
        fields = dict(fields)
        moment = fields.pop("to", None)
        if moment:
            self.world.clock.advance_to(_moment(moment))
        self.world.clock.advance(**{name: float(n) for name, n in fields.items()})
        return {"now": self.world.clock.now().isoformat()}

    def expire_tokens(self, _fields):
        """End every token."""
        self.world.state.tokens.expire_all()

    # -- switches and faults -------------------------------------------------

    def switches(self, _fields):
        """Every switch with what it can be."""
        return {
            name: {
                "value": str(self.world.switches[name]),
                "default": str(switch.default),
                "values": switch.choices(),
                "question": switch.question,
                "source": switch.source,
            }
            for name, switch in SWITCHES.items()
        }

    def set_switches(self, fields):
        """Set switches by name."""
        self.world.set_switches(fields)
        return self.world.switches.changed()

    def reset_switches(self, _fields):
        """Every switch to its default."""
        self.world.switches.reset()
        self.world.set_switches({})

    def faults(self, _fields):
        """Faults to come and faults met."""
        faults = self.world.faults
        return {
            "pending": [asdict(fault) for fault in faults.pending()],
            "met": [{"kind": kind, "operation": op} for kind, op in faults.met],
        }

    def add_fault(self, fields):
        """Plan a fault."""
        return asdict(self.world.faults.add(**fields))

    def clear_faults(self, _fields):
        """No faults any more."""
        self.world.faults.clear()

    def poisons(self, _fields):
        """Values that are put into answers."""
        return [asdict(poison) for poison in self.world.poisons.pending()]

    def add_poison(self, fields):
        """Put a value into the answers of an operation."""
        return asdict(self.world.poisons.add(**fields))

    def clear_poisons(self, _fields):
        """Leave answers as they are."""
        self.world.poisons.clear()

    def copies(self, _fields):
        """Records that answers have besides."""
        return [asdict(copies) for copies in self.world.copies.pending()]

    def add_copies(self, fields):
        """Let the answers of an operation have many records."""
        return asdict(self.world.copies.add(**fields))

    def clear_copies(self, _fields):
        """Leave answers as they are."""
        self.world.copies.clear()

    def set_latency(self, fields):
        """Delay every answer."""
        self.world.faults.latency = float(fields["ms"]) / 1000

    # -- record --------------------------------------------------------------

    def calls(self, _fields):
        """The calls, and how many there were of each operation."""
        calls = list(self.world.calls)
        return {
            "counts": Counter(call.operation for call in calls),
            "calls": [asdict(call) for call in calls],
        }

    def clear_calls(self, _fields):
        """Forget the calls."""
        self.world.calls.clear()

    def violations(self, _fields):
        """What did not keep to the contract."""
        return [asdict(violation) for violation in self.world.violations]

    def clear_violations(self, _fields):
        """Forget the violations."""
        self.world.violations.clear()

    def set_login(self, fields, user):
        """Change a login's password, or its right to the web service."""
        login = self.world.state.logins.get(user)
        if not login:
            raise NothingFound(f"There is no login {user}")
        unknown = set(fields) - {"password", "web_service"}
        if unknown:
            raise WrongField(f"unknown fields {sorted(unknown)}")
        login.password = str(fields.get("password", login.password))
        login.web_service = bool(fields.get("web_service", login.web_service))

    # -- dossiers ------------------------------------------------------------

    def documents(self, _fields, dossier):
        """Purchases and sales with what is open, and their files."""
        books = self._books(dossier)
        return [
            _document_json(books, booking)
            for booking in books.dossier.bookings.values()
        ]

    def payments(self, _fields, dossier):
        """Financial documents; amounts as in the books, + is money in."""
        books = self._books(dossier)
        return [
            {
                "key": str(booking.key),
                "date": booking.document_date.isoformat(),
                "amount": str(booking.total),
                "lines": [
                    _line_json(books, booking, number)
                    for number in range(1, len(booking.lines) + 1)
                ],
            }
            for booking in books.dossier.financial_bookings.values()
        ]

    def matches(self, _fields, dossier):
        """Matches; keys as the acts take them, amounts in the dossier's currency."""
        return [
            {
                "debit": "/".join(map(str, balancing.debit)),
                "credit": "/".join(map(str, balancing.credit)),
                "amount": str(balancing.amount),
            }
            for balancing in self._books(dossier).dossier.balancings.values()
        ]

    def act(self, fields, dossier, name):
        """Do what the accountant would."""
        return {"result": perform(name, self._books(dossier), fields)}

    def _books(self, dossier):
        if dossier not in self.world.books:
            raise NothingFound(f"There is no dossier {dossier}")
        return self.world.books[dossier]


def _document_json(books, booking):
    item = books.matching.item(LineKey(*booking.key, WHOLE_DOCUMENT))
    return {
        "key": str(booking.key),
        "relation": booking.relation,
        "amount": str(booking.amount),
        "currency": booking.currency,
        "document_date": booking.document_date.isoformat(),
        "comment": booking.comment,
        "reference": booking.reference,
        "open": str(books.matching.open_amount(item)) if item else "0.00",
        "open_document": (
            str(books.matching.open_document_amount(item)) if item else "0.00"
        ),
        "attachments": [
            {"name": file.name, "size": len(file.content)}
            for file in booking.attachments
        ],
    }


def _line_json(books, booking, number):
    line = booking.lines[number - 1]
    item = books.matching.item(LineKey(*booking.key, number))
    return {
        "type": line.type,
        "relation": line.relation,
        "amount": str(line.amount),
        "reference": line.reference,
        "open": str(books.matching.open_amount(item)) if item else "0.00",
    }


def _moment(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if not moment.tzinfo:
        raise WrongField(f"{text} has no time zone")
    return moment


def _json(value, status=200):
    return Response(json.dumps(value, indent=1), status, mimetype="application/json")
