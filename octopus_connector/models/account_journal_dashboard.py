from collections import Counter
from itertools import chain

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..core.states import IN_FLIGHT, OPEN, QUEUED, TO_DECIDE
from ..groups import SHOWN_TO, USER
from ..prepare.desk import NUMBERS, count

# What a card tells, by its name: documents that are not in Octopus yet, what somebody
# must look at among them, and those that are not the same there.
STATES = {
    "octopus_waiting": (*OPEN, QUEUED, *IN_FLIGHT),
    "octopus_blocked": ("blocked",),
    "octopus_differs": TO_DECIDE,
}


class AccountJournalDashboard(models.Model):
    """What of each journal is not in Octopus as it is here, on Invoicing's own
    dashboard; and above it, when somebody must do something."""

    _inherit = "account.journal"  # pylint: disable=consider-merging-classes-inherited

    def _get_journal_dashboard_data_batched(self):
        # EXTENDS 'account'
        dashboard_data = super()._get_journal_dashboard_data_batched()
        if self.env.user.has_groups(SHOWN_TO):
            self._octopus_fill_dashboard_data(dashboard_data)
        return dashboard_data

    def _octopus_fill_dashboard_data(self, dashboard_data):
        """Count documents of journals, in a number of queries that does not grow with
        them."""
        linked = self._octopus_linked()
        if not linked:
            return
        counts = linked._octopus_count_states()
        for journal in linked:
            told = counts[journal.id]
            for name, states in STATES.items():
                dashboard_data[journal.id][name] = sum(told[it] for it in states)
        if attention := self._octopus_attention():
            # Told once, above all cards.
            dashboard_data[self[:1].id]["octopus_attention"] = attention

    def _octopus_count_states(self):
        """Return how many documents of each journal stand how, as far as it is told:
        ``{id: Counter}``."""
        moves = self.env["account.move"]
        shown = (
            Domain(moves._check_company_domain(self.env.companies))
            & Domain("journal_id", "in", self.ids)
            & Domain("octopus_state", "in", {*chain(*STATES.values())})
        )
        groups = ["journal_id", "octopus_state"]
        counts = {journal.id: Counter() for journal in self}
        for journal, state, found in moves._read_group(shown, groups, ["__count"]):
            counts[journal.id][state] = found
        return counts

    def _octopus_linked(self):
        """Return the journals of documents that go to Octopus."""
        linked = self.company_id.filtered(lambda company: company.octopus_dossier())
        return self.filtered(
            lambda journal: (
                journal.type in ("sale", "purchase") and journal.company_id in linked
            )
        )

    def _octopus_attention(self):
        """Return for how much the user must do something, as the overview counts it."""
        if not self.env.user.has_group(USER):
            return 0
        dossiers = self.env["octopus.dossier"].search([("company_ids", "!=", False)])
        asking = [number for number in NUMBERS.values() if number.acts]
        counts = (count(number, dossiers).values() for number in asking)
        return sum(told.count for told in chain(*counts))

    def action_octopus_open(self):
        """Open the documents of a journal that a line of its card counts, named in the
        context.

        :raises AccessError: the user sees nothing of Octopus
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_groups(SHOWN_TO):
            raise AccessError(self.env._("This is for who sees invoices."))
        states = STATES.get(self.env.context.get("octopus_card"), TO_DECIDE)
        action = self.open_action()
        action["domain"] = [*action["domain"], ("octopus_state", "in", states)]
        action["context"] = {"default_journal_id": self.id}
        return action
