"""What ./dev bench says of a figure, and of two builds (issues 2 §6 and 14)."""

import json

import pytest

from benchmarks import versus
from benchmarks.figures import Figure, tell


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [(1.25, 1.25, True), (1.26, 1.25, False), (9, None, None)],
)
def test_a_figure_up_to_its_target_meets_it(value, target, met):
    told = json.loads(Figure("time", value, "times", target).as_json())
    assert told == {
        "name": "time",
        "value": value,
        "unit": "times",
        "target": target,
        "met": met,
    }


def test_a_person_reads_what_was_missed():
    assert Figure("time", 2, "times", 1).as_text().endswith("at most 1      MISSED")
    assert "MISSED" not in Figure("time", 1, "times", 1).as_text()


def test_what_is_missed_is_counted_and_all_is_told(capsys):
    figures = [Figure("a", 2, "times", 1), Figure("b", 1, "times"), Figure("c", 3, "s")]
    assert tell(figures) == 1
    assert tell(figures[1:], in_json=True) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["a", "b", "c"]
    assert [json.loads(line)["name"] for line in lines[3:]] == ["b", "c"]


class Build:
    """Steps of a build that needs known seconds beyond the call, a pass each."""

    def __init__(self, name, beyond, log):
        self.name, self.beyond, self.log = name, beyond, log
        self.left = 0

    def begin(self, step, **values):
        if step == "write":
            self.left += values["times"]
        self.log.append((self.name, step))

    def result(self):
        self.log.append((self.name, "result"))

    def send(self, commit_ms):
        self.left -= 1
        self.log.append((self.name, commit_ms))
        seconds = self.beyond[commit_ms].pop(0)
        # A loop that takes longer makes the pass longer, and changes nothing.
        bare = float(len(self.log))
        counted = None if commit_ms is None else 4 * versus.DOCUMENTS
        done = {"seconds": bare + seconds, "bare": bare, "commits": counted}
        return {**done, "queries": 9 * versus.DOCUMENTS}


@pytest.fixture
def log():
    return []


@pytest.fixture
def told(log):
    """The figures of a build against one that slowed down in the last round."""
    this = Build("this", {None: [6, 5, 5, 4, 80], 2: [4, 3, 4, 3, 50]}, log)
    slower = [10, 10, 10, 10, 100]
    other = Build("other", {None: slower.copy(), 2: slower.copy()}, log)
    told = {it.name: it for it in versus.measure(this, other, "abc")}
    assert (this.left, other.left) == (0, 0)
    return told


def test_builds_are_compared_round_by_round(told):
    plain = told["time beyond the call against abc, 0 ms"]
    # Of 0.4 to 0.8: the round in which both were slow is one of five.
    assert (plain.value, plain.target, plain.met) == (0.5, 0.55, True)
    disk = told["time beyond the call against abc, 0 ms, a commit of 2 ms"]
    assert (disk.value, disk.target, disk.met) == (0.4, 0.40, True)


def test_each_build_tells_what_a_document_needs(told):
    for build in ("this build", "abc"):
        assert told[f"queries per document, {build}"].value == 9
        assert told[f"durable commits per document, {build}"].value == 4
    name = "time beyond the call, 0 ms, abc"
    assert told[name].value == 1000 * 10 / versus.DOCUMENTS


def test_builds_send_in_turns_and_each_is_first_as_often(told, log):
    sent = [entry for entry in log if entry[1] in (None, 2)]
    first = ["this", "other"]
    passes = [[sent.pop(0)[0] for _side in first] for _pass in range(10)]
    assert passes[:6] == [first, first, first[::-1], first[::-1], first, first]
    assert not sent
    # What is not timed is begun by both before anybody waits.
    assert [name for name, _step in log[:4]] == ["this", "other", "this", "other"]
    assert [step for _name, step in log[:4]] == ["prepare"] * 2 + ["result"] * 2
