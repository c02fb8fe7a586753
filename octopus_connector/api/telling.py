"""What is told about a call: to the observer, and never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .client import Call, DossierScope
from .operations import Operation
from .quota import counter

MASK = "•••"


def describe(
    operation: Operation, arguments: Mapping[str, Any], dossier: DossierScope | None
) -> Call:
    """Return what an observer may know of a call, whatever the transport."""
    document = arguments.get("booking") or arguments.get("financial_booking")

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
