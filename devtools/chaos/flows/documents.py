"""Documents on their way to Octopus."""

from ...scenario import steps
from ..acts import (
    accountant,
    admin,
    backups,
    beside,
    decisions,
    link,
    lost_lock,
    second_thoughts,
    service,
    time,
    workers,
)
from ..acts.workers import click, run
from ..books import Books, judge_documents
from ..states import MOVING, SHOWN_UNSENT

ACTS = [
    *admin.ACTS,
    *second_thoughts.ACTS,
    *decisions.ACTS,
    *link.ACTS,
    *workers.ACTS,
    *beside.ACTS,
    *lost_lock.ACTS,
    *service.ACTS,
    *accountant.ACTS,
    *time.ACTS,
    *backups.ACTS,
]
# How often somebody decides, in one round of it, about a document that differs.
DECIDES = 0.4
NOT_MAPPED = "account_not_mapped"


def prepare(world):
    """Book a first document in each dossier; one of them sends by itself then."""
    for side in world.sides:
        with world.admin() as env:
            move_id = world.writer(env, side).write(side.kinds[0]).id
        click(world, move_id)()
    with world.admin() as env:
        env["octopus.dossier"].browse(world.sides[0].dossier_id).automatic = True


def quiesce(world):
    """Read the mirror and the journals, let people decide and ask again, and send;
    give a document that may still move."""
    for side in world.sides:
        link.restore_all(world, side)
        run(world, side, "refresh_cron_id")
        run(world, side, "pull_cron_id")
        decisions.look_at_found(world, side)
        if world.random.random() < DECIDES:
            decisions.decide_difference(world, side)
        world.as_admin(decisions.tell_bills_apart, side)
        world.as_admin(_map_accounts, side)
        world.as_admin(_ask_again, world, side)
        run(world, side)
    # An account that a document used in this round for the first time is mapped in
    # the next, and bills that look alike are told apart: people are told only now.
    return world.rows(
        """
        SELECT row.id, row.state, row.cause
          FROM octopus_booking AS row
          JOIN account_move AS move ON move.id = row.move_id AND move.state = 'posted'
         WHERE row.state = ANY(%s)
            OR (row.state = 'blocked' AND row.cause = ANY(%s))
         LIMIT 1
        """,
        list(MOVING),
        [NOT_MAPPED, "bill_twice"],
    )


def _map_accounts(env, side):
    """Map what documents are blocked for, as the administrator is told: an account
    may be used for the first time."""
    blocked = [
        ("dossier_id", "=", side.dossier_id),
        ("cause", "=", NOT_MAPPED),
    ]
    if env["octopus.booking"].search_count(blocked, limit=1):
        company = env["res.company"].browse(side.company_id)
        steps.map_kind(env, company, "octopus.account.mapping")


def _ask_again(env, world, side):
    """Ask for everything that a person may ask for without looking."""
    moves = env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "=", "posted"),
            ("octopus_state", "in", [False, *SHOWN_UNSENT]),
        ]
    )
    moves = moves.filtered(
        lambda move: move.octopus_booking_id.cause not in world.for_a_person
    )
    if moves:
        moves._octopus_queue(env.user)


def judge(world, result):
    """Hold every document against Octopus's books."""
    judge_documents(world, result, Books(world))
