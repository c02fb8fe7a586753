"""Money: what the accountant receives and matches, and what is paid in Odoo."""

from decimal import Decimal

from odoo import fields

from ..control import SandboxRefusal
from ..schedule import Acts
from .office import post_documents
from .workers import PASS_SECONDS, kill_one, start

acts = Acts()
ACTS = acts.known

THEIR_BANK, OUR_BANK = "F1", "F2"
WRITE_OFF_ACCOUNT = 657000
# Calls that chaos lets go wrong or be slow here.
OPERATIONS = (
    "insertFinancialDiversBooking",
    "insertBalancing",
    "deleteBalancing",
    "getModifiedBalancingRelations",
    "insertBuySellBooking",
    "getFinancialDiversBooking",
    "*",
)


def open_documents(world, side):
    """Return what is open in Octopus of documents of ours, by key."""
    return {
        key: document
        for key, document in world.octopus.documents(side.number).items()
        if "/20" in (document["comment"] or "") and Decimal(document["open"])
    }


def money_in(key, document):
    """Whether paying a document brings money in."""
    sale = key.split("/")[1].startswith("V")
    return sale == (Decimal(document["amount"]) > 0)


def party(key):
    return "C" if key.split("/")[1].startswith("V") else "S"


def _part(world, document):
    """Return how much of a document is paid: mostly all of it."""
    left = abs(Decimal(document["open"]))
    if world.random.random() < 0.7:
        return left
    share = Decimal(world.random.randint(1, 99)) / 100
    return max(Decimal("0.01"), (left * share).quantize(Decimal("0.01")))


def _try(world, side, name, **values):
    try:
        return world.octopus.act(side.number, name, **values)
    except SandboxRefusal:
        return False


@acts(9)
def write_documents(world):
    """More documents, which are sent soon."""
    if post_documents(world) is False:
        return False
    for side in world.sides:
        world.finish(start(world, side))
    return True


@acts(12)
def receive(world):
    """The accountant books money of one relation that pays one or more documents."""
    side = world.side()
    documents = open_documents(world, side)
    if not documents:
        return False
    first = world.random.choice(sorted(documents))
    same = [
        key
        for key, document in sorted(documents.items())
        if document["relation"] == documents[first]["relation"]
        and money_in(key, document) == money_in(first, documents[first])
        and party(key) == party(first)
    ]
    keys = {
        first,
        *world.random.sample(same, min(len(same), world.random.choice((0, 1)))),
    }
    pays = {key: _part(world, documents[key]) for key in sorted(keys)}
    total = sum(pays.values())
    if world.random.random() < 0.15:
        total += 5  # too much: the rest stays open on the relation
    sign = 1 if money_in(first, documents[first]) else -1
    return _try(
        world,
        side,
        "pay",
        journal=THEIR_BANK,
        date=fields.Date.today().isoformat(),
        lines=[
            {
                "type": party(first),
                "relation": documents[first]["relation"],
                "amount": str(sign * total),
                "pays": {key: str(part) for key, part in pays.items()},
            }
        ],
    )


@acts(4)
def undo_matches(world):
    """The accountant takes every match of a document back."""
    side = world.side()
    keys = [
        key
        for key, document in sorted(world.octopus.documents(side.number).items())
        if "/20" in (document["comment"] or "")
    ]
    if not keys:
        return False
    return _try(world, side, "unmatch_document", key=world.random.choice(keys))


@acts(4)
def match_credit_note(world):
    """An invoice is matched with a credit note of the same relation."""
    side = world.side()
    documents = open_documents(world, side)
    pairs = [
        (debit, credit)
        for debit in sorted(documents)
        for credit in sorted(documents)
        if party(debit) == party(credit)
        and documents[debit]["relation"] == documents[credit]["relation"]
        and money_in(debit, documents[debit])
        and not money_in(credit, documents[credit])
    ]
    if not pairs:
        return False
    debit, credit = world.random.choice(pairs)
    amount = min(abs(Decimal(documents[key]["open"])) for key in (debit, credit))
    return _try(
        world,
        side,
        "match",
        debit=f"{debit}/-1",
        credit=f"{credit}/-1",
        amount=str(amount),
    )


@acts(2)
def write_off(world):
    """What is open of a document is written off in a D journal."""
    side = world.side()
    documents = open_documents(world, side)
    if not documents:
        return False
    return _try(
        world,
        side,
        "write_off",
        key=f"{world.random.choice(sorted(documents))}/-1",
        account=WRITE_OFF_ACCOUNT,
        date=fields.Date.today().isoformat(),
    )


# In Odoo


@acts(10)
def pay_in_odoo(world):
    """A person registers a payment in the bank that Odoo owns."""
    return world.in_office(_pay_in_odoo, world, world.side())


def _pay_in_odoo(env, world, side):
    moves = env["account.move"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "=", "posted"),
            ("octopus_state", "in", ("booked", "ready", "waiting")),
            ("payment_state", "in", ("not_paid", "partial")),
            ("currency_id.name", "=", "EUR"),
            ("amount_residual", ">", 0),
        ],
        limit=30,
        order="id desc",
    )
    if not moves:
        return False
    first = world.random.choice(moves)
    alike = moves.filtered(
        lambda it: (
            it.commercial_partner_id == first.commercial_partner_id
            and it.move_type == first.move_type
        )
    )
    chosen = first | alike[: world.random.choice((0, 1, 2))]
    values = {"journal_id": world.own_banks[side.number], "group_payment": True}
    if len(chosen) == 1 and world.random.random() < 0.4:
        values["amount"] = max(
            0.01, round(first.amount_residual * world.random.choice((0.3, 0.5, 1.2)), 2)
        )
    wizard = (
        env["account.payment.register"]
        .with_company(side.company_id)
        .with_context(active_model="account.move", active_ids=chosen.ids)
        .create(values)
    )
    wizard._create_payments()
    return True


def _some_payment(env, world, side):
    payments = env["account.payment"].search(
        [
            ("journal_id", "=", world.own_banks[side.number]),
            ("state", "in", ("in_process", "paid")),
        ],
        limit=15,
        order="id desc",
    )
    return world.random.choice(payments) if payments else payments


@acts(3)
def cancel_in_odoo(world):
    """A person cancels a payment, or changes it and confirms it anew."""
    return world.in_office(_cancel_in_odoo, world, world.side())


def _cancel_in_odoo(env, world, side):
    payment = _some_payment(env, world, side)
    if not payment:
        return False
    if world.random.random() < 0.6:
        payment.action_cancel()
        return True
    payment.action_draft()
    payment.amount += 1
    payment.action_post()
    return True


@acts(3)
def unreconcile_in_odoo(world):
    """A person takes a reconciliation back."""
    return world.in_office(_unreconcile, world, world.side())


def _unreconcile(env, world, side):
    payment = _some_payment(env, world, side)
    if not payment:
        return False
    payment.move_id.line_ids.remove_move_reconcile()
    return True


# Workers


@acts(12)
def send(world):
    """The scheduled action sends documents and payments."""
    world.finish(start(world, world.side()))


@acts(12)
def read(world):
    """The scheduled action reads payments."""
    world.finish(start(world, world.side(), "pull_cron_id"))


@acts(6)
def both_ways(world):
    """Sending and reading at once; one of them may be killed."""
    side = world.side()
    workers = [start(world, side), start(world, side, "pull_cron_id")]
    if world.random.random() < 0.5:
        kill_one(world, workers)
    world.finish(*workers)


@acts(8)
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
