from odoo import api, fields, models

from ..api.errors import OctopusQuotaError
from ..api.operations import Capability
from ..ledger.findings import Finding, FindingError


class OctopusJournalYear(models.Model):
    """Mirror of one journal in one bookyear: its state and its last number (C.5)."""

    _name = "octopus.journal.year"
    _description = "Octopus Journal in a Bookyear"
    _order = "bookyear_id, journal_id"

    journal_id = fields.Many2one(
        "octopus.journal", required=True, index=True, ondelete="cascade"
    )
    bookyear_id = fields.Many2one(
        "octopus.bookyear", required=True, index=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one(
        related="journal_id.dossier_id", store=True, index=True
    )
    name = fields.Char(compute="_compute_name", store=True)
    closed = fields.Boolean()
    last_number = fields.Integer()
    protected_period = fields.Integer()
    closed_period = fields.Integer()
    read_at = fields.Datetime(help="When Octopus or a booking told this last.")
    active = fields.Boolean(default=True)

    _journal_year_uniq = models.Constraint(
        "UNIQUE(journal_id, bookyear_id)", "A journal is mirrored once per bookyear."
    )

    @api.depends("journal_id.key", "bookyear_id.name")
    def _compute_name(self):
        """Name the journal as the accountant finds it: V1 / 2026 (F.8)."""
        for year in self:
            year.name = f"{year.journal_id.key} / {year.bookyear_id.name}"

    def _read_state(self, octopus):
        """Read the state and the last number of this journal, in one call (X.4, X.20).

        Only this row of the mirror is written: other journals may be in use by others.

        :param octopus: ``api.client.DossierClient``
        :raises FindingError: the bookyear has no such journal any more
        :raises OctopusError: it can not be read now
        """
        self.ensure_one()
        values = self._ask_state(octopus)
        if values is None:
            params = {
                "journal": self.journal_id.key,
                "bookyear": self.bookyear_id.name,
            }
            raise FindingError(Finding("journal_not_in_bookyear", params))
        self.write({**values, "read_at": fields.Datetime.now()})
        if "last_number" in values:
            self.env["octopus.booking"]._note_gone(self)

    def _note_booked(self, number):
        """Keep the last number after a booking of our own."""
        self.write({"last_number": number, "read_at": fields.Datetime.now()})

    def _ask_state(self, octopus):
        bookyear, key = self.bookyear_id.octopus_id, self.journal_id.key
        try:
            journals = octopus.journals(bookyear)
        except OctopusQuotaError:
            if Capability.JOURNAL_DETAIL not in octopus.capabilities:
                raise
            return self._detail_values(octopus.journal_detail(bookyear, key))
        found = next((item for item in journals if item.key == key), None)
        return found and self._list_values(found)

    def _list_values(self, journal):
        values = {
            "closed": journal.closed,
            "protected_period": journal.protected_period,
            "closed_period": journal.closed_period,
        }
        # A number that is not told is no proof that the bookings are gone (X.31).
        if journal.last_number is not None:
            values["last_number"] = journal.last_number
        return values

    def _detail_values(self, detail):
        values = {
            "closed": detail.closed,
            "protected_period": detail.protected_period,
            "closed_period": detail.closed_period,
        }
        if detail.next_number:
            values["last_number"] = detail.next_number - 1
        return values
