from markupsafe import Markup

from odoo import api, models

from ..core.check_lines import CHECKS, DONE, LATER, OPEN, UNKNOWN
from ..core.manual import manual_url, octopus_manual_url
from ..core.year_turn_lines import TURN_CHECKS

PAGE = "first-day"
KINDS = {**CHECKS, **TURN_CHECKS}
ICONS = {
    DONE: "fa-check-square-o text-success",
    OPEN: "fa-square-o text-danger",
    LATER: "fa-clock-o text-warning",
    UNKNOWN: "fa-question-circle-o text-info",
}


class OctopusCheckLines(models.AbstractModel):
    """Lines of a check-list for people: what is there, and who does what where."""

    _name = "octopus.check.lines"
    _description = "Lines of a Check-list"

    @api.private
    def as_html(self, lines):
        """Return lines as a list, in the language of the reader.

        :param lines: of ``core.check_lines.CheckLine``
        :rtype: Markup, empty without any
        """
        items = Markup().join(self._line(line) for line in lines)
        return items and (
            Markup('<ul class="list-unstyled mb-0 o_octopus_checks">%s</ul>') % items
        )

    def _line(self, line):
        kind = KINDS[line.code]
        values = self.env["octopus.finding"]._values(dict(line.params))
        advice = Markup()
        if line.state != DONE and kind.who:
            advice = self._advice(kind, values)
        return Markup(
            '<li class="mb-2 d-flex" data-code="%s" data-state="%s">'
            '<i class="fa %s me-2 mt-1" role="img" aria-label="%s"></i>'
            "<div>%s%s</div></li>"
        ) % (
            line.code,
            line.state,
            ICONS[line.state],
            self._state(line.state),
            self._said(kind.text, values),
            advice,
        )

    def _said(self, text, values):
        """Return a text of the table in the reader's language."""
        translated = self.env._(text)
        return translated % values

    def _state(self, state):
        return {
            DONE: self.env._("Done"),
            OPEN: self.env._("To do"),
            LATER: self.env._("Can wait"),
            UNKNOWN: self.env._("Not known"),
        }[state]

    def _advice(self, kind, values):
        who = {
            "you": self.env._("You:"),
            "accountant": self.env._("Your accountant:"),
        }[kind.who]
        return Markup(
            '<div class="text-muted"><b>%s</b> %s <a href="%s" target="_blank">%s</a>'
            ' · <a href="%s" target="_blank" rel="noopener">%s</a></div>'
        ) % (
            who,
            self._said(kind.fix, values),
            manual_url(PAGE, kind.chapter),
            self.env._("Read more"),
            octopus_manual_url(self.env.lang),
            self.env._("Manual of Octopus"),
        )
