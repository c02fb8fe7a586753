"""Why nothing can be sent of what a person chose, or not all of it."""

from __future__ import annotations

from collections import Counter

from odoo.tools import LazyTranslate

from ..core import codes
from ..core.findings import Finding
from ..core.states import SENT
from .scope import concerned, why_not_concerned

_lt = LazyTranslate(__name__)

# Why a document of a selection is not sent, in few words.
NOT_POSTED = _lt("not confirmed")
IN_OCTOPUS = _lt("already in Octopus")
ON_ITS_OWN = _lt("to look at one by one")
NOT_CONCERNED = _lt("not for Octopus")
SHORT = {
    codes.AFTER_END_DATE: _lt("after the end of the link"),
    codes.BEFORE_START_DATE: _lt("before the start date"),
    codes.EXCLUDED: _lt("kept out by somebody"),
    codes.KIND_STAYS_OUT: _lt("of a kind that is not sent"),
    codes.RECEIPTS_STAY_OUT: _lt("of a kind that is not sent"),
}


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


def left_out_text(moves) -> str:
    """Return how many documents of a selection are not sent, and why, in few words.

    :param moves: ``account.move`` that were chosen and do not go
    :return: empty without any
    """
    if not moves:
        return ""
    within = concerned(moves)
    reasons = Counter(
        moves.env._(_short_reason(move, move in within)) for move in moves
    )
    told = [f"{reason}: {count}" for reason, count in reasons.most_common()]
    return moves.env._(
        "%(count)s left out (%(reasons)s).", count=len(moves), reasons=", ".join(told)
    )


def _short_reason(move, is_concerned):
    if move.octopus_state in SENT:
        return IN_OCTOPUS
    if move.state != "posted":
        return NOT_POSTED
    if is_concerned:
        return ON_ITS_OWN
    found = [SHORT.get(it.code) for it in why_not_concerned(move)]
    return next(filter(None, found), NOT_CONCERNED)
