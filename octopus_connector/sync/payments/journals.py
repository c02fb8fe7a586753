"""The settings of companies, and the journals that take payments: each asked once."""

from collections import defaultdict

from ...core import codes
from ...core.findings import FindingError
from ...prepare.banks import BANK_TYPES
from ...prepare.payment_items import bank_currency
from .desired import about


class Journals:
    """Settings, journals and lock dates of the companies of a batch.

    :param env: in sudo
    """

    def __init__(self, env):
        self.env = env
        self._companies = {}
        self._others = {}
        self._entry_journals = {}
        self._locks = {}

    def settings(self, company):
        """Return the company whose settings count for another one.

        :param company: ``res.company``
        :return: ``res.company``, maybe empty
        """
        return self._of_company(company)[0]

    @staticmethod
    def currency(journal):
        """Return the currency of a bank or cash journal.

        :param journal: ``account.journal``
        :return: ``res.currency``
        """
        return bank_currency(journal)

    def for_entries(self, move):
        """Return the journal for entries of the company of a document.

        :param move: ``account.move``
        :return: ``account.journal``
        :raises FindingError: the company has none
        """
        company = move.company_id
        if company not in self._entry_journals:
            journals = self.env["account.journal"]
            special = (
                company.currency_exchange_journal_id | company.tax_cash_basis_journal_id
            )
            self._entry_journals[company] = journals.search(
                [
                    *journals._check_company_domain(company),
                    ("type", "=", "general"),
                    ("id", "not in", special.ids),
                ],
                limit=1,
            )
        if not self._entry_journals[company]:
            raise FindingError(
                about(codes.PAYMENT_NO_ENTRY_JOURNAL, move, company=company.name)
            )
        return self._entry_journals[company]

    def of_bank(self, move, key):
        """Return the bank journal of an F journal, else the clearing journal.

        :param move: ``account.move`` that is paid
        :param key: ``DocumentKey`` of the booking in the F journal
        :return: ``account.journal``
        """
        settings, banks = self._of_company(move.company_id)
        fitting = (
            journal
            for chosen in self._chosen(settings.octopus_dossier_id, key)
            for journal in banks.get(chosen, ())
            if journal.company_id in move.company_id.parent_ids
        )
        return next(fitting, settings.octopus_clearing_journal_id)

    def _chosen(self, dossier, key):
        """Return the keys of the journals for which one stands in its bookyear."""
        if dossier not in self._others:
            others = defaultdict(dict)
            for row in self.env["octopus.bookyear.journal"].of_dossier(dossier):
                year = others[row.bookyear_id.octopus_id]
                year[row.journal_id.key] = row.other_id.key
            self._others[dossier] = others
        instead = self._others[dossier].get(key.bookyear_id, {})
        chosen = [own for own, other in instead.items() if other == key.journal]
        return chosen if key.journal in instead else [key.journal, *chosen]

    def _of_company(self, company):
        """Return the settings and ``{Octopus journal: [bank journals]}``."""
        if company not in self._companies:
            settings = company.octopus_settings()
            banks = defaultdict(list)
            mappings = self.env["octopus.journal.mapping"].lookup(settings)
            for mapping in mappings.values():
                if mapping.journal_id.type in BANK_TYPES:
                    banks[mapping.octopus_journal_id.key].append(mapping.journal_id)
            self._companies[company] = settings, banks
        return self._companies[company]

    def lock_date(self, company, day, journal):
        """Return the latest lock date that forbids an entry.

        :param company: ``res.company``
        :param day: date of the entry
        :param journal: ``account.journal`` that it is in
        :return: date, or ``None``
        """
        key = company, day, journal
        if key not in self._locks:
            locks = company._get_violated_lock_dates(day, False, journal)
            self._locks[key] = max((lock for lock, _field in locks), default=None)
        return self._locks[key]
