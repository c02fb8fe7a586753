from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..prepare.start import default_start
from ..send.backlog import not_asked
from .octopus_settings_mixin import setting


class OctopusSettingsStart(models.AbstractModel):
    """How documents go, in the settings: shown there, changed by ``octopus.start``."""

    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_by_hand = fields.Boolean(
        string="Only when asked",
        help="Documents of this company wait until somebody sends them.",
        **setting("octopus_by_hand"),
    )
    octopus_shadow = fields.Boolean(
        string="Shadow mode",
        related="octopus_dossier_id.shadow",
        help="Everything is prepared and shown, and nothing is sent to the dossier.",
    )
    octopus_sending_text = fields.Char(
        string="Sending",
        compute="_compute_octopus_sending",
        help="How documents of this company go to Octopus now.",
    )
    octopus_is_linked = fields.Boolean(
        compute="_compute_octopus_sending",
        help="The company books in a dossier, and is asked before its start changes.",
    )

    octopus_backlog_html = fields.Html(
        string="Not asked for",
        compute="_compute_octopus_backlog_html",
        sanitize=False,
        help="How many documents from the start date on nobody asked for.",
    )

    @api.depends("company_id", "octopus_start_date")
    @api.depends_context("lang")
    def _compute_octopus_backlog_html(self):
        for settings in self:
            holder, start = settings._octopus_holder(), settings.octopus_start_date
            settings.octopus_backlog_html = False
            if not holder.octopus_enabled or not start:
                continue
            told = not_asked(holder, start)
            if told.count:
                text = self.env._(
                    "From then until %(last)s, documents that are not sent and that"
                    " nobody asked for: %(count)s. Saving sends none of them.",
                    count=told.count,
                    last=format_date(self.env, told.last),
                )
                settings.octopus_backlog_html = escape(text)

    @api.depends("company_id", "octopus_dossier_id")
    @api.depends_context("lang")
    def _compute_octopus_sending(self):
        for settings in self:
            holder = settings._octopus_holder()
            settings.octopus_is_linked = bool(holder.octopus_dossier_id)
            settings.octopus_sending_text = settings._octopus_sending_text(holder)

    def _octopus_sending_text(self, holder):
        if holder.octopus_dossier_id.shadow:
            return self.env._("Shadow mode: all is prepared, nothing is sent.")
        if holder.octopus_is_automatic():
            return self.env._("New documents go by themselves.")
        return self.env._("Each document goes when somebody sends it.")

    @api.onchange("octopus_dossier_id")
    def _onchange_octopus_dossier_id(self):
        # EXTENDS: a new link gets a start, to be seen before it is saved; one that is
        # there without a start is asked, and nothing is filled in for it.
        linked = self._octopus_holder().octopus_dossier_id
        if self.octopus_dossier_id and not (linked or self.octopus_start_date):
            self.octopus_start_date = default_start(self.octopus_dossier_id)
        return super()._onchange_octopus_dossier_id()

    # Actions

    def action_octopus_start(self):
        """Ask how and from when documents go."""
        self._octopus_linked()
        return self.company_id.action_octopus_start()

    def action_octopus_rehearse(self):
        """Replay the documents of twelve months, without sending anything."""
        self._octopus_linked()
        return self.company_id.action_rehearse()

    def action_octopus_rehearsal(self):
        """Show the last rehearsal.

        :raises UserError: there was none
        """
        rehearsal = self.env["octopus.rehearsal"]._of(self._octopus_holder())
        if not rehearsal:
            raise UserError(self.env._("Nothing was rehearsed yet."))
        return rehearsal._get_records_action()
