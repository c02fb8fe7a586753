"""Our own description of the REST contract, and the checks made with it."""

from .making import MAKING
from .operation import Operation
from .operations import OPERATIONS as WORKING
from .validation import (
    ContractViolation,
    check_body,
    read_parameters,
    read_timestamp,
)

OPERATIONS = (*WORKING, *MAKING)

__all__ = [
    "OPERATIONS",
    "ContractViolation",
    "Operation",
    "check_body",
    "read_parameters",
    "read_timestamp",
]
