"""Statements that are repeated for every row: PostgreSQL plans each of them once.

Planning one of them takes several times what carrying it out does. psycopg2, unlike its
successor, does not prepare what it is given again and again, so it is asked for here.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4
from weakref import WeakKeyDictionary

from psycopg2 import errors

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# What a cursor is asked less often is not worth it.
OFTEN = 3
# What is said of a statement that is there no more, as where a pooler gives each
# transaction another connection, or of one whose tables became others.
_LOST = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)


@dataclass
class _Prepared:
    """What a cursor asked, by its code: how often, and the command that has carried out
    what is prepared. That is gone when the pool lends the connection anew."""

    asked: Counter = field(default_factory=Counter)
    commands: dict[str, str] = field(default_factory=dict)


_PREPARED: WeakKeyDictionary[object, _Prepared] = WeakKeyDictionary()


class _Server:
    """Whether this process may have statements prepared."""

    prepares = True


def execute(cr, statement: SQL) -> None:
    """Execute a statement, as ``cr.execute`` does; what it gives is fetched as usual.

    :param statement: one command, whose code is the same each time: lists go with
        ``= ANY(%s)``, and where nothing else tells the type of a value a cast does
    :raises psycopg2.errors.SerializationFailure: also when it must be executed in
        another way from now on: whoever retries finds it done so
    """
    command = _command_for(cr, statement) if _Server.prepares else None
    if not command:
        cr.execute(statement)
        return
    try:
        cr.execute(SQL(command, *statement.params))
    except _LOST as error:
        _Server.prepares = False
        _logger.warning("Statements are not prepared any more: %s", error)
        raise errors.SerializationFailure(str(error)) from error


def spelled_out(names) -> SQL:
    """Return a list of names, as ``IN`` takes it, that is part of a statement's code.

    What is planned once is planned without its values: whether a partial index holds
    what is looked for, PostgreSQL sees only in what is written out. As values they have
    each execution planned anew, which takes longer than all the rest.

    :param names: words of the addon's own code, as states; never what somebody entered
    :raises ValueError: one is more than a word
    """
    if strange := [name for name in names if not name.isidentifier()]:
        raise ValueError(f"No names of ours: {strange}")
    quoted = [f"'{name}'" for name in names]
    return SQL(f"({', '.join(quoted)})")


def _command_for(cr, statement):
    """Return the command that has a statement carried out as it was prepared; ``None``
    while it was not asked often."""
    prepared = _PREPARED.setdefault(cr, _Prepared())
    code = statement.code
    if code not in prepared.commands:
        prepared.asked[code] += 1
        if prepared.asked[code] < OFTEN:
            return None
        prepared.commands[code] = _prepare(cr, statement)
    return prepared.commands[code]


def _prepare(cr, statement):
    # Nobody else's, whoever uses the connection besides.
    name = f"octopus_{uuid4().hex}"
    places = [f"${place}" for place, _value in enumerate(statement.params, 1)]
    code = (statement.code % tuple(places)).replace("%", "%%")
    cr.execute(SQL("PREPARE %s AS %s", SQL.identifier(name), SQL(code)))
    return f"EXECUTE {name} ({', '.join(['%s'] * len(places))})"
