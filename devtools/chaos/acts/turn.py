"""The turn of the year, closed months, and how much a reading of payments may change
by itself."""

from datetime import date, timedelta

from odoo import fields

from ..schedule import Acts
from .receipts import attempt

acts = Acts()
ACTS = acts.known

OLD_YEAR = 2  # the current bookyear of the sandbox's seed
NO_LIMIT = 10**6


def day_of_document(world):
    """Return a day in the next bookyear once it is in use, sometimes; else ``None``."""
    if not world.money.turned or world.random.random() < 0.6:
        return None
    return date(fields.Date.today().year + 1, 1, world.random.randint(1, 28))


@acts(0.7)
def turn_of_the_year(world):
    """A bookyear begins to which nothing was carried over: its lists of what is open
    are empty, or hold what is new only. Sometimes one more is opened."""
    side = world.side()
    if not world.money.turned:
        world.money.turned = True
        new_year = date(fields.Date.today().year + 1, 1, 2)
        world.jump(days=max(0, (new_year - world.today).days))
    elif world.money.last_years[side.number] < 5:
        world.money.last_years[side.number] = int(attempt(world, side, "add_year"))
    carry_over(world, side, "false")


@acts(1)
def carry_over_at_last(world):
    """What is open is carried over."""
    carry_over(world, world.side(), "true")


def carry_over(world, side, done):
    last = world.money.last_years[side.number]
    attempt(world, side, "carry_over", bookyear=last, done=done)


@acts(0.7)
def close_old_year(world):
    """The old bookyear takes nothing any more."""
    attempt(world, world.side(), "close_year", bookyear=OLD_YEAR, closed="true")


@acts(3)
def open_old_year(world):
    """The accountant has to book in the old year after all."""
    for side in world.sides:
        attempt(world, side, "close_year", bookyear=OLD_YEAR, closed="false")


@acts(0.7)
def close_months_in_odoo(world):
    """Odoo takes nothing any more in earlier months."""
    return world.as_admin(lock, world, fields.Date.today().replace(day=1) - _DAY)


_DAY = timedelta(days=1)


@acts(1.5)
def open_months_in_odoo(world):
    """Odoo takes entries of every month again."""
    return world.as_admin(lock, world, False)


def lock(env, world, day):
    """Set the lock date of the companies."""
    companies = env["res.company"].browse([side.company_id for side in world.sides])
    companies.fiscalyear_lock_date = day
    return True


@acts(1.5)
def guard_closely(world):
    """Few changes are made without a person; or none at all, as for a new company."""
    side = world.side()
    first = world.random.random() < 0.3
    limit = world.random.randint(1, 4)
    return world.as_admin(guard, side, limit, 30, not first)


@acts(2)
def guard_loosely(world):
    """Changes are made by themselves."""
    return world.as_admin(guard, world.side())


def guard(env, side, limit=NO_LIMIT, share=100, accepted=True):
    """Set how many documents a reading may change before a person must look."""
    company = env["res.company"].browse(side.company_id)
    company.octopus_settings().write(
        {
            "octopus_payments_accepted": accepted,
            "octopus_payment_limit": limit,
            "octopus_payment_share": share,
        }
    )
    return True
