from odoo import api, fields, models

from ..core.follow_contacts import FROM_OCTOPUS, TO_OCTOPUS
from ..prepare.contact_values import values_here, values_there

OPEN = ("asked", "accepted")


class OctopusContactChange(models.Model):
    """A value of a contact that would go to the other side, or went: old and new side
    by side. Nothing is overwritten that did not stand here first or was seen before.
    """

    _name = "octopus.contact.change"
    _description = "Change of a Contact"
    _order = "state, partner_id, field, id"
    _rec_name = "partner_id"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True, ondelete="cascade"
    )
    relation_id = fields.Many2one(
        "octopus.relation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    field = fields.Selection(
        [
            ("name", "Name"),
            ("address", "Address"),
            ("email", "E-mail"),
            ("phone", "Telephone"),
            ("vat", "VAT number"),
            ("iban", "IBAN"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    way = fields.Selection(
        [(TO_OCTOPUS, "To Octopus"), (FROM_OCTOPUS, "To Odoo")],
        string="Goes",
        required=True,
        readonly=True,
    )
    value_here = fields.Char(string="In Odoo", readonly=True)
    value_there = fields.Char(string="In Octopus", readonly=True)
    state = fields.Selection(
        [
            ("asked", "To decide"),
            ("accepted", "Goes"),
            ("done", "Done"),
            ("left", "Left as it is"),
        ],
        required=True,
        default="asked",
        readonly=True,
        index=True,
        help="To decide: somebody looks first. Goes: with the next run.",
    )
    problem = fields.Json(readonly=True, help="Why it could not be changed.")
    problem_text = fields.Char(string="Problem", compute="_compute_problem_text")
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    done_at = fields.Datetime(string="Done on", readonly=True)

    _open_uniq = models.UniqueIndex(
        "(relation_id, field) WHERE state IN ('asked', 'accepted')",
        "A value is asked about once.",
    )

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for change in self:
            change.problem_text = change.problem and self.env[
                "octopus.finding"
            ].sentences(change.problem)

    # People decide

    def action_accept(self):
        """Let these go, as they are shown; what changed meanwhile is shown anew."""
        changes = self._decidable()
        now = changes.filtered(lambda change: change.is_as_shown())
        now.write({"state": "accepted", "decided_by_id": self.env.uid})
        (changes - now).unlink()
        new = now.dossier_id.filtered(lambda dossier: not dossier.contacts_followed)
        new.write({"contacts_followed": True})
        if now:
            return self.env["octopus.matching"].woken()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_accept_all(self):
        """Let all of the current company's dossier go that are asked about, as they
        are shown."""
        dossier = self.env.company.octopus_dossier()
        asked = [("dossier_id", "=", dossier.id), ("state", "=", "asked")]
        return self.search(asked).action_accept()

    def action_leave(self):
        """Leave these as they are on both sides; asked again when one changes."""
        changes = self._decidable()
        for change in changes:
            change.note_seen()
        changes.write({"state": "left", "decided_by_id": self.env.uid})
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_look(self):
        """Look now what differs, by the directions that are chosen."""
        dossier = self.env["octopus.matching"].of_company().dossier_id
        self._check_manager(dossier)
        self.env["octopus.matching"].look_for_changes(dossier, every=True)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _decidable(self):
        self._check_manager(self.sudo().dossier_id)
        return self.sudo().filtered(lambda change: change.state in OPEN)

    def _check_manager(self, dossiers):
        """Let only Octopus administrators decide, who work in all companies that book
        in the dossiers.

        :raises AccessError: somebody else does
        """
        self.check_access("read")
        text = self.env._("Only Octopus administrators decide what is overwritten.")
        dossiers.check_decides(text)

    # What it says

    @api.private
    def is_as_shown(self) -> bool:
        """Whether both values are still what one change shows."""
        here = values_here(self.partner_id)[self.field].text
        there = values_there(self.relation_id)[self.field].text
        return (here, there) == (self.value_here or "", self.value_there or "")

    @api.private
    def note_seen(self):
        """Remember both values of one change as they are now."""
        self.relation_id.note_seen([self.field])

    @api.model
    @api.private
    def forget(self, dossiers):
        """Forget what was asked about dossiers: their directions changed."""
        domain = [("dossier_id", "in", dossiers.ids), ("state", "in", OPEN)]
        self.sudo().search(domain).unlink()
