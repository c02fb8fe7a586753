#!/usr/bin/env bash
# odoo-addon-account_invoice_export 19.0.1.0.0.2 (OCA): when the answer for one invoice of
# a list does not come, all that went before it in the list are sent again the next time,
# and nothing on them tells it.
#
# Seen: of five invoices that are chosen in the list and sent, the receiver books the third
# and its answer gets lost. The error ends the whole list, so Odoo takes the transaction
# back, and with it "exported" and the message of the first two, which the receiver has.
# Whoever then sends what is not exported sends all five: three of them are there twice. An
# activity, written in a transaction of its own, stands on the third and on no other.
#
# Odoo and PostgreSQL are not needed to see it: what the addon calls of them is a stand-in,
# whose transaction is what Odoo does with any request or scheduled action that raises.
# With both, `./dev bench peers` counts the same.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2
"$work/env/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    odoo-addon-account_invoice_export==19.0.1.0.0.2
site=$("$work/env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cat >"$site/odoo/__init__.py" <<'PYTHON'
"""As much of Odoo as the addon touches while it sends."""
import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace


class Field:
    def __init__(self, *_names, **_options):
        pass

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, record, owner):
        return record.row.get(self.name)

    def __set__(self, record, value):
        record.row[self.name] = value


class Model:
    id, name, state, move_type = Field(), Field(), Field(), Field()
    transmit_method_id = Field()

    def __init__(self, env, rows):
        self.env, self.rows = env, rows

    @property
    def row(self):
        [row] = self.rows
        return row

    def __iter__(self):
        return (type(self)(self.env, [row]) for row in self.rows)

    def __bool__(self):
        return bool(self.rows)

    def filtered(self, keeps):
        return type(self)(self.env, [it.row for it in self if keeps(it)])

    def ensure_one(self):
        assert self.row

    def with_env(self, env):
        return type(self)(env, self.rows)

    def activity_reschedule(self, types, date_deadline=None):
        return False

    def activity_schedule(self, kind, summary=None, note=None):
        self.env.activities.append(self.name)
        return SimpleNamespace(note=note)

    def activity_feedback(self, types, feedback=None):
        pass

    def message_post(self, body):
        self.row["messages"] = self.row.get("messages", ()) + (body,)

    def _get_report_base_filename(self):
        return self.name


class Environment:
    activities = []

    def __init__(self, cr=None, uid=1, context=None):
        self.cr = SimpleNamespace(dbname="any")
        self.uid, self.context = uid, context or {}

    def __getitem__(self, model):
        return SimpleNamespace(
            _render=lambda report, ids: (b"PDF", "pdf"),
            _render_template=lambda template, values: "An error.",
        )

    def _(self, text, *values, **named):
        return text % (named or values) if named or values else text


class Registry:
    def __init__(self, name):
        pass

    @contextmanager
    def cursor(self):
        yield None


class UserError(Exception):
    pass


class ValidationError(UserError):
    pass


def module(name, **values):
    made = sys.modules[f"odoo.{name}"] = ModuleType(f"odoo.{name}")
    vars(made).update(values)
    return made


today = type("Date", (Field,), {"today": staticmethod(lambda: None)})
fields = module("fields", Boolean=Field, Char=Field, Integer=Field, Date=today)
models = module("models", Model=Model)
api = module("api", Environment=Environment)
exceptions = module("exceptions", UserError=UserError, ValidationError=ValidationError)
module("modules")
module("modules.registry", Registry=Registry)
PYTHON
cd "$work"
"$work/env/bin/python" - <<'PYTHON'
import copy
import http.server
import re
import threading
from collections import Counter
from types import SimpleNamespace

import odoo
import requests
from odoo.addons.account_invoice_export.models.account_move import AccountMove

LOST = "INV3"
books = Counter()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = re.search(rb'filename="(\w+)\.pdf"', body)[1].decode()
        books[name] += 1
        if name == LOST and books[name] == 1:
            return
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_values):
        """Keep the output to what is held against the expectation."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
method = SimpleNamespace(
    name="Receiver",
    send_through_http=True,
    export_connection_timeout=10,
    get_transmission_url=lambda: f"http://127.0.0.1:{server.server_port}/",
    get_transmission_http_header=dict,
)
rows = [
    {
        "id": number,
        "name": f"INV{number}",
        "state": "posted",
        "move_type": "out_invoice",
        "transmit_method_id": method,
    }
    for number in range(1, 6)
]


def send():
    """Send what is not exported, in one transaction; tell how it ended."""
    before = [copy.copy(row) for row in rows]
    todo = [row for row in rows if not row.get("invoice_exported")]
    try:
        AccountMove(odoo.api.Environment(), todo).export_invoice()
    except requests.ConnectionError as error:
        rows[:] = before
        return type(error).__name__
    return f"{len(todo)} sent"


first, left = send(), [row["name"] for row in rows if row.get("messages")]
second = send()
activities = odoo.api.Environment.activities
print("account_invoice_export 19.0.1.0.0.2, five invoices, the third answer lost")
print(f"first time: {first}; message kept on {left}; activity on {activities}")
print(f"second time: {second}; the receiver has {dict(books)}")
assert (first, left, activities) == ("ConnectionError", [], [LOST])
assert second == "5 sent"
assert books == {"INV1": 2, "INV2": 2, "INV3": 2, "INV4": 1, "INV5": 1}
PYTHON
