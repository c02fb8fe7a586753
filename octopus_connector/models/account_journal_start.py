from odoo import models

SWITCHES = {"octopus_payment_owner", "octopus_payments_from"}


class AccountJournalStart(models.Model):
    """Payments of before do not go by themselves when more of a bank's payments are to
    go than until then (``res.company.octopus_automatic_since``)."""

    _inherit = "account.journal"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        # EXTENDS: a day that is earlier, and an owner who keeps them from now on
        if not SWITCHES & vals.keys():
            return super().write(vals)
        companies = self.company_id._octopus_switching()
        before = self._octopus_go_from()
        journals = self.with_env(companies.env)
        written = super(AccountJournalStart, journals).write(vals)
        for journal, start in self._octopus_go_from().items():
            if start and not (before[journal] and before[journal] <= start):
                journal.company_id._octopus_begin_anew()
        return written

    def _octopus_go_from(self):
        """Return ``{journal: day}`` from which payments go; no day where none does."""
        return {
            journal: journal.octopus_owner_now() == "odoo"
            and journal.octopus_payments_start()
            for journal in self
        }
