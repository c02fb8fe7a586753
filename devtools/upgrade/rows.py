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
# Rows that a version keeps in another table: which one, by which columns a row is
# found there, and which columns say the same there.
MOVED = {
    "octopus_payment_entry": (
        "octopus_journal_entry",
        ("journal_year_id", "number"),
        ("reference", "document_date", "amount", "octopus_number"),
    )
}
# Columns that point to such rows.
REFERENCES = {("octopus_payment", "entry_id"): "octopus_payment_entry"}
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
        found[name] = {row.get("id") or json.dumps(row): row for row in rows}
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
    result = Comparison()
    for table, rows in before.items():
        result.rows[table] = len(rows)
        if table in MOVED and table not in after:
            _compare_moved(result, table, rows, after)
    for table, rows in before.items():
        if table in after:
            _compare_table(result, table, rows, after[table])
        elif table not in MOVED and rows:
            result.lost.append(f"{table}: all {len(rows)} rows")
    return result


def _compare_moved(result, table, rows, after):
    target, keys, same = MOVED[table]
    there = {tuple(row[key] for key in keys): row for row in after[target].values()}
    moved = result.moved[table] = {}
    for id_, row in rows.items():
        found = there.get(tuple(row[key] for key in keys))
        if not found:
            result.lost.append(f"{table} {id_} is not in {target}: {row}")
            continue
        moved[id_] = found["id"]
        _compare_row(result, table, id_, {name: row[name] for name in same}, found)


def _compare_table(result, table, rows, now):
    # Of two records that are linked nothing but that is known.
    for key, row in rows.items():
        if key not in now:
            result.lost.append(f"{table} {key}: {row}")
        else:
            _compare_row(result, table, key, row, now[key])


def _compare_row(result, table, key, row, now):
    for column in row.keys() - NOT_KEPT:
        if column not in now:
            result.left_out.add((table, column))
            continue
        was = row[column]
        if moved := result.moved.get(REFERENCES.get((table, column))):
            was = moved.get(was, was)
        if was != now[column]:
            result.changed[table, column] += 1
            result.examples[table, column] = f"{key}: {was} → {now[column]}"
