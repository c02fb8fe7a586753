"""What may be made of a dossier itself: bookyears and journals.

Only over REST, 24 times a day each (docs/octopus.md §4). Neither is harmless when it is
made twice: who makes one looks first at what there is, and again when no answer came.
"""

from __future__ import annotations

from .new_books import NewBookyear, NewJournal
from .transport import Caller


class MakesBooks(Caller):
    """The part of the client of a dossier that makes bookyears and journals."""

    def insert_bookyear(self, new_bookyear: NewBookyear) -> None:
        """Make a bookyear (24 calls a day); it follows the last one without a gap.

        :raises OctopusRefused: Octopus does not make it
        :raises OctopusUnsupported: the transport cannot do that (SOAP)
        :raises OctopusUnknownOutcome: it may have been made
        """
        self._call("insert_bookyear", new_bookyear=new_bookyear)

    def insert_journal(self, new_journal: NewJournal) -> None:
        """Make a purchase, sales or financial journal in a bookyear (24 calls a day
        for each type).

        :raises OctopusRefused: Octopus does not make it
        :raises OctopusUnsupported: the transport cannot do that (SOAP)
        :raises OctopusUnknownOutcome: it may have been made
        """
        self._call("insert_journal", new_journal=new_journal)
