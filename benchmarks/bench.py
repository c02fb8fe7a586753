"""A linked company with documents, and what a pass over them costs."""

import json
import threading
import time
import urllib.request
from dataclasses import dataclass

import requests

from odoo import fields
from odoo.fields import Command

from odoo.addons.octopus_connector.sync.mirror import Mirror

from devtools.scenario import company as company_parts
from devtools.scenario import steps
from devtools.scenario.session import administrator

from .recorded import SERVICES, recording, renumbered

TIMEOUT = 60
INSERT = "insert_booking"


@dataclass
class Pass:
    """What one pass cost: its seconds and queries, and its calls by operation."""

    seconds: float
    queries: int
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
        self.made = 0

    def prepare(self):
        """Make the company, link it and accept its mappings."""
        with administrator(self.registry) as env:
            [dossier, *_others] = steps.connect(env, **self.login)
            [self.company_id] = steps.build(env, dossier["vat"], dossier["name"])
        with administrator(self.registry) as env:
            steps.link(env, self.company_id, dossier["id"], files="none")
            steps.map_all(env, self.company_id, "euro_per_foreign")

    def latency(self, milliseconds):
        """Let every answer of the sandbox take that long."""
        request = urllib.request.Request(
            f"{self.sandbox}/_sandbox/latency",
            data=json.dumps({"ms": milliseconds}).encode(),
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=TIMEOUT).close()

    # Documents

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

    def documents(self, count, partner_ids, company_id=None):
        """Post invoices of two lines, to the partners in turn; give their ids.

        :param company_id: another company than the bench's first
        """
        with administrator(self.registry) as env:
            company = env["res.company"].browse(company_id or self.company_id)
            env = company.with_company(company).env
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
            moves.action_post()
            return moves.ids

    # Passes

    def push(self, move_ids) -> Pass:
        """Send documents in one pass, as when a person asked for them.

        :raises RuntimeError: when not all of them were booked
        """
        with administrator(self.registry) as env:
            env["octopus.call"].sudo().search([]).unlink()
            moves = env["account.move"].browse(move_ids)
            rows = moves._octopus_queue(env.user)
        with administrator(self.registry) as env, recording(self.service) as sent:
            rows = env["octopus.booking"].browse(rows.ids)
            counter = threading.current_thread()
            counter.query_count, counter.query_time = 0, 0
            start = time.perf_counter()
            rows.push(rows.dossier_id, rows)
            seconds = time.perf_counter() - start
            queries = counter.query_count
        with administrator(self.registry) as env:
            rows = env["octopus.booking"].browse(rows.ids)
            if set(rows.mapped("state")) != {"booked"}:
                raise RuntimeError(f"Not all are booked: {rows.mapped('cause_text')}")
            calls = (
                env["octopus.call"].sudo()._read_group([], ["operation"], ["__count"])
            )
        return Pass(seconds, queries, dict(calls), sent)

    def bare_loop(self, sent) -> float:
        """Post the same bodies again, with the next numbers, over one connection; give
        the seconds."""
        again = renumbered(self.service, sent)
        with requests.Session() as session:
            start = time.perf_counter()
            for request in again:
                answer = session.send(request, timeout=TIMEOUT)
                self.service.check(answer)
            seconds = time.perf_counter() - start
        with administrator(self.registry) as env:
            # Octopus is ahead of the mirror now, and what it has looks like documents
            # that come next: comparing them is not what a pass usually does.
            dossier = env["res.company"].browse(self.company_id).octopus_dossier()
            with dossier.client() as octopus:
                Mirror(dossier).journals(octopus)
                for year in env["octopus.booking"].sudo().journal_years(dossier):
                    year.look(octopus)
            entries = env["octopus.journal.entry"].sudo()
            documents = [("journal_type", "!=", "F"), ("booking_id", "=", False)]
            entries.search(documents).unlink()
        return seconds


def company_number(number):
    """Return a Belgian VAT number with right check digits that belongs to a series."""
    first = 8_000_000 + number
    return f"BE0{first}{97 - first % 97:02}"
