"""Our own description of the REST contract, and the checks made with it."""

from .operation import Operation
from .operations import OPERATIONS
from .validation import (
    ContractViolation,
    check_body,
    read_parameters,
    read_timestamp,
)

__all__ = [
    "OPERATIONS",
    "ContractViolation",
    "Operation",
    "check_body",
    "read_parameters",
    "read_timestamp",
]
