"""Looks through the books for what should never be there."""

from collections import defaultdict
from dataclasses import dataclass, field

from .keys import DocumentKey
from .money import ZERO


@dataclass
class Problem:
    """Something wrong: its kind (a word), the documents, a sentence."""

    kind: str
    documents: list[DocumentKey]
    text: str


@dataclass
class Audit:
    """What was found, and how much was looked at."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind, documents, text):
        """Note one problem."""
        self.problems.append(Problem(kind, list(documents), text))

    def kinds(self):
        """The kinds of problems found, sorted."""
        return sorted({problem.kind for problem in self.problems})


def audit(dossier, matching, reports):
    """Check one dossier: numbers, sums, matches, doubles, references.

    Kinds: ``gap``, ``sum``, ``ledger``, ``over_matched``, ``match``, ``duplicate``,
    ``reference``.
    """
    result = Audit(counts=_counts(dossier))
    _numbers(dossier, result)
    _sums(dossier, result)
    _ledger(dossier, reports, result)
    _matches(dossier, matching, result)
    _duplicates(dossier, result)
    _references(dossier, result)
    return result


def _counts(dossier):
    return {
        "bookings": len(dossier.bookings),
        "financial_bookings": len(dossier.financial_bookings),
        "relations": len(dossier.relations),
        "balancings": len(dossier.balancings),
        "attachments": sum(
            len(document.attachments)
            for store in (dossier.bookings, dossier.financial_bookings)
            for document in store.values()
        ),
    }


def _documents(dossier):
    return [*dossier.bookings.values(), *dossier.financial_bookings.values()]


def _numbers(dossier, result):
    series = defaultdict(list)
    for document in (*_documents(dossier), *dossier.invoices.values()):
        series[document.key.series].append(document.number)
    for (bookyear, journal), numbers in series.items():
        first = dossier.journals[bookyear, journal].next_number or 1
        start = min(first, *numbers)
        missing = sorted(set(range(start, max(numbers) + 1)) - set(numbers))
        if missing:
            result.add(
                "gap",
                [DocumentKey(bookyear, journal, number) for number in missing],
                f"Numbers missing in {bookyear}/{journal}: {missing}",
            )


def _sums(dossier, result):
    for booking in dossier.bookings.values():
        if booking.amount != booking.lines_total:
            result.add(
                "sum",
                [booking.key],
                f"{booking.key}: {booking.amount}, lines {booking.lines_total}",
            )


def _ledger(dossier, reports, result):
    """Debit is credit, in the document's currency (cents may differ in euro)."""
    for document in _documents(dossier):
        total = sum(
            (line.document_amount for line in reports.ledger_lines(document)), ZERO
        )
        if total:
            result.add("ledger", [document.key], f"{document.key} is {total} off")


def _matches(dossier, matching, result):
    seen = set()
    for balancing in dossier.balancings.values():
        items = [matching.item(key) for key in balancing.key]
        documents = [key.document for key in balancing.key]
        if None in items or items[0].party != items[1].party:
            result.add("match", documents, f"{documents} cannot be matched")
            continue
        for item in items:
            if matching.open_amount(item) < 0 and item.key not in seen:
                seen.add(item.key)
                result.add(
                    "over_matched",
                    [item.key.document],
                    f"{item.key} is matched {-matching.open_amount(item)} too much",
                )


def _duplicates(dossier, result):
    """The same comment (or else reference), relation and amount, more than once."""
    twins = defaultdict(list)
    for booking in dossier.bookings.values():
        words = booking.comment or booking.reference
        if words:
            kind = booking.journal[0]
            twins[kind, words, booking.relation, booking.amount].append(booking.key)
    for (_kind, words, relation, amount), keys in twins.items():
        if len(keys) > 1:
            names = ", ".join(map(str, keys))
            result.add(
                "duplicate", keys, f"{words!r} ({relation}, {amount}) twice: {names}"
            )


def _references(dossier, result):
    for booking in dossier.bookings.values():
        if booking.relation not in dossier.relations:
            result.add(
                "reference", [booking.key], f"{booking.key}: relation is missing"
            )
