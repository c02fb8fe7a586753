"""What the kinds of documents have in common: pure, no Odoo."""

from __future__ import annotations

SALES = ("out_invoice", "out_refund")
REFUNDS = ("out_refund", "in_refund")


def direction_of(kind: str) -> str:
    """Return ``sale`` or ``purchase`` for a kind of document."""
    return "sale" if kind in SALES else "purchase"
