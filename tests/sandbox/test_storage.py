"""The state in a file (issue 2 §2)."""

import datetime
import json
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from octopus_sandbox import storage
from octopus_sandbox.testing import Sandbox
from octopus_sandbox.world import World

from .client import OLD, Caller
from .conftest import frozen_seed


def test_everything_comes_back_from_the_file(tmp_path):
    path = tmp_path / "state.json"
    with Sandbox(frozen_seed, path) as sandbox:
        sandbox.world.set_switches({"merge_missing": "blank", "text_limit": "50"})
        octopus = Caller(sandbox)
        line = {"intrastatServiceData": {"isoCountrycode": "NL", "weight": 1.5}}
        octopus.book(line=line, attachments=[{"fileName": "a", "fileData": "AAAA"}])
        octopus.book_financial()
        octopus.balance((2, "V1", 3), (2, "F1", 2, 1), 100.0)
        sandbox.books().accountant.delete_last(2, "F1")
        octopus.get("vatcodes")
        before = sandbox.world
        before.save()
    again = World(frozen_seed, path)
    assert again.state == before.state
    assert again.switches.changed() == before.switches.changed()
    assert again.audit() == before.audit()
    with Sandbox(frozen_seed, path) as sandbox:
        octopus = Caller(sandbox, token=octopus.session.headers["dossierToken"])
        for path, params in (
            ("buysellbookings/modified", {"bookyearId": -1}),
            ("balancings/modified", {}),
            ("bookyears/-1/bookings/modified", {"journalTypeId": -1}),
            ("journals/modified", {}),
            ("relations/modified", {}),
        ):
            response = octopus.get(path, modifiedTimeStamp=OLD, **params)
            assert response.status_code == 200, response.text
        assert octopus.get("vatcodes").status_code == 200
        assert octopus.get("vatcodes").status_code == 429
        assert octopus.book(documentSequenceNr=4).status_code == 201


def test_each_write_is_in_the_file_at_once(tmp_path):
    path = tmp_path / "state.json"
    with Sandbox(frozen_seed, path) as sandbox:
        Caller(sandbox).book()
        assert (2, "V1", 3) in World(frozen_seed, path).books[71001].dossier.bookings
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


def test_a_broken_save_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "state.json"
    storage.save({"a": 1}, path)
    with pytest.raises(TypeError):
        storage.save({"a": object()}, path)
    assert json.loads(path.read_text()) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


@dataclass
class Leaf:
    number: Decimal
    when: datetime.datetime | None = None
    free: dict = field(default_factory=dict)


@dataclass
class Tree:
    leaves: dict[tuple[int, str], Leaf] = field(default_factory=dict)
    days: list[datetime.date] = field(default_factory=list)
    raw: bytes = b""


def test_types_survive():
    tree = Tree(
        {
            (1, "V1"): Leaf(
                Decimal("1.10"),
                datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
                {"weight": Decimal("0.10"), "list": [{"a": None}]},
            )
        },
        [datetime.date(2026, 1, 1)],
        b"\x00\xff",
    )
    text = json.dumps(storage.to_plain(tree))
    plain = json.loads(text, object_hook=storage.read_decimal)
    assert storage.from_plain(Tree, plain) == tree
