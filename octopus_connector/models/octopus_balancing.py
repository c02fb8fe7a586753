from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, formatLang

from ..core import codes
from ..core.findings import Finding
from ..core.matches import BOOKING_CURRENCY
from ..prepare.money_text import money_text
from ..prepare.responsible import responsible_for
from ..sync.payments.apply import ask, take_back
from ..sync.payments.companies import following
from ..sync.payments.plan import Plan
from ..sync.payments.pull import follow_documents
from .octopus_connection import WARNING_ACTIVITY


class OctopusBalancing(models.Model):
    """What Octopus matched with what; payments are derived from these rows.

    A row that is there is evidence; a row that is missing proves nothing. Each row
    makes one payment, or reconciles two documents, or says why it does neither.
    """

    _name = "octopus.balancing"
    _description = "Octopus Balancing"
    _order = "date desc, id desc"

    dossier_id = fields.Many2one("octopus.dossier", required=True, index=True)
    type = fields.Selection([("C", "Client"), ("S", "Supplier"), ("A", "Account")])
    relation_octopus_id = fields.Integer(string="Relation number", aggregator=None)
    debit_bookyear = fields.Integer(required=True, aggregator=None)
    debit_journal = fields.Char(required=True)
    debit_number = fields.Integer(required=True, aggregator=None)
    debit_line = fields.Integer(required=True, aggregator=None)
    credit_bookyear = fields.Integer(required=True, aggregator=None)
    credit_journal = fields.Char(required=True)
    credit_number = fields.Integer(required=True, aggregator=None)
    credit_line = fields.Integer(required=True, aggregator=None)
    date = fields.Date(string="Paid on", help="Date of the document that paid.")
    debit_date = fields.Date()
    credit_date = fields.Date()
    currency_code = fields.Char(string="Currency", help="Currency of the document.")
    exchange_rate = fields.Float(digits=0, aggregator=None)
    amount = fields.Float(
        string="Amount (EUR)",
        digits=(16, 2),
        help="Matched amount in the currency of the dossier's books.",
    )
    deleted = fields.Boolean(help="Octopus took this match back.")
    read_at = fields.Datetime(string="Read on")
    # ``api.types.Balancing`` as ``api.stored.to_json`` writes it; what is empty is left
    # out: type, relation, account, debit_booking_amount, credit_booking_amount, and
    # debit and credit, each with key, document_date, currency, exchange_rate, comment,
    # reference and the totals (debit or credit, booking or document).
    data = fields.Json(help="The row as it was read last, complete.")
    debit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    credit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    partial_ids = fields.Many2many(
        "account.partial.reconcile",
        "octopus_balancing_partial_rel",
        readonly=True,
        copy=False,
        help="How this row reconciled two documents of Odoo with each other.",
    )
    # What it made, and makes it another one when it changes (``facts`` in
    # ``sync.payments.desired``); empty when nothing was made, or it was taken back:
    #   kind: "payment", "write_off" or "reconciliation"
    #   amount: text, in the currency of the document
    #   moves: ids of the documents
    # of a payment or write-off, too:
    #   balance: text, in euro; currency: code; date: ISO; journal: id
    #   payment or entry: id; foreign: text, in the currency of the bank, if another
    #   registered: true where a person registered the payment before
    # of a reconciliation, too:
    #   debit, credit: ids of the documents; by_hand: whether a person made it
    made = fields.Json(
        help="What this row made, as it was then; a person may have changed it since."
    )
    pending = fields.Boolean(help="The payments of its document are to be checked.")
    # ``Finding.as_json``: code, severity, params, model, ids.
    problem = fields.Json(help="Why no payment could be made of this row, by code.")
    entry_id = fields.Many2one(
        "account.move",
        string="Written off by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    plan_id = fields.Many2one(
        "octopus.payment.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What would be done about it was, or is, shown to a person first.",
    )
    # ``Task.proposal`` in ``sync.payments.plan``:
    #   make: as ``made`` tells it, without ids of what is there yet; null: nothing
    #   undo: whether what it made is taken back first
    proposal = fields.Json(help="What would be done, as it was shown.")
    proposal_text = fields.Char(string="Would do", compute="_compute_proposal_text")
    # task: the proposal that was decided about; accepted: whether it may be carried out
    # write_off: how much a person agreed to write off, though it is more than a small
    #   difference: text, in the currency of the document; true where it was agreed
    #   before the amount was kept
    decision = fields.Json(help="What a person decided about exactly that.")
    seen = fields.Char(help="What an open question depends on, as it was last.")
    checked_at = fields.Datetime(help="When its question was looked at last.")

    move_ids = fields.Many2many(
        "account.move", string="Documents", compute="_compute_move_ids"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", compute="_compute_move_ids"
    )
    debit_label = fields.Char(
        string="Debit", compute="_compute_labels", compute_sudo=True
    )
    credit_label = fields.Char(
        string="Credit", compute="_compute_labels", compute_sudo=True
    )
    problem_text = fields.Char(string="To decide", compute="_compute_problem_html")
    problem_html = fields.Html(compute="_compute_problem_html", sanitize=False)

    _keys_uniq = models.Constraint(
        "UNIQUE(dossier_id, debit_bookyear, debit_journal, debit_number, debit_line,"
        " credit_bookyear, credit_journal, credit_number, credit_line)",
        "A balancing is kept once.",
    )
    _payment_uniq = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "A payment has one evidence."
    )
    _credit_idx = models.Index(
        "(dossier_id, credit_bookyear, credit_journal, credit_number)"
    )
    _due_idx = models.Index("(dossier_id) WHERE pending OR problem IS NOT NULL")

    @api.depends("debit_booking_id.move_id", "credit_booking_id.move_id")
    def _compute_move_ids(self):
        """Show those documents that the reader may see: a branch may not see all."""
        for row in self:
            moves = row.sudo().bookings().move_id.with_env(self.env)
            row.move_ids = moves._filtered_access("read")
            row.partner_id = row.move_ids.commercial_partner_id[:1]

    @api.depends("dossier_id", "debit_bookyear", "credit_bookyear")
    def _compute_labels(self):
        for row in self:
            for side in ("debit", "credit"):
                row[f"{side}_label"] = row._side_label(side)

    def _side_label(self, side):
        label = self.dossier_id.label_of(*self.side_key(side))
        line = self[f"{side}_line"]
        if line < 1:
            return label
        return self.env._("%(document)s line %(line)s", document=label, line=line)

    @api.private
    def side_key(self, side):
        """Return bookyear, journal and number of a side, as Octopus names them."""
        names = ("bookyear", "journal", "number")
        return tuple(self[f"{side}_{name}"] for name in names)

    @api.private
    def of_same_line(self, side):
        """Return the matches, this one too, of the same line of a booking.

        :param side: ``debit`` or ``credit``, on which that line stands
        """
        names = [f"{side}_{name}" for name in ("bookyear", "journal", "number", "line")]
        line = [("dossier_id", "=", self.dossier_id.id), ("deleted", "=", False)]
        return self.search(line + [(name, "=", self[name]) for name in names])

    @api.private
    def label(self, debit):
        """Return how the accountant finds a side: F1 / 2026 / 12 line 3."""
        return self.debit_label if debit else self.credit_label

    @api.depends("debit_label", "credit_label")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.debit_label} – {row.credit_label}"

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_html(self):
        Texts = self.env["octopus.finding"]
        for row in self:
            row.problem_text = row.problem and Texts._texts(row.problem)["title"]
            row.problem_html = Texts._html([row.problem] if row.problem else [])

    @api.depends("proposal")
    @api.depends_context("lang")
    def _compute_proposal_text(self):
        for row in self:
            row.proposal_text = row.proposal and row._proposal_text()

    def _proposal_text(self):
        """Return in plain words what would be done about this row."""
        make = self.proposal["make"]
        if not make:
            return self.env._("Take the payment back")
        amount = money_text(self.env, make["amount"])
        currency = self.currency_code or BOOKING_CURRENCY
        texts = {
            "payment": self.env._("Pay %(amount)s %(currency)s"),
            "reconciliation": self.env._("Match %(amount)s %(currency)s"),
            "write_off": self.env._("Write off %(amount)s %(currency)s"),
        }
        text = texts[make["kind"]] % {"amount": amount, "currency": currency}
        if self.proposal["undo"]:
            return self.env._("%(what)s instead of what is there", what=text)
        return text

    # Rows of documents

    # For other addons to override (docs/extending.md)

    @api.model
    @api.private
    def octopus_plan(self):
        """Return the class that decides what documents should have, ``Plan`` or one of
        it."""
        return Plan

    @api.private
    @api.model
    def of_bookings(self, bookings):
        """Return the rows of these documents, on either side."""
        return self.search(
            Domain("debit_booking_id", "in", bookings.ids)
            | Domain("credit_booking_id", "in", bookings.ids)
        )

    @api.private
    @api.model
    def of_moves(self, moves):
        """Return the rows of these documents, on either side, also those of a dossier
        of before. One query: each side has an index, which the ORM's *or* of two paths
        would not use.

        :param moves: ``account.move``
        """
        if not moves:
            return self.browse()
        self.flush_model(["debit_booking_id", "credit_booking_id"])
        self.env["octopus.booking"].flush_model(["move_id"])
        side = """
            SELECT match.id
              FROM octopus_booking AS row
              JOIN octopus_balancing AS match ON match.%s = row.id
             WHERE row.move_id IN %s
        """
        sides = ("debit_booking_id", "credit_booking_id")
        return self.search(
            Domain(
                "id",
                "in",
                SQL(" UNION ").join(
                    SQL(side, SQL.identifier(name), tuple(moves.ids)) for name in sides
                ),
            )
        )

    @api.private
    def bookings(self):
        """Return the documents of ours that these rows are of: ``octopus.booking``."""
        return self.debit_booking_id | self.credit_booking_id

    @api.private
    def question_key(self):
        """Return the key of the question about this row."""
        return f"match:{self.id}"

    @api.private
    def question_values(self):
        """Return what the question about this row shows: ``{field: value}``."""
        bookings = self.bookings()
        return {
            "balancing_id": self.id,
            "partner_id": bookings.partner_id.commercial_partner_id[:1].id,
            "amount": self.amount,
        }

    @api.private
    def tell_undone(self):
        """Say on the documents, and to one person, that a match is gone."""
        connection = self.dossier_id.connection_id
        for move in self.move_ids:
            text = move.env._(
                "Octopus took the match %(match)s of %(amount)s EUR back, so its"
                " payment was undone here.",
                match=self.display_name,
                amount=formatLang(self.env, self.amount, digits=2),
            )
            move._message_log(body=text)
            if not move.activity_search([WARNING_ACTIVITY]):
                user = responsible_for(connection, move.company_id)
                move.activity_schedule(WARNING_ACTIVITY, user_id=user.id, summary=text)
        finding = Finding(
            codes.PAYMENT_UNDONE,
            {
                "document": ", ".join(self.move_ids.octopus_names()),
                "match": self.display_name,
                "amount": f"{self.amount:.2f}",
            },
            "account.move",
            self.move_ids.ids,
        )
        asked = {self.question_key(): (finding, self.question_values())}
        ask(self.dossier_id, asked)

    @api.private
    def note_touched(self, payments, entries=()):
        """Look again at rows of which somebody changed what they made; at these, too,
        of which a reconciliation was undone."""
        entry_ids = [entry.id for entry in entries]
        rows = self.sudo() | self.sudo().search(
            Domain("payment_id", "in", payments.ids)
            | Domain("entry_id", "in", entry_ids)
        )
        rows.filtered(lambda row: not row.pending).pending = True

    @api.private
    @api.model
    def note_sent(self, payments):
        """Look again at what somebody in Octopus matched payments of ours with, now
        that they are reconciled otherwise here. What we matched ourselves
        is taken back there, and the feed tells it.

        :param payments: booked ``octopus.payment``
        """
        found, ours = Domain.FALSE, payments.match_ids.booking_id
        for payment in payments:
            key = *payment.journal_year_id.place(), payment.number
            for side in ("debit", "credit"):
                names = (f"{side}_{name}" for name in ("bookyear", "journal", "number"))
                here = Domain("dossier_id", "=", payment.dossier_id.id)
                for name, value in zip(names, key, strict=True):
                    here &= Domain(name, "=", value)
                found |= here
        for dossier, rows in self.sudo().search(found).grouped("dossier_id").items():
            companies = following(dossier)
            rows = rows.filtered(
                lambda row, companies=companies: (
                    not row.pending
                    and not row.bookings() & ours
                    and row.bookings().company_id & companies
                )
            )
            rows.pending = True

    @api.private
    @api.model
    def forget_by_hand(self, debit, credit):
        """Note that the match of two documents that a person made in Odoo was taken
        back from there too: nobody is asked about it.

        :param debit: ``octopus.booking``, as is ``credit``
        """
        rows = self.sudo().search(
            [("debit_booking_id", "=", debit.id), ("credit_booking_id", "=", credit.id)]
        )
        rows.filtered(lambda row: (row.made or {}).get("by_hand")).made = False

    # Decisions of a person

    def _follow_anew(self):
        """Take back that something was dropped; else what was made and changed since,
        so that it is made again and nothing is there twice.

        :raises UserError: what was changed cannot be taken back
        """
        for row in self:
            agreed = (row.decision or {}).get("write_off")
            row.write({"decision": agreed and {"write_off": agreed}, "pending": True})
        changed = self.filtered(
            lambda row: (row.problem or {}).get("code") == codes.PAYMENT_CHANGED
        )
        changed._check_not_on_statement()
        drafts = changed.payment_id.filtered(lambda payment: payment.state == "draft")
        drafts.action_cancel()
        take_back(changed)
        changed.write(
            {
                "made": False,
                "payment_id": False,
                "entry_id": False,
                "partial_ids": [Command.clear()],
            }
        )

    def _check_not_on_statement(self):
        for payment in self.payment_id:
            if payment.reconciled_statement_line_ids:
                raise UserError(
                    self.env._(
                        "%(payment)s is on a bank statement: undo that first, then"
                        " follow Octopus.",
                        payment=payment.name,
                    )
                )

    def _agree_write_off(self, amount):
        """Let a write-off be made although it is more than a small difference; for more
        than this, a person is asked again.

        :param amount: text, in the currency of the document
        :raises UserError: no account was chosen for it
        """
        self.ensure_one()
        settings = self.bookings().company_id[:1].octopus_settings()
        if not settings.octopus_write_off_account_id:
            raise UserError(
                self.env._(
                    "Choose the account for small differences of %(company)s in the"
                    " settings of Octopus first.",
                    company=settings.name,
                )
            )
        self.decision = {**(self.decision or {}), "write_off": amount}

    # Actions

    def action_retry(self):
        """Look at these rows again, now that something was mended.

        :raises AccessError: one concerns companies that are not the user's
        """
        companies = self.sudo().bookings().company_id
        companies.with_env(self.env).octopus_check_companies()
        self.check_access("read")
        follow_documents(self.sudo().bookings())
        return True

    def action_open_documents(self):
        """Open the documents in Odoo that were matched."""
        self.check_access("read")
        return self.move_ids._get_records_action()
