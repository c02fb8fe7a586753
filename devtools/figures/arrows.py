"""Imports between rooms that run up."""

from .figure import Figure
from .plan import FLOORS


def upward(tree) -> Figure:
    """Import statements, also inside functions, of a room that is not on a lower floor
    (``FLOORS`` in ``plan.py``)."""
    places, unknown = {}, set()
    for source in tree.sources.values():
        for node, parts, _bound in tree.imported(source):
            here, there = source.room, parts[0]
            if here == there:
                continue
            unknown |= {here, there} - FLOORS.keys()
            if not unknown & {here, there} and FLOORS[there] >= FLOORS[here]:
                places[f"{source.at(node)} {here} -> {there}"] = None
    broken = [
        f"room {room} has no floor; see FLOORS in devtools/figures/plan.py"
        for room in sorted(unknown)
    ]
    title = "imports that run up between rooms"
    return Figure("up", title, str(len(places)), "0", tuple(places), tuple(broken))
