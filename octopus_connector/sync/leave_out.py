"""What becomes of documents whose kind is to stay out of Octopus from now on."""

from __future__ import annotations

from ..core.states import OPEN
from ..prepare.kinds import settings_kind
from .link_dossier import rows_of


def leave_out(companies, kinds):
    """Forget what was not sent yet of some kinds of documents: nobody is asked about it
    any more, and it comes back, unasked, when the kind goes again. What is in Octopus,
    or may be, stays as it is.

    :param companies: ``res.company`` that hold settings
    :param kinds: as in ``prepare.kinds.TYPE_OF_KIND``; receipts go along
    """
    for company in companies.sudo().filtered("octopus_dossier_id"):
        rows = rows_of(company, company.octopus_dossier_id, OPEN)
        rows.filtered(
            lambda row: (
                settings_kind(row.kind) in kinds
                and not row.sent_at
                and not row.octopus_number
            )
        ).unlink()
