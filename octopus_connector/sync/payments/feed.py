"""Keeps the feed of balancings as rows, ties the rows to our documents, and finds those
that are worth looking at.

Written in SQL: a first feed has tens of thousands of rows, each batch of them costs
the same few statements, a row that says nothing new is not touched, and no question is
asked twice for nothing.
"""

from datetime import timedelta

from psycopg2.extras import Json

from odoo import fields
from odoo.tools import SQL, split_every

from ...api.stored import to_json
from ...core.matches import DOCUMENT, Match
from ...core.states import BOOKED

BATCH = 1000
# After that a question is looked at again, for what cannot be listed here.
PATIENCE = timedelta(days=1)
_KEY = (
    "dossier_id",
    "debit_bookyear",
    "debit_journal",
    "debit_number",
    "debit_line",
    "credit_bookyear",
    "credit_journal",
    "credit_number",
    "credit_line",
)
_FACTS = (
    "type",
    "relation_octopus_id",
    "date",
    "debit_date",
    "credit_date",
    "currency_code",
    "exchange_rate",
    "amount",
    "data",
    "read_at",
)
# A row has something to be done about once it is one of a document of ours.
_UPSERT = """
    INSERT INTO octopus_balancing
        ({columns}, deleted, pending, create_uid, create_date, write_uid, write_date)
    VALUES %s
    ON CONFLICT ({key}) DO UPDATE SET
        {facts},
        deleted = FALSE,
        plan_id = NULL,
        pending = octopus_balancing.debit_booking_id IS NOT NULL
            OR octopus_balancing.credit_booking_id IS NOT NULL,
        write_uid = EXCLUDED.write_uid,
        write_date = EXCLUDED.write_date
    WHERE octopus_balancing.deleted
        OR octopus_balancing.data IS DISTINCT FROM EXCLUDED.data
    RETURNING id
""".format(
    columns=", ".join(_KEY + _FACTS),
    key=", ".join(_KEY),
    facts=", ".join(f"{name} = EXCLUDED.{name}" for name in _FACTS),
)
# What a person agreed to write off, they did of the match that there is no more.
_DELETE = """
    UPDATE octopus_balancing AS kept
       SET deleted = TRUE,
           decision = NULLIF(kept.decision - 'write_off', '{{}}'),
           plan_id = NULL,
           pending = kept.debit_booking_id IS NOT NULL
               OR kept.credit_booking_id IS NOT NULL,
           write_uid = gone.write_uid,
           write_date = gone.write_date
      FROM (VALUES %s) AS gone ({key}, write_uid, write_date)
     WHERE {same} AND kept.deleted IS NOT TRUE
    RETURNING kept.id
""".format(
    key=", ".join(_KEY),
    same=" AND ".join(f"kept.{name} = gone.{name}" for name in _KEY),
)
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


class Feed:
    """The rows of one dossier.

    :param dossier: ``octopus.dossier``, in sudo
    """

    def __init__(self, dossier):
        self.env = dossier.env
        self.dossier = dossier
        self._model = self.env["octopus.balancing"]
        self._now = fields.Datetime.now()

    def keep(self, result):
        """Write down what the feed says now; repeating it changes nothing.

        A match that is reported as deleted and as existing at once exists: a list of
        matches holds what there is, a list of deletions what happened.

        :param result: ``ModifiedResult`` of ``Balancing``; it may be long
        :return: the number of rows that are new, changed or deleted now
        """
        self._model.flush_model()
        gone = {self._key(balancing) for balancing in result.deleted}
        changed = 0
        for there in self._batches(result.modified):
            gone.difference_update(there)
            changed += self._upsert(there)
        for told in self._batches(result.deleted):
            told = {key: told[key] for key in told if key in gone}
            changed += self._upsert(self._never_read(told)) + self._delete(told)
        self._model.invalidate_model()
        return changed

    def _batches(self, balancings):
        """Yield some of them at a time, ``{key: Balancing}``: of two that say something
        of the same match, the later one counts."""
        for batch in split_every(BATCH, balancings):
            yield {self._key(balancing): balancing for balancing in batch}

    def _never_read(self, gone):
        """Return those that were made from here and taken back before they were read
        once: who made the payment, or reconciled the documents, must be told.

        :param gone: ``{key: Balancing}``
        """
        sides = {key: (key[1:4], key[5:8]) for key in gone}
        payments, documents = self._of_payments(sides), self._of_documents(sides)
        known = self._known(payments | documents)
        # Of documents, a row may tell of an earlier match that it is gone.
        unread = {key for key in payments if key not in known}
        unread |= {key for key in documents if known.get(key, True)}
        return {key: gone[key] for key in unread}

    def _of_payments(self, sides):
        """Return the keys of matches of payments of ours."""
        money = {side for both in sides.values() for side in both if side[1][:1] == "F"}
        payments = self.env["octopus.payment"]
        ours = payments.of_keys(self.dossier, money) if money else {}
        return {key for key, both in sides.items() if not ours.keys().isdisjoint(both)}

    def _of_documents(self, sides):
        """Return the keys of matches of two documents that count as matched from
        here."""
        matches = self.env["octopus.document.match"]
        ours = matches.counted(self.dossier, set(sides.values()))
        return {key for key, both in sides.items() if both in ours}

    def _known(self, keys):
        """Return those keys that have a row: ``{key: whether it is deleted}``."""
        if not keys:
            return {}
        names = SQL(", ").join(map(SQL.identifier, _KEY))
        found = self.env.execute_query(
            SQL(
                "SELECT %s, deleted IS TRUE FROM octopus_balancing WHERE (%s) IN %s",
                names,
                names,
                tuple(keys),
            )
        )
        return {tuple(key): deleted for *key, deleted in found}

    def _upsert(self, balancings):
        """Write down a batch of matches that there are; return how many are new or
        changed."""
        if not balancings:
            return 0
        audit = self._audit() * 2
        values = [
            (*key, *self._facts(balancing), False, False, *audit)
            for key, balancing in balancings.items()
        ]
        rows = self._execute_values(_UPSERT, values)
        if rows:
            self._link(SQL("kept.id = ANY(%s)", [row_id for (row_id,) in rows]))
        return len(rows)

    def _delete(self, keys):
        """Write down a batch of matches that there are no more; return how many."""
        if not keys:
            return 0
        values = [(*key, *self._audit()) for key in keys]
        return len(self._execute_values(_DELETE, values))

    def _execute_values(self, query, values):
        return self.env.cr.execute_values(query, values, page_size=BATCH, fetch=True)

    def _key(self, balancing):
        sides = (balancing.debit.key, balancing.credit.key)
        return (
            self.dossier.id,
            *(
                part
                for key in sides
                for part in (key.bookyear_id, key.journal, key.number, key.line)
            ),
        )

    def _facts(self, balancing):
        relation, debit, credit = balancing.relation, balancing.debit, balancing.credit
        # Documents of ours stand on the side whose counterpart paid.
        paid_by_credit = Match(0, balancing, True).meaning != DOCUMENT
        document, payer = (debit, credit) if paid_by_credit else (credit, debit)
        return (
            balancing.type,
            relation and relation.id,
            payer.document_date,
            debit.document_date,
            credit.document_date,
            document.currency,
            document.exchange_rate,
            balancing.amount,
            Json(to_json(balancing, sparse=True)),
            self._now,
        )

    def _audit(self):
        return self.env.uid, self._now

    # Our documents

    def link_bookings(self, bookings=None) -> bool:
        """Tie rows to documents that were booked since the last time.

        :param bookings: only these ``octopus.booking``; all that are new by default
        :return: whether there were such documents
        """
        only = (
            SQL("id = ANY(%s)", bookings.ids)
            if bookings is not None
            else SQL("payments_linked IS NOT TRUE")
        )
        self.env["octopus.booking"].flush_model()
        self._model.flush_model()
        found = self.env.execute_query(
            SQL(
                "UPDATE octopus_booking SET payments_linked = TRUE"
                " WHERE dossier_id = %s AND state IN %s AND number > 0 AND %s"
                " RETURNING id",
                self.dossier.id,
                BOOKED,
                only,
            )
        )
        if found:
            self._link(SQL("booking.id = ANY(%s)", [row_id for (row_id,) in found]))
            self.env["octopus.booking"].invalidate_model(["payments_linked"])
            self._model.invalidate_model()
        return bool(found)

    def _link(self, which):
        """Point rows at the document with their key: dossier, bookyear, journal and
        number, on either side."""
        for side in ("debit", "credit"):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE octopus_balancing AS kept
                       SET %(link)s = booking.id, pending = TRUE, plan_id = NULL
                      FROM octopus_booking AS booking
                      JOIN octopus_journal_year AS journal_year
                           ON journal_year.id = booking.journal_year_id
                      JOIN octopus_journal AS journal
                           ON journal.id = journal_year.journal_id
                      JOIN octopus_bookyear AS bookyear
                           ON bookyear.id = journal_year.bookyear_id
                     WHERE booking.state IN %(sent)s
                       AND booking.dossier_id = kept.dossier_id
                       AND kept.dossier_id = %(dossier)s
                       AND %(bookyear)s = bookyear.octopus_id
                       AND %(journal)s = journal.key
                       AND %(number)s = booking.number
                       AND kept.%(link)s IS DISTINCT FROM booking.id
                       AND %(which)s
                    """,
                    link=SQL.identifier(f"{side}_booking_id"),
                    sent=BOOKED,
                    dossier=self.dossier.id,
                    bookyear=SQL.identifier("kept", f"{side}_bookyear"),
                    journal=SQL.identifier("kept", f"{side}_journal"),
                    number=SQL.identifier("kept", f"{side}_number"),
                    which=which,
                )
            )


class Pending:
    """The rows of one dossier that are pending: the feed changed them, or they hold a
    question and something that the answer depends on is different from when they were
    looked at last; and once a day, for what cannot be listed here.

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
        """Return the SQL of a text that is another one after any change of settings,
        lock dates or journals of these companies; it is the same for each row."""
        companies = self.companies.parent_ids | self.companies
        return SQL(
            """
            (SELECT md5(concat(
                (SELECT string_agg(company::text, '|' ORDER BY id)
                   FROM res_company AS company WHERE id IN %(ids)s),
                (SELECT string_agg(mapping::text, '|' ORDER BY id)
                   FROM octopus_journal_mapping AS mapping
                  WHERE company_id IN %(ids)s),
                (SELECT string_agg(other::text, '|' ORDER BY other.id)
                   FROM octopus_bookyear_journal AS other
                   JOIN res_company AS company
                     ON company.octopus_dossier_id = other.dossier_id
                  WHERE company.id IN %(ids)s),
                (SELECT string_agg(line::text, '|' ORDER BY line.id)
                   FROM account_payment_method_line AS line
                   JOIN account_journal AS journal ON journal.id = line.journal_id
                  WHERE journal.company_id IN %(ids)s))))
            """,
            ids=tuple(companies.ids),
        )
