"""What Octopus's service does to a caller."""

from odoo.addons.octopus_connector.sync.login import connect

from ..schedule import Acts
from .workers import INSERT

acts = Acts()
ACTS = acts.known

KINDS = (
    "hang",
    "close",
    "reset",
    "status",
    "html",
    "truncated",
    "expired_token",
    "journal_open",
    "quota",
    "slow",
)
OPERATIONS = (
    INSERT,
    INSERT,
    INSERT,
    "*",
    "getBuySellBooking",
    "getJournals",
    "addAttachementToBooking",
    "insertUpdateRelation",
)


@acts(30)
def fault(world):
    """One of the next calls meets a fault."""
    random = world.random
    kind = random.choices(KINDS, [3, 3, 3, 3, 3, 3, 2, 2, 1, 1])[0]
    world.octopus.plan(
        kind,
        operation=random.choice(OPERATIONS),
        when=random.choice(("before", "after")),
        count=random.choice((1, 1, 1, 2, 3)),
        skip=random.choice((0, 0, 0, 1)),
        status=random.choice((500, 502, 503, 504)),
        seconds=0.2,
    )


@acts(1)
def down_for_a_while(world):
    """Nothing answers for a number of calls."""
    kind = world.random.choice(("close", "status", "reset"))
    world.octopus.plan(kind, count=world.random.randint(5, 15))


@acts(5)
def back_to_normal(world):
    """No faults any more."""
    world.forget_faults()


@acts(2)
def expire_tokens(world):
    """Every token ends."""
    world.octopus.ask("/tokens/expire", "POST")


@acts(0.5)
def change_password(world):
    """Somebody changes the password in Octopus; Odoo does not know."""
    password = f"secret-{world.random.randint(1000, 9999)}"
    world.octopus.ask(f"/logins/{world.login['user']}", "PUT", password=password)
    world.octopus.ask("/tokens/expire", "POST")
    world.login["password"] = password


@acts(1.5)
def mend_login(world):
    """An administrator types the password that works."""
    return world.as_admin(_mend_login, world)


def _mend_login(env, world):
    broken = env["octopus.connection"].search([("state", "!=", "connected")])
    for connection in broken:
        connection.password = world.login["password"]
        connect(connection)
    return bool(broken)
