from __future__ import annotations

from functools import cached_property

from ..core import codes
from ..core.findings import Finding
from .cost_centres import CostCentres
from .deferrals import Deferrals
from .findings import SETTINGS, about
from .intrastat import IntrastatDetails
from .journals import JournalResolver
from .kinds import REFUNDS, VAT_CODE_TYPES, direction_of


class Mappings:
    """The settings, mappings and mirror that the documents of one company need.

    Everything is read once, whatever the number of documents. The methods answer with
    records in sudo and tell what is wrong through ``report``. ``places`` knows where a
    document goes, ``costs`` its cost centres, ``deferrals`` how its lines are spread
    over time.

    :param settings: the company that holds the settings, with its dossier
    """

    def __init__(self, settings):
        self.env = settings.env
        self.settings = settings
        self.dossier = settings.octopus_dossier_id
        self._taxes = self.env["octopus.tax.mapping"].lookup(settings)
        self._accounts = self.env["octopus.account.mapping"].lookup(settings)
        self.places = JournalResolver(settings)
        self.costs = CostCentres(settings)
        self.deferrals = Deferrals(settings)
        self.intrastat = IntrastatDetails(settings)
        self._rows = {}
        self._changed = {}

    @cached_property
    def _by_number(self):
        accounts = self.env["octopus.account"].search(
            [("dossier_id", "=", self.dossier.id)]
        )
        return {account.number: account for account in accounts}

    # VAT codes

    def vat(self, tax, kind, line, report):
        """Return the mapping of a line's tax and the VAT code it gives.

        :param tax: ``account.tax``, empty for a line without tax
        :param line: the journal item, to name it
        :return: ``(mapping, vat code)``, each maybe empty
        """
        direction = direction_of(kind)
        mapping = self._taxes.get((tax.id or False, direction))
        none = self.env["octopus.vat.code"]
        if not mapping:
            report(self._unmapped_tax(tax, direction, line))
            return self.env["octopus.tax.mapping"], none
        code = mapping["refund_vat_code_id" if kind in REFUNDS else "vat_code_id"]
        if self._is_tax_changed(mapping):
            report(self._changed_tax(mapping, code))
        facts = {"tax": tax.display_name, "vat_code": code.code, "kind": kind}
        if not code:
            if not mapping.no_vat_code:
                report(about(codes.TAX_CODE_MISSING, mapping, **facts))
        elif not code.active or code.dossier_id != self.dossier:
            report(about(codes.TAX_CODE_MISSING, mapping, **facts))
        elif code.type not in code_types(kind):
            report(about(codes.TAX_CODE_WRONG_DIRECTION, mapping, **facts))
        return mapping, code

    def _is_tax_changed(self, mapping):
        if mapping not in self._changed:
            self._changed[mapping] = mapping.is_tax_changed()
        return self._changed[mapping]

    @staticmethod
    def _changed_tax(mapping, code):
        before, after = mapping.accepted_as, mapping.tax_now()

        def told(members):
            return " + ".join(
                f"{it['rate']:g} % ({' '.join(it['boxes'])})" for it in members
            )

        return about(
            codes.TAX_CHANGED,
            mapping,
            tax=mapping.tax_id.display_name,
            vat_code=code.code or "",
            before=told(before),
            after=told(after),
        )

    def _unmapped_tax(self, tax, direction, line):
        row = self._row("octopus.tax.mapping", "tax_id", tax.id, direction)
        if tax:
            return Finding(
                codes.TAX_NOT_MAPPED, {"tax": tax.display_name}, row._name, row.ids
            )
        facts = {"line": line.name or "", "direction": direction}
        return Finding(codes.NO_TAX_NOT_MAPPED, facts, row._name, row.ids)

    # Accounts

    def account(self, account, mapping, report):
        """Return the Octopus account of a line by the policy of its VAT mapping, maybe
        empty.

        :param account: ``account.account`` of the line
        :param mapping: VAT mapping of the line, whose policy is not Octopus's own
            account
        :param report: takes the :class:`Finding` that there is none
        """
        found = self._accounts.get(account.id)
        if not found and mapping.account_policy == "fallback":
            found = mapping.account_id
        return found or self._unknown_account(account, report)

    def account_of_code(self, mapping, code):
        """Return the account that Octopus has for sales with a VAT code, maybe empty.

        :param mapping: VAT mapping of the line
        :param code: VAT code of the line
        """
        sale = mapping.direction == "sale"
        return self._numbered(code.default_sell_account if sale else 0)

    def account_of_relation(self, mapping, code, relation, partner, report):
        """Return the account that Octopus has for a relation, maybe empty.

        :param mapping: VAT mapping of the line
        :param code: VAT code of the line, which has no account
        :param relation: that of the contact, maybe empty
        :param partner: the contact
        :param report: takes the :class:`Finding` that there is none
        """
        found = self._numbered(_relation_account(relation, mapping.direction))
        if found:
            return found
        named = {"partner": partner.display_name or ""}
        if mapping.direction == "sale" and code:
            report(about(codes.VAT_CODE_WITHOUT_ACCOUNT, code, vat_code=code.code))
        elif relation:
            report(about(codes.RELATION_WITHOUT_ACCOUNT, relation, **named))
        else:
            report(about(codes.NO_RELATION_WITH_ACCOUNT, partner, **named))
        return found

    def _numbered(self, number):
        return self._by_number.get(number, self.env["octopus.account"])

    def _unknown_account(self, account, report):
        row = self._row("octopus.account.mapping", "account_id", account.id)
        # Its display name leaves the number out for who is no accountant.
        code = account.with_company(self.settings.root_id).code
        facts = {"account": f"{code} {account.name}"}
        suspense = self.settings.octopus_suspense_account_id
        if self.settings.octopus_unknown_account_policy == "suspense" and suspense:
            facts["octopus_account"] = suspense.number
            report(Finding(codes.ACCOUNT_ON_SUSPENSE, facts, row._name, row.ids))
            return suspense
        report(Finding(codes.ACCOUNT_NOT_MAPPED, facts, row._name, row.ids))
        return suspense.browse()

    def discount_account(self, company, direction, report):
        """Return the account of an untaxed cash discount, maybe empty.

        A discount given is a loss, a discount taken is a gain.

        :param company: ``res.company`` of the document, whose account counts where the
            settings name none
        :param direction: ``sale`` or ``purchase``
        :param report: takes the :class:`Finding` that there is none
        :return: ``octopus.account``
        """
        chosen = self.settings[f"octopus_{direction}_discount_account_id"]
        result = "loss" if direction == "sale" else "gain"
        odoo_account = company[
            f"account_journal_early_pay_discount_{result}_account_id"
        ]
        found = chosen or self._accounts.get(odoo_account.id)
        if not found:
            report(
                Finding(
                    codes.DISCOUNT_ACCOUNT_MISSING, {"direction": direction}, SETTINGS
                )
            )
        return found or chosen

    def limitation_account(self, direction, report):
        """Return the account of a credit limitation, maybe empty.

        :param direction: ``sale`` or ``purchase``
        :param report: takes the :class:`Finding` that there is none
        :return: ``octopus.account``
        """
        chosen = self.settings[f"octopus_{direction}_limitation_account_id"]
        if not chosen:
            report(
                Finding(
                    codes.LIMITATION_ACCOUNT_MISSING, {"direction": direction}, SETTINGS
                )
            )
        return chosen

    def is_limitation(self, line):
        """Whether product or account marks a line as credit limitation.

        :param line: ``account.move.line``
        """
        return (
            line.product_id in self.settings.octopus_limitation_product_ids
            or line.account_id in self.settings.octopus_limitation_account_ids
        )

    def check_account(self, account, bookyear, report):
        """Report an account that the bookyear does not have.

        :param account: ``octopus.account``, maybe empty
        :param bookyear: ``octopus.bookyear``, maybe empty: then nothing is known
        :param report: takes the :class:`Finding`
        """
        if account and bookyear and bookyear not in account.bookyear_ids:
            facts = {"octopus_account": account.number, "bookyear": bookyear.name}
            report(
                Finding(
                    codes.ACCOUNT_MISSING_IN_BOOKYEAR, facts, account._name, account.ids
                )
            )

    # Helpers

    def _row(self, model, field, value, direction=None):
        """Return the mapping that is not accepted yet, to lead people to it."""
        key = (model, value, direction)
        if key not in self._rows:
            domain = [
                ("company_id", "=", self.settings.id),
                ("dossier_id", "=", self.dossier.id),
                (field, "=", value),
            ]
            if direction:
                domain.append(("direction", "=", direction))
            self._rows[key] = self.env[model].search(domain, limit=1)
        return self._rows[key]


def code_types(kind):
    """Return the types of VAT codes that a kind takes, its own last.

    It is not known how credit-note codes appear in a dossier's list
    (docs/octopus.md §19.5), so a credit note may also use the code of the invoice.

    :param kind: ``move_type`` of a document
    :return: one or two of the types of ``octopus.vat.code``, such as ``sell_refund``
    """
    of_invoice, of_refund = VAT_CODE_TYPES[direction_of(kind)]
    return (of_invoice, of_refund) if kind in REFUNDS else (of_invoice,)


def _relation_account(relation, direction):
    """Return the account that Octopus keeps with a relation, 0 for none."""
    side = "client_account" if direction == "sale" else "supplier_account"
    return (relation.data or {}).get(side) or 0
