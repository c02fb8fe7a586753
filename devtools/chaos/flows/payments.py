"""Payments in both directions."""

from ..acts import (
    decisions,
    payments,
    receipts,
    registered,
    service,
    settling,
    time,
    turn,
)
from ..acts.receipts import EXCHANGE_ACCOUNT, OUR_BANK, SMALL, WRITE_OFF_ACCOUNT
from ..acts.workers import click, run
from ..evidence import judge_payments
from ..money import Money
from ..states import BOOKED, LIVE, MOVING, SHOWN_UNSENT

ACTS = [
    *payments.ACTS,
    *receipts.ACTS,
    *settling.ACTS,
    *turn.ACTS,
    *(act for act in service.ACTS if act.name != "fault"),
    *time.ACTS,
]
ENTERPRISE_ACTS = registered.ACTS
SEED_YEARS = 3
# Questions that a person may answer by doing what Octopus says.
TO_FOLLOW = ("payment_changed", "payment_dropped")


def prepare(world):
    """Let everything go by itself, and each company have a bank of its own that Odoo
    keeps beside the one that Octopus keeps."""
    world.money = Money()
    for side in world.sides:
        with world.admin() as env:
            move_id = world.writer(env, side).write(side.kinds[0]).id
        click(world, move_id)()
        with world.admin() as env:
            _set_up(env, world, side)
            turn.guard(env, side)


def _set_up(env, world, side):
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    dossier.automatic = True
    company = env["res.company"].browse(side.company_id)
    settings = company.octopus_settings()
    settings.write(
        {
            "octopus_write_off_account_id": _account(settings, WRITE_OFF_ACCOUNT).id,
            "octopus_write_off_tolerance": float(SMALL),
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
    if world.is_enterprise:
        _set_outstanding(env, company, bank)
    _map_exchange(env, company, settings, dossier)
    world.money.own_banks[side.number] = bank.id
    world.money.last_years[side.number] = SEED_YEARS
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


def _set_outstanding(env, company, own_bank):
    """Let payments have an entry in one bank, as Community always does, and none in
    all others."""
    mine = [("company_id", "=", company.id), ("type", "in", ("bank", "cash"))]
    journals = env["account.journal"].search(mine)
    for way in ("inbound", "outbound"):
        journals[f"{way}_payment_method_line_ids"].payment_account_id = False
        payment = env["account.payment"].new({"company_id": company.id})
        methods = own_bank[f"{way}_payment_method_line_ids"]
        methods.payment_account_id = payment._get_outstanding_account(way)


def _map_exchange(env, company, settings, dossier):
    """Say where the differences of rates go."""
    there = dossier.account_ids.filtered(lambda row: row.number == EXCHANGE_ACCOUNT)
    for kind in ("expense", "income"):
        account = company[f"{kind}_currency_exchange_account_id"]
        mappings = env["octopus.account.mapping"]
        known = [("account_id", "=", account.id), ("company_id", "=", settings.id)]
        mappings.search(known).unlink()
        mappings.create(
            {
                "company_id": settings.id,
                "dossier_id": dossier.id,
                "account_id": account.id,
                "octopus_account_id": there.id,
            }
        )


def _account(company, code):
    accounts = company.env["account.account"].with_company(company)
    return accounts.search([("code", "=like", f"{str(code)[:3]}%")], limit=1)


def quiesce(world):
    """Let people decide and ask again, send and read; give what may still move: what
    waits for a document goes with it."""
    world.as_admin(turn.lock, world, False)
    for side in world.sides:
        turn.carry_over(world, side, "true")
        world.as_admin(turn.guard, side)
        world.as_admin(_decide, side)
        world.as_admin(_cancel_registered, side)
        world.as_admin(decisions.tell_bills_apart, side)
        world.as_admin(_ask_again, side)
        run(world, side, "refresh_cron_id")
        run(world, side)
        run(world, side, "pull_cron_id")
    return world.rows(
        """
        SELECT 'document', row.id, row.state, row.cause FROM octopus_booking AS row
          JOIN account_move AS move ON move.id = row.move_id AND move.state = 'posted'
         WHERE row.state = ANY(%s)
         UNION ALL
        SELECT 'payment', id, state, cause FROM octopus_payment
         WHERE state = ANY(%s) AND cause IS DISTINCT FROM 'payment_waits'
         UNION ALL
        SELECT 'taken back', row.id, back.state, back.cause
          FROM octopus_payment AS row
     LEFT JOIN octopus_payment AS back ON back.reversal_of_id = row.id
         WHERE row.state = 'reversing'
           AND back.cause IS DISTINCT FROM 'payment_undo_edited'
         UNION ALL
        SELECT 'matches', id, match_state, cause FROM octopus_payment
         WHERE match_state IN ('todo', 'waiting')
           AND cause IS DISTINCT FROM 'payment_waits'
         UNION ALL
        SELECT 'pair', pair.id, pair.step, pair.problem->>'code'
          FROM octopus_document_match AS pair
          JOIN octopus_booking AS debit ON debit.move_id = pair.debit_move_id
          JOIN octopus_booking AS credit ON credit.move_id = pair.credit_move_id
         WHERE pair.due AND pair.problem->>'severity' IS DISTINCT FROM 'block'
           AND debit.dossier_id = pair.dossier_id AND debit.state = ANY(%s)
           AND credit.dossier_id = pair.dossier_id AND credit.state = ANY(%s)
         UNION ALL
        SELECT 'row', id, NULL, problem->>'code' FROM octopus_balancing WHERE pending
         UNION ALL
        SELECT 'plan', id, state, NULL FROM octopus_payment_plan WHERE state = 'open'
        """,
        list(MOVING),
        list(MOVING),
        list(BOOKED),
        list(BOOKED),
    )


def _decide(env, side):
    """Accept what waits; follow Octopus in one of two questions where that is due."""
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    plan = env["octopus.payment.plan"].waiting(dossier).with_env(env)
    if plan:
        plan.action_accept()
    questions = env["octopus.payment.question"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("code", "in", TO_FOLLOW),
            ("state", "!=", "closed"),
        ]
    )
    for question in questions.filtered(lambda question: question.id % 2):
        # One that was followed may have settled others.
        if question.code in TO_FOLLOW and question.state != "closed":
            question.action_follow()


def _cancel_registered(env, side):
    """Say in one of two questions that what was registered is what Octopus has, as the
    question itself advises."""
    questions = env["octopus.payment.question"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("code", "=", "payment_registered"),
            ("state", "=", "open"),
        ]
    )
    for question in questions.filtered(lambda question: question.id % 2):
        payments = env["account.payment"].browse(question.finding["ids"]).exists()
        waiting = payments.filtered(lambda it: it.state in LIVE and not it.move_id)
        waiting.action_cancel()
        if question.state == "open":
            question.action_retry()


def _ask_again(env, side):
    moves = env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("octopus_state", "in", SHOWN_UNSENT),
        ]
    )
    moves._octopus_queue(env.user)
    rows = env["octopus.payment"].sudo()
    mine = [("dossier_id", "=", side.dossier_id), ("state", "in", MOVING)]
    rows.search(mine).queue()


def judge(world, result):
    """Hold what is open of every document on both sides, and every payment."""
    judge_payments(world, result)
