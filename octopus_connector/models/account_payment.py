from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import codes
from ..core.states import HELD, OPEN, PAYMENT_OVER, SHOWN_PAYMENT_STATES
from ..groups import USER
from ..prepare.payment_items import is_payment, pays_somebody
from ..prepare.scope import after_end, is_after_end
from ..send.collect_payments import collect
from ..sync.payments.existing import LIVE

# What makes it another payment than the one that Octopus's match made.
CHANGED = {"state", "amount", "date", "journal_id", "currency_id"}


class AccountPayment(models.Model):
    """A payment that came from Octopus carries its evidence; one that Odoo owns
    shows what became of it there."""

    _inherit = "account.payment"

    octopus_balancing_ids = fields.One2many(
        "octopus.balancing", "payment_id", copy=False, groups=USER
    )
    octopus_payment_ids = fields.One2many(
        "octopus.payment", "payment_id", copy=False, groups=USER
    )
    octopus_payment_id = fields.Many2one(
        "octopus.payment",
        compute="_compute_octopus_payment",
        compute_sudo=True,
        groups=USER,
    )
    octopus_state = fields.Selection(
        SHOWN_PAYMENT_STATES,
        string="Octopus state",
        compute="_compute_octopus_payment",
        compute_sudo=True,
        groups=USER,
    )
    octopus_number = fields.Char(
        string="Octopus number",
        compute="_compute_octopus_payment",
        compute_sudo=True,
        groups=USER,
    )
    octopus_payment_html = fields.Html(
        string="What stands in the way",
        compute="_compute_octopus_payment",
        compute_sudo=True,
        sanitize=False,
        groups=USER,
    )
    octopus_sendable = fields.Boolean(compute="_compute_octopus_sendable", groups=USER)

    @api.depends(
        "octopus_payment_ids.state",
        "octopus_payment_ids.queued",
        "octopus_payment_ids.octopus_number",
        "octopus_payment_ids.findings",
    )
    @api.depends_context("lang")
    def _compute_octopus_payment(self):
        """Show the latest row that is not a booking the other way."""
        for payment in self:
            latest = payment.octopus_payment_ids.sorted("id")[-1:]
            payment.octopus_payment_id = latest
            payment.octopus_state = latest.shown_state
            payment.octopus_number = latest.octopus_number
            payment.octopus_payment_html = latest.findings_html

    @api.depends("journal_id", "state", "octopus_payment_ids.state")
    def _compute_octopus_sendable(self):
        for payment in self:
            owned = (
                payment.journal_id and payment.journal_id.octopus_owner_now() == "odoo"
            )
            waits = payment.octopus_payment_id.sudo().state in (False, *OPEN)
            unmatched = payment.octopus_payment_id.sudo().match_state in HELD
            payment.octopus_sendable = (
                owned and payment.state in LIVE and (waits or unmatched)
            )

    def write(self, vals):
        # EXTENDS 'account'
        written = super().write(vals)
        if not CHANGED.isdisjoint(vals):
            self.env["octopus.balancing"].note_touched(self)
        return written

    def action_octopus_send(self):
        """Book payments in Octopus now, and match them with their documents."""
        self.check_access("read")
        rows = self.env["octopus.payment"].sudo()
        for dossier in {pay.company_id.octopus_dossier() for pay in self}:
            collect(rows.env, dossier)
        rows = self.sudo().octopus_payment_ids.filtered(
            lambda row: row.state not in PAYMENT_OVER
        )
        if not rows:
            raise UserError(self._octopus_why_nothing())
        return rows.with_env(self.env).action_send()

    def _octopus_why_nothing(self):
        """Return in plain words why none of these payments goes to Octopus."""
        for payment in self:
            if payment.octopus_state == "excluded":
                return self.env._(
                    "%(documents)s are kept out of Octopus: an administrator can let"
                    " them go.",
                    documents=payment.display_name,
                )
            if payment.journal_id.octopus_owner_now() != "odoo":
                return self.env._(
                    "The payments of journal %(journal)s are not kept in Odoo: see the"
                    " journal.",
                    journal=payment.journal_id.display_name,
                )
            move = payment.move_id
            if not move and payment.state in LIVE:
                return self.env._(
                    "%(payment)s has no journal entry: it goes with its bank statement"
                    " line, once that is reconciled.",
                    payment=payment.display_name,
                )
            if move.state == "posted" and not pays_somebody(move):
                return self.env._(
                    "%(payment)s moves no money of a customer or supplier: the"
                    " accountant books it with the bank statement.",
                    payment=payment.display_name,
                )
            settings = payment.company_id.octopus_settings()
            if move.state == "posted" and is_after_end(move, settings):
                told = after_end(move, settings, code=codes.PAYMENT_AFTER_END_DATE)
                return self.env["octopus.finding"].sentences(told.as_json())
            start = payment.journal_id.octopus_payments_start()
            if move.state == "posted" and is_payment(move) and move.date < start:
                return self.env._(
                    "Payments of journal %(journal)s go to Octopus from %(date)s on.",
                    journal=payment.journal_id.display_name,
                    date=start,
                )
        return self.env._(
            "Nothing to send: only confirmed payments of customers and suppliers go."
        )

    def action_octopus_open(self):
        """Open what became of the payment in Octopus."""
        self.ensure_one()
        self.check_access("read")
        return self.octopus_payment_id._get_records_action()
