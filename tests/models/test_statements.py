"""What a sender writes in one statement is what the ORM would write."""

from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.octopus_connector import repeated
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.core.states import AT_REST
from odoo.addons.octopus_connector.send import statements

from ..common import OctopusCase

WARNING = Finding("unexpected", {"message": "é"}).as_json()


@freeze_time("2026-12-01 10:00:00")
@tagged("octopus_statements")
class TestStatements(OctopusCase):
    """Both ways write the same row, document and journal (issue 14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.document().sudo()
        dossier = cls.dossier.sudo()
        [cls.year, cls.other_year] = dossier.journal_ids.year_ids[:2]
        cls.relation = dossier.env["octopus.relation"].search([], limit=1)
        cls.run_ = dossier.env["octopus.run"].create(
            {"kind": "push", "dossier_id": cls.dossier.id}
        )

    def setUp(self):
        super().setUp()
        self.row = self.move._octopus_queue(self.env.user).with_context(
            tracking_disable=True
        )
        self.payment = (
            self.env["octopus.payment"]
            .sudo()
            .with_context(tracking_disable=True)
            .create(
                {
                    "company_id": self.company.id,
                    "dossier_id": self.dossier.id,
                    "move_id": self.move.id,
                }
            )
        )
        self.env.flush_all()

    def claimed(self, **values):
        """Return what a claim writes, of both kinds of rows."""
        return {
            "journal_year_id": self.year.id,
            "number": 17,
            "period_number": 202612,
            "run_id": self.run_.id,
            "payload": {"amount": "12.10", "lines": []},
            "fingerprint": "abc",
            "findings": [WARNING],
            "state": "sending",
            "retry_at": False,
            "sent_at": fields.Datetime.now(),
            **values,
        }

    def stored(self, *records):
        """Return every column of records, as PostgreSQL has them."""
        self.env.flush_all()
        told = []
        for record in records:
            table = SQL.identifier(record._table)
            self.env.cr.execute(
                SQL("SELECT to_jsonb(it) FROM %s it WHERE id = %s", table, record.id)
            )
            [values] = self.env.cr.fetchone()
            if record._name == "octopus.journal.year":
                # Its numbers move with every booking; who wrote the rest is of use.
                del values["write_date"], values["write_uid"]
            told.append(values)
        return told

    def assert_same(self, row, orm, statement):
        """Both leave the same in the database, and records that say so.

        :param orm: writes with the ORM
        :param statement: writes the same in one statement
        """
        records = row, self.move, self.year
        before = self.stored(*records)
        with self.env.cr.savepoint() as savepoint:
            orm()
            expected = self.stored(*records)
            shown = self.shown(row)
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertEqual(self.stored(*records), before)
        self.assertNotEqual(before, expected)
        # What was read before must not be believed afterwards.
        self.shown(row)
        # As a sender has read it.
        (self.year | self.other_year).mapped("name")
        with self.assertQueryCount(1):
            statement()
        self.assertEqual(self.shown(row), shown)
        self.assertEqual(self.stored(*records), expected)

    def shown(self, row):
        """Return what records say of themselves."""
        read = row.with_context(bin_size=False).read(load=None)
        for values in read:
            # Of both ways nobody knows the second.
            values.pop("write_date")
        of_year = ["last_number", "accounted_number"]
        of_move = ["octopus_state", "octopus_number", "octopus_booking_id"]
        return (
            read,
            self.move.read(of_move, load=None),
            self.year.read(of_year, load=None),
        )

    def test_a_claim_of_a_document(self):
        values = self.claimed(
            relation_id=self.relation.id,
            amount=-1234.56,
            currency_id=self.company.currency_id.id,
            attachment_state="later",
        )
        self.assert_same(
            self.row,
            lambda: self.row.write(values),
            lambda: statements.claim(self.row, values),
        )
        self.assertEqual(self.move.octopus_state, "sending")
        self.assertEqual(self.row.journal_id, self.year.journal_id)

    def test_a_claim_of_a_payment(self):
        values = self.claimed(slots=[{"line": 1, "amount": "12.10"}])
        self.assert_same(
            self.payment,
            lambda: self.payment.write(values),
            lambda: statements.claim(self.payment, values),
        )
        self.assertFalse(self.move.octopus_number, "a payment is no document")

    def test_a_claim_after_another(self):
        """A number that was given back is claimed anew, in another journal."""
        statements.claim(self.row, self.claimed())
        self.row.release_number()
        self.env.flush_all()
        self.assertFalse(self.move.octopus_number)
        values = self.claimed(journal_year_id=self.other_year.id, number=4)
        self.assert_same(
            self.row,
            lambda: self.row.write(values),
            lambda: statements.claim(self.row, values),
        )
        self.assertEqual(self.row.octopus_number, self.other_year.number_name(4))

    def test_an_answer(self):
        """With what is noted of both kinds, and nothing to tell."""
        for row, values in (
            (self.row, {"attachment_state": "sent", "findings": []}),
            (
                self.payment,
                {"match_state": "todo", "entry_id": False, "findings": [WARNING]},
            ),
        ):
            with self.subTest(row._name):
                statements.claim(row, self.claimed())
                values = {**AT_REST, **values, "state": "booked"}
                # All before it was looked at.
                self.year.write({"last_number": 16, "accounted_number": 16})
                with self.env.cr.savepoint() as savepoint:
                    self.assert_same(
                        row,
                        lambda row=row, values=values: self.booked_by_orm(row, values),
                        lambda row=row, values=values: statements.set_booked(
                            row, values
                        ),
                    )
                    savepoint.rollback()
                self.env.invalidate_all()

    def booked_by_orm(self, row, values):
        row.write(values)
        self.year.write(
            {
                "last_number": 17,
                "accounted_number": 17,
                "read_at": fields.Datetime.now(),
            }
        )

    def test_an_older_row_is_not_shown(self):
        """A document moved to another dossier shows its latest row."""
        other = self.dossier_of(self.demo.BRANCH)
        later = self.row.sudo().copy(
            {"move_id": self.move.id, "dossier_id": other.id, "state": "ready"}
        )
        self.assertEqual(self.move.octopus_booking_id, later)
        values = self.claimed()
        self.assert_same(
            self.row,
            lambda: self.row.write(values),
            lambda: statements.claim(self.row, values),
        )
        self.assertEqual(self.move.octopus_state, "queued")

    def test_where_somebody_follows_a_row_the_orm_writes(self):
        """An automation rule keeps the method it stands before in ``origin``."""
        followed = []
        Row = self.registry[self.row._name]
        write = Row.write

        def watched(rows, values):
            followed.append(values["state"])
            return watched.origin(rows, values)

        watched.origin = write
        Row.write = watched
        self.addCleanup(delattr, Row, "write")
        statements.claim(self.row, self.claimed())
        statements.set_booked(self.row, {**AT_REST, "state": "booked"})
        self.assertEqual(followed, ["sending", "booked"])
        self.assertEqual(self.move.octopus_state, "booked")
        self.assertGreaterEqual(self.year.last_number, 17)

    def notes(self, moves, write):
        """Return the last note of each document, as PostgreSQL has it and as people
        read it."""
        texts = {move.id: f"Booked as <{move.id}> & more" for move in moves}
        with self.env.cr.savepoint() as savepoint:
            # What was read before must not be believed afterwards.
            moves.mapped("message_ids")
            write(texts)
            messages = [move.message_ids[0] for move in moves]
            found = self.stored(*messages), [it.body for it in messages]
            savepoint.rollback()
        self.env.invalidate_all()
        for values in found[0]:
            # The first differs each time, the other is random.
            del values["id"], values["message_id"]
        return found

    def test_notes_of_many(self):
        moves = self.move | self.document() | self.document()
        self.env.flush_all()
        messages = self.env["mail.message"]
        self.assertFalse(statements._is_history_followed(moves, messages))
        self.assertEqual(
            self.notes(moves, lambda texts: statements.log(moves, texts)),
            self.notes(moves, moves._message_log_batch),
        )

    def test_notes_that_another_addon_follows(self):
        """It sees each of them."""
        moves = self.move | self.document() | self.document()
        followed = []
        Message = self.registry["mail.message"]
        create = Message.create

        def watched(messages, values_list):
            followed.extend(values["res_id"] for values in values_list)
            return create(messages, values_list)

        watched.origin = create
        Message.create = watched
        self.addCleanup(delattr, Message, "create")
        statements.log(moves, dict.fromkeys(moves.ids, "text"))
        self.assertEqual(followed, moves.ids)

    def test_a_field_that_comes_to_depend_on_a_row(self):
        """What depends on a row is remembered until fields are set up anew, as when one
        is made in Odoo's own screens."""
        names = ("state", "findings")
        self.addCleanup(self.registry._discard_fields, [])
        self.assertFalse(statements.is_followed(self.row, names))
        later = [self.move._fields["ref"]]
        with patch.object(self.registry, "get_dependent_fields", lambda _field: later):
            self.assertFalse(statements.is_followed(self.row, names))
            self.registry._discard_fields([])
            self.assertTrue(statements.is_followed(self.row, names))


@tagged("octopus_statements")
class TestRepeated(TransactionCase):
    """A statement that is repeated is prepared (issue 14)."""

    def setUp(self):
        super().setUp()
        self.statement = SQL(
            "SELECT id FROM res_currency WHERE id = ANY(%s) AND name LIKE '%%U%%'",
            self.env.ref("base.EUR").ids,
        )

    def ask(self, times):
        for _time in range(times):
            repeated.execute(self.env.cr, self.statement)
            self.assertEqual(self.env.cr.fetchall(), [(self.env.ref("base.EUR").id,)])

    def prepared(self):
        self.env.cr.execute("SELECT name FROM pg_prepared_statements")
        return [name for [name] in self.env.cr.fetchall()]

    def test_what_is_asked_often_is_prepared(self):
        before = self.prepared()
        self.ask(repeated.OFTEN - 1)
        self.assertEqual(self.prepared(), before)
        self.ask(2)
        self.assertEqual(len(self.prepared()), len(before) + 1)

    def test_where_nothing_stays_prepared_it_is_executed_plainly(self):
        """A pooler may give each transaction another connection: who meets that starts
        again, as after any conflict, and nobody after it."""
        self.addCleanup(setattr, repeated._Server, "prepares", True)
        self.ask(repeated.OFTEN)
        self.env.cr.execute("DEALLOCATE ALL")
        with (
            self.assertRaises(SerializationFailure),
            mute_logger("odoo.sql_db", repeated.__name__),
        ):
            self.ask(1)
        self.ask(repeated.OFTEN)


@tagged("octopus_statements")
class TestPlans(OctopusCase):
    """What is sent for row after row is planned once (issue 14)."""

    TIMES = 12
    # PostgreSQL plans so many executions for their values before it decides.
    TRIED = 5

    def setUp(self):
        super().setUp()
        moves = self.env["account.move"].union(
            *(self.document() for _time in range(self.TIMES))
        )
        moves.action_octopus_send()
        self.push()
        self.assertEqual(set(moves.mapped("octopus_state")), {"booked"})

    def prepared(self):
        """Return each prepared statement with how often it was planned for values."""
        self.env.cr.execute(
            SQL(
                """
                SELECT substring(statement FROM 'PREPARE \\S+ AS (.*)'), custom_plans
                  FROM pg_prepared_statements
                 WHERE starts_with(name, 'octopus_')
                   AND generic_plans + custom_plans > %s
                """,
                self.TRIED,
            )
        )
        return self.env.cr.fetchall()

    def test_no_statement_is_planned_again_for_each_document(self):
        prepared = self.prepared()
        steps = ("look", "claim and count", "shadow mode", "answer")
        self.assertGreaterEqual(len(prepared), len(steps))
        self.assertFalse([code for code, times in prepared if times > self.TRIED])

    def test_a_plan_without_values_has_the_index_of_what_is_on_its_way(self):
        """Where documents are many, PostgreSQL would else plan for the values of each,
        as they alone tell that the index holds what is looked for."""
        # Tests share a connection: there may be one of the test before.
        looks = [it for it, _times in self.prepared() if "account_move AS move" in it]
        # Of so few rows each index costs the same: only one is left to choose.
        self.env.cr.execute("DROP INDEX octopus_booking__state_index")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        code = looks[-1].replace("%", "%%")
        self.env.cr.execute(SQL("EXPLAIN (GENERIC_PLAN) %s", SQL(code)))
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertIn("octopus_booking_in_flight_uniq", plan)


@tagged("octopus_statements")
class TestSpelledOut(TransactionCase):
    def test_names_stand_in_the_code(self):
        names = repeated.spelled_out(("sending", "unknown"))
        self.assertEqual((names.code, names.params), ("('sending', 'unknown')", []))

    def test_anything_but_a_name_is_refused(self):
        for strange in ("it's", "", "a b"):
            with self.assertRaises(ValueError):
                repeated.spelled_out(["sending", strange])
