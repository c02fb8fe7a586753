"""The mirror of a dossier: what of Octopus is kept here, and how it is read.

Each public method that takes a client makes one call or a few and brings rows in line
with the answer; committing is the caller's.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta, timezone
from functools import partial

from odoo import fields
from odoo.fields import Command

from ..api.client import FIRST_SYNC
from ..api.errors import (
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
)
from ..api.listed import ModifiedResult, is_whole
from ..api.operations import Capability
from ..api.types import BRUSSELS
from ..call_log import quota_day
from .relations import mirror_relations
from .upsert import archive, told, upsert

_logger = logging.getLogger(__name__)

# How far a feed is read again: its time zone and inclusiveness are unknown
# (docs/octopus.md §19.3).
OVERLAP = timedelta(hours=1)

# A feed that answers so does not work in this dossier; the list may.
FEED_FAILED = (
    OctopusRefused,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusProtocolError,
)

COST_CENTRE_POLICIES = {0: "none", 1: "mandatory", 2: "optional"}
VAT_CODE_TYPES = {1: "buy", 2: "sell", 3: "buy_refund", 4: "sell_refund"}


def was_today(moment) -> bool:
    """Whether a stored moment lies in the day that daily limits count by now.

    :param moment: naive UTC, as Odoo keeps moments; empty for never
    :return: by the day in Brussels
    """
    if not moment:
        return False
    here = moment.replace(tzinfo=timezone.utc).astimezone(BRUSSELS)
    return here.date() == quota_day()


def open_bookyears(dossier):
    """Return the open bookyears in the order in which they are needed: that of today,
    then the nearest to it. Few reads a day must go to them first.

    :param dossier: ``octopus.dossier``
    :return: ``octopus.bookyear``
    """
    today = fields.Date.context_today(dossier)

    def away(row):
        return max(row.date_start - today, today - row.date_end), row.date_start

    return dossier.bookyear_ids.filtered(lambda row: not row.closed).sorted(away)


def _all_of(records):
    """Return a whole list as what changed."""
    left_out = getattr(records, "left_out", ())
    return ModifiedResult(modified=tuple(records), left_out=left_out)


class Mirror:
    """Reads what a dossier consists of.

    :param dossier: ``octopus.dossier``; its rows are read and written in sudo
    """

    def __init__(self, dossier):
        dossier.ensure_one()
        self.dossier = dossier.sudo()
        self.env = self.dossier.env

    def _rows(self, model):
        """Return this dossier's rows of a mirror model, archived ones too."""
        return (
            self.env[model]
            .with_context(active_test=False)
            .search([("dossier_id", "=", self.dossier.id)])
        )

    def bookyears(self, octopus):
        """Mirror bookyears and their periods (24 calls a day).

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: the list cannot be had; nothing is written
        """
        bookyears = octopus.bookyears(partial=True)
        known = self._rows("octopus.bookyear")
        wanted = {
            bookyear.id: {
                "dossier_id": self.dossier.id,
                "octopus_id": bookyear.id,
                "name": bookyear.description or str(bookyear.start.year),
                "date_start": bookyear.start,
                "date_end": bookyear.end,
                "closed": bookyear.closed,
                "active": True,
            }
            for bookyear in bookyears
        }
        rows = upsert(known, lambda row: row.octopus_id, wanted)
        if is_whole(bookyears):
            archive(known.filtered(lambda row: row.octopus_id not in wanted))
        self._mirror_periods(bookyears, rows)

    def _mirror_periods(self, bookyears, rows):
        known = self.env["octopus.period"]
        for row in rows.values():
            known |= row.period_ids
        wanted = {
            (rows[bookyear.id].id, period.number): {
                "bookyear_id": rows[bookyear.id].id,
                "number": period.number,
                "date_start": period.start,
                "date_end": period.end,
            }
            for bookyear in bookyears
            for period in bookyear.periods
        }
        known.filtered(
            lambda row: (row.bookyear_id.id, row.number) not in wanted
        ).unlink()
        upsert(known.exists(), lambda row: (row.bookyear_id.id, row.number), wanted)

    def journals(self, octopus, bookyears=None):
        """Mirror journals with their state and last number.

        One call for each bookyear that is open, and once for each closed one. A journal
        that is being sent to at this moment is left alone: the sender knows better.

        :param bookyears: only these
        """
        for bookyear in self.bookyears_to_read(bookyears):
            asked_at = fields.Datetime.now()
            journals = octopus.journals(bookyear.octopus_id, partial=True)
            self._mirror_journals(bookyear, journals, asked_at)

    def bookyears_to_read(self, bookyears=None):
        """Return the bookyears whose journals may have changed: those that are open,
        and closed ones that were never read.

        :param bookyears: only among these
        """
        bookyears = (bookyears or self.dossier.bookyear_ids).sorted("date_start")
        every = self.env["octopus.journal.year"].with_context(active_test=False)
        here = [("dossier_id", "=", self.dossier.id)]
        seen = {year for [year] in every._read_group(here, ["bookyear_id"])}
        return bookyears.filtered(lambda row: not row.closed or row not in seen)

    def _mirror_journals(self, bookyear, journals, asked_at):
        rows = self._mirror_journal_keys(journals)
        known = (
            self.env["octopus.journal.year"]
            .with_context(active_test=False)
            .search([("bookyear_id", "=", bookyear.id)])
        )
        newer = known.filtered(lambda row: row.read_at and row.read_at > asked_at)
        wanted = {
            rows[journal.key].id: {
                "journal_id": rows[journal.key].id,
                "bookyear_id": bookyear.id,
                "closed": journal.closed,
                **told({"last_number": journal.last_number}),
                "protected_period": journal.protected_period,
                "closed_period": journal.closed_period,
                "read_at": asked_at,
                "active": True,
            }
            for journal in journals
            if journal.key in rows and rows[journal.key] not in newer.journal_id
        }
        years = upsert(known, lambda row: row.journal_id.id, wanted)
        known.browse(
            row.id for key, row in years.items() if "last_number" in wanted[key]
        ).note_last_number()
        keys = {journal.key for journal in journals}
        if is_whole(journals):
            archive(known.filtered(lambda row: row.journal_id.key not in keys))

    def _mirror_journal_keys(self, journals):
        """Return the journals, by key, that are not in use by another sender."""
        known = self._rows("octopus.journal")
        free = known.try_lock_for_update(allow_referencing=True)
        wanted = {
            journal.key: {
                "dossier_id": self.dossier.id,
                "key": journal.key,
                "name": journal.name,
                "type": journal.type,
                "currency_code": journal.currency,
                **told({"insertion_type": journal.insertion_type}),
            }
            for journal in journals
            if journal.type in dict(known._fields["type"].selection)
        }
        busy = set((known - free).mapped("key"))
        return upsert(
            free,
            lambda row: row.key,
            {key: values for key, values in wanted.items() if key not in busy},
        )

    def journals_without_bank_account(self):
        """Return the financial journals that have no IBAN yet, nor were asked today."""
        return self.dossier.journal_ids.filtered(
            lambda row: (
                row.type == "F" and not row.iban and not was_today(row.detail_at)
            )
        )

    def bank_account(self, octopus, journal):
        """Read IBAN and ledger account of a financial journal, where that can be read.

        :param octopus: ``api.client.DossierClient``
        :param journal: ``octopus.journal`` of type F; asked for in its last bookyear
        :raises OctopusMissing: Octopus does not have it any more
        """
        if Capability.JOURNAL_DETAIL not in octopus.capabilities:
            return
        bookyear = journal.year_ids.bookyear_id.sorted("date_start")[-1:]
        if bookyear:
            detail = octopus.journal_detail(bookyear.octopus_id, journal.key)
            journal.write(
                {
                    "iban": detail.iban,
                    "ledger_account": detail.account,
                    "detail_at": fields.Datetime.now(),
                }
            )

    def accounts(self, octopus):
        """Mirror ledger accounts.

        Where only the whole list can be had, of which there are two a day, it is read
        once a day.

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: they cannot be read now; nothing is written
        """
        whole = Capability.ACCOUNTS_MODIFIED not in octopus.capabilities
        if whole and was_today(self.dossier.accounts_since):
            return
        asked_at = fields.Datetime.now()
        changes = self._changed(
            "accounts_since",
            octopus.accounts_modified,
            lambda: self._accounts_of_this_year(octopus),
        )
        self._mirror_accounts(changes.modified, changes.deleted)
        # What was left out is read again; a list is read again in any case.
        if whole or is_whole(changes):
            self.dossier.accounts_since = asked_at

    def _accounts_of_this_year(self, octopus):
        bookyear = open_bookyears(self.dossier)[:1]
        return octopus.accounts(bookyear.octopus_id, partial=True) if bookyear else ()

    def _changed(self, cursor, feed, whole):
        """Return what changed and was deleted, by feed or else by the whole list.

        :param cursor: field with the moment up to which the feed was read
        :param feed: function of a moment, giving an ``api.ModifiedResult``
        :param whole: function giving the whole list
        :return: ``api.ModifiedResult``
        """
        since = self.dossier[cursor]
        moment = since.replace(tzinfo=timezone.utc) - OVERLAP if since else FIRST_SYNC
        try:
            result = feed(moment, partial=True)
        except FEED_FAILED as error:
            _logger.info(
                "%s: %s; reading the whole list", self.dossier.octopus_id, error
            )
            return _all_of(whole())
        if since or result.modified or result.deleted or result.left_out:
            return result
        # An empty first answer proves nothing; the list tells whether there is any.
        try:
            return _all_of(whole())
        except FEED_FAILED as error:
            _logger.info("%s: %s; the feed is believed", self.dossier.octopus_id, error)
            return ModifiedResult()

    def accounts_of_year(self, octopus, bookyear):
        """Read the accounts of a bookyear that the feed told nothing about (2 calls a
        day).

        :param octopus: ``api.client.DossierClient``
        :param bookyear: ``octopus.bookyear``
        :raises OctopusError: the list cannot be had; nothing is written
        """
        accounts = octopus.accounts(bookyear.octopus_id, partial=True)
        self._mirror_accounts(accounts, ())

    def _mirror_accounts(self, modified, deleted):
        """Mirror accounts by their number; names come from the latest bookyear."""
        years = {row.octopus_id: row for row in self.dossier.bookyear_ids}
        latest, added, removed = {}, defaultdict(set), defaultdict(set)
        for account in modified:
            year = years.get(account.bookyear_id)
            if not year:
                continue
            added[account.number].add(year.id)
            start, _account = latest.get(account.number, (None, None))
            if start is None or year.date_start >= start:
                latest[account.number] = (year.date_start, account)
        for account in deleted:
            if account.bookyear_id in years:
                removed[account.number].add(years[account.bookyear_id].id)
        known = self._rows("octopus.account")
        wanted = {
            number: self._account_values(account)
            for number, (_start, account) in latest.items()
        }
        rows = upsert(known, lambda row: row.number, wanted)
        self._mirror_account_years(known | known.union(*rows.values()), added, removed)

    def _account_values(self, account):
        return {
            "dossier_id": self.dossier.id,
            "number": account.number,
            "name_nl": account.description.nl,
            "name_fr": account.description.fr,
            "name_en": account.description.en,
            "name_de": account.description.de,
            "vat_recup_percentage": float(account.vat_recup_percentage or 0),
            **told(
                {
                    "cost_centre_policy": COST_CENTRE_POLICIES.get(
                        account.cost_centre_type
                    ),
                    "sales_vat_code": account.sales_vat_code,
                    "purchase_vat_code": account.purchase_vat_code,
                }
            ),
        }

    def _mirror_account_years(self, rows, added, removed):
        """Say in which bookyears each account is; one that is in none is archived."""
        changes = defaultdict(list)
        for row in rows:
            before = frozenset(row.bookyear_ids.ids)
            after = (before - removed[row.number]) | frozenset(added[row.number])
            if after != before or row.active != bool(after):
                changes[after].append(row.id)
        for years, ids in changes.items():
            rows.browse(ids).write(
                {"bookyear_ids": [Command.set(sorted(years))], "active": bool(years)}
            )

    def vat_codes(self, octopus):
        """Mirror VAT codes, once a day unless a person asks (2 calls a day).

        :param octopus: ``api.client.DossierClient``
        :raises OctopusQuotaError: the day's limit is reached, and they were not read
            today
        """
        codes = self._daily("vat_codes_at", octopus.vat_codes)
        if codes is not None:
            self._mirror_vat_codes(codes)

    def _daily(self, cursor, read):
        """Return a list of which there are two calls a day; ``None`` when what was read
        today must do.

        :param cursor: field with the moment at which it was read
        :raises OctopusQuotaError: the day's limit is reached, and it was not read today
        """
        today = was_today(self.dossier[cursor])
        if today and self.env.context.get("octopus_automatic"):
            return None
        try:
            found = read(partial=True)
        except OctopusQuotaError:
            # Read today already: the mirror is as good as the limit allows.
            if today:
                return None
            raise
        self.dossier[cursor] = fields.Datetime.now()
        return found

    def _mirror_vat_codes(self, codes):
        known = self._rows("octopus.vat.code")
        wanted = {}
        for code in codes:
            kind = VAT_CODE_TYPES.get(code.type)
            if not kind:
                _logger.warning(
                    "VAT code %s has the unknown type %s", code.code, code.type
                )
                continue
            wanted[code.code, kind] = {
                "dossier_id": self.dossier.id,
                "code": code.code,
                "type": kind,
                "description": code.description,
                "percentage": float(code.percentage or 0),
                "active": True,
                **told({"default_sell_account": code.default_sell_account}),
            }
        upsert(known, lambda row: (row.code, row.type), wanted)
        if is_whole(codes):
            archive(known.filtered(lambda row: (row.code, row.type) not in wanted))

    def has_plan(self):
        """Return whether cost centres are used in the dossier: a company that books in
        it chose the analytic plan they come from."""
        return bool(self._companies_with_plan())

    def _companies_with_plan(self):
        return self.dossier.company_ids.filtered("octopus_cost_plan_id")

    def cost_centres(self, octopus):
        """Mirror cost centres, once a day unless a person asks (2 calls a day), and
        propose them anew.

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: the list cannot be had; nothing is written
        """
        centres = self._daily("cost_centres_at", octopus.cost_centres)
        if centres is None:
            return
        self._mirror_cost_centres(centres)
        for company in self._companies_with_plan():
            self.env["octopus.cost.centre.mapping"].propose_for(company)

    def _mirror_cost_centres(self, centres):
        known = self._rows("octopus.cost.centre")
        wanted = {
            centre.id: {
                "dossier_id": self.dossier.id,
                "octopus_id": centre.id,
                "name_nl": centre.description.nl,
                "name_fr": centre.description.fr,
                "name_en": centre.description.en,
                "name_de": centre.description.de,
                "closed": centre.closed,
                "active": True,
            }
            for centre in centres
        }
        upsert(known, lambda row: row.octopus_id, wanted)
        if is_whole(centres):
            archive(known.filtered(lambda row: row.octopus_id not in wanted))

    def has_fresh_relations(self):
        """Return whether the relations were read in the last minute, in full.

        A call of the feed for each contact would use up its day too soon (48 calls).
        """
        since = self.dossier.relations_since
        return bool(since) and since > fields.Datetime.now() - timedelta(minutes=1)

    def relations(self, octopus):
        """Mirror relations, with those deleted in Octopus: by their feed (48 calls a
        day), else by the list of those that are active (2 calls).

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: they cannot be read now; nothing is written
        """
        asked_at = fields.Datetime.now()
        changes = self._changed(
            "relations_since",
            octopus.relations_modified,
            partial(octopus.relations, partial=True),
        )
        mirror_relations(self.dossier, changes.modified, changes.deleted)
        self.dossier.relations_since = asked_at
