"""A cost centre."""

from dataclasses import dataclass


@dataclass
class CostCentre:
    """A cost centre of the dossier."""

    id: int
    names: dict[str, str]
    closed: bool = False
