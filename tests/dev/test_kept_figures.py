"""A figure of the code that was reached is kept (``./dev lint``)."""

from pathlib import Path

import pytest

from devtools.figures import measure
from devtools.figures.figure import Figure
from devtools.figures.plan import KEPT
from devtools.kept_figures import worse

ROOT = Path(__file__).parents[2]


def figures(**changes):
    """Figures at their bounds, but for some."""
    values = {name: f"{bound:g}" for name, (bound, _more) in KEPT.items()} | changes
    return [
        Figure(name, f"title of {name}", value, "", (f"{name}.py:1",))
        for name, value in values.items()
    ]


def test_what_is_kept_is_not_told():
    assert worse(figures()) == []


@pytest.mark.parametrize("name", KEPT)
def test_one_more_is_told_with_its_place(name):
    bound, more_is_better = KEPT[name]
    told = worse(figures(**{name: f"{bound - 1 if more_is_better else bound + 1:g}"}))
    assert [line.split(":")[0] for line in told] == [name, f"    {name}.py"]


def test_a_figure_that_cannot_be_had_is_told():
    assert worse(figures(up="?"))
    broken = [
        Figure(it.name, it.title, it.value, "", (), ("moved",)) for it in figures()
    ]
    assert len(worse(broken)) == len(KEPT)
    assert worse([]) == [f"{name}: no such figure" for name in KEPT]


def test_the_code_keeps_what_it_has():
    assert worse(measure(ROOT)) == []
