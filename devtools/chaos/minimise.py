"""Which steps of a red schedule matter: delta debugging (ddmin, Zeller 1999). Pure.

Of ddmin's two questions only the second one is asked: what is left without a part. What
is wrong at the end of a schedule rarely needs one part of it alone.
"""

from collections.abc import Callable, Sequence


def minimise(steps: Sequence, is_red: Callable, tries: int) -> tuple[list, int]:
    """Return as few of the steps as still are red, and how many tries that took.

    One part of the steps after the other is left out: first halves, then ever smaller
    parts, until no single step can be left out, or no try is left.

    :param steps: that are red together
    :param is_red: says of some of the steps, in their order, whether they are
    :param tries: how often it may be asked
    """
    search = _Search(is_red, tries)
    left, parts = list(steps), 2
    while len(left) > 1 and not search.is_over:
        cut = _cut(left, parts)
        found = search.first(_without(cut, one) for one in range(len(cut)))
        if found is not None:
            left, parts = found, max(parts - 1, 2)
        elif parts >= len(left):
            break
        else:
            parts = min(2 * parts, len(left))
    return left, search.made


class _Search:
    """Asks about some of the steps, about the same ones once."""

    def __init__(self, is_red, tries):
        self._is_red = is_red
        self._tries = tries
        self._known = {}
        self.made = 0

    @property
    def is_over(self):
        return self.made >= self._tries

    def first(self, choices):
        """Return the first of the choices that is red, ``None`` when none is."""
        for steps in choices:
            if steps and self._ask(steps):
                return steps
        return None

    def _ask(self, steps):
        key = tuple(steps)
        if key not in self._known:
            if self.is_over:
                return False
            self.made += 1
            self._known[key] = self._is_red(steps)
        return self._known[key]


def _cut(steps, parts):
    """Cut steps in parts that are as long as each other, to one."""
    size, longer = divmod(len(steps), parts)
    cut, start = [], 0
    for number in range(parts):
        end = start + size + (number < longer)
        cut.append(steps[start:end])
        start = end
    return cut


def _without(cut, left_out):
    """Return the steps of all parts but one."""
    return [
        step for number, part in enumerate(cut) if number != left_out for step in part
    ]
