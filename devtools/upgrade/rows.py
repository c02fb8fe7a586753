"""What a database keeps of the addon, row by row, before and after an upgrade."""

import json
from collections import Counter
from dataclasses import dataclass, field

# Odoo's own tables: of these our columns count.
EXTENDED = (
    "account_journal",
    "account_move",
    "account_payment",
    "res_company",
    "res_partner",
)
# Written by every upgrade, or by reading alone.
NOT_KEPT = {"write_date", "write_uid"}
# What an upgrade changes on purpose, and why.
CHANGED = {
    ("octopus_payment", "fingerprint"): "exchange differences are part of a payment",
    ("octopus_tax_mapping", "accepted_as"): "what a tax was is remembered",
}
# Values that have another name today: before and after.
# Compared, not looked up: the values of other columns are lists and dicts.
RENAMED_VALUES = [
    # What somebody asked for is told apart from what nobody sent.
    ("account_move", "octopus_state", "ready", "queued"),
]
# Columns, and tables of links, that have another name today; where a database does not
# have it yet, the older one is looked at.
RENAMED = {
    ("octopus_balancing", "verdict"): "decision",
    ("octopus_payment_entry", "payload"): "data",
}
RENAMED_TABLES = {
    "octopus_payment_entry_other_rel": "octopus_journal_entry_other_payment_rel",
}
# Rows that stand in another table today: which one, and by which columns a row is found
# there; every column of them is kept.
MOVED = {
    "octopus_payment_entry": ("octopus_journal_entry", ("journal_year_id", "number")),
}
# Columns that point to such rows, and how values that are JSON name their model.
REFERENCES = {
    ("octopus_payment", "entry_id"): "octopus_payment_entry",
    ("octopus_payment_entry_other_rel", "entry_id"): "octopus_payment_entry",
}
MODELS = {
    "octopus.payment.entry": ("octopus_payment_entry", "octopus.journal.entry"),
}
# Rows are read as JSON, since a table may have any columns.
TABLES = """
    SELECT table_name::text FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
       AND table_name LIKE 'octopus\\_%%'
       AND table_name NOT IN
           (SELECT replace(model, '.', '_') FROM ir_model WHERE transient)
"""


def read(postgres, database) -> dict:
    """Read the tables of the addon, and its columns in Odoo's own.

    :param postgres: :class:`~devtools.postgres.GivenPostgres`
    :return: ``{table: {key: {column: value}}}``; the key of a row is its id, or all of
        it where it has none
    """
    found = {}
    names = [name for [name] in postgres.query(TABLES, database=database)]
    for name in sorted([*names, *EXTENDED]):
        rows = postgres.query(
            f"SELECT to_jsonb(t)::text FROM {name} t", database=database
        )
        rows = [json.loads(text) for [text] in rows]
        if name in EXTENDED:
            rows = [_ours(row) for row in rows]
        found[name] = {
            row.get("id") or json.dumps(row, sort_keys=True): row for row in rows
        }
    return found


def _ours(row):
    return {
        name: value
        for name, value in row.items()
        if name == "id" or name.startswith("octopus_")
    }


@dataclass
class Comparison:
    """What an upgrade did to rows.

    ``rows``: how many there were in each table; ``lost``: a sentence for each row that
    is not there any more; ``changed``: ``{(table, column): how many rows have another
    value}``; ``examples``: one of them each; ``left_out``: columns that are not there
    any more; ``moved``: ``{table: {id before: id now}}``.
    """

    rows: Counter = field(default_factory=Counter)
    lost: list = field(default_factory=list)
    changed: Counter = field(default_factory=Counter)
    examples: dict = field(default_factory=dict)
    left_out: set = field(default_factory=set)
    moved: dict = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """A sentence for all that should not be."""
        return self.lost + [
            f"{table}.{column} is another value in {count} rows, such as {example}"
            for (table, column), count in self.changed.items()
            if (table, column) not in CHANGED
            for example in [self.examples[table, column]]
        ]

    @property
    def notes(self) -> list[str]:
        """A sentence for all that changed on purpose."""
        return [
            *(
                f"{table}.{column} changed in {count} rows: {CHANGED[table, column]}"
                for (table, column), count in self.changed.items()
                if (table, column) in CHANGED
            ),
            *(f"{table}.{column} is kept no more" for table, column in self.left_out),
            *(
                f"{len(ids)} rows of {table} stand in {MOVED[table][0]} now"
                for table, ids in self.moved.items()
            ),
        ]


def compare(before, after) -> Comparison:
    """Hold the rows of a database against what they were; both as of :func:`read`."""
    result = Comparison(
        rows=Counter({name: len(rows) for name, rows in before.items()})
    )
    for table in MOVED:
        if table in before and table not in after:
            _find_moved(result, table, before[table], after)
    for table, rows in before.items():
        name = table if table in after else RENAMED_TABLES.get(table, table)
        if table in result.moved:
            _compare_moved(result, table, rows, after)
        elif name in after:
            _compare_table(result, table, rows, after[name])
        elif rows:
            result.lost.append(f"{table}: all {len(rows)} rows")
    return result


def _find_moved(result, table, rows, after):
    target, keys = MOVED[table]
    there = {_place(row, keys): row["id"] for row in after[target].values()}
    found = {id_: there.get(_place(row, keys)) for id_, row in rows.items()}
    result.moved[table] = {id_: new for id_, new in found.items() if new}


def _place(row, keys):
    return tuple(row[key] for key in keys)


def _compare_moved(result, table, rows, after):
    target, _keys = MOVED[table]
    for id_, row in rows.items():
        new = result.moved[table].get(id_)
        if new:
            kept = {name: value for name, value in row.items() if name != "id"}
            _compare_row(result, table, id_, kept, after[target][new])
        else:
            result.lost.append(f"{table} {id_} is not in {target}: {row}")


def _compare_table(result, table, rows, now):
    for key, row in rows.items():
        row = {name: _today(result, table, name, it) for name, it in row.items()}
        # Where a row has no id, all of it is its key.
        key = key if "id" in row else json.dumps(row, sort_keys=True)
        if key not in now:
            result.lost.append(f"{table} {key}: {row}")
        else:
            _compare_row(result, table, key, row, now[key])


def _compare_row(result, table, key, row, now):
    for column in row.keys() - NOT_KEPT:
        name = column if column in now else RENAMED.get((table, column))
        if name not in now:
            result.left_out.add((table, column))
        elif row[column] != now[name] and (
            (table, column, row[column], now[name]) not in RENAMED_VALUES
        ):
            result.changed[table, column] += 1
            result.examples[table, column] = f"{key}: {row[column]} → {now[name]}"


def _today(result, table, column, value):
    """Return a value as it is to be today: what points to rows that moved leads to
    where they are."""
    moved = result.moved.get(REFERENCES.get((table, column)))
    if moved:
        return moved.get(value, value)
    return _renamed(result, value)


def _renamed(result, value):
    if isinstance(value, list):
        return [_renamed(result, it) for it in value]
    if not isinstance(value, dict):
        return value
    table, name = MODELS.get(value.get("model"), (None, None))
    if table in result.moved:
        ids = [result.moved[table].get(id_, id_) for id_ in value["ids"]]
        return {**value, "model": name, "ids": ids}
    return {key: _renamed(result, it) for key, it in value.items()}
