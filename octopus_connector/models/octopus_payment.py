from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..api.stored import from_json
from ..api.types import FinancialBooking
from ..core import codes
from ..core.bank_money import currency_of, money_of
from ..core.compare_payment import total
from ..core.findings import worth_telling
from ..core.matches import BOOKING_CURRENCY
from ..core.money import exact
from ..core.payment_allocation import PaymentLine
from ..core.retry import PASS_LIMIT
from ..core.states import (
    HELD,
    IN_FLIGHT,
    NOT_THERE,
    OPEN,
    PAYMENT_BOOKED,
    PAYMENT_STATES,
    SHOWN_PAYMENT_STATES,
)
from ..groups import USER
from ..notification import notification
from ..prepare.payment import exchange_left
from ..prepare.payment_documents import ELSEWHERE, UNMATCHED, told_of_documents
from ..prepare.payment_items import (
    documents_of,
    has_exchanges,
    items_of,
    wanted_of,
)
from ..send.collect_payments import ALONE
from ..send.link_payments import part
from ..send.pause import kept_text
from ..send.payment import PaymentKind
from ..sync.link_dossier import bring_along
from ..transaction import own_transaction

# What is told anew each time that the matches of a payment are looked at.
TOLD_WITH_MATCHES = (UNMATCHED, ELSEWHERE, codes.PAYMENT_EXCHANGE_LEFT)


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

    _octopus_kind = PaymentKind
    _octopus_turn = 20
    _octopus_booked = PAYMENT_BOOKED
    _octopus_can_stay_out = (*OPEN, *NOT_THERE)
    _octopus_afresh = OPEN
    _octopus_of_dossier = ("entry_id",)

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
    shown_state = fields.Selection(
        SHOWN_PAYMENT_STATES,
        string="Octopus state",
        compute="_compute_shown_state",
        search="_search_shown_state",
    )
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

    def _concerns_exchange(self):
        """Whether an exchange difference is, or was, booked with it."""
        items = items_of(self.move_id)
        own = sum(item.type == "A" for item in items)
        booked = sum(line.type == "A" for line in self.booking().lines)
        return booked > own or has_exchanges(items)

    @api.model
    def _note_reconciled(self, moves):
        """Note that what these entries are reconciled with changed.

        :param moves: ``account.move`` of any kind
        """
        seen = Domain("state", "=", "booked") | Domain("foreseen_at", "!=", False)
        rows = self.sudo().search(Domain("move_id", "in", moves.ids) & seen)
        foreseen = rows.filtered(lambda row: row.state in OPEN)
        foreseen.foreseen_at = False
        rows = rows.filtered(lambda row: row.state == "booked")
        rows.write({"match_state": "todo", "retry_at": False, "attempts": 0})
        # Odoo may have booked an exchange difference, or taken one back: what was sent
        # is looked at again.
        rows.filtered(lambda row: row._concerns_exchange()).seen_at = False
        self.env["octopus.balancing"].note_sent(rows)
        for dossier in rows.dossier_id:
            dossier.push_cron_id._trigger()

    @api.model
    @api.private
    def numbers(self, here):
        """Return the numbers that payments of ours have.

        :param here: a domain of journal and numbers
        """
        ours = Domain(here) & Domain("number", ">", 0) & Domain("state", "!=", "gone")
        return set(self.search_fetch(ours, ["number"]).mapped("number"))

    @api.model
    @api.private
    def of_keys(self, dossier, keys):
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

    @api.private
    def queue(self, user=None, run=None):
        # EXTENDS 'octopus.outbox.mixin': matches too
        stuck = self.filtered(lambda row: row.match_state in HELD)
        stuck.write({"match_state": "todo", "retry_at": False, "attempts": 0})
        return super().queue(user, run)

    @api.private
    def of_dossier(self):
        # EXTENDS 'octopus.outbox.mixin': what undoes a payment of the former dossier
        # stays there
        return None if self.reversal_of_id else super().of_dossier()

    def _check_not_sent(self):
        # EXTENDS 'octopus.outbox.mixin'
        checked = super()._check_not_sent()
        undoing = self.filtered(lambda row: row.reversal_of_id and row.has_to_undo())
        if undoing:
            raise UserError(
                self.env._(
                    "%(documents)s was taken back in Odoo: Octopus must follow.",
                    documents=", ".join(undoing.mapped("document_name")),
                )
            )
        return checked

    @api.private
    def is_of_another(self, references):
        """Whether a text is what another payment of the dossier is known by."""
        others = [
            ("dossier_id", "=", self.dossier_id.id),
            ("reference", "in", list(references)),
            ("id", "!=", self.id),
        ]
        return bool(references and self.search_count(others, limit=1))

    @api.private
    def has_to_undo(self):
        """Whether what a booking the other way undoes is in Octopus."""
        self.ensure_one()
        before = self.reversal_of_id
        return before.state in ("reversing", "reversed") and before.number > 0

    # Matches

    @api.private
    def match_plan_parts(self):
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
            held[match.pair()] += amount
        slots = [from_json(PaymentLine, values) for values in self.slots or []]
        if self.state != "booked" or self.reversal_of_id or not self.move_id:
            return slots, {}, held, []
        items = items_of(self.move_id)
        without = documents_of(items, self.dossier_id)
        told = told_of_documents(items, without, self.dossier_id)
        if money_of(self.journal_id, None).is_foreign:
            told += exchange_left(self.move_id, items, slots)
        return slots, wanted_of(items, slots), held, told

    @api.private
    def booking(self):
        """Return the booking as it was sent."""
        return from_json(FinancialBooking, self.payload)

    @api.private
    def hold_matches(self, state, findings, retry_at=None):
        """Note why matches cannot be made or taken back now."""
        self.write(
            {
                "match_state": state,
                "findings": [found.as_json() for found in findings],
                "cause": findings[0].code,
                "retry_at": retry_at,
                "attempts": self.attempts + 1,
                "trace": findings[0].trace or False,
            }
        )

    @api.private
    def set_matched(self, told):
        """Everything is matched in Octopus as it is reconciled in Odoo.

        :param told: ``Finding`` values of documents that Octopus will not get from here
        """
        if self.move_id and self._concerns_exchange():
            # It may have come while the payment was on its way: it is looked at again.
            self.seen_at = False
        # What was told of documents when it was booked may be over.
        others = [
            found
            for found in worth_telling(self.findings)
            if found["code"] not in TOLD_WITH_MATCHES
        ]
        self.write(
            {
                "match_state": "done",
                "adopted": False,
                "retry_at": False,
                "attempts": 0,
                "cause": False,
                "trace": False,
                "findings": [*others, *(found.as_json() for found in told)],
            }
        )

    def _foreseen_total(self, booking):
        # OVERRIDES 'octopus.outbox.mixin': an F booking tells no total and no currency
        mine = self.dossier_id.journal_ids.filtered(
            lambda journal: journal.key == booking["journal"]
        )
        foreign = money_of(mine, None).is_foreign
        currency = currency_of(mine) if foreign else BOOKING_CURRENCY
        return total(from_json(FinancialBooking, booking)), currency

    @api.model
    @api.private
    def matches_due(self, dossiers, payments=None):
        """Return the rows with matches to make or take back now."""
        now = fields.Datetime.now()
        domain = Domain("dossier_id", "in", dossiers.ids) & (
            Domain("match_state", "=", "todo")
            | Domain("match_state", "=", "waiting") & Domain("retry_at", "<=", now)
        )
        if payments is not None:
            domain &= Domain("id", "in", payments.ids)
        domain &= Domain("state", "in", PAYMENT_BOOKED)
        return self.search(domain, limit=PASS_LIMIT)

    @api.model
    def _timed_domain(self):
        # EXTENDS 'octopus.outbox.mixin': what is booked may wait to be matched
        return super()._timed_domain() | Domain("match_state", "=", "waiting")

    # For people

    def action_send(self):
        """Send these payments now, or try again what stands still: to the dossier in
        which their company books now.

        :raises UserError: that one has one of them already
        """
        self._check_decides()
        rows = self.sudo().filtered(lambda row: row.state != "excluded")
        if not rows:
            raise UserError(
                self.env._(
                    "%(documents)s are kept out of Octopus: an administrator can let"
                    " them go.",
                    documents=", ".join(self.mapped("document_name")),
                )
            )
        bring_along(rows.filtered(lambda row: row.state in OPEN))
        rows.queue(self.env.user)
        problem = None
        with own_transaction(rows.env) as env:
            for dossier in rows.dossier_id.with_env(env):
                run = env[self._name].push(dossier, rows.with_env(env))
                problem = problem or run.problem
        return self._notification(problem)

    def _notification(self, problem=None):
        # OVERRIDES 'octopus.outbox.view.mixin': many at once, some of which are there
        deciding = (row.deciding() for row in self)
        told = problem or next(filter(None, deciding), None)
        there = self.filtered(lambda row: row.state in PAYMENT_BOOKED and row.number)
        pauses = filter(None, map(kept_text, self.dossier_id))
        if told:
            message = self.env["octopus.finding"].sentences(told)
        elif there:
            numbers = ", ".join(there.mapped("octopus_number"))
            message = self.env._("In Octopus: %(numbers)s", numbers=numbers)
        else:
            goes_on = self.env._("It is being sent already; it goes on by itself.")
            message = next(pauses, goes_on)
        success = bool(there) and not told
        kind = "success" if success else "warning"
        title = self.env._("Payments to Octopus")
        return notification(kind, title, message, not success)

    def action_open_document(self):
        """Open the payment, or its entry, in Odoo."""
        self.ensure_one()
        return (self.payment_id or self.move_id)._get_records_action()

    def action_exclude(self):
        """Ask why these payments must stay out of Octopus."""
        self._check_administrator()
        self._check_not_sent()
        return self.env["octopus.exclude"]._open_payments(self)

    def action_send_again(self):
        """Book anew what was deleted in Octopus, for a person who wants it there."""
        self._check_decides()
        gone = self.sudo().locked("gone")
        gone.forget_number()
        gone.write({"state": "ready", "match_state": False})
        return gone.with_env(self.env).action_send()

    def action_other_payment(self):
        """Say that these payments are not what was found in Octopus: they may be
        sent."""
        self._check_decides()
        part(self)

    def _check_decides(self):
        # OVERRIDES 'octopus.outbox.mixin': a booking the other way has no entry here
        self.check_access("read")
        if not self.env.user.has_group(USER):
            raise UserError(
                self.env._("Only Octopus users can send payments to Octopus.")
            )

    @api.private
    def forget_number(self):
        """Let go of the number of what Octopus does not have any more."""
        gone = self.filtered(lambda row: row.state == "gone")
        for row in gone:
            # Somebody may have booked there since.
            year, number = row.journal_year_id, row.number
            here = [("journal_year_id", "=", year.id), ("number", "=", number)]
            year.note_freed({number} - self.numbers(here))
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
