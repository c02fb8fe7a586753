"""Octopus's books as they stand, and what they say about Odoo's documents."""

from collections import defaultdict
from decimal import Decimal

from odoo.addons.octopus_connector.models.octopus_booking import KINDS

from ..scenario import steps
from ..scenario.judging import differences, key_of
from .states import BOOKED, FOR_A_PERSON, MOVING, UNSENT


def octopus_key(record):
    """Return the key in Octopus of a row of the outbox, or of a journal entry."""
    year = record.journal_year_id
    return f"{year.bookyear_id.octopus_id}/{year.journal_id.key}/{record.number}"


class Books:
    """What stands in the sandbox, by document of Odoo.

    ``documents``: ``{(dossier, key): document}`` without those that Odoo lost in a
    restore, which are ``orphans``; ``copies``: their keys by document of Odoo, as
    :class:`~devtools.chaos.owners.Owners` knows it.
    """

    def __init__(self, world):
        self.documents = {}
        self.orphans = {}
        self.copies = defaultdict(list)
        for side in world.sides:
            for key, document in world.documents(side).items():
                place = (side.number, key)
                lost = place in world.owners.orphans
                (self.orphans if lost else self.documents)[place] = document
            self.copies.update(world.owners.copies(side))


def judge_documents(world, result, books):
    """Hold every posted document, the numbers and the contract against the books."""
    result.states.clear()
    expected = {}
    for side in world.sides:
        with world.admin() as env:
            moves = _moves(env, side)
            result.states.update(move.octopus_state or "none" for move in moves)
            for move in moves:
                _judge(world, result, books, side, move)
            for row in _without_document(env, side):
                _judge_withdrawn(world, result, books, side, row)
            sure = moves.browse(
                [move.id for move in moves if _is_sure(world, side, move)]
            )
            expected |= {it["id"]: it for it in steps.expected(env, sure.ids)}
            states = steps.states(env, sure.ids)
        _compare(world, result, states, expected)
    result.documents = sum(result.states.values())
    result.bookings = len(books.documents)
    _audit(world, result)


def _moves(env, side):
    return env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "=", "posted"),
            ("move_type", "in", list(dict(KINDS))),
        ]
    )


def _without_document(env, side):
    """Return the rows of documents that were reset, cancelled or deleted."""
    return (
        env["octopus.booking"]
        .sudo()
        .search(
            [
                ("dossier_id", "=", side.dossier_id),
                "|",
                ("move_id", "=", False),
                ("move_id.state", "!=", "posted"),
            ]
        )
    )


def _judge_withdrawn(world, result, books, side, row):
    """Tell what is wrong with a row whose document Odoo took back: what Octopus has of
    it is told, and nothing of it is on its way."""
    ours = world.owners.of_row(side, row)
    where = f"{row.document_name} in {side.number}, taken back"
    where += f" ({row.state}, {row.cause})"
    if row.state in ("sending", "unknown"):
        result.note("stuck", f"{where}: {row.findings}")
    elif row.state == "booked" and ours not in world.event_log.settled:
        result.note("unseen", f"{where}: nobody is told")
    elif row.state in UNSENT and not row.move_id:
        result.note("wrong", f"{where}: nothing is left to send")
    elif row.state == "excluded" and ours not in world.event_log.kept_out:
        result.note("wrong", f"{where}: nobody kept it out")
    copies = books.copies[ours]
    if len(copies) > 1:
        result.note("duplicates", f"{where}: is booked as {', '.join(copies)}")
    if row.state == "gone" and copies and not is_untold(world, ours):
        result.note("unseen", f"{where}: is there as {copies}")
    if row.state in BOOKED:
        key = octopus_key(row)
        there = key in copies or (side.number, key) in books.orphans
        if not there and not is_untold(world, ours):
            result.note("unseen", f"{where}: says {key}, but is {copies}")


def _judge(world, result, books, side, move):
    """Tell what is wrong with one document's place in Octopus."""
    ours = (side.number, move.id)
    row = move.octopus_booking_id
    copies = books.copies[ours]
    where = f"{move.name} in {side.number} ({row.state or 'no row'}, {row.cause})"
    if len(copies) > 1:
        result.note("duplicates", f"{where} is booked as {', '.join(copies)}")
    if row.state in MOVING or not row:
        result.note("stuck", f"{where}: {row.findings}")
    elif row.state in BOOKED:
        _judge_booked(world, result, books, ours, row, where)
    elif row.state == "gone":
        if copies and not is_untold(world, ours):
            result.note("lost", f"{where} is there as {copies}")
        elif not copies and ours not in world.event_log.deleted:
            result.note("lost", f"{where}: nobody deleted it")
    else:
        _judge_held(world, result, books, ours, row, where)


def _judge_booked(world, result, books, ours, row, where):
    events = world.event_log
    key = octopus_key(row)
    place = (ours[0], key)
    found = books.documents.get(place) or books.orphans.get(place)
    theirs = ours in events.deleted or ours in events.renumbered
    if not found or (place not in books.orphans and key not in books.copies[ours]):
        if not is_untold(world, ours):
            kind = "unseen" if theirs else "lost"
            result.note(kind, f"{where} says {key}, but is {books.copies[ours]}")
        return
    relation = row.relation_id.octopus_id
    if found["relation"] != relation and ours not in events.edited:
        result.note("wrong", f"{where}: {key} is of {found['relation']}")
    other = row.relation_id.partner_id != row.move_id.commercial_partner_id
    agreed = ours in events.settled | events.of_others
    if other and row.state == "booked" and not agreed:
        result.note("wrong", f"{where}: its relation is another contact's")
    if row.state == "changed" and ours not in events.touched_in_odoo:
        result.note("wrong", f"{where}: nobody changed it")
    if row.state == "differs" and ours not in events.edited:
        result.note("wrong", f"{where}: nobody edited it: {row.differences}")
    known = events.agreed.get(ours) or Decimal(row.payload["amount"])
    if row.state == "booked" and Decimal(found["amount"]) != known:
        kind = "unseen" if ours in events.edited else "wrong"
        result.note(kind, f"{where}: is {found['amount']} there, {known} here")


def is_untold(world, ours):
    """Whether Octopus tells nothing for sure of a document: number, amount and a part
    of the text are others, and the number it had stands among no deletions. Whoever
    sends it again is asked first."""
    feed = world.result.switches["renumber_feed"]
    silent = world.login["transport"] == "soap" or feed == "modify"
    events = world.event_log
    return silent and ours in events.renumbered & events.aliased & events.edited


def _judge_held(world, result, books, ours, row, where):
    """A document that is held must have a reason that is really there."""
    copies = books.copies[ours]
    if row.state == "excluded":
        if ours not in world.event_log.kept_out:
            result.note("wrong", f"{where}: nobody kept it out")
        if ours in world.event_log.kept_out_again:
            return
    elif row.cause in FOR_A_PERSON:
        if not _is_disputed(world, books, ours, row):
            result.note("stuck", f"{where}: nothing is disputed: {row.findings}")
        return
    elif not _is_refused(result, row):
        result.note("stuck", f"{where}: {row.findings}")
    if copies:
        result.note("lost", f"{where} is booked as {copies}")


def _is_disputed(world, books, ours, row):
    """Whether somebody did something to the document, or to the one of which Octopus
    has the booking that looks like it."""
    events = world.event_log
    touched = events.edited | events.renumbered | events.deleted | events.aliased
    if ours in touched | events.touched_in_odoo:
        return True
    place = (ours[0], octopus_key(row.candidate_id))
    owner = world.owners.of_booking.get(place)
    left = touched | events.settled | events.kept_out | events.deleted_in_odoo
    return place in books.orphans or owner == ours or owner in left


def _is_refused(result, row):
    """Whether Octopus refuses the document, as this dossier is set."""
    if row.cause == "tax_code_missing":
        # The codes of credit notes went when the mirror was read with this answer.
        return result.switches["credit_note_codes"] == "once"
    if row.cause == "vat_code_wanted":
        refused = result.switches["line_without_vat_code"] == "refuse"
        return refused and _has_untaxed_lines(row.move_id)
    return False


def _has_untaxed_lines(move):
    """Whether a document has lines without any tax, such as a cash rounding."""
    others = ("tax", "payment_term", "line_section", "line_subsection", "line_note")
    lines = move.line_ids.filtered(lambda line: line.display_type not in others)
    return any(not line.tax_ids for line in lines)


def _is_sure(world, side, move):
    """Whether both sides must have the same: nobody is told otherwise, and nobody
    agreed to anything else."""
    agreed = (side.number, move.id) in world.event_log.agreed
    return move.octopus_state == "booked" and not agreed


def _compare(world, result, states, expected):
    """Compare amounts and VAT with what Octopus answers over its own interface."""
    world.octopus.ask("/switches", "PUT", quota="off", parallel_tokens="allowed")
    try:
        journals = sorted({key_of(state)[:3] for state in states})
        found = {
            key_of(row): row for row in steps.read_back(None, world.login, journals)
        }
    finally:
        usual = {name: result.switches[name] for name in ("quota", "parallel_tokens")}
        world.octopus.ask("/switches", "PUT", **usual)
    for state in states:
        for difference in differences(
            state, expected[state["id"]], found.get(key_of(state))
        ):
            result.note("wrong", f"{state['odoo_number']} {difference}")


def _of_one_document(owners, places):
    """Return bookings that look alike and are of one document, or of nobody knows
    which: Odoo gives the name of a document that was deleted to another one."""
    known = places - owners.orphans
    documents = {owners.of_booking.get(place) for place in known}
    return places if len(documents) < len(known) else set()


def _audit(world, result):
    """Let the sandbox look through its own books, and at our manners."""
    events = world.event_log
    for number, audit in world.octopus.ask("/audit").items():
        for problem in audit["problems"]:
            keys = {
                (int(number), "/".join(map(str, it))) for it in problem["documents"]
            }
            ours = keys - events.gaps if problem["kind"] == "gap" else keys
            if problem["kind"] == "duplicate":
                ours = _of_one_document(world.owners, keys)
            if ours:
                kind = "duplicates" if problem["kind"] == "duplicate" else "wrong"
                result.note(kind, f"{problem['kind']} in {number}: {problem['text']}")
    for violation in world.octopus.ask("/violations"):
        result.note("wrong", f"{violation['operation']}: {violation['message']}")
