"""What Odoo's own list and form show of documents in Octopus, by one query.

Field by field, the ORM asks for the row of the outbox, for the contact, for what that
is part of and for its relation, and each screen of invoices would take that time, also
where nobody looks for Octopus. So this is one statement; ``tests/flows/test_screens``
holds it against what the ORM tells.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ..core.findings import Finding
from ..core.states import DUE
from .database_check import database_differences
from .findings import stays_out
from .kinds import RECEIPTS, TYPE_OF_KIND
from .relations import Relations


class Shown(NamedTuple):
    """What is shown of one document.

    :param state: of its row in the outbox; ``None`` without one, as is what follows
    :param is_due: whether the row waits for nothing but its turn
    :param is_open: whether its dossier and login work, nobody paused sending, and this
        is no copy
    :param deciding: the finding that decides, as JSON
    :param retry_at: when it is tried again
    :param differences: in what Octopus has something else, as JSON
    :param currency_name: of the amounts among them
    :param payments_read_at: when the payments of its dossier were read
    :param relation_number: the contact's number in the dossier of the company, or 0
    """

    state: str | None
    is_due: bool
    is_open: bool
    deciding: dict[str, Any] | None
    retry_at: datetime | None
    differences: list[dict[str, Any]] | None
    currency_name: str | None
    payments_read_at: datetime | None
    relation_number: int

    @property
    def is_stopped(self) -> bool:
        """Whether what keeps the dossier or its login is told instead of the cause."""
        return self.is_due and not self.is_open


NOTHING = Shown(None, False, True, None, None, None, None, None, 0)
READ = {
    "account.move": ["octopus_booking_id", "company_id", "commercial_partner_id"],
    "octopus.booking": [
        "state",
        "queued",
        "findings",
        "cause",
        "retry_at",
        "differences",
        "currency_id",
        "dossier_id",
    ],
    "octopus.dossier": ["active", "connection_id", "paused", "payments_read_at"],
    "octopus.connection": ["active", "state"],
    "octopus.relation": ["dossier_id", "partner_id", "deleted", "octopus_id"],
    "res.partner": ["commercial_partner_id"],
}


def shown(moves) -> dict[int, Shown]:
    """Return what is shown of documents, whoever asks.

    :param moves: ``account.move`` that are saved
    :return: ``{id of a document: what is shown}``
    """
    if not moves:
        return {}
    env = moves.env
    for model, names in READ.items():
        env[model].flush_model(names)
    books = [
        (company.id, company.octopus_dossier().id or None)
        for company in moves.company_id
    ]
    rows = env.execute_query(
        SQL(
            """
            SELECT move.id, row.state,
                   COALESCE(row.queued AND row.state IN %(due)s, FALSE),
                   COALESCE(dossier.active AND dossier.paused IS NOT TRUE
                            AND connection.active
                            AND connection.state <> 'rejected', TRUE),
                   -- Of a finding, not of all that is kept with the row.
                   (SELECT found
                      FROM jsonb_array_elements(
                           CASE jsonb_typeof(row.findings)
                           WHEN 'array' THEN row.findings END
                           ) WITH ORDINALITY AS list (found, place)
                     WHERE found->>'code' = row.cause AND row.state <> 'ready'
                     ORDER BY place LIMIT 1),
                   row.retry_at, row.differences, currency.name,
                   dossier.payments_read_at,
                   COALESCE(relation.octopus_id, 0)
              FROM account_move AS move
              JOIN (VALUES %(books)s) AS book (company_id, dossier_id)
                   ON book.company_id = move.company_id
         LEFT JOIN octopus_booking AS row ON row.id = move.octopus_booking_id
         LEFT JOIN res_currency AS currency ON currency.id = row.currency_id
         LEFT JOIN octopus_dossier AS dossier ON dossier.id = row.dossier_id
         LEFT JOIN octopus_connection AS connection
                   ON connection.id = dossier.connection_id
                -- One that got a parent company since is that company.
         LEFT JOIN res_partner AS contact ON contact.id = move.commercial_partner_id
         LEFT JOIN octopus_relation AS relation
                   ON relation.dossier_id = book.dossier_id::integer
                  AND relation.partner_id = contact.commercial_partner_id
                  AND relation.deleted IS NOT TRUE
             WHERE move.id IN %(moves)s
            """,
            due=DUE,
            books=SQL(", ").join(SQL("(%s, %s)", *book) for book in books),
            moves=tuple(moves.ids),
        )
    )
    facts = {move_id: Shown(*told) for move_id, *told in rows}
    if any(it.is_due for it in facts.values()) and database_differences(env):
        return {move_id: it._replace(is_open=False) for move_id, it in facts.items()}
    return facts


def relation_number(move) -> int:
    """Return the number of a document's contact as it is edited now, 0 for none.

    :param move: one ``account.move``, saved or not
    """
    dossier, partner = move.company_id.octopus_dossier(), move.octopus_partner()
    known = Relations(move.env, dossier).known(partner)
    return next((relation.octopus_id for relation in known.values()), 0)


def payments_read_domain(operator, value) -> Domain:
    """Return the domain of documents by when the payments of their dossier were read,
    as a related field is searched: whoever sees a document is not asked whether they
    see its row and dossier.

    :param operator: of a domain
    :param value: as the operator takes it; a moment, or several
    :return: ``NotImplemented`` where Odoo turns what the opposite operator finds around
    """
    unset = operator in ("in", "not in") and False in value
    if operator == "not in" and not unset:
        return NotImplemented
    read = Domain("payments_read_at", operator, value)
    found = Domain("octopus_booking_id", "any!", Domain("dossier_id", "any!", read))
    if operator == "in" and unset:
        found |= Domain("octopus_booking_id", "=", False)
    return found


def payments_read_sql(moves, alias, part, query) -> SQL:
    """Return what documents are sorted and grouped by, as of a related field.

    :param moves: any ``account.move``
    :param alias: of its table in the query
    :param part: of a date, as in a domain, such as ``month_number``; or empty
    :param query: gets the row and its dossier joined, whoever asks
    """
    model = moves.sudo()
    for name in ("octopus_booking_id", "dossier_id"):
        model, alias = model._fields[name].join(model, alias, query)
    field = model._fields["payments_read_at"]
    moment = field.to_sql(model, alias)
    if not part:
        return moment
    return field.property_to_sql(moment, part, model, alias, query)


def why_no_row(move) -> Finding | None:
    """Return why a confirmed document has no row, if its kind stays out.

    :param move: one ``account.move``
    """
    if move.state != "posted" or move.move_type not in (*TYPE_OF_KIND, *RECEIPTS):
        return None
    settings = move.company_id.octopus_settings()
    if not settings.octopus_dossier_id or move.move_type in settings.octopus_kinds():
        return None
    return stays_out(settings, move.move_type)
