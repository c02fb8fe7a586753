"""What Odoo's web client asks of a running server, and how many queries each request
takes there: Odoo's own log says it."""

import re
import time

import requests
from lxml import etree

TIMEOUT = 120
# Odoo writes down: method, path, status, size, queries, their seconds, the others.
REQUEST = re.compile(
    r'"POST (?P<path>[^\s#]+)\S* HTTP/1\.\d" \d+ \S+ (?P<queries>\d+) '
)
RELATIONAL = ("many2one", "one2many", "many2many", "reference", "many2one_reference")
HIDDEN = ("True", "1")
PATIENCE = 10


class WebClient:
    """One person in a browser.

    :param server: :class:`devtools.server.OdooServer` that runs
    :param login: of the user
    :param password: of the user
    :param context: language and companies, as the web client sends them
    """

    def __init__(self, server, login, password, context):
        self.server = server
        self.context = context
        self.session = requests.Session()
        self.queries = 0
        self._read = 0
        self._post(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": password},
        )

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model; ``queries`` is what it took.

        :raises RuntimeError: the server answers with an error
        """
        kwargs.setdefault("context", self.context)
        parameters = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", parameters)

    def press(self, model, method, ids):
        """Press a button of a form or a list."""
        parameters = {
            "model": model,
            "method": method,
            "args": [ids],
            "kwargs": {"context": self.context},
        }
        return self._post(f"/web/dataset/call_button/{model}/{method}", parameters)

    def view(self, model, kind, view_id=False):
        """Return which fields a view reads, as ``web_read`` wants it."""
        views = [[view_id, kind], [False, "search"]]
        answer = self.call(model, "get_views", views, options={"toolbar": True})
        arch = etree.fromstring(answer["views"][kind]["arch"])
        return specification(arch, model, answer["models"])

    def _post(self, path, parameters):
        body = {"jsonrpc": "2.0", "method": "call", "params": parameters}
        url = self.server.url + path
        answer = self.session.post(url, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        told = answer.json()
        if "error" in told:
            raise RuntimeError(f"{path}: {told['error']}")
        self.queries = self._counted(path)
        return told["result"]

    def _counted(self, path):
        """Return the queries of the request that was just answered."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.server.log.open() as log:
                log.seek(self._read)
                lines = log.read()
            found = [it for it in REQUEST.finditer(lines) if it["path"] == path]
            if found:
                self._read += len(lines.encode())
                return int(found[-1]["queries"])
            time.sleep(0.01)
        raise RuntimeError(f"{self.server.log} does not tell of {path}")


def specification(node, model, models):
    """Return which fields the web client reads for a view.

    :param node: the view's arch
    :param model: name of its model
    :param models: ``{name: {"fields": {name: description}}}``, of ``get_views``
    """
    fields = models[model]["fields"]
    found = {}
    for element in _fields_of(node):
        name = element.get("name")
        known = fields.get(name)
        if known is None:
            continue
        spec = found.setdefault(name, {})
        shown = element.get("invisible") not in HIDDEN
        if known["type"] in RELATIONAL and shown:
            spec.setdefault("fields", {})["display_name"] = {}
            inner = next(element.iterchildren("list", "kanban"), None)
            if inner is not None:
                spec["fields"] = specification(inner, known["relation"], models)
        elif known["type"] == "many2one":
            spec.setdefault("fields", {})
    return found


def _fields_of(node):
    """Yield the fields of a view, without those of views inside of it."""
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _fields_of(child)
