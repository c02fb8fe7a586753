"""Documents that stand in every way in which one can, and who looks at them."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding

from .outbox_case import OutboxCase

DOWN, REFUSED = Finding(codes.SERVICE_DOWN), Finding(codes.DISCOUNT_ACCOUNT_MISSING)


class ScreensCase(OutboxCase):
    def hold(self, move, state, *findings, **values):
        """Let the row of a document wait, or be blocked."""
        row = self.row(move).sudo()
        row.hold(state, findings)
        row.write(values)
        return row

    def anew(self):
        """Begin as a request does: nothing is in memory."""
        self.env.flush_all()
        self.env.invalidate_all()

    def every_kind(self):
        """Documents that stand in each way, one of a contact without a relation."""
        moves = [self.document() for _number in range(5)]
        booked, blocked, waiting, due, _new = moves
        self.send(booked)
        self.dossier.sudo().payments_read_at = fields.Datetime.now()
        self.hold(blocked, "blocked", DOWN, REFUSED, cause=REFUSED.code)
        later = fields.Datetime.now() + timedelta(hours=1)
        self.hold(waiting, "waiting", DOWN, retry_at=later, queued=True)
        self.hold(due, "unknown", DOWN, queued=True)
        values = {"name": "Els", **self.belgian_company("BE0404616494")}
        other = self.env["res.partner"].create(values)
        moves.append(self.document(partner_id=other.id))
        moves.append(self.document(post=False))
        return self.env["account.move"].union(*moves)

    def reader(self, companies, groups="octopus_connector.group_user"):
        """Return somebody who works in some companies only."""
        return new_test_user(
            self.env,
            login=f"reader-{len(companies)}-{groups}",
            groups=groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )
