from markupsafe import Markup

from odoo import api, fields, models

from ..core.codes import INFO
from ..core.findings import Finding
from ..prepare.kinds import TYPE_OF_KIND
from ..prepare.settings import GOES_FIELDS, JOURNAL_FIELDS


class OctopusSettingsJournals(models.AbstractModel):
    """Which journals the settings do not offer, and why."""

    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_journal_hint = fields.Html(
        compute="_compute_octopus_journal_hint", sanitize=False
    )

    @api.depends("octopus_dossier_id", *JOURNAL_FIELDS.values(), *GOES_FIELDS.values())
    def _compute_octopus_journal_hint(self):
        """Tell it to who has a journal to choose."""
        for settings in self:
            misses = any(
                settings[GOES_FIELDS[kind]] and not settings[journal]
                for kind, journal in JOURNAL_FIELDS.items()
            )
            dossier = settings.octopus_dossier_id
            settings.octopus_journal_hint = misses and settings._octopus_hint(dossier)

    def _octopus_hint(self, dossier):
        """Tell which journals are not offered, and why."""
        if not dossier:
            return False
        journals = self.env["octopus.journal"].search_fetch(
            [("dossier_id", "=", dossier.id)], ["key", "name", "type", "insertion_type"]
        )
        findings = [
            Finding(
                code,
                {"journal": journal.display_name, "kind": "out_invoice"},
                severity=INFO,
            )
            for journal in journals.filtered(lambda row: row.type == "V")
            if (code := journal.why_not("out_invoice"))
        ]
        hint = self.env["octopus.finding"]._html(
            [finding.as_json() for finding in findings]
        )
        types = journals.mapped("type")
        if not set(TYPE_OF_KIND.values()) <= set(types):
            hint += Markup("<p>%s</p>") % self.env._(
                "A journal is missing? One that was just made in Octopus is seen only"
                " after File > Synchronise there; then refresh the dossier here."
            )
        return hint or False
