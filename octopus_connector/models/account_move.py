from odoo import api, fields, models

from ..documents import DocumentBuilder
from ..ledger.findings import Finding
from .octopus_booking import KINDS, STATES

# States in which Octopus has, or may have, the document: a preflight says nothing new.
SENT = ("sending", "unknown", "booked", "changed", "gone")


class AccountMove(models.Model):
    """A document shows what its outbox row knows; it decides nothing itself (F.1, F.8)."""

    _inherit = "account.move"

    octopus_booking_ids = fields.One2many("octopus.booking", "move_id", copy=False)
    octopus_booking_id = fields.Many2one(
        "octopus.booking",
        string="Octopus booking",
        compute="_compute_octopus_booking_id",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    octopus_state = fields.Selection(
        STATES, string="Octopus state", related="octopus_booking_id.state", store=True
    )
    octopus_number = fields.Char(
        related="octopus_booking_id.octopus_number", string="Octopus number", store=True
    )
    octopus_relation_number = fields.Integer(
        compute="_compute_octopus_relation_number",
        search="_search_octopus_relation_number",
        string="Octopus relation",
    )
    octopus_ready = fields.Boolean(
        string="Ready for Octopus", compute="_compute_octopus_preflight"
    )
    octopus_findings_html = fields.Html(
        string="Before it goes to Octopus",
        compute="_compute_octopus_preflight",
        sanitize=False,
    )

    @api.depends_context("lang", "uid")
    def _compute_octopus_preflight(self):
        """Tell what stands in the way of a document that was not sent yet (Z.2).

        It looks at what is saved. A draft is judged as if it were confirmed.
        """
        saved = self._origin.filtered(lambda move: move.octopus_state not in SENT)
        concerned = saved._octopus_concerned()
        prepared = concerned._octopus_prepare(find_relations=True)
        for move in self:
            document = prepared.get(move._origin.id)
            findings = [] if document is None else list(document.findings)
            findings = [found for found in findings if found.code != "not_posted"]
            stops = any(found.stops for found in findings)
            move.octopus_ready = document is not None and not stops
            if move._origin in saved and document is None:
                findings = move._origin._octopus_not_concerned()
            move.octopus_findings_html = self.env["octopus.finding"]._html(
                [finding.as_json() for finding in findings]
            )

    # Preparing

    def _octopus_in_scope(self):
        """Return the documents that go to Octopus: posted, of a kind and company that
        do, from the start date on, and not left out by a person (F.1-F.4)."""
        return self.filtered(lambda move: move.state == "posted")._octopus_concerned()

    def _octopus_concerned(self):
        """Return the documents that Octopus concerns, drafts too (B.4, F.1-F.3)."""
        settings = {
            company: company._octopus_settings() for company in self.company_id
        }
        return self.filtered(
            lambda move: move.move_type in dict(KINDS)
            and settings[move.company_id].octopus_dossier_id
            and move.octopus_state != "excluded"
            and not move._octopus_before_start(settings[move.company_id])
        )

    def _octopus_before_start(self, settings):
        start = settings.octopus_start_date
        day = self.invoice_date or self.date
        return bool(start and day and day < start)

    def _octopus_not_concerned(self):
        """Return why a document of a company with a dossier does not go to Octopus."""
        settings = self.company_id._octopus_settings()
        if self.move_type not in dict(KINDS) or not settings.octopus_dossier_id:
            return []
        if self.octopus_state == "excluded":
            return [Finding("excluded")]
        facts = {
            "date": self.invoice_date or self.date,
            "start_date": settings.octopus_start_date,
        }
        return [Finding("before_start_date", facts, "res.config.settings")]

    def _octopus_prepare(self, find_relations=False):
        """Return what each document would be in Octopus, and what stands in its way.

        Nothing is written and nothing is called; the number of queries is the same for
        one document and for hundreds, unless ``find_relations`` looks up contacts that
        have no relation yet. Drafts are prepared too, with finding ``not_posted``.

        :return: ``{move id: PreparedDocument}``
        """
        return DocumentBuilder(self, find_relations).prepare()

    def action_octopus_preview(self):
        """Open the booking as Octopus will get it, before anything leaves (Z.12)."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.booking.preview"]._open(self)
