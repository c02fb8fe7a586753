"""What an answer of Octopus, or none, means for what was sent: no Odoo."""

from __future__ import annotations

from ..api.errors import Kind, OctopusError, OctopusNoTime, OctopusShadow, ReturnCode
from . import codes
from .findings import Finding

# Answers of Octopus that mean more to us than codes.REFUSED.
OF_RETURN_CODE = {
    ReturnCode.JOURNAL_CLOSED: codes.JOURNAL_CLOSED,
    ReturnCode.JOURNAL_OPEN: codes.JOURNAL_OPEN_ELSEWHERE,
    ReturnCode.ILLEGAL_DOCUMENT_SEQUENCE_NR: codes.NUMBER_TAKEN,
    ReturnCode.UNKNOWN_BOOKYEAR_PERIOD_NR: codes.PERIOD_MISSING,
    ReturnCode.BOOKYEAR_PERIOD_NR_PROTECTED: codes.PERIOD_PROTECTED,
    ReturnCode.UNKNOWN_CURRENCY: codes.CURRENCY_UNKNOWN,
    ReturnCode.JOURNAL_WRONG_MODE: codes.JOURNAL_INVOICE_MODE,
    ReturnCode.UNKNOWN_JOURNAL: codes.JOURNAL_NOT_IN_BOOKYEAR,
}
# What the others mean, by the family of the error.
OF_KIND = {
    Kind.REFUSED: codes.REFUSED,
    Kind.NOT_NOW: codes.SERVICE_DOWN,
    Kind.UNKNOWN: codes.UNKNOWN_OUTCOME,
    Kind.AUTH: codes.LOGIN_REJECTED,
    Kind.ACCESS: codes.DOSSIER_REFUSED,
    Kind.QUOTA: codes.QUOTA_REACHED,
    Kind.MISSING: codes.REFUSED,
    Kind.INVALID: codes.INVALID_REQUEST,
    Kind.PROTOCOL: codes.ANSWER_UNCLEAR,
}


def finding_of_error(error: OctopusError, **params) -> Finding:
    """Return the finding that an error of a call stands for.

    :param error: what the call raised
    :param params: what the caller knows of the call: ``journal``, ``bookyear``,
        ``period``, ``number``, ``date``, ``currency``, ``dossier``, ``connection``
    """
    code = OF_RETURN_CODE.get(error.code) or OF_KIND[error.kind]
    if isinstance(error, OctopusNoTime):
        code = codes.OUT_OF_TIME
    if isinstance(error, OctopusShadow):
        code = codes.SHADOW_MODE
    if error.kind is Kind.INVALID and not (error.message or error.technical):
        # Without a word it may be the day's limit as well (docs/octopus.md §19.1).
        code = codes.ANSWER_UNCLEAR
    return Finding(code, {**params, **error.answer})
