"""What stands in a document's way, as codes and values: no text, no Odoo.

A finding is kept as JSON and becomes a sentence in its reader's language only when
it is shown (model ``octopus.finding``). Source: architecture.md §3, Z.2, Z.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

BLOCK = "block"  # a person must mend something first
WAIT = "wait"  # nothing is wrong with the document; it goes when this has passed
WARN = "warn"  # it goes, but somebody should know
INFO = "info"  # it goes; worth telling

YOU = "you"
ADMINISTRATOR = "administrator"
ACCOUNTANT = "accountant"
OCTOPUS = "octopus"

# Code → default severity, and who can mend it.
CODES: dict[str, tuple[str, str]] = {
    # Connection and dossier
    "no_dossier": (BLOCK, ADMINISTRATOR),
    "login_rejected": (WAIT, ADMINISTRATOR),
    "login_incomplete": (WAIT, ADMINISTRATOR),
    "login_without_dossier": (WAIT, ADMINISTRATOR),
    "web_service_off": (WAIT, ADMINISTRATOR),
    "host_unreachable": (WAIT, ADMINISTRATOR),
    "copied_database": (WAIT, ADMINISTRATOR),
    "connection_archived": (WAIT, ADMINISTRATOR),
    "dossier_archived": (WAIT, ADMINISTRATOR),
    "dossier_refused": (WAIT, ADMINISTRATOR),
    "service_down": (WAIT, OCTOPUS),
    "out_of_time": (WAIT, OCTOPUS),
    "quota_reached": (WAIT, OCTOPUS),
    "answer_unclear": (WAIT, OCTOPUS),
    "not_connected": (WAIT, ADMINISTRATOR),
    # What stays broken in a dossier
    "service_down_since": (WAIT, OCTOPUS),
    "nothing_succeeded": (WARN, ADMINISTRATOR),
    "scheduled_action_off": (WARN, ADMINISTRATOR),
    "scheduler_stopped": (WARN, ADMINISTRATOR),
    "payments_not_read": (WARN, ADMINISTRATOR),
    "open_items_not_compared": (WARN, ADMINISTRATOR),
    "comparison_stands_still": (WARN, ADMINISTRATOR),
    "mirror_not_read": (WARN, ADMINISTRATOR),
    "part_failed": (WARN, ADMINISTRATOR),
    "watch_failed": (WARN, ADMINISTRATOR),
    "watch_missing": (WARN, ADMINISTRATOR),
    "values_unreadable": (WARN, ACCOUNTANT),
    "records_unreadable": (WARN, ACCOUNTANT),
    "not_sent_before_vat": (WARN, YOU),
    "documents_blocked": (WARN, YOU),
    "documents_wait": (WARN, YOU),
    "payments_blocked": (WARN, YOU),
    "payments_wait": (WARN, YOU),
    "next_bookyear_missing": (WARN, ACCOUNTANT),
    "next_bookyear_journals": (WARN, ACCOUNTANT),
    "next_bookyear_accounts": (WARN, ACCOUNTANT),
    # Which documents
    "not_posted": (BLOCK, YOU),
    "before_start_date": (INFO, ADMINISTRATOR),
    "excluded": (INFO, YOU),
    "receipts_stay_out": (INFO, ADMINISTRATOR),
    "bill_twice": (BLOCK, YOU),
    # Journal, bookyear, period
    "kind_without_journal": (BLOCK, ADMINISTRATOR),
    "journal_wrong_type": (BLOCK, ADMINISTRATOR),
    "journal_invoice_mode": (BLOCK, ACCOUNTANT),
    "journal_not_in_bookyear": (BLOCK, ACCOUNTANT),
    "journal_closed": (WAIT, ACCOUNTANT),
    "journal_open_elsewhere": (WAIT, ACCOUNTANT),
    "no_bookyear": (BLOCK, ACCOUNTANT),
    "bookyear_closed": (WAIT, ACCOUNTANT),
    "period_missing": (BLOCK, ACCOUNTANT),
    "period_protected": (WAIT, ACCOUNTANT),
    "period_moved": (WARN, YOU),
    # VAT
    "tax_not_mapped": (BLOCK, ADMINISTRATOR),
    "tax_code_missing": (BLOCK, ADMINISTRATOR),
    "tax_code_wrong_direction": (BLOCK, ADMINISTRATOR),
    "several_vat_taxes": (BLOCK, YOU),
    "no_tax_not_mapped": (BLOCK, ADMINISTRATOR),
    "vat_code_wanted": (BLOCK, ADMINISTRATOR),
    "tax_changed": (BLOCK, ADMINISTRATOR),
    # Accounts
    "account_not_mapped": (BLOCK, ADMINISTRATOR),
    "account_missing_in_bookyear": (BLOCK, ACCOUNTANT),
    "account_on_suspense": (WARN, ACCOUNTANT),
    "vat_code_without_account": (BLOCK, ACCOUNTANT),
    "relation_without_account": (BLOCK, ACCOUNTANT),
    "discount_account_missing": (BLOCK, ADMINISTRATOR),
    "limitation_account_missing": (BLOCK, ADMINISTRATOR),
    "limitation_with_tax": (BLOCK, YOU),
    # Relation
    "partner_missing": (BLOCK, YOU),
    "payment_without_contact": (BLOCK, YOU),
    "relation_undecided": (BLOCK, YOU),
    "relation_several": (BLOCK, YOU),
    "relation_needs_confirmation": (BLOCK, YOU),
    "relation_taken": (BLOCK, YOU),
    "relation_changed": (BLOCK, YOU),
    "relation_busy": (WAIT, OCTOPUS),
    "country_missing": (BLOCK, YOU),
    "vat_type_undecided": (BLOCK, YOU),
    "vat_number_malformed": (BLOCK, YOU),
    "email_left_out": (WARN, YOU),
    # Amounts
    "sums_differ": (BLOCK, YOU),
    "line_signs": (BLOCK, YOU),
    "rate_direction_missing": (BLOCK, ADMINISTRATOR),
    "rate_missing": (BLOCK, ADMINISTRATOR),
    "currency_unknown": (BLOCK, ACCOUNTANT),
    # Numbers and answers
    "number_waits": (WAIT, YOU),
    "number_not_numeric": (BLOCK, ADMINISTRATOR),
    "number_series": (BLOCK, ADMINISTRATOR),
    "number_taken": (WAIT, OCTOPUS),
    "number_disputed": (BLOCK, YOU),
    "maybe_booked": (BLOCK, YOU),
    "journal_unread": (WAIT, OCTOPUS),
    "update_unknown": (WARN, YOU),
    "update_other": (WARN, YOU),
    "update_unlike": (WARN, ACCOUNTANT),
    "documents_differ": (WARN, YOU),
    "documents_not_compared": (WARN, ADMINISTRATOR),
    "documents_maybe_booked": (WARN, YOU),
    "waits_for_answer": (WAIT, OCTOPUS),
    "refused": (BLOCK, ACCOUNTANT),
    "invalid_request": (BLOCK, ADMINISTRATOR),
    "unknown_outcome": (WAIT, OCTOPUS),
    "unexpected": (BLOCK, ADMINISTRATOR),
    # The document itself
    "attachment_refused": (WARN, YOU),
    "attachment_too_big": (WARN, YOU),
    "attachment_missing": (WARN, YOU),
    "attachment_unclear": (WARN, YOU),
    "attachment_unstyled": (WARN, ADMINISTRATOR),
    # Payments that follow from Octopus
    "payment_write_off": (WARN, YOU),
    "payment_other_document": (WARN, YOU),
    "payment_counterpart_unknown": (WARN, ACCOUNTANT),
    "payment_document_not_posted": (WARN, YOU),
    "payment_document_differs": (WARN, ACCOUNTANT),
    "payments_not_followed": (INFO, ADMINISTRATOR),
    "payment_currency": (WARN, YOU),
    "payment_bank_currency": (WARN, YOU),
    "payment_amount_unclear": (WARN, ACCOUNTANT),
    "payment_date_missing": (WARN, ACCOUNTANT),
    "payment_no_method": (WARN, ADMINISTRATOR),
    "payment_accounts_differ": (WARN, YOU),
    "payment_residual": (WARN, YOU),
    "payment_registered": (WARN, YOU),
    "payment_locked_period": (WARN, YOU),
    "payment_changed": (WARN, YOU),
    "payment_undo_changed": (WARN, YOU),
    "payment_undo_statement": (WARN, YOU),
    "payment_undo_locked": (WARN, YOU),
    "payment_undo_edited": (BLOCK, ACCOUNTANT),
    "payment_failed": (WARN, YOU),
    "payment_not_owned": (WARN, ACCOUNTANT),
    "payment_unmatched_there": (WARN, YOU),
    "payment_matched_there": (WARN, YOU),
    "payment_matched_less": (WARN, YOU),
    "payment_edited": (WARN, YOU),
    "payment_edited_otherwise": (WARN, YOU),
    # Payments that go to Octopus
    "bank_without_journal": (BLOCK, ADMINISTRATOR),
    "bank_currency": (BLOCK, ADMINISTRATOR),
    "bank_currency_differs": (BLOCK, ADMINISTRATOR),
    "bank_amounts_missing": (BLOCK, ADMINISTRATOR),
    "payment_exchange_left": (WARN, ACCOUNTANT),
    "payment_waits": (WAIT, YOU),
    "payment_unmatched": (WARN, ACCOUNTANT),
    "payment_elsewhere": (WARN, ACCOUNTANT),
    "payment_vat": (WARN, ACCOUNTANT),
    "payment_disputed": (BLOCK, YOU),
    "payment_altered": (BLOCK, YOU),
    "payments_disputed": (WARN, YOU),
    "payments_gone": (WARN, YOU),
    "matches_blocked": (WARN, YOU),
    "match_refused": (BLOCK, ACCOUNTANT),
    "match_waits": (WAIT, OCTOPUS),
    "match_by_hand": (BLOCK, ACCOUNTANT),
    "documents_unmatched": (BLOCK, ACCOUNTANT),
    "match_no_room": (BLOCK, YOU),
    "payment_no_entry_journal": (WARN, ADMINISTRATOR),
    "payment_dropped": (INFO, YOU),
    "payment_undone": (INFO, YOU),
    "payment_unallocated": (WARN, YOU),
    # Readings of payments that a person must look at first
    "payments_held": (BLOCK, YOU),
    "payments_first": (BLOCK, YOU),
    "payments_many": (BLOCK, YOU),
    "payments_share": (BLOCK, YOU),
    "payments_bookyear": (BLOCK, ACCOUNTANT),
    "payments_waiting": (BLOCK, YOU),
    "payments_empty": (WAIT, ACCOUNTANT),
    # What Octopus lists as open
    "open_items_unlisted": (WARN, YOU),
    "open_items_differ": (WARN, YOU),
    "settled_here": (WARN, YOU),
    "open_items_empty": (WARN, ACCOUNTANT),
    "open_items_many": (WARN, ACCOUNTANT),
    "open_items_bookyear": (WARN, ACCOUNTANT),
}


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON takes it; money stays exact, as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


@dataclass(frozen=True)
class Finding:
    """One thing that stands in the way.

    :param code: a key of :data:`CODES`
    :param params: values for the text; money as ``Decimal``, days as ``date``
    :param model: model of the records to go to, to mend it
    :param ids: ids of those records; none leads to the list of ``model``
    :param severity: another severity than the code's own
    :raises ValueError: for a code that is not in the table
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    model: str | None = None
    ids: tuple[int, ...] = ()
    severity: str = ""

    def __post_init__(self):
        if self.code not in CODES:
            raise ValueError(f"No such finding: {self.code}")
        object.__setattr__(self, "ids", tuple(self.ids))
        object.__setattr__(self, "severity", self.severity or CODES[self.code][0])

    @property
    def stops(self) -> bool:
        """Whether the document can not go now."""
        return self.severity in (BLOCK, WAIT)

    @property
    def waits(self) -> bool:
        """Whether it passes by itself."""
        return self.severity == WAIT

    def as_json(self) -> dict:
        """Return what is stored: plain JSON values only."""
        return {
            "code": self.code,
            "severity": self.severity,
            "params": {name: _plain(value) for name, value in self.params.items()},
            "model": self.model,
            "ids": list(self.ids),
        }


class FindingError(Exception):
    """Work on one document can not go on, for reasons that can be told.

    :param findings: one :class:`Finding` or several
    """

    def __init__(self, findings: Finding | Iterable[Finding]):
        found = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__(", ".join(finding.code for finding in found))
        self.findings = found


def worst(findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that decides a document's fate: the first that blocks, else
    the first that waits, else the first; ``None`` when there is none."""
    order = (BLOCK, WAIT, WARN, INFO)
    return min(findings, key=lambda found: order.index(found.severity), default=None)
