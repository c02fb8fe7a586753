"""Which payments go to Octopus, and which of them have no row in the outbox yet, as
domains: they are rehearsed and counted before they get one."""

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
    rows = settings.env["octopus.payment"]
    have = Domain("reversal_of_id", "=", False) & Domain("state", "!=", "reversed")
    have &= Domain("move_id", "!=", False)
    return _payments_of(settings, _begun) & Domain(
        "id", "not in", rows._search(have).subselect("move_id")
    )


def payments_kept(settings) -> Domain:
    """Return the domain of all entries of banks that Odoo keeps which are payments,
    from whichever day on they go.

    :param settings: ``res.company`` in sudo that holds its settings
    """
    return _payments_of(settings, _known)


def _payments_of(settings, of_bank):
    banks = banks_of(settings) | banks_above(settings)
    kept = banks.filtered(lambda bank: bank.octopus_owner_now() == "odoo")
    return (
        Domain.OR(map(of_bank, kept))
        & Domain("line_ids", "any", _of_somebody(settings))
        & Domain("origin_payment_id.octopus_balancing_ids", "=", False)
    )


def _begun(bank):
    since = bank.octopus_payments_from
    return _known(bank) & (Domain("date", ">=", since) if since else Domain.TRUE)


def _known(bank):
    # A statement line that is not reconciled is no payment yet.
    unknown = Domain("line_ids.account_id", "in", bank.suspense_account_id.ids)
    unknown &= Domain("statement_line_id", "!=", False)
    return Domain("journal_id", "=", bank.id) & ~unknown


def _of_somebody(settings):
    domain = Domain("account_id.account_type", "in", list(PARTIES))
    domain &= Domain("balance", "!=", 0)
    if settings.octopus_without_contact == "out":
        domain &= Domain("partner_id", "!=", False)
    return domain
