from odoo import models

from ..api.errors import OctopusError
from ..core.findings import FindingError
from ..prepare.kinds import JOURNAL_FIELDS


class OctopusDossier(models.Model):
    """The first day: what the accountant booked before is not sent again."""

    _inherit = "octopus.dossier"

    def action_look_for_existing(self):
        """Read the journals that Odoo will book in, and show the documents that look
        like something in them; nothing of those is sent until a person decided.

        Each journal is read whole once, later only what changed in it.
        """
        self.ensure_one()
        self.check_access("read")
        dossier = self.sudo()
        if problem := dossier._read_journals():
            return self.env["octopus.connection"]._notification(
                "danger",
                self.env._("Not everything could be read"),
                self.env["octopus.finding"]._sentences(problem),
            )
        self.env["octopus.booking"].sudo()._look_for_existing(dossier)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_existing"
        )
        return {**action, "context": {"search_default_dossier_id": self.id}}

    def _read_journals(self):
        """Read the open bookyears of the journals that documents go to.

        :return: the finding, as JSON, of what could not be read, else ``None``
        """
        try:
            with self._client() as octopus:
                for year in self._journals_used().year_ids:
                    if not year.bookyear_id.closed:
                        year._look(octopus)
        except FindingError as error:
            return error.findings[0].as_json()
        except OctopusError as error:
            return self._note_error(error)
        return None

    def _journals_used(self):
        """Return the purchase and sales journals that settings and mappings name."""
        journals = self.env["octopus.journal"]
        for settings in self.company_ids:
            mappings = self.env["octopus.journal.mapping"]._lookup(settings)
            for mapping in mappings.values():
                journals |= mapping.octopus_journal_id
                journals |= mapping.octopus_refund_journal_id
            for field in JOURNAL_FIELDS.values():
                journals |= settings[field]
        return journals.filtered(lambda journal: journal.type in ("V", "A"))
