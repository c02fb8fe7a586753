"""Work that commits step by step, asked for by a person who waits for it."""

from __future__ import annotations

from contextlib import contextmanager


@contextmanager
def own_transaction(env):
    """Give the same environment in a transaction of its own, for a ``with`` statement.

    What the request did so far is committed first, because the other transaction must
    see it. A request that Odoo starts again after that finds its work done.

    :param env: of the request
    :return: an environment whose cursor may be committed; what is left when the block
        ends is committed too, after an error it is rolled back
    """
    env.flush_all()
    if env["account.move.send"]._can_commit():
        env.cr.commit()  # pylint: disable=invalid-commit
    with env.registry.cursor() as cr:
        yield env(cr=cr)
    env.invalidate_all()
