"""The pretend Octopus of this database: one world, with which all workers take turns.

Its state is one row of ``octopus.sandbox``. Whoever lets it do something locks the row
in a transaction of their own, as somebody else's server would: what it did stays done
whatever becomes of the caller's transaction. A process keeps the world that it knew
last, with the version that it had.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from psycopg2 import errors

from odoo import SUPERUSER_ID, api

from odoo.addons.octopus_sandbox import snapshot
from odoo.addons.octopus_sandbox.seed import demo, single
from odoo.addons.octopus_sandbox.world import World

# How long to wait for another call to end.
WAITING = "20s"
# An Octopus that is late holds a worker of Odoo: no longer than this, in seconds.
LATEST = 3.0


class NoPretendOctopus(Exception):
    """Test mode is not on, or another call does not end."""


class Known(NamedTuple):
    """The world of a database as this process knew it last."""

    version: str
    text: str
    world: World


# By name of the database.
_KNOWN = {}


def new_world(**dossier) -> str:
    """Return the text of a world in its first state.

    :param dossier: values of its dossier, see ``octopus_sandbox.seed.single``
    """
    return snapshot.take(World(partial(single.fill, **dossier)))


@contextmanager
def pretend_octopus(registry):
    """Give the world, for a ``with`` statement; what happens to it is committed then.

    The caller's own transaction must not have written to its row.

    :param registry: of the database
    :raises NoPretendOctopus: there is none, or it is busy
    """
    with registry.cursor() as cr:
        row = _lock(cr)
        world = _world_of(row)
        known = _KNOWN.pop(cr.dbname)
        yield world
        text = snapshot.take(world)
        version = known.version
        if text != known.text:
            version = row.version = str(uuid.uuid4())
            row.world = text
        row.env.flush_all()
        cr.commit()  # pylint: disable=invalid-commit
        _KNOWN[cr.dbname] = Known(version, text, world)


def _lock(cr):
    """Wait for the row and return it as it is now, in sudo.

    The ORM's lock does not wait. Who waited for the one before has an older view of
    the row, and begins anew.
    """
    while True:
        try:
            cr.execute("SELECT set_config('lock_timeout', %s, true)", [WAITING])
            cr.execute(
                "SELECT id FROM octopus_sandbox ORDER BY id LIMIT 1 FOR UPDATE",
                log_exceptions=False,
            )
        except errors.SerializationFailure:
            cr.rollback()
            continue
        except errors.LockNotAvailable as error:
            raise NoPretendOctopus("another call does not end") from error
        found = cr.fetchone()
        if not found:
            raise NoPretendOctopus("test mode is not on")
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["octopus.sandbox"].browse(found[0])


def _world_of(row):
    """Return the world of a locked row, which is then in ``_KNOWN``."""
    database = row.env.cr.dbname
    known = _KNOWN.get(database)
    if not known or known.version != row.version:
        text = row.world
        world = snapshot.world_of(text, partial(single.fill, **row.dossier_values))
        world.faults.wait = lambda seconds: _wait(world.faults, seconds)
        known = _KNOWN[database] = Known(row.version, text, world)
    return known.world


def _wait(faults, seconds):
    """Be late, but not so late that a worker of Odoo is held for long."""
    faults.wait_while(lambda: True, min(seconds, LATEST))


def login_of(world) -> tuple[str, str, str]:
    """Return software-house ID, user and password that are taken now."""
    login = world.state.logins[demo.USER]
    return login.software_house, login.user, login.password


def bank_account(world) -> str:
    """Return the account number of the dossier's first bank."""
    journals = world.state.dossiers[demo.MAIN].journals.values()
    return next(journal.iban for journal in journals if journal.iban)
