"""Which boxes of the Belgian VAT return a VAT code stands for, if its name tells.

Codes are set up for each dossier and Octopus does not tell their boxes
(docs/octopus.md §15): where the name leaves a doubt, there is no answer.
"""

from __future__ import annotations

from typing import NamedTuple

from .find_vat_code import CodeFacts, Treatment

_SALE_OF_RATE = {0: "00", 6: "01", 12: "02", 21: "03"}
_PURCHASE_OF_USE = {"H": "81", "D": "82", "I": "83"}
_EU_SALE_OF_NATURE = {"services": "44", "goods": "46"}
# Of purchases on which the buyer owes the VAT: box of the base, and of that VAT.
_OWED = {Treatment.COCONTRACTOR: ("87", "56"), Treatment.OUTSIDE_EU: ("87", "57")}
_EU_OF_NATURE = {"goods": "86", "services": "88"}


class Boxes(NamedTuple):
    """Boxes of the base and of the VAT of a line."""

    base: tuple[str, ...] = ()
    vat: tuple[str, ...] = ()


NONE = Boxes()


def vat_boxes(code: CodeFacts, sale: bool, refund: bool) -> Boxes:
    """Return the boxes of a VAT code on a kind of document; :data:`NONE` where its name
    leaves a doubt.

    :param code: as the dossier lists it
    :param sale: whether it is on a sale; else on a purchase
    :param refund: whether it is on a credit note
    """
    if code.treatment is None or code.not_deductible:
        return NONE
    if sale:
        return _of_refund(code) if refund else _of_sale(code)
    return _of_purchase(code, refund)


def _of_sale(code):
    rate = _SALE_OF_RATE.get(code.percentage)
    bases = {
        Treatment.DOMESTIC: rate,
        Treatment.COCONTRACTOR: "45",
        Treatment.EU: _EU_SALE_OF_NATURE.get(code.nature),
        Treatment.TRIANGULAR: "46",
        Treatment.OUTSIDE_EU: "47",
    }
    base = bases[code.treatment]
    if not base:
        return NONE
    domestic = code.treatment is Treatment.DOMESTIC
    return Boxes((base,), ("54",) if domestic and code.percentage else ())


def _of_refund(code):
    if not _of_sale(code).base:
        return NONE
    eu = code.treatment in (Treatment.EU, Treatment.TRIANGULAR)
    domestic = code.treatment is Treatment.DOMESTIC
    vat = ("64",) if domestic and code.percentage else ()
    return Boxes(("48" if eu else "49",), vat)


def _of_purchase(code, refund):
    use = _PURCHASE_OF_USE.get(code.use)
    if not use:
        return NONE
    if code.treatment is Treatment.DOMESTIC:
        if refund:
            return Boxes((use, "85"), ("63",) if code.percentage else ())
        return Boxes((use,), ("59",) if code.percentage else ())
    if refund:
        # Of VAT that the buyer owed, the return wants more than a name tells.
        return NONE
    if code.treatment in (Treatment.EU, Treatment.TRIANGULAR):
        base, owed = _EU_OF_NATURE.get(_nature(code)), "55"
    else:
        base, owed = _OWED[code.treatment]
    return Boxes((use, base), (owed, "59")) if base else NONE


def _nature(code):
    """Return what was bought: trade goods and investments are no services."""
    return code.nature or {"H": "goods"}.get(code.use)
