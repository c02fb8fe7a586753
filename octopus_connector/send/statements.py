"""What a sender notes of a row, in one statement each: the number that it claims before
the call, and the answer after it; and what is told in the history of those it sent.

The ORM takes several queries for either: it reads what depends on the row, and writes
the row, its document and its journal one after the other. A sender does this for every
row, and little else. What is written is what the ORM would write
(``tests/models/test_statements.py``); where an automation rule or another addon follows
a row, the ORM writes it.
"""

from __future__ import annotations

from functools import lru_cache
from weakref import WeakKeyDictionary

from markupsafe import escape

from odoo import fields
from odoo.tools import SQL

from .. import repeated

# What of a row its document shows, in stored fields: lists are searched by them. More
# than the state is shown only of what is ready, and that is not written here.
_SHOWN_OF = "octopus.booking"
_SHOWN = {"octopus_state": "state", "octopus_number": "octopus_number"}
# What the ORM computes and stores of a row, and of its document.
_COMPUTED = {"journal_id", "bookyear_id", "octopus_number"}
_COMPUTED_OF_DOCUMENT = {"octopus_booking_id", *_SHOWN}
# What :func:`_depending` found of a model, and in what.
_DEPENDING: WeakKeyDictionary[type, tuple[dict, dict]] = WeakKeyDictionary()
# Whose ways of making and writing a row do no more than these statements.
_KNOWN = ("odoo.orm.", "odoo.addons.mail.", "odoo.addons.octopus_connector.")
# What an automation rule stands before; the method itself is in its ``origin``.
_WATCHED = ("create", "write", "_compute_field_value")


def claim(row, values: dict) -> None:
    """Write that a row claims a number.

    :param row: one of the outbox, in sudo
    :param values: as for ``write``, with ``journal_year_id`` and ``number``
    """
    if is_followed(row, values):
        row.write(values)
        return
    year = row.env["octopus.journal.year"].browse(values["journal_year_id"])
    named = {
        "journal_id": year.journal_id.id,
        "bookyear_id": year.bookyear_id.id,
        "octopus_number": year.number_name(values["number"]),
    }
    _write(row, values | named)


def set_booked(row, values: dict) -> None:
    """Write that Octopus has a row under the number that it claimed.

    :param row: one of the outbox, in sudo
    :param values: as for ``write``
    """
    if not is_followed(row, values):
        _write(row, values, counts=True)
        return
    row.write(values)
    row.flush_recordset()
    row.env.cr.execute(
        SQL(
            "WITH sent AS (SELECT journal_year_id, number FROM %s WHERE id = %s) %s",
            SQL.identifier(row._table),
            row.id,
            _last_number(),
        )
    )
    row.journal_year_id.invalidate_recordset(flush=False)


def log(records, texts) -> None:
    """Write a note in the history of records, as ``_message_log_batch`` does: the ORM
    makes the first one, and one statement those that differ in record and text only.

    :param records: of a model with a history, in sudo
    :param texts: plain, by id
    """
    records, others = records[:1], records[1:]
    message = records._message_log_batch(texts)
    if not others:
        return
    if _is_history_followed(others, message):
        others._message_log_batch(texts)
        return
    message.flush_recordset()
    html = message._fields["body"].convert_to_column_insert
    bodies = [html(escape(texts[record.id]), message) for record in others]
    own = {"id", "res_id", "body"}
    same = [name for name in _columns(message) if name not in own]
    columns = SQL(", ").join(SQL.identifier(name) for name in same)
    message.env.cr.execute(
        SQL(
            """
            INSERT INTO mail_message (res_id, body, %s)
            SELECT other.res_id, other.body, %s
              FROM mail_message, unnest(%s, %s) AS other (res_id, body)
             WHERE mail_message.id = %s
            """,
            columns,
            SQL(", ").join(SQL.identifier("mail_message", name) for name in same),
            list(others.ids),
            bodies,
            message.id,
        )
    )
    others.invalidate_recordset()


def _is_history_followed(records, messages):
    """Whether more follows from a note than the statement of :func:`log` writes."""
    return (
        _is_overridden(records, ("_message_log_batch", "_message_create"))
        or _is_overridden(messages, ("create",))
        or _is_watched(messages, ("create", "_compute_field_value"))
        or _is_constrained(messages, _columns(messages))
        or bool(_depending(messages, _columns(messages)))
    )


def _columns(records):
    return [name for name, it in records._fields.items() if it.store and it.column_type]


def is_followed(rows, names) -> bool:
    """Whether more depends on what is written than the statements of this room write:
    the ORM writes it then.

    :param rows: of the outbox
    :param names: fields that are written
    """
    if (
        _is_overridden(rows)
        or _is_watched(rows)
        or _is_watched(rows.env["account.move"])
    ):
        return True
    if not all(rows._fields[name].column_type for name in names):
        return True
    if _is_constrained(rows, names):
        return True
    known = {rows._name: _COMPUTED, "account.move": _COMPUTED_OF_DOCUMENT}
    return any(
        name not in known.get(model, ()) for model, name in _depending(rows, names)
    )


def _depending(records, names):
    """Return the stored fields that depend on some, as ``{(model, name)}``; asked for
    every row, and remembered until the registry sets up its fields anew."""
    triggers = records.pool._field_triggers
    known_for, found = _DEPENDING.get(type(records), (None, {}))
    if known_for is not triggers:
        found = {}
        _DEPENDING[type(records)] = triggers, found
    key = frozenset(names)
    if key not in found:
        found[key] = {
            (field.model_name, field.name)
            for name in names
            for field in records.pool.get_dependent_fields(records._fields[name])
            if field.store and (field.column_type or field.compute)
        }
    return found[key]


def _is_constrained(records, names):
    return any(set(names) & set(it._constrains) for it in records._constraint_methods)


def _is_watched(model, names=_WATCHED):
    return any(hasattr(getattr(model, name), "origin") for name in names)


def _is_overridden(records, names=("create", "write")):
    """Whether another addon extends how records are made or written."""
    return any(
        name in vars(kind) and not kind.__module__.startswith(_KNOWN)
        for kind in type(records).__mro__
        for name in names
    )


def _last_number():
    """Return the statement that counts a booking of ours, ``sent``.

    It may be the last one of its journal now; after one of others that was not looked
    at, it is no proof that all is known up to its number.
    """
    return SQL(
        """
        UPDATE octopus_journal_year AS year
           SET last_number = greatest(year.last_number, sent.number),
               accounted_number = CASE
                   WHEN coalesce(year.accounted_number, 0) < sent.number - 1
                   THEN year.accounted_number
                   ELSE greatest(year.accounted_number, sent.number)
               END,
               read_at = %s
          FROM sent
         WHERE year.id = sent.journal_year_id
        """,
        fields.Datetime.now(),
    )


def _write(row, values, counts=False):
    """Write a row, and what its document shows of it, and forget what was read.

    :param counts: its journal counts it too (:func:`_last_number`)
    """
    env = row.env
    env.flush_all()
    columns = tuple((name, row._fields[name].column_type[1]) for name in values)
    is_shown = row._name == _SHOWN_OF
    params = [
        *(
            row._fields[name].convert_to_column_insert(value, row)
            for name, value in values.items()
        ),
        env.uid,
        row.id,
        *([fields.Datetime.now()] if counts else ()),
        *([env.uid] if is_shown else ()),
    ]
    code = _code(row._table, columns, counts, is_shown)
    repeated.execute(env.cr, SQL(code, *params))
    env.invalidate_all(flush=False)


@lru_cache(maxsize=64)
def _code(table, columns, counts, is_shown):
    """Return the code of the statement of :func:`_write`, which is the same for row
    after row: composing it takes as long as carrying it out.

    :param table: of the row; ``sent`` is the row as it is then
    :param columns: that are written, each with its type
    """
    values = {name: SQL("%s::%s", None, SQL(type_)) for name, type_ in columns}
    return SQL(
        "WITH sent AS (UPDATE %s SET %s WHERE id = %s RETURNING *)%s %s",
        SQL.identifier(table),
        _assigned(values),
        None,
        SQL(", year AS (%s)", _last_number()) if counts else SQL(),
        _shown() if is_shown else SQL("SELECT FROM sent"),
    ).code


def _shown():
    """Return the statement that writes what the document of a row shows."""
    columns = {name: SQL("sent.%s", SQL.identifier(of)) for name, of in _SHOWN.items()}
    return SQL(
        """
        UPDATE account_move AS document
           SET %s
          FROM sent
         WHERE document.id = sent.move_id AND document.octopus_booking_id = sent.id
        """,
        _assigned(columns),
    )


def _assigned(columns):
    """Return the assignments of columns, and of who writes them when."""
    written = {
        **columns,
        "write_uid": SQL("%s", None),
        "write_date": SQL("now() AT TIME ZONE 'UTC'"),
    }
    return SQL(", ").join(
        SQL("%s = %s", SQL.identifier(name), value) for name, value in written.items()
    )
