"""The addons of others, each in an Odoo server with a database of its own: what a
benchmark asks of them, over their own buttons and scheduled actions.

A side has ``add(bodies)`` (make documents; their ids), ``ask(ids)`` (let them be sent,
when committed), ``idle()`` (nothing runs or is due), ``again()`` (what a person or the
time would do with those that did not go) and ``sent(ids)`` (how many went).
"""

import json
import urllib.request
from base64 import b64encode
from contextlib import ExitStack
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from odoo import fields
from odoo.sql_db import db_connect

from devtools.server import OdooServer

from .peers_sink import Sink, names_of_documents, peppol_answer

TIMEOUT = 300
# Read by our addon beside theirs.
SINK_PARAMETER = "octopus_bench.sink"
# Of the company and of its customer: public examples.
ENDPOINTS = ("0477472701", "0246697724")
PAUSE = timedelta(days=1)
# A scheduled action that nobody runs and that is not due. Only a row that is not due
# gets locked here, so no worker finds it locked when it is.
IDLE = """
    SELECT id FROM ir_cron
     WHERE id = %s AND nextcall > now() AT TIME ZONE 'UTC'
       AND NOT EXISTS (SELECT 1 FROM ir_cron_trigger
                        WHERE cron_id = ir_cron.id
                          AND call_at <= now() AT TIME ZONE 'UTC')
       FOR NO KEY UPDATE SKIP LOCKED
"""


def rows(database, query, *values):
    """Return the rows of a query on a database."""
    with db_connect(database).cursor() as cr:
        cr.execute(query, values)
        return cr.fetchall()


class Side:
    """A database with modules and its server, as a context manager.

    :param workspace: :class:`~devtools.peers_env.PeersWorkspace`
    """

    purpose: str
    modules: tuple
    arguments = ()
    sent_where = "invoice_exported"

    def __init__(self, workspace):
        self.workspace = workspace
        self.database = workspace.databases.name(f"bench_{self.purpose}")
        self.sink = self.new_sink()
        self._stack = ExitStack()

    def new_sink(self):
        """Where this side sends to."""
        return Sink()

    def __enter__(self):
        databases = self.workspace.databases
        with ExitStack() as stack:
            template = databases.with_modules(self.purpose, *self.modules)
            stack.callback(databases.drop, self.database)
            databases.copy(template, self.database)
            stack.enter_context(self.sink)
            self.server = OdooServer(
                self.workspace,
                self.database,
                cron_threads=1,
                workers=1,
                arguments=self.arguments,
            )
            stack.enter_context(self.server)
            self.user = self._call("common", "login", "admin", "admin")
            self.partner = self.prepare()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._stack.__exit__(*exception)

    def call(self, model, method, *values, **options):
        """Call a method of a model, as a browser does; give what it returns."""
        words = (self.user, "admin", model, method, values, options)
        return self._call("object", "execute_kw", *words)

    def _call(self, service, method, *values):
        words = {"service": service, "method": method, "args": [self.database, *values]}
        request = urllib.request.Request(
            f"{self.server.url}/jsonrpc",
            json.dumps({"jsonrpc": "2.0", "params": words}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            told = json.load(answer)
        if "error" in told:
            raise RuntimeError(told["error"]["data"]["debug"])
        return told.get("result")

    def prepare(self):
        """Set the addon up; give the id of the customer."""
        raise NotImplementedError

    def add(self, bodies):
        """Post a document of two lines for each body; give their ids."""
        line = [0, 0, {"name": "Line", "price_unit": 33.33}]
        day = fields.Date.to_string(fields.Date.today())
        values = [
            {
                "move_type": "out_invoice",
                "partner_id": self.partner,
                "invoice_date": day,
                "invoice_line_ids": [line] * 2,
                **self.body_values(body),
            }
            for body in bodies
        ]
        ids = self.call("account.move", "create", values)
        self.call("account.move", "action_post", ids)
        return ids

    def body_values(self, body):
        """What gives a document the body that it is sent with."""
        return {"octopus_bench_body": body}

    def sent(self, ids):
        """How many of the documents went, as this side sees it."""
        query = "SELECT count(*) FROM account_move WHERE id = ANY(%s) AND "
        [[count]] = rows(self.database, query + self.sent_where, list(ids))
        return count


class Scheduled(Side):
    """A side that sends in a scheduled action; :meth:`prepare` sets ``cron``."""

    def ask(self, ids):
        self.again()

    def again(self):
        """Let the action run at once: it would by itself, at its next time."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        self.call("ir.cron", "write", [self.cron], {"nextcall": now})

    def idle(self):
        return bool(rows(self.database, IDLE, self.cron))


class Transmission:
    """What both ways of ``account_invoice_export`` need."""

    def prepare(self):
        values = {
            "name": "Sink",
            "send_through_http": True,
            "destination_url": self.sink.url,
        }
        method = self.call("transmit.method", "create", values)
        values = {"name": "Klant", "customer_invoice_transmit_method_id": method}
        return self.call("res.partner", "create", values)


class Export(Transmission, Scheduled):
    """``account_invoice_export`` alone. It has a button, and an action for a list that
    is chosen, which is one transaction; a scheduled action presses it here."""

    purpose = "oca"
    modules = ("octopus_bench_oca",)

    def prepare(self):
        query = "SELECT id FROM ir_model WHERE model = 'account.move'"
        [[model]] = rows(self.database, query)
        domain = [
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("transmit_method_id.send_through_http", "=", True),
            ("invoice_exported", "=", False),
        ]
        values = {
            "name": "Send eBill",
            "model_id": model,
            "state": "code",
            "code": f"model.search({domain}, order='id').export_invoice()",
            "interval_type": "days",
            "nextcall": fields.Datetime.to_string(fields.Datetime.now() + PAUSE),
        }
        self.cron = self.call("ir.cron", "create", values)
        return super().prepare()


class Queue(Transmission, Side):
    """``account_invoice_export`` with a job of ``queue_job`` for each document, in the
    one channel that is there unless somebody configures others."""

    purpose = "queue"
    modules = ("octopus_bench_queue",)
    arguments = ("--load=base,rpc,web,queue_job",)

    def ask(self, ids):
        self.call("account.move", "octopus_bench_delay", list(ids))

    def again(self):
        """Press *Requeue* on what failed, which nothing does by itself."""
        failed = self.call("queue.job", "search", [("state", "=", "failed")])
        self.call("queue.job", "requeue", failed)

    def idle(self):
        query = "SELECT 1 FROM queue_job WHERE state NOT IN ('done', 'failed') LIMIT 1"
        return not rows(self.database, query)


class Peppol(Scheduled):
    """Odoo's ``account_peppol``: *Send* on a list leaves the documents to Odoo's
    scheduled action, ten in a call."""

    purpose = "peppol"
    modules = ("octopus_bench_peppol",)
    sent_where = "peppol_move_state = 'processing'"

    def new_sink(self):
        return Sink(names_of_documents, peppol_answer)

    def prepare(self):
        self.call("ir.config_parameter", "set_param", SINK_PARAMETER, self.sink.url)
        own, other = ({"peppol_eas": "0208", "peppol_endpoint": it} for it in ENDPOINTS)
        state = {"account_peppol_proxy_state": "sender"}
        self.call("res.company", "write", [1], {**own, **state})
        self._register(own)
        query = "SELECT res_id FROM ir_model_data WHERE name = %s"
        [[self.cron]] = rows(self.database, query, "ir_cron_account_move_send")
        self.call("ir.cron", "write", [self.cron], {"active": True})
        query = "SELECT id FROM res_country WHERE code = 'BE'"
        [[belgium]] = rows(self.database, query)
        partner = {
            "name": "Klant",
            "is_company": True,
            "country_id": belgium,
            "city": "Gent",
            "invoice_sending_method": "peppol",
            "invoice_edi_format": "ubl_bis3",
            **other,
        }
        made = self.call("res.partner", "create", partner)
        # The directory of Peppol would be asked otherwise.
        state = {"peppol_verification_state": "valid"}
        self.call("res.partner", "write", [made], state)
        return made

    def _register(self, own):
        """Make what a registration with the access point leaves behind."""
        key = rsa.generate_private_key(65537, 2048).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        values = {"name": "Bench", "content": b64encode(key).decode()}
        values = {
            "id_client": "bench",
            "company_id": 1,
            "proxy_type": "peppol",
            "edi_mode": "test",
            "edi_identification": ":".join(own.values()),
            "private_key_id": self.call("certificate.key", "create", values),
            "refresh_token": b64encode(b"bench").decode(),
        }
        self.call("account_edi_proxy_client.user", "create", values)

    def body_values(self, body):
        """The addon makes its own."""
        return {}

    def ask(self, ids):
        chosen = {"active_model": "account.move", "active_ids": list(ids)}
        wizard = "account.move.send.batch.wizard"
        made = self.call(wizard, "create", {}, context=chosen)
        self.call(wizard, "action_send_and_print", [made], context=chosen)
