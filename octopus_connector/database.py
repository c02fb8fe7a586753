"""What tells the database that was connected from its copies.

``database.uuid`` is not enough: only Odoo's own database manager gives a copy a new
one. A copy by pg_dump, a template, a snapshot or a restored backup keeps it, together
with everything else that is stored inside. So the facts below are read from the server.

=========  ==========================================  ===========================
fact       what it is                                  is another one after
=========  ==========================================  ===========================
uuid       Odoo's own number of the database           Odoo's *Duplicate*
name       name of the database                        a rename
oid        PostgreSQL's number of the database         pg_dump and restore, template
server     identifier of the PostgreSQL cluster        another server, pg_upgrade
timeline   history of the cluster                      a restored base backup, a
                                                       standby that took over
host       host of ``web.base.url``                    an administrator logged in
                                                       under another address
=========  ==========================================  ===========================

A copy of the server's disk that is just started has all of them in common with the
original, until an administrator logs in to it under an address of its own.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from psycopg2 import errors

_logger = logging.getLogger(__name__)

FACTS = ("uuid", "name", "oid", "server", "timeline", "host")
DATABASE = {
    "name": "SELECT current_database()",
    "oid": """
        SELECT oid::bigint FROM pg_database WHERE datname = current_database()
    """,
}
# What a hosted server may keep for itself.
OF_THE_SERVER = {
    "server": "SELECT system_identifier::text FROM pg_control_system()",
    # A replica that Odoo reads from has no position of its own to write at.
    "timeline": """
        SELECT CASE WHEN pg_is_in_recovery()
               THEN (SELECT lpad(upper(to_hex(timeline_id)), 8, '0')
                       FROM pg_control_checkpoint())
               ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END
    """,
}
KEPT_BACK = (
    errors.FeatureNotSupported,
    errors.InsufficientPrivilege,
    errors.InternalError_,
    errors.ObjectNotInPrerequisiteState,
    errors.UndefinedFunction,
)
_CACHED = "octopus_connector.database"
# Open sessions in which the server kept nothing back.
_TELLING = WeakSet()


def facts(env) -> dict[str, Any]:
    """Return the facts of the database of ``env`` as they are now.

    :return: a value for each of :data:`FACTS`; ``None`` for what cannot be known
    """
    parameters = env["ir.config_parameter"].sudo()
    return {
        "uuid": parameters.get_param("database.uuid"),
        "host": public_host(parameters.get_param("web.base.url")),
        **_of_the_server(env.cr),
    }


def _of_the_server(cr):
    """Ask once per transaction: they cannot change beneath it."""
    if _CACHED not in cr.cache:
        queries = DATABASE | OF_THE_SERVER
        cr.cache[_CACHED] = _ask_all(cr, queries) or {
            fact: _ask(cr, fact, query) for fact, query in queries.items()
        }
    return cr.cache[_CACHED]


def _together(queries):
    asked = (f"({query})" for query in queries.values())
    return f"SELECT {', '.join(asked)}"


def _ask_all(cr, queries):
    """Return all facts by one statement, ``None`` where the server keeps one back:
    screens ask for them, too. Where a session told all of them before, nothing has to
    be saved first, and what it told is not kept: it is asked again."""
    statement = _together(queries)
    known = cr.connection in _TELLING
    _TELLING.discard(cr.connection)
    try:
        with nullcontext() if known else cr.savepoint(flush=False):
            cr.execute(statement, log_exceptions=False)
            told = dict(zip(queries, cr.fetchone(), strict=True))
    except KEPT_BACK:
        if known:
            raise
        return None
    _TELLING.add(cr.connection)
    return told


def _ask(cr, fact, query):
    try:
        with cr.savepoint(flush=False):
            cr.execute(query, log_exceptions=False)
            return cr.fetchone()[0]
    except KEPT_BACK as error:
        _logger.info("PostgreSQL does not tell the %s: %s", fact, error)
        return None


def public_host(url: str | None) -> str | None:
    """Return the host of an address, ``None`` for one that every machine has."""
    host = urlsplit(url or "").hostname
    if not host or host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        return None if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host


def remember(now: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict:
    """Return what is stored of the database that may call, as JSON.

    Every address that was ever confirmed stays known: administrators log in under
    several, and ``web.base.url`` is the last one.

    :param now: what :func:`facts` gave
    :param known: what was stored before, if anything
    :return: ``name``, ``oid``, ``server``, ``timeline`` as they are now, and ``hosts``,
        a list; the uuid has a field of its own
    """
    hosts = {*(known or {}).get("hosts", ()), now["host"]} - {None}
    stored = {fact: now[fact] for fact in FACTS if fact not in ("uuid", "host")}
    return {**stored, "hosts": sorted(hosts)}


def differences(
    known: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return what is not as it was when the database was connected.

    A fact that cannot be known any more, or was not known then, is a difference, too:
    in doubt nothing is called. Only an address says nothing where there is none.

    :param known: what :func:`remember` gave, and ``uuid``; of an earlier version only
        that
    :param now: what :func:`facts` gave
    :return: ``{fact: (as it was, as it is)}``
    """
    changed = {
        fact: (known.get(fact), now[fact])
        for fact in FACTS
        if fact != "host" and known.get(fact) != now[fact]
    }
    hosts = known.get("hosts") or []
    if hosts and now["host"] and now["host"] not in hosts:
        changed["host"] = (", ".join(hosts), now["host"])
    return changed
