"""A linked company with documents, and what a pass over them costs.

Of the addon it uses only what older revisions have too: ``benchmarks.versus`` runs it
beside their code.
"""

import gc
import json
import time
import urllib.request
from contextlib import nullcontext
from dataclasses import dataclass

import requests

from odoo import fields, sql_db
from odoo.fields import Command

from odoo.addons.octopus_connector.api.quota import DAILY_LIMITS

from devtools.scenario import company as company_parts
from devtools.scenario import steps
from devtools.scenario.session import administrator

from .commits import Commits
from .recorded import SERVICES, recording, renumbered
from .scheduled import run_scheduled

TIMEOUT = 60
INSERT = "insert_booking"
# More than any benchmark sends. The pretend Octopus has no daily limits here; the addon
# goes on counting against its own, which costs what it costs in production.
PLENTY = 1_000_000
VACUUMED = ("account_move", "account_move_line", "octopus_booking", "octopus_call")


@dataclass
class Pass:
    """What one pass cost.

    ``queries`` are those of every cursor of the process; ``commits`` the durable ones
    (:class:`~benchmarks.commits.Commits`), ``None`` where they were not counted;
    ``calls`` are counted by operation, ``requests`` are those that booked a document.
    """

    seconds: float
    queries: int
    commits: int | None
    calls: dict
    requests: list


class Bench:
    """A database with a company linked with the sandbox.

    :param registry: of the database
    :param sandbox: address of the pretend Octopus, without daily limits
    :param login: web service, its address, software house, user and password
    """

    def __init__(self, registry, sandbox, login):
        self.registry = registry
        self.sandbox = sandbox
        self.login = login
        self.service = SERVICES[login["transport"]]
        self.company_id = None
        self.dossier_number = None
        self.made = 0

    def prepare(self):
        """Make the company, link it and accept its mappings."""
        DAILY_LIMITS[INSERT] = PLENTY
        with administrator(self.registry) as env:
            [dossier, *_others] = steps.connect(env, **self.login)
            self.dossier_number = dossier["id"]
            [self.company_id] = steps.build(env, dossier["vat"], dossier["name"])
        with administrator(self.registry) as env:
            steps.link(env, self.company_id, dossier["id"], files="none")
            steps.map_all(env, self.company_id, "euro_per_foreign")

    def latency(self, milliseconds):
        """Let every answer of the sandbox take that long."""
        self._control("PUT", "/latency", ms=milliseconds)

    # Contacts and documents

    def relations(self, relations):
        """Enter relations in Octopus, as in its program; give their numbers.

        :param relations: fields of each, as the pretend Octopus calls them
        """
        path = f"/dossiers/{self.dossier_number}/acts/enter_relations"
        numbers = self._control("POST", path, relations=relations)["result"]
        return [int(number) for number in numbers.split(",")]

    def partners(self, count):
        """Make companies that Octopus does not know; give their ids."""
        with administrator(self.registry) as env:
            first = env["res.partner"].search_count([])
            made = env["res.partner"].create(
                [
                    {
                        "name": f"Klant {first + number}",
                        "is_company": True,
                        "country_id": env.ref("base.be").id,
                        "city": "Gent",
                        "vat": company_number(first + number),
                    }
                    for number in range(count)
                ]
            )
            return made.ids

    def documents(self, count, partner_ids, company_id=None, post=True):
        """Make invoices of two lines, to the partners in turn; give their ids.

        :param company_id: another company than the bench's first
        :param post: confirm them
        """
        with administrator(self.registry) as env:
            company = env["res.company"].browse(company_id or self.company_id)
            # What Odoo notes in a document's history takes a third of the time, and
            # means nothing to a pass.
            company = company.with_company(company).with_context(tracking_disable=True)
            env = company.env
            account = company_parts.account(company.root_id, "700000")
            tax = env["account.chart.template"].ref("attn_VAT-OUT-21-L")
            line = {
                "name": "Line",
                "account_id": account.id,
                "price_unit": 33.33,
                "tax_ids": [Command.set(tax.ids)],
            }
            moves = env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": partner_ids[number % len(partner_ids)],
                        "invoice_date": fields.Date.today(),
                        "invoice_line_ids": [Command.create(line)] * 2,
                    }
                    for number in range(count)
                ]
            )
            if post:
                moves.action_post()
            return moves.ids

    # Passes

    def push(self, move_ids, commit_ms=None) -> Pass:
        """Send documents that a person asked for, by the dossier's scheduled action.

        :param commit_ms: count durable commits, and let each take that long; as the
            database does them when left out
        :raises RuntimeError: when not all of them were booked
        """
        with administrator(self.registry) as env:
            env["octopus.call"].sudo().search([]).unlink()
            rows = env["account.move"].browse(move_ids)._octopus_queue(env.user)
            cron = rows.dossier_id.push_cron_id
            cron._trigger()
        self._tidy()
        slow = nullcontext() if commit_ms is None else Commits(commit_ms)
        with recording(self.service) as sent, slow as commits:
            queries, start = sql_db.sql_counter, time.perf_counter()
            run_scheduled(self.registry.db_name, cron.id)
            seconds = time.perf_counter() - start
            queries = sql_db.sql_counter - queries
        calls = self._calls_of(rows.ids)
        return Pass(seconds, queries, commits and commits.count, calls, sent)

    def _tidy(self):
        """Clean tables and memory, so that it does not happen during one pass only."""
        with self.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute(f"VACUUM ANALYZE {', '.join(VACUUMED)}")
        gc.collect()

    def _calls_of(self, row_ids):
        """Return the calls by operation, once all rows are booked."""
        with administrator(self.registry) as env:
            rows = env["octopus.booking"].browse(row_ids)
            left = rows.filtered(lambda row: row.state != "booked")
            if left:
                causes = sorted({f"{row.state} {row.cause_text}" for row in left})
                raise RuntimeError(f"{len(left)} are not booked: {causes}")
            calls = env["octopus.call"].sudo()
            return dict(calls._read_group([], ["operation"], ["__count"]))

    def bare_loop(self, sent) -> float:
        """Post the same bodies again, with the next numbers, over one connection; give
        the seconds. Octopus forgets them afterwards: the journals would be ahead of
        what Odoo knows, and looking at that is not what a pass usually does."""
        again = renumbered(self.service, sent)
        self._control("POST", "/books/keep")
        with requests.Session() as session:
            start = time.perf_counter()
            for request in again:
                answer = session.send(request, timeout=TIMEOUT)
                self.service.check(answer)
            seconds = time.perf_counter() - start
        self._control("POST", "/books/restore")
        return seconds

    def _control(self, method, path, **values):
        request = urllib.request.Request(
            f"{self.sandbox}/_sandbox{path}",
            data=json.dumps(values).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read() or "null")


def company_number(number):
    """Return a Belgian VAT number with right check digits that belongs to a series."""
    first = 8_000_000 + number
    return f"BE0{first}{97 - first % 97:02}"
