from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL, format_date, mute_logger

from ..client_values import without_defaults
from ..core import codes
from ..notification import notification
from ..prepare.responsible import responsible_of
from .octopus_connection import WARNING_ACTIVITY

# Up to here a person waits until what was accepted is done.
AT_ONCE = 100
# Names in the context of a button what its screen showed.
SHOWN = "octopus_shown"


class OctopusPaymentPlan(models.Model):
    """What a reading of payments would change, shown to a person first.

    Of the rows in it nothing is booked until somebody accepts it. What is accepted is
    exactly what was shown: what changes meanwhile is looked at anew.
    """

    _name = "octopus.payment.plan"
    _description = "Octopus Payment Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    # Nobody writes it; who sees it may talk about it.
    _mail_post_access = "read"

    dossier_id = fields.Many2one("octopus.dossier", required=True, index=True)
    company_ids = fields.Many2many(
        "res.company",
        "octopus_payment_plan_company_rel",
        string="Companies",
        help="Whose settings ask for a look at it.",
    )
    state = fields.Selection(
        [("open", "To accept"), ("accepted", "Accepted"), ("dropped", "Dropped")],
        default="open",
        required=True,
    )
    # A list of ``Finding.as_json``: code, severity, params, model, ids.
    reasons = fields.Json(help="Why it is not done by itself, as findings.")
    reasons_html = fields.Html(compute="_compute_reasons_html", sanitize=False)
    balancing_ids = fields.One2many("octopus.balancing", "plan_id")
    count = fields.Integer(string="Changes", compute="_compute_count")
    amount = fields.Float(
        string="Total (EUR)", digits=(16, 2), compute="_compute_count"
    )
    mark = fields.Char(
        compute="_compute_mark",
        compute_sudo=True,
        help="Changes with whatever is shown to who decides.",
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(string="Decided on", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(dossier_id) WHERE state = 'open'", "One plan waits at a time."
    )

    @api.depends("dossier_id", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for plan in self:
            day = plan.create_date and format_date(self.env, plan.create_date)
            plan.display_name = f"{plan.dossier_id.name} {day or ''}".strip()

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reasons_html(self):
        for plan in self:
            plan.reasons_html = self.env["octopus.finding"]._html(plan.reasons)

    @api.depends("balancing_ids")
    def _compute_count(self):
        groups = self.env["octopus.balancing"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id"], ["__count", "amount:sum"]
        )
        told = {plan: (count, amount) for plan, count, amount in groups}
        for plan in self:
            plan.count, plan.amount = told.get(plan, (0, 0))

    def _compute_mark(self):
        """Name all that would be done, so that nobody accepts what came after."""
        self.env["octopus.balancing"].flush_model(["plan_id", "proposal"])
        marks = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT plan_id,
                           md5(string_agg(id::text || proposal::text, ' ' ORDER BY id))
                      FROM octopus_balancing
                     WHERE plan_id IN %s
                  GROUP BY plan_id
                    """,
                    tuple(self.ids) or (None,),
                )
            )
        )
        for plan in self:
            plan.mark = marks.get(plan.id, "")

    # Holding back

    @api.private
    @api.model
    def waiting(self, dossier):
        """Return the plan of a dossier that waits for a person, maybe empty; sudo."""
        return self.sudo().search(
            [("dossier_id", "=", dossier.id), ("state", "=", "open")], limit=1
        )

    @api.private
    def open_for(self, dossier):
        """Return a new plan; none where another worker makes it at this moment, which
        is not to be seen before the next reading: what is pending waits until then."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                plans = without_defaults(self.sudo())
                return plans.create({"dossier_id": dossier.id})
        except UniqueViolation:
            return self.browse()

    @api.private
    def hold(self, holders, reasons, proposals):
        """Let rows wait in this plan until a person accepts what is proposed.

        :param holders: ``res.company`` whose settings ask for it
        :param reasons: ``[Finding]``, why
        :param proposals: ``{octopus.balancing: proposal}``, each as it is shown
        """
        known = {reason["code"] for reason in self.reasons or []}
        told = [
            reason.as_json()
            for reason in reasons
            if reason.code not in {*known, codes.PAYMENTS_WAITING}
        ]
        self.company_ids |= holders
        self.reasons = [*(self.reasons or []), *told]
        for row, proposal in proposals.items():
            row.write({"plan_id": self.id, "proposal": proposal, "pending": False})
        self._tell()

    def _tell(self):
        """Keep one activity on the plan, for one person."""
        user = responsible_of(self.dossier_id)
        summary = self.with_context(lang=user.lang).env._(
            "Changes of payments that wait until you accept them: %(count)s.",
            count=self.count,
        )
        known = self.activity_search([WARNING_ACTIVITY])
        if known:
            known.summary = summary
        else:
            self.activity_schedule(WARNING_ACTIVITY, user_id=user.id, summary=summary)

    # Deciding

    def action_accept(self):
        """Do what is shown, and nothing else.

        :raises AccessError: it concerns companies that are not the user's
        :raises UserError: it was decided already, or is not what was shown any more
        """
        return self._decide("accepted")

    def action_drop(self):
        """Do nothing of what is shown; each match says so and can be taken up later.

        :raises AccessError: it concerns companies that are not the user's
        :raises UserError: it was decided already, or is not what was shown any more
        """
        return self._decide("dropped")

    def _check_decides(self):
        """Lock the plan, and let only those decide who see all of it, as it is now."""
        self.ensure_one()
        plan = self.sudo()
        rows = plan.balancing_ids
        companies = plan.company_ids | rows.bookings().company_id
        companies.with_env(self.env).octopus_check_companies()
        self.check_access("read")
        try:
            plan.lock_for_update()
        except LockError:
            raise UserError(
                self.env._("Somebody else decides about it at this moment.")
            ) from None
        plan.invalidate_recordset()
        if plan.state != "open":
            raise UserError(
                self.env._(
                    "This was decided already by %(user)s. What waits now is in the"
                    " list of payments to accept.",
                    user=plan.decided_by_id.name or "–",
                )
            )
        if self.env.context.get(SHOWN, plan.mark) != plan.mark:
            raise UserError(
                self.env._(
                    "Something was added or changed since you opened it. Look at it"
                    " again, then decide."
                )
            )

    def _open_gate(self):
        """Let later payments of these companies follow by themselves, as far as they
        still book in the dossier of which the first ones were looked at."""
        here = self.company_ids.filtered(
            lambda company: company.octopus_dossier_id == self.dossier_id
        )
        here.octopus_payments_accepted = True

    def _decide(self, state):
        self._check_decides()
        plan = self.sudo()
        if state == "accepted":
            plan._open_gate()
        plan.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        plan.activity_unlink([WARNING_ACTIVITY])
        plan._set_decisions(state == "accepted")
        plan.dossier_id.pull_cron_id._trigger()
        if plan.count > AT_ONCE:
            return self._notify_later()
        return self.env["octopus.run"]._check_payments(self.dossier_id, read=False)

    def _set_decisions(self, accepted):
        rows = self.env["octopus.balancing"]
        rows.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE octopus_balancing
                   SET pending = TRUE,
                       decision = coalesce(decision, '{}')
                           || jsonb_build_object('accepted', %s, 'task', proposal)
                 WHERE plan_id = %s
                """,
                accepted,
                self.id,
            )
        )
        rows.invalidate_model(["pending", "decision"])

    def _notify_later(self):
        return notification(
            "info",
            self.env._("Payments in Octopus"),
            self.env._(
                "%(count)s changes are made in the background: see Runs.",
                count=self.count,
            ),
        )
