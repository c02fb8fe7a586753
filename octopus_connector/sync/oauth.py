"""Access that a user gives on Octopus's own page: the way there and back, and keeping
it alive.

What Octopus gives is written in a transaction of its own, at once, and by one worker at
a time: a refresh token that is replaced may be good no more.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..api import oauth
from ..api.auth import MARGIN, OAuthLogin
from ..api.errors import (
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
)
from ..call_log import TOKENS
from ..core.findings import FindingError
from ..work_time import work_time
from .login import connect, why_not_connected

_logger = logging.getLogger(__name__)

RETURN_PATH = "/octopus/oauth/return"
SCOPE = "octopus_connector.oauth"
# How long somebody may take on Octopus's own page.
LASTING = timedelta(minutes=15)
# How often an access that nobody uses is used to keep it.
KEPT_EVERY = timedelta(days=7)
PARAMETER = "octopus_connector.oauth_{}"
YES = ("1", "true", "yes")


def service_of(connection) -> oauth.OAuthService:
    """Return where and how a connection asks for access; what the contract leaves open
    are system parameters (docs/contract.md, *OAuth*).

    :param connection: one ``octopus.connection``
    """
    parameters = connection.env["ir.config_parameter"].sudo()

    def told(name, default):
        return (parameters.get_param(PARAMETER.format(name)) or default).strip()

    keys = told("keys", ",".join(oauth.KEYS)).split(",")
    return oauth.OAuthService(
        software_house=connection.sudo().software_house or "",
        return_url=return_url(connection.env),
        authorize_url=told("authorize_url", oauth.AUTHORIZE_URL),
        token_url=told("token_url", oauth.TOKEN_URL),
        body=told("body", "form"),
        keys=tuple(key.strip() for key in keys)[:3],
        send_redirect_uri=told("send_redirect_uri", "no").lower() in YES,
    )


def return_url(env) -> str:
    """Return the address that Octopus sends the browser back to: the one that is
    registered with the software-house ID.

    :param env: any environment
    """
    parameters = env["ir.config_parameter"].sudo()
    told = parameters.get_param(PARAMETER.format("return_url"))
    base = parameters.get_param("web.base.url") or ""
    return told or base.rstrip("/") + RETURN_PATH


# The way there


def begin(connection, setup=False) -> str:
    """Return the address of the page on which a user gives access.

    :param connection: one ``octopus.connection``, of the person who asks
    :param setup: the set-up goes on afterwards
    :raises AccessError: the connection is not the user's to change
    :raises FindingError: this database or the connection may not be used
    :raises UserError: the connection is over SOAP, or no address can be made
    """
    connection.ensure_one()
    connection.check_access("write")
    _check_usable(connection)
    env = connection.env
    way = (
        env["octopus.authorization"]
        .sudo()
        .create(
            {
                "nonce": secrets.token_urlsafe(32),
                "connection_id": connection.id,
                "user_id": env.uid,
                "setup": setup,
            }
        )
    )
    state = hash_sign(env(su=True), SCOPE, _signed(way), expiration=LASTING)
    try:
        return service_of(connection).authorize_address(state)
    except OctopusInvalidRequest as error:
        raise UserError(
            env._(
                "Octopus's page cannot be opened: %(why)s Fill in the software-house"
                " ID first.",
                why=error.message,
            )
        ) from None


def _signed(way):
    return [way.nonce, way.connection_id.id, way.user_id.id]


def _check_usable(connection):
    """Refuse before anything is used up or kept; meanwhile the connection may have
    been changed."""
    connection.check_page_is_possible()
    stopped = connection.stopped_by()
    if stopped:
        raise FindingError([stopped])


# The way back


def finish(env, state, code, error):
    """Take what the browser brought back, and connect.

    :param env: of the person whose browser it is
    :param state: as :func:`begin` signed it
    :param code: that Octopus gave, ``None`` with an ``error``
    :return: ``(octopus.connection, whether the set-up goes on)``; what stands in the
        way of using the access is told on the connection
    :raises FindingError: what stands in the way; nothing was changed
    :raises UserError: in words, why nothing comes of it; nothing was changed
    """
    way = _way_of(env, state)
    connection = way.connection_id.with_env(env)
    connection.check_access("write")
    _check_usable(connection)
    if error or not code:
        raise UserError(
            env._(
                "Octopus gave no access (%(error)s). Nothing was changed.",
                error=(error or env._("no code"))[:60],
            )
        )
    grant = _exchange(connection, code)
    _keep(connection, grant)
    # From here on there is no password that somebody could read.
    connection.sudo().write({"login_way": "oauth", "secret": False})
    connection.forget_end_of_access()
    connection._message_log(body=env._("Access was given on Octopus's own page."))
    connect(connection)
    return connection, way.setup


def _way_of(env, state):
    """Return the ``octopus.authorization`` that a state is of, in sudo; it is used up,
    also if what follows fails.

    :raises UserError: it is not this user's, not of this database, too old, or used
    """
    try:
        signed = verify_hash_signed(env(su=True), SCOPE, state or "")
    except (ValueError, UnicodeError):
        signed = None
    if not signed:
        raise UserError(
            env._(
                "This way back from Octopus is too old (it lasts 15 minutes), or this"
                " Odoo did not make it. Click Connect with Octopus again."
            )
        )
    nonce, _connection_id, user_id = signed
    if user_id != env.uid:
        raise UserError(
            env._(
                "Somebody else began this, in another session. Click Connect with"
                " Octopus yourself."
            )
        )
    way = env["octopus.authorization"].sudo().search([("nonce", "=", nonce)])
    if not way or _signed(way) != signed or not _use(way):
        raise UserError(
            env._(
                "This way back from Octopus was used before. Click Connect with Octopus"
                " again."
            )
        )
    return way


def _use(way):
    with way.env.registry.cursor() as cr:
        first = way.with_env(way.env(cr=cr)).use()
    way.invalidate_recordset()
    return first


def _exchange(connection, code):
    """Return the ``api.oauth.Grant`` of a code.

    :raises UserError: Octopus does not take it
    :raises FindingError: it gives no usable answer
    """
    env = connection.env
    service = service_of(connection)
    try:
        with connection.call_log() as call_log:
            return service.exchange(code, observer=call_log, work_time=work_time())
    except OctopusAuthError:
        raise UserError(
            env._(
                "Octopus did not take the code that the browser brought back: it is"
                " good for five minutes, and once. Click Connect with Octopus again."
            )
        ) from None
    except OctopusError as error:
        raise FindingError([why_not_connected(connection, error)]) from None


def _keep(connection, grant):
    with _alone(connection.env, connection.id) as tokens:
        tokens.replace_permission(connection.id, secrets.token_urlsafe(32), grant)
    TOKENS.clear()
    connection.env["octopus.token"].invalidate_model()


# Using it


def login_of(connection, call_log) -> OAuthLogin:
    """Return the login of a connection to which access was given.

    :param connection: one ``octopus.connection``
    :param call_log: observer of the client's calls
    :raises OctopusInvalidRequest: access was never given
    """
    env, connection_id = connection.env, connection.id
    # This transaction may be older than an access that was given a moment ago.
    with env.registry.cursor() as cr:
        fresh = connection.with_env(Environment(cr, env.uid, {}, su=True))
        permission = token_of(fresh).permission
    if not permission:
        raise OctopusInvalidRequest("Nobody gave access on Octopus's own page yet.")
    service = service_of(connection)

    def fetch(refused):
        return _fetch(env, connection_id, permission, service, call_log, refused)

    return OAuthLogin(permission, service.software_house, fetch)


def token_of(connection):
    """Return the ``octopus.token`` of a connection, in sudo; empty when there is none.

    :param connection: one ``octopus.connection``
    """
    tokens = connection.env["octopus.token"].sudo()
    return tokens.search([("connection_id", "=", connection.id)])


def _fetch(env, connection_id, permission, service, call_log, refused, anew=False):
    """Return an access token and how many seconds it is good for.

    :param refused: one that Octopus did not take
    :param anew: also when the one that is kept is still good
    :raises OctopusAuthError: the access is at its end, or another one was given since
    """
    with _alone(env, connection_id) as tokens:
        token = tokens.search([("connection_id", "=", connection_id)])
        if not token or token.permission != permission:
            raise OctopusAuthError(technical="the access was given anew, or taken away")
        usable = token.access_token != refused and token.seconds_left() > MARGIN
        if anew or not usable:
            grant = service.refresh(
                token.refresh_token, observer=call_log, work_time=work_time()
            )
            token.note_grant(grant)
        return token.access_token, token.seconds_left()


@contextmanager
def _alone(env, connection_id):
    """Give ``octopus.token`` in a transaction of its own, with nobody else at it.

    Whoever waited must see what the one before wrote, so the lock is held by another
    transaction than the one that reads.
    """
    with env.registry.cursor() as lock:
        lock.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"octopus_token {connection_id}"],
        )
        with env.registry.cursor() as cr:
            yield Environment(cr, env.uid, {}, su=True)["octopus.token"]


# Keeping it


def keep_alive(connection):
    """Use an access that nobody uses, so that it lasts, and tell in time that it ends.

    :param connection: one ``octopus.connection`` in sudo
    """
    token = token_of(connection)
    if connection.login_way != "oauth" or not token or not connection.is_ready():
        return
    if fields.Datetime.now() - token.refreshed_at >= KEPT_EVERY:
        _renew(connection, token)
        token.invalidate_recordset()
    connection.tell_end_of_access(token_of(connection))


def _renew(connection, token):
    with connection.call_log() as call_log:
        try:
            _fetch(
                connection.env,
                connection.id,
                token.permission,
                service_of(connection),
                call_log,
                None,
                anew=True,
            )
        except OctopusAuthError as error:
            connection.note_rejected(error)
        except OctopusError as error:
            _logger.info("%s: access is renewed later: %s", connection.name, error)


def forget(connections):
    """Keep nothing of what Octopus gave.

    :param connections: ``octopus.connection``
    """
    tokens = connections.env["octopus.token"].sudo()
    tokens.search([("connection_id", "in", connections.ids)]).unlink()
    TOKENS.clear()
