"""Whether a value of a contact goes to the other side: by the direction that somebody
chose for it, and never over a value that nobody saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .find_relation import VatNumber, plain

# What follows, each with a direction of its own.
FIELDS = ("name", "address", "email", "phone", "vat", "iban")

NEVER = "never"
FILL = "fill"
TO_OCTOPUS = "to"
FROM_OCTOPUS = "from"

# In front of telephone numbers of Belgium.
_COUNTRY_CALL = re.compile(r"^(?:\+|00)32(?:\(0\))?")


@dataclass(frozen=True)
class Change:
    """A value that would go to the other side.

    :param way: ``TO_OCTOPUS`` or ``FROM_OCTOPUS``
    :param asked: a person must see it first
    """

    way: str
    asked: bool


def comparable(field: str, text: str | None, country: str | None = None) -> str:
    """Return a value as it is compared: the same however it is spelled.

    :param field: of :data:`FIELDS`
    :param text: maybe empty
    :param country: code of the country, for a VAT number that does not tell it
    """
    text = text or ""
    if field == "vat":
        number = VatNumber.of(text, country)
        return number.spelled if number else ""
    if field == "iban":
        return re.sub(r"\W", "", text).upper()
    if field == "phone":
        compact = re.sub(r"[^\d+]", "", text.replace("(0)", ""))
        return _COUNTRY_CALL.sub("0", compact)
    if field == "name":
        # Octopus keeps the first name behind, Odoo in front.
        return " ".join(sorted(plain(text).split()))
    return plain(text)


def change_of(
    direction: str,
    here: str,
    there: str,
    seen: tuple[str, str] | None,
) -> Change | None:
    """Return whether a value goes to the other side, and whether somebody must see it
    before; ``None`` when nothing goes.

    Nothing is ever emptied. A value is overwritten without a question only where both
    were seen before, and the one that is overwritten is still what was seen.

    :param direction: ``NEVER``, ``FILL``, ``TO_OCTOPUS`` or ``FROM_OCTOPUS``
    :param here: the contact's, as :func:`comparable` gives it
    :param there: the relation's, as well
    :param seen: both as they were the last time that they agreed, or that a person
        left them as they were; ``None`` for never
    """
    if here == there or direction == NEVER or (here, there) == seen:
        return None
    if direction == FILL and here and there:
        return None
    if direction == FILL:
        return Change(TO_OCTOPUS if here else FROM_OCTOPUS, False)
    source, target = (here, there) if direction == TO_OCTOPUS else (there, here)
    if not source:
        return None
    if not target:
        return Change(direction, False)
    seen_target = seen and seen[1 if direction == TO_OCTOPUS else 0]
    return Change(direction, seen_target != target)
