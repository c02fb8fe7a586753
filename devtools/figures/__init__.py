"""Figures of the code: how far the code is from one life told once.

Read with ``ast`` from the files alone, so they need neither Odoo nor the environment,
and are the same on every machine. ``plan.py`` holds what they know of the code.
"""

from pathlib import Path

from .arrows import upward
from .docstrings import docstrings
from .figure import Figure
from .lengths import long_files
from .lives import both_rows, overrides
from .private_calls import private_calls
from .references import references
from .spelled import codes, states
from .tree import Tree
from .walks import paying, sending

MEASURES = (
    both_rows,
    overrides,
    private_calls,
    upward,
    sending,
    paying,
    states,
    codes,
    long_files,
    docstrings,
    references,
)


def measure(root: Path) -> list[Figure]:
    """Return all figures of a checkout, in the order of the table."""
    tree = Tree(root)
    return [figure(tree) for figure in MEASURES]
