"""The accountant's page: plain HTML over the same state."""

from collections import defaultdict
from importlib import resources
from urllib.parse import quote

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from ..state.errors import NothingFound, Refusal
from ..state.keys import DocumentKey
from ..state.money import ZERO
from .acts import WrongField, line, money, perform, yes
from .api import WRONG, ControlApi
from .pages import (
    bookings,
    document,
    dossiers,
    journals,
    log,
    payments,
    relations,
    settings,
)
from .pages.frame import Frame

PREFIX = "/"
_STYLE = resources.files(__package__).joinpath("style.css").read_bytes()


def _get(path, name):
    return Rule(path, methods=["GET"], endpoint=name)


def _post(path, name):
    return Rule(path, methods=["POST"], endpoint=name)


_ROUTES = Map(
    [
        _get("/", "dossiers"),
        _get("/settings", "settings"),
        _get("/log", "log"),
        _get("/style.css", "style"),
        _get("/dossier/<int:dossier>/journals", "journals"),
        _get("/dossier/<int:dossier>/bookings", "bookings"),
        _get("/dossier/<int:dossier>/relations", "relations"),
        _get("/dossier/<int:dossier>/open", "payments"),
        _get(
            "/dossier/<int:dossier>/documents/<int:year>/<key>/<int:number>", "document"
        ),
        _get(
            "/dossier/<int:dossier>/files/<int:year>/<key>/<int:number>/<int:index>",
            "file",
        ),
        _post("/act/<int:dossier>/<name>", "act"),
        _post("/pay/<int:dossier>", "pay"),
        _post("/do/<name>", "do"),
    ]
)


class Desk:
    """The page of one world. Forms answer with a redirect that carries a message.

    ``hidden`` are fields that whoever serves the page wants in each form.
    """

    def __init__(self, world, hidden=None):
        self.world = world
        self.hidden = hidden or {}
        self.control = ControlApi(world)

    def handle(self, request, path):
        """The response to a request."""
        try:
            name, values = _ROUTES.bind("sandbox").match(f"/{path}", request.method)
        except HTTPException as error:
            return Response(f"{error.code} {error.name}", error.code)
        with self.world.lock:
            if request.method == "POST":
                return self._post(request, name, values)
            try:
                return getattr(self, f"show_{name}")(request, **values)
            except NothingFound as error:
                return Response(str(error), 404)

    # -- screens -------------------------------------------------------------

    def show_style(self, _request):
        """The style sheet."""
        return Response(_STYLE, mimetype="text/css")

    def show_dossiers(self, request):
        """The first screen."""
        return _html(dossiers.show(self._frame(request)))

    def show_settings(self, request):
        """Switches and faults."""
        return _html(settings.show(self._frame(request)))

    def show_log(self, request):
        """Calls, violations, audit."""
        return _html(log.show(self._frame(request)))

    def show_journals(self, request, dossier):
        """Journals."""
        return _html(journals.show(self._frame(request, dossier)))

    def show_bookings(self, request, dossier):
        """Documents by journal."""
        frame = self._frame(request, dossier)
        return _html(bookings.show(frame, self.world.books[dossier]))

    def show_relations(self, request, dossier):
        """Relations."""
        return _html(relations.show(self._frame(request, dossier)))

    def show_payments(self, request, dossier):
        """Open items."""
        frame = self._frame(request, dossier)
        return _html(payments.show(frame, self.world.books[dossier]))

    def show_document(self, request, dossier, year, key, number):
        """One document."""
        frame = self._frame(request, dossier)
        found = self._document(dossier, DocumentKey(year, key, number))
        return _html(document.show(frame, self.world.books[dossier], found))

    def show_file(self, _request, dossier, year, key, number, index):
        """A file of a document, to download."""
        found = self._document(dossier, DocumentKey(year, key, number))
        if index >= len(found.attachments):
            raise NothingFound("There is no such file")
        file = found.attachments[index]
        response = Response(file.content, mimetype="application/octet-stream")
        response.headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(file.name)}"
        )
        return response

    def _frame(self, request, dossier=None):
        shown = dossier and self._books(dossier).dossier
        return Frame(self.world, request, shown, self.hidden)

    def _books(self, dossier):
        if dossier not in self.world.books:
            raise NothingFound(f"There is no dossier {dossier}")
        return self.world.books[dossier]

    def _document(self, dossier, key):
        found = self._books(dossier).dossier.document(key)
        if not found:
            raise NothingFound(f"There is no document {key}")
        return found

    # -- forms ---------------------------------------------------------------

    def _post(self, request, name, values):
        given = request.form.to_dict()
        fields = {name: given[name] for name in given if name not in self.hidden}
        back = fields.pop("back", "/")
        try:
            said = getattr(self, f"post_{name}")(request, fields, **values)
        except Refusal as refusal:
            return _redirect(request, back, refusal.technical, wrong=True)
        except (NothingFound, *WRONG) as error:
            return _redirect(request, back, str(error), wrong=True)
        self.world.save()
        return _redirect(request, back, said)

    def post_act(self, _request, fields, dossier, name):
        """An act of the dossier."""
        return f"{name}: {perform(name, self._books(dossier), fields)}"

    def post_pay(self, request, fields, dossier):
        """Receive or pay the documents that were picked."""
        picked = {
            key: money(fields[f"amount {key}"]) for key in request.form.getlist("pick")
        }
        if not picked:
            raise WrongField("Choose at least one document")
        lines = self._lines(self._books(dossier), fields, picked)
        made = perform(
            "pay",
            self._books(dossier),
            {"journal": fields["journal"], "date": fields["date"], "lines": lines},
        )
        return f"Booked as {made} and matched"

    def _lines(self, books, fields, picked):
        """One line per relation for invoices, one for its credit notes.

        What was paid too much goes on the first line and stays open there.
        """
        groups = defaultdict(dict)
        for key, amount in picked.items():
            item = books.matching.item(line(key))
            if not item:
                raise WrongField(f"{key} is gone")
            groups[item.party, item.is_debit][key] = amount
        surplus = money(fields.get("surplus") or ZERO)
        lines = []
        for (party, is_debit), pays in groups.items():
            total = sum(pays.values()) + surplus
            surplus = ZERO
            lines.append(
                {
                    "type": party.type,
                    "relation": party.id,
                    "amount": total if is_debit else -total,
                    "reference": fields.get("reference") or None,
                    "pays": pays,
                }
            )
        return lines

    def post_do(self, _request, fields, name):
        """Something that changes the world."""
        doing = _DOING.get(name)
        if not doing:
            raise WrongField(f"There is nothing called {name}")
        doing(self.control, fields)
        return "Done"


def _move_clock(control, fields):
    unit, _equals, count = fields["step"].partition("=")
    control.move_clock({unit: count})


def _add_fault(control, fields):
    numbers = {name: int(fields.pop(name)) for name in ("count", "skip", "status")}
    seconds = float(fields.pop("seconds"))
    control.add_fault(fields | numbers | {"seconds": seconds})


def _set_login(control, fields):
    user = fields.pop("user")
    control.set_login(fields | {"web_service": yes(fields["web_service"])}, user)


_DOING = {
    "clock": _move_clock,
    "reset": ControlApi.reset,
    "switches": ControlApi.set_switches,
    "fault": _add_fault,
    "clear_faults": ControlApi.clear_faults,
    "latency": ControlApi.set_latency,
    "login": _set_login,
    "expire_tokens": ControlApi.expire_tokens,
    "clear_violations": ControlApi.clear_violations,
}


def _html(page):
    return Response(page, mimetype="text/html")


def _redirect(request, back, said, wrong=False):
    """Back to a screen of this page, with a message."""
    back = back if back.startswith("/") and not back.startswith("//") else "/"
    glue = "&" if "?" in back else "?"
    mark = "&wrong=1" if wrong else ""
    location = f"{request.script_root}{back}{glue}said={quote(said)}{mark}"
    return Response("", 303, headers={"Location": location})
