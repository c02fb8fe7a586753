from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..call_log import budget
from ..core import codes
from ..core.day_plan import day_plan
from ..core.retry import next_pass

INSERT = "insert_booking"
OPEN = "open_dossier"


class OctopusDossier(models.Model):
    """Sending to a dossier: what the day still takes, and pauses."""

    # A large model is told in chapters.
    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    day_plan_text = fields.Char(
        string="Today", compute="_compute_day_plan_text", compute_sudo=True
    )
    paused = fields.Boolean(readonly=True, copy=False)
    pause_reason = fields.Char(readonly=True, copy=False)
    paused_at = fields.Datetime(readonly=True, copy=False)
    paused_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    # The day

    def _compute_day_plan_text(self):
        for dossier in self:
            dossier.day_plan_text = dossier._day_plan_text(dossier._day_plan())

    def _day_plan(self):
        """Return the ``DayPlan`` of what was asked for and is not sent yet."""
        self.ensure_one()
        used, shut = self.env["octopus.call"]._used_today(self, INSERT)
        pending = self.env["octopus.booking"].search_count(
            Domain("dossier_id", "=", self.id)
            & Domain("queued", "=", True)
            & (
                Domain("state", "=", "ready")
                | Domain("state", "=", "waiting")
                & Domain("cause", "=", codes.QUOTA_REACHED)
            )
        )
        limits = budget(INSERT, automatic=False), budget(INSERT, automatic=True)
        return day_plan(used, *limits, pending, shut)

    def _day_plan_text(self, plan):
        values = {"used": plan.used, "limit": plan.limit}
        if not plan.later:
            return self.env._("%(used)s of %(limit)s today.", **values)
        if plan.days == 1:
            return self.env._(
                "%(used)s of %(limit)s today; tomorrow %(later)s more, oldest first.",
                later=plan.later,
                **values,
            )
        return self.env._(
            "%(used)s of %(limit)s today; %(later)s older documents over %(days)s days,"
            " oldest first.",
            later=plan.later,
            days=plan.days,
            **values,
        )

    def _later_text(self):
        """Return the plan when the day does not take all documents, else nothing."""
        self.ensure_one()
        plan = self.sudo()._day_plan()
        return self._day_plan_text(plan) if plan.later else ""

    def _send_by_itself(self):
        """Have documents sent that nobody waits for: at once, or together with others
        when there was a pass just now."""
        for dossier in self:
            passes = [("dossier_id", "=", dossier.id), ("kind", "=", "push")]
            last = self.env["octopus.run"].search(passes, limit=1).started_at
            soonest = fields.Datetime.now()
            if last:
                opened, _shut = self.env["octopus.call"]._used_today(dossier, OPEN)
                allowed = budget(OPEN, automatic=True)
                soonest = max(soonest, next_pass(last, opened, allowed))
            dossier.push_cron_id._trigger(at=soonest)

    # Pausing

    def action_pause(self):
        """Ask why nothing may be sent for a while."""
        return self.env["octopus.pause"]._open(self)

    def _pause(self, reason):
        """Send nothing to these dossiers until somebody resumes; reading goes on."""
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why sending is paused: others read it."))
        self.sudo().write(
            {
                "paused": True,
                "pause_reason": reason,
                "paused_at": fields.Datetime.now(),
                "paused_by_id": self.env.uid,
            }
        )
        note = self.env._("Sending is paused: %(reason)s", reason=reason)
        self._message_log_batch({dossier.id: note for dossier in self})

    def action_resume(self):
        """Send again what was asked for."""
        self.check_access("write")
        paused = self.filtered("paused")
        paused.sudo().write(
            {
                "paused": False,
                "pause_reason": False,
                "paused_at": False,
                "paused_by_id": False,
            }
        )
        note = self.env._("Sending goes on.")
        paused._message_log_batch({dossier.id: note for dossier in paused})
        for dossier in paused.sudo().filtered("push_cron_id"):
            dossier.push_cron_id._trigger()

    def _ends_pass(self):
        """Whether a pass sends nothing more, because of what a person did meanwhile."""
        self.ensure_one()
        return self.paused or not self.active or not self.connection_id.active

    def _pause_text(self):
        """Return who paused sending, since when and why; nothing when nobody did."""
        self.ensure_one()
        dossier = self.sudo()
        if not dossier.paused:
            return ""
        return self.env._(
            "Sending to %(dossier)s is paused since %(date)s by %(user)s (%(reason)s).",
            dossier=dossier.name,
            user=dossier.paused_by_id.name,
            date=format_datetime(self.env, dossier.paused_at),
            reason=dossier.pause_reason,
        )

    def _check_not_paused(self):
        """:raises UserError: somebody paused it, who and why"""
        for dossier in self:
            text = dossier._pause_text()
            if text:
                fix = self.env._("Press Resume on the dossier first.")
                message = f"{text} {fix}"
                raise UserError(message)
