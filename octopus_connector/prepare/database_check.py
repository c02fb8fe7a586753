"""Whether this is the database that was connected, or perhaps a copy of it.

It is a question about the database: what one login remembers holds for all of them,
also for a new one.
"""

from __future__ import annotations

from ..database import FACTS, differences, facts, remember


def remembering(env):
    """Return the ``octopus.connection`` that worked in some database, in sudo.

    :param env: any environment
    """
    every = env["octopus.connection"].sudo().with_context(active_test=False)
    return every.search_fetch(
        [("database_uuid", "!=", False)], ["database_facts", "database_uuid"]
    )


def database_differences(env) -> dict:
    """Return what is not as in the database that was connected.

    :param env: any environment
    :return: ``{fact: (as it was, as it is)}``, in the order of ``database.FACTS``;
        empty when this is it
    """
    now, found = facts(env), {}
    for connection in remembering(env):
        known = {**(connection.database_facts or {}), "uuid": connection.database_uuid}
        found |= differences(known, now)
    return {fact: found[fact] for fact in FACTS if fact in found}


def remember_database(connections):
    """Note that this is the database that may call.

    :param connections: ``octopus.connection``
    """
    now = facts(connections.env)
    for connection in connections.sudo():
        connection.write(
            {
                "database_facts": remember(now, connection.database_facts),
                "database_uuid": now["uuid"],
            }
        )
