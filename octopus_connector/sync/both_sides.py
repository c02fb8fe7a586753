"""Keeps the rows that compare documents of both sides, without a call.

What is not as it was compared is found by the versions of the records that a row was
made of: PostgreSQL gives each written row a new one. So nobody who changes a document,
a row of the outbox or what was read of a journal has to know of the comparison, and a
change that was committed late is not missed, as it would be by its time.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from odoo import fields
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..core.both_sides import NOT_TOLD, Place, amounts, kind_of
from ..core.states import AS_SENT
from ..prepare.both_sides import BothSidesReader, Unit
from ..prepare.scope import missing_domain
from .upsert import upsert

_logger = logging.getLogger(__name__)

# So many are compared in one transaction.
BATCH = 500
# The number of a period that is not known.
NO_PERIOD = -1
NOWHERE = Place(None, None)
# Of which model the record is under which a document is kept.
MODELS = {
    "booking": "octopus.booking",
    "move": "account.move",
    "entry": "octopus.journal.entry",
}


class Stale(NamedTuple):
    """A document that is to be compared.

    :param version: of its records now; ``None`` where none of them is left
    """

    unit: Unit
    version: str | None


class BothSides:
    """The comparison of one dossier.

    :param dossier: ``octopus.dossier``; its rows are read and written in sudo
    """

    def __init__(self, dossier):
        self.dossier = dossier.sudo()
        self.env = self.dossier.env
        self.rows = self.env["octopus.comparison.row"]
        self.headers = self.env["octopus.comparison"]

    def update(
        self, limit: int = BATCH, *, wait: bool = False, all_or_none: bool = False
    ) -> tuple[int, int | None]:
        """Compare documents that are not as they were compared; commits nothing.

        :param limit: how many at most
        :param wait: until another worker who compares the dossier has ended
        :param all_or_none: compare none where there are more than the limit
        :return: how many were compared, and how many are left: ``None`` where another
            worker compares at this moment
        """
        self.env.flush_all()
        stale, count = self._stale(limit)
        # Most hours nothing is: that needs no lock.
        if count and not self._lock(wait):
            return 0, None
        if all_or_none and count > limit:
            return 0, count
        self._drop([it for it in stale if it.version is None])
        self._compare([it for it in stale if it.version is not None])
        if count == len(stale):
            self._note_whole(bool(stale))
        self.env.flush_all()
        return len(stale), count - len(stale)

    def count_stale(self) -> int:
        """Return how many documents are not as they were compared."""
        self.env.flush_all()
        return self._stale(1)[1]

    def _lock(self, wait):
        """Whether nobody else compares the dossier, until the transaction ends."""
        key = SQL("hashtextextended(%s, 0)", f"octopus_comparison {self.dossier.id}")
        if wait:
            self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s)", key))
            return True
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", key)
        )
        return free

    # What is to be compared

    def _stale(self, limit):
        """Return some documents that are to be compared, and how many there are."""
        found = self.env.execute_query(
            SQL(
                """
                WITH present AS (
                    SELECT %(mirror)s AS mirror, %(settings)s AS settings
                ), unit AS (%(units)s)
                SELECT coalesce(unit.anchor, row.anchor),
                       coalesce(unit.id, row.anchor_id),
                       unit.version,
                       count(*) OVER ()
                  FROM unit
             FULL JOIN (SELECT anchor, anchor_id, version
                          FROM octopus_comparison_row
                         WHERE dossier_id = %(dossier)s) AS row
                    ON row.anchor = unit.anchor AND row.anchor_id = unit.id
                 WHERE row.version IS DISTINCT FROM unit.version
                 LIMIT %(limit)s
                """,
                mirror=self._mirror_version(),
                settings=self._settings_version(),
                units=self._units(),
                dossier=self.dossier.id,
                limit=limit,
            )
        )
        stale = [Stale(Unit(anchor, id_), told) for anchor, id_, told, _all in found]
        return stale, found[0][3] if found else 0

    def _units(self):
        """Return the query of all documents of the dossier, each once: rows of the
        outbox; documents that have none; what is nobody's in Octopus."""
        moves = self.env["account.move"]._search(missing_domain(self.dossier))
        return SQL(
            """
            SELECT 'booking' AS anchor, booking.id,
                   concat_ws(' ', %(booking)s, %(move)s, entry.version, %(mirror)s,
                             CASE WHEN booking.state IN %(as_sent)s
                                  THEN NULL ELSE %(settings)s END) AS version
              FROM octopus_booking AS booking
         LEFT JOIN account_move AS move ON move.id = booking.move_id
         LEFT JOIN (SELECT booking_id,
                           string_agg(%(own)s, ' ' ORDER BY own.id) AS version
                      FROM octopus_journal_entry AS own
                     WHERE own.dossier_id = %(dossier)s
                       AND own.booking_id IS NOT NULL
                       AND own.deleted IS NOT TRUE
                     GROUP BY booking_id) AS entry ON entry.booking_id = booking.id
             WHERE booking.dossier_id = %(dossier)s
             UNION ALL
            SELECT 'move', move.id,
                   concat_ws(' ', %(move)s, %(mirror)s, %(settings)s)
              FROM account_move AS move
             WHERE move.id IN %(moves)s
             UNION ALL
            SELECT 'entry', entry.id, concat_ws(' ', %(entry)s, %(mirror)s)
              FROM octopus_journal_entry AS entry
             WHERE entry.dossier_id = %(dossier)s
               AND entry.journal_type IN ('A', 'V')
               AND entry.booking_id IS NULL
               AND entry.deleted IS NOT TRUE
            """,
            booking=_version("booking"),
            move=_version("move"),
            own=_version("own"),
            entry=_version("entry"),
            mirror=SQL("(SELECT mirror FROM present)"),
            settings=SQL("(SELECT settings FROM present)"),
            as_sent=AS_SENT,
            moves=moves.subselect(),
            dossier=self.dossier.id,
        )

    def _mirror_version(self):
        """Return the SQL of what tells that periods, or how rates are written,
        changed."""
        return SQL(
            """
            md5(concat_ws(' ',
                (SELECT string_agg(%(year)s, ' ' ORDER BY year.id)
                   FROM octopus_bookyear AS year
                  WHERE year.dossier_id = %(dossier)s),
                (SELECT string_agg(%(period)s, ' ' ORDER BY period.id)
                   FROM octopus_period AS period
                   JOIN octopus_bookyear AS year ON year.id = period.bookyear_id
                  WHERE year.dossier_id = %(dossier)s),
                (SELECT count(*) FROM octopus_journal_year
                  WHERE dossier_id = %(dossier)s),
                (SELECT coalesce(exchange_rate_direction, '')
                   FROM octopus_dossier WHERE id = %(dossier)s)))
            """,
            year=_version("year"),
            period=_version("period"),
            dossier=self.dossier.id,
        )

    def _settings_version(self):
        """Return the SQL of what tells that the mappings of VAT codes or journals
        changed, which decide what a document would be that was not sent."""
        return SQL(
            """
            md5(concat_ws(' ',
                (SELECT string_agg(%(tax)s, ' ' ORDER BY tax.id)
                   FROM octopus_tax_mapping AS tax
                  WHERE tax.company_id IN (%(holders)s)),
                (SELECT string_agg(%(journal)s, ' ' ORDER BY journal.id)
                   FROM octopus_journal_mapping AS journal
                  WHERE journal.company_id IN (%(holders)s)),
                (SELECT string_agg(%(company)s, ' ' ORDER BY company.id)
                   FROM res_company AS company
                  WHERE company.octopus_dossier_id = %(dossier)s)))
            """,
            tax=_version("tax"),
            journal=_version("journal"),
            company=_version("company"),
            holders=SQL(
                "SELECT id FROM res_company WHERE octopus_dossier_id = %s",
                self.dossier.id,
            ),
            dossier=self.dossier.id,
        )

    # Comparing

    def _drop(self, gone):
        """Take away the rows of documents that neither side has."""
        self._known(gone).unlink()

    def _known(self, stale):
        ids = {"booking": [], "move": [], "entry": []}
        for it in stale:
            ids[it.unit.anchor].append(it.unit.id)
        rows = self.rows.browse()
        for anchor, some in ids.items():
            if some:
                here = [("anchor", "=", anchor), ("anchor_id", "in", some)]
                rows |= self.rows.search([("dossier_id", "=", self.dossier.id), *here])
        return rows

    def _compare(self, stale):
        """Compare documents together, and keep what each comes to; where that fails,
        halves of them: one that cannot be compared hides no other."""
        if not stale:
            return
        try:
            with self.env.cr.savepoint():
                self._compare_together(stale)
            return
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            if len(stale) == 1:
                _logger.exception("%s cannot be compared", stale[0].unit)
                self._keep_unknown(stale[0])
                return
        half = len(stale) // 2
        self._compare(stale[:half])
        self._compare(stale[half:])

    def _keep_unknown(self, stale):
        """Keep a document that cannot be compared as not told, among those of no known
        journal, until it changes."""
        anchor, id_ = stale.unit
        record = self.env[MODELS[anchor]].browse(id_)
        header = self._headers([NOWHERE])[_key(NOWHERE)]
        company = getattr(record, "company_id", None) or self.dossier.company_ids[:1]
        known = self._known([stale])
        known.amount_ids.unlink()
        values = {
            "dossier_id": self.dossier.id,
            "anchor": anchor,
            "anchor_id": id_,
            "version": stale.version,
            "kind": NOT_TOLD,
            "company_id": company.id,
            f"{anchor}_id": id_,
            "here_comparison_id": header.id,
            "there_comparison_id": header.id,
            "document_name": record.display_name,
            "currency_id": (company or self.env.company).currency_id.id,
        }
        upsert(known, lambda row: (row.anchor, row.anchor_id), {(anchor, id_): values})

    def _compare_together(self, stale):
        found = BothSidesReader(self.dossier).documents([it.unit for it in stale])
        every = {unit: amounts(it.document) for unit, it in found.items()}
        places = {one.place for some in every.values() for one in some}
        places |= {_sent_to(it) for it in found.values() if not _sides(it.document)}
        headers = self._headers(places)
        wanted = {
            (it.unit.anchor, it.unit.id): self._values(it, found[it.unit], headers)
            for it in stale
        }
        known = self._known(stale)
        known.amount_ids.unlink()
        rows = upsert(known, lambda row: (row.anchor, row.anchor_id), wanted)
        self.env["octopus.comparison.amount"].create(
            [
                self._amount_values(rows[unit], one, headers)
                for unit, some in every.items()
                for one in some
            ]
        )

    def _headers(self, places):
        """Return the journals and periods of places, made where they are new."""
        wanted = {
            _key(place): {
                "dossier_id": self.dossier.id,
                "journal_year_id": place.journal or False,
                "period_number": _key(place)[1],
            }
            for place in places
        }
        known = self.headers.search([("dossier_id", "=", self.dossier.id)])
        return upsert(
            known, lambda row: (row.journal_year_id.id, row.period_number), wanted
        )

    def _values(self, stale, found, headers):
        """Return the values of the row of a document, without its amounts."""
        document, move, booking, entry = found
        of = {
            name: one and headers[_key(one.place)].id
            for name, one in (("here", document.here), ("there", document.there))
        }
        if not any(of.values()) and booking:
            # Neither side tells anything of it, and Octopus may have it.
            of["there"] = headers[_key(_sent_to(found))].id
        partner = move.commercial_partner_id
        company = booking.company_id or move.company_id
        currency = company.currency_id or self.dossier.company_ids[:1].currency_id
        return {
            "dossier_id": self.dossier.id,
            "anchor": stale.unit.anchor,
            "anchor_id": stale.unit.id,
            "version": stale.version,
            "kind": kind_of(document) or False,
            "company_id": company.id,
            "booking_id": booking.id,
            "move_id": move.id,
            "entry_id": entry.id,
            "here_comparison_id": of["here"] or False,
            "there_comparison_id": of["there"] or False,
            "is_moved": of["here"] != of["there"],
            "document_name": move.name or booking.document_name or entry.comment,
            "octopus_number": entry.octopus_number or _number_of(booking),
            "contact": partner.display_name or entry.relation_id.display_name or False,
            "document_date": _day_of(move, booking, entry),
            "currency_id": currency.id or self.env.company.currency_id.id,
            "others": ",".join(document.others) or False,
            "certain": all(one.certain for one in _sides(document)),
        }

    def _amount_values(self, row, one, headers):
        values = {
            "row_id": row.id,
            "dossier_id": row.dossier_id.id,
            "company_id": row.company_id.id,
            "comparison_id": headers[_key(one.place)].id,
            "currency_id": row.currency_id.id,
            "code": one.code,
            "here_count": one.here_count,
            "there_count": one.there_count,
        }
        for name in ("here", "there"):
            sums = getattr(one, name)
            values[f"{name}_base"] = float(sums.base)
            values[f"{name}_vat"] = float(sums.vat)
            values[f"{name}_total"] = float(sums.total)
        return values

    def _note_whole(self, changed):
        """Note that all is compared, with what Octopus told until then.

        :param changed: whether some were not as they were compared
        """
        # Each hour, of all periods of a dossier: by one statement.
        self.env.cr.execute(
            SQL(
                """
                UPDATE octopus_comparison AS header
                   SET looked_at = dossier.compared_at, updated_at = %s
                  FROM octopus_dossier AS dossier
                 WHERE dossier.id = header.dossier_id AND dossier.id = %s
                """,
                fields.Datetime.now(),
                self.dossier.id,
            )
        )
        self.headers.invalidate_model(["looked_at", "updated_at"], flush=False)
        if changed:
            self.headers.search([("dossier_id", "=", self.dossier.id)]).drop_empty()


def _version(table):
    """Return the version of a row of a table: the transaction that wrote it, and where
    it stands, for it may be written more than once in a transaction."""
    name = SQL.identifier(table)
    return SQL("(%s.xmin::text || %s.ctid::text)", name, name)


def _key(place):
    """Return a place as it is kept."""
    period = NO_PERIOD if place.period is None else place.period
    # What belongs in no known journal is in none of its periods either.
    return (place.journal, period) if place.journal else (False, NO_PERIOD)


def _sent_to(found):
    """Return the place under which a document was sent."""
    booking = found.booking
    return Place(booking.journal_year_id.id or None, booking.period_number or None)


def _sides(document):
    return [one for one in (document.here, document.there) if one]


def _number_of(booking):
    return booking.octopus_number if booking.number else False


def _day_of(move, booking, entry):
    return (
        move.invoice_date
        or move.date
        or booking.document_date
        or entry.document_date
        or False
    )
