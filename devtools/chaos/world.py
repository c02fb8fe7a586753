"""Two linked companies, the pretend Octopus, and what happens to both."""

import copy
import random
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from psycopg2 import Error as PostgresError

import odoo.sql_db
from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL

from odoo.addons.octopus_connector.models.octopus_connection import URL_PARAMETERS

from ..databases import END_SESSIONS
from ..scenario import company as company_parts
from ..scenario import steps
from ..scenario.documents import KINDS, Writer
from ..scenario.session import administrator
from .control import Control
from .event_log import EventLog
from .owners import Owners
from .result import Result
from .states import FOR_A_PERSON
from .workers import Worker

NOT_MOMENTS = ("create_date", "write_date")
# What acts leave in a world, beside its databases.
REMEMBERED = ("event_log", "money", "partners", "made")


@dataclass
class Side:
    """A company and its dossier.

    ``journals``: keys of those its documents go to; ``kinds``: what it can make.
    """

    company_id: int
    number: int
    dossier_id: int
    journals: tuple
    kinds: tuple


class World:
    """Everything acts work on.

    ``for_a_person``: causes of which nobody asks again without having looked.

    :param registry: of the database, which is changed at will
    :param url: of the sandbox, which starts from its seed
    :param login: how Odoo reaches it, see ``devtools.sandbox.Sandbox.login``
    """

    for_a_person = FOR_A_PERSON

    def __init__(self, registry, url, login, seed):
        self.registry = registry
        self.octopus = Control(url)
        self.login = dict(login)
        self.seed = seed
        self.random = random.Random(seed)
        self.result = Result()
        self.event_log = EventLog()
        self.owners = Owners()
        # set by the flow that is about payments
        self.money = None
        self.sides: list[Side] = []
        # contacts by a key that kinds of documents name
        self.partners: dict[str, int] = {}
        self.snapshot = None
        self.yesterday = None
        self.today = None
        self.year = None
        self.made = 0
        # whether payments need no entry here, as in Odoo's Enterprise
        self.is_enterprise = False

    # A schedule

    def begin(self, step):
        """Begin a step: what it draws is decided by the seed and its own number, and
        not by the steps before it.

        :param step: anything that tells it from the others
        """
        self.random = random.Random(f"{self.seed} {step}")

    def look(self):
        """See what the last act did in Octopus, and to which documents."""
        self.owners.look(self)
        for side in self.sides:
            self.documents(side)

    # Odoo

    @contextmanager
    def admin(self):
        """Give the environment of the administrator; committed at the end."""
        with administrator(self.registry) as env:
            yield env

    def as_admin(self, work, *args):
        """Do something as a person does; what Odoo or PostgreSQL refuses is undone,
        and started anew when somebody else was at the same, as Odoo's server does: the
        same is drawn then, and what was noted of it is forgotten.

        :return: what ``work`` gives, ``False`` when it was refused
        """
        before = self._memory()

        def begin(env):
            self._remember(before)
            return work(env, *args)

        try:
            with self.admin() as env:
                return retrying(partial(begin, env), env)
        except (UserError, PostgresError):
            self._remember(before)
            self.event_log.refused += 1
            return False

    def _memory(self):
        """Return what acts leave here, and what is drawn next."""
        noted = {name: copy.deepcopy(getattr(self, name)) for name in REMEMBERED}
        return self.random.getstate(), noted

    def _remember(self, memory):
        state, noted = memory
        self.random.setstate(state)
        for name, value in copy.deepcopy(noted).items():
            setattr(self, name, value)

    @contextmanager
    def query(self):
        """Give a cursor; committed at the end."""
        with self.registry.cursor() as cr:
            yield cr

    def rows(self, statement, *values):
        """Run a query and give its rows."""
        with self.query() as cr:
            cr.execute(statement, values)
            return cr.fetchall()

    def worker(self, name, work):
        """Start a worker process that does ``work()``."""
        self.octopus.hang_up()
        return Worker(self.registry, name, work)

    def do(self, name, work):
        """Do what a worker that nobody kills would do, in this process: that is as
        real, and costs no new connections."""
        try:
            work()
        except Exception:
            self.result.note("crashes", f"{name}\n{traceback.format_exc()}")
        self._check_claims()

    def finish(self, *workers, bad=()):
        """Wait for workers; note those that ended badly by themselves.

        :param bad: texts of errors that were to be expected
        """
        for worker in workers:
            worker.end()
        kills = sum(worker.killed for worker in workers)
        self.result.kills += kills
        if kills:
            # Odoo gives a scheduled action a rest that was killed three times running.
            with self.query() as cr:
                cr.execute("UPDATE ir_cron_progress SET timed_out_counter = 0")
        for worker in workers:
            if worker.error and not any(text in worker.error for text in bad):
                self.result.note("crashes", f"{worker.name}\n{worker.error}")
        self._check_claims()

    def _check_claims(self):
        """No number is promised twice, and one document at a time is under way."""
        twice = self.rows(
            """
            SELECT journal_year_id, number, array_agg(document_name)
              FROM octopus_booking WHERE number > 0 AND state <> 'gone'
             GROUP BY 1, 2 HAVING count(*) > 1
             UNION ALL
            SELECT journal_year_id, 0, array_agg(document_name)
              FROM octopus_booking WHERE state IN ('sending', 'unknown')
             GROUP BY 1 HAVING count(*) > 1
            """
        )
        for journal_year_id, number, names in twice:
            told = f"journal {journal_year_id}: {number or 'under way'} {names}"
            self.result.note("wrong", told)

    def forget_faults(self):
        """Plan no faults any more; those that were met are counted."""
        self.result.faults.update(self.octopus.met())
        self.octopus.ask("/faults", "DELETE")

    # Time

    def jump(self, **duration):
        """Let time go by: Octopus's clock moves on, and every moment that Odoo wrote
        down moves further into the past."""
        self.octopus.ask("/clock", "POST", **duration)
        today = date.fromisoformat(self.octopus.ask("/state")["today"])
        days, self.today = (today - self.today).days, today
        interval = ", ".join(f"{name} => {number}" for name, number in duration.items())
        interval = interval.replace("minutes", "mins")
        with self.query() as cr:
            for table, columns in self._moments(cr).items():
                sets = ", ".join(
                    f"{name} = {name} - make_interval({interval})" for name in columns
                )
                cr.execute(f"UPDATE {table} SET {sets}")
            if days:
                cr.execute("UPDATE octopus_call SET quota_day = quota_day - %s", [days])

    def _moments(self, cr):
        cr.execute(
            """
            SELECT table_name, array_agg(column_name::text)
              FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name LIKE 'octopus\\_%%'
               AND data_type LIKE 'timestamp%%' AND column_name <> ALL(%s)
             GROUP BY table_name
            """,
            [list(NOT_MOMENTS)],
        )
        return dict(cr.fetchall())

    # Backups

    @property
    def database(self):
        return self.registry.db_name

    def back_up(self):
        """Copy the database, as every night."""
        close_db(self.database)
        name = f"{self.database}_yesterday"
        self._drop(name)
        self._administer("CREATE DATABASE %s TEMPLATE %s", name, self.database)
        self.snapshot = name
        self.event_log.rewritten = set()
        self.yesterday = copy.deepcopy(self.event_log)

    def restore(self):
        """Put yesterday's copy back."""
        close_db(self.database)
        self._drop(self.database)
        self._administer("CREATE DATABASE %s TEMPLATE %s", self.database, self.snapshot)
        self.registry.clear_all_caches()
        self._confirm()
        known = {id_ for [id_] in self.rows("SELECT id FROM res_partner")}
        self.partners = {key: id_ for key, id_ in self.partners.items() if id_ in known}
        self.event_log.forget_since(self.yesterday)
        self.event_log.keep(self.owners.lose(self))

    def _confirm(self):
        """Say that this is the real database, as a person does with one that was put
        back."""
        with self.admin() as env:
            env["octopus.connection"].search([]).action_confirm_database()

    def forget_backup(self):
        """Drop the copy."""
        self._drop(self.snapshot)
        self.snapshot = None

    def _drop(self, name):
        """Drop a database, whoever is connected."""
        with db_connect("postgres").cursor() as cr:
            cr.execute(END_SESSIONS, [name])
        self._administer("DROP DATABASE IF EXISTS %s", name)

    @staticmethod
    def _administer(statement, *names):
        with db_connect("postgres").cursor() as cr:
            # Databases are made and dropped outside any transaction.
            cr._cnx.autocommit = True
            cr.execute(SQL(statement, *map(SQL.identifier, names)))
        odoo.sql_db.close_db("postgres")

    # Making it

    def make(self):
        """Make the companies, link them and accept what is proposed: the part that is
        the same for every seed."""
        main, branch, *_others = self._look_round()["dossiers"]
        with self.admin() as env:
            steps.connect(env, **self.login)
            companies = steps.build(
                env,
                _plain(main["vat_number"]),
                main["name"],
                [{"name": branch["name"], "vat": _plain(branch["vat_number"])}],
                main["banks"]["F1"],
            )
        for company_id, dossier in zip(companies, (main, branch), strict=True):
            with self.admin() as env:
                steps.link(env, company_id, dossier["id"])
                side = self._enter(env, env["res.company"].browse(company_id))
                # What no document has needs no mapping, so there is one of each kind.
                for kind in side.kinds:
                    self.writer(env, side).write(kind)
                steps.map_all(env, company_id, "euro_per_foreign")

    def open(self, switches):
        """Begin on a copy of what was made.

        :param switches: the open questions of the contract, as they are answered here
        """
        self.octopus.ask("/switches", "PUT", **switches)
        self._look_round()
        self._confirm()
        direction = {"multiply": "euro_per_foreign", "divide": "foreign_per_euro"}
        transport = self.login["transport"]
        with self.admin() as env:
            edition = env["account.move"]._get_invoice_in_payment_state()
            self.is_enterprise = edition == "in_payment"
            parameters = env["ir.config_parameter"]
            parameters.set_param(URL_PARAMETERS[transport], self.login["url"])
            env["octopus.connection"].search([]).transport = transport
            linked = [("octopus_dossier_id", "!=", False)]
            for company in env["res.company"].search(linked, order="id"):
                self.sides.append(self._enter(env, company))
                dossier = company.octopus_dossier()
                dossier.exchange_rate_direction = direction[switches["exchange_rate"]]

    def _look_round(self):
        state = self.octopus.ask("/state")
        self.today = date.fromisoformat(state["today"])
        self.year = self.today.year
        return state

    def _enter(self, env, company):
        dossier = company.octopus_dossier()
        journals = company_parts.kind_journals(company.octopus_settings())
        for key, partner in company_parts.known_partners(env).items():
            self.partners[key] = partner.id
        of_branch = [kind for kind in KINDS if kind.name in steps.BRANCH_KINDS]
        return Side(
            company.id,
            dossier.octopus_id,
            dossier.id,
            tuple(journals.mapped("key")),
            tuple(of_branch if company.parent_id else KINDS),
        )

    # What acts choose from

    def side(self):
        """One of the companies."""
        return self.random.choice(self.sides)

    def writer(self, env, side, day=None):
        """Who makes documents of a company."""
        company = env["res.company"].browse(side.company_id)
        partners = {
            key: env["res.partner"].browse(partner_id)
            for key, partner_id in self.partners.items()
        }
        return Writer(company, partners, day or fields.Date.today())

    def documents(self, side):
        """Return the purchases and sales that stand in a dossier, by their key."""
        found = self.octopus.documents(side.number)
        self.owners.see(self, side, found)
        return found


def _plain(vat):
    return vat.replace(".", "").replace(" ", "")
