from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..api.new_books import NewBookyear
from ..core.vat_period import MONTH, QUARTER
from ..sync.make_books import make_bookyear

DECLARANTS = {MONTH: "MONTHLY", QUARTER: "QUARTERLY"}
# Periods by how many of them a bookyear has.
PERIODS = {12: "MONTH", 4: "QUARTER", 1: "YEAR"}
FORMS = [
    ("octopus.setup", "Set-up"),
    ("octopus.check.list", "Check-list"),
    ("octopus.dossier", "Turn of the year"),
]


class OctopusNewBookyear(models.TransientModel):
    """Make the next bookyear in Octopus, after a clear question."""

    _name = "octopus.new.bookyear"
    _description = "Make a Bookyear in Octopus"
    _inherit = ["octopus.dialog.mixin"]
    _answers = (
        "name",
        "date_start",
        "date_end",
        "periods",
        "declarant",
        "pro_rata",
        "agreed",
    )

    form_ref = fields.Reference(FORMS, readonly=True, help="Where it was asked for.")
    dossier_id = fields.Many2one("octopus.dossier", readonly=True, required=True)
    is_first = fields.Boolean(
        readonly=True, help="The dossier has no bookyear yet: its first day is chosen."
    )
    name = fields.Char(required=True, help="As it is called in Octopus, such as 2027.")
    date_start = fields.Date(
        string="From",
        required=True,
        help="The day after the last bookyear: bookyears follow each other without a"
        " gap.",
    )
    date_end = fields.Date(string="Until", required=True, help="Its last day.")
    periods = fields.Selection(
        [("MONTH", "Months"), ("QUARTER", "Quarters"), ("YEAR", "One for the year")],
        required=True,
        help="The booking periods that it is divided in.",
    )
    declarant = fields.Selection(
        [
            ("MONTHLY", "Every month"),
            ("QUARTERLY", "Every quarter"),
            ("YEARLY", "Every year"),
            ("UNKNOWN", "Not told"),
        ],
        string="VAT return",
        required=True,
        help="How often the company declares VAT.",
    )
    pro_rata = fields.Boolean(
        string="Depreciation by days",
        help="Assets are written off by the days of their first year; the accountant"
        " can change it in Octopus.",
    )
    agreed = fields.Boolean(
        string="The accountant knows of it",
        help="A bookyear that was made cannot be removed from here.",
    )

    @api.model
    def _open_for(self, form, dossier):
        """Return the action that asks for it.

        :param form: record of one of ``FORMS``
        :param dossier: ``octopus.dossier``
        """
        dossier.check_access("write")
        return self._open_dialog(
            self.env._("Make a bookyear in Octopus"),
            {
                "form_ref": f"{form._name},{form.id}",
                "dossier_id": dossier.id,
                **self._proposal(dossier.sudo()),
            },
        )

    @api.model
    def _proposal(self, dossier):
        last = dossier.bookyear_ids.sorted("date_end")[-1:]
        today = fields.Date.context_today(self)
        start = today.replace(month=1, day=1)
        if last:
            start = last.date_end + timedelta(days=1)
        end = fields.Date.add(start, years=1, days=-1)
        return {
            "is_first": not last,
            "name": str(start.year) if start.month == 1 else f"{start.year}-{end.year}",
            "date_start": start,
            "date_end": end,
            "periods": PERIODS.get(len(last.period_ids), "MONTH"),
            "declarant": DECLARANTS.get(dossier.vat_return, "UNKNOWN"),
            "pro_rata": True,
        }

    def action_make(self):
        """Make it, and show the check-list again."""
        self.ensure_one()
        self.check_access("write")
        if not self.agreed:
            raise UserError(
                self.env._(
                    "Tick that the accountant knows of it: it cannot be undone here."
                )
            )
        make_bookyear(
            self.dossier_id,
            NewBookyear(
                name=self.name,
                start=self.date_start,
                end=self.date_end,
                periods=self.periods,
                declarant=self.declarant,
                pro_rata=self.pro_rata,
            ),
        )
        return self.action_back()

    def action_back(self):
        """Show the form that this was asked from."""
        self.check_access("read")
        return self.form_ref.with_env(self.env)._reopen()
