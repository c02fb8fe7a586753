"""Which relations have a name like that of contacts: told by PostgreSQL (pg_trgm).

The ORM has no word for "alike"; this is the one place where it is asked in SQL. Odoo
installs the extension with each database where PostgreSQL has it; without it no name is
alike, and those that are the same are found all the same. Why trigrams, and not a
library: docs/architecture.md.
"""

from __future__ import annotations

from odoo.tools import SQL

from ..core.find_relation import joined_key, name_key
from ..core.propose_relations import ALIKE

# An index costs more than it saves for fewer contacts than this.
FEW = 20
# Two ways to write a name; the one by which two are more alike counts.
KEYS = (name_key, joined_key)


def similar_names(dossier, names) -> dict[tuple[int, int], float]:
    """Return the relations whose names are like those of contacts.

    :param dossier: one ``octopus.dossier``
    :param names: ``{contact id: its name}``
    :return: ``{(contact id, relation id): 0 to 1}``, from
        :data:`~.core.propose_relations.ALIKE` on
    """
    env = dossier.env
    if not names or not env.registry.has_trigram:
        return {}
    rows = env["octopus.relation"].sudo().with_context(active_test=False)
    live = [("dossier_id", "=", dossier.id), ("deleted", "=", False)]
    relations = rows.search_fetch(live, ["name", "first_name"])
    query = _few if len(names) <= FEW else _many
    found = {}
    for key in KEYS:
        ours = {one: key(name) for one, name in names.items()}
        theirs = {row.id: key(row.name, row.first_name) for row in relations}
        for us, them, alike in query(env, ours, theirs):
            found[us, them] = max(alike, found.get((us, them), 0))
    return found


def _few(env, ours, theirs):
    return env.execute_query(
        SQL(
            """
            SELECT us.id, them.id, similarity(us.name, them.name)
              FROM unnest(%s::int[], %s::text[]) AS us (id, name)
              JOIN unnest(%s::int[], %s::text[]) AS them (id, name)
                ON similarity(us.name, them.name) >= %s
            """,
            *(list(ours), list(ours.values())),
            *(list(theirs), list(theirs.values())),
            ALIKE,
        )
    )


def _many(env, ours, theirs):
    """Ask an index of trigrams, made for this question: a name is compared with those
    that share some, and with no other."""
    for statement in (
        SQL("DROP TABLE IF EXISTS octopus_names_there"),
        SQL(
            "CREATE TEMPORARY TABLE octopus_names_there ON COMMIT DROP AS"
            " SELECT * FROM unnest(%s::int[], %s::text[]) AS them (id, name)",
            list(theirs),
            list(theirs.values()),
        ),
        SQL("CREATE INDEX ON octopus_names_there USING gin (name gin_trgm_ops)"),
        SQL("ANALYZE octopus_names_there"),
        # What the operator means by alike, in this transaction.
        SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, TRUE)", str(ALIKE)),
    ):
        env.cr.execute(statement)
    return env.execute_query(
        SQL(
            """
            SELECT us.id, them.id, similarity(us.name, them.name)
              FROM unnest(%s::int[], %s::text[]) AS us (id, name)
              JOIN octopus_names_there AS them ON us.name %% them.name
            """,
            list(ours),
            list(ours.values()),
        )
    )
