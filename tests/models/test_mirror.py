"""The mirror of a dossier: complete, within the limits, never forgetting (C.1, D.7)."""

from odoo.addons.octopus_connector.sync.login import connect
from odoo.addons.octopus_connector.sync.mirror import open_bookyears
from odoo.addons.octopus_connector.sync.refresh import reading, refresh_now
from odoo.addons.octopus_connector.sync.scheduled import activate_crons, ensure_crons
from odoo.addons.octopus_connector.sync.upsert import upsert

from tests.common import OctopusCase, demo

MASTER_DATA = {
    "getBookyears",
    "getJournals",
    "getAccounts",
    "getModifiedAccounts",
    "getVatCodes",
    "getRelations",
    "getModifiedRelations",
}


class TestMirror(OctopusCase):
    mapped = False

    def count(self, operation):
        return len(self.calls(operation))

    def year(self, number):
        return self.dossier.bookyear_ids.filtered(lambda row: row.octopus_id == number)

    def test_bookyears_and_periods(self):
        """C.1, C.2: bookyears with their state and their own period numbers."""
        there = self.books.dossier.bookyears
        self.assertEqual(
            sorted(self.dossier.bookyear_ids.mapped("octopus_id")), sorted(there)
        )
        for number, bookyear in there.items():
            row = self.year(number)
            self.assertEqual(row.closed, bookyear.closed)
            self.assertEqual(
                (row.date_start, row.date_end), (bookyear.start, bookyear.end)
            )
            self.assertEqual(len(row.period_ids), 12)
            self.assertEqual(
                row.period_ids[0].number, row.date_start.year * 100 + 1, "YYYYMM"
            )

    def test_a_booking_of_ours_moves_the_numbers(self):
        """X.20, X.32: the last number never falls because of a booking of ours, and
        what others booked before it stays to be looked at."""
        year = self.dossier.sudo().journal_ids.year_ids[:1]
        row = self.document()._octopus_queue(self.env.user)
        for before, number, after in (
            ((0, 0), 1, (1, 1)),
            ((4, 4), 5, (5, 5)),
            ((5, 5), 4, (5, 5)),
            ((6, 4), 7, (7, 4)),
            ((None, None), 7, (7, 0)),
        ):
            self.env.cr.execute(
                "UPDATE octopus_journal_year SET last_number = %s,"
                " accounted_number = %s WHERE id = %s",
                [*before, year.id],
            )
            row.write({"journal_year_id": year.id, "number": number})
            self.env.invalidate_all()
            row.set_booked({})
            self.assertEqual((year.last_number, year.accounted_number), after)

    def test_quarters(self):
        """C.2: period numbers of a quarterly dossier are taken as they are."""
        dossier = self.dossier_of(demo.BRANCH)
        self.assertFalse(refresh_now(dossier))
        for row in dossier.bookyear_ids:
            self.assertEqual(
                row.period_ids.mapped("number"),
                [row.date_start.year * 100 + quarter for quarter in (1, 2, 3, 4)],
            )

    def test_c5_c11_journals(self):
        """C.5, C.11: journals by key, with state and last number per bookyear."""
        self.assertEqual(
            self.dossier.journal_ids.mapped("key"),
            ["A1", "A2", "D1", "F1", "F2", "V1", "V2", "V3"],
        )
        v1 = self.dossier.journal_ids.filtered(lambda row: row.key == "V1")
        current = v1.year_ids.filtered(lambda row: row.bookyear_id.octopus_id == 2)
        self.assertEqual(current.last_number, 2)
        self.assertEqual(len(v1.year_ids), 3)

    def test_iban_of_financial_journals(self):
        """C.13: the IBAN comes from the journal's own card, read once."""
        f1 = self.dossier.journal_ids.filtered(lambda row: row.key == "F1")
        self.assertTrue(f1.iban.startswith("BE"))
        self.assertEqual(f1.ledger_account, 550000)
        self.assertFalse(refresh_now(self.dossier))
        self.assertFalse(
            [call for call in self.calls() if "Financial" in call.operation]
        )

    def test_accounts_of_every_open_year(self):
        """D.7: accounts with the bookyears that have them; names per language."""
        account = self.dossier.account_ids.filtered(lambda row: row.number == 700000)
        self.assertLessEqual(
            set(open_bookyears(self.dossier)), set(account.bookyear_ids)
        )
        self.assertTrue(account.name_nl and account.name_fr)

    def test_vat_codes_keep_their_leading_zero(self):
        """D.3, X.9: "06" stays "06", in each direction and for credit notes."""
        rows = self.dossier.vat_code_ids.filtered(lambda row: row.code == "06")
        self.assertEqual(sorted(rows.mapped("type")), ["sell", "sell_refund"])
        self.assertEqual(set(rows.mapped("percentage")), {6.0})

    def test_e4_relations(self):
        """E.4: relations are known without one call per contact."""
        self.assertIn("Bakkerij De Molen", self.dossier.relation_ids.mapped("name"))

    def test_few_calls_when_nothing_changed(self):
        """D.7, X.43: a daily refresh costs a handful of calls and no full list."""
        self.dossier.sudo().vat_codes_at = False
        self.refresh()
        made = [
            call.operation for call in self.calls() if call.operation in MASTER_DATA
        ]
        self.assertEqual(
            sorted(made),
            [
                "getBookyears",
                "getJournals",
                "getJournals",
                "getModifiedAccounts",
                "getModifiedRelations",
                "getVatCodes",
            ],
            "two open bookyears; closed ones and full lists are not read again",
        )
        self.refresh()
        self.assertEqual(self.count("getVatCodes"), 1, "once a day")

    def test_nothing_is_written_when_nothing_changed(self):
        """D.7: only rows that differ are written."""
        models = (
            "octopus.bookyear",
            "octopus.period",
            "octopus.journal",
            "octopus.account",
            "octopus.vat.code",
            "octopus.relation",
        )
        self.assertFalse(refresh_now(self.dossier))
        before = {name: self.versions(name) for name in models}
        self.assertFalse(refresh_now(self.dossier))
        for name in models:
            self.assertEqual(self.versions(name), before[name], name)

    def versions(self, model):
        """Return where each row lies in its table: a row that is written moves."""
        self.env.flush_all()
        table = self.env[model]._table
        self.env.cr.execute(f"SELECT id, ctid::text FROM {table} ORDER BY id")
        return self.env.cr.fetchall()

    def test_changes_come_in(self):
        """C.3, D.7: a change in Octopus is seen at the next refresh."""
        self.assertFalse(refresh_now(self.dossier))
        self.books.accountant.set_journal(2, "V1", closed=True)
        self.books.accountant.close_year(3)
        self.sandbox.world.clock.advance(minutes=5)
        self.assertFalse(refresh_now(self.dossier))
        v1 = self.dossier.journal_ids.filtered(lambda row: row.key == "V1")
        current = v1.year_ids.filtered(lambda row: row.bookyear_id == self.year(2))
        self.assertTrue(current.closed)
        self.assertTrue(self.year(3).closed)

    def test_c11_gone_is_archived(self):
        """C.11: what Octopus has no more is kept, out of sight."""
        self.assertFalse(refresh_now(self.dossier))
        del self.books.dossier.journals[2, "V2"]
        self.assertFalse(refresh_now(self.dossier))
        v2 = self.dossier.journal_ids.filtered(lambda row: row.key == "V2")
        self.assertNotIn(self.year(2), v2.year_ids.bookyear_id)
        kept = v2.with_context(active_test=False).year_ids.bookyear_id
        self.assertIn(self.year(2), kept)

    def test_e4_the_relation_list_may_refuse(self):
        """E.4: a dossier whose plain list answers 400 is read by its feed."""
        self.sandbox.world.switches["relation_list"] = "400"
        self.dossier.sudo().relations_since = False
        self.assertFalse(refresh_now(self.dossier))

    def test_one_part_fails_the_others_go_on(self):
        """X.25: VAT codes that cannot be read do not keep journals from coming."""
        self.sandbox.world.faults.add("html", operation="getVatCodes")
        self.books.dossier.name = "x"
        findings = refresh_now(self.dossier)
        self.assertEqual([finding["code"] for finding in findings], ["answer_unclear"])
        self.assertEqual(self.count("getModifiedRelations"), 1)
        self.assertTrue(self.dossier.problems)
        self.assertFalse(refresh_now(self.dossier))
        self.assertFalse(self.dossier.problems)

    def test_service_down_stops_at_once(self):
        """X.44: when nothing answers, nobody waits for six time-outs."""
        self.sandbox.world.faults.add("status", status=503, count=50)
        findings = refresh_now(self.dossier)
        self.assertEqual([finding["code"] for finding in findings], ["service_down"])
        self.assertEqual(len(self.sandbox.world.faults.met), 1)

    def test_a10_no_access_is_named(self):
        """A.10, X.41: the login lost its right to this dossier."""
        self.sandbox.world.state.logins[demo.USER].dossiers.remove(demo.MAIN)
        [finding] = refresh_now(self.dossier)
        self.assertEqual(finding["code"], "dossier_refused")
        texts = self.env["octopus.finding"]._texts(finding)
        self.assertIn(self.dossier.name, texts["title"])
        self.assertIn("Management > Users > Rights", texts["fix"])

    def test_refresh_button(self):
        """C.1: the button leaves the work to the scheduled action, which tells."""
        for kind, faults in (("success", 0), ("danger", 1)):
            with self.subTest(kind):
                for _fault in range(faults):
                    self.sandbox.world.faults.add("status", status=503, count=50)
                self.sandbox.world.calls.clear()
                answer = self.dossier.action_refresh()["params"]
                self.assertEqual(answer["type"], "info")
                self.assertIn("the bookyears", answer["message"])
                self.assertFalse(self.calls())
                self.assertIn("the bookyears", self.dossier.reading_text)
                run = reading(self.dossier)
                self.assertEqual((run.user_id, run.interactive), (self.env.user, True))
                self.refresh()
                self.env.invalidate_all()
                self.assertFalse(self.dossier.reading_text)
                told = run._notification()["params"]
                self.assertEqual(told["type"], kind)
        self.assertIn("does not answer", told["message"])

    def test_refresh_button_without_a_scheduled_action(self):
        """C.1: nobody waits for what does not run."""
        self.dossier.refresh_cron_id.active = False
        self.assertEqual(self.dossier.action_refresh()["params"]["type"], "success")
        self.assertEqual(self.count("getBookyears"), 1)
        self.sandbox.world.faults.add("status", status=503, count=50)
        answer = self.dossier.action_refresh()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("does not answer", answer["message"])

    def test_feed_with_nothing_new(self):
        """X.46: 404 on a feed is "no changes": nothing is lost."""
        accounts = self.dossier.account_ids
        relations = self.dossier.relation_ids
        self.sandbox.world.clock.advance(days=2)
        self.dossier.sudo().write(
            {"accounts_since": "2090-01-01", "relations_since": "2090-01-01"}
        )
        self.assertFalse(refresh_now(self.dossier))
        self.assertEqual(self.dossier.account_ids, accounts)
        self.assertEqual(self.dossier.relation_ids, relations)

    def test_upsert_groups_equal_changes(self):
        """D.7: rows that get the same values are written together."""
        rows = self.dossier.sudo().vat_code_ids
        wanted = {row.id: {"percentage": 1.5} for row in rows}
        upsert(rows, lambda row: row.id, wanted)
        rows.flush_recordset()
        with self.assertQueryCount(2):
            upsert(rows, lambda row: row.id, {k: {"percentage": 2.5} for k in wanted})
            rows.flush_recordset()


class TestCrons(OctopusCase):
    mapped = False

    def test_one_of_each_per_dossier(self):
        """J.4: every linked dossier has its own scheduled actions, active now."""
        crons = self.dossier.crons()
        self.assertEqual(len(crons), 3)
        self.assertEqual(crons.mapped("active"), [True, True, True])
        self.assertFalse(self.dossier_of(demo.BRANCH).crons())

    def test_rejected_login_switches_off(self):
        """X.38: with the login rejected, a run calls nothing and goes off."""
        self.connection.write({"password": "wrong"})
        connect(self.connection)
        self.sandbox.world.calls.clear()
        self.refresh()
        self.assertFalse(self.calls())
        self.env.invalidate_all()
        self.assertFalse(self.dossier.refresh_cron_id.active)
        self.connection.password = demo.PASSWORD
        self.assertFalse(connect(self.connection))
        self.assertTrue(self.dossier.refresh_cron_id.active)

    def test_copied_database_switches_off(self):
        """X.45: a copy of the database neither calls nor keeps on trying."""
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.sandbox.world.calls.clear()
        self.refresh()
        self.assertFalse(self.calls())
        self.env.invalidate_all()
        self.assertFalse(self.dossier.refresh_cron_id.active)
        self.assertEqual(self.connection.state, "elsewhere")

    def test_neutralized_database_stays_off(self):
        """X.45: a neutralised copy does not schedule anything."""
        self.dossier.crons().active = False
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        activate_crons(self.dossier)
        self.assertNotIn(True, self.dossier.crons().mapped("active"))

    def test_deleted_with_the_dossier(self):
        """X.51: no scheduled action is left behind."""
        dossier = self.dossier_of(demo.THIRD).sudo()
        ensure_crons(dossier)
        crons = dossier.crons()
        dossier.unlink()
        self.assertFalse(crons.exists())
