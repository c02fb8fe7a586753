"""The figures of the code (issue 13), each on a small tree that was made for it, and
what they know of the code, on the real one."""

import ast
import textwrap
import types
from pathlib import Path

import pytest

from devtools import figures
from devtools.commands import figures as command
from devtools.errors import DevError
from devtools.figures import plan, walks
from devtools.figures.tree import Tree

ROOT = Path(__file__).resolve().parents[2]
# References as code would spell them, which this file must not.
OF_A_ROW, OF_ANOTHER = "X" + ".23", "Z" + ".7"


@pytest.fixture
def tree(tmp_path):
    """Make a tree of files of the addon, ``path: text``."""

    def make(files):
        for path, text in files.items():
            place = tmp_path / plan.ADDON / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(textwrap.dedent(text))
        return Tree(tmp_path)

    return make


def value(figure):
    assert not figure.broken
    return figure.value


# Two lives


ROW = """
    class Row(models.Model):
        _name = "{}"
        _inherit = ["octopus.outbox.mixin", "mail.thread"]

        def _queue(self):
            pass

        def _{}(self):
            pass
"""


def test_a_method_of_both_rows_is_counted_once_also_from_other_files(tree):
    figure = figures.both_rows(
        tree(
            {
                "models/booking.py": ROW.format(plan.ROWS[0], "only_here"),
                "models/booking_more.py": f"""
                    class More(models.Model):
                        _inherit = "{plan.ROWS[0]}"

                        def _judge(self):
                            pass
                """,
                "models/payment.py": ROW.format(plan.ROWS[1], "judge"),
                "models/other.py": ROW.format("octopus.run", "only_here"),
            }
        )
    )
    assert value(figure) == "2"
    assert [place.split(":")[0] for place in figure.places] == ["_judge", "_queue"]
    assert "booking_more.py:5" in figure.places[0]


def test_a_row_that_was_renamed_is_no_success(tree):
    figure = figures.both_rows(
        tree({"models/booking.py": ROW.format("octopus.letter", "x")})
    )
    assert figure.value == "0"
    assert len(figure.broken) == 2


def test_an_override_is_counted_near_and_far_if_it_is_private(tree):
    figure = figures.overrides(
        tree(
            {
                "send/sender.py": """
                    class Sender:
                        def send(self): ...
                        def _look(self): ...
                        def _insert(self): ...
                """,
                "send/payment.py": """
                    class Transfer(Sender):
                        def __init__(self): ...
                        def send(self): ...
                        def _look(self): ...
                        def _match(self): ...

                    class Later(Transfer):
                        def _insert(self): ...
                """,
                "models/mixin.py": """
                    class Other(Sender):
                        def _look(self): ...
                """,
            }
        )
    )
    assert value(figure) == "2"
    assert figure.places[0].startswith("Later._insert of Sender")
    assert figure.places[1].startswith("Transfer._look of Sender")


# Walls


@pytest.mark.parametrize(
    "line",
    [
        "row._hold()",
        "self.row._hold()",
        "self.env['octopus.booking']._hold()",
        "row._bookings()[0]._hold()",
        "retrying(row._hold)",
    ],
)
def test_a_private_method_of_another_is_counted(tree, line):
    files = {
        "send/batch.py": f"def go(self, row):\n    {line}\n",
        "models/row.py": "class Row:\n    def _hold(self): ...\n",
        "models/also.py": "def go(row):\n    row._hold()\n",
    }
    figure = figures.private_calls(tree(files))
    own = line.count("_bookings")
    assert value(figure) == str(1 + own)
    assert all(place.startswith("send/batch.py:2 ") for place in figure.places)


@pytest.mark.parametrize(
    "line",
    [
        "self._hold()",
        "cls._hold()",
        "super()._hold()",
        "Push._hold()",
        "styles._hold()",
        "json._hold()",
        "row.hold()",
        "row.__class__()",
        "row.env._('Booked')",
        "env['ir.cron']._commit_progress(1)",
        "len(row._name)",
        "_hold()",
    ],
)
def test_what_is_ones_own_a_modules_or_odoos_is_not(tree, line):
    code = f"""
        import json
        from . import styles

        class Push:
            def _hold(self):
                {line}
    """
    figure = figures.private_calls(tree({"send/batch.py": code, "send/styles.py": ""}))
    assert value(figure) == "0", figure.places


def test_an_import_that_runs_up_or_sideways_is_counted_also_inside_a_function(tree):
    figure = figures.upward(
        tree(
            {
                "prepare/mappings.py": """
                    from ..core.findings import Finding
                    from ..models.account import TYPES
                    from .place import place
                """,
                "prepare/journals.py": "",
                "core/findings.py": "",
                "models/account.py": "from ..prepare.mappings import x\n",
                "send/batch.py": """
                    def go():
                        from .. import models
                        from ..wizard import plan
                """,
                "models/__init__.py": "",
                "wizard/plan.py": "",
            }
        )
    )
    assert value(figure) == "3"
    assert figure.places == (
        "prepare/mappings.py:3 prepare -> models",
        "send/batch.py:3 send -> models",
        "send/batch.py:4 send -> wizard",
    )


def test_a_room_without_a_floor_is_told(tree):
    figure = figures.upward(tree({"attic/box.py": "from ..api.errors import Kind\n"}))
    assert figure.broken == (
        "room attic has no floor; see FLOORS in devtools/figures/plan.py",
    )


# Walks


WALK = {
    "send/batch.py": "class Push:\n    def go(self):\n        Sender().send()\n",
    "send/sender.py": """
        class Sender:
            def send(self):
                self._claim()

            def _claim(self):
                note()
    """,
    "models/row.py": "def note(): ...\n",
}
STEPS = (
    "send/batch.py:Push.go",
    "send/sender.py:Sender.send",
    "send/sender.py:Sender._claim",
    "models/row.py:note",
)


def test_a_walk_counts_its_files(tree):
    figure = walks.sending(tree(WALK), STEPS)
    assert value(figure) == "3"
    assert figure.places[1] == "send/sender.py: Sender.send, Sender._claim"
    assert value(walks.paying(tree(WALK), STEPS[1:3])) == "1"


def test_a_walk_that_misses_a_step_in_between_is_told(tree):
    figure = walks.sending(tree(WALK), (*STEPS[:2], STEPS[3]))
    assert figure.broken == (
        "models/row.py:note is called by none before it; see plan.py",
    )


def test_a_walk_to_what_was_moved_is_told(tree):
    figure = walks.sending(tree(WALK), (*STEPS, "models/row.py:tell"))
    assert figure.broken == (
        "models/row.py:tell is not there; draw the walk anew in plan.py",
    )


# What stands in many places


def test_lists_of_states_are_counted_wherever_they_are_spelled(tree):
    figure = figures.states(
        tree(
            {
                "models/row.py": """
                    OPEN = ("ready", "waiting")
                    MORE = [*OPEN, "booked", "gone"]
                    CHOICES = [("ready", "To send"), ("waiting", "Waiting")]
                    domain = [("state", "in", ["sending", "unknown"])]
                    NOT = ("ready", "steady"), ("ready",), ("ready", 1)
                """,
                "migrations/19.0.2/post-x.py": "OLD = ('ready', 'booked')\n",
            }
        )
    )
    assert value(figure) == "1"
    assert len(figure.places) == 4, figure.places


def test_files_that_spell_a_code_are_counted_on_average(tree):
    files = {
        plan.FINDINGS[-1][0]: 'A_B = _kind("a_b", 1)\nC_D = _kind("c_d", 2)\n',
        "models/finding.py": 'TEXTS = {"a_b": "Text", "c_d": "Text"}\n',
        "send/batch.py": 'raise Finding("a_b")\nx = "a_b"\n# c_d\ny = "not a_b"\n',
    }
    figure = figures.codes(tree(files))
    assert value(figure) == "2.5"
    assert figure.places[0].startswith("a_b: 3 (")


def test_findings_without_a_table_are_told(tree):
    assert figures.codes(tree({"models/finding.py": "TEXTS = {}\n"})).broken


# Files and words


def test_a_long_file_is_counted_unless_it_is_a_table(tree):
    code = "def f():\n" + "    x = 1\n" * plan.LONG
    facts = "FACTS = {\n" + "    1: 2,\n" * plan.LONG + "}\n"
    kinds = "class Kind:\n" + "    name: str = ''\n" * plan.LONG
    mixed = facts + "def f():\n" + "    x = 1\n" * (plan.LONG // 4)
    files = {
        "models/code.py": code,
        "models/short.py": code[: len(code) // 2],
        "models/facts.py": facts,
        "models/kinds.py": kinds,
        "models/mixed.py": mixed,
    }
    figure = figures.long_files(tree(files))
    assert value(figure) == "2"
    assert [it.split(":")[0] for it in figure.places] == [
        "models/code.py",
        "models/mixed.py",
    ]


def test_public_functions_say_what_goes_in_and_comes_out(tree):
    code = '''
        def by_field(amount):
            """Round.

            :param amount: in cents
            """

        def by_name(amount):
            """Round ``amount`` to the cent."""

        def alone():
            """Return the day."""
            return 1

        def silent(amount):
            """Round an amount, and return it."""

        def bare(amount): ...

        def nothing_to_say(): ...

        def _private(amount): ...

        class Plan:
            @property
            def day(self):
                return 1

            def tasks(self, *, all_at_once): ...

        class _Hidden:
            def tasks(self, *, all_at_once): ...
    '''
    figure = figures.docstrings(tree({"core/x.py": code, "models/y.py": code}))
    assert value(figure) == "50 %"
    names = [place.split()[-1] for place in figure.places]
    assert names == ["silent", "bare", "Plan.tasks"]


def test_an_override_may_leave_it_to_what_it_overrides(tree):
    code = '''
        class Kind:
            def look(self, row):
                """Look once more.

                :param row: of the outbox
                """

            def bare(self, row): ...

        class Document(Kind):
            def look(self, row):
                """Look in one query (``Kind.look``)."""

            def bare(self, row):
                """Refer to what says nothing (``Kind.bare``)."""

            def other(self, row):
                """Refer to another method (``Kind.look``)."""
    '''
    figure = figures.docstrings(tree({"send/x.py": code}))
    names = [place.split()[-1] for place in figure.places]
    assert names == ["Kind.bare", "Document.bare", "Document.other"]


def test_references_to_what_is_elsewhere_are_counted_in_code_and_views(tree):
    code = f"""
        # Kept ({OF_A_ROW}, {OF_ANOTHER}; {"api" + ".md"} §4.1).
        # See docs/architecture.md §2, docs/octopus.md §3, version 19.0.1, v{OF_A_ROW}
        # Source: {"architecture" + ".md §6"}, {"product" + ".md"}; {"issue" + " 4"}.
    """
    files = {"models/x.py": code, "views/x.xml": f"<!-- {OF_A_ROW} -->"}
    figure = figures.references(tree(files))
    assert value(figure) == "7", figure.places
    assert figure.places[-1] == f"{plan.ADDON}/views/x.xml:1 {OF_A_ROW}"


# The command


def run(root, what=None):
    return command.run(types.SimpleNamespace(root=root, list=what), None)


def test_the_command_prints_the_table_and_each_place(tree, capsys):
    made = tree({"models/x.py": f"# {OF_A_ROW}\n"})
    assert run(made.root) == 1, "without rows, no figure of theirs is to be believed"
    out, err = capsys.readouterr()
    lines = {line.split()[0]: line.split()[1] for line in out.splitlines()[1:]}
    assert list(lines) == [it.name for it in figures.measure(made.root)]
    assert lines["references"] == "1"
    assert lines["rows"] == "0!"
    assert f"rows: no class of {plan.ROWS[0]}" in err
    assert run(made.root, "references") == 0
    assert capsys.readouterr().out == f"{plan.ADDON}/models/x.py:1 {OF_A_ROW}\n"


def test_an_unknown_figure_or_tree_is_explained(tree, tmp_path):
    made = tree({"models/x.py": ""})
    with pytest.raises(DevError, match="No figure sums. There are: rows, "):
        run(made.root, "sums")
    with pytest.raises(DevError, match="No octopus_connector in"):
        run(tmp_path / "elsewhere")


# The real tree


@pytest.fixture(scope="module")
def real():
    return Tree(ROOT)


def test_what_the_figures_know_of_the_code_is_true(real):
    assert {it.name: it.broken for it in figures.measure(ROOT) if it.broken} == {}


def test_the_same_tree_gives_the_same_figures():
    assert figures.measure(ROOT) == figures.measure(ROOT)


def test_what_is_called_odoos_own_is_not_ours(real):
    ours = {
        node.name
        for source in real.sources.values()
        for node in ast.walk(source.code)
        if isinstance(node, ast.FunctionDef)
    }
    assert not ours & plan.ODOO


def test_each_state_is_one_of_the_code(real):
    spelled = {
        node.value
        for source in real.sources.values()
        for node in ast.walk(source.code)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert plan.STATES <= spelled
