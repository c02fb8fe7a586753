from odoo import fields, models
from odoo.tools import format_date, format_datetime, format_time

from ..sync.both_sides import NO_PERIOD


class OctopusComparisonTexts(models.Model):
    """What is told of a period of a journal, in words."""

    _inherit = "octopus.comparison"  # pylint: disable=consider-merging-classes-inherited

    def _name_text(self):
        if not self.journal_year_id:
            return self.env._("No journal known")
        journal = self.journal_year_id.name
        if self.period_number == NO_PERIOD:
            return self.env._("%(journal)s, no period known", journal=journal)
        facts = {"journal": journal, "period": self.period_number}
        if not self.date_start:
            return self.env._("%(journal)s, period %(period)s", **facts)
        first, last = self.date_start, self.date_end
        if (first.year, first.month) == (last.year, last.month):
            month = format_date(self.env, first, date_format="MMMM yyyy")
            facts["month"] = month
            return self.env._("%(journal)s: %(month)s", **facts)
        facts["start"] = format_date(self.env, first)
        facts["end"] = format_date(self.env, last)
        return self.env._("%(journal)s: %(start)s–%(end)s", **facts)

    def _told_of(self, kinds, is_unseen, run):
        if run:
            return self.env._(
                "Being compared: %(done)s of %(total)s documents",
                done=run.done,
                total=run.total,
            )
        if not self.looked_at:
            return self.env._("Octopus was not read yet")
        facts = {
            "count": self.row_count,
            "open": self.open_count,
            "when": self._when(self.looked_at),
        }
        if is_unseen:
            return self.env._(
                "Octopus has bookings that were not read, looked at %(when)s", **facts
            )
        texts = {
            "equal": self.env._(
                "Equal to the cent, %(count)s documents, looked at %(when)s", **facts
            ),
            "in_currency": self.env._(
                "Equal, %(count)s documents, %(open)s of them in their currency only,"
                " looked at %(when)s",
                **facts,
            ),
            "differs": self.env._(
                "%(open)s of %(count)s documents are not equal, looked at %(when)s",
                **facts,
            ),
        }
        return texts[self.standing]

    def _when(self, moment):
        """Return a moment as people say it: today 14:02. What is kept says the date."""
        local = fields.Datetime.context_timestamp(self, moment)
        dated = self.env.context.get("octopus_dated")
        if not dated and local.date() == fields.Date.context_today(self):
            time = format_time(self.env, local.time(), time_format="short")
            return self.env._("today %(time)s", time=time)
        return format_datetime(self.env, moment, dt_format="short")

    def _part_text(self):
        """Say whose documents are shown, where that is not all of the dossier."""
        dossier = self.dossier_id.sudo()
        if not self.shown_in_part(dossier):
            return ""
        mine = dossier.booking_companies() & self.env.companies
        return self.env._(
            "Only the documents of %(companies)s are shown, on both sides: others book"
            " in this dossier too.",
            companies=", ".join(mine.mapped("name")),
        )

    def _soap_text(self):
        if self.dossier_id.sudo().connection_id.transport != "soap":
            return ""
        return self.env._(
            "Over SOAP Octopus does not tell what was deleted there, unless it was the"
            " last document of its journal."
        )
