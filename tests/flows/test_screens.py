"""What Odoo's own screens show of Octopus, and how many queries that takes (Z.2, F.6).

Where one statement stands for the ORM, it is held against what the ORM tells.
"""

import ast
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.octopus_connector import database
from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.prepare.database_check import database_differences
from odoo.addons.octopus_connector.prepare.relations import Relations
from odoo.addons.octopus_connector.prepare.shown import shown
from odoo.addons.octopus_connector.send.collect_documents import rows_for
from odoo.addons.octopus_connector.send.new_rows import new_rows
from odoo.addons.octopus_connector.send.pause import pause, resume

from ..common import upgrade
from .outbox_case import INSERT
from .screens_case import DOWN, REFUSED, ScreensCase

SHOWN = ["octopus_told", "octopus_relation_number", "octopus_payments_read_at"]
# What Odoo's own statement brings of a document.
READ = ["company_id", "state", "move_type", "commercial_partner_id"]
READ += ["octopus_booking_id", "octopus_number", "octopus_state"]


class TestShown(ScreensCase):
    """The list says of each document what its row, dossier and contact say."""

    def assert_as_the_orm(self, moves):
        """What one statement shows is what the records tell, field by field."""
        self.anew()
        told = moves.read(SHOWN, load=None)
        self.anew()
        for values, move in zip(told, moves, strict=True):
            row = move.octopus_booking_id
            partner = move.octopus_partner()
            dossier = move.company_id.octopus_dossier()
            known = Relations(self.env, dossier).known(partner).get(partner.id)
            self.assertEqual(values["octopus_told"] or "", row.told or "", move.name)
            self.assertEqual(
                values["octopus_relation_number"], known.octopus_id if known else 0
            )
            self.assertEqual(
                values["octopus_payments_read_at"], row.dossier_id.payments_read_at
            )
        return [values["octopus_told"] for values in told]

    def test_f6_a_list_says_what_the_rows_say(self):
        told = self.assert_as_the_orm(self.every_kind())
        self.assertEqual([bool(text) for text in told], [0, 1, 1, 1, 0, 0, 0])
        self.assertIn(" · Next look at ", told[2])

    def test_z13_a_list_says_what_is_not_the_same(self):
        """The worst states tell their reason, too."""
        moves = self.env["account.move"].union(*(self.document() for _it in range(3)))
        self.queue(*moves)
        self.push()
        changed, differs, gone = moves.octopus_booking_ids.sudo()
        changed.state, gone.state = "changed", "gone"
        amount = {"what": "amount", "here": "121.00", "there": "100.00", "code": None}
        differs.write({"state": "differs", "differences": [amount]})
        told = self.assert_as_the_orm(moves)
        self.assertIn("Changed in Odoo", told[0])
        self.assertIn("amount 100.00 EUR instead of 121.00 EUR", told[1])
        self.assertIn("Deleted in Octopus", told[2])
        for text in told:
            self.assertTrue(text.endswith("You: click Solve the difference"), text)

    def test_z2_amounts_have_the_marks_of_the_readers_language(self):
        """In what each side has, and in what is told of a document."""
        self.env["res.lang"]._activate_lang("nl_BE")
        there, held = self.document(), self.document()
        self.send(there)
        amount = {"what": "amount", "here": "1210.00", "there": "-1.50", "code": None}
        row = self.row(there).sudo()
        row.write({"state": "differs", "differences": [amount]})
        facts = {"sum": "12345.67", "amount": "12345.60", "currency": "EUR"}
        self.hold(held, "blocked", Finding(codes.SUMS_DIFFER, facts))
        told = self.assert_as_the_orm((there + held).with_context(lang="nl_BE"))
        self.assertIn("-1,50 EUR", told[0])
        self.assertIn("1.210,00 EUR", told[0])
        self.assertIn("12.345,67 EUR", told[1])
        told = self.assert_as_the_orm((there + held).with_context(lang="en_US"))
        self.assertIn("1,210.00 EUR", told[0])

    def test_z23_who_paused_is_told_of_what_was_asked_for(self):
        """And of nothing else: what nobody asked for waits for nobody, and what waits
        for something tells that."""
        asked, rest, held = self.document(), self.document(), self.document()
        self.row(asked).sudo().queue()
        self.hold(held, "waiting", DOWN, queued=True)
        pause(self.dossier, "the year is closed")
        told = self.assert_as_the_orm(asked + rest + held)
        self.assertIn("Octopus does not answer", told[2])
        self.assertIn(f"{self.env.user.name} paused sending to", told[0])
        self.assertIn("the year is closed", told[0])
        self.assertFalse(told[1])
        resume(self.dossier)
        self.assertFalse(self.assert_as_the_orm(asked)[0])

    def test_z23_what_waits_for_a_login_needs_attention(self):
        """Also what goes by itself, for which nobody asked."""
        move, rest = self.document(), self.document()
        self.row(move).sudo().queue()
        view = self.env["octopus.booking"].get_view(view_type="search")
        [node] = etree.fromstring(view["arch"]).xpath("//filter[@name='standing']")
        rows = self.env["octopus.booking"].with_user(self.reader(self.company))
        domain = Domain(ast.literal_eval(node.get("domain")))
        domain &= Domain("move_id", "in", (move + rest).ids)
        self.assertFalse(rows.search(domain))
        connection = self.connection.sudo()
        connection.state = "rejected"
        self.assertEqual(rows.search(domain).move_id, move)
        connection.state = "connected"
        self.dossier.sudo().unlisted_since = fields.Datetime.now()
        self.assertEqual(rows.search(domain).move_id, move)

    def test_i3_not_sent_and_queued_are_two_words(self):
        """On the document, in groups of the outbox, and in what they are found by."""
        rest, asked = self.document(), self.document()
        self.row(asked).sudo().queue()
        shown = (rest.octopus_state, asked.octopus_state)
        self.assertEqual(shown, ("ready", "queued"))
        words = dict(rest._fields["octopus_state"]._description_selection(self.env))
        self.assertEqual([words[it] for it in shown], ["Not sent", "Queued"])
        rows = self.env["octopus.booking"]
        here = [("move_id", "in", (rest | asked).ids)]
        groups = rows._read_group(here, ["shown_state"], ["move_id:recordset"])
        self.assertEqual(dict(groups), {"ready": rest, "queued": asked})
        for state, move in (("ready", rest), ("queued", asked)):
            found = rows.search([*here, ("shown_state", "=", state)])
            self.assertEqual(found.move_id, move)
        # Whoever posts with the switch on has it queued by one statement.
        self.send(rest)
        self.dossier.automatic = True
        self.assertEqual(self.document().octopus_state, "queued")

    def test_i3_what_was_queued_before_an_upgrade_is_shown_as_queued(self):
        rest, asked = self.document(), self.document()
        self.row(asked).sudo().queue()
        both = asked + rest
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET octopus_state = 'ready' WHERE id IN %s",
            [both._ids],
        )
        upgrade(self.env, "19.0.1.5.0", "post-queued")
        self.assertEqual(both.mapped("octopus_state"), ["queued", "ready"])

    def test_i3_what_was_asked_for_says_nothing_of_before(self):
        move = self.document()
        row = self.hold(move, "blocked", REFUSED)
        self.assertTrue(move.octopus_told)
        row.queue()
        self.assertFalse(move.octopus_told)
        self.assertFalse(move.octopus_booking_html)

    def test_i3_a_moment_that_is_over_does_not_read_as_past(self):
        move = self.document()
        before = fields.Datetime.now() - timedelta(minutes=1)
        row = self.hold(move, "waiting", DOWN, retry_at=before, queued=True)
        self.assertIn("Next look in a few minutes", row.told)
        row.retry_at = fields.Datetime.now() + timedelta(hours=1)
        self.assertIn("Next look at ", row.told)

    def test_f6_a_list_says_it_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        moves = self.every_kind()
        english = self.assert_as_the_orm(moves)
        self.assertNotEqual(
            self.assert_as_the_orm(moves.with_context(lang="nl_BE")), english
        )

    def test_f6_what_stops_the_login_or_the_dossier_is_told_instead(self):
        """A rejected login, an archived one, an archived dossier, a copied database."""
        moves = self.every_kind()
        before = self.assert_as_the_orm(moves)
        facts = self.connection.sudo().database_facts
        problem = Finding(codes.LOGIN_REJECTED, {}).as_json()
        for record, values in (
            (self.connection, {"state": "rejected", "problem": problem}),
            (self.connection, {"active": False}),
            (self.dossier, {"active": False}),
            (self.connection, {"database_facts": {**facts, "oid": 1}}),
        ):
            record = record.sudo()
            was = {name: record[name] for name in values}
            record.write(values)
            told = self.assert_as_the_orm(moves)
            self.assertEqual(told[:2], before[:2], values)
            self.assertNotEqual(told[2], before[2], values)
            record.write(was)
        self.assertEqual(self.assert_as_the_orm(moves), before)

    def test_f6_a_contact_that_became_part_of_a_company_is_that_company(self):
        values = {"name": "Piet Claes", "vat": self.partner_a.vat}
        person = self.env["res.partner"].create(values)
        move = self.document(partner_id=person.id)
        self.send(self.document())
        self.assert_as_the_orm(move)
        self.assertFalse(move.octopus_relation_number)
        person.parent_id = self.partner_a
        self.assert_as_the_orm(move)
        self.assertTrue(move.octopus_relation_number)
        relation = self.env["octopus.relation"].search(
            [("partner_id", "=", self.partner_a.id)]
        )
        relation.sudo().set_deleted()
        self.assert_as_the_orm(move)
        self.assertFalse(move.octopus_relation_number)

    def test_f6_a_company_without_a_dossier_shows_what_is_there(self):
        moves = self.every_kind()
        self.company.octopus_enabled = False
        self.assert_as_the_orm(moves)

    def test_f6_nothing_shown_is_stale_in_the_same_transaction(self):
        """Also where nobody forgets what was read."""
        move = self.document()
        self.assertFalse(move.octopus_told)
        row = self.hold(move, "blocked", REFUSED)
        self.assertEqual(move.octopus_told, row.told)
        self.assertTrue(move.octopus_told)
        row.may_go()
        self.assertFalse(move.octopus_told)
        self.dossier.sudo().payments_read_at = fields.Datetime.now()
        self.assertEqual(
            move.octopus_payments_read_at, self.dossier.sudo().payments_read_at
        )
        draft = self.document(post=False)
        self.send(move)
        self.anew()
        self.assertTrue(draft.octopus_relation_number)
        draft.partner_id = self.env["res.partner"].create({"name": "Els"})
        self.assertFalse(draft.octopus_relation_number)

    def test_f6_a_form_shows_the_contact_that_is_chosen_in_it(self):
        self.send(self.document())
        known = self.document(post=False)
        edited = known.new({"partner_id": self.partner_b.id}, origin=known)
        self.assertTrue(known.octopus_relation_number)
        self.assertFalse(edited.octopus_relation_number)


class TestNewRows(ScreensCase):
    """Confirming gives a document the row that the ORM would have made."""

    def columns(self, row):
        """Return what is stored of a row, but what is its own."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM octopus_booking WHERE id = %s", [row.id])
        [values] = self.env.cr.dictfetchall()
        own = ("id", "move_id", "document_name", "create_date", "write_date")
        return {name: value for name, value in values.items() if name not in own}

    def without_row(self, move):
        """Forget the row of a document, as if it was never confirmed here."""
        self.row(move).sudo().unlink()
        self.anew()
        return move.sudo()

    def test_f1_a_row_is_as_the_orm_makes_it(self):
        for automatic in (False, True):
            if automatic:
                self.send(self.document())
                self.dossier.automatic = True
            for kind in ("out_invoice", "in_refund"):
                one, other = self.document(kind), self.document(kind)
                made, by_itself = new_rows(self.without_row(one))
                self.assertEqual(made, one)
                self.assertEqual(bool(by_itself), automatic)
                rows_for(self.without_row(other))
                self.assertEqual(
                    self.columns(self.row(one)), self.columns(self.row(other))
                )
                self.assertEqual(self.row(one).document_name, one.name)

    def test_f1_what_was_read_of_the_document_is_read_anew(self):
        move = self.without_row(self.document())
        self.assertFalse(move.octopus_booking_id | move.octopus_booking_ids)
        self.assertFalse(move.octopus_state)
        new_rows(move)
        row = self.row(move)
        self.assertEqual(move.octopus_booking_id, row)
        self.assertEqual(move.octopus_booking_ids, row)
        self.assertEqual(move.octopus_state, "ready")
        self.assertIn(row, self.dossier.booking_ids)
        found = move.search([("octopus_state", "=", "ready"), ("id", "=", move.id)])
        self.assertEqual(found, move)

    def test_f1_a_row_costs_one_statement_of_who_confirms(self):
        """Whether it goes by itself is asked by the statement: the dossier is not read
        for it."""
        move = self.without_row(self.document())
        move.read(READ)
        move.company_id.octopus_settings().read(["octopus_by_hand"])
        with self.assertQueryCount(1):
            made, _automatic = new_rows(move)
        self.assertEqual(made, move)

    def test_f1_by_hand_the_statement_queues_nothing(self):
        self.send(self.document())
        self.dossier.automatic = True
        self.company.sudo().octopus_by_hand = True
        move = self.without_row(self.document())
        self.assertFalse(new_rows(move)[1])
        self.assertFalse(self.row(move).queued)

    def test_f1_a_document_has_one_row(self):
        move = self.document()
        self.assertFalse(new_rows(move.sudo())[0])
        self.assertEqual(len(self.row(move)), 1)
        move.button_draft()
        move.action_post()
        self.assertEqual(len(self.row(move)), 1)

    def test_f1_rows_are_in_the_order_of_their_documents(self):
        first, second, third = (self.document(post=False) for _number in range(3))
        second.invoice_date = first.invoice_date - timedelta(days=1)
        moves = third | second | first
        moves.action_post()
        rows = moves.octopus_booking_ids.sorted("id")
        self.assertEqual(rows.move_id, second | first | third)

    def test_f1_confirming_costs_three_queries(self):
        """The row and its document by one statement, in a savepoint."""
        self.document()
        move = self.without_row(self.document())
        move.read()
        move.company_id.octopus_dossier()
        with self.assertQueryCount(1):
            move._octopus_after_post()
        self.assertTrue(self.row(move))


class TestQueries(ScreensCase):
    """Screens of Odoo that many open cost little more with the addon."""

    def test_f6_a_list_costs_one_query_more(self):
        moves = self.env["account.move"].union(
            *(self.document() for _number in range(6))
        )
        self.send(moves[0])
        self.hold(moves[1], "blocked", REFUSED)
        self.anew()
        moves.read(READ)
        with self.assertQueryCount(1):
            moves.read([*SHOWN, "octopus_number", "octopus_state"])

    def test_f6_documents_that_wait_cost_two_more_and_no_more(self):
        """This may be a copy: that is asked each time."""
        moves = self.env["account.move"].union(
            *(self.document() for _number in range(6))
        )
        for move in moves:
            self.hold(move, "waiting", DOWN, queued=True)
        database_differences(self.env)
        self.anew()
        moves.read(READ)
        with self.assertQueryCount(3):
            shown(moves)

    def test_f6_a_form_reads_what_takes_long_only_when_it_is_looked_at(self):
        """Findings are told by a widget, when its place is opened."""
        for model, later in (
            ("account.move", {"octopus_findings_html", "octopus_ready"}),
            ("res.config.settings", {"octopus_stays_html"}),
            ("octopus.settings", {"octopus_stays_html"}),
        ):
            [view] = self.env[model].get_views([[False, "form"]])["views"].values()
            arch = etree.fromstring(view["arch"])
            named = {node.get("name") for node in arch.iter("field")}
            self.assertFalse(named & later, model)
            asked = {
                value
                for node in arch.iter("widget")
                for value in (node.get("field"), node.get("ready"))
            }
            self.assertLessEqual(later, asked, model)

    def test_f6_a_form_costs_three_queries_more(self):
        """The row, what it is shown with, and what was matched."""
        move = self.document()
        self.send(move)
        arch = etree.fromstring(move.get_view(view_type="form")["arch"])
        ours = {
            node.get("name")
            for node in arch.iter("field")
            if node.get("name").startswith("octopus_")
        }
        self.assertLessEqual({*SHOWN[1:], "octopus_balancing_ids"}, ours)
        names = sorted(ours & {*move._fields})
        move.read(names, load=None)
        self.anew()
        move.read(READ, load=None)
        move.company_id.octopus_dossier()
        with self.assertQueryCount(3):
            move.read(names, load=None)

    def test_f6_settings_cost_few_queries(self):
        self.send(self.document())
        settings = self.env["res.config.settings"]
        arch = etree.fromstring(settings.get_view(view_type="form")["arch"])
        ours = {
            node.get("name"): {}
            for node in arch.iter("field")
            if node.get("name").startswith("octopus_")
        }
        settings.onchange({}, [], ours)
        self.anew()
        self.env.company.read(["name"])
        with self.assertQueryCount(8):
            settings.onchange({}, [], ours)


class TestSettings(ScreensCase):
    """What the settings leave out, they leave out where it says nothing."""

    def settings(self):
        self.anew()
        return self.env["res.config.settings"].create({})

    def test_a12_a_copy_is_told_with_the_button_that_ends_the_doubt(self):
        self.assertFalse(self.settings().octopus_database_doubt)
        facts = self.connection.sudo().database_facts
        self.connection.sudo().database_facts = {**facts, "oid": 1}
        settings = self.settings()
        self.assertEqual(settings.octopus_status, "unconnected")
        self.assertIn("was 1, is", settings.octopus_database_doubt)
        self.assertIn("copied_database", settings.octopus_stays_html)
        settings.action_octopus_confirm_database()
        self.assertFalse(self.settings().octopus_database_doubt)


class TestFacts(ScreensCase):
    """Whether this is the database that was connected costs one statement."""

    def test_x73_a_session_that_told_all_is_asked_by_one_statement(self):
        facts = database.facts(self.env)
        self.env.cr.cache.clear()
        with self.assertQueryCount(1):
            self.assertEqual(database.facts(self.env), facts)

    def test_x73_what_the_server_keeps_back_hides_nothing_else(self):
        facts = database.facts(self.env)
        self.env.cr.cache.clear()
        database._TELLING.clear()
        with patch.dict(database.OF_THE_SERVER, server="SELECT pg_not_there()"):
            self.assertEqual(database.facts(self.env), {**facts, "server": None})
        self.env.cr.cache.clear()
        self.assertEqual(database.facts(self.env), facts)


class TestFilters(ScreensCase):
    """Filters find what they found, by indexes."""

    def leave_only(self, index):
        """Drop every other index on documents and their rows: with so few of them,
        PostgreSQL takes any."""
        self.env.cr.execute(
            """
            SELECT indexrelid::regclass::text FROM pg_index
             WHERE indrelid IN ('account_move'::regclass, 'octopus_booking'::regclass)
               AND NOT indisprimary AND indexrelid <> %s::regclass
            """,
            [index],
        )
        for (name,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

    def plan(self, model, domain):
        """Return how PostgreSQL reads a page of a list, where it has a choice."""
        query = model._search(domain, order=model._order, limit=80)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        select = query.select()
        self.env.cr.execute(f"EXPLAIN {select.code}", select.params)
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def filters(self):
        view = self.env.ref("account.view_account_invoice_filter")
        arch = self.env["account.move"].get_view(view.id, "search")["arch"]
        return {
            node.get("name"): Domain(ast.literal_eval(node.get("domain")))
            for node in etree.fromstring(arch).iter("filter")
            if node.get("name").startswith("octopus_")
        }

    def test_z2_a_page_of_each_filter_comes_from_an_index(self):
        # Documents are held where payments are kept in Octopus.
        self.company.sudo().octopus_payment_owner = "octopus"
        for name, index in (
            ("octopus_to_send", "account_move_octopus_idx"),
            ("octopus_waiting", "account_move_octopus_idx"),
            ("octopus_booked", "account_move_octopus_booked_idx"),
            ("octopus_follow_up_held", "account_move_octopus_open_idx"),
            ("octopus_without_relation", "account_move_octopus_partner_idx"),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.leave_only(index)
                sales = Domain("move_type", "in", ["out_invoice", "out_refund"])
                moves = self.env["account.move"]
                self.assertIn(index, self.plan(moves, sales & self.filters()[name]))
                savepoint.rollback()

    def test_z14_rows_without_their_files_come_from_an_index(self):
        domain = self.filters()["octopus_without_file"]
        [rows] = [it.value for it in domain.iter_conditions() if it.operator == "any"]
        index = "octopus_booking_without_file_idx"
        self.leave_only(index)
        self.assertIn(index, self.plan(self.env["octopus.booking"], rows))

    def test_z14_booked_without_document_finds_what_has_none(self):
        moves = self.env["account.move"]
        states = ("none", "sent", "later", "refused", "unclear", False)
        for state in states:
            move = self.document()
            self.send(move)
            self.row(move).sudo().attachment_state = state
            moves |= move
        waiting = self.document()
        domain = self.filters()["octopus_without_file"]
        found = moves.search([("id", "in", (moves | waiting).ids), *domain])
        self.assertEqual(found.sorted("id"), moves - moves[1])

    def test_z2_without_relation_finds_the_same_for_few_and_for_many(self):
        self.send(self.document())
        other = self.env["res.partner"].create({"name": "Els"})
        part = self.env["res.partner"].create(
            {"name": "Piet", "parent_id": self.partner_a.id, "type": "invoice"}
        )
        known, unknown = self.document(), self.document(partner_id=other.id)
        of_part = self.document(partner_id=part.id)
        bare = self.env["account.move"].create({"move_type": "out_invoice"})
        moves = known | unknown | of_part | bare
        domain = [("id", "in", moves.ids), ("octopus_relation_number", "=", 0)]
        scope = "odoo.addons.octopus_connector.prepare.scope.FEW"
        for few in (1_000, 0):
            with patch(scope, few):
                self.assertEqual(moves.search(domain).sorted("id"), unknown | bare)


class TestRuns(ScreensCase):
    """What a person's click leaves behind, and what is told of it (I.1)."""

    def told(self, work):
        """Return what the bus got meanwhile: ``[(kind, message)]``."""
        sent = []
        with patch.object(
            type(self.env["bus.listener.mixin"]),
            "_bus_send",
            lambda _to, kind, message, **_more: sent.append((kind, message)),
        ):
            work()
        return sent

    def test_i1_a_click_is_one_run(self):
        moves = self.env["account.move"].union(*(self.document() for _it in range(2)))
        runs = self.env["octopus.run"].sudo()
        before = runs.search([])
        moves.action_octopus_send()
        self.push()
        [run] = runs.search([]) - before
        self.assertEqual((run.user_id, run.state), (self.env.user, "done"))
        self.assertEqual((run.total, run.counts), (2, {"booked": 2}))
        calls = self.env["octopus.call"].sudo().search([("run_ref", "=", run.id)])
        self.assertIn("insert_booking", calls.mapped("operation"))
        self.assertNotIn("#", run.display_name)

    def test_i1_what_is_left_out_of_a_selection_is_told_with_its_reason(self):
        self.send(booked := self.document())
        self.queue(kept := self.document())
        self.row(kept).exclude("elsewhere")
        draft = self.document(post=False)
        before = self.document(invoice_date=self.today - timedelta(days=1))
        self.company.octopus_start_date = self.today
        going = [self.document(), self.document()]
        moves = self.env["account.move"].union(booked, kept, draft, before, *going)
        told = moves.action_octopus_send()["params"]["message"]
        self.assertIn("Documents on their way: 2.", told)
        self.assertIn("4 left out (", told)
        for reason in (
            "already in Octopus: 1",
            "kept out by somebody: 1",
            "not confirmed: 1",
            "before the start date: 1",
        ):
            self.assertIn(reason, told)
        one = (booked | self.document()).action_octopus_send()["params"]["message"]
        self.assertIn("1 left out (already in Octopus: 1).", one)
        alone = self.document().action_octopus_send()["params"]["message"]
        self.assertNotIn("left out", alone)

    def test_i1_what_goes_besides_has_a_run_of_its_own(self):
        """Each counts its own documents only."""
        self.send(self.document())
        self.dossier.automatic = True
        moves = self.env["account.move"].union(*(self.document() for _it in range(2)))
        self.queue(moves[0])
        asked = self.env["octopus.run"].sudo().start_push(self.dossier, moves[:1])
        self.row(moves[0]).sudo().run_id = asked
        self.push()
        other = self.row(moves[1]).sudo().run_id
        self.assertEqual((asked.total, asked.counts), (1, {"booked": 1}))
        self.assertEqual((other.total, other.counts), (1, {"booked": 1}))

    def test_i1_what_keeps_all_of_a_click_is_told_with_it(self):
        moves = self.env["account.move"].union(*(self.document() for _it in range(2)))
        moves.action_octopus_send()
        run = moves.octopus_booking_ids.sudo().run_id
        self.faults.add("expired_token", operation=INSERT, count=2)
        sent = self.told(self.push)
        self.assertEqual(run.state, "stopped")
        [message] = [message for kind, message in sent if kind == "octopus_told"]
        self.assertIn("rejected", message["message"])
        self.assertEqual(moves.mapped("octopus_state"), ["queued", "queued"])

    def test_i1_screens_and_who_asked_are_told(self):
        moves = self.env["account.move"].union(*(self.document() for _it in range(2)))
        moves.action_octopus_send()
        sent = self.told(self.push)
        kinds = [kind for kind, _message in sent]
        self.assertEqual(kinds.count("octopus_told"), 1)
        self.assertIn("octopus_changed", kinds)
        message = dict(sent)["octopus_told"]
        run = moves.octopus_booking_ids.sudo().run_id
        opened = message["button"]["action"]
        self.assertEqual(opened["domain"], [("run_id", "=", run.id)])
        self.assertIn("In Octopus: 2", message["message"])
