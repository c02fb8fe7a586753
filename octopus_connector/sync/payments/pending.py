"""Finds the rows that are worth looking at: no question is asked twice for nothing.

A row is due when the feed changed it, or when it holds a question and something that
the answer depends on is different from when it was looked at last; and once a day, for
what cannot be listed here.
"""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

PATIENCE = timedelta(days=1)
_JOINS = SQL(
    """
    LEFT JOIN octopus_booking AS debit ON debit.id = kept.debit_booking_id
    LEFT JOIN octopus_booking AS credit ON credit.id = kept.credit_booking_id
    LEFT JOIN account_move AS debit_move ON debit_move.id = debit.move_id
    LEFT JOIN account_move AS credit_move ON credit_move.id = credit.move_id
    LEFT JOIN account_payment AS payment ON payment.id = kept.payment_id
    LEFT JOIN account_move AS entry ON entry.id = kept.entry_id
    """
)
# What may turn a question into something that can be done.
_SEEN = """
    md5(concat_ws('|', %(settings)s,
        debit.state, debit_move.state, debit_move.amount_residual,
        credit.state, credit_move.state, credit_move.amount_residual,
        payment.state, payment.amount, payment.date, payment.journal_id,
        entry.state,
        (SELECT string_agg(concat_ws(' ', it.id, it.state, it.amount, it.currency_id,
                                     it.journal_id, it.partner_id), ',' ORDER BY it.id)
           FROM account_move__account_payment AS registered
           JOIN account_payment AS it ON it.id = registered.payment_id
          WHERE registered.invoice_id IN (debit.move_id, credit.move_id)
            AND it.move_id IS NULL)))
"""


class Pending:
    """The rows of one dossier that are due.

    :param dossier: ``octopus.dossier``, in sudo
    :param companies: those that follow payments in it
    :param plan: ``octopus.payment.plan`` that waits for a person, maybe empty
    """

    def __init__(self, dossier, companies, plan):
        self.env = dossier.env
        self.dossier = dossier
        self.companies = companies
        self.plan = plan
        self._model = self.env["octopus.balancing"]

    def rows(self):
        """Return rows of our documents that changed, or whose question may be answered
        now; those that wait in a plan stay out."""
        self.env.flush_all()
        ids = self.env.execute_query(
            SQL(
                """
                SELECT kept.id FROM octopus_balancing AS kept %(joins)s
                 WHERE kept.dossier_id = %(dossier)s
                   AND (kept.pending OR kept.problem IS NOT NULL)
                   AND kept.plan_id IS DISTINCT FROM %(plan)s
                   AND (kept.pending OR (
                        kept.checked_at IS NULL OR kept.checked_at < %(long_ago)s
                        OR kept.seen IS DISTINCT FROM %(seen)s))
                   AND (debit.company_id IN %(companies)s
                        OR credit.company_id IN %(companies)s)
                 ORDER BY kept.id
                """,
                joins=_JOINS,
                dossier=self.dossier.id,
                plan=self.plan.id or 0,
                long_ago=fields.Datetime.now() - PATIENCE,
                seen=self._seen(),
                companies=tuple(self.companies.ids),
            )
        )
        return self._model.browse([row_id for (row_id,) in ids])

    def looked_at(self, rows):
        """Note that rows were looked at now, and what their answer depends on.

        :param rows: ``octopus.balancing`` that hold questions, maybe empty
        """
        if not rows:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE octopus_balancing SET checked_at = %(now)s, seen = found.seen
                  FROM (SELECT kept.id, %(seen)s AS seen
                          FROM octopus_balancing AS kept %(joins)s
                         WHERE kept.id IN %(ids)s) AS found
                 WHERE octopus_balancing.id = found.id
                """,
                now=fields.Datetime.now(),
                seen=self._seen(),
                joins=_JOINS,
                ids=tuple(rows.ids),
            )
        )
        rows.invalidate_recordset(["checked_at", "seen"])

    def _seen(self):
        return SQL(_SEEN, settings=self._settings())

    def _settings(self):
        """Return a text that is another one after any change of settings, lock dates or
        journals of these companies."""
        companies = self.companies.parent_ids | self.companies
        [[text]] = self.env.execute_query(
            SQL(
                """
                SELECT md5(concat(
                    (SELECT string_agg(company::text, '|' ORDER BY id)
                       FROM res_company AS company WHERE id IN %(ids)s),
                    (SELECT string_agg(mapping::text, '|' ORDER BY id)
                       FROM octopus_journal_mapping AS mapping
                      WHERE company_id IN %(ids)s),
                    (SELECT string_agg(line::text, '|' ORDER BY line.id)
                       FROM account_payment_method_line AS line
                       JOIN account_journal AS journal ON journal.id = line.journal_id
                      WHERE journal.company_id IN %(ids)s)))
                """,
                ids=tuple(companies.ids),
            )
        )
        return text
