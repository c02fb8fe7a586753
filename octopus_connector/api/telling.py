"""What is told about a call: to the observer, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .listed import Flaw
from .operations import Operation
from .quota import counter
from .transport import Call, DossierScope, Observer

MASK = "•••"
# Country, check digits, and in between all but the last four signs (ISO 13616).
_IBAN = re.compile(r"\b([A-Z]{2}\d{2})(?: ?[A-Z0-9]){7,26}((?: ?[A-Z0-9]){4})\b")
# As people type it; with letters further on it would be a word like any other.
_TYPED_IBAN = re.compile(
    r"\b([A-Z]{2}\d{2})(?:[ .\-\xa0]?\d){7,26}((?:[ .\-\xa0]?\d){4})\b", re.IGNORECASE
)


def without_ibans(text: str) -> str:
    """Return a text in which account numbers keep their begin and their end only.

    :param text: of any length; an account number may have spaces, dots or hyphens
    """
    for pattern in (_IBAN, _TYPED_IBAN):
        text = pattern.sub(rf"\1{MASK}\2", text)
    return text


def describe(
    operation: Operation, arguments: Mapping[str, Any], dossier: DossierScope | None
) -> Call:
    """Return what an observer may know of a call, whatever the transport.

    :param arguments: of the operation; bookyear, journal and number are taken from
        them, or from the booking among them
    :param dossier: ``None`` for a call of a login
    """
    document = (
        arguments.get("booking")
        or arguments.get("financial_booking")
        or arguments.get("new_journal")
    )

    def fact(name, *others):
        values = (arguments.get(key) for key in (name, *others))
        told = next((value for value in values if value is not None), None)
        return getattr(document, name, None) if told is None else told

    journal = fact("journal", "only_journal")
    return Call(
        operation=operation.name,
        counter=counter(operation.name, journal),
        write=operation.write,
        dossier_id=dossier.id if dossier else None,
        bookyear_id=fact("bookyear_id"),
        journal=journal,
        number=fact("number"),
    )


def tell_flaws(
    observer: Observer | None,
    call: Call,
    flaws: Sequence[Flaw],
    mask: Callable[[str], str],
) -> None:
    """Tell an observer what of an answer cannot be used, without any secret.

    :param observer: told only if it has ``unreadable``, see :class:`~.client.Observer`
    :param flaws: in the order of the answer, maybe none
    :param mask: takes the secrets of the login out of a text
    """
    tell = getattr(observer, "unreadable", None)
    if tell and flaws:
        told = [replace(it, why=without_ibans(mask(it.why))) for it in flaws]
        tell(call, [replace(it, record=without_ibans(it.record)) for it in told])
