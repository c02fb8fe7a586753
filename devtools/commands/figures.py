"""Print the figures of the code, each with what it is to become: what is told twice,
called across walls, imported upwards, spelled in many places, too long, undocumented,
or refers to what is not in the repository.

    ./dev figures
    ./dev figures --list private
    ./dev figures --root ../another-checkout

They are read from the files alone. What they know of the code (rooms and their floors,
the two rows, the steps of a walk) stands in devtools/figures/plan.py. Ends with 1 when
that no longer fits the code: a figure marked "!" is not to be believed then.
"""

from pathlib import Path

from ..console import say
from ..errors import DevError
from ..figures import measure
from ..figures.plan import ADDON

HELP = "print the figures of the code, and what makes them up"


def configure(parser):
    parser.add_argument("--list", metavar="WHAT", help="show each place of one figure")
    parser.add_argument("--root", type=Path, help="another checkout than this one")


def run(args, workspace) -> int:
    root = args.root or workspace.root
    if not (root / ADDON).is_dir():
        raise DevError(f"No {ADDON} in {root}.")
    figures = measure(root)
    if args.list:
        return _list(figures, args.list)
    for line in table(figures):
        print(line)
    for figure in figures:
        for reason in figure.broken:
            say(f"{figure.name}: {reason}")
    return int(any(figure.broken for figure in figures))


def table(figures) -> list[str]:
    """Return the lines of the table: name, figure, what it is to become, title."""
    rows = [("", "today", "then", "")]
    for it in figures:
        mark = "!" if it.broken else ""
        rows.append((it.name, it.value + mark, it.goal, it.title))
    first, second, third = (max(len(row[place]) for row in rows) for place in range(3))
    return [
        f"{name:<{first}}  {value:>{second}}  {goal:>{third}}  {title}".rstrip()
        for name, value, goal, title in rows
    ]


def _list(figures, name):
    for figure in figures:
        if figure.name == name:
            print("\n".join(figure.places))
            return 0
    names = ", ".join(figure.name for figure in figures)
    raise DevError(f"No figure {name}. There are: {names}.")
