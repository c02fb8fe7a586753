"""Money in Octopus: what the accountant receives, pays, matches and writes off."""

from decimal import Decimal

from odoo import fields

from ..control import SandboxRefusal
from ..schedule import Acts

acts = Acts()
ACTS = acts.known

THEIR_BANK, OUR_BANK = "F1", "F2"
WRITE_OFF_ACCOUNT, EXCHANGE_ACCOUNT, BANK_COSTS = 657000, 655000, 650000
SMALL = Decimal("1.00")  # as the companies tolerate
NOTHING = "done"  # what an act answers that gave nothing back


def attempt(world, side, name, **values):
    """Do what the accountant would; ``False`` when the books refuse it."""
    try:
        return world.octopus.act(side.number, name, **values)
    except SandboxRefusal:
        return False


def documents_of_ours(world, side):
    """Return the documents in Octopus that came from Odoo, by key."""
    return {
        key: document
        for key, document in sorted(world.documents(side).items())
        if world.owners.of(side, key)
    }


def open_documents(world, side):
    """Return those of which something is open in Octopus, by key."""
    found = documents_of_ours(world, side)
    return {key: it for key, it in found.items() if Decimal(it["open"])}


def money_in(key, document):
    """Whether paying a document brings money in."""
    sale = key.split("/")[1].startswith("V")
    return sale == (Decimal(document["amount"]) > 0)


def party(key):
    return "C" if key.split("/")[1].startswith("V") else "S"


def day_of_money(world):
    """Return when the accountant books: on Odoo's today, on Octopus's, or long ago."""
    today = fields.Date.today()
    long_ago = today.replace(month=world.random.randint(1, today.month), day=1)
    days = (today, world.today, world.today, long_ago)
    return str(world.random.choice(days))


def note(world, side, events, documents):
    """Keep in mind that something was done to documents."""
    events.update(world.owners.of(side, document["key"]) for document in documents)


def _part(world, document):
    """Return how much of a document is paid: mostly all, or all but a few cents."""
    left = abs(Decimal(document["open"]))
    way = world.random.random()
    if way < 0.55:
        return left
    if way < 0.7:
        few = Decimal(world.random.randint(1, 140)) / 100
        return left - few if left > few else left
    share = Decimal(world.random.randint(1, 99)) / 100
    return max(Decimal("0.01"), (left * share).quantize(Decimal("0.01")))


def _alike(documents, first):
    """Return the others that one receipt can pay together with the first."""
    return [
        key
        for key, document in documents.items()
        if key != first
        and document["relation"] == documents[first]["relation"]
        and money_in(key, document) == money_in(first, documents[first])
        and party(key) == party(first)
    ]


@acts(14)
def receive(world):
    """Money of one relation comes in, or goes out, and pays one or more documents;
    sometimes too much, sometimes with a difference in exchange."""
    side = world.side()
    documents = open_documents(world, side)
    if not documents:
        return False
    random = world.random
    first = random.choice(list(documents))
    others = _alike(documents, first)
    keys = [
        first,
        *random.sample(others, min(len(others), random.choice((0, 0, 1, 2)))),
    ]
    pays = {key: _part(world, documents[key]) for key in keys}
    total = sum(pays.values())
    if random.random() < 0.15:
        total += 5  # too much: the rest stays open on the relation
    sign = 1 if money_in(first, documents[first]) else -1
    lines = [
        {
            "type": party(first),
            "relation": documents[first]["relation"],
            "amount": str(sign * total),
            "pays": {key: str(part) for key, part in pays.items()},
        }
    ]
    if documents[first]["currency"] != "EUR":
        exchange = Decimal(random.randint(-300, 300)) / 100
        account = {"type": "A", "account": EXCHANGE_ACCOUNT}
        lines.append({**account, "amount": str(exchange or SMALL)})
    day = day_of_money(world)
    if not attempt(world, side, "pay", journal=THEIR_BANK, date=day, lines=lines):
        return False
    note(world, side, world.money.received, [documents[key] for key in keys])
    return True


@acts(4)
def undo_matches(world):
    """Every match of a document is taken back."""
    side = world.side()
    documents = documents_of_ours(world, side)
    if not documents:
        return False
    key = world.random.choice(list(documents))
    if attempt(world, side, "unmatch_document", key=key) in (False, NOTHING):
        return False
    note(world, side, world.money.unmatched, [documents[key]])
    return True


@acts(4)
def undo_one_match(world):
    """One match is taken back, and perhaps made again for less."""
    side = world.side()
    documents = documents_of_ours(world, side)
    matches = [
        match
        for match in world.octopus.ask(f"/dossiers/{side.number}/matches")
        if _documents(match) & documents.keys()
    ]
    if not matches:
        return False
    match = world.random.choice(matches[-30:])
    sides = {name: match[name] for name in ("debit", "credit")}
    if not attempt(world, side, "unmatch", **sides):
        return False
    keys = _documents(match) & documents.keys()
    note(world, side, world.money.unmatched, [documents[key] for key in keys])
    half = (Decimal(match["amount"]) / 2).quantize(Decimal("0.01"))
    if half and world.random.random() < 0.4:
        _match(world, side, documents, *sides.values(), half)
    return True


@acts(4)
def match_credit_note(world):
    """Two documents of one relation are matched with each other."""
    side = world.side()
    documents = open_documents(world, side)
    pairs = [
        (debit, credit)
        for debit in documents
        for credit in documents
        if party(debit) == party(credit)
        and documents[debit]["relation"] == documents[credit]["relation"]
        and money_in(debit, documents[debit])
        and not money_in(credit, documents[credit])
    ]
    if not pairs:
        return False
    pair = world.random.choice(pairs)
    amount = min(abs(Decimal(documents[key]["open"])) for key in pair)
    return _match(world, side, documents, *(f"{key}/-1" for key in pair), amount)


@acts(3)
def match_what_is_left(world):
    """What was received too much, or is free again, is matched with a document."""
    side = world.side()
    documents = open_documents(world, side)
    pairs = [
        (key, f"{booking['key']}/{number}", line)
        for booking in world.octopus.ask(f"/dossiers/{side.number}/payments")
        for number, line in enumerate(booking["lines"], 1)
        if line["relation"] and Decimal(line["open"]) and _in_bank(booking)
        for key, document in documents.items()
        if document["relation"] == line["relation"]
        and party(key) == line["type"]
        and money_in(key, document) == (Decimal(line["amount"]) > 0)
    ]
    if not pairs:
        return False
    key, line_key, line = world.random.choice(pairs)
    amount = min(abs(Decimal(documents[key]["open"])), Decimal(line["open"]))
    sides = [f"{key}/-1", line_key]
    if not money_in(key, documents[key]):
        sides.reverse()
    return _match(world, side, documents, *sides, amount)


def _in_bank(booking):
    return booking["key"].split("/")[1].startswith("F")


def _match(world, side, documents, debit, credit, amount):
    values = {"debit": debit, "credit": credit, "amount": str(amount)}
    if not attempt(world, side, "match", **values):
        return False
    keys = _documents(values)
    paid = [documents[key] for key in keys & documents.keys()]
    note(world, side, world.money.received, paid)
    world.money.used.update((side.number, key) for key in keys - documents.keys())
    return True


@acts(4)
def write_off(world):
    """What is open of a document is written off in a D journal: rather what is small,
    as accountants do, but not always."""
    side = world.side()
    documents = open_documents(world, side)
    small = [key for key, it in documents.items() if abs(Decimal(it["open"])) <= SMALL]
    keys = small if small and world.random.random() < 0.8 else list(documents)
    if not keys:
        return False
    key = world.random.choice(keys)
    if not attempt(
        world,
        side,
        "write_off",
        key=f"{key}/-1",
        account=WRITE_OFF_ACCOUNT,
        date=day_of_money(world),
    ):
        return False
    note(world, side, world.money.written_off, [documents[key]])
    return True


# In the bank that Odoo owns


def _last_of_ours(world, side):
    """Return the last booking of our bank, and the documents that it pays."""
    bookings = [
        booking
        for booking in world.octopus.ask(f"/dossiers/{side.number}/payments")
        if booking["key"].split("/")[1] == OUR_BANK
    ]
    if not bookings:
        return None, []
    last = max(bookings, key=lambda it: tuple(map(int, _numbers(it["key"]))))
    documents = documents_of_ours(world, side)
    paid = [
        documents[key]
        for match in world.octopus.ask(f"/dossiers/{side.number}/matches")
        if last["key"] in _documents(match)
        for key in _documents(match) & documents.keys()
    ]
    return last, paid


def _numbers(key):
    bookyear, _journal, number = key.split("/")
    return bookyear, number


def _documents(match):
    return {match[side].rpartition("/")[0] for side in ("debit", "credit")}


@acts(1.5)
def delete_last_payment(world):
    """The last booking in the bank of Odoo is deleted, whoever made it."""
    side = world.side()
    last, paid = _last_of_ours(world, side)
    if not last:
        return False
    bookyear, journal, _number = last["key"].split("/")
    if not attempt(world, side, "delete_last", bookyear=bookyear, journal=journal):
        return False
    world.money.deleted.add((side.number, last["key"]))
    note(world, side, world.money.bereft, paid)
    return True


@acts(1.5)
def edit_payment(world):
    """The amount of the last booking in the bank of Odoo is changed; what it paid is
    open again."""
    side = world.side()
    last, paid = _last_of_ours(world, side)
    if not last:
        return False
    attempt(world, side, "unmatch_document", key=last["key"])
    amount = Decimal(last["lines"][0]["amount"]) + 1
    edited = {"key": last["key"], "line": 1, "amount": str(amount)}
    if attempt(world, side, "edit_line", **edited) is not False:
        world.money.edited.add((side.number, last["key"]))
    note(world, side, world.money.bereft, paid)
    return True


@acts(1)
def book_bank_costs(world):
    """The accountant books in the bank of Odoo, too."""
    side = world.side()
    return attempt(
        world,
        side,
        "book_line",
        journal=OUR_BANK,
        date=str(fields.Date.today()),
        account=BANK_COSTS,
        amount="-2.50",
    )
