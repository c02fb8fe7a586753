"""What is missing, of all that is held in the outboxes, told by PostgreSQL.

What stands in the way of a row is kept with it (``findings``), so a list of causes is
one statement over the rows that are held, whatever is booked and at rest; it is never
older than what the outboxes say. Nothing is kept of it.
"""

from __future__ import annotations

from odoo.tools import SQL

from ..core import causes
from ..core.codes import ACCOUNTANT, ADMINISTRATOR, BLOCK, WAIT
from ..core.states import HELD

# What separates the parts of a key; no name or number of Octopus has it.
BETWEEN = "\x1f"


def causes_sql(env) -> SQL:
    """Return the statement of all causes, a row for each company, dossier and cause.

    A document that lacks several things is counted under each. Amounts are totals with
    VAT, in the currency of the company, and count as what they are worth: a credit note
    does not take away from what is held.

    :param env: any; its registry says which outboxes there are
    """
    return SQL(
        """
        SELECT cause.id, cause.company_id, cause.dossier_id,
               cause.finding, cause.finding->>'code' AS code, cause.by_code,
               %(kind)s AS kind, %(decider)s AS decider,
               cause.document_count, cause.payment_count, cause.going_count,
               cause.amount, cause.waiting_since,
               account.id AS account_mapping_id, tax.id AS tax_mapping_id,
               bank.id AS journal_mapping_id, centre.id AS cost_centre_mapping_id
          FROM (
            SELECT held.id, held.company_id, held.dossier_id,
                   (array_agg(held.found ORDER BY held.model, held.row_id))[1]
                       AS finding,
                   bool_and(held.key = '') AS by_code,
                   count(*) FILTER (WHERE held.is_document AND held.is_held)
                       AS document_count,
                   count(*) FILTER (WHERE NOT held.is_document AND held.is_held)
                       AS payment_count,
                   count(*) FILTER (WHERE NOT held.is_held) AS going_count,
                   COALESCE(sum(abs(move.amount_total_signed))
                       FILTER (WHERE held.is_held), 0) AS amount,
                   min(held.waiting_since) AS waiting_since
              FROM (%(held)s) AS held
         LEFT JOIN account_move AS move ON move.id = held.move_id
          GROUP BY held.id, held.company_id, held.dossier_id
               ) AS cause
     LEFT JOIN octopus_account_mapping AS account
            ON account.id = %(account)s
     LEFT JOIN octopus_tax_mapping AS tax ON tax.id = %(tax)s
     LEFT JOIN octopus_journal_mapping AS bank ON bank.id = %(bank)s
     LEFT JOIN octopus_cost_centre_mapping AS centre ON centre.id = %(centre)s
        """,
        kind=_kind(),
        decider=_decider(),
        held=_held(env),
        account=_record(causes.ACCOUNT_MAPPING),
        tax=_record(causes.TAX_MAPPING),
        bank=_record(causes.JOURNAL_MAPPING),
        centre=_record(causes.COST_CENTRE_MAPPING),
    )


def rows_of(env, cause_ids) -> dict[str, list[int]]:
    """Return what is held by causes, ``{model: ids}`` of the outboxes.

    :param env: any
    :param cause_ids: as :func:`causes_sql` tells them
    """
    env.flush_all()
    found = env.execute_query(
        SQL(
            "SELECT model, array_agg(DISTINCT row_id ORDER BY row_id)"
            " FROM (%s) AS held WHERE id = ANY(%s) GROUP BY model",
            _held(env),
            list(cause_ids),
        )
    )
    return dict(found)


def _held(env) -> SQL:
    """Return the statement of what is held, a row for each row of an outbox and cause.

    What was mended a moment ago, and goes with the next pass, is not held any more.
    """
    parts = [_held_of(rows) for rows in env["octopus.outbox.mixin"].outboxes()]
    return SQL(
        """
        SELECT DISTINCT ON (model, row_id, id) *
          FROM (
            SELECT *,
                   -- An id that stays: the first 48 bits, as JavaScript has 53.
                   ('x' || left(md5(concat_ws(%(between)s, company_id, dossier_id,
                       found->>'code', key)), 12))::bit(48)::bigint AS id
              FROM (%(parts)s) AS part
               ) AS told
      ORDER BY model, row_id, id
        """,
        between=BETWEEN,
        parts=SQL(" UNION ALL ").join(parts),
    )


def _held_of(rows) -> SQL:
    return SQL(
        """
        SELECT %(model)s AS model, %(is_document)s AS is_document, row.id AS row_id,
               row.company_id, row.dossier_id, row.move_id, row.waiting_since, found,
               row.state IN %(held)s AS is_held, %(key)s AS key
          FROM %(table)s AS row
         CROSS JOIN LATERAL jsonb_array_elements(
               CASE jsonb_typeof(row.findings) WHEN 'array' THEN row.findings END
               ) AS found
         WHERE (row.state IN %(held)s OR row.state = 'ready' AND row.queued)
           AND found->>'severity' IN %(stops)s
           AND NOT found->>'code' = ANY(%(by_itself)s)
        """,
        model=rows._name,
        is_document=rows._name == "octopus.booking",
        table=SQL.identifier(rows._table),
        held=HELD,
        key=_key(),
        stops=(BLOCK, WAIT),
        by_itself=list(causes.BY_ITSELF),
    )


def _key() -> SQL:
    """Return what tells causes with the same code apart."""
    values = [
        SQL(
            "WHEN %s THEN concat_ws(%s, %s)",
            code,
            BETWEEN,
            SQL(", ").join(SQL("found->'params'->>%s", name) for name in names),
        )
        for code, names in causes.EACH_VALUE.items()
    ]
    return SQL(
        """
        CASE found->>'code' %(values)s
        ELSE CASE WHEN NOT found->>'model' = ANY(%(each)s) THEN ''
                  WHEN found->'ids'->>0 IS NULL THEN (found->'params')::text
                  ELSE concat_ws(%(between)s, found->>'model', found->>'ids')
             END
        END
        """,
        values=SQL(" ").join(values),
        each=list(causes.EACH_RECORD),
        between=BETWEEN,
    )


def _record(model) -> SQL:
    """Return the id of the record of a model that a finding leads to."""
    return SQL(
        "CASE cause.finding->>'model' WHEN %s"
        " THEN (cause.finding->'ids'->>0)::integer END",
        model,
    )


def _kind() -> SQL:
    def whens(kinds):
        return SQL(" ").join(SQL("WHEN %s THEN %s", *each) for each in kinds.items())

    return SQL(
        "CASE cause.finding->>'code' %s ELSE CASE cause.finding->>'model' %s"
        " ELSE 'other' END END",
        whens(causes.KINDS_OF_CODES),
        whens(causes.KINDS_OF_MODELS),
    )


def _decider() -> SQL:
    return SQL(
        """
        CASE WHEN cause.finding->>'code' = ANY(%s) THEN %s
             WHEN cause.finding->>'code' = ANY(%s) THEN %s
             ELSE 'you' END
        """,
        list(causes.codes_of(ADMINISTRATOR)),
        ADMINISTRATOR,
        list(causes.codes_of(ACCOUNTANT)),
        ACCOUNTANT,
    )
