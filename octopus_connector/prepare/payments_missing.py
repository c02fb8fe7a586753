"""Which payments have no row in the outbox, as a domain: they are counted before they
get one."""

from __future__ import annotations

from odoo.fields import Domain

from .banks import banks_above, banks_of
from .payment_items import PARTIES


def payments_without_row(settings) -> Domain:
    """Return the domain of entries of banks that Odoo keeps which are payments and have
    no row, from the day on that each bank's payments go.

    ``send.collect_payments`` makes their rows, and looks closer.

    :param settings: ``res.company`` in sudo that holds its settings
    """
    banks = banks_of(settings) | banks_above(settings)
    kept = banks.filtered(lambda bank: bank.octopus_owner_now() == "odoo")
    rows = settings.env["octopus.payment"]
    have = Domain("reversal_of_id", "=", False) & Domain("state", "!=", "reversed")
    have &= Domain("move_id", "!=", False)
    return (
        Domain.OR(map(_of_bank, kept))
        & Domain("line_ids", "any", _of_somebody(settings))
        & Domain("origin_payment_id.octopus_balancing_ids", "=", False)
        & Domain("id", "not in", rows._search(have).subselect("move_id"))
    )


def _of_bank(bank):
    domain = Domain("journal_id", "=", bank.id)
    if bank.octopus_payments_from:
        domain &= Domain("date", ">=", bank.octopus_payments_from)
    # A statement line that is not reconciled is no payment yet.
    unknown = Domain("line_ids.account_id", "in", bank.suspense_account_id.ids)
    return domain & ~(Domain("statement_line_id", "!=", False) & unknown)


def _of_somebody(settings):
    domain = Domain("account_id.account_type", "in", list(PARTIES))
    domain &= Domain("balance", "!=", 0)
    if settings.octopus_without_contact == "out":
        domain &= Domain("partner_id", "!=", False)
    return domain
