from dataclasses import replace
from decimal import Decimal

from odoo import fields, models

from odoo.addons.octopus_connector.api.errors import OctopusMissing
from odoo.addons.octopus_connector.api.stored import from_json
from odoo.addons.octopus_connector.api.types import FinancialBooking, FinancialLine
from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.compare_booking import Match
from odoo.addons.octopus_connector.core.compare_payment import compare
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.core.fingerprint import fingerprint
from odoo.addons.octopus_connector.core.money import exact
from odoo.addons.octopus_connector.core.states import DOCUMENT_STATES
from odoo.addons.octopus_connector.send.kinds import Kind
from odoo.addons.octopus_connector.send.push import Pass
from odoo.addons.octopus_connector.send.result import SendRequest

JOURNAL = "D1"


class EntryPass(Pass):
    """A pass over entries."""

    @property
    def count(self):
        """How many entries will be looked at (``Pass.count``)."""
        return len(self.due)

    def begin(self):
        """Return a run of its own (``Pass.begin``)."""
        values = {"kind": "remit", "dossier_id": self.dossier.id}
        return self.env["octopus.run"].create({**values, "total": len(self.due)})

    def go(self, batch):
        """Send entries (``Pass.go``)."""
        return batch.send(self.due)


class EntryKind(Kind):
    """Entries of Odoo in the divers journal."""

    model = "octopus.example.entry"
    told_on = "move_id"

    def new_pass(self, dossier, chosen=None):
        """Return a pass over entries (``Kind.new_pass``)."""
        return EntryPass(self, dossier, chosen)

    def collect(self, dossier):
        """Give each entry its row (``Kind.collect``)."""
        known = self.rows.search([("dossier_id", "=", dossier.id)]).move_id
        moves = self.env["account.move"].search(
            [
                ("move_type", "=", "entry"),
                ("state", "=", "posted"),
                ("ref", "=like", "Memo%"),
                ("company_id", "in", dossier.company_ids.ids),
                ("id", "not in", known.ids),
            ]
        )
        for move in moves:
            self.rows.create(
                {
                    "move_id": move.id,
                    "document_name": move.name,
                    "accounting_date": move.date,
                    "company_id": move.company_id.id,
                    "dossier_id": dossier.id,
                    "queued": True,
                }
            )

    def prepare(self, rows, run):
        """Prepare entries one by one (``Kind.prepare``)."""
        requests, held = [], []
        for row in rows:
            lines, missing = self._lines(row.move_id)
            year = self._journal_year(row)
            if missing:
                found = Finding(codes.ACCOUNT_NOT_MAPPED, {"account": missing})
                held.append(((found,), row))
                continue
            requests.append(
                SendRequest(
                    booking_id=row.id,
                    move_id=row.move_id.id,
                    journal_id=year.journal_id.id,
                    journal_year_id=year.id,
                    booking=FinancialBooking(
                        bookyear_id=year.bookyear_id.octopus_id,
                        journal=JOURNAL,
                        number=0,
                        period=int(f"{row.accounting_date:%Y%m}"),
                        document_date=row.accounting_date,
                        exchange_rate=Decimal(1),
                        lines=lines,
                    ),
                    fingerprint=fingerprint({"lines": repr(lines)}),
                    write_date=row.move_id.write_date,
                    relation_id=0,
                    run_id=row.run_or(run).id,
                )
            )
        return requests, held

    @staticmethod
    def _journal_year(row):
        journals = row.dossier_id.journal_ids.filtered(lambda it: it.key == JOURNAL)
        day = row.accounting_date
        return journals.year_ids.filtered(
            lambda it: it.bookyear_id.date_start <= day <= it.bookyear_id.date_end
        )

    def _lines(self, move):
        """Return the lines, and the account that Octopus does not have, if any."""
        numbers = {
            account.account_id: account.octopus_account_id.number
            for account in self.env["octopus.account.mapping"].search(
                [("account_id", "in", move.line_ids.account_id.ids)]
            )
        }
        lines = []
        for line in move.line_ids:
            number = numbers.get(line.account_id)
            if not number:
                return (), line.account_id.display_name
            amount = exact(line.balance, line.company_currency_id)
            lines.append(
                FinancialLine(
                    type="A", amount=amount, account=number, reference=move.ref
                )
            )
        return tuple(lines), ""

    def look(self, row, request):
        """Look once more (``Kind.look``)."""
        left = self.rows.search(
            [
                ("journal_year_id", "=", request.journal_year_id),
                ("state", "in", ("sending", "unknown")),
                ("id", "!=", row.id),
            ],
            limit=1,
        )
        same = row.move_id.write_date == request.write_date and row.is_due()
        return same, left, False

    def with_relations(self, row, request, known=True):
        """Return the request: no line has a relation (``Kind.with_relations``)."""
        return request

    def link(self, row, request):
        """Return that nothing is looked for (``Kind.link``)."""
        return False

    def insert(self, row, request, booking):
        """Book it (``Kind.insert``)."""
        self.octopus.insert_financial_booking(booking)
        return ()

    def insert_again(self, row):
        """Book it once more (``Kind.insert_again``)."""
        sent = from_json(FinancialBooking, row.payload)
        self.octopus.insert_financial_booking(replace(sent, number=row.number))

    def find(self, row):
        """Read its number (``Kind.find``)."""
        sent = from_json(FinancialBooking, row.payload)
        try:
            found = self.octopus.financial_booking(
                sent.bookyear_id, sent.journal, sent.number
            )
        except OctopusMissing:
            return Match.OTHER, None
        return compare(sent, found), found

    def dispute(self, row, journal_year, number, found):
        """Ask whether it is this one (``Kind.dispute``)."""
        values = {"number": number, "journal": journal_year.journal_id.key}
        return Finding(codes.NUMBER_DISPUTED, values)

    def set_booked(self, row, request=None, refused=(), again=False):
        """Note that it is booked (``Kind.set_booked``)."""
        row.set_booked({})


class OctopusExampleEntry(models.Model):
    """An entry of Odoo on its way to the divers journal."""

    _name = "octopus.example.entry"
    _description = "Octopus Example Entry"
    _inherit = ["octopus.outbox.mixin", "mail.thread"]
    _order = "accounting_date, id"

    _octopus_kind = EntryKind
    _octopus_turn = 30
    _octopus_history = "move_id"

    move_id = fields.Many2one("account.move", required=True, ondelete="cascade")
    accounting_date = fields.Date(required=True)
    state = fields.Selection(DOCUMENT_STATES, default="ready", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    _number_uniq = models.UniqueIndex(
        "(journal_year_id, number) WHERE number > 0 AND state <> 'gone'",
        "This number of the Octopus journal is already taken.",
    )
