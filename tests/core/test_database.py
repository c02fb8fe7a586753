"""What tells a database from its copies (X.45, X.73)."""

import pytest

from octopus_connector.database import FACTS, differences, public_host, remember

HERE = {
    "uuid": "u",
    "name": "office",
    "oid": 16400,
    "server": "7",
    "timeline": "00000001",
    "host": "erp.example.be",
}


def known(**facts):
    """What is stored of a database, as a connection keeps it."""
    now = {**HERE, **facts}
    return {**remember(now, None), "uuid": now["uuid"]}


def test_x45_the_database_itself_is_no_copy():
    assert differences(known(), HERE) == {}


@pytest.mark.parametrize("fact", FACTS)
def test_x73_each_fact_alone_raises_the_doubt(fact):
    other = {**HERE, fact: "another.example.be"}
    assert differences(known(), other) == {fact: (HERE[fact], "another.example.be")}


@pytest.mark.parametrize("fact", ["name", "oid", "server", "timeline"])
def test_x73_what_can_not_be_known_any_more_raises_the_doubt(fact):
    assert list(differences(known(), {**HERE, fact: None})) == [fact]
    assert differences(known(**{fact: None}), {**HERE, fact: None}) == {}


def test_x73_a_database_connected_by_an_earlier_version_is_asked_about():
    """It may have been copied before both were upgraded."""
    changed = differences({"uuid": "u"}, HERE)
    assert list(changed) == ["name", "oid", "server", "timeline"]
    assert changed["name"] == (None, "office")


def test_x73_an_address_says_nothing_where_there_is_none():
    assert differences(known(host=None), HERE) == {}
    assert differences(known(), {**HERE, "host": None}) == {}


def test_x73_every_address_that_was_confirmed_stays_known():
    first = known()
    both = remember({**HERE, "host": "vpn.example.be"}, first)
    assert both["hosts"] == ["erp.example.be", "vpn.example.be"]
    assert differences({**both, "uuid": "u"}, HERE) == {}
    assert remember({**HERE, "host": None}, both)["hosts"] == both["hosts"]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://ERP.example.be/odoo", "erp.example.be"),
        ("http://192.168.1.10:8069", "192.168.1.10"),
        ("http://localhost:8069", None),
        ("http://odoo.localhost", None),
        ("http://127.0.0.1:8069", None),
        ("http://[::1]:8069", None),
        ("", None),
        (None, None),
        ("no address", None),
    ],
)
def test_x73_an_address_of_this_machine_is_none(url, host):
    assert public_host(url) == host
