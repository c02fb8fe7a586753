"""The mappings of a company as rows of a spreadsheet, by keys that people can read."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from odoo import fields
from odoo.tools import float_compare

from .kinds import VAT_CODE_TYPES

YES, NO = "yes", "no"
STATE = "State"
ACCEPTED = "accepted"


class Refused(Exception):
    """A row cannot be taken over; the text says why."""


class SheetKind:
    """One sheet: rows of one model, found by readable keys, and what is chosen.

    :param settings: ``res.company`` that holds the settings, for the reader
    """

    title = model = None
    # Headings by which a row is found, that explain it, and of what is chosen, with the
    # field of each.
    keys = ()
    about = ()
    choices = {}

    def __init__(self, settings):
        self.env = settings.env
        self.settings = settings.sudo()
        self.dossier = self.settings.octopus_dossier_id
        self.companies = self.settings.octopus_companies()
        self.records = self.env[self.model]

    @property
    def headings(self) -> list[str]:
        """The headings of the sheet, in their order."""
        return [*self.keys, *self.about, *self.choices, STATE]

    def existing(self) -> dict:
        """Return the rows that the company has: key → record."""
        return self._existing()

    def as_row(self, record) -> dict[str, str]:
        """Return a record as a row of the sheet.

        :param record: of the model of this kind
        :return: ``{heading: text}``
        """
        return self._as_row(record)

    def key(self, row):
        """Return the key of a row of the sheet.

        :param row: ``{heading: text}``
        :return: as :meth:`existing` has it
        :raises Refused: nothing here, or several things, have that name
        """
        return self._key(row)

    def chosen(self, row, key) -> dict:
        """Return what a row chooses, as for ``write``.

        :param row: ``{heading: text}``
        :param key: as :meth:`key` gave it
        :return: ``{field: value}``
        :raises Refused: the dossier does not have it
        """
        return self._chosen(row, key)

    def is_empty(self, row) -> bool:
        """Tell whether a row of the sheet chooses nothing.

        :param row: ``{heading: text}``
        :return: whether it is to be left as it is
        """
        return self._is_empty(row)

    def owner(self, key) -> dict:
        """Return the values of a new record besides what is chosen.

        :param key: as :meth:`key` gave it
        :return: ``{field: value}``, as for ``create``
        """
        return self._owner(key)

    def differing(self, record, values) -> list[str]:
        """Return the fields of a record that are otherwise than wanted.

        :param record: of the model of this kind
        :param values: as :meth:`chosen` gave them
        :return: names of fields
        """
        return [
            name for name, value in values.items() if self._differs(record, name, value)
        ]

    def _existing(self):
        return self.records.rows_of(self.settings)

    def _is_empty(self, row):
        return not any(row.get(heading) for heading in self.choices)

    def _owner(self, key):
        own = {"company_id": self.settings.id, "dossier_id": self.dossier.id}
        return {**own, **self.records.key_values(key)}

    @staticmethod
    def _differs(record, name, value):
        field = record._fields[name]
        if field.type == "float":
            return float_compare(record[name], value, precision_digits=2) != 0
        return field.convert_to_write(record[name], record) != value

    # Looking up

    def _one(self, found, what, text):
        """Return the only record found.

        :raises Refused: none, or several
        """
        if not found:
            raise Refused(
                self.env._("There is no %(what)s %(text)s here.", what=what, text=text)
            )
        if len(found) > 1:
            raise Refused(
                self.env._(
                    "Several have the same name: %(what)s %(text)s.",
                    what=what,
                    text=text,
                )
            )
        return found

    def _octopus(self, model, field, text, what, **exactly):
        """Return the id of what the dossier has by its code, False for no text."""
        if not text:
            return False
        domain = [("dossier_id", "=", self.dossier.id)]
        domain += [(name, "=", value) for name, value in exactly.items()]
        rows = self.env[model].search(domain)
        found = rows.filtered(lambda row: str(row[field]) == text)
        if not found:
            raise Refused(
                self.env._(
                    "The dossier has no %(what)s %(text)s.", what=what, text=text
                )
            )
        return found[:1].id

    def _state(self, record):
        return dict(record._fields["state"].selection)[record.state].lower()


class TaxSheet(SheetKind):
    """Taxes and VAT codes. A tax is named as here; its rate tells it from others."""

    title, model = "VAT codes", "octopus.tax.mapping"
    keys = ("Direction", "Tax", "Rate")
    choices = {
        "VAT code": "vat_code_id",
        "VAT code on credit notes": "refund_vat_code_id",
        "No VAT code": "no_vat_code",
        "Account": "account_policy",
        "Fallback account": "account_id",
        "Send recovered share": "send_recuperation",
        "Recovered %": "recuperation",
    }

    def _as_row(self, record):
        tax = record.tax_id.sudo()
        return {
            "Direction": record.direction,
            "Tax": tax.name or "",
            "Rate": f"{tax.amount:g}" if tax else "",
            "VAT code": record.vat_code_id.code or "",
            "VAT code on credit notes": record.refund_vat_code_id.code or "",
            "No VAT code": YES if record.no_vat_code else NO,
            "Account": record.account_policy,
            "Fallback account": _number(record.account_id),
            "Send recovered share": YES if record.send_recuperation else NO,
            "Recovered %": f"{record.recuperation:g}",
            STATE: self._state(record),
        }

    def _is_empty(self, row):
        return not row.get("VAT code") and row.get("No VAT code") != YES

    def _key(self, row):
        direction = row.get("Direction", "").lower()
        if direction not in VAT_CODE_TYPES:
            raise Refused(self.env._("Direction must be sale or purchase."))
        name = row.get("Tax", "")
        if not name:
            return False, direction
        named = self._taxes[direction, name, row.get("Rate", "")]
        found = named.filtered("active") or named
        label = f"{name} ({row.get('Rate')} %)"
        return self._one(found, self.env._("tax"), label).id, direction

    @cached_property
    def _taxes(self):
        """The taxes of the companies, by direction, each of their names, and rate."""
        taxes = self.env["account.tax"].sudo().with_context(active_test=False)
        found = defaultdict(lambda: taxes)
        for tax in taxes.search([("company_id", "parent_of", self.companies.ids)]):
            for name in _names(tax):
                found[tax.type_tax_use, name, f"{tax.amount:g}"] |= tax
        return found

    def _chosen(self, row, key):
        normal, refund = VAT_CODE_TYPES[key[1]]
        code = row.get("VAT code", "")
        vat_code = self._code(code, normal)
        again = row.get("VAT code on credit notes", "")
        refunds = self._code(again, refund, vat_code if again == code else False)
        return {
            "vat_code_id": vat_code,
            "refund_vat_code_id": refunds,
            "no_vat_code": row.get("No VAT code") == YES,
            "account_policy": self._policy(row.get("Account") or "mapping"),
            "account_id": self._octopus(
                "octopus.account",
                "number",
                row.get("Fallback account"),
                self.env._("account"),
            ),
            "send_recuperation": row.get("Send recovered share") == YES,
            "recuperation": self._share(row.get("Recovered %") or "100"),
        }

    def _code(self, code, kind, same=False):
        """Return the VAT code of a kind. In a dossier that lists each code once, that
        of invoices serves credit notes too."""
        what = self.env._("VAT code")
        try:
            return self._octopus("octopus.vat.code", "code", code, what, type=kind)
        except Refused:
            if same:
                return same
            raise

    def _policy(self, text):
        if text not in dict(self.records._fields["account_policy"].selection):
            raise Refused(
                self.env._("Account must be mapping, fallback or octopus: %s.", text)
            )
        return text

    def _share(self, text):
        try:
            return float(text.replace(",", "."))
        except ValueError:
            raise Refused(self.env._("Recovered must be a number: %s.", text)) from None


class AccountSheet(SheetKind):
    """Accounts, by their numbers."""

    title, model = "Accounts", "octopus.account.mapping"
    keys = ("Account",)
    about = ("Name", "Name in Octopus")
    choices = {"Octopus account": "octopus_account_id"}

    def _as_row(self, record):
        return {
            "Account": record.account_code or "",
            "Name": record.account_id.sudo().name or "",
            "Name in Octopus": record.octopus_account_id.name or "",
            "Octopus account": _number(record.octopus_account_id),
            STATE: self._state(record),
        }

    def _key(self, row):
        accounts = self.env["account.account"].sudo().with_company(self.settings)
        domain = accounts._check_company_domain(self.companies)
        code = row.get("Account", "")
        found = accounts.search([*domain, ("code", "=", code)])
        return self._one(found, self.env._("account"), code).id

    def _chosen(self, row, key):
        return {
            "octopus_account_id": self._octopus(
                "octopus.account",
                "number",
                row.get("Octopus account"),
                self.env._("account"),
            )
        }


class CostCentreSheet(SheetKind):
    """Analytic accounts of the plan, by name and reference, and cost centres, by
    number."""

    title, model = "Cost centres", "octopus.cost.centre.mapping"
    keys = ("Analytic account", "Reference")
    about = ("Name in Octopus",)
    choices = {"Cost centre": "cost_centre_id", "No cost centre": "no_cost_centre"}

    def _as_row(self, record):
        centre = record.cost_centre_id
        return {
            "Analytic account": record.sudo().analytic_account_id.name or "",
            "Reference": record.analytic_code or "",
            "Name in Octopus": centre.name or "",
            "Cost centre": str(centre.octopus_id) if centre else "",
            "No cost centre": YES if record.no_cost_centre else NO,
            STATE: self._state(record),
        }

    def _is_empty(self, row):
        return not row.get("Cost centre") and row.get("No cost centre") != YES

    def _key(self, row):
        name, reference = row.get("Analytic account", ""), row.get("Reference", "")
        accounts = self.records.of_plan(self.settings.octopus_cost_plan_id)
        named = accounts.filtered(
            lambda it: name in _names(it) and (it.code or "") == reference
        )
        found = named.filtered("active") or named
        return self._one(found, self.env._("analytic account"), name).id

    def _chosen(self, row, key):
        without = row.get("No cost centre") == YES
        number = "" if without else row.get("Cost centre")
        what = self.env._("cost centre")
        return {
            "cost_centre_id": self._octopus(
                "octopus.cost.centre", "octopus_id", number, what
            ),
            "no_cost_centre": without,
        }


class JournalSheet(SheetKind):
    """Journals and banks, by the code of the journal; the company tells which one where
    branches have the same codes."""

    title, model = "Journals", "octopus.journal.mapping"
    keys = ("Journal", "Company")
    about = ("Name",)
    choices = {
        "Octopus journal": "octopus_journal_id",
        "Octopus journal for credit notes": "octopus_refund_journal_id",
    }

    def _as_row(self, record):
        journal = record.journal_id.sudo()
        return {
            "Journal": journal.code,
            "Company": journal.company_id.name,
            "Name": journal.name,
            "Octopus journal": record.octopus_journal_id.key or "",
            "Octopus journal for credit notes": (
                record.octopus_refund_journal_id.key or ""
            ),
            STATE: self._state(record),
        }

    def _key(self, row):
        code = row.get("Journal", "")
        served = self.companies | self.companies.parent_ids
        found = (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "in", served.ids), ("code", "=", code)])
        )
        company = row.get("Company")
        named = found.filtered(lambda it: it.company_id.name == company)
        return self._one(named or found, self.env._("journal"), code).id

    def _chosen(self, row, key):
        return {
            field: self._octopus(
                "octopus.journal", "key", row.get(heading), self.env._("journal")
            )
            for heading, field in self.choices.items()
        }


class BookyearSheet(SheetKind):
    """Other journals in a bookyear; a bookyear is found by its first day."""

    title, model = "Bookyears", "octopus.bookyear.journal"
    keys = ("Bookyear from", "Instead of")
    about = ("Bookyear",)
    choices = {"Use": "other_id"}

    @property
    def headings(self):
        return [*self.keys, *self.about, *self.choices]

    def _existing(self):
        rows = self.records.search([("dossier_id", "=", self.dossier.id)])
        return {(row.bookyear_id.id, row.journal_id.id): row for row in rows}

    def _as_row(self, record):
        return {
            "Bookyear from": str(record.bookyear_id.date_start),
            "Bookyear": record.bookyear_id.name,
            "Instead of": record.journal_id.key,
            "Use": record.other_id.key,
        }

    def _key(self, row):
        text = row.get("Bookyear from", "")[:10]
        years = self.env["octopus.bookyear"].search(
            [("dossier_id", "=", self.dossier.id)]
        )
        found = years.filtered(lambda it: str(it.date_start) == text)
        bookyear = self._one(found, self.env._("bookyear from"), text)
        what = self.env._("journal")
        own = self._octopus("octopus.journal", "key", row.get("Instead of"), what)
        if not own:
            raise Refused(self.env._("The row names no journal."))
        return bookyear.id, own

    def _chosen(self, row, key):
        what = self.env._("journal")
        return {
            "other_id": self._octopus("octopus.journal", "key", row.get("Use"), what)
        }

    def _owner(self, key):
        return {"bookyear_id": key[0], "journal_id": key[1]}


KINDS = (TaxSheet, AccountSheet, CostCentreSheet, JournalSheet, BookyearSheet)


def sheets_of(settings) -> dict:
    """Return the mappings of a company, as ``core.sheet.write`` takes them.

    :param settings: ``res.company`` that holds the settings, for the reader
    :return: title → headings, and rows as ``{heading: text}``
    """
    found = {}
    for kind in (Kind(settings) for Kind in KINDS):
        rows = sorted(
            map(kind.as_row, kind.existing().values()),
            key=lambda row, kind=kind: [row[heading] for heading in kind.keys],
        )
        found[kind.title] = kind.headings, rows
    return found


def filename(settings) -> str:
    """Return the name of the file of a company.

    :param settings: ``res.company`` that holds the settings
    :return: with the number of the dossier and today's date
    """
    day = fields.Date.context_today(settings)
    return f"octopus-mappings-{settings.octopus_dossier_id.octopus_id}-{day}.xlsx"


def _number(account):
    return str(account.number) if account else ""


def _names(record):
    """Return the names of a record in all languages."""
    translations, _context = record.get_field_translations("name")
    names = [record.name, *(it["value"] for it in translations)]
    return {name.strip() for name in names if name}
