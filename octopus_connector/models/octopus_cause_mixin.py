import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.states import HELD
from ..groups import MANAGER
from ..notification import notification
from ..prepare.responsible import responsible_of

ASKED = "mail.mail_activity_data_todo"


class OctopusCauseMixin(models.AbstractModel):
    """A record that can stand in the way of documents: how many wait for it, and what
    somebody does who may not change it."""

    _name = "octopus.cause.mixin"
    _description = "What Documents Wait For"

    waiting_count = fields.Integer(
        compute="_compute_waiting",
        help="Documents and payments that wait, or are blocked, because of this.",
    )
    waiting_text = fields.Char(
        compute="_compute_waiting", help="How many documents wait for this."
    )
    can_change = fields.Boolean(
        compute="_compute_can_change",
        help="Whether you may change this yourself; else ask an administrator.",
    )

    def _compute_waiting(self):
        # Shown in forms, of one record.
        for record in self:
            count = sum(rows.search_count(held) for rows, held in record._held())
            record.waiting_count = count
            record.waiting_text = record._waiting_text(count) if count else False

    def _waiting_text(self, count):
        if count == 1:
            return self.env._("1 document or payment waits for this.")
        return self.env._(
            "%(count)s documents and payments wait for this.", count=count
        )

    @api.depends_context("uid")
    def _compute_can_change(self):
        for record in self:
            record.can_change = self.env.user.has_group(MANAGER)

    def _held(self):
        """Return where the rows are that wait for one record, for the reader:
        ``[(outbox, domain)]``."""
        domain = Domain("dossier_id", "=", self.dossier_id.id)
        domain &= Domain("state", "in", HELD)
        if not self.id:
            return []
        named = json.dumps([{"model": self._name, "ids": [self.id]}])

        def is_named(model, alias, query):
            # The ORM looks into no JSON, and thousands of rows may wait.
            findings = model._field_to_sql(alias, "findings", query)
            return SQL("%s @> %s::jsonb", findings, named)

        return [
            (rows, domain & Domain.custom(to_sql=is_named))
            for rows in self.env["octopus.outbox.mixin"].outboxes()
        ]

    def action_open_waiting(self):
        """Open the documents that wait for this, else the payments."""
        self.ensure_one()
        waiting = (rows.search(held) for rows, held in self._held())
        found = next(filter(None, waiting), None)
        if not found:
            raise UserError(self.env._("Nothing waits for this any more."))
        return found._get_records_action(
            name=self.env._("Waiting for %(name)s", name=self.display_name),
            view_mode="list,form",
            views=[(False, "list"), (False, "form")],
            domain=[("id", "in", found.ids)],
        )

    def action_ask_administrator(self):
        """Ask who is responsible for the dossier to change this; asked twice, it is one
        activity."""
        self.ensure_one()
        self.check_access("read")
        dossier = self.dossier_id.sudo()
        user = responsible_of(dossier)
        summary = self.env._("Octopus: choose %(name)s", name=self.display_name)
        if not self._asked(dossier, summary):
            dossier.activity_schedule(
                ASKED,
                user_id=user.id,
                summary=summary,
                note=self._asking(),
            )
        return notification(
            "success",
            self.env._("Asked"),
            self.env._("%(user)s has an activity for it.", user=user.sudo().name),
        )

    def _asked(self, dossier, summary):
        return dossier.activity_ids.filtered(lambda it: it.summary == summary)

    def _asking(self):
        told = self.env._("%(user)s asks for it.", user=self.env.user.name)
        return Markup("%s %s") % (told, self.env["octopus.finding"].link_to(self))
