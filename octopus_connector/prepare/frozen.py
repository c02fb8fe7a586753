"""What periods hold on both sides, as plain content that can be kept and compared."""

from __future__ import annotations

from collections import defaultdict

from odoo import fields

SIDES = ("here", "there")
NAMES = ("base", "vat", "total")
ROW_FIELDS = [
    "anchor",
    "anchor_id",
    "contact",
    "document_date",
    "document_name",
    "entry_id",
    "here_comparison_id",
    "kind",
    "move_id",
    "octopus_number",
    "others",
    "there_comparison_id",
]


def content_of(headers) -> dict:
    """Return what periods hold, as ``core.frozen`` has it, in no language.

    :param headers: ``octopus.comparison`` in sudo, of one dossier
    """
    periods = [_period(header) for header in headers.sorted(_place)]
    return {"dossier": headers.dossier_id.octopus_id, "periods": periods}


def _place(header):
    year = header.journal_year_id
    return (
        year.bookyear_id.octopus_id or 0,
        year.journal_id.key or "",
        header.period_number,
    )


def _period(header):
    rows = header.env["octopus.comparison.row"]
    rows = rows.search_fetch(header.rows_domain(), ROW_FIELDS, order="id")
    amounts = _amounts(header)
    told = [_row(row, amounts[row.id]) for row in rows]
    currency = header.currency_id
    return {
        "place": list(_place(header)),
        "bookyear": header.bookyear_id.name or "",
        "currency": currency.name,
        "sums": {
            f"{side}_{name}": f"{header[f'{side}_{name}']:.2f}"
            for side in SIDES
            for name in NAMES
        },
        "counts": {side: header[f"{side}_count"] for side in SIDES},
        "codes": _codes(amounts),
        "rows": sorted(told, key=_turn),
    }


def _turn(row):
    return row["date"], row["document"], row["octopus"], row["key"]


def _amounts(header):
    """Return ``{row id: {code: {"here_base": cents, …}}}`` of one period, exact."""
    names = [f"{side}_{name}" for side in SIDES for name in NAMES]
    groups = header.env["octopus.comparison.amount"]._read_group(
        [("comparison_id", "=", header.id)],
        ["row_id", "code"],
        [f"{name}:sum" for name in names],
    )
    found = defaultdict(dict)
    for row, code, *sums in groups:
        found[row.id][code or ""] = dict(zip(names, map(_cents, sums), strict=True))
    return found


def _cents(amount):
    return round(amount * 100)


def _text(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _codes(amounts):
    totals = defaultdict(lambda: defaultdict(int))
    for codes in amounts.values():
        for code, sums in codes.items():
            for name, cents in sums.items():
                totals[code][name] += cents
    return [_told(code, sums) for code, sums in sorted(totals.items())]


def _told(code, sums):
    return {"code": code, **{name: _text(cents) for name, cents in sums.items()}}


def _row(row, amounts):
    day = row.document_date
    key = f"move {row.move_id.id}" if row.move_id else f"{row.anchor} {row.anchor_id}"
    totals = defaultdict(int)
    for sums in amounts.values():
        for name, cents in sums.items():
            totals[name] += cents
    return {
        "key": key,
        "kind": row.kind,
        "document": row.document_name or "",
        "octopus": row.octopus_number or "",
        "contact": row.contact or "",
        "date": fields.Date.to_string(day) if day else "",
        "others": row.others or "",
        "here": _where(row.here_comparison_id),
        "there": _where(row.there_comparison_id),
        "codes": [_told(code, sums) for code, sums in sorted(amounts.items())],
        **{f"{side}_total": _text(totals[f"{side}_total"]) for side in SIDES},
    }


def _where(header):
    return list(_place(header)) if header else None
