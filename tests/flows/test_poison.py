"""One value that cannot be stored, read or shown costs that value, never the feed, the
refresh or the watchdog, and it is told which one (X.74)."""

from odoo.addons.octopus_connector.api.codec import (
    BOOL,
    CODE,
    DATE,
    DECIMAL,
    ID,
    INT,
    REPLACEMENT,
    TEXT,
)
from odoo.addons.octopus_connector.api.rest import shapes as rest_shapes
from odoo.addons.octopus_connector.api.shape import Shape
from odoo.addons.octopus_connector.core.codes import CODES
from odoo.addons.octopus_connector.sync.mirror import Mirror
from odoo.addons.octopus_connector.sync.refresh import refresh_now
from odoo.addons.octopus_connector.sync.watch.unreadable import unreadable

from .outbox_case import OutboxCase
from .payments_case import PaymentsCase

# JSON text: it may hold what no sensible value holds.
POISONS = {
    TEXT: '"a\\u0000b\\ud800"',
    CODE: '"a\\u0000"',
    INT: "99999999999999999999",
    ID: "99999999999999999999",
    DECIMAL: "1e400",
    BOOL: '"maybe"',
    DATE: '"9999-12-31"',
}


def leaves(shape, prefix=""):
    """Every value of a record that the contract lets Octopus return."""
    for path, form in shape.spelling.values():
        if isinstance(form, Shape):
            yield from leaves(form, f"{prefix}{path}." if path else prefix)
        elif form in POISONS and path:
            yield f"{prefix}{path}", POISONS[form]
    if shape is rest_shapes.BOOKYEAR:
        yield from leaves(rest_shapes.PERIOD, f"{prefix}periods.")
    if shape is rest_shapes.BOOKING:
        yield from leaves(rest_shapes.BOOKING_LINE, f"{prefix}bookingLines.")


class PoisonCase(OutboxCase, PaymentsCase):
    def setUp(self):
        super().setUp()
        self.sandbox.world.set_switches({"quota": "off"})
        self.poisons = self.sandbox.world.poisons

    def found(self):
        """What the watchdog tells of values that cannot be used, by code."""
        found = unreadable(self.env, self.dossier)
        for finding in found:
            self.assertTrue(
                self.env["octopus.finding"]._texts(finding.as_json())["title"]
            )
        return {finding.code: finding.params["values"] for finding in found}

    def assert_told(self, path):
        named = [value for values in self.found().values() for value in values]
        self.assertTrue(any(path in value for value in named), (path, named))

    def latest_match(self):
        """The place, in the feed, of what was matched last."""
        return len(self.books.dossier.balancings) - 1

    def each(self, act, operation, shape, prefix=""):
        """Poison the first record of an answer, one value after the other, and act."""
        for path, value in leaves(shape):
            with self.subTest(operation=operation, path=path):
                self.env["octopus.call"].sudo().search([]).unlink()
                self.poisons.clear()
                self.poisons.add(operation, f"{prefix}{path}", value, only=0)
                act()
                # Items of a list within a record are numbered.
                self.assert_told(path.rpartition(".")[2])
        self.poisons.clear()


class TestPoison(PoisonCase):
    def test_x74_the_refresh_is_not_stopped_by_any_value(self):
        parts = {
            "bookyears": ("getBookyears", rest_shapes.BOOKYEAR, ""),
            "journals": ("getJournals", rest_shapes.JOURNAL, ""),
            "accounts": ("getModifiedAccounts", rest_shapes.ACCOUNT, "modified."),
            "vat_codes": ("getVatCodes", rest_shapes.VAT_CODE, ""),
            "relations": ("getModifiedRelations", rest_shapes.RELATION, "modified."),
        }
        refresh_now(self.dossier)
        before = self.mirror()
        for part, place in parts.items():

            def act(part=part):
                dossier = self.dossier.sudo()
                dossier.write({"accounts_since": False, "relations_since": False})
                with dossier.client() as octopus:
                    self.assertFalse(getattr(Mirror(dossier), part)(octopus))
                self.env.flush_all()
                self.assertEqual(self.mirror(), before, "nothing is archived for it")

            self.each(act, *place)

    def mirror(self):
        """How many rows of each kind are live."""
        models = ("bookyear", "journal", "account", "vat.code", "relation")
        here = [("dossier_id", "=", self.dossier.id)]
        counts = [self.env[f"octopus.{it}"].sudo().search_count(here) for it in models]
        return [*counts, len(self.dossier.bookyear_ids.period_ids)]

    def test_x74_the_feed_of_payments_is_not_stopped_by_any_value(self):
        first, second = self.booked(), self.booked()
        self.receive((first, 121))
        self.receive((second, 121))
        self.pull()
        rows = len(self.rows())

        def act():
            positions = {"balancings_since": False, "payments_read_at": False}
            self.dossier.sudo().write(positions)
            self.pull()
            self.assertTrue(self.dossier.payments_read_at)
            self.assertEqual(len(self.rows()), rows)
            self.assert_same_open(first, second)
            self.assertFalse(self.problems(second))

        operation = "getModifiedBalancingRelations"
        self.each(act, operation, rest_shapes.BALANCING, "modifiedBalancings.")

    def test_x74_a_match_that_cannot_be_read_is_read_again_until_it_can(self):
        first, second = self.booked(), self.booked()
        self.receive((first, 121))
        self.receive((second, 121))
        self.poisons.add(
            "getModifiedBalancingRelations",
            "modifiedBalancings.creditBalancedBookingAmount",
            "1e400",
            only=self.latest_match(),
        )
        self.pull()
        self.assertEqual(len(self.payments(first)) + len(self.payments(second)), 1)
        self.assertFalse(self.dossier.balancings_since, "it is read again")
        self.assertIn("records_unreadable", self.found())
        self.pull()
        self.assertIn("records_unreadable", self.found(), "as long as it stays so")
        self.poisons.clear()
        self.pull()
        self.assertEqual(self.found(), {})
        self.assertTrue(self.dossier.balancings_since)
        self.assert_same_open(first, second)

    def test_x74_comparing_documents_is_not_stopped_by_any_value(self):
        row = self.send(self.document())
        other = self.send(self.document())
        self.assert_booked(row)

        def act():
            self.dossier.sudo().write({"compared_at": False, "bookings_since": False})
            self.pull()
            self.assertTrue(self.dossier.compared_at)
            self.assertEqual(other.state, "booked")
            self.assertIn(row.state, ("booked", "differs"))
            self.assertEqual(row.state, "booked")

        self.each(act, "getModifiedBuySellBookings", rest_shapes.BOOKING)

    def test_x74_open_documents_that_cannot_be_read_conclude_nothing(self):
        first, second = self.booked(), self.booked()
        self.pull()
        self.dossier.sudo().open_items_at = False

        def act():
            self.dossier.sudo().open_items_at = False
            self.pull()
            self.assertTrue(self.dossier.open_items_at)
            self.assertFalse(self.questions(first, second))

        self.each(act, "getReportOpenClient", rest_shapes.OPEN_ITEM)

    def test_x74_no_number_is_taken_while_a_booking_cannot_be_read(self):
        """X.32: it may be the very document that is sent next."""
        self.by_hand()
        self.poisons.add("getModifiedBuySellBookings", "amount", '"x"')
        self.poisons.add("getBuySellBooking", "amount", '"x"')
        row = self.send(self.document())
        self.assertFalse(row.number)
        self.assertEqual(row.cause, "journal_unread")
        self.assertIn("records_unreadable", self.found())
        self.poisons.clear()
        self.later(row)
        row.sudo().queue()
        self.push()
        self.assert_booked(row)

    def test_x74_an_answer_that_stays_unknown_is_not_booked_twice(self):
        """A booking of ours that cannot be read is not another's."""
        row = self.queue(self.document())
        self.faults.add("close", operation="insertBuySellBooking", when="after")
        self.push()
        self.assertEqual(row.state, "unknown")
        for field, value in (
            ("amount", "1e400"),
            ("comment", '"INV\\u0000"'),
            ("documentDate", '"0001-01-01"'),
        ):
            for operation in ("getBuySellBooking", "getModifiedBuySellBookings"):
                self.poisons.add(operation, field, value)
            self.later(row)
            self.push()
            self.assertNotEqual(row.state, "booked")
            self.assertEqual(len(self.copies(row.move_id)), 1)
            self.poisons.clear()
            if row.state == "blocked":
                break

    def test_x74_a_name_that_cannot_be_kept_stops_no_watchdog(self):
        self.poisons.add(
            "getDossiers", "dossierDescription", '"Bakkerij\\u0000\\udc00"'
        )
        self.connection._forget_state()
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.dossier.name, f"Bakkerij{REPLACEMENT * 2}")
        self.assertIn("values_unreadable", self.found())
        [activity] = self.dossier.activity_ids
        self.assertIn("dossierDescription", activity.note)

    def test_x74_one_dossier_that_cannot_be_watched_keeps_no_other_from_it(self):
        other = self.env["octopus.dossier"].search(
            [("id", "!=", self.dossier.id)], limit=1
        )
        self.assertTrue(other)
        company = self.env["res.company"].create({"name": "Another"})
        company.write({"octopus_dossier_id": other.id, "octopus_enabled": True})
        # Stored by something else than this version.
        self.dossier.sudo().parts_read_at = {"bookyears": "no moment"}
        other.pull_cron_id.active = False
        self.dossier.sudo().expected_since = {"bookyears": "2026-01-01 00:00:00"}
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.assertTrue(other.activity_ids)
        self.assertIn("watch_failed", self.dossier.watched)

    def test_x74_a_part_that_fails_keeps_no_other_from_being_read(self):
        """A value that the codec lets pass and the database does not."""
        journal = self.dossier.journal_ids[:1]
        self.env.cr.execute(
            "ALTER TABLE octopus_vat_code ADD CHECK (description <> 'refused here')"
        )
        self.poisons.add("getVatCodes", "description", '"refused here"', only=0)
        before = self.dossier.relations_since
        with self.assertLogs("odoo.addons.octopus_connector", "ERROR"):
            problems = refresh_now(self.dossier)
        self.assertEqual([it["code"] for it in problems], ["part_failed"])
        self.assertIn(
            "VAT codes", self.env["octopus.finding"]._texts(problems[0])["title"]
        )
        self.assertGreaterEqual(self.dossier.relations_since, before)
        self.assertTrue(journal.exists())

    def test_x75_a_finding_of_another_version_is_shown_all_the_same(self):
        texts = self.env["octopus.finding"]
        for stored in (
            {"code": "of_tomorrow", "severity": "new", "params": {"at": 5}},
            {"code": "of_tomorrow"},
            {},
        ):
            self.assertTrue(texts._texts(stored)["title"])
            self.assertIn("<li", texts._html([stored]))
        for code in CODES:
            for params in (
                {},
                {"party": "nobody", "direction": 1, "vat_period": 5, "parts": 7},
                {"date": "never", "since_at": "5", "due_date": [], "kind": []},
            ):
                stored = {"code": code, "params": params}
                self.assertTrue(texts._texts(stored)["title"], code)
                self.assertTrue(texts._html([stored]), code)
        self.dossier.sudo().problems = [{"code": "of_tomorrow"}]
        found = {"code": "of_tomorrow", "params": {}}
        self.dossier.sudo().comparison_problems = [found]
        self.connection.sudo().problem = {"code": "of_tomorrow"}
        self.assertIn("of_tomorrow", self.dossier.problems_html)
        self.assertIn("of_tomorrow", self.connection.problem_html)
        self.dossier.invalidate_recordset()
        self.assertNotIn("Traceback", self.dossier.stays_html or "")


class TestPoisonSoap(PoisonCase):
    """XML carries no NUL and no half characters; numbers and days it does."""

    transport = "soap"

    def test_x74_soap_refresh_is_not_stopped_by_any_value(self):
        refresh_now(self.dossier)
        for part, operation, path, value in (
            ("bookyears", "getBookyears", "return.closed", "maybe"),
            ("bookyears", "getBookyears", "return.startDate", "0001-01-01T00:00:00Z"),
            ("bookyears", "getBookyears", "return.endDate", "someday"),
            ("journals", "getJournals", "return.lastBookedDocumentNr", "1e9"),
            ("journals", "getJournals", "return.protectedPeriod", "99999999999"),
            ("vat_codes", "getVatCodes", "return.basePercentage", "NaN"),
            ("vat_codes", "getVatCodes", "return.basePercentage", "INF"),
            ("relations", "getModifiedRelations", "modifiedRelations.vatType", "x"),
            ("relations", "getModifiedRelations", "modifiedRelations.client", "?"),
        ):
            with self.subTest(path=path, value=value):
                self.env["octopus.call"].sudo().search([]).unlink()
                dossier = self.dossier.sudo()
                dossier.write({"relations_since": False})
                self.poisons.add(operation, path, value, only=0)
                with dossier.client() as octopus:
                    getattr(Mirror(dossier), part)(octopus)
                self.env.flush_all()
                self.assert_told(path.rpartition(".")[2])
            self.poisons.clear()

    def test_x74_soap_payments_go_on_beside_a_match_that_cannot_be_read(self):
        first, second = self.booked(), self.booked()
        self.receive((first, 121))
        self.receive((second, 121))
        self.poisons.add(
            "getModifiedBalancingRelations",
            "modifiedBalancingArray.creditBalancedBookingAmount",
            "much",
            only=self.latest_match(),
        )
        self.pull()
        self.assertEqual(len(self.payments(first)) + len(self.payments(second)), 1)
        self.assertIn("records_unreadable", self.found())
        self.poisons.clear()
        self.pull()
        self.assert_same_open(first, second)
        self.assertEqual(self.found(), {})
