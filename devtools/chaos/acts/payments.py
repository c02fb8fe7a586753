"""Payments in Odoo: what people do there, and the workers that carry them."""

from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.service.model import retrying

from ..schedule import Acts
from ..states import LIVE
from . import admin
from .turn import day_of_document
from .workers import PASS_SECONDS, kill_one, run, start

acts = Acts()
ACTS = acts.known

# Calls that chaos lets go wrong or be slow here.
OPERATIONS = (
    "insertFinancialDiversBooking",
    "insertBalancing",
    "deleteBalancing",
    "getModifiedBalancingRelations",
    "insertBuySellBooking",
    "getFinancialDiversBooking",
    "getReportOpenClient",
    "*",
)


@acts(9)
def write_documents(world):
    """More documents, which are sent soon."""
    if admin.post_documents(world, day_of_document(world)) is False:
        return False
    for side in world.sides:
        run(world, side)
    return True


# People


@acts(10)
def pay_in_odoo(world):
    """A person registers a payment in the bank that Odoo owns."""
    return world.as_admin(_pay_in_odoo, world, world.side())


def _pay_in_odoo(env, world, side):
    chosen, values = choose_to_pay(env, world, side)
    if not chosen:
        return False
    register(env, side, chosen, journal_id=world.money.own_banks[side.number], **values)
    _note(side, world.money.paid_here, chosen)
    note_linked(world, side, chosen)
    return True


def note_linked(world, side, moves):
    """Keep in mind that documents were paid together with one for which a payment
    without an entry was registered: Odoo's dialog links that one with all of them, and
    the link stays when what paid them is cancelled."""
    linked = world.money.registered | world.money.linked
    if any((side.number, move.id) in linked for move in moves):
        _note(side, world.money.linked, moves)


def choose_to_pay(env, world, side):
    """Return documents that one payment can pay, maybe none, and what a person enters
    about it: day, currency, and sometimes an amount that is not all."""
    moves = env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "=", "posted"),
            ("octopus_state", "in", ("booked", "ready", "queued", "waiting")),
            ("payment_state", "in", ("not_paid", "partial", "in_payment")),
            ("amount_residual", ">", 0),
        ],
        limit=30,
        order="id desc",
    )
    if not moves:
        return moves, {}
    first = world.random.choice(moves)
    alike = moves.filtered(
        lambda it: (
            it.commercial_partner_id == first.commercial_partner_id
            and it.move_type == first.move_type
            and it.currency_id == first.currency_id
        )
    )
    chosen = first | alike[: world.random.choice((0, 1, 2))]
    values = {
        "payment_date": day_of_document(world) or fields.Date.today(),
        "currency_id": first.currency_id.id,
    }
    if len(chosen) == 1 and world.random.random() < 0.4:
        values["amount"] = max(
            0.01, round(first.amount_residual * world.random.choice((0.3, 0.5, 1.2)), 2)
        )
    return chosen, values


def register(env, side, moves, **values):
    """Register one payment of documents, as a person does with Odoo's dialog; give
    it."""
    wizard = (
        env["account.payment.register"]
        .with_company(side.company_id)
        .with_context(active_model="account.move", active_ids=moves.ids)
        .create({"group_payment": True, **values})
    )
    return wizard._create_payments()


def _note(side, events, moves):
    """Keep in mind that something was done to the payments of documents."""
    events.update((side.number, move.id) for move in moves)


def _some_payment(env, world, side):
    """Return one of the latest payments: of ours, or one that came from Octopus."""
    ours = world.random.random() < 0.6
    operator = "=" if ours else "!="
    bank = ("journal_id", operator, world.money.own_banks[side.number])
    return one_of_the_latest(env, world, side, bank)


def one_of_the_latest(env, world, side, which):
    """Return one of the latest payments in force for which a condition holds, or
    none."""
    payments = env["account.payment"].search(
        [("company_id", "=", side.company_id), ("state", "in", LIVE), which],
        limit=15,
        order="id desc",
    )
    return world.random.choice(payments) if payments else payments


def _documents_of(payment):
    return payment.reconciled_invoice_ids | payment.reconciled_bill_ids


@acts(3)
def cancel_in_odoo(world):
    """A person cancels a payment, or changes it and confirms it anew."""
    return world.as_admin(_cancel_in_odoo, world, world.side())


def _cancel_in_odoo(env, world, side):
    payment = _some_payment(env, world, side)
    if not payment:
        return False
    _note(side, world.money.touched, _documents_of(payment))
    if world.random.random() < 0.6:
        payment.action_cancel()
        return True
    payment.action_draft()
    payment.amount += 1
    payment.action_post()
    note_confirmed(world, side, payment)
    return True


def note_confirmed(world, side, payment):
    """Keep in mind that a payment without an entry is in force again from now on."""
    if not payment.move_id:
        world.money.confirmed_again.add((side.number, payment.id))


@acts(3)
def unreconcile_in_odoo(world):
    """A person takes a reconciliation back, and perhaps makes it again."""
    return world.as_admin(_unreconcile, world, world.side())


def _unreconcile(env, world, side):
    payment = _some_payment(env, world, side)
    documents = _documents_of(payment)
    if not documents:
        return False
    _note(side, world.money.touched, documents)
    lines = payment.move_id.line_ids.filtered("reconciled")
    lines.remove_move_reconcile()
    if world.random.random() < 0.3:
        account = lines.account_id[:1]
        both = lines | documents.line_ids
        both = both.filtered(lambda line: line.account_id == account)
        both.filtered(lambda line: not line.reconciled).reconcile()
    return True


@acts(3)
def change_paid_document(world):
    """A person resets a document to draft that Octopus has, and that may be paid;
    confirms it again, changed or not, or cancels it."""
    return world.as_admin(admin.reset, world, world.side())


@acts(3)
def check_now(world):
    """A person asks for the payments of a company, and waits."""
    side = world.side()

    def work():
        with suppress(UserError), world.admin() as env:
            dossier = env["octopus.dossier"].browse(side.dossier_id)
            retrying(dossier.action_check_payments, env)

    world.do("check now", work)


@acts(4)
def decide(world):
    """A person answers one of the questions."""
    return world.as_admin(_decide, world, world.side())


def _decide(env, world, side):
    questions = env["octopus.payment.question"].search(
        [
            ("dossier_id", "=", side.dossier_id),
            ("balancing_id", "!=", False),
            ("state", "=", "open"),
        ],
        limit=20,
        order="id desc",
    )
    if not questions:
        return False
    question = world.random.choice(questions)
    answers = [question.action_retry, question.action_follow, None]
    if question.code == "payment_write_off":
        answers.append(question.action_write_off)
    answer = world.random.choice(answers)
    if answer:
        answer()
    else:
        question._ignore("The accountant knows")
        _note(side, world.money.ignored, question.move_ids)
    return True


@acts(4)
def decide_plan(world):
    """A person accepts what waits, or drops it."""
    return world.as_admin(_decide_plan, world, world.side())


def _decide_plan(env, world, side):
    dossier = env["octopus.dossier"].browse(side.dossier_id)
    plan = env["octopus.payment.plan"].waiting(dossier).with_env(env)
    if not plan:
        return False
    if world.random.random() < 0.6:
        plan.action_accept()
        return True
    _note(side, world.money.dropped, plan.sudo().balancing_ids.move_ids)
    plan.action_drop()
    return True


@acts(1)
def send_again(world):
    """A person lets payments go again that were deleted in Octopus."""
    return world.as_admin(_send_again, world.side())


def _send_again(env, side):
    gone = env["octopus.payment"].search(
        [("dossier_id", "=", side.dossier_id), ("state", "=", "gone")], limit=3
    )
    if gone:
        gone.action_send_again()
    return bool(gone)


@acts(2)
def try_matches_again(world):
    """A person asks again for matches that were refused."""
    return world.as_admin(_try_matches_again, world.side())


def _try_matches_again(env, side):
    blocked = env["octopus.payment"].search(
        [("dossier_id", "=", side.dossier_id), ("match_state", "=", "blocked")],
        limit=3,
        order="id desc",
    )
    blocked.sudo().queue()
    return bool(blocked)


@acts(1)
def read_all_again(world):
    """The position in the feed is lost: everything is read from the beginning."""
    side = world.side()
    with world.admin() as env:
        _dossier(env, side).balancings_since = False


@acts(1)
def read_again_from(world):
    """The position in the feed goes back: a slice of it comes again."""
    side = world.side()
    with world.admin() as env:
        dossier = _dossier(env, side)
        if not dossier.balancings_since:
            return False
        dossier.balancings_since -= timedelta(hours=world.random.randint(1, 200))
    return True


def _dossier(env, side):
    """Return the dossier in sudo: the position in a feed is the machine's."""
    return env["octopus.dossier"].browse(side.dossier_id).sudo()


# Workers


@acts(12)
def send(world):
    """The scheduled action sends documents and payments."""
    run(world, world.side())


@acts(14)
def read(world):
    """The scheduled action reads payments."""
    run(world, world.side(), "pull_cron_id")


@acts(1)
def refresh(world):
    """The mirror is read again."""
    run(world, world.side(), "refresh_cron_id")


@acts(3)
def both_ways(world):
    """Sending and reading at once; one of them may be killed."""
    side = world.side()
    workers = [start(world, side), start(world, side, "pull_cron_id")]
    if world.random.random() < 0.5:
        kill_one(world, workers)
    world.finish(*workers)


@acts(5)
def kill_sender(world):
    """A worker is killed between its claim and the answer, or at any time."""
    side = world.side()
    if world.random.random() < 0.6:
        world.octopus.plan(
            "slow",
            operation=world.random.choice(OPERATIONS[:3]),
            when=world.random.choice(("before", "after")),
            seconds=0.4,
            dossier=side.number,
        )
    worker = start(world, side)
    worker.runs(world.random.uniform(0, 2 * PASS_SECONDS))
    worker.kill()
    world.finish(worker)


@acts(4)
def kill_in_payment(world):
    """A worker is killed while Octopus books a payment, or matches it: before or after
    it did."""
    side = world.side()
    world.as_admin(_pay_in_odoo, world, side)
    world.forget_faults()
    call = ("slow", world.random.choice(OPERATIONS[:2]))
    world.octopus.plan(
        call[0],
        operation=call[1],
        when=world.random.choice(("before", "after")),
        seconds=0.5,
        dossier=side.number,
    )
    worker = start(world, side)
    while worker.runs(0.01) and not world.octopus.met_calls()[call]:
        pass
    worker.runs(0.2)
    worker.kill()
    world.finish(worker)
    world.forget_faults()


@acts(3)
def kill_reader(world):
    """A worker that reads payments is killed."""
    worker = start(world, world.side(), "pull_cron_id")
    worker.runs(world.random.uniform(0, PASS_SECONDS))
    worker.kill()
    world.finish(worker)


@acts(14)
def money_fault(world):
    """One of the next calls about money meets a fault."""
    random = world.random
    world.octopus.plan(
        random.choice(("hang", "close", "reset", "status", "html", "quota", "slow")),
        operation=random.choice(OPERATIONS),
        when=random.choice(("before", "after")),
        count=random.choice((1, 1, 2)),
        status=random.choice((500, 502, 503)),
        seconds=0.2,
    )
