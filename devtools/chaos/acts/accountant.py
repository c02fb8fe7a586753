"""What the accountant does in Octopus, in the same journals."""

from odoo import fields

from ..control import SandboxRefusal
from ..schedule import Acts

acts = Acts()
ACTS = acts.known

YEAR = 2  # the current bookyear of the sandbox's seed
BOTH_ROLES = 3  # a relation of the seed that is customer and supplier


def _journal(world, side):
    return world.random.choice(side.journals)


def _try(world, side, name, **values):
    try:
        return world.octopus.act(side.number, name, **values)
    except SandboxRefusal:
        return False


@acts(14)
def book_by_hand(world):
    """A document of which Odoo knows nothing."""
    side = world.side()
    world.made += 1
    return _try(
        world,
        side,
        "book",
        journal=_journal(world, side),
        date=fields.Date.today().isoformat(),
        relation=BOTH_ROLES,
        base=str(world.random.randint(1, 500)),
        account=700000,
        comment=f"by hand {world.made}",
    )


@acts(2)
def delete_last(world):
    """The last document of a journal, whoever booked it."""
    side = world.side()
    journal = _journal(world, side)
    world.documents(side)
    key = _try(world, side, "delete_last", bookyear=YEAR, journal=journal)
    if not key:
        return False
    document = world.owners.of(side, key)
    if document:
        world.event_log.deleted.add(document)
    world.owners.delete((side.number, key))
    return True


@acts(2)
def edit(world):
    """A comment or an amount is changed by hand."""
    found = _ours(world)
    if not found:
        return False
    side, document = found
    ours = world.owners.of(side, document["key"])
    what = world.random.choice(("comment", "amount", "reference"))
    values = {
        "comment": f"{document['comment']} checked",
        "amount": str(float(document["amount"]) + 1),
        "reference": "seen",
    }
    if not _try(world, side, "edit", key=document["key"], **{what: values[what]}):
        return False
    if what == "comment":
        world.event_log.aliased.add(ours)
    if what == "amount":
        world.event_log.edited.add(ours)
    return True


@acts(1)
def renumber_last(world):
    """The last document of a journal gets the next number but one."""
    side = world.side()
    journal = _journal(world, side)
    last = _last(world, side, journal)
    place = last and (side.number, last["key"])
    if not last or place in world.owners.orphans:
        return False
    ours = world.owners.of(side, last["key"])
    number = int(last["key"].split("/")[2])
    if not _try(world, side, "renumber", key=last["key"], number=number + 1):
        return False
    if ours:
        world.event_log.renumbered.add(ours)
    world.event_log.gaps.add(place)
    world.owners.renumber(place, (side.number, f"{YEAR}/{journal}/{number + 1}"))
    return True


def _last(world, side, journal):
    documents = world.documents(side).values()
    start = f"{YEAR}/{journal}/"
    ours = [document for document in documents if document["key"].startswith(start)]
    return max(ours, key=lambda it: int(it["key"].split("/")[2]), default=None)


def _ours(world):
    """Return one of the latest bookings that came from Odoo, with its side."""
    side = world.side()
    ours = [
        document
        for key, document in world.documents(side).items()
        if world.owners.of(side, key)
    ]
    return (side, world.random.choice(ours[-15:])) if ours else None


@acts(9)
def open_journal(world):
    """Somebody has a journal open."""
    side = world.side()
    _set(world, side, opened_by="Els")


@acts(2)
def close_journal(world):
    """A journal is closed."""
    _set(world, world.side(), closed="true")


@acts(2)
def protect_period(world):
    """A journal takes nothing any more until some period."""
    side = world.side()
    _set(world, side, protected_period=_period(world, side))


@acts(0.5)
def close_period(world):
    """A journal is closed until (or from) some period."""
    side = world.side()
    _set(world, side, closed_period=_period(world, side))


@acts(0.5)
def close_year(world):
    """The bookyear is closed."""
    _try(world, world.side(), "close_year", bookyear=YEAR, closed="true")


@acts(14)
def open_again(world):
    """The accountant is done in a dossier."""
    leave(world, world.side())


def leave(world, side):
    """Let a dossier take documents again."""
    _try(world, side, "close_year", bookyear=YEAR, closed="false")
    for journal in side.journals:
        _set(
            world,
            side,
            journal,
            opened_by="",
            closed="false",
            protected_period=0,
            closed_period=0,
        )


def _set(world, side, journal=None, **values):
    world.octopus.act(
        side.number,
        "set_journal",
        bookyear=YEAR,
        journal=journal or _journal(world, side),
        **values,
    )


def _period(world, side):
    month = world.random.randint(1, 12)
    quarterly = side is world.sides[1]
    return world.year * 100 + ((month + 2) // 3 if quarterly else month)
