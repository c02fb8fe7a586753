from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..core.states import DOCUMENT_STATES, TO_DECIDE
from ..notification import notification
from ..send.decisions import accept_difference, send_anew, update
from ..send.pause import kept_text
from ..sync.compare_documents import standing as find_standing
from ..sync.scheduled import activate_crons


class OctopusDifference(models.TransientModel):
    """Decide about documents that are not the same in Odoo and in Octopus. Nothing is
    proposed as the right choice: a person knows which side is."""

    _name = "octopus.difference"
    _description = "Different in Octopus"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("agreed", "reason")

    booking_ids = fields.Many2many("octopus.booking", string="Documents", readonly=True)
    state = fields.Selection(
        DOCUMENT_STATES, readonly=True, help="In which the documents were shown."
    )
    count = fields.Integer(compute="_compute_posted")
    posted = fields.Boolean(compute="_compute_posted")
    sides_html = fields.Html(compute="_compute_sides_html", sanitize=False)
    standing_text = fields.Text(compute="_compute_standing_text")
    may_be_gone = fields.Boolean(compute="_compute_standing_text")
    agreed = fields.Boolean(string="They are other documents: send ours again")
    reason = fields.Char()

    @api.depends("booking_ids.state")
    @api.depends_context("lang")
    def _compute_standing_text(self):
        """Tell what may be a document though it is called gone: whoever sends it again
        must have looked."""
        for wizard in self:
            rows = wizard.booking_ids.sudo()
            standing = {row: find_standing(row) for row in rows}
            wizard.may_be_gone = all(
                row.state == "gone" or standing[row] for row in rows
            )
            wizard.standing_text = "\n".join(
                self.env._(
                    "%(number)s in Octopus is of the same contact: %(amount)s of"
                    " %(date)s, %(comment)s",
                    number=entry.octopus_number,
                    amount=self._amount_of(entry),
                    date=format_date(self.env, entry.document_date),
                    comment=entry.comment or "",
                )
                for entry in standing.values()
                if entry
            )

    def _amount_of(self, entry):
        amount = formatLang(self.env, entry.amount, digits=2)
        return f"{amount} {entry.currency_code or ''}".strip()

    @api.depends("booking_ids")
    @api.depends_context("lang")
    def _compute_sides_html(self):
        """Show of each document what each side has, where they are not the same."""
        for wizard in self:
            rows = [line for row in wizard.booking_ids for line in self._lines_of(row)]
            cells = Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>")
            body = Markup().join(cells % line for line in rows)
            heads = ("", "", self.env._("In Odoo"), self.env._("In Octopus"))
            head = Markup().join(Markup("<th>%s</th>") % text for text in heads)
            table = Markup(
                '<table class="table table-sm o_octopus_sides"><thead><tr>%s</tr>'
                "</thead><tbody>%s</tbody></table>"
            )
            wizard.sides_html = table % (head, body)

    def _lines_of(self, row):
        """Return (document, what, here, there) of what is told of a row."""
        parts = row.document_name, row.partner_id.display_name
        name, amount = ", ".join(filter(None, parts)), self.env._("amount")
        there = self.env._("deleted") if row.state == "gone" else None
        if row.state == "differs":
            return [(name, *it) for it in row.sides()]
        return [
            (
                name,
                amount,
                self._money(row.document_amount, row.move_id.currency_id),
                there or self._money(row.amount, row.currency_id),
            )
        ]

    def _money(self, amount, currency):
        return formatLang(self.env, amount, currency_obj=currency or None)

    @api.depends("booking_ids.move_id.state")
    def _compute_posted(self):
        for wizard in self:
            rows = wizard.booking_ids
            wizard.count = len(rows)
            wizard.posted = all(row.move_id.state == "posted" for row in rows)

    @api.model
    def _open(self, rows):
        """Return the action that asks what must happen with rows of one state.

        :raises UserError: nothing is to be decided, or not the same for all
        """
        rows.check_access("read")
        rows = rows.filtered(lambda row: row.state in TO_DECIDE)
        states = set(rows.mapped("state"))
        if len(states) != 1:
            raise UserError(
                self.env._(
                    "Choose documents that are all changed, all different in Octopus or"
                    " all gone."
                )
            )
        return self._open_dialog(
            self.env._("What must happen?"),
            {"booking_ids": rows.ids, "state": states.pop()},
        )

    def action_update(self):
        """Write the documents over what Octopus has (10 a day).

        :raises UserError: what stood in the way of some; the others are done
        """
        refused = []
        for row in self._rows():
            try:
                update(row)
            except UserError as error:
                refused.append(f"{row.document_name}: {error}")
        if refused:
            raise UserError("\n".join(refused))
        return {"type": "ir.actions.act_window_close"}

    def action_credit(self):
        """Open Odoo's own credit note for these documents.

        :raises UserError: Octopus has none of them any more
        """
        moves = self._rows().locked("changed", "differs").move_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        return {
            **action,
            "context": {"active_model": moves._name, "active_ids": moves.ids},
        }

    def action_settle(self):
        """Agree that it stays as it is on both sides."""
        accept_difference(self._rows(), self.reason)
        return {"type": "ir.actions.act_window_close"}

    def action_send_again(self):
        """Send documents as new ones, that are gone in Octopus.

        :raises UserError: one may still be there, and nobody said that it is not
        """
        if self.may_be_gone and self.standing_text and not self.agreed:
            raise UserError(
                self.env._(
                    "They may still be there, changed by the accountant. Look, and tick"
                    " the box if they are other documents:\n%(standing)s",
                    standing=self.standing_text,
                )
            )
        rows = self._rows()
        send_anew(rows)
        told = self._told_of_sending(rows)
        closing = {"type": "ir.actions.act_window_close"}
        return {**told, "params": {**told["params"], "next": closing}}

    def _told_of_sending(self, rows):
        """Return the notification of what becomes of rows that were queued just now."""
        if all(rows.mapped("shadow")):
            return rows._shadow_notification()
        dossiers = rows.filtered(lambda row: not row.shadow).dossier_id
        kept = list(filter(None, map(self._kept_text, dossiers)))
        if kept:
            return notification("warning", self.env._("Octopus"), " ".join(kept))
        activate_crons(dossiers)
        goes = self.env._("It is queued, and goes within some minutes.")
        return notification("info", self.env._("Octopus"), goes)

    def _kept_text(self, dossier):
        """Return why what is queued for a dossier does not go now, empty if it does."""
        if paused := kept_text(dossier):
            return paused
        problem = dossier.not_called_text()
        later = self.env._("It is queued, and goes when that is solved.")
        return f"{problem} {later}" if problem else ""

    def _rows(self):
        """Return the rows in sudo: whoever may send may decide about what was shown,
        and is still so."""
        self.booking_ids._check_decides()
        return self.booking_ids.sudo()._some_of((self.state,))
