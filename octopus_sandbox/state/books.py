"""One dossier with everything that works on it."""

from .accountant import Accountant
from .audit import audit
from .bookkeeping import Bookkeeping
from .matching import Matching
from .relation_register import RelationRegister
from .reports import Reports


class Books:
    """A dossier and its acts: booking, matching, relations, reports, accountant."""

    def __init__(self, dossier, clock, switches):
        self.dossier = dossier
        self.bookkeeping = Bookkeeping(dossier, clock, switches)
        self.matching = Matching(dossier, clock, switches)
        self.relations = RelationRegister(dossier, clock, switches)
        self.reports = Reports(dossier, self.matching)
        self.accountant = Accountant(dossier, clock, self.bookkeeping, self.matching)

    def audit(self):
        """What is wrong in this dossier."""
        return audit(self.dossier, self.matching, self.reports)
