from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.both_sides import IN_CURRENCY, SAME
from ..core.money import exact
from ..groups import USER, require
from ..notification import notification
from ..sync.both_sides import BothSides
from ..sync.scheduled import activate_crons

SUMS = [
    f"{side}_{name}"
    for side in ("here", "there")
    for name in ("base", "vat", "total", "count")
]
STANDINGS = [
    ("equal", "Equal"),
    ("in_currency", "Equal in its currency"),
    ("differs", "Not equal"),
    ("unread", "Not read yet"),
]


class OctopusComparison(models.Model):
    """One period of one journal, as it stands on both sides.

    Its sums and what it tells are those of the documents that its reader may see, made
    when they are shown; nothing of them is kept here.
    """

    _name = "octopus.comparison"
    _description = "Octopus: Both Sides of a Period"
    _order = "date_start desc, journal_id, period_number desc, id"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    journal_year_id = fields.Many2one("octopus.journal.year", ondelete="cascade")
    journal_id = fields.Many2one(
        related="journal_year_id.journal_id",
        string="Octopus journal",
        store=True,
        ondelete="cascade",
    )
    bookyear_id = fields.Many2one(
        related="journal_year_id.bookyear_id",
        string="Bookyear",
        store=True,
        ondelete="cascade",
    )
    period_number = fields.Integer(
        string="Period",
        aggregator=None,
        help="The number that Octopus gave the period; -1 where it is not known.",
    )
    date_start = fields.Date(string="From", compute="_compute_dates", store=True)
    date_end = fields.Date(string="Until", compute="_compute_dates", store=True)
    name = fields.Char(string="Period of a journal", compute="_compute_name")
    looked_at = fields.Datetime(
        string="Octopus looked at",
        help="What Octopus has is compared as it was read until then.",
    )
    updated_at = fields.Datetime(
        string="Compared on",
        help="What Odoo has is compared as it was then.",
    )
    codes_html = fields.Html(
        string="By VAT code", compute="_compute_codes_html", sanitize=False
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_sums")
    here_count = fields.Integer(
        string="Documents in Odoo", compute="_compute_sums", aggregator=None
    )
    here_base = fields.Monetary(string="Base in Odoo", compute="_compute_sums")
    here_vat = fields.Monetary(string="VAT in Odoo", compute="_compute_sums")
    here_total = fields.Monetary(string="Odoo", compute="_compute_sums")
    there_count = fields.Integer(
        string="Documents in Octopus", compute="_compute_sums", aggregator=None
    )
    there_base = fields.Monetary(string="Base in Octopus", compute="_compute_sums")
    there_vat = fields.Monetary(string="VAT in Octopus", compute="_compute_sums")
    there_total = fields.Monetary(string="Octopus", compute="_compute_sums")
    difference = fields.Monetary(
        compute="_compute_sums", help="What Odoo has less what Octopus has."
    )
    row_count = fields.Integer(
        string="Documents", compute="_compute_standing", aggregator=None
    )
    open_count = fields.Integer(
        string="Not equal", compute="_compute_standing", aggregator=None
    )
    standing = fields.Selection(
        STANDINGS,
        compute="_compute_standing",
        search="_search_standing",
    )
    told = fields.Char(string="Result", compute="_compute_standing")
    limits = fields.Char(string="What is not known", compute="_compute_limits")

    _place_uniq = models.UniqueIndex(
        "(dossier_id, coalesce(journal_year_id, 0), period_number)",
        "A period of a journal is compared once.",
    )

    @api.depends("journal_year_id", "period_number")
    def _compute_dates(self):
        periods = self.env["octopus.period"].search(
            [("bookyear_id", "in", self.bookyear_id.ids)]
        )
        known = {(it.bookyear_id, it.number): it for it in periods}
        for header in self:
            period = known.get((header.bookyear_id, header.period_number), periods[:0])
            header.date_start = period.date_start
            header.date_end = period.date_end

    @api.depends("journal_year_id.name", "period_number", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_name(self):
        for header in self:
            header.name = header._name_text()

    @api.depends("name")
    def _compute_display_name(self):
        for header in self:
            header.display_name = header.name

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_codes_html(self):
        codes = self.sums_by_code()
        for header in self:
            values = {"codes": codes[header.id], "currency": header.currency_id}
            header.codes_html = self.env["ir.qweb"]._render(
                "octopus_connector.octopus_comparison_codes", values
            )

    @api.private
    def sums_by_code(self):
        """Return ``{id: [{"code": …, "here_base": …, …}]}``, booking amounts by VAT
        code of the documents that the user may see."""
        names = [name for name in SUMS if not name.endswith("count")]
        groups = self.env["octopus.comparison.amount"]._read_group(
            [("comparison_id", "in", self.ids)],
            ["comparison_id", "code"],
            [f"{name}:sum" for name in names],
        )
        found = defaultdict(list)
        for header, code, *sums in groups:
            values = dict(zip(names, sums, strict=True))
            found[header.id].append({"code": code or "", **values})
        return found

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sums(self):
        found = self.env["octopus.comparison.amount"]._read_group(
            [("comparison_id", "in", self.ids)],
            ["comparison_id"],
            [f"{name}:sum" for name in SUMS],
        )
        known = {header.id: sums for header, *sums in found}
        currencies = self._currencies()
        for header in self:
            sums = known.get(header.id) or [0] * len(SUMS)
            header.currency_id = currencies[header.dossier_id]
            for name, value in zip(SUMS, sums, strict=True):
                header[name] = value
            header.difference = header.here_total - header.there_total

    def _currencies(self):
        """Return the currency of the books of each dossier."""
        own = self.env.company.currency_id
        return {
            dossier: dossier.sudo().company_ids[:1].currency_id or own
            for dossier in self.dossier_id
        }

    # Standing

    @api.depends_context("uid", "allowed_company_ids", "lang", "tz", "octopus_dated")
    def _compute_standing(self):
        counts = self._counts_by_kind()
        unseen = self._with_unseen()
        running = self._running()
        for header in self:
            kinds = counts[header.id]
            header.row_count = sum(kinds.values())
            header.open_count = sum(
                count for kind, count in kinds.items() if kind not in SAME
            )
            header.standing = header._standing_of(kinds, header in unseen)
            run = running.get(header.dossier_id)
            header.told = header._told_of(kinds, header in unseen, run)

    def _counts_by_kind(self):
        """Return ``{id: Counter of documents by kind}``; a document that stands in two
        places counts in each."""
        rows = self.env["octopus.comparison.row"]
        mine = self.ids
        counts = defaultdict(Counter)
        there = Domain("there_comparison_id", "in", mine) & Domain("kind", "!=", False)
        here = Domain("here_comparison_id", "in", mine) & Domain("kind", "!=", False)
        for header, kind, count in rows._read_group(
            there, ["there_comparison_id", "kind"], ["__count"]
        ):
            counts[header.id][kind] += count
        both = rows._read_group(
            here, ["here_comparison_id", "kind", "is_moved"], ["__count"]
        )
        for header, kind, is_moved, count in both:
            if is_moved:
                counts[header.id][kind] += count
        return counts

    def _with_unseen(self):
        """Return those in whose journal Octopus has bookings that were not read, or was
        not read at all."""
        unread = self.filtered(lambda it: not it.looked_at)
        years = (self - unread).journal_year_id.sudo()
        years = years.filtered(lambda it: it.last_number > it.accounted_number)
        if not years:
            return unread
        last = Domain.OR(
            Domain("journal_year_id", "=", year.id)
            & Domain("number", "=", year.last_number)
            for year in years
        )
        entries = self.env["octopus.journal.entry"].sudo()
        read = entries.search(last & Domain("deleted", "=", False)).journal_year_id
        behind = (years - read).ids
        return unread | self.filtered(lambda it: it.journal_year_id.id in behind)

    def _running(self):
        """Return the run that compares each dossier, where one does."""
        running = [("kind", "=", "both_sides"), ("state", "=", "running")]
        mine = [("dossier_id", "in", self.dossier_id.ids)]
        runs = self.env["octopus.run"].search([*running, *mine])
        return {run.dossier_id: run for run in runs}

    def _standing_of(self, kinds, is_unseen):
        if is_unseen:
            return "unread"
        others = {kind for kind, count in kinds.items() if count and kind not in SAME}
        if others - {IN_CURRENCY}:
            return "differs"
        if others:
            return "in_currency"
        currency = self.currency_id
        same = exact(self.here_total, currency) == exact(self.there_total, currency)
        return "equal" if same else "differs"

    @api.model
    def _search_standing(self, operator, value):
        """Find periods by what is shown of them, which also takes what was not read
        and the sums: there are few, a journal has a dozen a year."""
        if operator != "in":
            return NotImplemented
        headers = self.search([("dossier_id", "!=", False)])
        found = headers.filtered(lambda header: header.standing in value)
        return Domain("id", "in", found.ids)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_limits(self):
        for header in self:
            told = [header._part_text(), header._soap_text()]
            header.limits = " ".join(filter(None, told)) or False

    @api.model
    @api.private
    def shown_in_part(self, dossier):
        """Whether the user sees the documents of some companies of a dossier only.

        :param dossier: one ``octopus.dossier``
        """
        return bool(dossier.sudo().booking_companies() - self.env.companies)

    @api.private
    def rows_domain(self):
        """Return the domain of the documents that stand in these on either side."""
        return (
            Domain("here_comparison_id", "in", self.ids)
            | Domain("there_comparison_id", "in", self.ids)
        ) & Domain("kind", "!=", False)

    @api.private
    def drop_empty(self):
        """Drop those in which no document stands any more, unless they were frozen."""
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT header.id
                  FROM octopus_comparison AS header
                 WHERE header.id IN %s
                   AND NOT EXISTS (SELECT FROM octopus_comparison_row
                                    WHERE here_comparison_id = header.id)
                   AND NOT EXISTS (SELECT FROM octopus_comparison_row
                                    WHERE there_comparison_id = header.id)
                   AND NOT EXISTS (SELECT FROM octopus_comparison_proof_rel
                                    WHERE comparison_id = header.id)
                """,
                tuple(self.ids) or (0,),
            )
        )
        self.browse([header for (header,) in found]).unlink()

    # By itself

    @api.model
    def _cron_compare(self):
        """Compare what changed, in each dossier that a company uses, some documents in
        a transaction; what is left when the time is over goes on soon."""
        dossiers = self.env["octopus.dossier"].search([("company_ids", "!=", False)])
        for dossier in dossiers.filtered(lambda it: it.is_used()):
            if not self._compare(dossier.sudo()):
                return

    def _compare(self, dossier):
        """Compare a dossier to the end; return whether there is time for another."""
        runs = self.env["octopus.run"]
        while True:
            done, left = BothSides(dossier).update()
            if left is None:
                # Another worker compares it to the end.
                return True
            runs.note_compared(dossier, done, left)
            self.env.invalidate_all()
            if not self.env["ir.cron"]._commit_progress(done, remaining=left):
                return False
            if not left:
                return True

    @api.model
    @api.private
    def wake(self):
        """Have what changed compared soon."""
        self.env["octopus.watchdog"].scheduled_action("cron_compare")._trigger()

    # For people

    @api.model
    def action_open(self):
        """Compare what changed in Odoo, if that is soon done, and open the periods of
        the dossiers of the companies that the user works in now. Nothing is called."""
        self.browse().check_access("read")
        self.bring_up_to_date(self._own_dossiers())
        return self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_comparison"
        )

    @api.model
    @api.private
    def bring_up_to_date(self, dossiers):
        """Compare dossiers; many documents are left to the scheduled action."""
        found = [BothSides(it).update(all_or_none=True) for it in dossiers]
        if any(left for _done, left in found):
            self.wake()

    def _own_dossiers(self):
        """Return the dossiers of the companies that the user works in now, in sudo."""
        companies = self.env.companies.sudo()
        return companies.octopus_settings_company_id.octopus_dossier_id

    @api.model
    def action_update(self):
        """Read what changed in Octopus, and compare; for whoever presses the button.

        The scheduled action reads, as it does each hour: two or three calls.

        :raises UserError: no dossier can be read now, and why
        """
        self.browse().check_access("read")
        dossiers = self._own_dossiers()
        problems = list(filter(None, map(self._read_soon, dossiers)))
        if dossiers:
            self.wake()
        if len(problems) == len(dossiers):
            none = self.env._("None of your companies books in Octopus.")
            raise UserError("\n".join(problems) or none)
        told = self.env._(
            "What changed in Octopus is read, and compared. Look again in a minute."
        )
        kind = "warning" if problems else "info"
        title = self.env._("Octopus is being read")
        return notification(kind, title, " ".join([told, *problems]))

    def _read_soon(self, dossier):
        """Have a dossier read by its scheduled action; return why it is not."""
        if problem := dossier.not_called_text():
            return problem
        activate_crons(dossier)
        dossier.pull_cron_id._trigger()
        return ""

    def action_rows(self):
        """Open the documents of these periods, those that are not equal first."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_comparison_row"
        )
        shown = {"search_default_unequal": 1} if self.env.context.get("unequal") else {}
        return {
            **action,
            "name": ", ".join(self.mapped("name")),
            "domain": list(self.rows_domain()),
            "context": shown,
        }

    def action_amounts(self):
        """Open base and VAT by code of these periods."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_comparison_amount"
        )
        return {**action, "domain": [("comparison_id", "in", self.ids)]}

    def action_freeze(self):
        """Keep a proof of these periods as they stand now, and open it.

        :raises AccessError: the user does not work in all companies of the dossier
        :raises UserError: they are of several dossiers, or documents are still to be
            compared
        """
        self.check_access("read")
        require(self.env, USER, self.env._("Only Octopus users freeze periods."))
        proof = self.env["octopus.comparison.proof"].freeze(self)
        return proof._get_records_action()

    @api.private
    def check_whole(self):
        """Let nothing be frozen that does not show all of the dossier, as it is now.

        :raises AccessError: the user does not work in all companies of the dossier
        :raises UserError: another reason, which it tells
        """
        dossier = self.dossier_id
        if len(dossier) != 1:
            raise UserError(self.env._("Freeze the periods of one dossier at a time."))
        dossier.sudo().company_ids.with_env(self.env).octopus_check_companies()
        if self.shown_in_part(dossier):
            raise UserError(
                self.env._(
                    "Tick all companies that book in this dossier first: a proof holds"
                    " the documents of each of them. If you do not work in all of"
                    " them, ask somebody who does."
                )
            )
        _done, left = BothSides(dossier).update(wait=True)
        if left:
            self.wake()
            raise UserError(
                self.env._(
                    "Many documents are still being compared. Freeze the period when"
                    " that is done."
                )
            )
