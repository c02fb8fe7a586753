from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..core.codes import ACCOUNTANT, BLOCK, CODES, WAIT
from ..core.vat_period import vat_returns

# What holds a document or payment until the accountant mends it in Octopus.
CAUSES = tuple(
    code
    for code, kind in CODES.items()
    if kind.who == ACCOUNTANT and kind.severity in (BLOCK, WAIT)
)
CLOSED_THERE = tuple(code for code in CAUSES if CODES[code].closed_there)

# What is read of a row of either outbox.
OF_ROW = (
    "cause",
    "company_id",
    "document_name",
    "dossier_id",
    "findings",
    "move_id",
    "queued",
    "state",
    "waiting_since",
)


class OctopusReopen(models.Model):
    """What waits for the accountant, and where they must open or mend something: the
    documents and payments of the outboxes, one row each.

    It is read from the outboxes and keeps nothing. What was said to be open and is
    looked at anew stays here until it is known what came of it.
    """

    _name = "octopus.reopen"
    _description = "Waiting for the Accountant"
    _auto = False
    _order = "bookyear, journal, period, document_date, id"
    _rec_name = "document_name"
    _depends = {
        "account.move": ["amount_total_signed", "commercial_partner_id", "partner_id"],
        "octopus.booking": [*OF_ROW, "accounting_date", "kind"],
        "octopus.payment": [*OF_ROW, "amount", "document_date"],
    }

    dossier_id = fields.Many2one("octopus.dossier", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    document_name = fields.Char(string="Number in Odoo", readonly=True)
    document_date = fields.Date(string="Date", readonly=True)
    kind = fields.Selection(
        [("document", "Document"), ("payment", "Payment")], readonly=True
    )
    journal = fields.Char(
        string="Octopus journal", readonly=True, help="The journal to open."
    )
    bookyear = fields.Char(readonly=True, help="The bookyear to open.")
    period = fields.Integer(readonly=True, aggregator=False, help="The period to open.")
    cause = fields.Selection(
        lambda self: self.env["octopus.finding"]._causes(),
        string="What to mend in Octopus",
        readonly=True,
    )
    facts = fields.Char(
        readonly=True,
        help="What tells one cause from another of the same kind, as JSON.",
    )
    state = fields.Selection(
        [("held", "Waits"), ("looked", "Being looked at")], readonly=True
    )
    waiting_since = fields.Datetime(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="In the currency of the company; negative on credit notes, and for money"
        " that goes out.",
    )
    place = fields.Char(
        compute="_compute_place", help="What is to be opened, in short."
    )
    vat_return = fields.Char(
        string="VAT return",
        compute="_compute_vat_return",
        help="The VAT return of its date: there it belongs if the accountant opens the"
        " period.",
    )

    @api.depends("document_date", "dossier_id.vat_return")
    @api.depends_context("lang")
    def _compute_vat_return(self):
        texts = self.env["octopus.finding"]
        for row in self:
            day = row.document_date
            found = day and vat_returns(day, day, row.dossier_id.vat_return)
            row.vat_return = found and texts.vat_period_text(found)

    @api.depends("journal", "bookyear", "period", "document_name")
    def _compute_place(self):
        for row in self:
            parts = (row.journal, row.bookyear, row.period)
            place = " / ".join(str(part) for part in parts if part)
            row.place = place or row.document_name

    @property
    def _table_query(self):
        documents = SQL(
            """
            SELECT row.id * 2 AS id, 'document' AS kind, row.dossier_id,
                   row.company_id, row.move_id, row.document_name,
                   row.accounting_date AS document_date, row.cause, row.findings,
                   row.state AS at, row.waiting_since, row.queued,
                   abs(move.amount_total_signed)
                   * CASE WHEN row.kind LIKE '%%refund' THEN -1 ELSE 1 END AS amount,
                   move.commercial_partner_id AS partner_id
              FROM octopus_booking AS row
              JOIN account_move AS move ON move.id = row.move_id
            """
        )
        payments = SQL(
            """
            SELECT row.id * 2 + 1 AS id, 'payment' AS kind, row.dossier_id,
                   row.company_id, row.move_id, row.document_name,
                   row.document_date, row.cause, row.findings,
                   row.state AS at, row.waiting_since, row.queued,
                   row.amount::numeric AS amount, move.partner_id
              FROM octopus_payment AS row
              JOIN account_move AS move ON move.id = row.move_id
            """
        )
        return SQL(
            """
            SELECT held.id, held.kind, held.dossier_id, held.company_id, held.move_id,
                   held.document_name, held.document_date, held.cause,
                   held.waiting_since, held.amount, held.partner_id,
                   company.currency_id,
                   CASE WHEN held.at = 'ready' THEN 'looked' ELSE 'held' END AS state,
                   found.params ->> 'journal' AS journal,
                   COALESCE(found.params ->> 'bookyear', bookyear.name) AS bookyear,
                   CASE WHEN held.cause IN %(closed)s
                        THEN (found.params ->> 'period')::int END AS period,
                   CASE WHEN held.cause IN %(closed)s THEN NULL
                        ELSE found.params::text END AS facts
              FROM (%(documents)s UNION ALL %(payments)s) AS held
              JOIN res_company AS company ON company.id = held.company_id
              LEFT JOIN LATERAL (
                   SELECT finding -> 'params' AS params, finding
                     FROM jsonb_array_elements(
                          CASE WHEN jsonb_typeof(held.findings) = 'array'
                               THEN held.findings ELSE '[]' END) AS finding
                    WHERE finding ->> 'code' = held.cause
                    LIMIT 1) AS found ON TRUE
              LEFT JOIN octopus_journal_year AS journal_year
                     ON found.finding ->> 'model' = 'octopus.journal.year'
                    AND journal_year.id = (found.finding -> 'ids' ->> 0)::int
              LEFT JOIN octopus_bookyear AS bookyear
                     ON bookyear.id = journal_year.bookyear_id
             WHERE held.queued
               AND held.cause IN %(causes)s
               AND held.at IN ('ready', 'waiting', 'blocked')
            """,
            documents=documents,
            payments=payments,
            causes=CAUSES,
            closed=CLOSED_THERE,
        )

    @api.private
    def outbox_rows(self):
        """Return the rows of the outboxes that these show, in sudo, by their model."""
        rows = self.sudo()
        by_kind = {"document": "octopus.booking", "payment": "octopus.payment"}
        return [
            self.env[model]
            .sudo()
            .browse(row.id // 2 for row in rows if row.kind == kind)
            for kind, model in by_kind.items()
        ]

    @api.private
    def is_closed(self):
        """Whether the accountant closed something that this waits for."""
        return self.cause in CLOSED_THERE

    def action_open_document(self):
        """Open what waits."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_mail(self):
        """Open a mail to the accountant of these, else of the company, with what waits
        for them; the links, when several people have one.

        :raises UserError: these are of several dossiers, or nobody has a link
        """
        self.check_access("read")
        dossier = self.dossier_id or self.env.company.octopus_dossier()
        if len(dossier) > 1:
            raise UserError(
                self.env._(
                    "These documents are of several dossiers: %(dossiers)s. Select"
                    " those of one, so that each accountant gets a mail of their own.",
                    dossiers=", ".join(dossier.sudo().mapped("name")),
                )
            )
        links = self.env["octopus.accountant.link"].usable(dossier)
        if not links:
            raise UserError(
                self.env._(
                    "Nobody has a link to the accountant's page of this company yet. An"
                    " Octopus administrator makes one under Octopus > Accountant."
                )
            )
        if len(links) > 1:
            action = dossier.with_env(self.env).action_accountant_links()
            return {**action, "domain": [("id", "in", links.ids)]}
        return links.with_env(self.env).action_mail()
