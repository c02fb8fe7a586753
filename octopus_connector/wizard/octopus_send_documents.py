from odoo import api, fields, models
from odoo.exceptions import UserError

from ..prepare.kinds import TYPE_OF_KIND, settings_kind
from ..prepare.settings import GOES_FIELDS
from ..send.backlog import not_asked_documents

# A field for each kind that has settings, with what it concerns.
KINDS = tuple(TYPE_OF_KIND)


def chosen(label):
    """Return the field in which somebody chooses a kind."""
    return fields.Boolean(string=label, default=True)


def told(label):
    """Return the field that says how many documents of a kind there are; empty where
    the kind does not go to Octopus."""
    return fields.Char(string=label, compute="_compute_told")


class OctopusSendDocuments(models.TransientModel):
    """Send what nobody asked for yet, by kind and period: how many documents, and for
    how much, is said before anything is queued."""

    _name = "octopus.send.documents"
    _description = "Send Documents by Kind and Period"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("date_from", "date_to", *KINDS)

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date_from = fields.Date(
        string="From",
        help="Accounting date. Documents of before the start of sending do not go.",
    )
    date_to = fields.Date(string="Until", help="Accounting date.")
    out_invoice = chosen("Sales invoices")
    out_invoice_told = told("Number of sales invoices")
    out_refund = chosen("Sales credit notes")
    out_refund_told = told("Number of sales credit notes")
    in_invoice = chosen("Bills")
    in_invoice_told = told("Number of bills")
    in_refund = chosen("Purchase credit notes")
    in_refund_told = told("Number of purchase credit notes")
    count = fields.Integer(string="Documents", compute="_compute_told")

    @api.model
    def _open_for(self, dossier):
        """Return the action that asks, for the company of a dossier in which the user
        works now, or else the first.

        :raises UserError: the user works in none of them
        """
        dossier.check_access("read")
        mine = self.env.companies.filtered(
            lambda company: company.octopus_dossier().id == dossier.id
        )
        company = self.env.company if self.env.company in mine else mine[:1]
        if not company:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        title = self.env._("Send documents")
        return self._open_dialog(title, {"company_id": company.id})

    @api.depends("company_id", "date_from", "date_to", *KINDS)
    @api.depends_context("lang", "uid")
    def _compute_told(self):
        for dialog in self:
            found = dialog._found()
            goes = dialog._kinds_that_go()
            for kind in KINDS:
                text = dialog._told(*found.get(kind, (0, 0.0)))
                dialog[f"{kind}_told"] = text if kind in goes else False
            dialog.count = sum(
                found.get(kind, (0, 0.0))[0] for kind in goes if dialog[kind]
            )

    def _told(self, count, amount):
        currency = self.company_id.sudo().currency_id
        if not count:
            return self.env._("none")
        worth = currency.format(amount)
        if count == 1:
            return self.env._("1 document, %(amount)s", amount=worth)
        return self.env._("%(count)s documents, %(amount)s", count=count, amount=worth)

    def _kinds_that_go(self):
        settings = self.company_id.octopus_settings()
        return [kind for kind in KINDS if settings[GOES_FIELDS[kind]]]

    def _found(self):
        """Return how many documents there are of each kind, and their total in the
        company's currency; credit notes are negative."""
        rows = self.env["account.move"]._read_group(
            self._documents(), ["move_type"], ["__count", "amount_total_signed:sum"]
        )
        found = {}
        for move_type, count, amount in rows:
            kind = settings_kind(move_type)
            before, sum_before = found.get(kind, (0, 0.0))
            # Odoo counts what is bought negative.
            sign = -1 if move_type.startswith("in_") else 1
            found[kind] = before + count, sum_before + sign * amount
        return found

    def _documents(self):
        """Return the domain of documents of the period that nobody asked for."""
        return not_asked_documents(
            self.env["octopus.booking"],
            self.company_id.octopus_settings(),
            self.date_from,
            self.date_to,
        )

    def action_send(self):
        """Ask for the documents that are told, of the kinds that are chosen.

        :raises UserError: there is none
        """
        self.ensure_one()
        wanted = [kind for kind in self._kinds_that_go() if self[kind]]
        moves = self.env["account.move"].search(self._documents())
        moves = moves.filtered(lambda move: settings_kind(move.move_type) in wanted)
        if not moves:
            raise UserError(
                self.env._(
                    "No document of this period and these kinds is left to send."
                )
            )
        moves._octopus_check_user()
        return moves._octopus_queue(self.env.user)._send_soon()
