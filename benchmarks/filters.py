"""The addon's filters on invoices, and its look-up of a contact: what PostgreSQL takes
for all statements of each, by its own clock.

Targets: issue 14. The documents and the relations are copies, made in SQL.
"""

import ast
from contextlib import contextmanager

from lxml import etree

from odoo.tools import SQL

from odoo.addons.octopus_connector.prepare.relations import Relations

from devtools.scenario.session import administrator

from .figures import Figure
from .queue import Filler

INVOICES, RELATIONS, FEW, PAGE = 100_000, 20_000, 100, 80
TIMES, MOST_MILLISECONDS = 7, 1
# It prepares the documents that are not sent, as sending does: of a queue of any length
# the newest 200.
PREPARES, MOST_PREPARING = "octopus_will_stop", 15
FILLED = (
    "account_move",
    "account_move_line",
    "account_move_line_account_tax_rel",
    "octopus_booking",
    "octopus_relation",
)
SALES = [("move_type", "in", ["out_invoice", "out_refund", "out_receipt"])]
# What a search field and an action ask for.
OTHERS = {
    "octopus_number": [("octopus_number", "ilike", "/ 4217")],
    "octopus_not_asked": [("octopus_not_asked", "=", True)],
}


def measure(bench):
    """Yield the milliseconds of each filter, and of a look-up."""
    fill(bench)
    [newcomer] = bench.partners(1)
    with administrator(bench.registry) as env:
        moves = env["account.move"]
        for name, domain in {**filters_of(env), **OTHERS}.items():
            taken = milliseconds(
                env, lambda it=domain: moves.search([*SALES, *it], limit=PAGE)
            )
            told = f"filter {name.removeprefix('octopus_')}, {INVOICES} invoices"
            most = MOST_PREPARING if name == PREPARES else MOST_MILLISECONDS
            yield Figure(told, taken, "ms", most)
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        partner = env["res.partner"].browse(newcomer)
        relations = Relations(env, dossier)
        taken = milliseconds(env, lambda: relations.find(partner))
        told = f"look-up of a new contact, {RELATIONS} relations"
        yield Figure(told, taken, "ms", MOST_MILLISECONDS)


def filters_of(env):
    """Return the domains of the addon's filters, by name."""
    view = env.ref("account.view_account_invoice_filter").id
    [arch] = [
        it["arch"]
        for it in env["account.move"].get_views([[view, "search"]])["views"].values()
    ]
    return {
        it.get("name"): ast.literal_eval(it.get("domain"))
        for it in etree.fromstring(arch).iter("filter")
        if it.get("name").startswith("octopus_")
    }


def fill(bench):
    """Copy a booked document many times, and a relation; let a few documents stand
    otherwise."""
    partners = bench.partners(1)
    [sample] = bench.documents(1, partners)
    bench.push([sample])
    copies = Filler(bench, sample)
    copies.add(INVOICES, "booked")
    copies.add(5 * FEW, "ready")
    with administrator(bench.registry) as env:
        for state in ("blocked", "waiting", "changed"):
            _set_state(env, state)
        env.cr.execute(
            "UPDATE octopus_booking SET attachment_state ="
            " CASE WHEN id % 1000 = 0 THEN 'none' ELSE 'sent' END"
            " WHERE state = 'booked'"
        )
        env.cr.execute(
            "UPDATE account_move SET octopus_number = 'V1 / 2025 / ' || id"
            " WHERE octopus_state = 'booked'"
        )
        _copy_relations(env, bench.company_id)
    with bench.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")


def _set_state(env, state):
    """Let some of the copies that are ready stand in a state."""
    env.cr.execute(
        """
        WITH chosen AS (
            SELECT id FROM octopus_booking
             WHERE state = 'ready' ORDER BY id LIMIT %s
        ), changed AS (
            UPDATE octopus_booking AS row SET state = %s
              FROM chosen WHERE chosen.id = row.id
            RETURNING row.id, row.state
        )
        UPDATE account_move AS move SET octopus_state = changed.state
          FROM changed WHERE changed.id = move.octopus_booking_id
        """,
        [FEW, state],
    )


def _copy_relations(env, company_id):
    """Make relations of a dossier that no contact has."""
    dossier = env["res.company"].browse(company_id).octopus_dossier()
    env.cr.execute(
        """
        INSERT INTO octopus_relation
               (dossier_id, octopus_id, external_id, name, name_key, vat_number,
                vat_digits, is_client, active, deleted)
        SELECT %s, 1000000 + number, 2000000 + number, 'Relation ' || number,
               'relation ' || number, 'BE' || 3000000000 + number,
               (3000000000 + number)::text, TRUE, TRUE, FALSE
          FROM generate_series(1, %s) AS number
        """,
        [dossier.id, RELATIONS],
    )


def milliseconds(env, act) -> float:
    """Return what the statements of an act take at best, by PostgreSQL's own clock."""
    env.invalidate_all()
    with recording(env.cr) as statements:
        act()
    return min(_taken(env, statements) for _time in range(TIMES))


def _taken(env, statements) -> float:
    taken = 0
    for query, parameters in statements:
        env.cr.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", parameters)
        [[[plan]]] = env.cr.fetchall()
        taken += plan["Execution Time"]
    return taken


@contextmanager
def recording(cr):
    """Keep the statements that go through a cursor, for a ``with``."""
    statements, execute = [], cr.execute

    def keep(query, params=None, log_exceptions=True):
        if isinstance(query, SQL):
            statements.append((query.code, query.params))
        else:
            statements.append((query, params))
        return execute(query, params, log_exceptions)

    cr.execute = keep
    try:
        yield statements
    finally:
        del cr.execute
