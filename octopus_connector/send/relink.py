"""What was not sent yet goes along when a company changes its dossier."""

from __future__ import annotations

from ..core.states import AT_REST


def move_to(rows, dossier) -> None:
    """Move rows to another dossier, where nobody asked for them yet.

    What undoes a payment of the former dossier stays there. A document that is in the
    other one already, or was once, keeps the row it has there.

    :param rows: of an outbox, that were not sent
    :param dossier: ``octopus.dossier``
    """
    for row in rows:
        cleared = row.of_dossier()
        if cleared is None:
            continue
        known = [("move_id", "=", row.move_id.id), ("dossier_id", "=", dossier.id)]
        if row.move_id and row.search_count(known, limit=1):
            row.unlink()
            continue
        row.write(
            {
                **AT_REST,
                **cleared,
                "dossier_id": dossier.id,
                "state": "excluded" if row.state == "excluded" else "ready",
                "queued": False,
                "findings": False,
                "journal_year_id": False,
            }
        )
