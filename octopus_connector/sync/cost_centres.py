"""Reading the cost centres of a dossier for somebody who waits."""

from __future__ import annotations

from odoo.exceptions import UserError

from ..api.errors import OctopusError
from ..transaction import own_transaction
from .mirror import Mirror


def read_cost_centres(dossier) -> None:
    """Read the cost centres; when none of the two calls of the day is left, what was
    read today must do.

    :param dossier: one ``octopus.dossier`` in sudo
    :raises UserError: what Octopus has against it
    """
    with own_transaction(dossier.env) as env:
        own, problem = dossier.with_env(env).sudo(), None
        try:
            with own.client() as octopus:
                Mirror(own).cost_centres(octopus)
        except OctopusError as error:
            problem = own.note_error(error)
    if problem:
        raise UserError(dossier.env["octopus.finding"].sentences(problem))
