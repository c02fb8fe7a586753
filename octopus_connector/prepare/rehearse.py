"""What would become of documents, without a call and without writing.

The one preflight of what is rehearsed, of what is in shadow mode, and of what is sent;
the last looks relations up in Octopus itself, these look in the mirror.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from ..api.types import Booking, RelationRef
from ..core import codes
from ..core.codes import CODES
from ..core.findings import Finding, unexpected
from .payment import Preparation
from .payment_documents import once_documents_went
from .scope import out_of_place

_logger = logging.getLogger(__name__)

# The date is what stands in the way, not the document: another one of the same kind
# goes when its period is open.
OF_THE_DATE = {code for code, kind in CODES.items() if kind.closed_there}
OF_THE_DATE |= {codes.NO_BOOKYEAR, codes.PERIOD_MISSING, codes.JOURNAL_NOT_IN_BOOKYEAR}
CLOSED = "closed"


def prepared_each(moves, prepare: Callable) -> dict:
    """Prepare documents together; one of which the preparation fails stops no other.

    :param moves: ``account.move``
    :param prepare: takes some of them, returns ``{id: PreparedDocument}``
    :return: ``{id: PreparedDocument}``, with a tuple of findings instead for those that
        could not be prepared
    """
    try:
        return prepare(moves)
    except Exception:
        _logger.exception("A batch could not be prepared; looking one by one")
    prepared = {}
    for move in moves:
        try:
            prepared |= prepare(move)
        except Exception as error:
            _logger.exception("Document %s could not be prepared", move.id)
            prepared[move.id] = (unexpected(error),)
    return prepared


class Rehearser:
    """Prepares documents and payments as sending does; what it finds of a contact is
    remembered, for its documents are spread over the batches.

    :param contacts: look contacts without a relation up, which costs some queries each
    """

    def __init__(self, contacts=True):
        self._looks_up = contacts
        self._contacts = {}

    def prepare(self, moves) -> dict:
        """Return what each would be, as :func:`prepared_each` does.

        :param moves: posted ``account.move``, documents and entries of payments; of
            those only the findings are told
        """
        payments = moves.filtered(lambda move: move.move_type == "entry")
        prepared = prepared_each(moves - payments, self._prepare)
        return prepared | prepared_each(payments, _prepare_payments)

    def _prepare(self, moves):
        builder = moves.octopus_builder()(moves, find_relations=self._looks_up)
        builder.contacts = self._contacts
        return builder.prepare()


def _prepare_payments(moves):
    preparations = {
        company: Preparation(company.octopus_settings()) for company in moves.company_id
    }
    return {
        move.id: once_documents_went(
            preparations[move.company_id].prepare(move).findings
        )
        for move in moves
    }


def verdict(document) -> tuple[Booking | None, tuple[Finding, ...]]:
    """Return what would be booked, with number 0, and what there is to tell.

    :param document: as :meth:`Rehearser.prepare` gives it
    :return: without a booking where a finding stops it, and of a payment
    """
    if isinstance(document, tuple):
        return None, document
    findings = document.findings
    if any(finding.stops for finding in findings):
        return None, findings
    relation = RelationRef(id=document.relation.octopus_id or None)
    return document.booking(0, relation), findings


def misplaced(row, document) -> tuple[Finding, ...]:
    """Return the finding that a document was prepared for another dossier than that of
    its row.

    :param row: ``octopus.booking``
    :param document: as :meth:`Rehearser.prepare` gives it
    """
    failed = isinstance(document, tuple)
    return () if failed else out_of_place(row, document.dossier)


def is_of_date(finding) -> bool:
    """Whether nothing but its date makes a finding stop a document.

    :param finding: ``core.findings.Finding``
    """
    return finding.code in OF_THE_DATE
