"""In what a booking in Octopus differs from what was sent: pure, no Odoo.

Only what changes the books counts: amount, currency, date, relation, VAT and base by
code, and what each cost centre has, and is spread over time, where that was sent. A
comment or an account that the accountant made better, or cost centres where none was
sent, are no difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ..api.types import Booking
from .find_booking import same_relation
from .lines import total


@dataclass(frozen=True)
class Difference:
    """One fact that is not the same on both sides.

    :param what: ``amount``, ``currency``, ``date``, ``relation``, ``vat``, ``base``,
        ``cost_centre`` or ``deferral``
    :param here: as it was sent, as text
    :param there: as it stands in Octopus, as text
    :param code: the VAT code, for ``vat`` and ``base``; the number, for
        ``cost_centre``; first day, last day and kind of period where it is told, with
        slashes between them, for ``deferral``; empty for what has none
    """

    what: str
    here: str
    there: str
    code: str = ""

    def as_json(self) -> dict:
        """Return what is stored."""
        return {
            "what": self.what,
            "here": self.here,
            "there": self.there,
            "code": self.code,
        }


def differences(sent: Booking, found: Booking) -> list[Difference]:
    """Compare a booking that was sent with what stands on its number now.

    What Octopus does not tell is no difference. Amounts are in the document's currency.

    :param sent: as it left, see ``core.compare_booking``
    :param found: as it was read; without lines neither its VAT nor its cost
        centres are compared, and how it is spread over time only if a line tells it
    :return: none when both are the same
    """
    found_ones = [
        Difference(what, _text(here), _text(there))
        for what, here, there in (
            ("amount", sent.amount, found.amount),
            ("currency", sent.currency, found.currency),
            ("date", sent.document_date, found.document_date),
        )
        if there is not None and here != there
    ]
    if same_relation(sent, found) is False:
        ids = sent.relation.id, found.relation.id
        found_ones.append(Difference("relation", *map(_text, ids)))
    if not found.lines:
        return found_ones
    return [
        *found_ones,
        *_vat_differences(sent, found),
        *_cost_differences(sent, found),
        *_deferral_differences(sent, found),
    ]


def _vat_differences(sent, found):
    """Return the codes with another VAT; of the others those with another base, as a
    code without VAT decides in which boxes it is."""
    ours, theirs = _by_code(sent, "vat"), _by_code(found, "vat")
    vat = [
        Difference("vat", _text(ours[code]), _text(theirs[code]), code)
        for code in sorted({*ours, *theirs})
        if ours[code] != theirs[code]
    ]
    told = {it.code for it in vat}
    bases = _base_differences(sent, found)
    return vat + [it for it in bases if it.code not in told]


def _base_differences(sent, found):
    """Return the codes with another base, where both tell them in the same unit.

    Nothing where the total is another, which says enough; where the lines that were
    read do not add up to it, as without their bases, or with bases in another currency;
    nor where a line has no code: Octopus may have one for it.
    """
    if (sent.amount, sent.currency) != (found.amount, found.currency):
        return []
    if not (_tells_bases(sent) and _tells_bases(found)):
        return []
    ours, theirs = _by_code(sent, "base"), _by_code(found, "base")
    return [
        Difference("base", _text(ours[code]), _text(theirs[code]), code)
        for code in sorted({*ours, *theirs})
        if ours[code] != theirs[code]
    ]


def _tells_bases(booking):
    """Whether the lines of a booking have all of its total, each under a code."""
    lines = [line for line in booking.lines if line.base or line.vat]
    sign = -1 if booking.amount < 0 else 1
    return all(line.vat_code for line in lines) and total(lines) == (
        sign * booking.amount
    )


def _cost_differences(sent, found):
    """Return where cost centres have other bases; nothing where none was sent."""
    if not any(line.cost_centre_id for line in sent.lines):
        return []
    ours, theirs = _costs(sent), _costs(found)
    return [
        Difference(
            "cost_centre", _text(ours[centre]), _text(theirs[centre]), str(centre or "")
        )
        for centre in sorted({*ours, *theirs})
        if ours[centre] != theirs[centre]
    ]


def _costs(booking):
    """Return the base by cost centre, 0 for none."""
    totals = defaultdict(Decimal)
    for line in booking.lines:
        totals[line.cost_centre_id or 0] += line.base
    return totals


def _deferral_differences(sent, found):
    """Return where other bases are spread over other days. Nothing where none was sent,
    nor where no line tells any: whether a reading tells them is not known
    (docs/contract.md), and then nobody can say that they were taken away."""
    told = [line.overflow for line in found.lines if line.overflow]
    if not told or not all(it.start and it.end for it in told):
        return []
    if not any(line.overflow for line in sent.lines):
        return []
    typed = all(it.period_type is not None for it in told)
    ours, theirs = _deferrals(sent, typed), _deferrals(found, typed)
    return [
        Difference("deferral", _text(ours[key]), _text(theirs[key]), key)
        for key in sorted({*ours, *theirs})
        if ours[key] != theirs[key]
    ]


def _deferrals(booking, typed):
    """Return the base by days and kind of period, empty for what is not spread. The
    account that carries it over may have been made better, as any account."""
    totals = defaultdict(Decimal)
    for line in booking.lines:
        totals[_deferral_key(line.overflow, typed)] += line.base
    return totals


def _deferral_key(overflow, typed):
    if not overflow:
        return ""
    days = (overflow.start.isoformat(), overflow.end.isoformat())
    return "/".join((*days, str(overflow.period_type)) if typed else days)


def _by_code(booking, name):
    """Return the VAT or the base by code; codes without any say nothing here."""
    totals = defaultdict(Decimal)
    for line in booking.lines:
        if amount := getattr(line, name):
            totals[line.vat_code or ""] += amount
    return totals


def _text(value):
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
