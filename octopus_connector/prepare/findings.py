"""What is wrong with a document, told about a record; pure but for the records."""

from __future__ import annotations

from ..core import codes
from ..core.findings import Finding
from .kinds import RECEIPTS

SETTINGS = "res.config.settings"


def about(code: str, record, **facts) -> Finding:
    """Return a :class:`Finding` that leads to a record, to mend it there.

    :param code: one of ``core.codes``
    :param record: of any model; an empty one leads to the list of its model
    :param facts: values for the text, see ``Finding.params``
    """
    return Finding(code, facts, record._name, record.ids)


def no_dossier(company) -> Finding:
    """Return the finding that a company has no dossier, or that it is switched off.

    :param company: ``res.company`` of a document or payment
    """
    return Finding(codes.NO_DOSSIER, {"company": company.display_name}, SETTINGS)


def stays_out(settings, kind: str, severity: str = "") -> Finding:
    """Return the :class:`Finding` that a kind of documents does not go to Octopus.

    :param settings: the company that holds the settings
    :param kind: ``move_type``
    """
    facts = {"company": settings.name, "kind": kind}
    is_receipt = kind in RECEIPTS and settings.octopus_receipts != "go"
    code = codes.RECEIPTS_STAY_OUT if is_receipt else codes.KIND_STAYS_OUT
    return Finding(code, facts, SETTINGS, severity=severity)
