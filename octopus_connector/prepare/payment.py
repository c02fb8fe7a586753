"""What a payment in Odoo would be in Octopus, and what stands in its way.

Nothing is written and nothing is called.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from odoo import fields

from ..api.stored import from_json
from ..api.types import FinancialBooking
from ..core import codes
from ..core.bank_money import EURO, ONE, BankMoney, currency_of, money_of
from ..core.codes import BLOCK
from ..core.findings import Finding
from ..core.matches import BOOKING_CURRENCY
from ..core.money import RATE, rate_as_sent
from ..core.states import NOT_THERE
from .cost_centres import CostCentres
from .findings import about
from .journals import JournalResolver
from .payment_documents import told_of_documents
from .payment_items import (
    bank_currency,
    documents_of,
    exchange_sums,
    fingerprint_of_move,
    is_in_bank_currency,
    items_of,
    left_open,
    moved_by,
)
from .payment_questions import edited
from .prepared_payment import PlannedLine, PreparedPayment
from .relations import Relations, identity_findings
from .scope import after_end, is_after_end

ZERO = Decimal(0)


# What it would be


class PaymentJournalResolver(JournalResolver):
    """Where payments go: a bank journal has one F journal, and a date no policy."""

    _rows = None

    def bank(self, journal, day, report):
        """Return the F journal of a bank or cash journal.

        :param journal: ``account.journal``
        :param day: date of the payment, of which the bookyear may have another one
        :param report: takes the :class:`Finding` that none was chosen
        :return: ``octopus.journal``, maybe empty
        """
        found = self._journals.get(journal.id)
        if found:
            return self.of_day(found.octopus_journal_id, day)
        facts = {"journal": journal.display_name}
        report(about(codes.BANK_WITHOUT_JOURNAL, self._offered(journal), **facts))
        return self.env["octopus.journal"]

    def _offered(self, journal):
        """Return the mapping of a bank in which nothing is accepted, maybe empty."""
        if self._rows is None:
            self._rows = self.env["octopus.journal.mapping"].rows_of(self.settings)
        return self._rows.get(journal.id, self.env["octopus.journal.mapping"])

    def of_day(self, journal, day):
        """Return the journal that stands for another in the bookyear of a day.

        :param journal: ``octopus.journal``, maybe empty
        :param day: date of a payment
        :return: ``octopus.journal``, itself where the bookyear has no other
        """
        bookyear = self._bookyear(day, lambda _finding: None, [])
        return self._in_year(journal, bookyear)

    def period(self, journal, day, report):
        """Return where a payment of a date goes.

        :param journal: ``octopus.journal``, maybe empty
        :param day: date of the payment; it is never moved to another period
        :param report: takes each :class:`Finding`, such as of a closed period
        :return: ``(octopus.bookyear, octopus.journal.year, octopus.period)``, each
            maybe empty
        """
        closed = []
        bookyear = self._bookyear(day, report, closed)
        year = self.env["octopus.journal.year"]
        period = self.env["octopus.period"]
        if journal and bookyear:
            year = self._journal_year(journal, bookyear, report, closed)
            period = self._period(year, bookyear, day, report, closed)
        for found in closed:
            report(found)
        return bookyear, year, period


class Preparation:
    """What the payments of one company need, read once.

    :param settings: the company that holds the settings, with its dossier, in sudo
    :param dossier: the one that payments are booked in, where the company left it since
    """

    def __init__(self, settings, dossier=None):
        self.env = settings.env
        self.settings = settings
        self.dossier = dossier or settings.octopus_dossier_id
        self.places = PaymentJournalResolver(settings, self.dossier)
        mappings = self.env["octopus.account.mapping"]
        self._accounts = mappings.lookup(settings, self.dossier)
        self._costs = CostCentres(settings)
        self._relations = {}

    def prepare(self, move) -> PreparedPayment:
        """Return what a payment would be.

        :param move: its entry, posted
        """
        findings = []
        if is_after_end(move, self.settings):
            code = codes.PAYMENT_AFTER_END_DATE
            findings.append(after_end(move, self.settings, code=code))
        items = items_of(move)
        without = documents_of(items, self.dossier)
        findings += told_of_documents(items, without, self.dossier)
        self._check_vat(items, findings.append)
        journal = self.places.bank(move.journal_id, move.date, findings.append)
        money = self._money(move, journal, findings.append)
        bookyear, year, period = self.places.period(journal, move.date, findings.append)
        if money.is_foreign:
            legs = self._foreign_legs(items, bookyear, findings.append)
            findings += exchange_left(move, items)
        else:
            legs = self._legs(items, bookyear, findings.append)
        self._check_sum(move, legs, money, findings.append)
        return PreparedPayment(
            move=move,
            settings=self.settings,
            journal=journal,
            journal_year=year,
            bookyear=bookyear,
            period_number=period.number or None,
            document_date=move.date,
            legs=legs,
            findings=tuple(findings),
            fingerprint=fingerprint_of_move(move),
            write_date=move.write_date,
            money=money,
        )

    def take_back(self, row) -> PreparedPayment:
        """Return the booking that undoes one of ours: the same lines the other way, on
        the same day, or today when that is closed by now.

        :param row: ``octopus.payment`` that is booked
        """
        sent = from_json(FinancialBooking, row.payload)
        day, journal, closed = sent.document_date, row.journal_id, []
        bookyear, year, period = self.places.period(journal, day, closed.append)
        if closed:
            before, closed = bookyear, []
            day = fields.Date.context_today(row)
            if not before or not before.date_start <= day <= before.date_end:
                journal = self.places.of_day(journal, day)
            bookyear, year, period = self.places.period(journal, day, closed.append)
        return PreparedPayment(
            move=row.move_id.browse(),
            settings=self.settings,
            journal=journal,
            journal_year=year,
            bookyear=bookyear,
            period_number=period.number or None,
            document_date=day,
            legs=tuple(
                PlannedLine(
                    item=number,
                    type=line.type,
                    amount=-line.amount,
                    account=line.account,
                    relation=line.relation and line.relation.id,
                    cost_centre=line.cost_centre_id,
                )
                for number, line in enumerate(sent.lines)
            ),
            findings=tuple(filter(None, [*closed, edited(row), *_rate_unknown(row)])),
            fingerprint=row.fingerprint,
            write_date=None,
            money=money_of(journal, sent.exchange_rate),
        )

    def _money(self, move, journal, report):
        """Return in what the lines are; a finding says what is not known."""
        bank, company_currency = move.journal_id, move.company_currency_id
        currency = bank_currency(bank)
        facts = {"journal": bank.display_name, "currency": currency.name}
        if company_currency.name != BOOKING_CURRENCY:
            facts["currency"] = company_currency.name
            report(Finding(codes.BANK_CURRENCY, facts, "account.journal", bank.ids))
            return EURO
        there = currency_of(journal)
        if journal and there != currency.name:
            facts |= {"octopus_journal": journal.key, "there": there}
            report(
                Finding(codes.BANK_CURRENCY_DIFFERS, facts, "account.journal", bank.ids)
            )
        if currency == company_currency:
            return EURO
        if not is_in_bank_currency(move):
            report(
                Finding(codes.PAYMENT_NOT_IN_BANK_CURRENCY, facts, move._name, move.ids)
            )
            return EURO
        return self._foreign_money(move, currency, journal, facts, report)

    def _foreign_money(self, move, currency, journal, facts, report):
        dossier = self.dossier
        mend = (dossier._name, dossier.ids)
        if not dossier.foreign_bank_amounts:
            report(Finding(codes.BANK_AMOUNTS_MISSING, facts, *mend))
        rate = rate_as_sent(_foreign_per_euro(move), dossier.exchange_rate_direction)
        if rate is None:
            report(
                Finding(
                    codes.RATE_DIRECTION_MISSING, {"currency": currency.name}, *mend
                )
            )
        return money_of(journal, rate)

    def _foreign_legs(self, items, bookyear, report):
        """Return a line for each counterpart, in the currency of the bank: what each
        document takes of it is rounded in euro, and decided by the matches."""
        legs = []
        for number, item in enumerate(items):
            if item.type == "A":
                if item.foreign:
                    legs += self._account_legs(
                        number, item.line, item.foreign, bookyear, report
                    )
                continue
            partner = item.line.partner_id.commercial_partner_id
            relation = self._relation_of(partner, item, report)
            legs.append(
                PlannedLine(
                    item=number,
                    type=item.type,
                    partner=partner,
                    amount=item.foreign,
                    relation=relation,
                )
            )
        return tuple(legs)

    def _relation_of(self, partner, item, report):
        """Return the relation of the documents that an item pays, or of its contact."""
        self._check_contact(partner, item, report)
        booked = [row for row, _amount in item.parts if row.state not in NOT_THERE]
        if booked and booked[0].relation_id:
            return booked[0].relation_id.octopus_id
        return self._relation(partner, item.type, report)

    def _check_vat(self, items, report):
        """A line of an F booking has no VAT code, so that Octopus's VAT return does not
        know what it is (docs/octopus.md §5)."""
        vat = [item for item in items if item.line.tax_repartition_line_id]
        if vat:
            lines = vat[0].line.union(*(item.line for item in vat))
            facts = {
                "amount": sum((item.amount for item in vat), ZERO),
                "taxes": lines.tax_line_id.mapped("name"),
            }
            report(Finding(codes.PAYMENT_VAT, facts, "account.move", lines.move_id.ids))

    def _legs(self, items, bookyear, report):
        legs = []
        for number, item in enumerate(items):
            if item.type == "A":
                legs += self._account_legs(
                    number, item.line, item.amount, bookyear, report
                )
                continue
            legs += self._party_legs(number, item, report)
            legs += [
                self._account_leg(number, *entry, bookyear, report)
                for entry in exchange_sums(item, item.exchanges)
            ]
        return tuple(legs)

    def _account_legs(self, number, line, amount, bookyear, report):
        """Return the leg of a line on an account, one for each cost centre."""
        leg = self._account_leg(number, line.account_id, amount, bookyear, report)
        account = self._accounts.get(line.account_id.id)
        if not account:
            return [leg]
        # As fine as the amount: it has the decimals of its currency.
        unit = Decimal(1).scaleb(amount.as_tuple().exponent)
        shares = self._costs.shares(line, account, amount, ZERO, unit, report)
        return [
            replace(leg, amount=share.base, cost_centre=share.centre)
            for share in shares
        ] or [leg]

    def _account_leg(self, number, used, amount, bookyear, report):
        account = self._accounts.get(used.id)
        code = used.with_company(self.settings.root_id).code
        if not account:
            facts = {"account": f"{code} {used.name}"}
            mappings = self.env["octopus.account.mapping"]
            rows = mappings.of_accounts(self.settings, used)
            report(Finding(codes.ACCOUNT_NOT_MAPPED, facts, rows._name, rows.ids))
        elif bookyear and bookyear not in account.bookyear_ids:
            facts = {"octopus_account": account.number, "bookyear": bookyear.name}
            report(Finding(codes.ACCOUNT_MISSING_IN_BOOKYEAR, facts))
        return PlannedLine(
            item=number,
            type="A",
            amount=amount,
            account=account and account.number,
        )

    def _party_legs(self, number, item, report):
        """Return a leg for each document, then one for what is left."""
        partner = item.line.partner_id.commercial_partner_id
        self._check_contact(partner, item, report)
        left = item.taken
        values = {"item": number, "type": item.type, "partner": partner}
        legs = []
        for row, amount in item.pays():
            if row.state not in NOT_THERE:
                left -= amount
                legs.append(
                    PlannedLine(
                        **values,
                        amount=item.sign * amount,
                        document=row,
                        relation=row.relation_id.octopus_id,
                    )
                )
        if left:
            relation = self._relation(partner, item.type, report)
            legs.append(
                PlannedLine(**values, amount=item.sign * left, relation=relation)
            )
        return legs

    @staticmethod
    def _check_contact(partner, item, report):
        if not partner:
            report(
                Finding(
                    codes.PAYMENT_WITHOUT_CONTACT,
                    {"amount": abs(item.amount)},
                    "account.move",
                    item.line.move_id.ids,
                )
            )

    def _relation(self, partner, type_, report):
        """Return the relation that needs no call, maybe empty."""
        if partner.id not in self._relations:
            known = Relations(self.env, self.dossier).known(partner)
            self._relations[partner.id] = known.get(partner.id)
        found = self._relations[partner.id]
        for finding in identity_findings(found) if found else ():
            report(finding)
        role = "is_client" if type_ == "C" else "is_supplier"
        return found.octopus_id if found and found[role] else None

    def _check_sum(self, move, legs, money, report):
        """The lines add up to what the bank moves, to the cent."""
        in_bank_currency, in_euro = moved_by(move)
        moved = in_bank_currency if money.is_foreign else in_euro
        currency = move.company_currency_id
        if money.is_foreign:
            currency = bank_currency(move.journal_id)
        found = sum((leg.amount for leg in legs), ZERO)
        if found != moved or any(
            leg.type != "A" and leg.amount == ZERO for leg in legs
        ):
            facts = {"sum": found, "amount": moved, "currency": currency.name}
            report(Finding(codes.SUMS_DIFFER, facts, severity=BLOCK))


def preparation_of(row) -> Preparation:
    """Return what the payment of a row needs in the dossier of the row, which its
    company may have left.

    :param row: ``octopus.payment``
    """
    settings = row.company_id.octopus_settings_in(row.dossier_id)
    return Preparation(settings, row.dossier_id)


def exchange_left(move, items, slots=()) -> list[Finding]:
    """Return what is told of an exchange difference: it is in euro only, so that it is
    no line in a journal of another currency, and stays open in Octopus until somebody
    books it.

    :param move: ``account.move`` of a payment of a bank that is not in euro
    :param items: of the payment, with the documents that they pay
    :param slots: of the booking there, where there is one already
    """
    amount = left_open(items, slots)
    if not amount:
        return []
    facts = {"amount": amount, "currency": bank_currency(move.journal_id).name}
    return [Finding(codes.PAYMENT_EXCHANGE_LEFT, facts, move._name, move.ids)]


def _rate_unknown(row):
    """Return what stops the booking that takes another back of which Octopus told no
    rate: it would not undo it."""
    currency = currency_of(row.journal_id)
    if (
        currency == BOOKING_CURRENCY
        or from_json(FinancialBooking, row.payload).exchange_rate
    ):
        return []
    facts = {"currency": currency, "date": row.document_date}
    return [Finding(codes.RATE_MISSING, facts, row._name, row.ids, severity=BLOCK)]


def rate_for(move, found, dossier) -> Decimal | None:
    """Return the rate of a booking that Octopus has, else that of the payment here.

    :param move: ``account.move`` of the payment, maybe empty
    :param found: the booking, as ``api.FinancialBooking``
    """
    if found.exchange_rate or not move:
        return found.exchange_rate
    return rate_as_sent(_foreign_per_euro(move), dossier.exchange_rate_direction)


def _foreign_per_euro(move) -> Decimal:
    """Return the rate of a payment: that of its day, else the one that its own amounts
    tell, where somebody gave them another."""
    moved, worth = moved_by(move)
    currency = bank_currency(move.journal_id)
    of_day = move.env["res.currency"]._get_conversion_rate(
        move.company_currency_id, currency, move.company_id, move.date
    )
    rate = RATE.create_decimal(repr(of_day))
    if rate and BankMoney(rate, "foreign_per_euro").in_euro(moved) == worth:
        return rate
    return RATE.divide(moved, worth) if worth and moved else ONE
