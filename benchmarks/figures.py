"""One measured figure, against its target. Pure: no Odoo."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """``target`` is the largest good value, or the smallest where ``at_least`` is true;
    ``None`` when there is none."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target is met; ``None`` without a target."""
        if self.target is None:
            return None
        good = self.value >= self.target if self.at_least else self.value <= self.target
        return good

    def as_json(self) -> str:
        """The line of ``--json``."""
        facts = asdict(self)
        del facts["at_least"]
        return json.dumps({**facts, "met": self.met})

    def as_text(self) -> str:
        """The line for a person."""
        bound = "least" if self.at_least else "most"
        words = {True: "met", False: "MISSED", None: ""}
        target = "" if self.target is None else f"at {bound} {self.target:g}"
        line = f"{self.name:<64} {self.value:>9.2f} {self.unit:<14} {target:<14}"
        return f"{line} {words[self.met]}".rstrip()


def tell(figures, in_json=False) -> int:
    """Print figures as they come; return how many miss their target."""
    missed = 0
    for figure in figures:
        print(figure.as_json() if in_json else figure.as_text(), flush=True)
        missed += figure.met is False
    return missed
