"""Logging in: whether a login works, which dossiers it opens, and whether this is the
database that was connected."""

from __future__ import annotations

from urllib.parse import urlsplit

from odoo.exceptions import LockError, UserError
from odoo.tools import plaintext2html

from ..api.errors import (
    OctopusAccessError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusNoTime,
    OctopusNotNow,
    ReturnCode,
)
from ..api.operations import Capability
from ..core import codes
from ..core.findings import Finding
from ..prepare.database_check import remember_database, remembering
from .dossiers import mirror_dossiers
from .scheduled import go_on

# What another try of the same login may mend.
PASSING = ("service_down", codes.HOST_UNREACHABLE, codes.OUT_OF_TIME)


def connect(connection) -> dict | None:
    """Log in and list the dossiers of the login.

    :param connection: one ``octopus.connection``, of the person who asks for it
    :return: the finding, as JSON, that stands in the way; ``None`` when connected
    :raises AccessError: companies book through it that are not the user's
    :raises UserError: somebody else tests it at this moment
    """
    connection.ensure_one()
    connection.check_access("write")
    stopped = connection.stopped_by()
    if stopped:
        connection.set_elsewhere(stopped)
        return _remember(connection, stopped)
    # Somebody asks for a new try. One at a time: Octopus counts failed logins.
    try:
        connection.sudo().lock_for_update()
    except LockError:
        raise UserError(
            connection.env._("Somebody else is testing this connection now.")
        ) from None
    connection.sudo().write({"state": "draft", "problem": False})
    try:
        with connection.client() as octopus:
            whoami = _whoami(octopus)
            dossiers = octopus.dossiers(partial=True)
    except OctopusError as error:
        return _remember(connection, why_not_connected(connection, error))
    connection.sudo().whoami = whoami
    known = mirror_dossiers(connection, dossiers)
    if not known:
        params = {"connection": connection.name}
        return _remember(connection, Finding(codes.LOGIN_WITHOUT_DOSSIER, params))
    connection.set_connected()
    return None


def try_new_login(connection):
    """Connect with a login that was entered anew, so that what waited for it goes on by
    itself; one that Octopus did not take is left alone.

    :param connection: one ``octopus.connection``
    """
    connection = connection.sudo()
    problem = (connection.problem or {}).get("code")
    if (
        connection.state == "draft"
        and not connection.stopped_by()
        and connection.has_login()
        and problem in (None, *PASSING)
        and connection.try_lock_for_update()
    ):
        connect(connection)


def _whoami(octopus):
    if Capability.WHOAMI not in octopus.capabilities:
        return False
    details = octopus.whoami().details
    return ", ".join(f"{key}: {value}" for key, value in sorted(details.items()))


def _remember(connection, finding):
    problem = finding.as_json()
    connection.sudo().problem = problem
    return problem


def why_not_connected(connection, error) -> Finding:
    """Return the finding that tells in plain words why a login did not work.

    :param connection: one ``octopus.connection``
    :param error: ``OctopusError``
    """
    params = {"connection": connection.name}
    no_access = error.code == ReturnCode.NO_ACCESS_TO_DOSSIER
    if no_access or isinstance(error, OctopusAccessError):
        return Finding(codes.WEB_SERVICE_OFF, params)
    if isinstance(error, OctopusInvalidRequest):
        return Finding(codes.LOGIN_INCOMPLETE, {**params, "message": error.message})
    unheard = isinstance(error, OctopusNotNow) and error.http_status is None
    if unheard and not isinstance(error, OctopusNoTime):
        host = urlsplit(connection.base_url()).hostname
        return Finding(codes.HOST_UNREACHABLE, {**params, "host": host})
    return connection.finding_of(error)


# The database


def confirm_database(env):
    """Remember this database instead of the one that was connected, and go on.

    Only what stood still for that doubt goes on: a login that was rejected, and what
    waits for another reason, stays as it is.

    :param env: of the person who says so
    """
    connections = env["octopus.connection"]
    doubt = {connection: connection.database_doubt for connection in remembering(env)}
    for connection in doubt:
        remember_database(connection)
    every = connections.sudo().search([("active", "in", (True, False))])
    every.filtered(lambda row: row.state == "elsewhere").set_connected()
    every.forget_problem(codes.COPIED_DATABASE)
    for connection, lines in doubt.items():
        note = env._("%(user)s: this is the real database.", user=env.user.name)
        connection._message_log(body=plaintext2html(f"{note}\n{lines}"))
    go_on(every.filtered("active").dossier_ids)
    env["octopus.watchdog"].scheduled_action()._trigger()
