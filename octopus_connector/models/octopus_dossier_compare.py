from odoo import api, models
from odoo.fields import Domain

from ..core.states import TO_DECIDE
from ..notification import notification, tell_changed, with_button
from ..sync.compare_entries import Comparison
from ..transaction import own_transaction

OUTBOX = "octopus_connector.action_octopus_booking"


class OctopusDossierCompare(models.Model):
    """A dossier is compared each hour, and whenever somebody asks for it."""

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    def action_compare(self):
        """Compare what Octopus has with what was sent, now."""
        self.check_access("read")
        return self.compare_now()

    @api.private
    def compare_now(self, rows=None):
        """Compare these dossiers while a person waits, and tell the result.

        :param rows: only of these ``octopus.booking`` the result is told
        """
        problems = []
        with own_transaction(self.env) as env:
            for dossier in self.with_env(env).sudo():
                stopped = dossier.stopped_by()
                problem = stopped.as_json() if stopped else Comparison(dossier).run()
                problems += [problem] if problem else []
            tell_changed(env)
        if problems:
            text = self.env["octopus.finding"].sentences(problems[0])
            return notification("danger", self.env._("Not compared"), text, sticky=True)
        return self._compared(rows)

    def _compared(self, rows):
        domain = Domain("state", "in", TO_DECIDE) & (
            Domain("dossier_id", "in", self.ids)
            if rows is None
            else Domain("id", "in", rows.ids)
        )
        found = self.env["octopus.booking"].search(domain)
        title = self.env._("Compared with Octopus")
        if not found:
            text = self.env._("Nothing is different.")
            return notification("success", title, text)
        lines = [f"{row.document_name}: {row.told}" for row in found[:3]]
        if len(found) > len(lines):
            more = len(found) - len(lines)
            lines.append(self.env._("and %(count)s more", count=more))
        told = notification("warning", title, "; ".join(lines), sticky=True)
        action = self.env["ir.actions.act_window"]._for_xml_id(OUTBOX)
        opened = {**action, "domain": list(domain), "context": {"create": False}}
        return with_button(told, self.env._("Open"), opened)
