from odoo import api, fields, models
from odoo.fields import Domain

from ..core import codes, retry
from ..core.findings import Finding
from ..core.money import exact
from ..core.retry import PASS_LIMIT
from ..core.states import BOOKED, NOT_THERE
from ..send.document_matches import is_paired
from ..sync.payments.apply import answer, ask
from ..sync.payments.companies import paying


class OctopusDocumentMatch(models.Model):
    """Two documents that are reconciled with each other in Odoo, such as an invoice and
    a credit note, on their way to be matched in Octopus.

    What is matched there follows what is reconciled here. A call is written down before
    it leaves (``step``): while it stands, what became of it is read first.
    """

    _name = "octopus.document.match"
    _description = "Octopus Match of Documents"
    _order = "id desc"

    dossier_id = fields.Many2one("octopus.dossier", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True)
    debit_move_id = fields.Many2one(
        "account.move", string="Debit", index="btree_not_null", ondelete="set null"
    )
    credit_move_id = fields.Many2one(
        "account.move", string="Credit", index="btree_not_null", ondelete="set null"
    )
    debit_booking_id = fields.Many2one(
        "octopus.booking", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    credit_booking_id = fields.Many2one(
        "octopus.booking", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    amount = fields.Float(
        string="Matched (EUR)",
        digits=(16, 2),
        aggregator=None,
        help="What is matched in Octopus from here.",
    )
    step = fields.Selection(
        [("making", "Being made"), ("removing", "Being taken back")],
        help="A call of which the answer was not noted yet.",
    )
    step_amount = fields.Float(digits=(16, 2), aggregator=None)
    sent_at = fields.Datetime()
    due = fields.Boolean(help="What is reconciled here changed since it was looked at.")
    retry_at = fields.Datetime()
    attempts = fields.Integer(aggregator=None)
    # ``Finding.as_json``: code, severity, params, model, ids.
    problem = fields.Json(help="Why it is not matched in Octopus as it is here.")

    _pair_uniq = models.UniqueIndex(
        "(dossier_id, debit_move_id, credit_move_id)",
        "Two documents are matched by one row.",
    )
    _due_idx = models.Index("(dossier_id, id) WHERE due")

    # What is to be matched

    @api.private
    @api.model
    def note_reconciled(self, partials):
        """Note reconciliations of documents with documents, where Odoo keeps a bank:
        else Octopus says what is matched.

        :param partials: ``account.partial.reconcile``
        :return: the rows, maybe empty
        """
        pairs = {
            (partial.debit_move_id.move_id, partial.credit_move_id.move_id)
            for partial in partials.sudo()
        }
        rows, ours = self.sudo(), {}
        for debit, credit in sorted(pairs, key=lambda pair: [it.id for it in pair]):
            if not is_paired(debit, credit):
                continue
            dossier = debit.company_id.octopus_dossier()
            if dossier not in ours:
                ours[dossier] = paying(dossier.sudo())
            if debit.company_id in ours[dossier]:
                rows |= rows._of_pair(dossier, debit, credit)
        rows._look_again()
        return rows

    def _of_pair(self, dossier, debit, credit):
        values = {
            "dossier_id": dossier.id,
            "debit_move_id": debit.id,
            "credit_move_id": credit.id,
        }
        known = self.search([(name, "=", value) for name, value in values.items()])
        return known or self.create({**values, "company_id": debit.company_id.id})

    @api.private
    @api.model
    def note_undone(self, moves):
        """Look again at what these documents are matched with.

        :param moves: ``account.move`` of any kind
        """
        rows = self.sudo().search(
            Domain("debit_move_id", "in", moves.ids)
            | Domain("credit_move_id", "in", moves.ids)
        )
        rows._look_again()

    @api.private
    @api.model
    def note_gone(self, bookings):
        """Note that Octopus has these documents no more, and their matches with them.
        They are matched anew when they are sent again."""
        rows = self.sudo().search(
            Domain("debit_booking_id", "in", bookings.ids)
            | Domain("credit_booking_id", "in", bookings.ids)
        )
        rows.end_call(0)
        for row in rows:
            row._answered()
        rows._look_again()

    @api.private
    @api.model
    def counted(self, dossier, sides):
        """Return those documents that count as matched with each other in Octopus.

        :param sides: ``{(debit, credit)}``, each of the two as bookyear, journal and
            number, as Octopus names them
        :return: those of ``sides``
        """
        if not sides:
            return set()
        rows = self.sudo().search(
            Domain("dossier_id", "=", dossier.id)
            & Domain("amount", "!=", 0.0)
            & Domain("debit_booking_id.number", "in", [debit[2] for debit, _ in sides])
        )
        return sides & {
            tuple(
                (it.bookyear_id.octopus_id, it.journal_id.key, it.number)
                for it in row.bookings()
            )
            for row in rows
        }

    def _look_again(self):
        if self:
            self.write({"due": True, "retry_at": False, "attempts": 0})
            for dossier in self.dossier_id:
                dossier.push_cron_id._trigger()

    @api.model
    @api.private
    def due_for(self, dossiers):
        """Return the rows to look at now: Octopus has both documents, or had them when
        they were matched."""
        there = [("dossier_id", "in", dossiers.ids), ("state", "in", BOOKED)]
        ready = Domain("debit_move_id.octopus_booking_ids", "any", there) & Domain(
            "credit_move_id.octopus_booking_ids", "any", there
        )
        return self.search(
            Domain("dossier_id", "in", dossiers.ids)
            & Domain("due", "=", True)
            & (
                Domain("retry_at", "=", False)
                | Domain("retry_at", "<=", fields.Datetime.now())
            )
            & (ready | Domain("amount", "!=", 0.0) | Domain("step", "!=", False)),
            limit=PASS_LIMIT,
        )

    @api.private
    def bookings(self):
        """Return the two documents as Octopus has them: (debit, credit), each maybe
        empty."""
        self.ensure_one()
        return tuple(
            self[f"{side}_booking_id"]
            or self[f"{side}_move_id"].octopus_booking_ids.filtered(
                lambda row: row.dossier_id == self.dossier_id and row.state in BOOKED
            )
            for side in ("debit", "credit")
        )

    @api.private
    def has_both(self):
        """Whether Octopus has, or will have, both documents."""
        rows = (self.debit_move_id | self.credit_move_id).octopus_booking_ids
        coming = rows.filtered(
            lambda row: row.dossier_id == self.dossier_id and row.state not in NOT_THERE
        )
        return len(coming.move_id) == 2

    @api.private
    def wanted(self):
        """Return what is reconciled here, in euro, without what is so because Octopus
        matched it."""
        self.ensure_one()
        if any(row.state not in BOOKED for row in self.bookings()):
            return exact(0.0, self.company_id.currency_id)
        partials = self.debit_move_id.line_ids.matched_credit_ids.filtered(
            lambda it: (
                it.credit_move_id.move_id == self.credit_move_id
                and not it.octopus_balancing_ids
            )
        )
        return exact(sum(partials.mapped("amount")), self.company_id.currency_id)

    @api.private
    def has_too_much(self):
        """Whether more is matched in Octopus than is reconciled here."""
        held = exact(self.amount, self.company_id.currency_id)
        return bool(self.step) or held > self.wanted()

    # The life of a row

    @api.private
    def begin_call(self, step, amount):
        """Note a call that is about to leave."""
        debit, credit = self.bookings()
        self.write(
            {
                "debit_booking_id": debit.id,
                "credit_booking_id": credit.id,
                "step": step,
                "step_amount": float(amount),
                "sent_at": fields.Datetime.now(),
            }
        )

    @api.private
    def end_call(self, amount):
        """Note what is matched in Octopus now, in euro."""
        self.write({"step": False, "step_amount": 0.0, "amount": float(amount)})

    @api.private
    def set_done(self):
        """Octopus has matched what is reconciled here."""
        self.write({"due": False, "retry_at": False, "attempts": 0, "problem": False})
        self._answered()

    def _answered(self):
        answer(self.dossier_id, [self._question_key()])

    @api.private
    def hold(self, finding):
        """Note why it cannot be as it is here; what a person must mend there is asked,
        and once a day is looked whether one did."""
        now, attempts = fields.Datetime.now(), self.attempts + 1
        asks = finding.stops and not finding.waits
        again = retry.next_day(now) if asks else retry.next_try(now, attempts)
        self.write(
            {"problem": finding.as_json(), "retry_at": again, "attempts": attempts}
        )
        if asks:
            debit, _credit = self.bookings()
            values = {
                "booking_id": debit.id,
                "partner_id": debit.partner_id.commercial_partner_id.id,
                "amount": float(self.wanted()),
            }
            ask(self.dossier_id, {self._question_key(): (finding, values)})

    def _question_key(self):
        return f"documents:{self.id}"

    @api.private
    def refused(self, error):
        """Return the finding that Octopus did not match the two, and what it said."""
        names = [row.document_name for row in self.bookings()]
        facts = {"debit": names[0], "credit": names[1], "amount": self.wanted()}
        moves = self.debit_move_id | self.credit_move_id
        return Finding(
            codes.DOCUMENTS_UNMATCHED,
            {**facts, **error.answer},
            "account.move",
            moves.ids,
        )
