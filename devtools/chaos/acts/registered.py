"""Payments that people register without an entry, as Odoo's Enterprise lets them, in a
bank that Octopus keeps; and the accountant, who receives the same money.

Such a payment is a promise: the document stays open until the bank shows the money.
"""

from decimal import Decimal

from ..schedule import Acts
from ..states import LIVE
from .payments import (
    _note,
    choose_to_pay,
    note_confirmed,
    one_of_the_latest,
    register,
)
from .receipts import (
    THEIR_BANK,
    attempt,
    day_of_money,
    money_in,
    note,
    open_documents,
    party,
)
from .workers import PASS_SECONDS, start

acts = Acts()
ACTS = acts.known

CENT = Decimal("0.01")
# How often a person takes the bank of the company, and not another journal of it.
USUAL_BANK = 0.85
OTHER_AMOUNTS = (0.5, 0.9, 1.1)


@acts(16)
def register_without_entry(world):
    """A person registers a payment that waits for the bank."""
    return world.as_admin(_register, world, world.side())


def _register(env, world, side):
    chosen, values = choose_to_pay(env, world, side)
    journal = chosen and _bank(env, world, side)
    if not journal:
        return False
    payment = register(env, side, chosen, journal_id=journal.id, **values)
    _remember(world, side, payment, chosen)
    return True


def _bank(env, world, side):
    """Return a journal of a company of which Octopus keeps the payments: mostly the
    first of its own, which is the bank that it has there, too."""
    company = env["res.company"].browse(side.company_id)
    journals = env["account.journal"].search(
        [
            ("company_id", "parent_of", company.id),
            ("type", "in", ("bank", "cash")),
        ]
    )
    journals = journals.filtered(lambda it: it.octopus_owner_now() == "octopus")
    journals = journals.sorted(lambda it: (it.company_id != company, it.type, it.id))
    if world.random.random() < USUAL_BANK:
        journals = journals[:1]
    return world.random.choice(journals) if journals else journals


def _remember(world, side, payment, moves):
    """Keep in mind that a person registered a payment, and for what: Odoo itself links
    it with the documents of the next payment, too, if one of its own is among those."""
    _note(side, world.money.registered, moves)
    world.money.registrations[side.number, payment.id] = moves.ids


def _some_registered(env, world, side):
    """Return one of the latest payments in force that have no entry, or none."""
    return one_of_the_latest(env, world, side, ("move_id", "=", False))


@acts(3)
def take_back_registered(world):
    """A person cancels such a payment, says that the bank refused it, or deletes it."""
    return world.as_admin(_take_back, world, world.side())


def _take_back(env, world, side):
    payment = _some_registered(env, world, side)
    if not payment:
        return False
    way = world.random.choice(("action_cancel", "action_reject", "action_draft"))
    getattr(payment, way)()
    if payment.state == "draft" and world.random.random() < 0.7:
        payment.unlink()
    return True


@acts(2)
def confirm_registered(world):
    """A person confirms one that was a draft again; or says that the bank has one,
    without a statement."""
    return world.as_admin(_confirm, world, world.side())


def _confirm(env, world, side):
    drafts = env["account.payment"].search(
        [("company_id", "=", side.company_id), ("state", "=", "draft")], limit=5
    )
    if drafts and world.random.random() < 0.6:
        payment = world.random.choice(drafts)
        payment.action_post()
        note_confirmed(world, side, payment)
        return True
    payment = _some_registered(env, world, side)
    if payment:
        payment.action_validate()
    return bool(payment)


@acts(3)
def edit_registered(world):
    """A person changes the amount of such a payment: Odoo lets them in a draft only."""
    return world.as_admin(_edit, world, world.side())


def _edit(env, world, side):
    payment = _some_registered(env, world, side)
    if not payment:
        return False
    payment.action_draft()
    payment.amount = _another_amount(world, payment)
    payment.action_post()
    note_confirmed(world, side, payment)
    return True


def _another_amount(world, payment):
    factor = world.random.choice(OTHER_AMOUNTS)
    return max(0.01, payment.currency_id.round(payment.amount * factor))


@acts(3)
def register_instead(world):
    """A person cancels such a payment, and registers another one of its documents."""
    return world.as_admin(_register_instead, world, world.side())


def _register_instead(env, world, side):
    payment = _some_registered(env, world, side)
    moves = payment.invoice_ids.filtered(lambda it: it.state == "posted")
    if not moves:
        return False
    payment.action_cancel()
    values = {"journal_id": payment.journal_id.id, "currency_id": moves.currency_id.id}
    if len(moves) == 1 and world.random.random() < 0.5:
        values["amount"] = _another_amount(world, payment)
    _remember(world, side, register(env, side, moves, **values), moves)
    return True


@acts(3)
def register_beside_reading(world):
    """A person registers a payment of a document at the very moment at which it is read
    that Octopus has the money."""
    side = world.side()
    documents = open_documents(world, side)
    if not documents:
        return False
    key = world.random.choice(list(documents))
    move_id = world.owners.of(side, key)[1]
    _book(world, side, documents, _shares(documents, [key], None))
    worker = start(world, side, "pull_cron_id")
    worker.runs(world.random.uniform(0, PASS_SECONDS))
    done = world.as_admin(_register_one, world, side, move_id)
    world.finish(worker)
    return done


def _register_one(env, world, side, move_id):
    move = env["account.move"].browse(move_id).exists()
    journal = _bank(env, world, side)
    if not journal or move.state != "posted" or not move.amount_residual:
        return False
    values = {"journal_id": journal.id, "currency_id": move.currency_id.id}
    _remember(world, side, register(env, side, move, **values), move)
    return True


# The accountant


@acts(12)
def receive_what_is_registered(world):
    """The money of such a payment comes, or goes: all of it, another amount, in two
    parts, or twice."""
    return _receive(
        world,
        world.side(),
        world.random.choice(("full", "full", "full", "part", "parts", "twice")),
    )


def _receive(world, side, way):
    documents = open_documents(world, side)
    ids = {world.owners.of(side, key)[1]: key for key in documents}
    promises = world.as_admin(_promises, side, list(ids))
    if not promises:
        return False
    amount, move_ids = world.random.choice(promises)
    pays = _shares(documents, [ids[it] for it in move_ids], amount)
    if way in ("part", "parts"):
        pays = {key: (it / 2).quantize(CENT) for key, it in pays.items()}
    pays = {key: it for key, it in pays.items() if it}
    if not pays or not _book(world, side, documents, pays):
        return False
    if way in ("parts", "twice"):
        _book_again(world, side, pays)
    return True


def _promises(env, side, move_ids):
    """Return the payments without an entry that are in force, as ``(euro, ids of
    documents)``: of each those that are in ``move_ids``; ``None`` euro where it pays
    them all, at whatever rate Octopus booked them."""
    payments = env["account.payment"].search(
        [
            ("company_id", "=", side.company_id),
            ("state", "in", LIVE),
            ("move_id", "=", False),
            ("invoice_ids", "in", move_ids),
        ],
        limit=15,
        order="id desc",
    )
    return [
        (_euro(it), [id_ for id_ in it.invoice_ids.ids if id_ in move_ids])
        for it in payments
    ]


def _euro(payment):
    left = sum(abs(it.amount_residual) for it in payment.invoice_ids)
    if not payment.currency_id.compare_amounts(payment.amount, left):
        return None
    return Decimal(f"{abs(payment.amount_company_currency_signed):.2f}")


def _shares(documents, keys, amount):
    """Divide an amount among what is open of documents, the first ones first."""
    left = {key: abs(Decimal(documents[key]["open"])) for key in keys}
    if amount is None:
        return left
    pays = {}
    for key in keys:
        pays[key] = min(amount, left[key])
        amount -= pays[key]
    return pays


def _book(world, side, documents, pays, matched=True):
    """Book a receipt, or a payment, of some documents of one relation."""
    first = next(iter(pays))
    sign = 1 if money_in(first, documents[first]) else -1
    line = {
        "type": party(first),
        "relation": documents[first]["relation"],
        "amount": str(sign * sum(pays.values())),
        "pays": {key: str(part) for key, part in pays.items() if matched},
    }
    day = day_of_money(world)
    if attempt(world, side, "pay", journal=THEIR_BANK, date=day, lines=[line]) is False:
        return False
    if matched:
        note(world, side, world.money.received, [documents[key] for key in pays])
    return True


def _book_again(world, side, pays):
    """Book the same once more, and match what is still open: money that comes twice
    stays on the relation."""
    left = open_documents(world, side)
    again = {
        key: min(part, abs(Decimal(left[key]["open"])))
        for key, part in pays.items()
        if key in left
    }
    if again:
        _book(world, side, left, again)
    else:
        _book(world, side, world.documents(side), pays, matched=False)
