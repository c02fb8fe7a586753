"""What a person is asked about a payment that was altered in Octopus."""

from __future__ import annotations

from ..core import codes
from ..core.findings import Finding


def question_key(row) -> str:
    """Return the key of the question about a payment.

    :param row: ``octopus.payment``
    """
    return f"payment:{row.id}"


def edited(row) -> Finding | None:
    """Return what stops the booking that takes a payment back: it would not undo what
    stands in Octopus now. ``None`` when both are the same.

    :param row: the ``octopus.payment`` that is taken back
    """
    key = question_key(row)
    questions = row.env["octopus.payment.question"]
    question = questions.of_keys(row.dossier_id, [key]).get(key)
    if not question or question.state == "closed":
        return None
    facts = question.finding["params"]
    return Finding(codes.PAYMENT_UNDO_EDITED, facts, row._name, row.ids)
