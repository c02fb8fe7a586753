"""./dev lint refuses a requirement's number in a test that is not stated."""

import subprocess
import sys
from pathlib import Path

import pytest

from devtools import row_numbers

ROOT = Path(__file__).resolve().parents[2]
# Of these, the made-up requirements have the first two; no requirement is numbered 0.
FIRST, SECOND, THIRD = (f"Q.{number}" for number in (1, 2, 3))


@pytest.fixture
def checkout(tmp_path):
    """Make a checkout with one test file of this text."""

    def make(text):
        (tmp_path / "docs").mkdir()
        (tmp_path / "tests" / "api").mkdir(parents=True)
        stated = f"# Rows\n\n- **{FIRST}** One, not {THIRD}.\n- **{SECOND}** Two.\n"
        (tmp_path / row_numbers.REQUIREMENTS).write_text(stated)
        (tmp_path / "tests" / "api" / "test_x.py").write_text(text)
        return tmp_path

    return make


def test_numbers_that_are_stated_pass(checkout, capsys):
    root = checkout(f'"""A test ({FIRST}, {SECOND}; {FIRST}-{SECOND})."""\n')
    assert row_numbers.main(root) == 0
    assert capsys.readouterr().out == ""


def test_one_that_is_not_is_refused_with_its_place(checkout, capsys):
    root = checkout(f'"""A test ({FIRST})."""\n\n# {THIRD}: not stated\n')
    assert row_numbers.main(root) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [f"tests/api/test_x.py:3 {THIRD}"]
    assert "docs/requirements.md" in said[0]


@pytest.mark.parametrize("dash", ["-", "–", " - "])
@pytest.mark.parametrize("end", [THIRD, "3"])
def test_a_span_names_what_lies_between(dash, end):
    assert row_numbers.named(f"({FIRST}{dash}{end})") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "text", ["19.0.1.1", "vQ.1", "BE.Q.1", "Q.1.2", "Q.1b", "q.1", "Q.x", "Q. 1"]
)
def test_versions_and_names_are_no_numbers(text):
    assert row_numbers.named(text) == []


def test_the_end_of_a_sentence_does_not_hide_one():
    assert row_numbers.named(f"As in {FIRST}. Then {THIRD}, {SECOND}") == [
        FIRST,
        THIRD,
        SECOND,
    ]


def test_every_number_in_the_tests_here_is_stated():
    assert row_numbers.unstated(ROOT) == []


def test_no_requirement_is_stated_twice():
    text = (ROOT / row_numbers.REQUIREMENTS).read_text()
    stated = row_numbers.STATED.findall(text)
    assert len(stated) == len(set(stated)) > 100


def test_the_hook_runs_it_with_nothing_but_the_standard_library():
    command = [sys.executable, "-S", "-m", row_numbers.__name__]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert f"entry: python -m {row_numbers.__name__}\n" in hooks
