"""What is wrong with a document, told about a record; pure but for the records."""

from __future__ import annotations

from ..core import codes
from ..core.findings import Finding

SETTINGS = "res.config.settings"


def about(code: str, record, **facts) -> Finding:
    """Return a :class:`Finding` that leads to a record, to mend it there.

    :param code: one of ``core.codes``
    :param record: of any model; an empty one leads to the list of its model
    :param facts: values for the text, see ``Finding.params``
    """
    return Finding(code, facts, record._name, record.ids)


def stays_out(settings, severity: str = "") -> Finding:
    """Return the :class:`Finding` that receipts do not go to Octopus.

    :param settings: the company that holds the settings
    """
    facts = {"company": settings.name}
    return Finding(codes.RECEIPTS_STAY_OUT, facts, SETTINGS, severity=severity)
