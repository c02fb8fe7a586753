"""The check-list of a company and its dossier, from what was read of Octopus.

Nothing is called: *Check again* reads the dossier first.
"""

from __future__ import annotations

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..core.account_number import same_number
from ..core.check_lines import DONE, LATER, OPEN, UNKNOWN, CheckLine
from ..core.company_number import is_valid
from .find_dossier import find_dossiers, numbers_of
from .kinds import TYPE_OF_KIND
from .peppol import odoo_peppol
from .settings import GOES_FIELDS, JOURNAL_FIELDS

# How many months back is looked for what is used, and how many are named.
MONTHS = 12
NAMED = 8
# A bookyear that is missing this long before its first day stands in no way yet.
SOON = timedelta(days=31)
# What is said where Odoo can send by Peppol, by what was told of Octopus.
SENDERS = {
    "": ("peppol_sender_untold", UNKNOWN),
    "no": ("peppol_odoo_sends", DONE),
    "yes": ("peppol_two_senders", LATER),
}
NO_ACCOUNT = ("payment_term", "tax", "line_section", "line_subsection", "line_note")


class CheckList:
    """Looks at one company and the dossier that it books in, or is about to.

    :param company: ``res.company`` that holds settings
    :param dossier: ``octopus.dossier``, of who may read it
    """

    def __init__(self, company, dossier):
        self.env = company.env
        self.company = company.sudo()
        self.dossier = dossier.sudo()
        self.today = fields.Date.context_today(company)

    def lines(self) -> list[CheckLine]:
        """Return all lines, in the order in which they are mended."""
        if not self.dossier:
            return []
        return [
            self._login(),
            *self._number(),
            *self._bookyears(),
            *self._journals(),
            *self._banks(),
            *self._accounts(),
            *self._vat_codes(),
            *self._peppol(),
        ]

    def kinds_without_journal(self) -> list[str]:
        """Return the kinds that go and for which the bookyear of today lacks a
        journal."""
        return [
            kind
            for kind in self._kinds()
            if self._journal(kind).code
            in ("journal_missing", "journal_mode", "journal_not_in_year")
        ]

    def bookyear(self):
        """Return the bookyear of today, maybe empty."""
        return self._bookyear_of(self.today)

    def _facts(self, **more):
        names = {"company": self.company.name, "dossier": self.dossier.display_name}
        return {**names, **more}

    # The login and who it is

    def _login(self):
        ready = self.dossier.is_ready()
        code, state = ("connected", DONE) if ready else ("not_connected", OPEN)
        return CheckLine(code, state, self._facts())

    def _number(self):
        numbers = numbers_of(self.company)
        if not numbers:
            yield CheckLine("number_missing", OPEN, self._facts())
            return
        first = numbers[0]
        facts = self._facts(number=first.spelled, theirs=self.dossier.vat_number or "–")
        valid = is_valid(first)
        code, state = ("number_valid", DONE) if valid else ("number_wrong", OPEN)
        yield CheckLine(code, state, facts)
        if not self.dossier.vat_number:
            yield CheckLine("number_untold", UNKNOWN, facts)
        elif find_dossiers(self.company, self.dossier):
            yield CheckLine("number_same", DONE, facts)
        else:
            yield CheckLine("number_differs", OPEN, facts)

    # Bookyears and journals

    def _bookyear_of(self, day):
        return self.dossier.bookyear_ids.filtered(
            lambda year: year.date_start <= day <= year.date_end
        )[:1]

    def _bookyears(self):
        year = self.bookyear()
        facts = {"bookyear": year.name, "date": self._date(self.today)}
        if not year:
            yield CheckLine("bookyear_now_missing", OPEN, facts)
            return
        closed = year.closed
        code = "bookyear_now_closed" if closed else "bookyear_now"
        yield CheckLine(code, OPEN if closed else DONE, facts)
        start = year.date_end + timedelta(days=1)
        coming = self._bookyear_of(start)
        if coming:
            yield CheckLine("bookyear_next", DONE, {"bookyear": coming.name})
        else:
            soon = start - self.today <= SOON
            facts = {"date": self._date(start)}
            yield CheckLine("bookyear_next_missing", OPEN if soon else LATER, facts)

    def _date(self, day):
        return fields.Date.to_string(day)

    def _kinds(self):
        return [kind for kind in TYPE_OF_KIND if self.company[GOES_FIELDS[kind]]]

    def _journals(self):
        return [self._journal(kind) for kind in self._kinds()]

    def _journal(self, kind):
        year = self.bookyear()
        chosen = self.company[JOURNAL_FIELDS[kind]]
        if chosen.dossier_id != self.dossier:
            chosen = chosen.browse()
        journal = chosen or self._fitting(kind)[:1]
        facts = {
            "kind": kind,
            "journal": journal.display_name,
            "bookyear": year.name or "–",
        }

        def line(code, state=OPEN):
            return CheckLine(code, state, facts, key=kind)

        if not journal:
            same_type = self.dossier.journal_ids.filtered(
                lambda row: row.type == TYPE_OF_KIND[kind]
            )
            return line("journal_mode" if same_type else "journal_missing")
        there = journal.year_ids.filtered(lambda row: row.bookyear_id == year)
        if year and not there:
            return line("journal_not_in_year")
        if there.closed:
            return line("journal_closed")
        return line("journal_there", DONE)

    def _fitting(self, kind):
        journals = self.dossier.journal_ids
        return journals.filtered(lambda journal: not journal.why_not(kind))

    # Banks

    def _banks(self):
        banks = self._banks_used()
        missing = self.banks_without_journal()
        if not banks:
            return
        if not missing:
            yield CheckLine("banks_there", DONE, {"count": len(banks)})
        elif not self._ibans_told():
            yield CheckLine("banks_untold", UNKNOWN)
        else:
            accounts = missing.bank_account_id
            names = self._named(accounts.mapped("acc_number"))
            yield CheckLine("banks_missing", LATER, {"banks": names})

    def _banks_used(self):
        return (
            self.env["account.journal"]
            .sudo()
            .search(
                Domain("company_id", "in", self._companies().ids)
                & Domain("type", "=", "bank")
                & Domain("bank_account_id", "!=", False)
            )
        )

    def _ibans_told(self):
        journals = self.dossier.journal_ids.filtered(lambda row: row.type == "F")
        return {sanitize_account_number(row.iban) for row in journals if row.iban}

    def banks_without_journal(self):
        """Return the banks of Odoo whose account no journal of Octopus has, and for
        which none was chosen: ``account.journal`` in sudo."""
        told = self._ibans_told()
        mapped = self.env["octopus.journal.mapping"].lookup(self.company)
        return self._banks_used().filtered(
            lambda bank: (
                bank.bank_account_id.sanitized_acc_number not in told
                and bank.id not in mapped
            )
        )

    def bank_to_make(self):
        """Return a bank for which a journal can be made, maybe empty: Octopus tells the
        bank accounts of its journals, and none is that one's."""
        missing = self.banks_without_journal()
        return missing[:1] if self._ibans_told() else missing.browse()

    # What the last twelve months used

    def _companies(self):
        below = Domain("octopus_settings_company_id", "=", self.company.id)
        return self.env["res.company"].sudo().search(below)

    def _lines_used(self):
        return (
            Domain("company_id", "in", self._companies().ids)
            & Domain("parent_state", "=", "posted")
            & Domain("move_id.move_type", "in", self.company.octopus_kinds())
            & Domain("date", ">=", fields.Date.subtract(self.today, months=MONTHS))
        )

    def _grouped(self, domain, field):
        lines = self.env["account.move.line"].sudo()
        return [record for [record] in lines._read_group(domain, [field])]

    def partners_used(self):
        """Return the contacts of documents of the last twelve months, in sudo."""
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                Domain("company_id", "in", self._companies().ids)
                & Domain("state", "=", "posted")
                & Domain("move_type", "in", self.company.octopus_kinds())
                & Domain("date", ">=", fields.Date.subtract(self.today, months=MONTHS)),
                ["commercial_partner_id"],
            )
        )
        return self.env["res.partner"].sudo().union(*(row for [row] in groups))

    def _accounts(self):
        used = self._grouped(
            self._lines_used()
            & Domain("display_type", "not in", NO_ACCOUNT)
            & Domain("account_id", "!=", False),
            "account_id",
        )
        if not used:
            return
        mapped = self.env["octopus.account.mapping"].lookup(self.company)
        there = {row.number for row in self.dossier.account_ids}
        codes = {
            account: account.with_company(self.company).code or "" for account in used
        }
        missing = sorted(
            code
            for account, code in codes.items()
            if account.id not in mapped and same_number(code, there) is None
        )
        if missing:
            facts = {"count": len(missing), "accounts": self._named(missing)}
            yield CheckLine("accounts_missing", OPEN, facts)
        else:
            yield CheckLine("accounts_there", DONE, {"count": len(used)})

    def _vat_codes(self):
        taxes = self._grouped(
            self._lines_used() & Domain("tax_ids", "!=", False), "tax_ids"
        )
        if not taxes:
            return
        rows = (
            self.env["octopus.tax.mapping"]
            .sudo()
            .search(
                Domain("company_id", "=", self.company.id)
                & Domain("dossier_id", "=", self.dossier.id)
                & Domain("state", "!=", "missing")
            )
        )
        missing = [tax for tax in taxes if tax not in rows.tax_id]
        if missing:
            names = self._named([tax.display_name for tax in missing])
            yield CheckLine("vat_codes_missing", OPEN, {"taxes": names})
        else:
            yield CheckLine("vat_codes_there", DONE, {"count": len(taxes)})

    # Peppol

    def _peppol(self):
        """Tell who receives and who sends, where Odoo may do either."""
        odoo = odoo_peppol(self.company)
        if odoo is None:
            return
        facts = {"participant": odoo.participant}
        code, state = self._receiver(odoo)
        yield CheckLine(code, state, facts)
        if odoo.sends:
            told = self.company.octopus_peppol_sends
            code, state = SENDERS[told or ""]
            yield CheckLine(code, state, facts)

    def _receiver(self, odoo):
        there = self.company.octopus_peppol_receives
        if not there:
            return "peppol_receiver_untold", UNKNOWN
        if there == "yes":
            both = "peppol_two_receivers", LATER
            return both if odoo.receives else ("peppol_octopus_receives", DONE)
        alone = "peppol_odoo_receives", DONE
        return alone if odoo.receives else ("peppol_nobody_receives", LATER)

    def _named(self, names):
        """Name the first of many."""
        more = len(names) - NAMED
        named = ", ".join(names[:NAMED])
        return f"{named} (+{more})" if more > 0 else named
