"""What the next bookyear lacks, from mid-November until the end of February."""

from ...core import codes
from ...core.findings import Finding
from ...prepare.year_turn import YearTurns
from . import NAMED


def where_year_turns(env, dossiers):
    """Return those dossiers in which :func:`year_turn` may find something.

    :param env: in the time zone of the reader
    :param dossiers: ``octopus.dossier``, in sudo
    """
    return YearTurns(env, dossiers).that_lack()


def year_turn(env, dossier):
    """Tell around the end of a bookyear what the next one lacks.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    turns = YearTurns(env, dossier)
    if not turns.now():
        return []
    page = ("octopus.dossier", dossier.ids)
    turn = turns.turns[dossier]
    if not turn.coming:
        return [Finding(codes.NEXT_BOOKYEAR_MISSING, {"date": turn.start}, *page)]
    found = []
    facts = {"bookyear": turn.coming.name}
    if turn.coming.closed:
        found.append(Finding(codes.NEXT_BOOKYEAR_CLOSED, facts, *page))
    if journals := turns.missing_journals(dossier):
        keys = {**facts, "journals": journals.mapped("key")}
        found.append(Finding(codes.NEXT_BOOKYEAR_JOURNALS, keys, *page))
    if accounts := turns.missing_accounts(dossier):
        named = accounts[:NAMED].mapped("number")
        numbers = {**facts, "count": len(accounts), "accounts": named}
        found.append(Finding(codes.NEXT_BOOKYEAR_ACCOUNTS, numbers, *page))
    return found
