"""One function per operation of the contract."""

from . import (
    balancings,
    bookings,
    dossiers,
    financial_bookings,
    invoices,
    journals,
    making,
    master_data,
    relations,
    reports,
)
from .registry import HANDLERS

__all__ = [
    "HANDLERS",
    "balancings",
    "bookings",
    "dossiers",
    "financial_bookings",
    "invoices",
    "journals",
    "making",
    "master_data",
    "relations",
    "reports",
]
