from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OctopusBookyearJournal(models.Model):
    """In one bookyear, another journal than the one that was chosen.

    Journals are chosen once, by their key, and hold in every bookyear that has them;
    this is for the year in which the accountant keeps another one.
    """

    _name = "octopus.bookyear.journal"
    _description = "Other Octopus Journal in a Bookyear"
    _order = "bookyear_id, journal_id"
    _rec_name = "other_id"
    # The dossier comes along when a row is added on it, and follows the bookyear.
    _octopus_filled_in = frozenset(
        ("bookyear_id", "journal_id", "other_id", "dossier_id")
    )

    bookyear_id = fields.Many2one(
        "octopus.bookyear",
        required=True,
        index=True,
        ondelete="cascade",
        help="The bookyear in which another journal is used.",
    )
    dossier_id = fields.Many2one(
        related="bookyear_id.dossier_id",
        store=True,
        help="The dossier of the bookyear.",
    )
    journal_id = fields.Many2one(
        "octopus.journal",
        string="Instead of",
        required=True,
        ondelete="cascade",
        help="The journal that the settings or the list of journals name. It may"
        " be one for sales, purchases or a bank.",
    )
    other_id = fields.Many2one(
        "octopus.journal",
        string="Use",
        required=True,
        ondelete="cascade",
        help="The journal that documents or payments go to in this bookyear.",
    )

    _journal_uniq = models.UniqueIndex(
        "(bookyear_id, journal_id)", "A journal has one other in a bookyear."
    )

    @api.constrains("bookyear_id", "journal_id", "other_id")
    def _check_journals(self):
        for row in self:
            journals = row.journal_id | row.other_id
            if journals.dossier_id != row.bookyear_id.dossier_id:
                raise ValidationError(
                    self.env._(
                        "Both journals must be of the dossier of %(bookyear)s.",
                        bookyear=row.bookyear_id.name,
                    )
                )
            if row.journal_id.type != row.other_id.type:
                raise ValidationError(
                    self.env._(
                        "%(other)s is not of the same type as %(journal)s.",
                        other=row.other_id.display_name,
                        journal=row.journal_id.display_name,
                    )
                )

    @api.model
    @api.private
    def lookup(self, dossier):
        """Return ``{(bookyear id, journal id): octopus.journal to use}``."""
        rows = self.of_dossier(dossier)
        return {(row.bookyear_id.id, row.journal_id.id): row.other_id for row in rows}

    @api.model
    @api.private
    def of_dossier(self, dossier):
        """Return the rows of a dossier, in sudo."""
        return self.sudo().search([("dossier_id", "=", dossier.id)])

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._wake()
        return rows

    def write(self, vals):
        written = super().write(vals)
        self._wake()
        return written

    def _wake(self):
        """Look again at documents that stand still for the journal."""
        self.env["octopus.outbox.mixin"].wake_all(self.sudo().dossier_id)
