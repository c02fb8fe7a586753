from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.check_lines import stands_in_the_way
from ..prepare.year_turn_list import YearTurnList
from ..sync.make_books import may_make
from ..sync.refresh import PATIENCE, refresh_now


class OctopusDossierYearTurn(models.Model):
    """The turn of the year of a dossier: what the bookyear that comes needs, and who
    makes it. From mid-November of a calendar year until the end of February."""

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    year_turn_state = fields.Selection(
        [
            ("none", "No bookyear"),
            ("later", "Not yet"),
            ("todo", "To do"),
            ("done", "Ready"),
        ],
        string="Turn of the year",
        compute="_compute_year_turn",
    )
    year_turn_title = fields.Char(
        compute="_compute_year_turn", help="The turn of the year in one line."
    )
    year_turn_html = fields.Html(compute="_compute_year_turn", sanitize=False)
    can_make_year = fields.Boolean(
        compute="_compute_year_turn",
        help="The next bookyear is missing, and this web service can make it.",
    )
    can_make_year_journal = fields.Boolean(
        compute="_compute_year_turn",
        help="A journal is missing in the next bookyear, and this web service can make"
        " it.",
    )

    @api.depends_context("lang", "tz", "uid")
    def _compute_year_turn(self):
        checks = YearTurnList(self)
        for dossier in self:
            turn, lines = checks.turn(dossier), checks.lines(dossier)
            left = len(stands_in_the_way(lines))
            state = dossier._year_turn_state(turn, left)
            asked = state == "todo" and may_make(dossier)
            dossier.year_turn_state = state
            dossier.year_turn_title = dossier._year_turn_title(state, turn, left)
            dossier.year_turn_html = self.env["octopus.check.lines"].as_html(lines)
            dossier.can_make_year = asked and not turn.coming
            dossier.can_make_year_journal = (
                asked
                and bool(turn.coming)
                and not turn.coming.closed
                and bool(checks.turns.journal_to_make(dossier))
            )

    @staticmethod
    def _year_turn_state(turn, left):
        if not turn:
            return "none"
        if not turn.now:
            return "later"
        return "todo" if left else "done"

    def _year_turn_title(self, state, turn, left):
        if state == "none":
            return self.env._("No bookyear is known.")
        if state == "later":
            return self.env._(
                "Nothing to do before the end of bookyear %(bookyear)s.",
                bookyear=turn.ending.name,
            )
        if state == "done":
            return self.env._(
                "Bookyear %(bookyear)s has all that documents and payments need.",
                bookyear=turn.coming.name,
            )
        if not turn.coming:
            return self.env._(
                "The bookyear after %(bookyear)s is missing.", bookyear=turn.ending.name
            )
        return self.env._(
            "To do for bookyear %(bookyear)s: %(count)s.",
            bookyear=turn.coming.name,
            count=left,
        )

    # Buttons

    def action_turn_check_again(self):
        """Read the dossier again; the page shows what it has then."""
        self.ensure_one()
        self.check_access("read")
        refresh_now(self, PATIENCE)

    def action_turn_new_bookyear(self):
        """Ask whether the next bookyear is to be made."""
        self.ensure_one()
        self.check_access("write")
        return self.env["octopus.new.bookyear"]._open_for(self, self)

    def action_turn_new_journal(self):
        """Ask whether a journal is to be made in the next bookyear, as it was in the
        one that ends."""
        self.ensure_one()
        self.check_access("write")
        turns = YearTurnList(self).turns
        turn = turns.turns[self]
        journal = turn and turn.coming and turns.journal_to_make(self)
        if not journal:
            raise UserError(self.env._("The next bookyear lacks no journal."))
        companies = self.sudo().company_ids & self.env.user.company_ids
        account = self.sudo().account_ids.filtered(
            lambda row: row.number == journal.ledger_account
        )
        return self.env["octopus.new.journal"]._open_for(
            self,
            companies[:1],
            turn.coming,
            type=journal.type,
            number=int(journal.key[1:]),
            name=journal.name or journal.key,
            account_id=account.id,
            currency_code=journal.currency_code or "EUR",
            iban=journal.iban,
        )

    def _reopen(self):
        """Return the action that shows the page again: a dialog over it closes."""
        return {"type": "ir.actions.act_window_close"}
