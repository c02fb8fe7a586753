from odoo import fields, models

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
RESULTS = [
    (NEW, "New"),
    (CHANGED, "Changed"),
    (REFUSED, "Refused"),
    (SAME, "Same"),
]


class OctopusMappingSheetLine(models.TransientModel):
    """What one row of the file would change."""

    _name = "octopus.mapping.sheet.line"
    _description = "Row of a Mapping Spreadsheet"
    _order = "result, kind, row"
    _inherit = ["octopus.dialog.mixin"]

    sheet_id = fields.Many2one(
        "octopus.mapping.sheet", required=True, ondelete="cascade", help="The file."
    )
    kind = fields.Char(string="Sheet", required=True, help="The sheet of the file.")
    row = fields.Integer(help="The number of the row in its sheet.")
    name = fields.Char(help="What the row is about.")
    result = fields.Selection(
        RESULTS, required=True, help="What would become of it: refused rows stay out."
    )
    told = fields.Char(string="What", help="The change, or why it is refused.")
