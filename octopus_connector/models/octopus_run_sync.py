from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..notification import notification, with_button
from ..sync.synchronise import PHASES, SYNC

_lt = LazyTranslate(__name__)

# What is done now, by phase.
DOING = {
    "contacts": _lt("Contacts are looked at"),
    "push": _lt("Documents are sent"),
    "remit": _lt("Payments are sent"),
    "compare": _lt("Documents are compared with Octopus"),
    "pull": _lt("Payments are read"),
}
# What somebody sees who looks at a run from outside of it.
TOLD = {"counts", "step", "total", "steps"}


class OctopusRunSync(models.Model):
    """One run over everything of a dossier: each phase is a part of it, with its own
    result (``sync.synchronise``)."""

    _inherit = "octopus.run"  # pylint: disable=consider-merging-classes-inherited

    parent_id = fields.Many2one(
        "octopus.run",
        string="Part of",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    part_ids = fields.One2many("octopus.run", "parent_id", string="Phases")
    going_on_text = fields.Char(string="Under way", compute="_compute_going_on_text")

    _sync_uniq = models.UniqueIndex(
        "(dossier_id) WHERE kind = 'sync' AND state = 'running'",
        "Everything of a dossier is done once at a time.",
    )

    @api.depends("kind", "state", "step", "done", "total")
    @api.depends_context("lang")
    def _compute_going_on_text(self):
        """Say what is done at this moment, of a run that is not over."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            if run.state not in ("running", "paused"):
                run.going_on_text = False
            elif run.kind == SYNC:
                run.going_on_text = self.env._(DOING[run.step or PHASES[0]])
            else:
                run.going_on_text = run.reading_text or kinds.get(run.kind)

    def _compute_done(self):
        # EXTENDS: of everything, the phases that are done
        whole = self.filtered(lambda run: run.kind == SYNC)
        for run in whole:
            over = run.state != "running"
            run.done = run.total if over else PHASES.index(run.step or PHASES[0])
            run.progress = 100 * run.done / run.total if run.total else 0
        return super(OctopusRunSync, self - whole)._compute_done()

    @api.depends("part_ids.counts", "part_ids.state")
    def _compute_counts_text(self):
        return super()._compute_counts_text()

    def _summary(self):
        # EXTENDS: what each phase did
        if self.kind != SYNC:
            return super()._summary()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        told = [(kinds[part.kind], part._summary()) for part in self._parts_in_order()]
        return "; ".join(f"{kind}: {text}" for kind, text in told if text)

    def _parts_in_order(self):
        return self.part_ids.sorted(lambda part: (PHASES.index(part.kind), part.id))

    @api.private
    def end_sync(self):
        """End a run of which all phases are over, and tell who asked."""
        problems = [part.problem for part in self._parts_in_order() if part.problem]
        self.write(
            {
                "state": "stopped" if problems else "done",
                "ended_at": fields.Datetime.now(),
                "problem": problems[0] if problems else False,
                "step": False,
            }
        )
        self.tell_user()

    def _notification(self):
        # EXTENDS
        if self.kind != SYNC:
            return super()._notification()
        stopped = self.state == "stopped"
        told = notification(
            "warning" if stopped else "success",
            self.env._("Octopus: everything was looked at"),
            self._summary() or self.env._("Nothing to do."),
            sticky=stopped,
        )
        return with_button(told, self.env._("Open"), self._get_records_action())

    # Those who look at the overview

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs.dossier_id.tell_desk(now=True)
        return runs

    def write(self, vals):
        written = super().write(vals)
        if "state" in vals or TOLD & vals.keys():
            self.dossier_id.tell_desk(now="state" in vals)
        return written
