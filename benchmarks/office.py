"""An office: many dossiers on one server, each of a company of its own that follows its
payments in Octopus, with a bank and a document that is booked; nothing is due.

The first company is linked as a person links one. The others are copies of it, made in
SQL: of its settings, its journal and bank, its document, and of what the mirror knows
of bookyears and journals. They have no chart, taxes or mappings of their own.
"""

from odoo import fields
from odoo.tools import SQL

from odoo.addons.octopus_connector.prepare.settings import JOURNAL_FIELDS
from odoo.addons.octopus_connector.sync.scheduled import activate_crons

from devtools.scenario.session import administrator

# The settings that choose among the first company's own.
ITS_OWN = (
    "octopus_dossier_id",
    "octopus_settings_company_id",
    "octopus_clearing_journal_id",
)
# What was read of each a moment ago.
READ_AT = (
    "refreshed_at",
    "compared_at",
    "bookings_since",
    "payments_read_at",
    "balancings_since",
    "open_items_at",
)
COLUMNS = """
    SELECT attname FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0
       AND NOT attisdropped AND attgenerated = '' AND attname <> 'id'
"""
# What belongs to a dossier: the rows of the first, joined with those of the others that
# were copied before.
YEARS = SQL(
    "JOIN octopus_bookyear AS its ON its.id = source.bookyear_id"
    " JOIN octopus_bookyear AS year ON year.octopus_id = its.octopus_id"
    " JOIN office ON office.dossier_id = year.dossier_id"
)
JOURNALS = SQL(
    "JOIN octopus_journal AS ours ON ours.id = source.journal_id"
    " JOIN octopus_journal AS journal ON journal.key = ours.key"
    " AND journal.dossier_id = year.dossier_id"
)


class Office:
    """The dossiers of one login, each with a company that books in it.

    :param bench: :class:`~benchmarks.bench.Bench`
    :param sample: id of a document of its company that is booked
    """

    def __init__(self, bench, sample):
        self.bench = bench
        self.registry = bench.registry
        self.sample = sample

    def grow(self, count):
        """Link companies until so many dossiers are in use; give the ids of those."""
        with administrator(self.registry) as env:
            every = env["octopus.dossier"].search([], order="octopus_id")
            used = every.filtered("company_ids")
            new = (every - used)[: count - len(used)].sudo()
            if new:
                self._copy(env, new)
        with administrator(self.registry) as env:
            new = env["octopus.dossier"].browse(new.ids)
            activate_crons(new)
        with self.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("ANALYZE")
        return (used + new).ids

    def _copy(self, env, new):
        move = env["account.move"].browse(self.sample)
        first = move.company_id
        dossier = first.octopus_dossier_id
        now = fields.Datetime.now()
        new.write(dict.fromkeys(READ_AT, now))
        companies = env["res.company"].create([{"name": row.name} for row in new])
        env.flush_all()
        self.cr = env.cr
        self.cr.execute(
            "CREATE TEMPORARY TABLE office ON COMMIT DROP AS SELECT *"
            " FROM unnest(%s::int[], %s::int[]) AS office (dossier_id, company_id)",
            [new.ids, companies.ids],
        )
        self._copy_settings(first)
        self._copy_mirror(dossier)
        self._choose_journals()
        self._copy_document(move)
        env.invalidate_all(flush=False)

    def _copy_settings(self, first):
        self.cr.execute(COLUMNS, ["res_company"])
        names = [
            name
            for (name,) in self.cr.fetchall()
            if name.startswith("octopus") and name not in ITS_OWN
        ]
        names = SQL(", ").join(map(SQL.identifier, names))
        self.cr.execute(
            SQL(
                "UPDATE res_company SET (%s) = (SELECT %s FROM res_company WHERE id ="
                " %s), octopus_dossier_id = office.dossier_id,"
                " octopus_settings_company_id = res_company.id"
                " FROM office WHERE office.company_id = res_company.id",
                names,
                names,
                first.id,
            )
        )

    def _copy_mirror(self, dossier):
        first = SQL("source.dossier_id = %s", dossier.id)
        office = SQL("CROSS JOIN office")
        own = {"dossier_id": SQL("office.dossier_id")}
        year = {"bookyear_id": SQL("year.id")}
        self._fill("octopus_bookyear", office, first, own)
        self._fill("octopus_journal", office, first, own)
        periods = SQL("its.dossier_id = %s", dossier.id)
        self._fill("octopus_period", YEARS, periods, year)
        both = SQL("%s %s", YEARS, JOURNALS)
        journal = {"journal_id": SQL("journal.id")}
        self._fill("octopus_journal_year", both, first, {**own, **year, **journal})

    def _choose_journals(self):
        """Let each company choose the same journals among those of its dossier."""
        for field in JOURNAL_FIELDS.values():
            self.cr.execute(
                SQL(
                    "UPDATE res_company SET %(field)s = journal.id"
                    " FROM octopus_journal AS chosen, octopus_journal AS journal,"
                    " office"
                    " WHERE chosen.id = %(field)s AND journal.key = chosen.key"
                    " AND journal.dossier_id = office.dossier_id"
                    " AND res_company.id = office.company_id",
                    field=SQL.identifier(field),
                )
            )

    def _copy_document(self, move):
        office = SQL("CROSS JOIN office")
        company = {"company_id": SQL("office.company_id")}
        row = move.sudo().octopus_booking_id
        banks = [("company_id", "=", move.company_id.id), ("type", "=", "bank")]
        kept = move.journal_id | move.journal_id.search(banks, limit=1)
        here = SQL("source.id = ANY(%s)", kept.ids)
        self._fill("account_journal", office, here, company)
        journal = SQL(
            "%s JOIN account_journal AS own ON own.company_id = office.company_id"
            " AND own.code = %s",
            office,
            move.journal_id.code,
        )
        changed = {**company, "journal_id": SQL("own.id")}
        changed["octopus_booking_id"] = SQL("NULL")
        self._fill("account_move", journal, SQL("source.id = %s", move.id), changed)
        both = SQL(
            "%s %s JOIN octopus_journal_year AS there ON there.bookyear_id = year.id"
            " AND there.journal_id = journal.id"
            " JOIN account_move AS copied ON copied.company_id = office.company_id",
            YEARS,
            JOURNALS,
        )
        changed = {
            **company,
            "dossier_id": SQL("office.dossier_id"),
            "move_id": SQL("copied.id"),
            "journal_year_id": SQL("there.id"),
            "journal_id": SQL("journal.id"),
            "bookyear_id": SQL("year.id"),
            "relation_id": SQL("NULL"),
            "run_id": SQL("NULL"),
        }
        self._fill("octopus_booking", both, SQL("source.id = %s", row.id), changed)
        self.cr.execute(
            "UPDATE account_move SET octopus_booking_id = row.id"
            " FROM octopus_booking AS row, office WHERE row.move_id = account_move.id"
            " AND row.dossier_id = office.dossier_id"
        )

    def _fill(self, table, joins, where, changed):
        """Insert copies of rows with some columns changed."""
        self.cr.execute(COLUMNS, [table])
        names = [name for (name,) in self.cr.fetchall()]
        values = [
            changed.get(name) or SQL("source.%s", SQL.identifier(name))
            for name in names
        ]
        self.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(values)s"
                " FROM %(table)s AS source %(joins)s WHERE %(where)s",
                table=SQL.identifier(table),
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(values),
                joins=joins,
                where=where,
            )
        )
