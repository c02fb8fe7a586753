import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..notification import notification
from ..prepare.database_check import database_differences
from ..prepare.day import plan_text, plans_of
from ..prepare.desk import (
    NUMBERS,
    PLANS,
    companies_of,
    count_all,
    domain_of,
    next_runs,
)
from ..sync.scheduled import activate_crons, may_schedule
from ..sync.synchronise import start_all, wake

# Heard by who looks at the overview; told at most so often, in seconds.
CHANGED = "octopus.desk"
PATIENCE = 3
# When each dossier was told last by this process: {(database, id): moment}.
_TOLD: dict[tuple, float] = {}
GOING_ON = ("running", "paused")


class OctopusDossierDesk(models.Model):
    """The overview: what went, what waits and for whom, what differs, what the day
    still takes. Each number opens exactly what it counts."""

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    # {"companies": [{"id", "name", "numbers"}], "numbers": [number], "plan": text,
    #  "problem": HTML, "next_at": moment, "runs": [{"id", "name", "text", "progress",
    #  "done", "total", "state"}]}; a number is {"key", "label", "count", "since",
    #  "acts"}. Moments are UTC, as Odoo sends them.
    desk = fields.Json(string="Overview", compute="_compute_desk")
    in_use = fields.Boolean(
        string="A company books here",
        compute="_compute_in_use",
        compute_sudo=True,
        help="A company is linked to the dossier and was not disconnected from it.",
    )
    equal_at = fields.Datetime(
        string="Last seen equal",
        readonly=True,
        copy=False,
        help="When all that changed in Octopus was compared last, and every document"
        " that was sent was the same on both sides.",
    )

    @api.depends("company_ids.octopus_enabled")
    def _compute_in_use(self):
        for dossier in self:
            dossier.in_use = dossier.is_used()

    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_desk(self):
        """Count for all dossiers at once: the number of queries does not grow."""
        counted = count_all(self)
        companies = companies_of(self)
        plans = plans_of(self.sudo())
        # Its scheduled actions find nothing to do where no company books any more.
        soon = next_runs(self.sudo().filtered("in_use"))
        runs, copied = self._desk_runs(), bool(database_differences(self.env))
        for dossier in self:
            plan = plans[dossier.id]
            dossier.desk = {
                "companies": dossier._desk_companies(counted, companies[dossier.id]),
                "numbers": dossier._desk_numbers(counted, None),
                "plan": plan_text(self.env, plan),
                "problem": dossier._desk_problem(copied),
                "next_at": fields.Datetime.to_string(soon.get(dossier.id)) or False,
                "runs": runs.get(dossier, []),
            }

    def _desk_companies(self, counted, booking):
        """Return the numbers of each company that the user sees: those that book in
        the dossier, and those of which it has something."""
        found = {
            company
            for counts in counted.values()
            for dossier, company in counts
            if dossier == self.id and company
        }
        companies = self.env["res.company"].browse(sorted({*found, *booking}))
        return [
            {
                "id": company.id,
                "name": company.sudo().name,
                "numbers": self._desk_numbers(counted, company),
            }
            for company in companies
        ]

    def _desk_numbers(self, counted, company):
        """Return the numbers of one company, or those that belong to none."""
        told = []
        for key, number in NUMBERS.items():
            # What the user is never asked is not told, either.
            if number.by_company != bool(company) or key not in counted:
                continue
            mine = counted[key].get((self.id, company.id if company else None))
            since = mine and mine.since
            told.append(
                {
                    "key": key,
                    "label": self.env._(number.label),
                    "count": mine.count if mine else 0,
                    "since": str(since) if since else False,
                    "acts": number.acts,
                }
            )
        return told

    def _desk_problem(self, copied):
        """Return what keeps the whole dossier from working, as HTML.

        :param copied: whether this database may be a copy, which is asked once
        """
        dossier = self.sudo()
        connected = dossier.connection_id.active and not copied
        if dossier.active and connected and dossier.connection_state == "connected":
            return False
        found = self.env["octopus.outbox.mixin"]._ended_by(self)
        found = found or list(filter(None, [dossier.access_problem]))
        return str(self.env["octopus.finding"]._html(found)) if found else False

    def _desk_runs(self):
        """Return what goes on at this moment: ``{dossier: [run]}``."""
        asked = [("dossier_id", "in", self.ids), ("state", "in", GOING_ON)]
        runs = self.env["octopus.run"].search([*asked, ("parent_id", "=", False)])
        found = {}
        for run in runs:
            told = {
                "id": run.id,
                "name": run.display_name,
                "text": run.going_on_text,
                "progress": run.progress,
                "done": run.done,
                "total": run.total,
                "state": run.state,
            }
            found.setdefault(run.dossier_id, []).append(told)
        return found

    # Telling who looks

    @api.private
    def tell_desk(self, now=False):
        """Let those who look at the overview read it anew.

        :param now: something began or ended; else not more often than every few
            seconds, as many documents of a pass follow each other
        """
        moment = time.monotonic()
        for dossier in self:
            key = self.env.cr.dbname, dossier.id
            if not now and moment - _TOLD.get(key, -PATIENCE) < PATIENCE:
                continue
            _TOLD[key] = moment
            told = {"dossier_id": dossier.id}
            self.env["bus.bus"]._sendone(dossier, CHANGED, told)

    # What people do

    def action_desk(self, key=False, company_id=False):
        """Open what a number of the overview counts.

        :param key: of the number
        :param company_id: of which company, where it belongs to one
        :raises UserError: there is no such number
        """
        self.ensure_one()
        self.check_access("read")
        number = NUMBERS.get(key)
        if not number:
            raise UserError(self.env._("The overview changed: open it again."))
        company = self.env["res.company"].browse(company_id or ())
        action = self.env["ir.actions.act_window"]._for_xml_id(number.action)
        grouped = number.group_by and {f"search_default_{number.group_by}": 1}
        name = self.env._(number.label)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(domain_of(number, self, company)),
            "context": grouped or {},
        }

    def action_open_plans(self):
        """Open the payments that wait to be accepted, where they are accepted."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(PLANS)
        mine = [("dossier_id", "=", self.id), ("state", "=", "open")]
        return {**action, "domain": mine, "context": {}}

    def action_causes(self):
        """Open what is to solve in this dossier."""
        return self._open_own("octopus_connector.action_octopus_cause")

    def action_reopen(self):
        """Open what waits for the accountant in this dossier."""
        return self._open_own("octopus_connector.action_octopus_reopen")

    def action_both_sides(self):
        """Open the periods of this dossier, compared if that is soon done."""
        self.check_access("read")
        self.env["octopus.comparison"].bring_up_to_date(self)
        return self._open_own("octopus_connector.action_octopus_comparison")

    def action_year_turn(self):
        """Open what the next bookyear of this dossier needs."""
        return self._open_own("octopus_connector.action_octopus_year_turn", "id")

    def _open_own(self, xml_id, name="dossier_id"):
        """Return an action of which the records are those of this dossier.

        :param name: the field that leads to the dossier
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {**action, "domain": [(name, "=", self.id)]}

    def action_synchronise(self):
        """Do everything for these dossiers now, in the background: contacts, documents,
        payments both ways, and the comparison; asked again, it is the same run.

        :raises UserError: a dossier cannot be called now
        """
        self.check_access("read")
        for dossier in self:
            if told := dossier.not_called_text():
                raise UserError(told)
        runs = start_all(self)
        for run in runs:
            activate_crons(run.dossier_id)
            wake(run)
        told = self.env._(
            "%(names)s: everything is looked at in the background.",
            names=", ".join(self.mapped("name")),
        )
        label = self.env._("See how far it is")
        # One that somebody else began at this very moment does not show yet.
        urls = [f"/odoo/octopus-runs/{run.id}" for run in runs[:1]]
        links = [{"label": label, "url": url} for url in urls]
        message = f"{told.replace('%', '%%')} %s" if links else told
        return notification("info", self.env._("Octopus"), message, links=links)

    def action_send_documents(self):
        """Ask which documents that nobody asked for yet are sent now."""
        self.ensure_one()
        return self.env["octopus.send.documents"]._open_for(self)

    @api.private
    def not_called_text(self):
        """Return why scheduled actions do not call this dossier now, empty when they
        may."""
        self.ensure_one()
        name, stopped = self.display_name, self.stopped_by()
        if stopped:
            return self.env["octopus.finding"].sentences(stopped.as_json())
        if not self.is_used():
            return self.env._("No company books in %(dossier)s.", dossier=name)
        if not self.is_ready():
            return self.env._(
                "The login at Octopus of %(dossier)s does not work now: see the"
                " connection. Nothing was sent.",
                dossier=name,
            )
        if not may_schedule(self.sudo()):
            return self.env._(
                "This database is a neutralized copy: %(dossier)s is not called.",
                dossier=name,
            )
        return ""
