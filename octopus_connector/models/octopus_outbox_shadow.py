from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from ..core import codes
from ..core.findings import worth_telling
from ..core.retry import PASS_LIMIT
from ..core.states import HELD, OPEN
from ..notification import notification
from ..send.kinds import NOT_BY_ITSELF


class OctopusOutboxShadow(models.AbstractModel):
    """What rows would be booked as, while their dossier is in shadow mode."""

    _inherit = "octopus.outbox.mixin"

    foreseen = fields.Json(
        readonly=True,
        copy=False,
        help="What would be booked, as it would be sent; its number is 0.",
    )
    foreseen_at = fields.Datetime(
        string="Looked at",
        readonly=True,
        copy=False,
        help="When it was prepared last; empty when something changed since.",
    )
    foreseen_held = fields.Boolean(
        string="Held by shadow mode",
        readonly=True,
        copy=False,
        help="What stands in the way was found while nothing was sent, and is looked at"
        " anew when shadow mode ends.",
    )
    foreseen_text = fields.Char(
        string="Would be booked",
        compute="_compute_foreseen_text",
        help="In shadow mode: where Octopus would get it, and for how much.",
    )
    shadow = fields.Boolean(
        related="dossier_id.shadow", help="Nothing of its dossier is sent now."
    )

    @api.depends("foreseen", "shadow")
    @api.depends_context("lang")
    def _compute_foreseen_text(self):
        for row in self:
            shown = row.foreseen if row.shadow and row.state in OPEN else None
            row.foreseen_text = shown and row._foreseen_text(shown)

    def _foreseen_text(self, booking):
        """Return where and as what a booking would go, in words."""
        years = {it.octopus_id: it.name for it in self.dossier_id.bookyear_ids}
        told = {
            "journal": booking["journal"],
            "bookyear": years.get(booking["bookyear_id"]) or booking["bookyear_id"],
            "period": booking["period"],
        }
        total, currency = self._foreseen_total(booking)
        if not total:
            return self.env._("%(journal)s / %(bookyear)s, period %(period)s", **told)
        amount = formatLang(self.env, float(total), digits=2)
        return self.env._(
            "%(journal)s / %(bookyear)s, period %(period)s: %(amount)s",
            amount=f"{amount} {currency}".strip(),
            **told,
        )

    def _foreseen_total(self, booking):
        """Return the amount of a booking, and the name of its currency."""
        return booking.get("amount"), booking.get("currency") or ""

    # Services

    @api.model
    @api.private
    def to_foresee(self, dossier, chosen=None):
        """Return the rows of a dossier in shadow mode to prepare: those that were not,
        or whose document was changed since. A question that sending left for a person
        stays what it is.

        :param chosen: only these, whatever was prepared before
        """
        if chosen is not None:
            return chosen.filtered(
                lambda row: row.state in OPEN and not row._is_question()
            )
        self.env.flush_all()
        # A domain cannot compare the fields of two records.
        found = self.env.execute_query(
            SQL(
                """
                SELECT row.id
                  FROM %s AS row LEFT JOIN account_move AS move ON move.id = row.move_id
                 WHERE row.dossier_id = %s AND row.state IN %s
                   AND (row.foreseen_at IS NULL OR move.write_date > row.foreseen_at)
                   AND (row.state NOT IN %s OR row.foreseen_held
                        OR row.cause IS NULL OR row.cause NOT IN %s)
                 ORDER BY row.id LIMIT %s
                """,
                SQL.identifier(self._table),
                dossier.id,
                OPEN,
                HELD,
                tuple(NOT_BY_ITSELF),
                PASS_LIMIT,
            )
        )
        return self.browse(row_id for [row_id] in found)

    def _is_question(self):
        """Whether sending left something that only a person can settle."""
        by_sending = self.state in HELD and not self.foreseen_held
        return by_sending and self.cause in NOT_BY_ITSELF

    @api.private
    def hold(self, state, findings, retry_at=None):
        # EXTENDS: whoever found it before, this was found now
        self.filtered("foreseen_held").foreseen_held = False
        return super().hold(state, findings, retry_at)

    @api.private
    def queue(self, user=None, run=None):
        # EXTENDS: what a person asks for is looked at again
        self.filtered("foreseen_at").foreseen_at = False
        return super().queue(user, run)

    @api.private
    def may_go(self):
        # EXTENDS: so is what a person settled
        self.filtered("foreseen_at").foreseen_at = False
        return super().may_go()

    @api.model
    @api.private
    def release(self, dossier):
        """Let rows of a dossier be sent that only shadow mode held; what else holds
        them, and what a person must settle, stays.

        :param dossier: ``octopus.dossier`` in sudo
        """
        here = Domain("dossier_id", "=", dossier.id)
        held = Domain("foreseen_held", "=", True)
        held &= Domain("cause", "not in", NOT_BY_ITSELF)
        # What a pass met that went on when shadow mode began.
        held |= Domain("cause", "=", codes.SHADOW_MODE)
        afresh = {"state": "ready", "cause": False, "findings": False, "attempts": 0}
        rows = self.search(here & held & Domain("state", "in", HELD))
        # They were never tried: only prepared.
        rows.write({**afresh, "retry_at": False})
        seen = Domain("foreseen_at", "!=", False) | Domain("foreseen", "!=", False)
        seen |= Domain("foreseen_held", "=", True)
        forgotten = {"foreseen": False, "foreseen_at": False, "foreseen_held": False}
        self.search(here & seen).write(forgotten)

    @api.model
    @api.private
    def forget_foreseen(self, dossiers):
        """Have rows prepared anew: a setting, a mapping or the mirror changed."""
        shadowed = dossiers.filtered("shadow")
        if shadowed:
            seen = [("dossier_id", "in", shadowed.ids), ("foreseen_at", "!=", False)]
            self.sudo().search(seen).foreseen_at = False
            for dossier in shadowed.sudo().filtered("push_cron_id"):
                dossier.push_cron_id._trigger()

    @api.private
    def set_foreseen(self, booking, findings):
        """Note what would be booked, or that nothing would.

        :param booking: as JSON, or ``False``
        :param findings: ``Finding`` values
        """
        if not booking:
            self.foreseen = False
            return
        told = worth_telling([found.as_json() for found in findings])
        at_rest = {"state": "ready", "cause": False, "retry_at": False}
        at_rest["foreseen_held"] = False
        self.write({**at_rest, "foreseen": booking, "findings": told, "attempts": 0})

    # For people

    @api.private
    def stops_now(self):
        # EXTENDS 'octopus.outbox.view.mixin': what is told though nothing stops
        if self.state == "ready" and self.shadow and self.foreseen:
            return self.findings or []
        return super().stops_now()

    def _shadow_notification(self):
        """Say that nothing is sent, and of one row what it would be booked as."""
        told = self.env._("Shadow mode: nothing is sent to Octopus.")
        texts = self.env["octopus.finding"]
        for row in self if len(self) == 1 else ():
            if row.foreseen_text:
                shown = row.foreseen_text
                told += " " + row.env._("It would be booked: %(what)s", what=shown)
            elif row.deciding():
                told += " " + texts.sentences(row.deciding())
        return notification("info", self.env._("Octopus"), told)

    def _notification(self, problem=None):
        # EXTENDS 'octopus.outbox.view.mixin'
        if any(self.mapped("shadow")):
            return self._shadow_notification()
        return super()._notification(problem)
