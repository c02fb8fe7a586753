"""Payments in both directions (issue 4)."""

from collections import Counter
from decimal import Decimal

from odoo.addons.octopus_connector.api.client import FIRST_SYNC

from ..acts import payments, service, time
from ..acts.payments import OUR_BANK
from ..acts.workers import click, start

ACTS = [
    *payments.ACTS,
    *(act for act in service.ACTS if act.name != "fault"),
    *time.ACTS,
]
MOVING = ["ready", "waiting", "sending", "unknown"]
LIVE = ("in_process", "paid")
NO_LIMIT = 10**6


def prepare(world):
    """Let everything go by itself, and each company have a bank of its own that Odoo
    keeps beside the one that Octopus keeps."""
    world.own_banks = {}
    for side in world.sides:
        with world.office() as env:
            move_id = world.writer(env, side).write(side.kinds[0]).id
        click(world, move_id)()
        with world.office() as env:
            _set_up(env, world, side)


def _set_up(env, world, side):
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    dossier.automatic = True
    company = env["res.company"].browse(side.company_id)
    settings = company._octopus_settings()
    settings.write(
        {
            "octopus_payments_accepted": True,
            "octopus_payment_limit": NO_LIMIT,
            "octopus_payment_share": 100,
        }
    )
    bank = env["account.journal"].create(
        {
            "name": f"Own bank {side.number}",
            "code": f"OWN{side.number}"[-5:],
            "type": "bank",
            "company_id": side.company_id,
            "octopus_payment_owner": "odoo",
        }
    )
    world.own_banks[side.number] = bank.id
    env["octopus.journal.mapping"].create(
        {
            "company_id": settings.id,
            "dossier_id": dossier.id,
            "journal_id": bank.id,
            "octopus_journal_id": dossier.journal_ids.filtered(
                lambda journal: journal.key == OUR_BANK
            ).id,
        }
    )


def calm(world):
    """Send, read, and ask again for what is held; whether any may move."""
    for side in world.sides:
        world.in_office(_ask_again, world, side)
        world.finish(start(world, side))
        world.finish(start(world, side, "pull_cron_id"))
    [[documents, sent, matches, read]] = world.rows(
        """
        SELECT (SELECT count(*) FROM octopus_booking
                 WHERE state = ANY(%s) AND move_id IS NOT NULL),
               (SELECT count(*) FROM octopus_payment
                 WHERE state = ANY(%s) OR state = 'reversing'),
               (SELECT count(*) FROM octopus_payment
                 WHERE match_state IN ('todo', 'waiting')),
               (SELECT count(*) FROM octopus_balancing WHERE pending)
        """,
        MOVING,
        MOVING,
    )
    return bool(documents or sent or matches or read)


def _ask_again(env, world, side):
    moves = env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("octopus_state", "in", ("ready", "waiting", "blocked")),
        ]
    )
    moves._octopus_queue(env.user)
    rows = (
        env["octopus.payment"]
        .sudo()
        .search([("dossier_id", "=", side.dossier_id), ("state", "in", MOVING)])
    )
    rows._queue()
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    plan = env["octopus.payment.plan"]._waiting(dossier)
    if plan:
        plan.action_accept()


# Judgement


def judge(world, verdict):
    """Hold what is open of every document on both sides, and every payment."""
    verdict.states.clear()
    world.octopus.ask("/switches", "PUT", quota="off")
    try:
        for side in world.sides:
            documents = {
                document["comment"]: document
                for document in world.octopus.documents(side.number).values()
            }
            with world.office() as env:
                _judge_documents(env, world, verdict, side, documents)
                _judge_sent(env, verdict, side)
                _judge_received(env, world, verdict, side)
    finally:
        world.octopus.ask("/switches", "PUT", quota=verdict.switches["quota"])
    for number, audit in world.octopus.ask("/audit").items():
        for problem in audit["problems"]:
            kind = "doubled" if problem["kind"] == "duplicate" else "wrong"
            verdict.note(kind, f"{problem['kind']} in {number}: {problem['text']}")
    for violation in world.octopus.ask("/violations"):
        verdict.note("wrong", f"{violation['operation']}: {violation['message']}")


def _judge_documents(env, world, verdict, side, documents):
    rows = env["octopus.booking"].search(
        [("dossier_id", "=", side.dossier_id), ("move_id.state", "=", "posted")]
    )
    verdict.documents += len(rows)
    for row in rows:
        move = row.move_id
        verdict.states[f"{row.state}, {move.payment_state}"] += 1
        there = documents.get(move.name)
        if row.state not in ("booked", "changed", "differs") or not there:
            continue
        here = Decimal(str(round(move.amount_residual, 2)))
        theirs = abs(Decimal(there["open"]))
        if move.currency_id.name != "EUR":
            here, theirs = bool(here), bool(theirs)
        if here == theirs or _why(env, row):
            continue
        kind = "false_paid" if here < theirs else "missed"
        verdict.note(
            kind,
            f"{move.name} in {side.number} ({row.octopus_number}): {here} is open here,"
            f" {theirs} there",
        )


def _why(env, row):
    """Return what a person is told about a difference: a question, or a payment that
    could not go."""
    asked = (
        env["octopus.payment.question"]
        .sudo()
        .search_count(
            [
                ("state", "=", "open"),
                "|",
                ("booking_id", "=", row.id),
                "|",
                ("balancing_id.debit_booking_id", "=", row.id),
                ("balancing_id.credit_booking_id", "=", row.id),
            ]
        )
    )
    lines = row.move_id.line_ids
    partials = lines.matched_debit_ids | lines.matched_credit_ids
    moves = (partials.debit_move_id | partials.credit_move_id).move_id
    held = (
        env["octopus.payment"]
        .sudo()
        .search_count(
            [
                "|",
                ("move_id", "in", moves.ids),
                ("match_ids.booking_id", "=", row.id),
                "|",
                ("state", "in", ("blocked", "gone")),
                ("match_state", "=", "blocked"),
            ]
        )
    )
    return asked or held


def _judge_sent(env, verdict, side):
    """Every payment of ours is there as often as Odoo says: once, or once and back."""
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    there = Counter()
    with dossier._client() as octopus:
        for bookyear in dossier.bookyear_ids:
            found = octopus.financial_bookings_modified(
                bookyear.octopus_id, OUR_BANK, FIRST_SYNC
            )
            there.update(
                reference
                for booking in found
                for reference in {line.reference for line in booking.lines}
                if reference and ("OWN" in reference or "/20" in reference)
            )
    rows = env["octopus.payment"].sudo().search([("dossier_id", "=", dossier.id)])
    verdict.bookings += sum(there.values())
    for row in rows:
        verdict.states[f"payment {row.state}, {row.match_state}"] += 1
        count = there.pop(row.reference, 0)
        booked = row.state in ("booked", "reversing", "reversed")
        where = f"payment {row.reference} ({row.state}, {row.cause}) in {side.number}"
        if count > 1:
            verdict.note("doubled", f"{where} is there {count} times")
        elif booked and not count:
            verdict.note("lost", f"{where} is not there")
        elif count and not booked:
            verdict.note("lost", f"{where} is there")
        moves = row.state in MOVING or row.match_state in ("todo", "waiting")
        if moves and not _waits_for_held(env, row):
            verdict.note("stuck", f"{where}: {row.match_state} {row.findings}")
    for reference in there:
        verdict.note("doubled", f"{reference} is there, and not in Odoo")


def _waits_for_held(env, row):
    """Whether a payment waits for documents that are held themselves; whether those
    are so rightly is judged with the documents."""
    waits = [found for found in row.findings or () if found["code"] == "payment_waits"]
    moves = env["account.move"].browse(id_ for found in waits for id_ in found["ids"])
    return bool(moves) and set(moves.mapped("octopus_state")) <= {"blocked", "excluded"}


def _judge_received(env, world, verdict, side):
    """No payment is there without a row that says so."""
    payments = env["account.payment"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "in", LIVE),
            ("journal_id", "!=", world.own_banks[side.number]),
        ]
    )
    for payment in payments:
        evidence = payment.sudo().octopus_balancing_ids
        asked = (
            env["octopus.payment.question"]
            .sudo()
            .search_count(
                [("balancing_id", "in", evidence.ids), ("state", "=", "open")]
            )
        )
        if not evidence or (all(evidence.mapped("deleted")) and not asked):
            verdict.note("false_paid", f"{payment.name} has no evidence")
