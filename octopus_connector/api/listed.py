"""What a list or a feed gave: its records, and what of them could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A value of an answer that cannot be used: stored, calculated with or shown.

    :param record: how people find the record in Octopus, as far as it can be read
    :param field: name of the value on the wire
    :param why: what is wrong with it
    :param left_out: the whole record was left out, because it cannot be judged without
        this value; else only the value was
    """

    record: str = ""
    field: str = ""
    why: str = ""
    left_out: bool = False


class Listed(list):
    """The records of an answer that can be used.

    ``left_out`` tells of the others: whoever concludes something from a record that is
    not listed must look at it first.
    """

    def __init__(self, records=(), left_out: tuple[Flaw, ...] = ()):
        super().__init__(records)
        self.left_out = left_out


class Records(Generic[T]):
    """The records of a long answer that can be used, read from its text anew by each
    loop over them: only those that the caller keeps are in memory.

    The whole answer was judged before: a loop meets nothing that cannot be read. What
    holds for :class:`Listed` holds here: ``left_out`` tells of the others.

    :param count: how many there are
    :param read: gives them from the first one on
    """

    def __init__(
        self,
        count: int,
        read: Callable[[], Iterator[T]],
        left_out: tuple[Flaw, ...] = (),
    ):
        self._count = count
        self._read = read
        self.left_out = left_out

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return self._read()


@dataclass(frozen=True, kw_only=True)
class ModifiedResult(Generic[T, D]):
    """What changed and what was deleted since a moment; ``left_out``: see
    :class:`Listed`."""

    modified: tuple[T, ...] | Records[T] = ()
    deleted: tuple[D, ...] | Records[D] = ()
    left_out: tuple[Flaw, ...] = ()


def is_whole(records) -> bool:
    """Whether an answer held no record that had to be left out: only then does one
    that is not in it not exist.

    :param records: what a list or a feed gave
    """
    return not getattr(records, "left_out", ())
