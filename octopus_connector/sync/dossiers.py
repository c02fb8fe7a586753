"""The dossiers of a login, and the journals that documents go to."""

from __future__ import annotations

from odoo import fields

from ..api.errors import OctopusError
from ..api.listed import is_whole
from ..core.findings import FindingError
from .upsert import archive, told, upsert


def mirror_dossiers(connection, dossiers):
    """Bring the dossiers of a login in line with what Octopus lists.

    A dossier that is known through another login stays there while that one works; one
    that a company uses is archived, and taken back, by people only. A disabled dossier
    comes without its number and cannot be kept (docs/octopus.md §1).

    :param connection: ``octopus.connection`` that lists them
    :param dossiers: ``api.types.Dossier`` values
    :return: ``octopus.dossier`` that are listed, in sudo
    """
    wanted = {dossier.id: _values(dossier) for dossier in dossiers if dossier.id}
    model = connection.env["octopus.dossier"].sudo()
    known = model.with_context(active_test=False).search(
        [
            "|",
            ("octopus_id", "in", list(wanted)),
            ("connection_id", "=", connection.id),
        ]
    )
    for number, values in wanted.items():
        row = known.filtered(lambda row, number=number: row.octopus_id == number)
        values["active"] = not row.company_ids or row.active
        owner = row.connection_id
        keep = owner and owner != connection and owner.is_ready()
        values["connection_id"] = (owner if keep else connection).id
    rows = upsert(known, lambda row: row.octopus_id, wanted)
    listed = model.browse([row.id for row in rows.values()])
    _note_listed(listed, known - listed if is_whole(dossiers) else model, connection)
    if is_whole(dossiers):
        archive((known - listed).filtered(lambda dossier: not dossier.company_ids))
    return listed


def _note_listed(listed, missing, connection):
    """Note which dossiers the login may open: one that it does not list is not
    connected, though the login works.

    :param missing: those that it does not list; some may be of another login
    """
    listed.filtered("unlisted_since").unlisted_since = False
    own = missing.filtered(lambda row: row.connection_id == connection)
    own.filtered(
        lambda row: not row.unlisted_since
    ).unlisted_since = fields.Datetime.now()


def _values(dossier):
    return {
        "octopus_id": dossier.id,
        "name": dossier.description or str(dossier.id),
        **told(
            {
                "vat_number": dossier.vat_number,
                "country_code": dossier.country,
                "city": dossier.city,
                "language_code": dossier.language,
            }
        ),
    }


def read_journals(dossier):
    """Read the open bookyears of the journals that documents go to: whole once, later
    only what changed.

    :param dossier: ``octopus.dossier`` in sudo
    :return: the finding, as JSON, of what could not be read, else ``None``
    """
    try:
        with dossier.client() as octopus:
            for year in _journals_used(dossier).year_ids:
                if not year.bookyear_id.closed:
                    year.look(octopus)
    except FindingError as error:
        return error.findings[0].as_json()
    except OctopusError as error:
        return dossier.note_error(error)
    return None


def _journals_used(dossier):
    """Return the purchase and sales journals that settings and mappings name."""
    journals = dossier.env["octopus.journal"]
    for settings in dossier.company_ids:
        mappings = dossier.env["octopus.journal.mapping"].lookup(settings)
        for mapping in mappings.values():
            journals |= mapping.octopus_journal_id
            journals |= mapping.octopus_refund_journal_id
        journals |= settings.octopus_journals_used()
    journals |= dossier.other_journal_ids.other_id
    return journals.filtered(lambda journal: journal.type in ("V", "A"))
