from odoo import api, fields, models
from odoo.tools import format_date

from ..core.states import TO_DECIDE
from ..prepare.money_text import money_text
from .octopus_outbox_view_mixin import BETWEEN


class OctopusBookingDifferences(models.Model):
    """In what Octopus has something else than was sent, in words."""

    _inherit = "octopus.booking"

    currency_name = fields.Char(related="currency_id.name")
    differences = fields.Json(
        readonly=True,
        copy=False,
        help="In what Octopus has something else than was sent.",
    )
    differences_text = fields.Char(
        string="Difference", compute="_compute_differences_text"
    )

    @api.depends("differences")
    @api.depends_context("lang")
    def _compute_differences_text(self):
        for row in self:
            row.differences_text = self._in_what(row)

    @api.depends("state", "differences", "currency_id")
    def _compute_told(self):
        # EXTENDS 'octopus.outbox.view.mixin'
        return super()._compute_told()

    def _lines_told(self, row, title, who):
        # EXTENDS 'octopus.outbox.view.mixin'
        if row.state not in TO_DECIDE:
            return super()._lines_told(row, title, who)
        texts = {
            "changed": self.env._("Changed in Odoo; Octopus has what was sent."),
            "gone": self.env._("Deleted in Octopus; only Odoo has it."),
            "differs": self.env._(
                "Changed in Octopus: %(differences)s.", differences=self._in_what(row)
            ),
        }
        who = self.env._("You: click Solve the difference")
        return BETWEEN.join((texts[row.state], who))

    def _in_what(self, row):
        """Say in what Octopus has something else.

        :param row: of the outbox, or ``prepare.shown.Shown`` of its document
        """
        found = row.differences or ()
        return "; ".join(self._difference_text(it, row) for it in found)

    @api.private
    def sides(self):
        """Return in what Octopus has something else, in words: ``[(what, here,
        there)]``."""
        self.ensure_one()
        names = {
            "amount": self.env._("amount"),
            "currency": self.env._("currency"),
            "date": self.env._("date"),
            "relation": self.env._("relation"),
            "vat": self.env._("VAT"),
            "base": self.env._("base"),
            "cost_centre": self.env._("cost centre"),
        }
        return [
            (self._what_differs(names, it), *self._both(it, self))
            for it in self.differences or ()
        ]

    def _what_differs(self, names, found):
        """Name one thing; what is not known here is named as it was stored."""
        what, code = found["what"], found.get("code")
        if what == "cost_centre" and not code:
            return self.env._("without cost centre")
        if what == "deferral":
            return self._deferral_text(code)
        return " ".join(filter(None, (names.get(what, what), code)))

    def _both(self, found, row):
        """Return what each side has in one thing, in words."""
        here, there = found["here"], found["there"]
        if found["what"] == "date":
            here, there = (
                format_date(self.env, fields.Date.to_date(day)) for day in (here, there)
            )
        elif found["what"] in ("amount", "vat", "base", "cost_centre", "deferral"):
            ours = row.currency_name or ""
            currencies = (it for it in row.differences if it["what"] == "currency")
            theirs = next(currencies, {"there": ours})["there"]
            here = f"{money_text(self.env, here)} {ours}"
            there = f"{money_text(self.env, there)} {theirs}"
        return here, there

    def _difference_text(self, found, row):
        here, there = self._both(found, row)
        values = {"here": here, "there": there, "code": found["code"]}
        if found["what"] == "deferral":
            values["code"] = self._deferral_text(found["code"])
            return self.env._("%(code)s: %(there)s instead of %(here)s", **values)
        texts = {
            "amount": self.env._("amount %(there)s instead of %(here)s", **values),
            "currency": self.env._("currency %(there)s instead of %(here)s", **values),
            "date": self.env._("date %(there)s instead of %(here)s", **values),
            "relation": self.env._("relation %(there)s instead of %(here)s", **values),
            "vat": self.env._("VAT %(code)s %(there)s instead of %(here)s", **values),
            "base": self.env._(
                "base of %(code)s %(there)s instead of %(here)s", **values
            ),
            "cost_centre": self._cost_difference_text(values),
        }
        return texts[found["what"]]

    def _cost_difference_text(self, values):
        if values["code"]:
            return self.env._(
                "cost centre %(code)s %(there)s instead of %(here)s", **values
            )
        return self.env._("without cost centre %(there)s instead of %(here)s", **values)

    def _deferral_text(self, code):
        """Say how a part of a document is spread over time.

        :param code: of ``core.differences``
        """
        if not code:
            return self.env._("not spread over time")
        start, end, *kind = code.split("/")
        days = {
            name: format_date(self.env, fields.Date.to_date(day))
            for name, day in (("start", start), ("end", end))
        }
        texts = {
            (): self.env._("spread from %(start)s to %(end)s", **days),
            ("0",): self.env._(
                "spread from %(start)s to %(end)s, per bookyear", **days
            ),
            ("1",): self.env._("spread from %(start)s to %(end)s, per period", **days),
        }
        return texts.get(tuple(kind), texts[()])
