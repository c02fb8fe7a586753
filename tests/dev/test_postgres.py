"""The workspace's own PostgreSQL is shared, stopped by its last user, and made anew
when it cannot be trusted (issue 2 §1)."""

import shutil
import sys
from pathlib import Path

import pytest

from devtools.cache import Cache
from devtools.errors import DevError
from devtools.postgres import GivenPostgres, OwnPostgres


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def server(cache):
    server = OwnPostgres(Path(sys.executable), cache)
    yield server
    server.close()
    server.remove()
    assert not server.home.exists()


def running(server):
    return (server.data / "postmaster.pid").exists()


def test_the_last_of_two_users_stops_it(server, cache):
    server.start()
    second = OwnPostgres(Path(sys.executable), cache)
    second.start()
    server.close()
    assert running(second)
    role = "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    assert second.query(role) == [["odoo", False]]
    # A value is passed, never pasted into the statement.
    assert second.query("SELECT %s", "it's; DROP") == [["it's; DROP"]]
    with pytest.raises(DevError, match="Another ./dev uses the databases"):
        server.remove()
    second.close()
    assert not running(second)


def test_databases_survive_a_stop_but_not_a_crash_of_the_machine(server):
    server.start()
    server.query("CREATE DATABASE kept")
    server.close()
    server.start()
    assert server.query("SELECT 1", database="kept") == [[1]]
    left_behind = server.home / "postmaster.pid"
    shutil.copy2(server.data / "postmaster.pid", left_behind)
    server.close()
    # As if the machine had gone down with the server running.
    left_behind.rename(server.data / "postmaster.pid")
    (server.home / "ready").write_text("another boot")
    server.start()
    with pytest.raises(DevError, match='database "kept" does not exist'):
        server.query("SELECT 1", database="kept")


def test_a_server_that_does_not_answer_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PGHOST", str(tmp_path))
    with pytest.raises(DevError, match=str(tmp_path)):
        GivenPostgres(Path(sys.executable)).start()
