"""What stands in a document's way, as codes and values: no text, no Odoo.

A finding is kept as JSON and becomes a sentence in its reader's language only when
it is shown (model ``octopus.finding``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from traceback import format_exception
from typing import Any

from ..api.stored import to_json
from .codes import BLOCK, CODES, INFO, UNEXPECTED, WAIT, WARN

# The end tells most, where an error has gone through much.
LONGEST_TRACE = 10_000


@dataclass(frozen=True)
class Finding:
    """One thing that stands in the way.

    :param code: one of ``core.codes``
    :param params: values for the text; money as ``Decimal``, days as ``date``
    :param model: model of the records to go to, to mend it
    :param ids: ids of those records; none leads to the list of ``model``
    :param severity: another severity than the code's own
    :param trace: where it happened, for support; it is kept apart
    :raises ValueError: for a code that is not in the table
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    model: str | None = None
    ids: tuple[int, ...] = ()
    severity: str = ""
    trace: str = field(default="", compare=False)

    def __post_init__(self):
        if self.code not in CODES:
            raise ValueError(f"No such finding: {self.code}")
        object.__setattr__(self, "ids", tuple(self.ids))
        object.__setattr__(self, "severity", self.severity or CODES[self.code].severity)

    @property
    def stops(self) -> bool:
        """Whether the document cannot go now."""
        return self.severity in (BLOCK, WAIT)

    @property
    def waits(self) -> bool:
        """Whether it passes by itself."""
        return self.severity == WAIT

    def as_json(self) -> dict:
        """Return what is stored: plain JSON values only."""
        return {
            "code": self.code,
            "severity": self.severity,
            "params": to_json(self.params),
            "model": self.model,
            "ids": list(self.ids),
        }


def unexpected(error: Exception) -> Finding:
    """Return the finding that something went wrong which nobody foresaw.

    :param error: caught; values of variables are not kept of it
    """
    lines = "".join(format_exception(error))
    return Finding(UNEXPECTED, {"message": repr(error)}, trace=lines[-LONGEST_TRACE:])


class FindingError(Exception):
    """Work on one document cannot go on, for reasons that can be told.

    :param findings: one :class:`Finding` or several
    """

    def __init__(self, findings: Finding | Iterable[Finding]):
        found = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__(", ".join(finding.code for finding in found))
        self.findings = found


def worst(findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that decides a document's fate: the first that blocks, else
    the first that waits, else the first; ``None`` when there is none.

    :param findings: in the order in which they are told
    """
    order = (BLOCK, WAIT, WARN, INFO)
    return min(findings, key=lambda found: order.index(found.severity), default=None)


def worth_telling(findings: list[dict] | None) -> list[dict]:
    """Return what is worth telling though nothing stops.

    :param findings: as JSON
    """
    return [found for found in findings or () if found["severity"] in ("warn", "info")]
