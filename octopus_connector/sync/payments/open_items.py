"""Open items: what Octopus lists as open against what is open here.

It raises doubts and never makes a payment. A list that is empty, or that leaves out
many at once, says nothing about any document: at the turn of the year lists do that.
"""

from collections import Counter, defaultdict

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ...api.listed import is_whole
from ...core import codes
from ...core.findings import Finding
from ...core.money import exact
from ...core.states import BOOKED, PAYMENT_SETTLED, TO_DECIDE
from ...prepare.banks import BANK_TYPES
from ...prepare.year_turn import turn_of
from ..mirror import was_today
from .desired import open_amount
from .plan import SHARE_FROM

PARTIES = {"client": "out", "supplier": "in"}
OPEN = ("not_paid", "partial")


class OpenItems:
    """Compares the open items of one dossier.

    :param dossier: ``octopus.dossier``, in sudo
    :param companies: those that follow payments in it
    """

    def __init__(self, dossier, companies):
        self.env = dossier.env
        self.dossier = dossier
        self.companies = companies
        self.asked = {}
        self.concluded = []

    def fetch(self, octopus):
        """Ask for both lists, over all bookyears with open documents.

        :param octopus: ``api.DossierClient``
        :return: ``{party: open items, or None}``; ``None`` without a bookyear of today
        """
        span = self._span()
        if not span:
            facts = {"date": fields.Date.context_today(self.dossier)}
            self._ask("today", Finding(codes.OPEN_ITEMS_BOOKYEAR, facts))
            return None
        return {
            party: octopus.open_items(party, *span, partial=True) for party in PARTIES
        }

    def compare(self, listed):
        """Compare what Octopus lists with what is open here. Matches that were made
        here and are not on their way yet are noted, so that they go.

        :param listed: what :meth:`fetch` returned
        :return: ``{key: (Finding, values)}`` of what is to be asked, with values for
            ``octopus.payment.question``; ``concluded`` holds the beginnings of the
            keys of which the others are answered
        """
        if listed is None:
            return self.asked
        self.concluded.append("today")
        explained = self._explained()
        for party, items in listed.items():
            mine = {
                self._key_of(item): item
                for item in items or ()
                if item.journal[:1] in ("V", "A")
            }
            bookings = {
                key: booking
                for key, booking in self._bookings(PARTIES[party], mine).items()
                if booking not in explained
            }
            if self._says_something(party, items, mine, bookings):
                whole = is_whole(items)
                if whole:
                    self.concluded.append(party)
                for key, booking in bookings.items():
                    # What is not listed may be what could not be read.
                    if whole or key in mine:
                        self._compare(party, booking, mine.get(key))
                self._unallocated(party, items)
        return self.asked

    # What is asked for

    def _span(self):
        years = self.dossier.bookyear_ids.sorted("date_start")
        today = fields.Date.context_today(self.dossier)
        now = years.filtered(lambda year: year.date_start <= today <= year.date_end)
        now = now or self._ended(years, today)
        if not now:
            return None
        waiting = self._with_open_documents()
        first = years.filtered(lambda year: year in waiting or year in now)[:1]
        last = years[-1:]
        return (
            first.octopus_id,
            first.period_ids.sorted("date_start")[:1].number,
            last.octopus_id,
            last.period_ids.sorted("date_start")[-1:].number,
        )

    def _ended(self, years, today):
        """Return the bookyear that ended a short while ago, if Octopus told today that
        none follows: nothing can be booked later, so that its list says it all."""
        told = self.dossier.parts_read_at or {}
        turn = turn_of(self.dossier, today)
        sure = was_today(fields.Datetime.to_datetime(told.get("bookyears")))
        none_follows = turn and turn.now and not turn.coming
        return turn.ending if sure and none_follows else years.browse()

    def _with_open_documents(self):
        groups = self.env["octopus.booking"]._read_group(
            self._sent() & Domain("move_id.payment_state", "in", OPEN),
            ["journal_year_id"],
        )
        years = self.env["octopus.journal.year"]
        return years.union(*(year for [year] in groups)).bookyear_id

    def _sent(self):
        return (
            Domain("dossier_id", "=", self.dossier.id)
            & Domain("state", "in", BOOKED)
            & Domain("company_id", "in", self.companies.ids)
        )

    # What it is compared with

    @staticmethod
    def _key_of(item):
        return item.bookyear_id, item.journal, item.number

    def _bookings(self, direction, listed):
        """Return ``{key: booking}`` of what is open here, or listed there."""
        keys = tuple(listed) or ((0, "", 0),)
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT booking.id, bookyear.octopus_id, journal.key, booking.number
                  FROM octopus_booking AS booking
                  JOIN account_move AS move ON move.id = booking.move_id
                  JOIN octopus_journal_year AS journal_year
                       ON journal_year.id = booking.journal_year_id
                  JOIN octopus_journal AS journal
                       ON journal.id = journal_year.journal_id
                  JOIN octopus_bookyear AS bookyear
                       ON bookyear.id = journal_year.bookyear_id
                 WHERE booking.dossier_id = %s AND booking.state IN %s
                   AND booking.company_id IN %s AND move.state = 'posted'
                   AND move.move_type IN %s
                   AND (move.payment_state IN %s
                        OR (bookyear.octopus_id, journal.key, booking.number) IN %s)
                """,
                self.dossier.id,
                BOOKED,
                tuple(self.companies.ids),
                tuple(f"{direction}_{it}" for it in ("invoice", "refund", "receipt")),
                OPEN,
                keys,
            )
        )
        bookings = self.env["octopus.booking"].browse([row[0] for row in found])
        return {
            tuple(row[1:]): booking
            for row, booking in zip(found, bookings, strict=True)
        }

    def _explained(self):
        """Return the documents of which something is on its way, in either direction,
        or waits for a person already."""
        rows = self.env["octopus.balancing"].search(
            Domain("dossier_id", "=", self.dossier.id)
            & (
                Domain("pending", "=", True)
                | Domain("problem", "!=", False)
                | Domain("plan_id.state", "=", "open")
            )
        )
        other = rows.bookings() | self._paid_here() | self._matched_here()
        return other | self._not_the_same()

    def _not_the_same(self):
        """Return the documents of which a person is told that both sides have something
        else: what is open of them differs for that reason, and one change there is one
        thing to decide."""
        return self.env["octopus.booking"].search(
            Domain("dossier_id", "=", self.dossier.id)
            & Domain("state", "in", TO_DECIDE)
        )

    def _matched_here(self):
        """Return documents that are matched with each other here, and are on their way
        there or waiting for a person."""
        rows = self.env["octopus.document.match"].search(
            [("dossier_id", "=", self.dossier.id), ("due", "=", True)]
        )
        # One with a document that Octopus never gets is on its way nowhere.
        rows = rows.filtered(lambda row: row.has_both())
        return (rows.debit_move_id | rows.credit_move_id).octopus_booking_ids

    def _paid_here(self):
        """Return documents of which the payment has yet to reach Octopus."""
        waiting = self.env["octopus.payment"].search(
            Domain("dossier_id", "=", self.dossier.id)
            & (
                Domain("state", "not in", PAYMENT_SETTLED)
                | Domain("match_state", "in", ("todo", "waiting", "blocked"))
            )
        )
        lines = waiting.move_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        return moves.octopus_booking_ids

    def _says_something(self, party, items, mine, bookings):
        """Whether the list may be believed; else say what is wrong with it."""
        here = {key for key, row in bookings.items() if open_amount(row.move_id)}
        missing = here - mine.keys()
        facts = {"party": party, "count": len(missing), "open": len(here)}
        if not is_whole(items):
            return True
        if not items and here:
            self._ask(f"report:{party}", Finding(codes.OPEN_ITEMS_EMPTY, facts))
            return False
        share = max(self.companies.mapped("octopus_payment_share"))
        many = len(missing) >= SHARE_FROM and len(missing) * 100 > len(here) * share
        if many or (len(missing) > 1 and missing == here):
            self._ask(f"report:{party}", Finding(codes.OPEN_ITEMS_MANY, facts))
            return False
        self.concluded.append(f"report:{party}")
        return True

    def _compare(self, party, booking, item):
        move = booking.move_id
        here = open_amount(move)
        facts = {
            "document": move.name,
            "number": booking.octopus_number,
            "here": here,
            "currency": move.currency_id.name,
        }
        if item is None:
            self._doubt(party, booking, Finding(codes.OPEN_ITEMS_UNLISTED, facts))
            return
        there = self._open_there(item, move.currency_id)
        if there is None or there == here:
            return
        facts = {**facts, "there": there, "difference": abs(there - here)}
        closing = self._reconciled_with(booking) if here < there else move.browse()
        entries = closing.filtered(lambda entry: not self._is_nobodys(entry))
        if (closing and not entries) or (here < there and self._goes_now(booking)):
            return
        code = codes.OPEN_ITEMS_DIFFER
        if entries:
            names = ", ".join(entries.octopus_names())
            code, facts = codes.SETTLED_HERE, {**facts, "entries": names}
        self._doubt(party, booking, Finding(code, facts))

    def _goes_now(self, booking):
        """Whether this document is matched here with one that it was not matched with
        there, as was done before Odoo kept a bank; that goes from now on."""
        matches = self.env["octopus.document.match"]
        known = matches.search(
            Domain("debit_move_id", "=", booking.move_id.id)
            | Domain("credit_move_id", "=", booking.move_id.id)
        )
        pairs = known.debit_move_id | known.credit_move_id
        new = self._made_here(booking).filtered(
            lambda it: not (it.debit_move_id | it.credit_move_id).move_id <= pairs
        )
        rows = known | matches.note_reconciled(new)
        return any(row.due and row.has_both() for row in rows)

    @staticmethod
    def _made_here(booking):
        """Return the reconciliations of a document that no match in Octopus made."""
        lines = booking.move_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return partials.filtered(lambda partial: not partial.octopus_balancing_ids)

    def _reconciled_with(self, booking):
        """Return the entries that close a document here, and that Octopus has not
        got: neither as a payment nor as a document it was matched with."""
        partials = self._made_here(booking)
        entries = (partials.debit_move_id | partials.credit_move_id).move_id
        there = entries.octopus_booking_ids.filtered(
            lambda row: row.dossier_id == self.dossier and row.state in BOOKED
        ).move_id
        there |= entries.origin_payment_id.octopus_balancing_ids.payment_id.move_id
        sent = self.env["octopus.payment"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("move_id", "in", entries.ids),
                ("state", "=", "booked"),
            ]
        )
        return entries - there - sent.move_id - booking.move_id

    @staticmethod
    def _is_nobodys(entry):
        """Whether an entry is of a bank that nobody follows: the accountant books
        that bank, in time."""
        journal = entry.journal_id
        return journal.type in BANK_TYPES and journal.octopus_owner_now() == "none"

    @staticmethod
    def _open_there(item, currency):
        amount = item.open_document_amount
        if amount is None and currency.name == "EUR":
            amount = item.open_booking_amount
        return None if amount is None else abs(exact(float(amount), currency))

    def _unallocated(self, party, items):
        """Show what was paid and is matched with nothing."""
        lines = defaultdict(list)
        for item in items or ():
            if item.journal[:1] == "F" and item.relation and item.open_booking_amount:
                lines[item.relation.id].append(item)
        relations = self.env["octopus.relation"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("octopus_id", "in", list(lines)),
                ("partner_id", "!=", False),
            ]
        )
        starts = filter(None, self.companies.mapped("octopus_start_date"))
        start = min(starts, default=None)
        taken_back = self._taken_back() if relations else {}
        from_here = self._from_here(items or ()) if relations else ()
        for relation in relations:
            for item in lines[relation.octopus_id]:
                before = start and item.document_date and item.document_date < start
                if before or self._key_of(item) in from_here:
                    continue
                told = taken_back.get((*self._key_of(item), item.line), 0)
                if abs(item.open_booking_amount) > told:
                    self._ask_unallocated(party, relation, item)

    def _from_here(self, items):
        """Return the keys of payments that came, or may have come, from Odoo: there it
        is known what they pay, and what a person must know is told there."""
        payments = self.env["octopus.payment"]
        keys = {self._key_of(item) for item in items if item.journal[:1] == "F"}
        undecided = payments.search(
            [("dossier_id", "=", self.dossier.id), ("entry_id", "!=", False)]
        )
        return {
            *payments.of_keys(self.dossier, keys),
            *(row.entry_id.key() for row in undecided),
        }

    def _taken_back(self):
        """Return ``{key of a line: amount in euro}`` of the matches with it that were
        taken back, where a person was told so with the document: nothing is asked
        twice."""
        questions = self.env["octopus.payment.question"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("code", "=", codes.PAYMENT_UNDONE),
                ("state", "in", ("open", "ignored")),
            ]
        )
        currency = self.companies[:1].currency_id
        amounts = Counter()
        for row in questions.balancing_id.filtered("deleted"):
            for side in ("debit", "credit"):
                key = (*row.side_key(side), row[f"{side}_line"])
                amounts[key] += exact(row.amount, currency)
        return amounts

    def _ask_unallocated(self, party, relation, item):
        key = "/".join(map(str, (*self._key_of(item), item.line)))
        currency = self.companies[:1].currency_id
        amount = exact(float(abs(item.open_booking_amount)), currency)
        facts = {
            "partner": relation.partner_id.display_name,
            "amount": amount,
            "line": self.dossier.label_of(*self._key_of(item)),
        }
        finding = Finding(
            codes.PAYMENT_UNALLOCATED, facts, "res.partner", relation.partner_id.ids
        )
        self._ask(
            f"{party}:line:{key}",
            finding,
            partner_id=relation.partner_id.id,
            amount=float(amount),
        )

    # Asking

    def _doubt(self, party, booking, finding):
        move = booking.move_id
        self._ask(
            f"{party}:booking:{booking.id}",
            Finding(finding.code, finding.params, move._name, move.ids),
            booking_id=booking.id,
            partner_id=move.commercial_partner_id.id,
            amount=abs(move.amount_residual_signed),
        )

    def _ask(self, key, finding, **values):
        self.asked[key] = finding, values
