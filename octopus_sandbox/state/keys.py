"""How documents and their lines are named."""

from typing import NamedTuple

# The document itself, where a line number is asked for (docs/octopus.md §18).
WHOLE_DOCUMENT = -1


class DocumentKey(NamedTuple):
    """A document: bookyear, journal (``V1``), number."""

    bookyear: int
    journal: str
    number: int

    @property
    def series(self):
        """Where the number is counted: bookyear and journal."""
        return self.bookyear, self.journal

    def __str__(self):
        return f"{self.bookyear}/{self.journal}/{self.number}"


class Keyed:
    """A document that knows its ``bookyear``, ``journal`` and ``number``."""

    @property
    def key(self):
        """Bookyear, journal, number."""
        return DocumentKey(self.bookyear, self.journal, self.number)


class LineKey(NamedTuple):
    """A line of a financial document, or the whole document (line -1)."""

    bookyear: int
    journal: str
    number: int
    line: int

    @property
    def document(self):
        """Key of the document that the line belongs to."""
        return DocumentKey(self.bookyear, self.journal, self.number)

    def __str__(self):
        tail = "" if self.line == WHOLE_DOCUMENT else f" line {self.line}"
        return f"{self.document}{tail}"
