"""What the kinds of documents have in common: pure, no Odoo."""

from __future__ import annotations

from decimal import Decimal

from ..api.enums import InsertionType

# The type of the journals of Octopus that take them.
TYPE_OF_KIND = {
    "out_invoice": "V",
    "out_refund": "V",
    "in_invoice": "A",
    "in_refund": "A",
}
# The kinds of a journal: of invoices, then of credit notes.
KINDS_OF_TYPE = {"V": ("out_invoice", "out_refund"), "A": ("in_invoice", "in_refund")}
SALES = ("out_invoice", "out_refund", "out_receipt")
REFUNDS = ("out_refund", "in_refund")
# Receipts, and what an employee paid: they go where the invoices of their direction go,
# unless their journal is mapped.
RECEIPTS = ("out_receipt", "in_receipt")
_INVOICE_OF = {"out_refund": "out_invoice", "in_refund": "in_invoice"}
_AS_INVOICE = {"out_receipt": "out_invoice", "in_receipt": "in_invoice"}


def direction_of(kind: str) -> str:
    """Return ``sale`` or ``purchase`` for a kind of document.

    :param kind: its ``move_type``
    """
    return "sale" if kind in SALES else "purchase"


def settings_kind(kind: str) -> str:
    """Return the kind of which the settings hold for a kind of document.

    :param kind: its ``move_type``
    :return: for receipts that of the invoices, else ``kind``
    """
    return _AS_INVOICE.get(kind, kind)


def kind_as_read(kind: str, amount: Decimal) -> str:
    """Return the kind that Octopus takes a document for: a credit note is what has a
    negative total, so that one of 0 is read as an invoice (docs/octopus.md §14).

    :param kind: its ``move_type``
    :param amount: its total
    """
    return kind if amount else _INVOICE_OF.get(kind, kind)


# Of a direction: the types of its VAT codes, for an invoice and for a credit note.
VAT_CODE_TYPES = {"sale": ("sell", "sell_refund"), "purchase": ("buy", "buy_refund")}
# What a sales journal must take: bookings, not invoices.
SALES_BOOKINGS = InsertionType.BOOKINGS.value
