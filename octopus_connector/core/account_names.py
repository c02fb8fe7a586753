"""Whether two names of ledger accounts speak of the same thing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# A word counts by its beginning, so that "sale" and "sales" are one.
STEM = 4
SHORT = 3
WORD = re.compile(r"[^\W\d_]+")


def unlike(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    """Return whether two accounts have names that share no word in any language.

    Names are compared within a language only: "Verkopen" and "Sales" tell nothing.
    Where no language is known of both, or a name has no word, they are not unlike.

    :param ours: name by language, such as ``{"nl": "Verkopen"}``
    :param theirs: the same of the other account
    """
    compared = [
        (_words(ours[language]), _words(theirs[language]))
        for language in ours.keys() & theirs.keys()
    ]
    told = [(one, other) for one, other in compared if one and other]
    return bool(told) and not any(one & other for one, other in told)


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name or "").encode("ascii", "ignore").decode()
    words = WORD.findall(plain.lower())
    return {word[:STEM] for word in words if len(word) >= SHORT} - _EMPTY


# Words that names of all kinds have, by their beginning.
_EMPTY = {
    word[:STEM]
    for word in (
        "and the for from with other within "
        "van voor met uit bij overige andere binnen buiten "
        "des les aux pour avec autres sur dans "
        "und der die das fur aus sonstige "
        "belgium belgie belgique belgien"
    ).split()
}
