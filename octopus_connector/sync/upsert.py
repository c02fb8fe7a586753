"""Bringing rows of the mirror in line with what was read."""


def upsert(rows, key, wanted):
    """Create what is missing and write what differs, in as few queries as possible.

    :param rows: the records that exist, archived ones too
    :param key: function of a record, giving its key in ``wanted``
    :param wanted: {key: values}; values as for ``create``, without x2many fields
    :return: {key: record} for every key of ``wanted``
    """
    rows.fetch({field for values in wanted.values() for field in values})
    found = {key(row): row for row in rows}
    changes = {}
    for name, values in wanted.items():
        row = found.get(name)
        differing = row and {
            field: value
            for field, value in values.items()
            if _differs(row, field, value)
        }
        if differing:
            _values, ids = changes.setdefault(repr(differing), (differing, []))
            ids.append(row.id)
    for differing, ids in changes.values():
        rows.browse(ids).write(differing)
    missing = [name for name in wanted if name not in found]
    created = rows.create([wanted[name] for name in missing])
    found.update(zip(missing, created, strict=True))
    return {name: found[name] for name in wanted}


def told(values):
    """Return the values that were told: not every web service tells all of them, and
    what it leaves out stays as it was.

    :param values: ``{field: value}``, ``None`` for what was not told
    """
    return {name: value for name, value in values.items() if value is not None}


def archive(rows):
    """Archive rows that Octopus does not have any more; they may be referred to.

    :param rows: records with a field ``active``; those that are archived are not
        written again
    """
    rows.filtered("active").write({"active": False})


def _differs(row, field, value):
    """Whether a fetched row has another value. It is compared as Odoo caches it: what a
    record gives of JSON is a copy, and what most rows have is the same at once."""
    kept = row._cache[field]
    return value != kept and row._fields[field].convert_to_cache(value, row) != kept
