"""Whether the login may open each dossier that companies book in, and which currencies
a dossier knows."""

from __future__ import annotations

import logging

from odoo import fields

from ..api.errors import OctopusAccessError, OctopusAuthError, OctopusError
from ..api.operations import Capability
from .mirror import was_today

# What says that the login may not open a dossier; all else says nothing of it.
NO_ACCESS = (OctopusAccessError, OctopusAuthError)

_logger = logging.getLogger(__name__)


def try_dossiers(connection):
    """Try to open each dossier in which a company books; what came of it is kept.

    :param connection: one ``octopus.connection`` that works, of the person who asks
    :return: ``octopus.dossier`` that were tried or are not listed, in sudo; and
        ``{dossier: finding, as JSON}`` of those of which the test told nothing
    """
    used = connection.sudo().dossier_ids.filtered(lambda row: row.company_ids)
    untold = {}
    for dossier in used - used.filtered("unlisted_since"):
        problem = try_dossier(dossier)
        if problem:
            untold[dossier] = problem
    return used, untold


def try_dossier(dossier):
    """Open a dossier with the cheapest call in it (24 a day); what came of it is kept.

    :param dossier: one ``octopus.dossier`` in sudo
    :return: the finding, as JSON, of what says nothing of the right: what was known of
        that stays
    """
    problem = False
    try:
        with dossier.client() as octopus:
            octopus.bookyears(partial=True)
    except NO_ACCESS as error:
        problem = dossier.note_error(error)
    except OctopusError as error:
        return dossier.note_error(error)
    dossier.write(
        {"access_problem": problem, "access_tested_at": fields.Datetime.now()}
    )
    return None


def read_currencies(dossier, octopus):
    """Read the currencies of a dossier, once a day (2 calls a day); without the list
    nothing is concluded.

    :param dossier: ``octopus.dossier`` in sudo
    :param octopus: ``api.client.DossierClient``
    """
    if was_today(dossier.currencies_at):
        return
    if Capability.CURRENCIES not in octopus.capabilities:
        return
    try:
        codes = octopus.currencies()
    except OctopusError as error:
        _logger.info("Currencies of %s: %s", dossier.octopus_id, error)
        return
    dossier.write(
        {"currency_codes": sorted(codes), "currencies_at": fields.Datetime.now()}
    )
