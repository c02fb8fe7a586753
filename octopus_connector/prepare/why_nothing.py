"""Why nothing can be sent of what a person chose."""

from __future__ import annotations

from ..core import codes
from ..core.findings import Finding
from ..core.states import SENT
from .scope import why_not_concerned


def why_nothing(moves) -> str:
    """Return in plain words why none of these documents can be sent.

    :param moves: ``account.move``
    """
    if len(moves) == 1:
        if moves.octopus_state in SENT:
            return moves.env._(
                "%(document)s is in Octopus already: %(number)s.",
                document=moves.name,
                number=moves.octopus_number,
            )
        findings = why_not_concerned(moves)
        if moves.state != "posted":
            findings = [Finding(codes.NOT_POSTED)]
        texts = moves.env["octopus.finding"]
        if findings:
            return " ".join(texts.sentences(it.as_json()) for it in findings)
    return moves.env._(
        "Nothing to send: choose confirmed invoices, bills or credit notes of a"
        " company with an Octopus dossier, that are not in Octopus yet."
    )
