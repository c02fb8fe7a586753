from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    :param name: what ``--list`` takes
    :param title: what is counted
    :param value: the figure, as text; a share in percent
    :param goal: what it is to become
    :param places: each thing that was counted, and where; one line each
    :param broken: why the figure cannot be had, one line each
    """

    name: str
    title: str
    value: str
    goal: str
    places: tuple[str, ...]
    broken: tuple[str, ...] = ()


def counted(name, title, places, goal="0") -> Figure:
    """A figure that is the number of its places."""
    places = tuple(places)
    return Figure(name, title, str(len(places)), goal, places)
