"""The sandbox inside another program: a world kept as a text, and the accountant's page
below a path of that program (Z.25)."""

import re
from functools import partial

import pytest
from werkzeug.wrappers import Request

from octopus_sandbox import snapshot
from octopus_sandbox.control.desk import Desk
from octopus_sandbox.seed import demo, single
from octopus_sandbox.world import Call, Violation, World

SEED = partial(single.fill, name="Elsewhere BV", vat_number="BE0477.472.701")
ROOT = "/somewhere/accountant"
SCREENS = (
    "/",
    "/settings",
    "/log",
    "/dossier/71001/journals",
    "/dossier/71001/bookings",
    "/dossier/71001/relations",
    "/dossier/71001/open",
    "/dossier/71001/documents/2/V1/1",
)


@pytest.fixture
def world():
    return World(SEED)


def ask(desk, path, **values):
    request = Request.from_values(path, base_url=f"http://host{ROOT}/", **values)
    return desk.handle(request, path.partition("?")[0][1:])


def test_a_single_dossier_is_seeded(world):
    [books] = world.books.values()
    assert books.dossier.name == "Elsewhere BV"
    assert world.state.logins[demo.USER].dossiers == [demo.MAIN]
    assert world.state.logins[demo.NOBODY].dossiers == []
    assert not books.audit().problems


def test_a_world_comes_back_as_it_was(world):
    world.set_switches({"quota": "off"})
    world.faults.add("close", operation="insertBuySellBooking", skip=1)
    world.faults.latency = 0.25
    world.calls.append(Call("getVersion", 0, 200))
    world.violate("getVersion", "wrong")
    world.books[demo.MAIN].dossier.disabled = True
    text = snapshot.take(world)
    back = snapshot.world_of(text, SEED)
    assert snapshot.take(back) == text
    assert back.switches["quota"] == "off"
    assert back.books[demo.MAIN].dossier.disabled
    [fault] = back.faults.pending()
    assert (fault.kind, fault.skip) == ("close", 1)
    assert list(back.calls) == [Call("getVersion", 0, 200)]
    assert back.violations == [Violation("getVersion", "wrong")]
    back.reset()
    assert not back.books[demo.MAIN].dossier.disabled
    assert back.books[demo.MAIN].dossier.name == "Elsewhere BV"


def test_a_text_does_not_grow_with_the_calls(world):
    for number in range(3 * snapshot.CALLS):
        world.calls.append(Call("getVersion", number, 200))
    kept = snapshot.world_of(snapshot.take(world), SEED).calls
    assert len(kept) == snapshot.CALLS
    assert kept[-1].dossier == 3 * snapshot.CALLS - 1


@pytest.mark.parametrize("screen", SCREENS)
def test_each_link_stays_below_the_path(world, screen):
    page = ask(Desk(world, {"guard": "x1"}), screen).get_data(as_text=True)
    links = re.findall(r'(?:href|action)="(/[^"]*)"', page)
    assert links
    assert [link for link in links if not link.startswith(f"{ROOT}/")] == []
    assert page.count("<form") == page.count('name="guard" value="x1"')


def test_a_form_comes_back_below_the_path(world):
    desk = Desk(world, {"guard": "x1"})
    fields = {"back": "/log", "guard": "x1", "step": "hours=1"}
    answer = ask(desk, "/do/clock", method="POST", data=fields)
    assert answer.headers["Location"] == f"{ROOT}/log?said=Done"


def test_the_address_of_the_service_shows_where_it_is_served(world):
    below = ask(Desk(world), "/").get_data(as_text=True)
    assert "REST API" not in below
    request = Request.from_values("/", base_url="http://host/")
    own = Desk(world).handle(request, "").get_data(as_text=True)
    assert "http://host/octopus-rest-api/v1" in own
