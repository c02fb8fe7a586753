"""Relations."""

from ..html import h, table
from .frame import badge


def show(frame):
    """The page."""
    rows = [_row(frame, relation) for relation in frame.dossier.relations.values()]
    headings = ("Id", "Name", "External id", "VAT number", "Place", "Role", "")
    return frame.page(
        "Relations",
        h.h1("Relations"),
        h.p(f"{len(rows)} relations", class_="lead"),
        h.div(table(headings, rows), class_="card"),
    )


def _row(frame, relation):
    place = " ".join(
        filter(None, (relation.country.strip(), relation.postal_code, relation.city))
    )
    return [
        relation.id,
        [relation.name, " ", None if relation.active else badge("inactive", "warn")],
        relation.external_id or "—",
        relation.vat_nr or "—",
        place,
        [
            badge("customer") if relation.client else None,
            " ",
            badge("supplier") if relation.supplier else None,
        ],
        frame.act_button(
            "Delete", "delete_relation", danger=True, relation=relation.id
        ),
    ]
