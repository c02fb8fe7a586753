"""Which VAT code of a dossier fits a tax.

VAT codes are configurable per dossier and no default list is known
(docs/octopus.md §15, §19.5), so nothing is taken for granted: a code must have the
shape, or a description that says what it is for, *and* the percentage. Whatever leaves
a doubt is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

HUNDRED = Decimal(100)


class Treatment(str, Enum):
    """Why VAT is, or is not, on the document."""

    DOMESTIC = "domestic"
    COCONTRACTOR = "cocontractor"
    EU = "eu"
    TRIANGULAR = "triangular"
    OUTSIDE_EU = "outside_eu"


@dataclass(frozen=True)
class TaxFacts:
    """What a tax is for.

    :param direction: ``sale`` or ``purchase``
    :param rate: percentage
    :param treatment: ``None`` when it cannot be told
    :param use: ``H`` goods for resale, ``D`` services and other goods, ``I``
        investments (purchases), ``None`` when it cannot be told
    :param nature: ``goods`` or ``services``, where that matters
    :param recovered: percentage of the VAT that can be recovered
    """

    direction: str
    rate: Decimal
    treatment: Treatment | None
    use: str | None = None
    nature: str | None = None
    recovered: Decimal = HUNDRED


@dataclass(frozen=True)
class CodeFacts:
    """A VAT code as the dossier lists it, of one type (sale, purchase, credit note)."""

    code: str
    percentage: Decimal
    description: str = ""

    @property
    def text(self) -> str:
        return f"{self.code} {self.description}"

    @property
    def treatment(self) -> Treatment | None:
        return treatment_of(self.text)

    @property
    def use(self) -> str | None:
        shape = _PURCHASE_SHAPE.match(self.code)
        return shape.group(1) if shape else _only(_USES, self.description)

    @property
    def nature(self) -> str | None:
        return _only(_NATURES, self.description)

    @property
    def not_deductible(self) -> bool:
        return bool(_NOT_DEDUCTIBLE.search(self.text))


@dataclass(frozen=True)
class Proposal:
    """The code that fits, or none; ``reason`` with ``values`` says why."""

    code: str | None
    reason: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)


def _words(pattern: str) -> re.Pattern:
    return re.compile(pattern, re.IGNORECASE)


_PURCHASE_SHAPE = re.compile(r"([HDI])\d\d")

# The first that is found decides: "reverse charge" is also said of purchases in the
# EU, and "non-EU" contains "EU". ``None``: a special scheme, nothing we propose.
_TREATMENTS: Sequence[tuple[Treatment | None, re.Pattern]] = (
    (
        None,
        _words(r"\bmarge|\bmargin|\bforfait|landbouw|agricol|farmer|\bmoss\b|\boss\b"),
    ),
    (Treatment.TRIANGULAR, _words(r"driehoek|triang|dreieck")),
    (
        Treatment.OUTSIDE_EU,
        _words(
            r"\bexport|uitvoer|ausfuhr|\bimport(?!ant)|invoer|einfuhr|extra-?com"
            r"|(?:buiten|hors|outside|au(?:ß|ss)erhalb|niet|non|nicht)"
            r"[ -]?(?:de |the |der |l')?(?:eu|ue)\b"
            r"|drittl|\bex(?=\d|\b)"
        ),
    ),
    (Treatment.EU, _words(r"intra[- ]?com|innergemeinschaft|intra-?eu")),
    (
        Treatment.COCONTRACTOR,
        _words(
            r"co-?cont|mede-?contract|verlegg|verlegd|auto-?liquid|reverse[- ]charge"
            r"|mitunternehm|vertragspartner|steuerschuldner"
        ),
    ),
    (Treatment.EU, _words(r"\b(?:eu|ue|ic)(?=\d|\b)")),
)
_USES = {
    "H": _words(r"handelsgoed|marchandises|handelswaren|goods for resale|merchandise"),
    "I": _words(r"invest|bedrijfsmiddel|anlage"),
    "D": _words(r"divers|dienst|service|prestation|leistung|sonstige"),
}
_NATURES = {
    "goods": _words(r"goed|biens?\b|marchandis|goods|waren|lever|livrais|liefer"),
    "services": _words(r"dienst|service|prestation|leistung"),
}
_NOT_DEDUCTIBLE = _words(
    r"niet[- ]?aftrek|non[- ]?d[ée]duct|not deduct|nicht[- ]?abz|\bnd\b"
)

# Boxes of the Belgian VAT return, as the tags of a tax name them. A tax with another
# tag, or none, is for something that we do not understand, such as sales by OSS.
BOXES = frozenset(
    "00 01 02 03 44 45 46L 46T 47 48s44 48s46L 48s46T 49 54 55 56 57 59 61 62 63 64"
    " 71 72 81 82 83 84 85 86 87 88".split()
)
BELGIUM = "BE"
# Box of domestic sales → the only rate that belongs there.
_RATE_OF_BOX = {"00": 0, "01": 6, "02": 12, "03": 21}
_USE_OF_BOX = {"81": "H", "82": "D", "83": "I"}
_USE_OF_SCOPE = {"merch": "H", "service": "D", "consu": "D", "invest": "I"}
_OF_SALE_BOX = {
    "44": (Treatment.EU, "services"),
    "45": (Treatment.COCONTRACTOR, None),
    "46L": (Treatment.EU, "goods"),
    "46T": (Treatment.TRIANGULAR, None),
    "47": (Treatment.OUTSIDE_EU, None),
}
_OF_PURCHASE_BOX = {
    "86": (Treatment.EU, "goods"),
    "88": (Treatment.EU, "services"),
    "55": (Treatment.EU, None),
    "56": (Treatment.COCONTRACTOR, None),
    "57": (Treatment.OUTSIDE_EU, None),
}


def treatment_of(text: str) -> Treatment | None:
    """Return the treatment that a description names.

    Domestic when nothing special is said, ``None`` for a special scheme.

    :param text: of a VAT code or a tax, in Dutch, French, English or German
    """
    for treatment, words in _TREATMENTS:
        if words.search(text):
            return treatment
    return Treatment.DOMESTIC


def _only(table: dict[str, re.Pattern], text: str) -> str | None:
    found = [key for key, words in table.items() if words.search(text)]
    return found[0] if len(found) == 1 else None


def tax_facts(
    direction: str,
    rate: Decimal,
    name: str,
    boxes: Collection[str],
    scope: str | None = None,
    recovered: Decimal = HUNDRED,
    countries: Collection[str] = (BELGIUM,),
) -> TaxFacts:
    """Tell what a tax is for, by its country and its VAT return boxes.

    Each must be understood; the name only tells apart what the boxes leave open.

    :param boxes: tags of base and tax, such as ``{"82", "88", "55"}``; those that are
        no box of the Belgian return included
    :param scope: ``tax_scope`` of the Odoo tax
    :param countries: the country whose return the tax belongs to, and those in which
        alone it is used
    """
    boxes = set(boxes)
    treatment = nature = None
    if set(countries) == {BELGIUM} and boxes and boxes <= BOXES:
        treatment, nature = _treatment_of_boxes(direction, rate, boxes, name)
    use = None
    if direction == "purchase":
        uses = {_USE_OF_BOX[box] for box in boxes if box in _USE_OF_BOX}
        use = uses.pop() if len(uses) == 1 else _USE_OF_SCOPE.get(scope)
    return TaxFacts(direction, rate, treatment, use, nature, recovered)


def _treatment_of_boxes(direction, rate, boxes, name):
    sale = direction == "sale"
    table = _OF_SALE_BOX if sale else _OF_PURCHASE_BOX
    found = [table[box] for box in table if box in boxes]
    if found:
        treatments = {treatment for treatment, _nature in found}
        natures = {nature for _treatment, nature in found if nature}
        if len(treatments) > 1:
            return None, None
        return treatments.pop(), natures.pop() if len(natures) == 1 else None
    # Box 87 holds both co-contractors and imports; at 0 % only the name tells them
    # apart.
    if "87" in boxes:
        treatment = treatment_of(name)
        return (None if treatment is Treatment.DOMESTIC else treatment), None
    if sale:
        rates = [_RATE_OF_BOX[box] for box in boxes if box in _RATE_OF_BOX]
        domestic = rates == [rate]
    else:
        domestic = bool(boxes & set(_USE_OF_BOX))
    return (Treatment.DOMESTIC if domestic else None), None


def propose(tax: TaxFacts, codes: Iterable[CodeFacts]) -> Proposal:
    """Return the one code that fits the tax, or the reason why there is none.

    :param codes: the codes of the tax's direction and of one type
    """
    codes = list(codes)
    if tax.treatment is None:
        return Proposal(None, "vat_unclear")
    same = [code for code in codes if code.treatment is tax.treatment]
    shaped = next((code for code in same if _has_shape(tax, code)), None)
    if shaped:
        return Proposal(shaped.code, "vat_shape", _values(shaped))
    hits = _narrow(tax, same)
    if len(hits) == 1:
        return Proposal(hits[0].code, "vat_description", _values(hits[0]))
    if hits:
        return Proposal(
            None, "vat_several", {"codes": sorted(hit.code for hit in hits)}
        )
    return _nothing(tax, codes)


def _shape(tax):
    """Return the code as Octopus writes it for a domestic tax: 06, D21."""
    prefix = "" if tax.direction == "sale" else tax.use
    if prefix is None or tax.rate != tax.rate.to_integral_value():
        return None
    return f"{prefix}{int(tax.rate):02d}"


def _has_shape(tax, code):
    return (
        tax.treatment is Treatment.DOMESTIC
        and code.code == _shape(tax)
        and code.percentage == tax.rate
        and not code.not_deductible
    )


def _text(number):
    return format(number.normalize(), "f")


def _values(code, **more):
    return {
        "vat_code": code.code,
        "percentage": _text(code.percentage),
        "description": code.description,
        **more,
    }


def _nothing(tax, codes):
    for code in codes:
        if code.code == _shape(tax) and code.percentage != tax.rate:
            return Proposal(None, "vat_percentage", _values(code, rate=_text(tax.rate)))
    return Proposal(
        None, "vat_none", {"rate": _text(tax.rate), "treatment": tax.treatment.value}
    )


def _narrow(tax, codes):
    """Keep the codes that agree with the tax in everything they say."""
    hits = [code for code in codes if code.percentage == tax.rate]
    if not hits and tax.treatment is not Treatment.DOMESTIC:
        # No VAT is on such a document, so a dossier may give these codes 0 %.
        hits = [code for code in codes if not code.percentage]
    if tax.direction == "purchase":
        hits = _agreeing(hits, lambda code: code.use, tax.use)
    if tax.treatment is not Treatment.DOMESTIC:
        hits = _agreeing(hits, lambda code: code.nature, tax.nature)
    deductible = [code for code in hits if not code.not_deductible]
    if tax.recovered:
        return deductible
    return [code for code in hits if code.not_deductible] or deductible


def _agreeing(codes, said: Callable[[CodeFacts], str | None], wanted: str | None):
    """Return the codes that say what is wanted, else those that say nothing.

    What is wanted for anything at all needs a code that does not narrow itself down.
    """
    silent = [code for code in codes if said(code) is None]
    if wanted is None:
        return silent or codes
    return [code for code in codes if said(code) == wanted] or silent
