from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..core import codes
from ..prepare.responsible import responsible_of
from .octopus_connection import WARNING_ACTIVITY

KINDS = [
    ("match", "Match not followed"),
    ("doubt", "Doubt"),
    ("difference", "Difference"),
    ("overpaid", "Over-payment"),
    ("undone", "Taken back"),
    ("notice", "Notice"),
]
# Of documents that are matched with each other from here.
OF_DOCUMENTS = (codes.DOCUMENTS_UNMATCHED, codes.MATCH_BY_HAND)


class OctopusPaymentQuestion(models.Model):
    """What a person must decide about payments, of whatever kind, in one list.

    A question is asked and taken back by what found it; a person only answers it. One
    that was ignored stays so until it becomes another question.
    """

    _name = "octopus.payment.question"
    _description = "Octopus Payment Question"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    # Nobody writes it; who sees it may talk about it.
    _mail_post_access = "read"

    dossier_id = fields.Many2one("octopus.dossier", required=True)
    key = fields.Char(required=True, help="What it is about; unique in the dossier.")
    kind = fields.Selection(KINDS, required=True)
    code = fields.Char(required=True)
    # ``Finding.as_json``: code, severity, params, model, ids.
    finding = fields.Json()
    text = fields.Char(string="Question", compute="_compute_text")
    fix = fields.Char(string="What to do", compute="_compute_text")
    told = fields.Text(string="What it is, and what to do", compute="_compute_text")
    balancing_id = fields.Many2one(
        "octopus.balancing", string="Match", index="btree_not_null", ondelete="cascade"
    )
    booking_id = fields.Many2one(
        "octopus.booking", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", help="Whose payment it is about, where it is about one."
    )
    partner_id = fields.Many2one("res.partner", string="Contact")
    amount = fields.Float(string="Amount (EUR)", digits=(16, 2), aggregator=None)
    move_ids = fields.Many2many(
        "account.move", string="Documents", compute="_compute_move_ids"
    )
    state = fields.Selection(
        [("open", "To decide"), ("ignored", "Ignored"), ("closed", "Settled")],
        default="open",
        required=True,
    )
    reason = fields.Char()
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, key)", "A question is asked once."
    )
    _open_idx = models.Index("(dossier_id) WHERE state = 'open'")

    @api.depends("finding")
    @api.depends_context("lang")
    def _compute_text(self):
        for question in self:
            texts = self.env["octopus.finding"]._texts(question.finding)
            question.text, question.fix = texts["title"], texts["fix"]
            question.told = f"{question.text}\n{question.fix}"

    @api.depends("balancing_id", "booking_id")
    def _compute_move_ids(self):
        for question in self:
            moves = question.sudo().bookings().move_id.with_env(self.env)
            question.move_ids = moves._filtered_access("read")

    @api.depends("text")
    def _compute_display_name(self):
        for question in self:
            question.display_name = question.text

    # Asking

    @api.private
    def is_another(self, finding):
        """Whether it is not the question that is open, or was answered, already."""
        same = self.finding == finding
        return self.state == "closed" or not same

    @api.private
    def close(self):
        """Close those that are not yet: what they were about is over."""
        questions = self.filtered(lambda question: question.state != "closed")
        questions.activity_unlink([WARNING_ACTIVITY])
        questions.write({"state": "closed"})

    @api.private
    def of_keys(self, dossier, keys):
        """Return the questions with these keys: ``{key: question}``, in sudo."""
        found = self.sudo().search(
            [("dossier_id", "=", dossier.id), ("key", "in", list(keys))]
        )
        return {question.key: question for question in found}

    @api.private
    def tell_notices(self):
        """Put an activity on notices, for one person."""
        for question in self.filtered(lambda row: row.kind == "notice"):
            user = responsible_of(question.dossier_id)
            if not question.activity_search([WARNING_ACTIVITY]):
                question.activity_schedule(
                    WARNING_ACTIVITY,
                    user_id=user.id,
                    summary=question.with_context(lang=user.lang).text,
                )

    # Answering

    def _to_decide(self, states, *asked):
        """Return those that a person may answer so, locked and in sudo.

        :param states: in which a question can be answered so
        :param asked: codes of the questions that can; all by default
        :raises AccessError: one concerns companies that are not the user's
        :raises UserError: none can be answered so any more
        """
        companies = self.sudo().company_id | self.sudo().bookings().company_id
        companies.with_env(self.env).octopus_check_companies()
        self.check_access("read")
        questions = self.sudo()
        try:
            questions.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("Somebody else decides about it at this moment.")
            ) from None
        questions.invalidate_recordset(["state", "code"])
        answerable = questions.filtered(
            lambda row: row.state in states and (not asked or row.code in asked)
        )
        if not answerable:
            raise UserError(
                self.env._("This is settled, or became another question. Look again.")
            )
        return answerable

    @api.private
    def bookings(self):
        """Return the documents of ours that it is about: ``octopus.booking``."""
        return self.balancing_id.bookings() | self.booking_id

    def action_retry(self):
        """Look again, now that something was mended."""
        questions = self._to_decide(("open", "ignored"))
        questions.balancing_id.with_env(self.env).action_retry()
        asked = questions.filtered(lambda row: row.code in OF_DOCUMENTS)
        self.env["octopus.document.match"].note_undone(asked.bookings().move_id)
        return True

    def action_follow(self):
        """Do what Octopus says after all: make what was changed or dropped."""
        rows = self._to_decide(
            ("open", "ignored"), codes.PAYMENT_CHANGED, codes.PAYMENT_DROPPED
        ).balancing_id
        rows._follow_anew()
        return rows.with_env(self.env).action_retry()

    def action_write_off(self):
        """Write off what is more than a small difference: as much as was shown."""
        questions = self._to_decide(("open", "ignored"), codes.PAYMENT_WRITE_OFF)
        for question in questions:
            amount = question.finding["params"]["amount"]
            question.balancing_id._agree_write_off(amount)
        return questions.balancing_id.with_env(self.env).action_retry()

    def action_ignore(self):
        """Ask for the reason, then leave these questions as they are."""
        return self.env["octopus.payment.ignore"]._open(self)

    def _ignore(self, reason):
        """Leave questions as they are, for a reason that stays."""
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason."))
        questions = self._to_decide(("open", "ignored"))
        questions.activity_unlink([WARNING_ACTIVITY])
        questions.write(
            {
                "state": "ignored",
                "reason": reason.strip(),
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )

    def action_open_documents(self):
        """Open the documents in Odoo, or else the contact, that it is about."""
        self.ensure_one()
        self.check_access("read")
        if self.move_ids:
            return self.move_ids._get_records_action()
        if self.partner_id:
            return self.partner_id._get_records_action()
        raise UserError(self.env._("Look in Octopus: it is not about one document."))
