"""Amounts as people read them, in their language."""

from __future__ import annotations

import re

from odoo.tools import formatLang

# An amount as findings and differences keep it: decimal places after a point.
STORED = re.compile(r"-?\d+\.(\d+)")


def money_text(env, amount: str) -> str:
    """Return a stored amount with the marks of the reader's language.

    :param env: its language is the reader's
    :param amount: without its currency; something else, such as a count, stays as it is
    """
    found = STORED.fullmatch(amount)
    if not found:
        return amount
    return formatLang(env, float(amount), digits=len(found[1]))
