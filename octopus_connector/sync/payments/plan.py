"""Compares what Octopus matched with what Odoo has, for a batch of balancings."""

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from ...api.stored import from_json
from ...api.types import Balancing
from ...core import codes
from ...core.findings import Finding, FindingError
from ...core.matches import (
    BOOKING_CURRENCY,
    DOCUMENT,
    PAYMENT,
    WRITE_OFF,
    Match,
    Sent,
    document_amounts,
    is_same_document,
)
from ...core.money import exact
from ...core.states import BOOKED
from ...prepare.payment_items import bank_currency, documents_of, items_of, wanted_of
from .desired import Payment, Reconciliation, Task, WriteOff
from .open_amounts import open_amount, term_lines

ZERO = Decimal(0)
BANK_TYPES = ("bank", "cash", "credit")
LIVE = ("in_process", "paid")


def _is_planned(row):
    """Whether what is to be done about a row waits for a person."""
    return row.plan_id.state == "open"


class Plan:
    """The tasks of a batch; queries do not grow with it, and nothing is written.

    :param rows: ``octopus.balancing``, in sudo: all those of the documents concerned
    :param context_rows: those of the documents that these are matched with, too
    """

    def __init__(self, rows, context_rows):
        self.env = rows.env
        self.rows = rows.sorted("id")
        self._balancings = {
            row.id: from_json(Balancing, row.data) for row in context_rows
        }
        self._written_off = Counter()
        self._amounts = self._amounts_by_booking(context_rows)
        self._open = {}
        self._used = self.env["account.payment"]
        self._companies = {}
        self._locks = {}
        self._entry_journals = {}

    @cached_property
    def _sent_rows(self):
        """``{row id: octopus.payment}`` of rows that tell of a payment which went from
        here to Octopus: it is in Odoo already."""
        keys = {}
        for row in self.rows:
            for side in ("debit", "credit"):
                if row[f"{side}_journal"][:1] == "F":
                    keys[row.id] = row._side_key(side)
        payments = self.env["octopus.payment"]
        ours = payments._keys(self.rows.dossier_id, set(keys.values())) if keys else {}
        return {row_id: ours[key] for row_id, key in keys.items() if key in ours}

    @cached_property
    def _leant_on(self):
        """The rows of two documents that Octopus took back, while what is reconciled
        here counts as matched there: by somebody there before us, and for more, so that
        nothing was made of it, or by us, and taken back before it was read."""
        gone = self.rows.filtered(
            lambda row: (
                row.deleted
                and not row.made
                and row.debit_booking_id
                and row.credit_booking_id
            )
        )
        pairs = self.env["octopus.document.match"]
        if gone:
            pairs = pairs.search(
                [
                    ("amount", "!=", 0),
                    ("debit_booking_id", "in", gone.debit_booking_id.ids),
                    ("credit_booking_id", "in", gone.credit_booking_id.ids),
                ]
            )
        held = {(pair.debit_booking_id, pair.credit_booking_id) for pair in pairs}
        return gone.filtered(
            lambda row: (row.debit_booking_id, row.credit_booking_id) in held
        )

    def _of_sent(self, row):
        """Return what a match of a payment of ours has to tell a person, if anything:
        Odoo's own payment is never touched."""
        matches = self._sent_rows[row.id].match_ids.filtered(
            lambda match: (
                match.booking_id in row._bookings()
                and match.line in (row.debit_line, row.credit_line)
            )
        )
        there = self._matched(row)
        if there is None or any(match.state != "made" for match in matches):
            return None
        currency = matches.payment_id.company_id.currency_id
        held = sum((exact(it.amount, currency) for it in matches), ZERO)
        if there < held:
            return self._undone_there(matches, there, held)
        return self._matched_there(row, there) if there > held else None

    def _matched(self, row):
        """Return what Octopus matched, in euro; ``None`` when it does not tell."""
        booking, debit = self._ours(row)[0]
        if row.deleted:
            return ZERO
        amount = Match(row.id, self._balancings[row.id], debit).matched
        currency = booking.company_id.currency_id
        return None if amount is None else exact(float(amount), currency)

    def _matched_there(self, row, there):
        """Return the finding that somebody matched it in Octopus with a document, of
        which Odoo does not know that it is paid; ``None`` if Odoo does."""
        payment, (booking, _debit) = self._sent_rows[row.id], self._ours(row)[0]
        items = items_of(payment.move_id) if payment.move_id else []
        documents_of(items, row.dossier_id)
        here = wanted_of(items).items()
        paid = sum(part for (_item, row_id), part in here if row_id == booking.id)
        if paid >= there:
            return None
        return self._about(
            codes.PAYMENT_MATCHED_THERE,
            booking.move_id,
            payment=payment.octopus_number,
            amount=there,
        )

    @staticmethod
    def _undone_there(matches, there, held):
        """Return the finding that matches of ours were taken back in Octopus, or all
        but a part of them."""
        payment = matches.payment_id
        facts = {
            "document": matches.booking_id[:1].document_name,
            "payment": payment.octopus_number,
        }
        code = codes.PAYMENT_UNMATCHED_THERE
        if there:
            code, facts = (
                codes.PAYMENT_MATCHED_LESS,
                {**facts, "there": there, "here": held},
            )
        return Finding(code, facts, "octopus.payment", payment.ids)

    # What each row pays

    def _amounts_by_booking(self, rows):
        """Return ``{booking id: {row id: amount in the document's currency}}``."""
        matches = defaultdict(list)
        bookings = rows.debit_booking_id | rows.credit_booking_id
        for row in rows:
            if not row.deleted:
                for booking, debit in self._ours(row):
                    match = Match(row.id, self._balancings[row.id], debit)
                    matches[booking.id].append(match)
                    if match.meaning == WRITE_OFF and match.matched:
                        self._written_off[booking.id] += match.matched
        return {
            booking.id: document_amounts(
                matches[booking.id],
                booking.move_id.currency_id.name,
                booking.move_id.currency_id.decimal_places,
            )
            for booking in bookings
        }

    @staticmethod
    def _ours(row):
        sides = ((row.debit_booking_id, True), (row.credit_booking_id, False))
        return [(booking, debit) for booking, debit in sides if booking]

    # Tasks

    def tasks(self, *, all_at_once: bool = True) -> list[Task]:
        """Return one task per row, in the order of the rows.

        :param all_at_once: what waits in a plan is carried out with the others; else
            it is not undone, and makes no room for them
        """
        # What a person dropped frees nothing for the others.
        tasks = [self._task(row).heed() for row in self.rows]
        waiting = [] if all_at_once else self.rows.filtered(_is_planned)
        while not self._have_room(tasks, waiting):
            # A row keeps what it made: less is open for the others than was thought.
            continue
        return tasks

    def _have_room(self, tasks, waiting):
        """Keep the tasks for which documents are open enough: what is made anew comes
        before what is new.

        :return: ``False`` when one of them does not free what it made after all
        """
        self._open = {}
        self._used = self.env["account.payment"]
        for task in tasks:
            if task.undo and task.row not in waiting:
                self._count_in(task.row)
        makes = [task for task in tasks if task.make]
        for task in sorted(makes, key=lambda task: not task.undo):
            frees = task.undo
            self._find_room(task)
            if frees and not task.undo:
                return False
        return True

    def _task(self, row):
        if row.id in self._sent_rows:
            return Task(row, problem=self._of_sent(row))
        try:
            wanted = None if row.deleted else self._wanted(row)
        except FindingError as error:
            return Task(row, problem=error.findings[0])
        if row in self._leant_on:
            return Task(row, problem=self._of_row(codes.PAYMENT_UNDO_CHANGED, row))
        if not row.made:
            return Task(row, make=wanted)
        if not (wanted or row.deleted):
            return Task(row)  # of a bank that nobody follows any more: it stays
        if wanted and self._is_made(wanted, row.made):
            return Task(row, problem=self._altered(row))
        problem = self._why_it_must_stay(row)
        if problem:
            return Task(row, problem=problem)
        return Task(row, make=wanted, undo=True)

    @staticmethod
    def _is_made(wanted, made):
        """Whether a row made what it should; an older version noted no amount in the
        currency of the bank."""
        facts = wanted.facts()
        if "foreign" not in made:
            facts.pop("foreign", None)
        return facts.items() <= made.items()

    def _find_room(self, task):
        """Keep the task if the documents are open enough, else say why not."""
        make = task.make
        if isinstance(make, Reconciliation) and self._is_by_hand(task):
            task.make = replace(make, by_hand=True)
            return
        try:
            self._check_room(make)
            if isinstance(make, Payment):
                task.make = self._registered(make)
        except FindingError as error:
            task.make, task.undo, task.problem = None, False, error.findings[0]
        else:
            self._take(make.moves, make.amount)

    def _registered(self, make):
        """Return the payment with the one that a person registered for it: without an
        account to wait on, that one has no entry, and leaves the document open.

        :raises FindingError: one is registered that is not just this
        """
        without = make.move.matched_payment_ids.filtered(
            lambda payment: payment.state in LIVE and not payment.move_id
        )
        without -= self._used
        if not without:
            return make
        same = without.filtered(lambda payment: self._is_same_payment(payment, make))
        if not same:
            raise FindingError(self._about_registered(make, without))
        payment = same.sorted(lambda it: (it.date, it.id))[0]
        self._used |= payment
        return replace(make, payment=payment)

    @staticmethod
    def _is_same_payment(payment, make):
        return (
            payment.invoice_ids == make.move
            and payment.company_id == make.move.company_id
            and payment.journal_id == make.journal
            and payment.payment_type == ("inbound" if make.inbound else "outbound")
            and payment.currency_id == make.currency
            and exact(payment.amount, payment.currency_id) == make.paid
            and payment.partner_id.commercial_partner_id
            == make.move.commercial_partner_id
        )

    @staticmethod
    def _about_registered(make, payments):
        facts = {
            "document": make.move.name,
            "counterpart": make.memo,
            "amount": make.amount,
            "currency": make.move.currency_id.name,
            "payment": payments.mapped("display_name"),
            "registered": sum(exact(it.amount, it.currency_id) for it in payments),
        }
        return Finding(codes.PAYMENT_REGISTERED, facts, payments._name, payments.ids)

    def _check_room(self, make):
        if not isinstance(make, Reconciliation):
            self._check_lock(make)
        for move in make.moves:
            if make.amount > self._open_amount(move):
                raise FindingError(
                    self._about(
                        codes.PAYMENT_RESIDUAL,
                        move,
                        amount=make.amount,
                        open=self._open_amount(move),
                        currency=move.currency_id.name,
                    )
                )

    def _check_lock(self, payment):
        lock = self._lock_date(payment.move.company_id, payment.date, payment.journal)
        if lock:
            raise FindingError(
                self._about(
                    codes.PAYMENT_LOCKED_PERIOD,
                    payment.move,
                    date=payment.date,
                    lock_date=lock,
                )
            )

    # What a row should have caused

    def _wanted(self, row):
        sides = [self._side(row, *side) for side in self._ours(row)]
        if len(sides) == 2:
            return self._reconciliation(*sides)
        move, match, amount = sides[0]
        if match.meaning == PAYMENT:
            return self._payment(row, move, match, amount)
        if match.meaning == WRITE_OFF and self._may_write_off(row):
            return self._write_off(row, move, match, amount)
        code = {
            DOCUMENT: codes.PAYMENT_OTHER_DOCUMENT,
            WRITE_OFF: codes.PAYMENT_WRITE_OFF,
        }.get(match.meaning, codes.PAYMENT_COUNTERPART_UNKNOWN)
        raise FindingError(
            self._about(
                code,
                move,
                amount=amount,
                currency=move.currency_id.name,
                counterpart=row._label(not match.debit),
            )
        )

    def _side(self, row, booking, debit):
        """Return the document, the match seen from it, and the amount of the match.

        :raises FindingError: the document cannot be paid by this row
        """
        move = booking.move_id
        match = Match(row.id, self._balancings[row.id], debit)
        amount = self._amounts[booking.id].get(row.id)
        if move.state != "posted":
            raise FindingError(
                Finding(
                    codes.PAYMENT_DOCUMENT_NOT_POSTED,
                    {"document": booking.document_name or booking.octopus_number},
                    "octopus.booking",
                    booking.ids,
                )
            )
        still_there = booking.state in BOOKED
        right_side = debit == move.is_inbound()
        if not (
            still_there and right_side and is_same_document(match, self._sent(booking))
        ):
            raise FindingError(
                self._about(
                    codes.PAYMENT_DOCUMENT_DIFFERS, move, number=booking.octopus_number
                )
            )
        self._check_currency(move, match)
        if amount is None or amount <= ZERO or match.paid is None:
            raise FindingError(self._about(codes.PAYMENT_AMOUNT_UNCLEAR, move))
        return move, match, amount

    @staticmethod
    def _sent(booking):
        payload = booking.payload or {}
        return Sent(
            comment=payload.get("comment"),
            relation=booking.relation_id.octopus_id or None,
            total=abs(exact(booking.amount, booking.move_id.currency_id)) or None,
        )

    def _check_currency(self, move, match):
        there = match.document.currency or BOOKING_CURRENCY
        here = move.currency_id.name
        if there != here or move.company_currency_id.name != BOOKING_CURRENCY:
            raise FindingError(
                self._about(codes.PAYMENT_CURRENCY, move, there=there, here=here)
            )

    def _payment(self, row, move, match, amount):
        day = self._day(move, match)
        journal = self._journal(move, match.counterpart.key.journal)
        owner = journal.octopus_owner_now()
        if owner == "none":
            return None  # nobody follows the payments of this bank
        if owner == "odoo":
            counterpart = row._label(not match.debit)
            raise FindingError(
                self._about(codes.PAYMENT_NOT_OWNED, move, counterpart=counterpart)
            )
        methods = (
            journal.inbound_payment_method_line_ids
            if match.debit
            else journal.outbound_payment_method_line_ids
        )
        manual = methods.filtered(lambda method: method.code == "manual")
        if not manual:
            raise FindingError(
                self._about(codes.PAYMENT_NO_METHOD, move, journal=journal.display_name)
            )
        return Payment(
            move=move,
            lines=term_lines(move),
            inbound=match.debit,
            amount=amount,
            balance=match.paid,
            date=day,
            journal=journal,
            method=manual[0],
            memo=row._label(not match.debit),
            foreign=self._in_bank_currency(row, move, match, journal),
        )

    def _in_bank_currency(self, row, move, match, journal):
        """Return what a bank that is not in euro moved for a document in euro, in its
        currency; ``None`` where the payment is in the currency of the document.

        :raises FindingError: the bank, its journal there and the document are in three
            currencies, or Octopus does not tell
        """
        currency = bank_currency(journal)
        if currency in (move.currency_id, move.company_currency_id):
            return None
        there = match.counterpart.currency or BOOKING_CURRENCY
        moved = None
        if there == currency.name and move.currency_id == move.company_currency_id:
            moved = self._moved_by_line(row, match, currency).get(row.id)
        if not moved:
            facts = {
                "journal": journal.display_name,
                "here": currency.name,
                "currency": move.currency_id.name,
            }
            raise FindingError(
                self._about(codes.PAYMENT_BANK_CURRENCY, move, there=there, **facts)
            )
        return moved

    def _moved_by_line(self, row, match, currency):
        """Return ``{row id: amount in the bank's currency}`` of all matches of the line
        that a row is of: rounded together, they add up to the line."""
        debit = not match.debit
        rows = row.of_same_line("debit" if debit else "credit")
        matches = [Match(it.id, from_json(Balancing, it.data), debit) for it in rows]
        return document_amounts(matches, currency.name, currency.decimal_places)

    def _day(self, move, match):
        if not match.counterpart.document_date:
            raise FindingError(self._about(codes.PAYMENT_DATE_MISSING, move))
        return match.counterpart.document_date

    def _may_write_off(self, row):
        """Whether all that is written off of the document is small, or agreed to."""
        booking = row.debit_booking_id or row.credit_booking_id
        settings, _banks = self._of_company(booking.company_id)
        if not settings.octopus_write_off_account_id:
            return False
        small = exact(settings.octopus_write_off_tolerance, settings.currency_id)
        agreed = (row.verdict or {}).get("write_off")
        return agreed or self._written_off[booking.id] <= small

    def _write_off(self, row, move, match, amount):
        settings, _banks = self._of_company(move.company_id)
        return WriteOff(
            move=move,
            lines=term_lines(move),
            inbound=match.debit,
            amount=amount,
            balance=match.paid,
            date=self._day(move, match),
            journal=self._entry_journal(move),
            account=settings.octopus_write_off_account_id,
            memo=row._label(not match.debit),
        )

    def _reconciliation(self, debit, credit):
        debit_move, _match, amount = debit
        credit_move, _match, credit_amount = credit
        lines = term_lines(debit_move), term_lines(credit_move)
        if amount != credit_amount:
            raise FindingError(self._about(codes.PAYMENT_AMOUNT_UNCLEAR, debit_move))
        if debit_move.currency_id != credit_move.currency_id:
            raise FindingError(
                self._about(
                    codes.PAYMENT_CURRENCY,
                    debit_move,
                    there=credit_move.currency_id.name,
                    here=debit_move.currency_id.name,
                )
            )
        if lines[0].account_id != lines[1].account_id:
            raise FindingError(
                self._about(
                    codes.PAYMENT_ACCOUNTS_DIFFER, debit_move, other=credit_move.name
                )
            )
        return Reconciliation(*lines, amount)

    # What is there already

    def _altered(self, row):
        """Return the finding that a person changed what the row made, or ``None``."""
        if row.made["kind"] == "payment":
            same = self._is_untouched(row)
        elif row.made["kind"] == "write_off":
            same = self._is_entry_untouched(row)
        else:
            same = row.made.get("by_hand") or row.partial_ids
        return None if same else self._of_row(codes.PAYMENT_CHANGED, row)

    def _is_untouched(self, row):
        payment, made = row.payment_id, row.made
        if payment.state not in LIVE:
            return False
        now = {
            "amount": str(exact(payment.amount, payment.currency_id)),
            "currency": payment.currency_id.name,
            "date": payment.date.isoformat(),
            "journal": payment.journal_id.id,
        }
        then = dict(made)
        if "foreign" in made:
            # The bank's own currency, where that pays a document in euro.
            currency = payment.journal_id.currency_id.name
            then |= {"amount": made["foreign"], "currency": currency}
        return now.items() <= then.items() and self._pays_its_document(row)

    def _is_entry_untouched(self, row):
        entry = row.entry_id
        return (
            entry.state == "posted"
            and entry.date.isoformat() == row.made["date"]
            and self._pays_its_document(row)
        )

    def _pays_its_document(self, row):
        lines = self._counterpart_lines(row.payment_id.move_id or row.entry_id)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        paid = (partials.debit_move_id | partials.credit_move_id).move_id
        return (
            bool(lines)
            and all(lines.mapped("reconciled"))
            and self._document_of(row) in paid
        )

    @staticmethod
    def _counterpart_lines(entry):
        return entry.line_ids.filtered(
            lambda line: line.account_type in ("asset_receivable", "liability_payable")
        )

    @staticmethod
    def _document_of(row):
        return (row.debit_booking_id or row.credit_booking_id).move_id

    def _why_it_must_stay(self, row):
        """Return why what the row made is not taken back, or ``None``."""
        if row.made["kind"] == "reconciliation":
            by_hand = row.made.get("by_hand")
            return self._of_row(codes.PAYMENT_UNDO_CHANGED, row) if by_hand else None
        if not self._is_in_force(row):
            return None  # a person took it back before
        made = row.payment_id or row.entry_id
        if row.payment_id.reconciled_statement_line_ids:
            return self._of_row(codes.PAYMENT_UNDO_STATEMENT, row)
        if row.made.get("registered") or self._altered(row):
            return self._of_row(codes.PAYMENT_UNDO_CHANGED, row)
        lock = self._lock_date(made.company_id, made.date, made.journal_id)
        if lock:
            return self._of_row(codes.PAYMENT_UNDO_LOCKED, row, lock_date=lock)
        return None

    def _is_by_hand(self, task):
        """Whether a person reconciled the two documents for that amount already."""
        wanted = task.make
        partials = wanted.debit_lines.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id in wanted.credit_lines
        )
        by_hand = partials - partials.octopus_balancing_ids.partial_ids
        amount = sum(by_hand.mapped("debit_amount_currency"))
        currency = wanted.debit_lines.currency_id[:1]
        return bool(by_hand) and exact(amount, currency) >= wanted.amount

    # How much is open

    def _open_amount(self, move):
        """Return what is open of a document when the tasks before are carried out."""
        if move.id not in self._open:
            self._open[move.id] = open_amount(move)
        return self._open[move.id]

    def _take(self, moves, amount):
        for move in moves:
            self._open[move.id] = self._open_amount(move) - amount

    def _count_in(self, row):
        """Count in what is open again once what the row made is taken back."""
        if row.partial_ids or self._is_in_force(row):
            moves = self.env["account.move"].browse(row.made["moves"])
            self._take(moves, -Decimal(row.made["amount"]))

    @staticmethod
    def _is_in_force(row):
        return row.payment_id.state in LIVE or row.entry_id.state == "posted"

    # Settings

    def _entry_journal(self, move):
        """Return the journal for entries of the company of a document."""
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
                self._about(codes.PAYMENT_NO_ENTRY_JOURNAL, move, company=company.name)
            )
        return self._entry_journals[company]

    def _journal(self, move, key):
        """Return the bank journal of an F journal, else the clearing journal."""
        settings, banks = self._of_company(move.company_id)
        fitting = (
            journal
            for journal in banks.get(key, ())
            if journal.company_id in move.company_id.parent_ids
        )
        return next(fitting, settings.octopus_clearing_journal_id)

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

    def _lock_date(self, company, day, journal):
        """Return the latest lock date that forbids ``day``, or ``None``."""
        key = company, day, journal
        if key not in self._locks:
            locks = company._get_violated_lock_dates(day, False, journal)
            self._locks[key] = max((lock for lock, _field in locks), default=None)
        return self._locks[key]

    # Words

    def _about(self, code, move, **params):
        return Finding(code, {"document": move.name, **params}, move._name, move.ids)

    def _of_row(self, code, row, **params):
        made = row.payment_id or row.entry_id
        target = made or self._document_of(row)
        return Finding(
            code,
            {
                "document": ", ".join(self._document_of(row).octopus_names()),
                "payment": made.name or "",
                **params,
            },
            target._name,
            target.ids,
        )
