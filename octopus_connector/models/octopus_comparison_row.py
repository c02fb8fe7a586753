from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.both_sides import KINDS, SAME
from ..core.states import TO_DECIDE
from .octopus_booking import ASKED


class OctopusComparisonRow(models.Model):
    """One document of a dossier, as it stands on both sides; made by
    ``sync.both_sides``, and by nobody else.

    A document that neither side has, or will have, keeps a row without a kind: it shows
    nowhere, and is not looked at again before something of it changes.
    """

    _name = "octopus.comparison.row"
    _description = "Octopus: Document on Both Sides"
    _order = "document_date desc, id desc"
    _rec_name = "document_name"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Of the document in Odoo; empty for what only Octopus has.",
    )
    # What it is kept under, and the version of all that it was made of.
    anchor = fields.Selection(
        [("booking", "Outbox"), ("move", "Document"), ("entry", "Booking in Octopus")],
        required=True,
    )
    anchor_id = fields.Integer(required=True, aggregator=None)
    version = fields.Char()
    booking_id = fields.Many2one(
        "octopus.booking", string="Outbox", index="btree_not_null", ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", string="Document", index="btree_not_null", ondelete="cascade"
    )
    entry_id = fields.Many2one(
        "octopus.journal.entry",
        string="Booking in Octopus",
        index="btree_not_null",
        ondelete="cascade",
    )
    here_comparison_id = fields.Many2one(
        "octopus.comparison",
        string="Period in Odoo",
        index="btree_not_null",
        ondelete="cascade",
    )
    there_comparison_id = fields.Many2one(
        "octopus.comparison",
        string="Period in Octopus",
        index="btree_not_null",
        ondelete="cascade",
    )
    comparison_id = fields.Many2one(
        "octopus.comparison",
        string="Journal and period",
        compute="_compute_comparison_id",
        store=True,
        index="btree_not_null",
    )
    is_moved = fields.Boolean(help="Both sides do not have it at the same place.")
    journal_id = fields.Many2one(
        related="comparison_id.journal_id",
        string="Octopus journal",
        store=True,
        ondelete="cascade",
    )
    kind = fields.Selection(KINDS, string="Result", index=True)
    document_name = fields.Char(string="Number in Odoo")
    octopus_number = fields.Char(string="Number in Octopus")
    contact = fields.Char()
    document_date = fields.Date(string="Date")
    currency_id = fields.Many2one("res.currency", required=True)
    others = fields.Char(help="What else differs: date, relation or changed.")
    certain = fields.Boolean(
        help="The booking amounts are those of both sides; else Octopus's was"
        " calculated with the rate."
    )
    amount_ids = fields.One2many(
        "octopus.comparison.amount", "row_id", string="By VAT code"
    )
    here_base = fields.Monetary(string="Base in Odoo", compute="_compute_sums")
    here_vat = fields.Monetary(string="VAT in Odoo", compute="_compute_sums")
    here_total = fields.Monetary(string="Odoo", compute="_compute_sums")
    there_base = fields.Monetary(string="Base in Octopus", compute="_compute_sums")
    there_vat = fields.Monetary(string="VAT in Octopus", compute="_compute_sums")
    there_total = fields.Monetary(string="Octopus", compute="_compute_sums")
    difference = fields.Monetary(
        compute="_compute_sums", help="What Odoo has less what Octopus has."
    )
    told = fields.Char(string="What differs", compute="_compute_told")
    can_solve = fields.Boolean(compute="_compute_can_solve")

    _anchor_uniq = models.Constraint(
        "UNIQUE(dossier_id, anchor, anchor_id)", "A document stands in one row."
    )

    @api.depends("here_comparison_id", "there_comparison_id")
    def _compute_comparison_id(self):
        for row in self:
            row.comparison_id = row.there_comparison_id or row.here_comparison_id

    @api.depends("amount_ids")
    def _compute_sums(self):
        for row in self:
            for side in ("here", "there"):
                for name in ("base", "vat", "total"):
                    field = f"{side}_{name}"
                    row[field] = sum(row.amount_ids.mapped(field))
            row.difference = row.here_total - row.there_total

    @api.depends("kind", "others", "amount_ids", "certain")
    @api.depends_context("lang")
    def _compute_told(self):
        for row in self:
            row.told = row._told_text()

    def _told_text(self):
        texts = {
            "other_vat": self._codes_text,
            "other_period": self._periods_text,
            "other_facts": self._others_text,
            "missing_here": self._missing_here_text,
            "in_currency": self._calculated_text,
            "not_told": self._not_told_text,
        }
        text = texts.get(self.kind)
        return text and text()

    def _codes_text(self):
        codes = [
            one.code or self.env._("without code")
            for one in self.amount_ids
            if (one.here_base, one.here_vat) != (one.there_base, one.there_vat)
        ]
        return self.env._("VAT code %(codes)s", codes=", ".join(sorted({*codes})))

    def _periods_text(self):
        return self.env._(
            "Odoo: %(here)s; Octopus: %(there)s",
            here=self.here_comparison_id.name,
            there=self.there_comparison_id.name,
        )

    def _others_text(self):
        names = {
            "date": self.env._("another date"),
            "relation": self.env._("another contact"),
            "changed": self.env._("changed in Odoo since it was sent"),
        }
        told = (self.others or "").split(",")
        return ", ".join(names[name] for name in told if name in names)

    def _missing_here_text(self):
        if self.booking_id:
            return self.env._("Taken back in Odoo; Octopus still has it")
        return self.env._("Booked in Octopus, not from Odoo")

    def _calculated_text(self):
        return self.env._("The amount in Octopus was calculated with its rate")

    def _not_told_text(self):
        return self.env._("Octopus does not tell all of its amounts")

    @api.depends("kind")
    def _compute_can_solve(self):
        for row in self:
            row.can_solve = row.kind not in SAME

    # For people

    def action_open_document(self):
        """Open what it is in Odoo, else what it is in Octopus."""
        self.ensure_one()
        self.check_access("read")
        return (self.move_id or self.booking_id or self.entry_id)._get_records_action()

    def action_open_booking(self):
        """Open its row of the outbox, else its booking in Octopus."""
        self.ensure_one()
        self.check_access("read")
        return (self.booking_id or self.entry_id or self.move_id)._get_records_action()

    def action_solve(self):
        """Do what a document needs: solve the difference, send it, say whether it is
        what Octopus has, or look at what it waits for."""
        self.ensure_one()
        self.check_access("read")
        if self.kind in SAME:
            raise UserError(self.env._("Both sides are equal: nothing is to be done."))
        booking = self.booking_id
        if booking.state in TO_DECIDE:
            return booking.action_decide()
        if self.kind == "to_send":
            return self.move_id.action_octopus_send()
        if not booking and self.entry_id:
            return self._solve_entry()
        return self.action_open_booking()

    def _solve_entry(self):
        """Open the documents that may be a booking that somebody made in Octopus, else
        that booking."""
        asked = self.env["octopus.booking"].search(
            [
                ("dossier_id", "=", self.dossier_id.id),
                ("state", "=", "blocked"),
                ("cause", "in", ASKED),
            ]
        )
        maybe = asked.filtered(lambda row: row.candidate_id.id == self.entry_id.id)
        return (maybe or self.entry_id)._get_records_action()
