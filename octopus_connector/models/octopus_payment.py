import logging
from collections import Counter
from datetime import date
from functools import partial

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import SQL

from ..api.errors import OctopusError
from ..api.stored import from_json
from ..api.types import FinancialBooking
from ..core import codes
from ..core.bank_money import money_of
from ..core.compare_booking import Match
from ..core.compare_payment import compare, references
from ..core.findings import FindingError
from ..core.money import exact
from ..core.payment_allocation import PaymentLine
from ..core.states import (
    BOOKED,
    HELD,
    IN_FLIGHT,
    NOT_THERE,
    OPEN,
    PAYMENT_BOOKED,
    PAYMENT_STATES,
)
from ..groups import USER
from ..prepare.payment import (
    ELSEWHERE,
    UNMATCHED,
    Preparation,
    exchange_left,
    told_of_documents,
    waiting_for,
)
from ..prepare.payment_items import (
    PARTIES,
    bank_accounts,
    documents_of,
    fingerprint_of_move,
    has_exchanges,
    is_payment,
    items_of,
    wanted_of,
)
from ..send.payment import Transfer
from ..send.payment_batch import Round
from ..sync.find_entry import maybe_payment
from ..transaction import own_transaction
from .octopus_outbox_mixin import AT_REST, PASS_LIMIT

_logger = logging.getLogger(__name__)

NO_START = date(1900, 1, 1)
# What is told anew each time that the matches of a payment are looked at.
TOLD_WITH_MATCHES = (UNMATCHED, ELSEWHERE, codes.PAYMENT_EXCHANGE_LEFT)
ALONE = (
    "state = 'booked' AND match_state = 'done'"
    f""" AND findings @> '[{{"code": "{UNMATCHED}"}}]'"""
)


class OctopusPayment(models.Model):
    """A payment of Odoo on its way to Octopus: an F booking, then a match for each
    document.

    The booking lives as a document's does (``octopus.booking``). What is matched
    follows what is reconciled in Odoo for as long as it is booked; taken back in Odoo,
    the matches go first, then a booking the other way follows.
    """

    _name = "octopus.payment"
    _description = "Octopus Payment"
    _inherit = ["octopus.outbox.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "document_date, id"
    _rec_name = "document_name"
    # Nobody writes a row; who sees it may talk about it.
    _mail_post_access = "read"

    move_id = fields.Many2one(
        "account.move", string="Entry", index="btree_not_null", ondelete="set null"
    )
    payment_id = fields.Many2one(
        related="move_id.origin_payment_id", string="Payment", store=True, index=True
    )
    bank_journal_id = fields.Many2one(
        related="move_id.journal_id", string="Bank", store=True
    )
    partner_id = fields.Many2one(related="move_id.partner_id", string="Contact")
    state = fields.Selection(PAYMENT_STATES, default="ready", required=True, index=True)
    document_date = fields.Date(string="Date", readonly=True)
    reference = fields.Char(
        readonly=True, copy=False, help="What the payment is known by in Octopus."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    accounting_date = fields.Date(related="document_date")
    amount = fields.Float(
        string="Amount (EUR)",
        digits=(16, 2),
        readonly=True,
        help="What the bank moves; negative when money goes out.",
    )
    seen_at = fields.Datetime(
        readonly=True, help="The entry was looked at as it was written then."
    )
    slots = fields.Json(readonly=True, copy=False)
    adopted = fields.Boolean(readonly=True, copy=False)
    entry_id = fields.Many2one(
        "octopus.journal.entry",
        string="Perhaps in Octopus as",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="A person must say whether it is this payment.",
    )
    entry_date = fields.Date(related="entry_id.document_date", string="Date there")
    entry_amount = fields.Float(related="entry_id.amount", string="Amount there")
    entry_text = fields.Char(related="entry_id.reference", string="Text there")
    reversal_of_id = fields.Many2one("octopus.payment", readonly=True, index=True)
    reversal_ids = fields.One2many("octopus.payment", "reversal_of_id")

    match_ids = fields.One2many("octopus.payment.match", "payment_id")
    match_state = fields.Selection(
        [
            ("todo", "To match"),
            ("waiting", "Waiting"),
            ("blocked", "Blocked"),
            ("done", "Matched"),
        ],
        string="Documents",
        readonly=True,
        copy=False,
    )

    _move_uniq = models.UniqueIndex(
        "(move_id, dossier_id) WHERE move_id IS NOT NULL AND reversal_of_id IS NULL"
        " AND state <> 'reversed'",
        "A payment is in the books of a dossier once.",
    )
    _reversal_uniq = models.UniqueIndex(
        "(reversal_of_id) WHERE reversal_of_id IS NOT NULL",
        "A payment is taken back once.",
    )
    _number_uniq = models.UniqueIndex(
        "(journal_year_id, number) WHERE number > 0 AND state <> 'gone'",
        "This number of the Octopus journal is already taken.",
    )
    _in_flight_uniq = models.UniqueIndex(
        "(journal_year_id) WHERE state IN ('sending', 'unknown')",
        "One payment at a time travels to an Octopus journal.",
    )
    _due_idx = models.Index(
        "(dossier_id, document_date, id)"
        " WHERE queued AND state IN ('ready', 'waiting', 'sending', 'unknown')"
    )
    _match_idx = models.Index(
        "(dossier_id, id) WHERE match_state IN ('todo', 'waiting')"
    )
    _unmatched_idx = models.Index(f"(dossier_id) WHERE {ALONE}")

    # Which payments

    @api.model
    def _banks(self, dossier):
        """Return the bank and cash journals of which Odoo owns the payments."""
        companies = dossier.sudo().company_ids.filtered("octopus_enabled")
        return companies._octopus_banks().filtered(
            lambda bank: bank._octopus_owner() == "odoo"
        )

    @api.model
    def _collect(self, dossier):
        """Give each payment of these banks its row; follow those that were changed or
        taken back in Odoo since they were looked at."""
        try:
            with self.env.cr.savepoint():
                self._collect_now(dossier)
        except UniqueViolation as error:
            _logger.info("Another worker collects payments at this moment: %s", error)

    def _collect_now(self, dossier):
        self._follow(self._changed(dossier))
        holders = dossier.sudo().company_ids.filtered("octopus_enabled")
        # A branch with its own dossier may pay from the bank of the company above it.
        banks = self._banks(dossier) | holders._octopus_banks_above().filtered(
            lambda bank: bank._octopus_owner() == "odoo"
        )
        if not banks:
            return
        companies = {
            company: holder
            for holder in holders
            for company in holder._octopus_companies()
        }
        moves = self._without_row(banks, companies)
        self._for_moves(moves.filtered(is_payment))

    def _without_row(self, banks, companies):
        """Return posted entries of companies in banks, with a line on a customer or
        supplier, from the day on that each bank's payments go to Octopus, and each
        company's documents do.

        :param companies: ``{company: company that holds its settings}``
        """
        self.env.flush_all()
        banks = [(bank.id, bank._octopus_payments_start()) for bank in banks]
        holders = [
            (
                company.id,
                holder.octopus_start_date or NO_START,
                holder.octopus_without_contact == "out",
            )
            for company, holder in companies.items()
        ]
        holders = SQL(", ").join(SQL("(%s, %s::date, %s)", *it) for it in holders)
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.date, move.id
                  FROM account_move AS move
                  JOIN (VALUES %(banks)s) AS bank (id, start)
                       ON move.journal_id = bank.id AND move.date >= bank.start
                  JOIN (VALUES %(holders)s) AS holder (company_id, start, strict)
                       ON move.company_id = holder.company_id
                      AND move.date >= holder.start
                  JOIN account_move_line AS line
                       ON line.move_id = move.id
                      AND (line.partner_id IS NOT NULL OR NOT holder.strict)
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE move.state = 'posted'
                   AND account.account_type IN %(parties)s
                   AND NOT EXISTS (
                       SELECT FROM octopus_payment AS row
                        WHERE row.move_id = move.id AND row.reversal_of_id IS NULL
                          AND row.state <> 'reversed')
                 ORDER BY move.date, move.id
                 LIMIT %(limit)s
                """,
                banks=SQL(", ").join(SQL("(%s, %s::date)", *it) for it in banks),
                holders=holders,
                parties=tuple(PARTIES),
                limit=PASS_LIMIT,
            )
        )
        return self.env["account.move"].browse([move_id for _date, move_id in found])

    @api.model
    def _for_moves(self, moves):
        """Make the rows of payments.

        :param moves: posted entries that are payments, of companies with a dossier
        """
        made = self.sudo().with_context(mail_create_nolog=True)
        return made.create([self._values_for(move) for move in moves])

    def _values_for(self, move):
        dossier = move.company_id._octopus_dossier()
        before = self.sudo().search_count(
            [("move_id", "=", move.id), ("reversal_of_id", "=", False)]
        )
        return {
            **self._facts_of(move),
            "move_id": move.id,
            "company_id": move.company_id.id,
            "dossier_id": dossier.id,
            "queued": dossier.automatic,
            # The same payment sent anew after it was taken back is another one there.
            "reference": f"{move.name} {before + 1}" if before else move.name,
        }

    @api.model
    def _facts_of(self, move):
        amount = sum(item.amount for item in items_of(move))
        return {
            "document_name": move.name,
            "document_date": move.date,
            "amount": float(amount),
            "seen_at": move.write_date,
        }

    @api.model
    def _changed(self, dossier):
        """Return rows whose entry was written, or deleted, since it was looked at."""
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT row.id
                  FROM octopus_payment AS row
             LEFT JOIN account_move AS move ON move.id = row.move_id
                 WHERE row.dossier_id = %s
                   AND row.reversal_of_id IS NULL
                   AND row.state IN ('ready', 'waiting', 'blocked', 'booked')
                   AND (move.id IS NULL
                        OR row.seen_at IS NULL
                        OR date_trunc('second', move.write_date)
                           IS DISTINCT FROM row.seen_at)
                """,
                dossier.id,
            )
        )
        return self.browse([row_id for (row_id,) in found])

    def _follow(self, rows):
        """Take over what payments became in Odoo."""
        for row in rows:
            move = row.move_id
            stands = move.state == "posted" and is_payment(move)
            if row.state == "booked":
                if stands and row._is_as_sent():
                    row.seen_at = move.write_date
                else:
                    row._take_back()
            elif stands:
                row.write(self._facts_of(move))
            elif row.entry_id:
                # Octopus may have it: then it must be taken back there.
                row._hold("blocked", [maybe_payment(row.entry_id)])
            else:
                row.unlink()

    def _is_as_sent(self):
        """Whether Octopus has the payment as it is here."""
        now = fingerprint_of_move(self.move_id)
        if now != self.fingerprint:
            settings = self.company_id._octopus_settings()
            prepared = Preparation(settings).prepare(self.move_id)
            if not prepared.is_same(self._booking()):
                return False
            self.fingerprint = now
        return True

    def _concerns_exchange(self):
        """Whether an exchange difference is, or was, booked with it."""
        items = items_of(self.move_id)
        own = sum(item.type == "A" for item in items)
        booked = sum(line.type == "A" for line in self._booking().lines)
        return booked > own or has_exchanges(items)

    def _take_back(self):
        """Undo in Octopus what was taken back or changed in Odoo."""
        self.ensure_one()
        self.write({"state": "reversing", "match_state": "todo", "retry_at": False})
        self.with_context(mail_create_nolog=True).create(
            {
                "document_name": self.document_name,
                "document_date": self.document_date,
                "company_id": self.company_id.id,
                "dossier_id": self.dossier_id.id,
                "amount": -self.amount,
                "reference": f"{self.reference} R",
                "reversal_of_id": self.id,
                "queued": True,
            }
        )

    @api.model
    def _note_reconciled(self, moves):
        """Note that what these entries are reconciled with changed.

        :param moves: ``account.move`` of any kind
        """
        rows = self.sudo().search(
            [("move_id", "in", moves.ids), ("state", "=", "booked")]
        )
        rows.write({"match_state": "todo", "retry_at": False, "attempts": 0})
        # Odoo may have booked an exchange difference, or taken one back: what was sent
        # is looked at again.
        rows.filtered(lambda row: row._concerns_exchange()).seen_at = False
        self.env["octopus.balancing"]._note_sent(rows)
        for dossier in rows.dossier_id:
            dossier.push_cron_id._trigger()

    @api.model
    def _numbers(self, here):
        """Return the numbers that payments of ours have.

        :param here: a domain of journal and numbers
        """
        ours = Domain(here) & Domain("number", ">", 0) & Domain("state", "!=", "gone")
        return set(self.search_fetch(ours, ["number"]).mapped("number"))

    @api.model
    def _journal_years(self, dossier):
        """Return the bank journals, each in its bookyear, that we booked in."""
        groups = self._read_group(
            [("dossier_id", "=", dossier.id)], ["journal_year_id"]
        )
        return self.env["octopus.journal.year"].union(*(year for [year] in groups))

    @api.model
    def _keys(self, dossier, keys):
        """Return those payments that we sent among documents of Octopus.

        :param keys: ``{(bookyear, journal, number)}`` as Octopus names them
        :return: ``{key: octopus.payment}``
        """
        rows = self.sudo().search(
            [
                ("dossier_id", "=", dossier.id),
                ("number", "in", [number for _year, _journal, number in keys]),
                ("state", "in", (*IN_FLIGHT, *PAYMENT_BOOKED)),
            ]
        )
        ours = {
            (row.bookyear_id.octopus_id, row.journal_id.key, row.number): row
            for row in rows
        }
        return {key: row for key, row in ours.items() if key in keys}

    # The life of a row

    def _queue(self, user=None):
        """Ask for these payments to leave, now."""
        self._request(OPEN, user)
        stuck = self.filtered(lambda row: row.match_state in HELD)
        stuck.write({"match_state": "todo", "retry_at": False, "attempts": 0})

    def _set_booked(self, *_files):
        """Octopus has it, under the number that was claimed."""
        self.ensure_one()
        reversal = self.reversal_of_id
        self.write(
            {
                **AT_REST,
                "state": "booked",
                "findings": self._worth_telling(),
                "match_state": "done" if reversal else "todo",
                "entry_id": False,
            }
        )
        reversal.state = "reversed"
        self.journal_year_id._note_booked(self.number)

    def _is_of_another(self, references):
        """Whether a text is what another payment of the dossier is known by."""
        others = [
            ("dossier_id", "=", self.dossier_id.id),
            ("reference", "in", list(references)),
            ("id", "!=", self.id),
        ]
        return bool(references and self.search_count(others, limit=1))

    def _likeness(self, found):
        """Return how a booking in Octopus compares with this payment as it was sent; a
        booking that is known as another payment of ours is another.

        :param found: ``api.FinancialBooking``
        """
        sent = self._booking()
        theirs = references(found)
        if not references(sent) & theirs and self._is_of_another(theirs):
            return Match.OTHER
        return compare(sent, found)

    def _items_by_party(self):
        """Return ``{party: item}`` of what it pays, parties as ``party_of``
        names a party."""
        if self.move_id.state != "posted":
            return {}
        settings = self.company_id._octopus_settings()
        items = {}
        for leg in Preparation(settings).prepare(self.move_id).legs:
            items.setdefault((leg.type, leg.relation, leg.amount > 0), leg.item)
        return items

    def _adopt(self, entry, payload, slots):
        """Take a booking that Octopus has already for this payment: nothing is sent,
        and nothing is changed there.

        :param payload: the booking as JSON
        :param slots: its lines that documents can be matched with, as JSON values
        """
        self.ensure_one()
        mark = fingerprint_of_move(self.move_id) if self.move_id else False
        self.write(
            {
                "adopted": True,
                "findings": False,
                "journal_year_id": entry.journal_year_id.id,
                "number": entry.number,
                "period_number": payload["period"],
                "payload": payload,
                "slots": slots,
                "fingerprint": mark,
                "sent_at": fields.Datetime.now(),
            }
        )
        self._set_booked()
        note = self.env._(
            "Found in Octopus as %(number)s and linked; it was not sent again.",
            number=self.octopus_number,
        )
        self._message_log(body=note)

    def _has_to_undo(self):
        """Whether what a booking the other way undoes is in Octopus."""
        self.ensure_one()
        before = self.reversal_of_id
        return before.state in ("reversing", "reversed") and before.number > 0

    def _drop_needless(self):
        """Keep bookings the other way from leaving when nothing is there any more that
        they undo; return them."""
        needless = self.filtered(
            lambda row: (
                row.reversal_of_id
                and row.state in (*OPEN, "gone")
                and not row._has_to_undo()
            )
        )
        needless.write({"state": "excluded", "queued": False, "retry_at": False})
        return needless

    @api.model
    def _note_gone(self, journal_years):
        """Mark payments beyond the last number Octopus has: somebody deleted them
        there."""
        here = (
            Domain("journal_year_id", "in", journal_years.ids)
            & Domain("state", "in", PAYMENT_BOOKED)
            & Domain("number", ">", 0)
        )
        highest = self._read_group(here, ["journal_year_id"], ["number:max"])
        for year, number in highest:
            if number > year.last_number:
                beyond = Domain("journal_year_id", "=", year.id) & Domain(
                    "number", ">", year.last_number
                )
                self.search(here & beyond)._set_gone()

    def _set_gone(self):
        """Octopus does not have them any more. What was taken back in Odoo, or
        was to be, is as it should be then."""
        note = self.env._("The booking was deleted in Octopus.")
        self._message_log_batch({row.id: note for row in self})
        undone = self.filtered(lambda row: row.state in ("reversing", "reversed"))
        # Its number is free for another payment.
        undone.write({"state": "reversed", "match_state": "done", "number": False})
        (self - undone).write({"state": "gone", "match_state": "done"})
        self.match_ids.unlink()
        (self | self.reversal_ids)._drop_needless()

    def _go_to(self, dossier):
        # EXTENDS 'octopus.outbox.mixin': what undoes a payment of the former dossier
        # stays there
        if self.reversal_of_id:
            return None
        self.entry_id = False
        return super()._go_to(dossier)

    # Matches

    def _match_plan_parts(self):
        """Return what decides which matches are made: the lines that can take them,
        what should be matched, what is, and what is to be told of documents that are
        not there.

        :return: (slots, wanted, held) as ``core.payment_allocation`` wants them, and
            ``Finding`` values
        """
        self.ensure_one()
        held = Counter()
        for match in self.match_ids.filtered(lambda row: row.state == "made"):
            amount = exact(match.amount, self.company_id.currency_id)
            held[match._pair()] += amount
        slots = [from_json(PaymentLine, values) for values in self.slots or []]
        if self.state != "booked" or self.reversal_of_id or not self.move_id:
            return slots, {}, held, []
        items = items_of(self.move_id)
        without = documents_of(items, self.dossier_id)
        told = told_of_documents(items, without, self.dossier_id)
        if money_of(self.journal_id, None).is_foreign:
            told += exchange_left(self.move_id, items, slots)
        return slots, wanted_of(items, slots), held, told

    def _booking(self):
        """Return the booking as it was sent."""
        return from_json(FinancialBooking, self.payload)

    def _hold_matches(self, state, findings, retry_at=None):
        """Note why matches cannot be made or taken back now."""
        self.write(
            {
                "match_state": state,
                "findings": [found.as_json() for found in findings],
                "cause": findings[0].code,
                "retry_at": retry_at,
                "attempts": self.attempts + 1,
            }
        )

    def _set_matched(self, told):
        """Everything is matched in Octopus as it is reconciled in Odoo.

        :param told: ``Finding`` values of documents that Octopus will not get from here
        """
        if self.move_id and self._concerns_exchange():
            # It may have come while the payment was on its way: it is looked at again.
            self.seen_at = False
        # What was told of documents when it was booked may be over.
        others = [
            found
            for found in self._worth_telling()
            if found["code"] not in TOLD_WITH_MATCHES
        ]
        self.write(
            {
                "match_state": "done",
                "adopted": False,
                "retry_at": False,
                "attempts": 0,
                "cause": False,
                "findings": [*others, *(found.as_json() for found in told)],
            }
        )

    @api.model
    def _matches_due(self, dossier, payments=None):
        """Return the rows with matches to make or take back now."""
        now = fields.Datetime.now()
        domain = Domain("dossier_id", "=", dossier.id) & (
            Domain("match_state", "=", "todo")
            | Domain("match_state", "=", "waiting") & Domain("retry_at", "<=", now)
        )
        if payments is not None:
            domain &= Domain("id", "in", payments.ids)
        domain &= Domain("state", "in", PAYMENT_BOOKED)
        return self.search(domain, limit=PASS_LIMIT)

    # The pass

    @api.model
    def _push(self, dossier, payments=None):
        """Send the payments of a dossier that are due, oldest first, and match them
        with their documents, and documents with each other.

        Commits after each payment; what cannot go is noted on its row.

        :param payments: only these, for a person who waits for them
        :return: the ``octopus.run``, empty when nothing was due
        """
        rows = self.browse().sudo().with_context(tracking_disable=True)
        dossier = dossier.sudo()
        if dossier.paused:
            return rows.env["octopus.run"]
        retrying(partial(rows._collect, dossier), rows.env)
        rows._wake_waiting(dossier)
        due = rows._due(dossier, payments)
        retrying(due._offer_accounts, rows.env)
        matches = rows._matches_due(dossier, payments)
        pairs = rows.env["octopus.document.match"]
        if payments is None:
            pairs = pairs._due(dossier)
        left = len(due) + len(matches) + len(pairs)
        rows.env["ir.cron"]._commit_progress(remaining=left)
        runs = rows.env["octopus.run"]
        if not left:
            return runs
        run = runs.create(
            {
                "kind": "remit",
                "dossier_id": dossier.id,
                "interactive": payments is not None,
                "user_id": rows.env.uid,
                "total": len(due),
            }
        )
        rows.env["ir.cron"]._commit_progress()
        return rows._carry_out(
            dossier,
            run,
            lambda octopus: Round(rows.env, dossier, run, octopus).travel(
                due, matches, pairs
            ),
        )

    def _offer_accounts(self):
        """Have a row in the account mapping for every account of these payments, so
        that a person can choose or accept it."""
        mappings = self.env["octopus.account.mapping"]
        for (settings, _bank), rows in self.grouped(
            lambda row: (row.company_id._octopus_settings(), row.bank_journal_id)
        ).items():
            unnamed = settings.octopus_without_contact == "account"
            accounts = rows._other_accounts(unnamed)
            try:
                with self.env.cr.savepoint():
                    mappings._offer(settings, accounts)
            except UniqueViolation as error:
                _logger.info("Another worker offers accounts at this moment: %s", error)

    def _other_accounts(self, unnamed):
        """Return the accounts of payments of one bank that stand neither for the bank
        nor for a customer or supplier, those of exchange differences too.

        :param unnamed: what has no contact stands for none either
        """
        others = Domain("account_id.account_type", "not in", tuple(PARTIES))
        if unnamed:
            others |= Domain("partner_id", "=", False)
        used = self.env["account.move.line"]._read_group(
            Domain("move_id", "in", self.move_id.ids) & others, ["account_id"]
        )
        accounts = self.env["account.account"].union(*(account for [account] in used))
        lines = [("move_id", "in", self.move_id.ids)]
        exchanges = self.env["account.partial.reconcile"].search(
            Domain("exchange_move_id", "!=", False)
            & (
                Domain("debit_move_id", "any", lines)
                | Domain("credit_move_id", "any", lines)
            )
        )
        accounts |= exchanges.exchange_move_id.line_ids.account_id.filtered(
            lambda account: account.account_type not in PARTIES
        )
        return accounts - bank_accounts(self.move_id)

    @api.model
    def _wake(self, dossiers):
        # EXTENDS 'octopus.outbox.mixin': what is a payment at all depends on settings
        alone = self.sudo().search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("state", "=", "blocked"),
                ("cause", "=", codes.PAYMENT_WITHOUT_CONTACT),
            ]
        )
        alone.seen_at = False
        return super()._wake(dossiers)

    def _wake_waiting(self, dossier):
        """Let payments go that waited for documents which are booked now, and match
        those that went without a document that came after all."""
        self._came_after_all(dossier).match_state = "todo"
        waiting = self.search(
            [
                ("dossier_id", "=", dossier.id),
                ("cause", "=", codes.PAYMENT_WAITS),
                "|",
                ("state", "=", "waiting"),
                ("match_state", "=", "waiting"),
            ]
        )
        for row in waiting:
            items = items_of(row.move_id)
            if not waiting_for(items, documents_of(items, dossier), dossier):
                row.retry_at = fields.Datetime.now()

    @api.model
    def _came_after_all(self, dossier):
        """Return payments that were told to go unmatched, with a document among those
        that were told which is booked now."""
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT row.id
                  FROM octopus_payment AS row,
                       jsonb_array_elements(row.findings) AS told,
                       jsonb_array_elements(told->'ids') AS document
                  JOIN octopus_booking AS booking
                       ON booking.move_id = document::integer
                 WHERE row.dossier_id = %(dossier)s
                   AND row.id IN (
                       SELECT id FROM octopus_payment WHERE %(alone)s)
                   AND told->>'code' = %(code)s
                   AND booking.dossier_id = %(dossier)s
                   AND booking.state IN %(booked)s
                """,
                dossier=dossier.id,
                alone=SQL(ALONE),
                code=UNMATCHED,
                booked=BOOKED,
            )
        )
        return self.browse([row_id for [row_id] in found])

    @api.model
    def _timed_domain(self):
        # EXTENDS 'octopus.outbox.mixin': what is booked may wait to be matched
        return super()._timed_domain() | Domain("match_state", "=", "waiting")

    # For people

    def action_send(self):
        """Send these payments now, or try again what stands still."""
        self._check_user()
        rows = self.sudo().filtered(lambda row: row.state != "excluded")
        if not rows:
            raise UserError(
                self.env._(
                    "%(documents)s are kept out of Octopus: an administrator can let"
                    " them go.",
                    documents=", ".join(self.mapped("document_name")),
                )
            )
        rows._queue(self.env.user)
        problem = None
        with own_transaction(rows.env) as env:
            for dossier in rows.dossier_id.with_env(env):
                run = env[self._name]._push(dossier, rows.with_env(env))
                problem = problem or run.problem
        return self._notification(problem)

    def _notification(self, problem=None):
        told = problem or next((row._deciding() for row in self if row.findings), None)
        booked = self.filtered(lambda row: row.state == "booked")
        message = self.env._(
            "In Octopus: %(numbers)s",
            numbers=", ".join(booked.mapped("octopus_number")) or "–",
        )
        if told:
            message = self.env["octopus.finding"]._sentences(told)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if told else "success",
                "title": self.env._("Payments to Octopus"),
                "message": message,
                "sticky": bool(told),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_document(self):
        """Open the payment, or its entry, in Odoo."""
        self.ensure_one()
        return (self.payment_id or self.move_id)._get_records_action()

    def action_exclude(self):
        """Ask why these payments must stay out of Octopus."""
        self._check_administrator()
        self._check_not_sent()
        return self.env["octopus.exclude"]._open_payments(self)

    def _exclude(self, reason):
        """Keep payments out of Octopus that it does not have; the reason stays in their
        history.

        :raises UserError: no reason was given, or one is in Octopus, or on its way
        """
        if not self:
            return
        reason = self._checked_reason(reason)
        self._check_administrator()
        rows = self.sudo()
        rows._lock()
        rows._check_not_sent()
        rows._forget_number()
        rows.write({"state": "excluded", "queued": False, "retry_at": False})
        note = self.env._("Will not be sent to Octopus: %(reason)s", reason=reason)
        rows._message_log_batch({row.id: note for row in rows})

    def _check_not_sent(self):
        """:raises UserError: Octopus has a payment, may have it, or must follow"""
        sent = self.filtered(lambda row: row.state not in (*OPEN, *NOT_THERE))
        if sent:
            raise UserError(
                self.env._(
                    "%(documents)s went to Octopus already and cannot be kept out.",
                    documents=", ".join(sent.mapped("document_name")),
                )
            )
        undoing = self.filtered(lambda row: row.reversal_of_id and row._has_to_undo())
        if undoing:
            raise UserError(
                self.env._(
                    "%(documents)s was taken back in Odoo: Octopus must follow.",
                    documents=", ".join(undoing.mapped("document_name")),
                )
            )

    def action_include(self):
        """Let payments that were kept out go to Octopus after all."""
        self._check_administrator()
        out = self.filtered(
            lambda row: row.state == "excluded" and not row.reversal_of_id
        )
        out.sudo().write({"state": "ready", "queued": False})
        note = self.env._("Can be sent to Octopus again.")
        out._message_log_batch({row.id: note for row in out})

    def action_send_again(self):
        """Book anew what was deleted in Octopus, for a person who wants it there."""
        self._check_user()
        gone = self.sudo()._locked("gone")
        gone._forget_number()
        gone.write({"state": "ready", "match_state": False})
        return gone.with_env(self.env).action_send()

    # Already in Octopus

    def action_adopt(self):
        """Say that these payments are what was found in Octopus: they are linked, and
        nothing is sent but their matches."""
        self._check_user()
        rows = self._undecided()
        texts = self.env["octopus.finding"]
        try:
            with own_transaction(rows.env) as env:
                for row in rows.with_env(env)._locked(*OPEN):
                    with row.dossier_id._client() as octopus:
                        Transfer(env, octopus).adopt(row.id)
        except OctopusError as error:
            finding = rows.dossier_id[:1]._note_error(error)
            raise UserError(texts._sentences(finding)) from error
        except FindingError as error:
            raise UserError(texts._sentences(error.findings[0].as_json())) from error
        return rows.with_env(self.env).action_send()

    def action_other_payment(self):
        """Say that these payments are not what was found in Octopus: they may be
        sent."""
        self._check_user()
        rows = self._undecided()
        for row in rows:
            row.entry_id.other_payment_ids += row
            note = self.env._(
                "%(user)s says that %(number)s in Octopus is another payment.",
                user=self.env.user.name,
                number=row.entry_id.octopus_number,
            )
            row._message_log(body=note)
        rows.entry_id = False
        rows._may_go()

    def _undecided(self):
        """Return those that may be in Octopus already, in sudo."""
        rows = self.sudo().filtered(lambda row: row.state in OPEN and row.entry_id)
        rows._lock()
        rows = rows.filtered(lambda row: row.state in OPEN)
        if not rows:
            raise UserError(
                self.env._("Nothing in Octopus looks like what was chosen here.")
            )
        return rows

    def _check_user(self):
        self.check_access("read")
        if not self.env.user.has_group(USER):
            raise UserError(
                self.env._("Only Octopus users can send payments to Octopus.")
            )

    def _forget_number(self):
        """Let go of the number of what Octopus does not have any more."""
        gone = self.filtered(lambda row: row.state == "gone")
        for row in gone:
            # Somebody may have booked there since.
            year, number = row.journal_year_id, row.number
            here = [("journal_year_id", "=", year.id), ("number", "=", number)]
            year._note_freed({number} - self._numbers(here))
        # Of a booking the other way that was not needed; there may be need of one.
        gone.reversal_ids.unlink()
        gone.write(
            {
                "number": False,
                "payload": False,
                "slots": False,
                "sent_at": False,
                "findings": False,
                "cause": False,
            }
        )
