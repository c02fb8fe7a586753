from odoo import api, fields, models
from odoo.fields import Domain

LANGUAGES = ("nl", "fr", "en", "de")


class OctopusNamesMixin(models.AbstractModel):
    """What has a name in each of the languages of Octopus."""

    _name = "octopus.names.mixin"
    _description = "Names in the Languages of Octopus"

    name = fields.Char(compute="_compute_name", search="_search_name")
    name_nl = fields.Char(
        string="Dutch name",
        help="The name in Dutch.",
    )
    name_fr = fields.Char(
        string="French name",
        help="The name in French.",
    )
    name_en = fields.Char(
        string="English name",
        help="The name in English.",
    )
    name_de = fields.Char(
        string="German name",
        help="The name in German.",
    )

    @api.depends(*(f"name_{language}" for language in LANGUAGES))
    @api.depends_context("lang")
    def _compute_name(self):
        own = (self.env.lang or "")[:2]
        order = sorted(LANGUAGES, key=lambda language: language != own)
        for record in self:
            names = (record[f"name_{language}"] for language in order)
            record.name = next(filter(None, names), False)

    @api.private
    def names(self):
        """Return the names, by language: ``{"nl": "Verkopen"}``."""
        self.ensure_one()
        names = {language: self[f"name_{language}"] for language in LANGUAGES}
        return {language: name for language, name in names.items() if name}

    @api.model
    def _search_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(
            Domain(f"name_{language}", operator, value) for language in LANGUAGES
        )
