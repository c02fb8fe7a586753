"""Whether the number of a company can be right, by its own check digits.

Pure; python-stdnum, which Odoo's check of VAT numbers uses, knows each country's rules.
"""

from __future__ import annotations

from stdnum import get_cc_module

from .find_relation import VatNumber, enterprise_number

# Where the VAT number begins with other letters than the country's code.
_COUNTRIES = {"EL": "GR"}


def is_valid(number: VatNumber) -> bool:
    """Whether a number passes the check of its country.

    A Belgian one must be an enterprise number (KBO). One of no country, or of a country
    of which no rule is known, is given the benefit of the doubt.

    :param number: as ``VatNumber.of`` read it
    """
    if number.belgian:
        known = enterprise_number(number.body)
        # Numbers of 2023 and later begin with 1.
        return known is not None and known[0] in "01"
    country = _COUNTRIES.get(number.country, number.country)
    module = get_cc_module(country, "vat") if country else None
    return module is None or module.is_valid(number.body)
