"""The same flows over SOAP, and what differs there (issue 5 §1, §4).

What REST's own tests say holds here too: a telling part of them runs again. Left out
are those about what SOAP does not have; here they say what happens instead.
"""

from inspect import getmembers, isfunction

from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.testing import Sandbox

from ..common import SOAP_URL_PARAMETER, demo
from . import (
    outbox_case,
    test_batch,
    test_journal_lock,
    test_pull,
    test_push,
    test_relink,
    test_restore,
    test_unknown,
)

READ_RELATIONS = "getModifiedRelations"
SAVE_RELATION = "insertUpdateRelation"


def only(*names):
    """Decorate a case: of the tests it inherits it keeps these, by name."""

    def choose(case):
        tests = {name for name, _test in getmembers(case, isfunction)} - set(vars(case))
        inherited = {name for name in tests if name.startswith("test_")}
        assert inherited.issuperset(names), set(names) - inherited
        for name in inherited - set(names):
            setattr(case, name, None)
        return case

    return choose


@only(
    "test_f1_f8_an_invoice_is_booked_under_the_next_number",
    "test_f1_f2_each_kind_goes_to_its_journal",
    "test_d4_the_account_of_a_relation_that_is_not_linked_yet",
    "test_x23_any_lost_answer_is_settled_under_the_same_number",
    "test_x20_somebody_else_took_the_number",
    "test_x20_it_was_booked_and_deleted_again",
    "test_x39_a_token_that_expires_in_the_middle_is_renewed_once",
    "test_x20_the_accountant_booked_meanwhile",
    "test_x4_c15_a_journal_open_elsewhere_waits_and_nothing_fails",
    "test_x1_a_closed_journal_waits_for_the_accountant",
    "test_x25_a_refused_document_does_not_hold_the_others",
    "test_x43_our_own_budget_pauses_until_tomorrow",
    "test_x38_a_rejected_login_stops_and_marks_nothing_as_failed",
    "test_x32_z4_a_restored_database_books_nothing_again",
)
class TestDocuments(
    test_push.TestOneDocument,
    test_unknown.TestUnknown,
    test_journal_lock.TestJournal,
    test_batch.TestBatch,
    test_restore.TestRestore,
):
    """Sending, in one case for all, because linking a company takes its time."""

    transport = "soap"

    def customer(self, name, vat):
        values = {"name": name, **self.belgian_company(vat)}
        return self.env["res.partner"].create(values)

    def test_e1_a_relation_is_looked_for_made_and_read_back(self):
        """Capability relation_search is missing: relations are read by their feed,
        which is read once for several contacts in a row."""
        first = self.customer("New NV", "BE0403170701")
        second = self.customer("Newer NV", "BE0202239951")
        self.dossier.sudo().relations_since = False
        rows = self.queue(
            *(self.document(partner_id=partner.id) for partner in (first, second))
        )
        self.push()
        for row in rows:
            self.assert_booked(row)
        self.assertEqual(len(self.calls(SAVE_RELATION)), 2)
        self.assertEqual(len(self.calls(READ_RELATIONS)), 3)
        self.sandbox.world.calls.clear()
        self.assert_booked(self.send(self.document(partner_id=first.id)))
        self.assertEqual(len(self.calls()), 1)

    def test_x19_a_role_is_added_and_nothing_else_changes(self):
        """SOAP writes a relation whole: what it does not show stays as it was."""
        partner = self.customer("Both NV", "BE0403170701")
        self.assert_booked(self.send(self.document(partner_id=partner.id)))
        before = self.relation_there(partner)
        bill = self.send(self.document("in_invoice", partner_id=partner.id))
        self.assert_booked(bill)
        changed = {
            name: value
            for name, value in self.relation_there(partner).items()
            if before[name] != value and name != "modified"
        }
        self.assertEqual(changed, {"supplier": True})

    def relation_there(self, partner):
        """Return the values of the sandbox's relation of a contact."""
        [there] = [
            relation
            for relation in self.books.dossier.relations.values()
            if relation.external_id == partner.id
        ]
        return dict(vars(there))

    def test_z14_without_files_the_booking_goes(self):
        """Capabilities attachments and attachments_later are missing."""
        self.company.octopus_attachment_policy = "make"
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(row.attachment_state, "none")

    def test_z22_the_log_says_what_a_return_code_means(self):
        self.send(self.document())
        self.by_hand()
        self.assert_booked(self.send(self.document()))
        calls = self.env["octopus.call"].sudo().search([], order="id")
        told = [
            (call.outcome, call.error_code)
            for call in calls
            if call.operation == "insert_booking"
        ]
        self.assertEqual(told, [("ok", 0), ("refused", -13), ("ok", 0)])

    def test_a2_c1_a_refresh_twice_a_day_reads_accounts_once(self):
        """Capabilities accounts_modified, journal_detail and whoami are missing."""
        self.assertFalse(self.connection.whoami)
        self.dossier.sudo().accounts_since = False
        self.refresh()
        self.refresh()
        self.assertFalse(self.dossier.problems)
        self.assertEqual(len(self.calls("getAccounts")), 1)

    def test_x43_octopus_refuses_for_its_limit_in_either_way(self):
        for told in ("fault", "429"):
            with self.subTest(told):
                self.new_day()
                self.sandbox.world.set_switches({"soap_quota": told})
                self.faults.add("quota", operation=outbox_case.INSERT)
                row = self.send(self.document())
                self.assert_held(row, "waiting", "quota_reached")
                calls = self.env["octopus.call"].sudo().search([])
                shut = calls.filtered(lambda call: call.outcome == "quota")
                self.assertEqual(shut.mapped("operation"), ["insert_booking"])


@only(
    "test_g3_a_receipt_pays_the_invoice",
    "test_x34_one_receipt_of_600_over_two_invoices",
    "test_x36_taken_back_there_taken_back_here",
)
class TestPull(test_pull.TestPull):
    transport = "soap"


@only(
    "test_x51_b3_a_branch_that_follows_again",
    "test_x51_x25_what_was_asked_for_at_that_moment_is_held",
    "test_x51_x29_what_is_gone_in_a_former_dossier_goes_to_the_present_one",
)
class TestMoved(test_relink.TestMoved):
    transport = "soap"


class TestChangeOfService(outbox_case.OutboxCase):
    """The same login by the other service: nothing is lost (issue 5)."""

    def change(self):
        self.connection.transport = "soap"
        self.assertEqual(self.connection.state, "draft")
        self.assertFalse(connect(self.connection))

    def test_ids_mirror_and_outbox_stay(self):
        journal = self.company.octopus_out_invoice_journal_id
        row = self.send(self.document())
        told = (row.dossier_id, row.journal_id, row.relation_id, row.number)
        before = (
            self.dossier.vat_number,
            journal.insertion_type,
            journal.currency_code,
        )
        self.faults.add(operation=outbox_case.INSERT, when="after", kind="close")
        lost = self.send(self.document())
        self.assertEqual(lost.state, "unknown")
        self.change()
        self.refresh()
        self.assertFalse(self.dossier.problems)
        self.assertEqual(
            before,
            (self.dossier.vat_number, journal.insertion_type, journal.currency_code),
        )
        self.later(lost)
        self.push()
        self.assert_booked(lost)
        following = self.send(self.document())
        self.assert_booked(following)
        self.assertEqual(
            told, (row.dossier_id, row.journal_id, row.relation_id, row.number)
        )
        self.assertEqual(
            (lost.number, following.number), (row.number + 1, row.number + 2)
        )

    def test_the_same_choice_again_changes_nothing(self):
        self.connection.transport = "rest"
        self.assertEqual(self.connection.state, "connected")

    def test_i1_a_server_that_is_not_there_is_named(self):
        gone = Sandbox().start()
        gone.stop()
        self.env["ir.config_parameter"].set_param(SOAP_URL_PARAMETER, gone.soap_url)
        self.connection.transport = "soap"
        with self.connection.client() as octopus:
            self.assertEqual(octopus.capabilities, frozenset())
        self.assertEqual(connect(self.connection)["code"], "host_unreachable")

    def test_x44_a_server_without_its_description_is_down(self):
        """Nothing was called: the log holds no call that never left."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(SOAP_URL_PARAMETER, self.sandbox.soap_url + "/gone")
        self.connection.transport = "soap"
        self.assertEqual(connect(self.connection)["code"], "service_down")
        self.sandbox.expect_violation("/gone")
        self.assertFalse(self.env["octopus.call"].sudo().search([]))


class TestSetup(outbox_case.OutboxCase):
    linked = False
    mapped = False

    def test_b8_dossiers_without_numbers_are_chosen_by_name(self):
        setup = self.env["octopus.setup"].create(
            {
                "transport": "soap",
                "software_house": demo.SOFTWARE_HOUSE,
                "user_name": demo.USER,
                "password": demo.PASSWORD,
            }
        )
        setup.action_next()
        self.assertEqual(setup.state, "dossier")
        self.assertTrue(setup.untold_numbers)
        self.assertFalse(setup.dossier_id)
        setup.dossier_id = self.dossier_of()
        setup.action_next()
        self.assertEqual(setup.state, "checks")
        self.assertEqual(setup.octopus_out_invoice_journal_id.key, "V1")
