"""Which cost centre of a dossier an analytic account of Odoo is: no Odoo."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from .account_names import unlike

# How alike two names are that one looks at; typing errors and plurals are above it.
ALIKE = 0.85


@dataclass(frozen=True)
class Centre:
    """A cost centre: its number, and its name by language."""

    number: int
    names: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What was found, with the code of why; see ``REASONS`` of the mappings.

    ``number`` is ``None`` where nothing, or more than one, fits.
    """

    reason: str
    number: int | None = None
    name: str = ""
    several: tuple[str, ...] = ()


def find_cost_centre(
    code: str, names: Mapping[str, str], centres: Sequence[Centre]
) -> Found:
    """Return the cost centre that has the code or the name of an analytic account.

    Code and name that say the same are sure, as is one of them alone; where they
    contradict each other a person looks.

    :param code: of the analytic account, maybe empty
    :param names: of the analytic account, by language
    :param centres: those that can be booked on
    """
    same = [it for it in centres if _plain_names(it.names) & _plain_names(names)]
    numbered = _numbered(code, centres)
    if numbered:
        return _by_number(code, names, numbered, same)
    if len(same) == 1:
        return Found("name_same", same[0].number, _any(same[0]))
    if same:
        return Found("name_several", several=tuple(_shown(it) for it in same))
    alike = _alike(names, centres)
    if alike:
        return Found("name_alike", alike.number, _any(alike))
    return Found("centre_none")


def _numbered(code, centres):
    plain = code.strip()
    if not (plain.isascii() and plain.isdecimal()):
        return None
    return next((it for it in centres if it.number == int(plain)), None)


def _by_number(code, names, numbered, same):
    if same and numbered not in same:
        return Found("name_elsewhere", same[0].number, _shown(numbered))
    if not same and unlike(names, numbered.names):
        return Found("number_unlike", numbered.number, _any(numbered))
    padded = str(numbered.number) != code.strip()
    reason = "number_padded" if padded else "number_same"
    return Found(reason, numbered.number, _any(numbered))


def _alike(names, centres):
    known = {plain: it for it in centres for plain in _plain_names(it.names)}
    for name in sorted(_plain_names(names)):
        for close in get_close_matches(name, known, n=1, cutoff=ALIKE):
            return known[close]
    return None


def _plain_names(names):
    return {_plain(name) for name in names.values()} - {""}


def _plain(name):
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return " ".join(text.casefold().split())


def _any(centre):
    return next(iter(centre.names.values()), "")


def _shown(centre):
    return f"{centre.number} {_any(centre)}".strip()
