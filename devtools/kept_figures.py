"""Refuse a change that makes a figure of the code worse which is where it should be:
an import that runs up, a second list of states, a reference that leads nowhere. A hook
of ``./dev lint`` runs it; ``./dev figures --list WHAT`` shows each place."""

import sys
from pathlib import Path

from .figures import measure
from .figures.plan import KEPT


def worse(figures) -> list[str]:
    """Return what is told of each figure of ``KEPT`` that is worse than its bound, or
    cannot be had.

    :param figures: what :func:`~devtools.figures.measure` gives
    """
    by_name = {figure.name: figure for figure in figures}
    told = [f"{name}: no such figure" for name in KEPT if name not in by_name]
    for name, (bound, more_is_better) in KEPT.items():
        figure = by_name.get(name)
        if figure is None:
            continue
        told += [f"{name}: {reason}" for reason in figure.broken]
        number = float(figure.value.strip(" %").replace("?", "nan"))
        kept = number >= bound if more_is_better else number <= bound
        if not kept:
            told.append(f"{name}: {figure.value} ({figure.title}: {bound:g} is kept)")
            told += [f"    {place}" for place in figure.places[:20]]
    return told


def main() -> int:
    told = worse(measure(Path.cwd()))
    print("\n".join(told), end="\n" if told else "")
    return int(bool(told))


if __name__ == "__main__":
    sys.exit(main())
