from odoo import api, fields, models

from ..groups import MANAGER, USER
from ..prepare.banks import BANK_TYPES

OWNERS = [
    ("octopus", "Octopus"),
    ("odoo", "Odoo"),
    ("none", "Nobody"),
]


class AccountJournal(models.Model):
    """A bank journal has one owner of its payments, so that none goes round in
    circles."""

    _inherit = "account.journal"
    _octopus_filled_in = frozenset(("octopus_payment_owner", "octopus_payments_from"))
    _octopus_filled_in_by = MANAGER

    octopus_payment_owner = fields.Selection(
        OWNERS,
        string="Payments are kept in",
        tracking=True,
        copy=False,
        help="Octopus: what is matched there is paid here. Odoo: what is paid here is"
        " booked and matched there. Empty: as the company's settings say.",
        groups=USER,
    )
    octopus_payments_from = fields.Date(
        string="Payments to Octopus from",
        tracking=True,
        copy=False,
        help="Earlier payments are in Octopus already.",
        groups=USER,
    )
    octopus_owner = fields.Selection(
        OWNERS,
        string="Owner of payments",
        compute="_compute_octopus_owner",
        groups=USER,
    )
    octopus_owner_warning = fields.Char(compute="_compute_octopus_owner", groups=USER)
    octopus_has_dossier = fields.Boolean(compute="_compute_octopus_owner", groups=USER)

    @api.depends("octopus_payment_owner", "company_id", "type")
    def _compute_octopus_owner(self):
        for journal in self:
            company = journal.company_id
            journal.octopus_has_dossier = bool(
                company and journal.type in BANK_TYPES and company.octopus_dossier()
            )
            owner = journal.octopus_owner_now() if company else "none"
            journal.octopus_owner = owner
            journal.octopus_owner_warning = journal._octopus_warning(owner)

    @api.private
    def octopus_owner_now(self):
        """Return who keeps the payments of this journal: ``octopus``, ``odoo`` or
        ``none``."""
        self.ensure_one()
        settings = self.company_id.octopus_settings()
        if self.type not in BANK_TYPES or not settings.octopus_dossier_id:
            return "none"
        if self == settings.octopus_clearing_journal_id:
            return "octopus"
        # Whoever works with the journal: where its payments go is no secret of theirs.
        owner = self.sudo().octopus_payment_owner
        return owner or settings.octopus_payment_owner or "none"

    def _octopus_warning(self, owner):
        """Return what is wrong with an owner, if anything."""
        if owner != "octopus" or not self._octopus_has_statements():
            return False
        return self.env._(
            "This journal has bank statements in Odoo. If its payments are kept in"
            " Octopus, each of them comes twice: reconcile the statements in one of the"
            " two only."
        )

    def _octopus_has_statements(self):
        lines = self.env["account.bank.statement.line"].sudo()
        return bool(
            self._origin.id
            and lines.search_count([("journal_id", "=", self._origin.id)], limit=1)
        )

    @api.onchange("octopus_payment_owner")
    def _onchange_octopus_payment_owner(self):
        """Warn before two sides keep the same payments."""
        warning = self._octopus_warning(self.octopus_owner_now())
        if not warning:
            return None
        title = self.env._("Two sides would keep these payments")
        return {"warning": {"title": title, "message": warning}}

    @api.private
    def octopus_payments_start(self):
        """Return the day from which payments of this journal go to Octopus."""
        settings = self.company_id.octopus_settings()
        days = [self.sudo().octopus_payments_from, settings.octopus_start_date]
        return max(filter(None, days), default=fields.Date.to_date("1900-01-01"))

    def _octopus_start_payments(self):
        """Let payments go from today on, in journals that become Odoo's: earlier ones
        are in Octopus already."""
        today = fields.Date.context_today(self)
        new = self.sudo().filtered(
            lambda journal: (
                not journal.octopus_payments_from
                and journal.octopus_owner_now() == "odoo"
            )
        )
        new.octopus_payments_from = today

    def _octopus_kept_in_odoo(self):
        """Return those of which Odoo keeps the payments, or will when linked."""
        return self.sudo().filtered(
            lambda journal: (
                "odoo" in (journal.octopus_payment_owner, journal.octopus_owner_now())
            )
        )

    def _octopus_note_owner(self, before):
        """Begin anew where the owner changed: what was paid while somebody else kept
        the payments is in Octopus already.

        :param before: those of which Odoo kept the payments until now
        """
        (before - self._octopus_kept_in_odoo()).sudo().octopus_payments_from = False
        (self - before)._octopus_start_payments()

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        journals = super().create(vals_list)
        journals._octopus_start_payments()
        return journals

    def copy(self, default=None):
        # EXTENDS 'account'
        # Whoever copies a journal need not be one who may choose its owner.
        journals = super().copy(default)
        if "octopus_payment_owner" not in (default or {}):
            for journal, copied in zip(self.sudo(), journals.sudo(), strict=True):
                copied.octopus_payment_owner = journal.octopus_payment_owner
        return journals

    def write(self, vals):
        # EXTENDS 'account'
        if "octopus_payment_owner" not in vals:
            return super().write(vals)
        before = self._octopus_kept_in_odoo()
        written = super().write(vals)
        self._octopus_note_owner(before)
        return written
