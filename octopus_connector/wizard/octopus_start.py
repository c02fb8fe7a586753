from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..prepare.start import default_start
from ..send.backlog import asked, not_asked
from ..send.start import begin_shadow, end_shadow, leave_asked, send_backlog

GO_OR_STAY = [("leave", "Leave them"), ("send", "Send them")]


class OctopusStart(models.TransientModel):
    """How and from when documents of a company go to Octopus. It says how many
    documents of before each answer concerns: no switch sends a backlog."""

    _name = "octopus.start"
    _description = "Start of Sending to Octopus"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("start_date", "mode", "backlog", "asked")

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dossier_id = fields.Many2one(related="company_id.octopus_dossier_id")
    start_date = fields.Date(
        string="Documents from",
        required=True,
        help="Documents and payments with an earlier accounting date do not go to"
        " Octopus, except those that somebody asked for already.",
    )
    mode = fields.Selection(
        [
            ("shadow", "Shadow mode: all is prepared and shown, nothing is sent"),
            ("hand", "Each document goes when somebody sends it"),
            ("automatic", "New documents go by themselves"),
        ],
        string="Sending",
        required=True,
        help="Shadow mode holds for every company that books in the dossier.",
    )
    can_be_automatic = fields.Boolean(compute="_compute_can_be_automatic")
    was_shadow = fields.Boolean(
        string="In shadow mode",
        related="dossier_id.shadow",
        help="Nothing is sent to the dossier now.",
    )
    backlog = fields.Selection(
        GO_OR_STAY,
        string="Not asked for yet",
        default="leave",
        required=True,
        help="Those that nobody asked for yet. Left alone they can be sent later, one"
        " by one or together.",
    )
    backlog_count = fields.Integer(compute="_compute_backlog", compute_sudo=True)
    backlog_text = fields.Char(compute="_compute_backlog", compute_sudo=True)
    asked = fields.Selection(
        GO_OR_STAY,
        string="Asked for in shadow mode",
        default="send",
        required=True,
        help="Those that somebody sent, or that would go by themselves, meanwhile, of"
        " all companies of the dossier. What takes back a payment that Octopus has"
        " always goes.",
    )
    asked_count = fields.Integer(compute="_compute_backlog", compute_sudo=True)
    asked_text = fields.Char(compute="_compute_backlog", compute_sudo=True)

    @api.depends("company_id")
    def _compute_can_be_automatic(self):
        for start in self:
            dossier = start.dossier_id.sudo()
            start.can_be_automatic = dossier.automatic or dossier._has_booked()

    @api.depends("company_id", "start_date")
    @api.depends_context("lang")
    def _compute_backlog(self):
        for start in self:
            company = start.company_id
            told = not_asked(company, start.start_date)
            start.backlog_count = told.count
            start.backlog_text = start._told(
                told,
                self.env._(
                    "Documents and payments that are not sent and that nobody asked"
                    " for: %(count)s (%(period)s)."
                ),
            )
            told = asked(start.dossier_id)
            start.asked_count = told.count
            start.asked_text = start._told(
                told,
                self.env._(
                    "Documents and payments of the dossier that go as soon as shadow"
                    " mode ends: %(count)s (%(period)s)."
                ),
            )

    def _told(self, backlog, text):
        if not backlog.count:
            return False
        first, last = (
            format_date(self.env, day, date_format="MM/yyyy")
            for day in (backlog.first, backlog.last)
        )
        period = first if first == last else f"{first} – {last}"
        return text % {"count": backlog.count, "period": period}

    @api.model
    def _open_for(self, company):
        """Return the action that asks for a company with settings."""
        company = company.with_env(self.env)
        company._octopus_check_administrator()
        company.octopus_check_companies()
        own = company.sudo()
        dossier = self._dossier_of(own)
        mode = "automatic" if own.octopus_is_automatic() else "hand"
        values = {
            "company_id": company.id,
            "start_date": own.octopus_start_date or default_start(dossier),
            "mode": "shadow" if dossier.shadow else mode,
        }
        return self._open_dialog(self.env._("Start of sending"), values)

    def _dossier_of(self, company):
        """Return the dossier of a company, in sudo.

        :raises UserError: it has none
        """
        dossier = company.sudo().octopus_dossier_id
        if not dossier:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        return dossier

    def action_apply(self):
        """Carry out what was answered, and show everything anew."""
        self.ensure_one()
        self.dossier_id.with_env(self.env).check_access("write")
        company, own = self.company_id, self.company_id.sudo()
        dossier = self._dossier_of(own)
        if dossier.shadow != (self.mode == "shadow"):
            # It holds for all of them.
            dossier.company_ids.with_env(self.env).octopus_check_companies()
        if own.octopus_start_date != self.start_date:
            company.octopus_write_settings({"octopus_start_date": self.start_date})
        if self.mode == "shadow":
            if not dossier.shadow:
                begin_shadow(dossier)
            return {"type": "ir.actions.client", "tag": "reload"}
        if dossier.shadow and self.asked == "leave":
            leave_asked(dossier)
        if dossier.shadow:
            end_shadow(dossier)
        self._set_automatic(company, own, dossier)
        if self.backlog == "send":
            send_backlog(own)
        return {"type": "ir.actions.client", "tag": "reload"}

    def _set_automatic(self, company, own, dossier):
        """Let new documents of this company go by themselves, or not; those of others
        in the dossier go on as they did."""
        wanted = self.mode == "automatic"
        if own.octopus_is_automatic() == wanted:
            return
        others = dossier.company_ids - own
        mine = dossier.with_env(self.env)
        if wanted and not dossier.automatic:
            others.octopus_by_hand = True
            mine.automatic = True
        elif not wanted and all(others.mapped("octopus_by_hand")):
            others.octopus_by_hand = False
            own.octopus_by_hand = False
            mine.automatic = False
            return
        company.octopus_write_settings({"octopus_by_hand": not wanted})
