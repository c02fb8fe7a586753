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


def similar_names(dossier, names) -> dict[tuple[int, int], float]:
    """Return the relations whose names are like those of contacts.

    Both ways to write a name are compared, and the one by which two are more alike
    counts. Those of relations are kept with them, so that none is read for it.

    :param dossier: one ``octopus.dossier``
    :param names: ``{contact id: its name}``
    :return: ``{(contact id, relation id): 0 to 1}``, from
        :data:`~.core.propose_relations.ALIKE` on
    """
    env = dossier.env
    if not names or not env.registry.has_trigram:
        return {}
    env["octopus.relation"].flush_model(
        ["dossier_id", "deleted", "name_key", "joined_key"]
    )
    us = SQL(
        "unnest(%s::int[], %s::text[], %s::text[]) AS us (id, name_key, joined_key)",
        list(names),
        [name_key(name) for name in names.values()],
        [joined_key(name) for name in names.values()],
    )
    query = _few if len(names) <= FEW else _many
    found = query(env, us, dossier.id)
    return {(one, other): alike for one, other, alike in found}


# Either key may be missing.
ALIKENESS = SQL(
    """
    GREATEST(
        similarity(us.name_key, them.name_key),
        similarity(us.joined_key, them.joined_key)
    )
    """
)


def _few(env, us, dossier_id):
    return env.execute_query(
        SQL(
            """
            SELECT us.id, them.id, %(alike)s
              FROM %(us)s
              JOIN octopus_relation AS them ON %(alike)s >= %(least)s
             WHERE them.dossier_id = %(dossier)s AND them.deleted IS NOT TRUE
            """,
            alike=ALIKENESS,
            us=us,
            least=ALIKE,
            dossier=dossier_id,
        )
    )


def _many(env, us, dossier_id):
    """Ask indexes of trigrams, made for this question: a name is compared with those
    that share some, and with no other."""
    for statement in (
        SQL("DROP TABLE IF EXISTS octopus_names_there"),
        SQL(
            "CREATE TEMPORARY TABLE octopus_names_there ON COMMIT DROP AS"
            " SELECT id, name_key, joined_key FROM octopus_relation"
            " WHERE dossier_id = %s AND deleted IS NOT TRUE",
            dossier_id,
        ),
        SQL("CREATE INDEX ON octopus_names_there USING gin (name_key gin_trgm_ops)"),
        SQL("CREATE INDEX ON octopus_names_there USING gin (joined_key gin_trgm_ops)"),
        SQL("ANALYZE octopus_names_there"),
        # What the operator means by alike, in this transaction.
        SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, TRUE)", str(ALIKE)),
    ):
        env.cr.execute(statement)
    return env.execute_query(
        SQL(
            """
            WITH us AS (SELECT * FROM %(us)s)
            SELECT us.id, them.id, %(alike)s
              FROM us
              JOIN octopus_names_there AS them ON us.name_key %% them.name_key
             UNION
            SELECT us.id, them.id, %(alike)s
              FROM us
              JOIN octopus_names_there AS them ON us.joined_key %% them.joined_key
            """,
            us=us,
            alike=ALIKENESS,
        )
    )
