from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..api.texts import shortened
from ..api.types import ZERO
from ..core import codes
from ..core.findings import Finding
from ..core.lines import LineSignsError, Part, as_read, booking_lines, fold, total
from .kinds import REFUNDS, direction_of, kind_as_read

HUNDRED = Decimal(100)
# Stock valuation rides on an invoice's entry and is no part of the document.
NOT_OF_THE_DOCUMENT = ("cogs", "payment_term")
# One journal item that lowers the base of other lines: discount, private share.
FOLDED = ("epd", "non_deductible_product")
# What the private share of all lines adds to the private account: base, and VAT.
PRIVATE_BASE = "non_deductible_product_total"
PRIVATE_VAT = "non_deductible_tax"


def exact(amount: float, digits: int) -> Decimal:
    """Return a stored amount as the exact number it stands for.

    :param amount: as Odoo keeps it, a float
    :param digits: decimals that it is kept with, those of its currency
    """
    return Decimal(f"{amount:.{digits}f}")


@dataclass
class Contribution:
    """A journal item that makes base: its tax, and what it adds to the document.

    :param private: a private share, of which no VAT is recovered
    """

    item: Any
    tax: Any
    part: Part
    private: bool = False


class Amounts:
    """What the journal items of one document contribute, and the lines they become.

    Every amount is Odoo's own: the base of each item as booked, the VAT of each tax as
    the sum of its tax items. A difference is reported, never
    mended with a line.

    :param move: the document, in sudo
    :param items: its journal items
    :param books: :class:`Mappings` of its company
    :param relation: gives the partner's relation, maybe empty; only called for a line
        that takes its account
    :param bookyear: where it will be booked, maybe empty
    :param report: takes each :class:`Finding`
    """

    def __init__(self, move, items, books, relation, bookyear, report):
        self.move = move
        self.books = books
        self.relation = relation
        self.bookyear = bookyear
        self.report = report
        self.direction = direction_of(move.move_type)
        self.digits = move.currency_id.decimal_places
        self.unit = Decimal(1).scaleb(-self.digits)
        kept = [it for it in items if it.display_type not in NOT_OF_THE_DOCUMENT]
        self.tax_items = [item for item in kept if _is_vat(item)]
        self.base_items = [item for item in kept if not _is_vat(item)]
        self._cancelled = {}  # VAT of a tax that private shares have taken up

    @property
    def amount(self) -> Decimal:
        """The document's total with VAT, positive on credit notes too."""
        return exact(self.move.amount_total, self.digits)

    @property
    def header_amount(self) -> Decimal:
        """The total as Octopus wants it: negative on a credit note
        (docs/octopus.md §14)."""
        return -self.amount if self.move.move_type in REFUNDS else self.amount

    def facts(self) -> dict:
        """Return the total, base by account and taxes, VAT by tax."""
        base, vat = {}, {}
        for item in self.base_items:
            key = _place(item)
            base[key] = base.get(key, ZERO) + self._contribution(item)
        for item in self.tax_items:
            key = str(_owner(item).id)
            vat[key] = vat.get(key, ZERO) + self._contribution(item)
        return {"amount": self.amount, "base": base, "vat": vat}

    def cost_facts(self) -> dict:
        """Return base times percentage by account and account of the plan: what it is
        mapped to is no part of it."""
        found = {}
        for item in self.base_items:
            base = self._contribution(item)
            for account, percent in self.books.costs.distribution(item).items():
                key = f"{item.account_id.id}:{account}"
                found[key] = found.get(key, ZERO) + base * percent
        return found

    def deferral_facts(self) -> dict:
        """Return the days of each line that is spread over time."""
        days = (self.books.deferrals.days(item) for item in self.base_items)
        return {"days": sorted(it for it in days if it)}

    def deferral_bases(self) -> dict:
        """Return base by account, taxes and days."""
        return self._bases(self.books.deferrals.days)

    def intrastat_facts(self) -> dict:
        """Return what each line tells of goods that cross a border."""
        details = self.books.intrastat
        goods = (it for it in self.base_items if details.concerns(it))
        return {"goods": sorted(details.facts(it) for it in goods)}

    def intrastat_bases(self) -> dict:
        """Return base by account, taxes and what is told of goods across a border."""
        details = self.books.intrastat
        return self._bases(lambda it: details.facts(it) if details.concerns(it) else ())

    def _bases(self, told) -> dict:
        """Return base by account, taxes and what is told of a line; ``told`` is empty
        for one of which nothing is."""
        bases = {}
        for item in self.base_items:
            if facts := told(item):
                key = ":".join((_place(item), *map(str, facts)))
                bases[key] = bases.get(key, ZERO) + self._contribution(item)
        return bases

    def lines(self):
        """Return the lines of the booking, empty when they cannot be made.

        :rtype: tuple of ``BookingLine``, in the document's currency
        """
        contributions = [self._read(item) for item in self.base_items]
        contributions = self._folded(self._with_due_vat(contributions))
        contributions = [self._resolved(it) for it in contributions if it.part.base]
        try:
            lines = booking_lines(
                [it.part for it in contributions],
                self._vat(contributions),
                unit=self.unit,
                grouped=self.books.settings.octopus_group_by_vat,
            )
        except LineSignsError as error:
            self._report_signs(error)
            return ()
        self._check_sum(lines)
        return self._as_read(lines)

    # Reading

    def _contribution(self, item) -> Decimal:
        return self.move.direction_sign * exact(item.amount_currency, self.digits)

    def _read(self, item) -> Contribution:
        base = self._contribution(item)
        tax = self._tax_of(item)
        part = Part(
            base=base,
            expected_vat=base * self._rate(tax),
            comment=shortened(item.name),
        )
        return Contribution(item, tax, part)

    def _tax_of(self, item):
        """Return the one VAT tax of an item; fixed taxes are amounts of their own."""
        taxes = item.tax_ids.filtered(lambda tax: tax.amount_type != "fixed")
        # A fixed member of a group that raises the base carries the members after it.
        group = item.group_tax_id
        if taxes & group.children_tax_ids:
            taxes = taxes - group.children_tax_ids | group
        if len(taxes) > 1:
            self.report(
                Finding(
                    codes.SEVERAL_VAT_TAXES,
                    {"line": item.name or "", "taxes": taxes.mapped("display_name")},
                    self.move._name,
                    self.move.ids,
                )
            )
        return taxes[:1]

    def _rate(self, tax) -> Decimal:
        """Return the part of a base that its VAT should be: 0.21, 0 where it cancels.

        Only used to share VAT over lines; the amount is always Odoo's.
        """
        if tax.amount_type == "group":
            return sum((self._rate(child) for child in tax.children_tax_ids), ZERO)
        if tax.amount_type not in ("percent", "division"):
            return ZERO
        rate = Decimal(str(tax.amount)) / HUNDRED
        if tax.amount_type == "division":
            rate = rate / (1 - rate) if rate != 1 else ZERO
        refund = self.move.move_type in REFUNDS
        repartition = tax[
            "refund_repartition_line_ids" if refund else "invoice_repartition_line_ids"
        ].filtered(lambda line: line.repartition_type == "tax")
        factor = sum((Decimal(str(line.factor_percent)) for line in repartition), ZERO)
        return rate * factor / HUNDRED

    # Discounts and private shares

    def _folded(self, contributions):
        """Put taxed cash discounts and private shares into the lines they belong to.

        100.00 at 21 % with 2 % cash discount is base 98.00 with VAT 20.58.
        """
        lines = [it for it in contributions if not self._is_folded(it)]
        for extra in filter(self._is_folded, contributions):
            targets = [it for it in lines if self._takes(it, extra)]
            if not targets:
                lines.append(extra)
                continue
            parts = fold(
                [it.part for it in targets],
                extra.part.base,
                [self._weight(it, extra) for it in targets],
                self.unit,
            )
            for target, part in zip(targets, parts, strict=True):
                target.part = part
        return lines

    def _with_due_vat(self, contributions):
        """Give private shares of which the VAT is due by the buyer the tax that they
        have, so that all of the VAT is declared as due.

        Odoo books 100.00 with 60 % professional use as 60.00, 40.00 private, 12.60
        recovered, 21.00 due and 8.40 private VAT. The document is 100.00: 60.00, and
        40.00 of which no VAT is recovered. What is due and not recovered cancels.
        """
        shares = [
            it
            for it in contributions
            if it.item.display_type == "non_deductible_product"
            and self._is_due_by_buyer(it.tax)
        ]
        totals = [it for it in contributions if it.item.display_type == PRIVATE_BASE]
        if not shares or not totals:
            return contributions
        total = totals[0]
        for share in shares:
            base = -share.part.base
            self._add(total, -base)
            part = replace(total.part, base=base, expected_vat=ZERO)
            contributions.append(Contribution(total.item, share.tax, part, True))
        costs = [it for it in contributions if it.item.display_type == PRIVATE_VAT]
        for tax in {share.tax for share in shares}:
            due = sum(
                (self._contribution(it) for it in self.tax_items if _owner(it) == tax),
                ZERO,
            )
            if costs and due:
                self._add(costs[0], due)
                self._cancelled[tax.id] = due
        return contributions

    @staticmethod
    def _add(contribution, amount):
        part = contribution.part
        contribution.part = replace(part, base=part.base + amount)

    def _is_due_by_buyer(self, tax) -> bool:
        """Whether VAT of a tax is both due and recovered, so that none is paid."""
        return bool(tax.amount) and not self._rate(tax)

    @staticmethod
    def _is_folded(contribution):
        item = contribution.item
        return item.display_type in FOLDED and not _is_untaxed_discount(item)

    @staticmethod
    def _takes(line, extra):
        return (
            line.item.display_type == "product"
            and line.item.account_id == extra.item.account_id
            and line.tax == extra.tax
            and (extra.item.display_type == "epd" or line.item.deductible_amount < 100)
        )

    @staticmethod
    def _weight(line, extra) -> Decimal:
        if extra.item.display_type == "epd":
            return line.part.base
        private = HUNDRED - Decimal(str(line.item.deductible_amount))
        return line.part.base * private

    # VAT codes and accounts

    def _resolved(self, contribution) -> Contribution:
        item, tax = contribution.item, contribution.tax
        kind = kind_as_read(self.move.move_type, self.amount)
        mapping, code = self.books.vat(tax, kind, item, self.report)
        account = self._account(item, tax, mapping, code)
        self.books.check_account(account, self.bookyear, self.report)
        recuperation = None
        if contribution.private:
            recuperation = ZERO
        elif self.direction == "purchase" and mapping.send_recuperation:
            recuperation = exact(mapping.recuperation, 2)
        part = replace(
            contribution.part,
            costs=self._costs(item, account, contribution.part),
            overflow=self._overflow(item),
            intrastat=self.books.intrastat.of(item, self.report),
            account=account.number or None,
            vat_code=code.code or None,
            recuperation=recuperation,
            pool=self._pool(tax, code, recuperation),
        )
        return replace(contribution, part=part)

    def _overflow(self, item):
        overflow = self.books.deferrals.of(item, self.direction, self.report)
        if overflow:
            account = self.books.deferrals.account(self.direction)
            self.books.check_account(account, self.bookyear, self.report)
        return overflow

    def _costs(self, item, account, part):
        return self.books.costs.shares(
            item, account, part.base, part.expected_vat, self.unit, self.report
        )

    @staticmethod
    def _pool(tax, code, recuperation):
        """Taxes of one VAT code share their VAT over all lines of that code."""
        if not tax:
            return None
        return (code.code, recuperation) if code else tax.id

    def _account(self, item, tax, mapping, code):
        if self.books.is_limitation(item):
            if tax:
                self.report(
                    Finding(
                        codes.LIMITATION_WITH_TAX,
                        {"line": item.name or ""},
                        self.move._name,
                        self.move.ids,
                    )
                )
            return self.books.limitation_account(self.direction, self.report)
        if _is_untaxed_discount(item):
            company = self.move.company_id
            return self.books.discount_account(company, self.direction, self.report)
        if mapping.account_policy == "octopus":
            return self._own_account(mapping, code)
        return self.books.account(item.octopus_account(), mapping, self.report)

    def _own_account(self, mapping, code):
        """Return the account that Octopus itself has for a code or a relation; the
        latter is only looked for where the former tells none."""
        account = self.books.account_of_code(mapping, code)
        if account:
            return account
        relation, partner = self.relation(), self.move.octopus_partner()
        return self.books.account_of_relation(
            mapping, code, relation, partner, self.report
        )

    def _vat(self, contributions):
        """Return VAT as booked by pool; of a tax without a line, under its own key.

        Odoo has no tax item where VAT comes to nothing, but lines that cancel out
        still have VAT each.
        """
        pools = {
            it.tax.id: it.part.pool
            for it in sorted(contributions, key=lambda it: not it.private)
            if it.tax
        }
        vat = {it.part.pool: ZERO for it in contributions if it.tax}
        for tax_id, cancelled in self._cancelled.items():
            vat[pools[tax_id]] -= cancelled
        for item in self.tax_items:
            owner = _owner(item)
            pool = pools.get(owner.id, ("no line", owner.id))
            vat[pool] = vat.get(pool, ZERO) + self._contribution(item)
        return vat

    def _as_read(self, lines):
        """Return the lines as Octopus reads them; tell where that is not as a credit
        note, for the VAT then goes to the boxes of invoices."""
        move = self.move
        turned = as_read(lines, self.amount, move.move_type in REFUNDS)
        if turned != lines:
            self.report(Finding(codes.CREDIT_NOTE_OF_ZERO, {}, move._name, move.ids))
        return turned

    # Checks

    def _check_sum(self, lines):
        found = total(lines)
        if found != self.amount:
            facts = {
                "sum": found,
                "amount": self.amount,
                "currency": self.move.currency_id.name,
            }
            self.report(
                Finding(codes.SUMS_DIFFER, facts, self.move._name, self.move.ids)
            )

    def _report_signs(self, error):
        facts = {"vat_code": error.vat_code, "base": error.base, "vat": error.vat}
        self.report(Finding(codes.LINE_SIGNS, facts, self.move._name, self.move.ids))


def _is_vat(item) -> bool:
    """Whether a journal item is VAT; a fixed tax such as Recupel is base instead.

    Cash rounding by *biggest tax* is a rounding item that belongs to a tax.
    """
    return (
        bool(item.tax_repartition_line_id) and item.tax_line_id.amount_type != "fixed"
    )


def _place(item) -> str:
    """Return account and taxes of a journal item, by which bases are added up."""
    return f"{item.account_id.id}:{sorted(item.tax_ids.ids)}"


def _owner(item):
    """Return the tax that lines carry: a group tax for its members."""
    return item.group_tax_id or item.tax_line_id


def _is_untaxed_discount(item) -> bool:
    return item.display_type == "epd" and not item.tax_ids
