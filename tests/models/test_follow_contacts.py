"""Values of contacts follow the other side, each by its direction (E.10, K.4, L.3)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.octopus_connector.core.follow_contacts import FIELDS
from odoo.addons.octopus_connector.send import contacts as contacts_module

from octopus_sandbox.seed.belgium import vat_number

from .test_matching import MatchingCase

SAVE = "insertUpdateRelation"
IBAN, OTHER_IBAN = "BE68539007547034", "BE71096123456769"


class FollowCase(MatchingCase):
    def setUp(self):
        super().setUp()
        self.known = self.env["octopus.relation"].search([])
        self.known.sudo().write({"partner_id": False})
        self.mine = self.contact(
            "Zee en Zon BV",
            "07001001",
            street="Markt 1",
            city="Gent",
            email="old@example.com",
            phone="09 111 11 11",
        )
        self.theirs = self.there(
            "Zee en Zon BV",
            "07001001",
            street_and_nr="Markt 1",
            city="Gent",
            email="old@example.com",
            telephone="+32 9 111 11 11",
        )
        self.look()
        self.row(self.mine, self.theirs).action_same()
        self.relation = self.mine.octopus_relation_ids

    def directions(self, way, *names):
        self.dossier.write(
            {
                f"contact_{name}_direction": way if name in names else "never"
                for name in FIELDS
            }
        )

    def changes(self, *states):
        return self.env["octopus.contact.change"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("state", "in", states or ("asked", "accepted")),
            ]
        )

    def look_now(self):
        self.env["octopus.contact.change"].action_look()
        return self.changes()

    def follow(self):
        self.env["octopus.relation"].flush_model()
        # The sandbox's feed is read again, as after some hours.
        self.dossier.sudo().relations_since -= timedelta(hours=5)
        self.later()
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        self.env.invalidate_all()

    def later(self):
        """Tests run in one transaction, in which nothing was ever written later."""
        self.dossier.sudo().contacts_looked_at = False

    def there_now(self, **values):
        """The accountant changes the relation."""
        self.books.relations.upsert(self.theirs.id, 0, values)

    def their(self, name):
        return getattr(self.books.dossier.relations[self.theirs.id], name)

    def begin(self, way, *names):
        """Choose a direction, and accept what differs at first."""
        self.directions(way, *names)
        self.look_now().action_accept()
        self.dossier.sudo().contacts_followed = True
        self.follow()


class TestFollow(FollowCase):
    def test_e10_k4_by_default_nothing_is_overwritten_and_nothing_goes_unseen(self):
        self.mine.write({"email": "new@example.com", "phone": False})
        self.there_now(url="https://zee.example.com")
        self.look_now()
        self.follow()
        self.assertEqual(self.their("email"), "old@example.com")
        self.assertEqual(self.mine.email, "new@example.com")
        (change,) = self.changes()
        told = change.field, change.way, change.state
        self.assertEqual(told, ("phone", "from", "asked"), "what is empty is filled")
        self.assertFalse(self.mine.phone, "nobody accepted anything yet")
        self.assertFalse(self.calls(SAVE))

    def test_l3_what_is_empty_is_filled_on_either_side_after_the_first_list(self):
        self.mine.write({"phone": False, "email": False})
        self.there_now(email="", telephone="+32 9 111 11 11")
        self.mine.email = "mine@example.com"
        self.there_now(email="")
        self.look()
        self.look_now().action_accept()
        self.follow()
        self.assertEqual(self.mine.phone, "+32 9 111 11 11")
        self.assertEqual(self.their("email"), "mine@example.com")
        self.assertEqual(self.their("telephone"), "+32 9 111 11 11", "the rest stays")
        self.assertEqual(len(self.calls(SAVE)), 1)

    def test_l3_a_change_goes_to_octopus_by_itself_once_the_list_was_accepted(self):
        self.begin("to", *FIELDS)
        self.mine.write({"email": "new@example.com", "street": "Kouter 2"})
        self.follow()
        self.assertEqual(self.their("email"), "new@example.com")
        self.assertEqual(self.their("street_and_nr"), "Kouter 2")
        self.assertEqual(self.their("city"), "Gent")
        self.assertEqual(self.their("vat_nr"), vat_number("07001001"))
        self.assertEqual(len(self.calls(SAVE)), 1, "all of a contact in one call")
        self.follow()
        self.assertEqual(len(self.calls(SAVE)), 1, "and not again")
        self.assertFalse(self.changes())

    def test_l3_a_change_comes_from_octopus(self):
        self.begin("from", *FIELDS)
        self.there_now(
            email="there@example.com",
            name="Zee en Zon NV",
            city="Brugge",
            iban_account_nr=IBAN,
        )
        self.follow()
        self.assertEqual(self.mine.email, "there@example.com")
        self.assertEqual(self.mine.name, "Zee en Zon NV")
        self.assertEqual(self.mine.city, "Brugge")
        self.assertEqual(self.mine.bank_ids.sanitized_acc_number, IBAN)
        self.assertFalse(self.calls(SAVE))
        self.there_now(iban_account_nr=OTHER_IBAN)
        self.follow()
        accounts = self.mine.bank_ids.mapped("sanitized_acc_number")
        self.assertEqual(accounts, [OTHER_IBAN, IBAN], "none is taken away")

    def test_l3_a_value_that_nobody_saw_is_asked_also_later(self):
        self.begin("to", "email")
        self.mine.email = "new@example.com"
        self.there_now(email="accountant@example.com")
        self.look()
        self.follow()
        (change,) = self.changes()
        self.assertEqual(change.state, "asked")
        self.assertEqual(change.value_there, "accountant@example.com")
        self.assertEqual(self.their("email"), "accountant@example.com")
        change.action_accept()
        self.follow()
        self.assertEqual(self.their("email"), "new@example.com")

    def test_l3_what_the_accountant_changed_at_that_moment_is_not_overwritten(self):
        self.directions("to", "email")
        self.mine.email = "new@example.com"
        self.look_now().action_accept()
        self.there_now(email="accountant@example.com")
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        self.assertEqual(self.their("email"), "accountant@example.com")
        self.assertFalse(self.calls(SAVE))

    def test_l3_what_is_left_as_it_is_is_not_asked_again_until_it_changes(self):
        self.directions("to", "email")
        self.mine.email = "new@example.com"
        self.look_now().action_leave()
        self.later()
        self.assertFalse(self.look_now())
        self.mine.email = "newer@example.com"
        self.assertEqual(self.look_now().state, "asked")

    def test_l3_other_directions_are_looked_at_anew(self):
        self.begin("to", "email")
        self.assertTrue(self.dossier.contacts_followed)
        self.dossier.contact_phone_direction = "from"
        self.assertFalse(self.dossier.contacts_followed)
        self.there_now(telephone="09 222 22 22")
        self.follow()
        self.assertEqual(self.mine.phone, "09 111 11 11")

    def test_x55_another_identity_is_asked_before_it_goes(self):
        self.begin("to", "vat", "name")
        self.mine.write(
            {"vat": vat_number("07009999").replace(".", ""), "name": "Iemand anders"}
        )
        self.follow()
        self.assertEqual(set(self.changes().mapped("state")), {"asked"})
        self.assertEqual(self.their("vat_nr"), vat_number("07001001"))

    def test_l3_what_odoo_refuses_is_told_and_stops_no_other(self):
        self.begin("from", "vat", "email")
        self.books.dossier.relations[self.theirs.id].vat_nr = "BE0123.456.788"
        self.there_now(email="there@example.com")
        self.look()
        self.look_now().action_accept()
        self.follow()
        self.assertEqual(self.mine.email, "there@example.com")
        (change,) = self.changes()
        self.assertEqual(change.field, "vat")
        self.assertTrue(change.problem_text)

    def told(self):
        found = self.env["octopus.watchdog"].findings(self.dossier.sudo())
        return {it.code: list(it.ids) for it in found if it.code.startswith("change")}

    def test_l3_z18_what_stays_is_told_and_the_telling_ends_with_it(self):
        """What could not be changed, and what nobody decided yet."""
        self.begin("from", "vat", "email")
        self.assertEqual(self.told(), {})
        self.books.dossier.relations[self.theirs.id].vat_nr = "BE0123.456.788"
        self.there_now(email="there@example.com")
        self.mine.email = "mine@example.com"
        self.look()
        self.follow()
        asked = self.changes("asked")
        self.assertEqual(set(asked.mapped("field")), {"vat", "email"})
        self.assertEqual(self.told(), {"changes_asked": asked.ids})
        asked.action_accept()
        self.follow()
        (failed,) = self.changes()
        self.assertEqual(self.told(), {"changes_failed": failed.ids})
        self.env["octopus.watchdog"].watch(self.dossier.sudo())
        (activity,) = self.dossier.activity_ids
        self.assertIn("Changes of contacts that could not be made: 1", activity.summary)
        failed.action_leave()
        self.assertEqual(self.told(), {})
        self.env["octopus.watchdog"].watch(self.dossier.sudo())
        self.assertFalse(self.dossier.activity_ids.exists())

    def test_l3_half_of_the_day_is_kept_for_documents(self):
        self.begin("to", "email")
        self.mine.email = "new@example.com"
        with patch.object(contacts_module, "budget", lambda *_args, **_options: 0):
            self.follow()
        self.assertFalse(self.calls(SAVE))
        self.assertEqual(self.changes().state, "accepted")
        self.follow()
        self.assertEqual(self.their("email"), "new@example.com")

    def test_l3_without_a_change_no_call_is_made(self):
        self.begin("to", *FIELDS)
        before = len(self.calls())
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        self.assertEqual(len(self.calls()), before)

    def test_a4_in_shadow_mode_only_odoo_follows(self):
        """What would be written in Octopus waits, and stops nothing else."""
        self.begin("from", "email")
        self.dossier.write({"contact_phone_direction": "to"})
        self.mine.phone = "09 222 22 22"
        self.look_now().action_accept()
        new = self.contact("Slagerij Maes", "07001002", city="Gent")
        self.look()
        self.dossier.sudo().shadow = True
        self.row(new).action_create()
        self.there_now(email="there@example.com")
        self.follow()
        self.assertEqual(self.mine.email, "there@example.com")
        self.assertFalse(self.calls(SAVE))
        (change,) = self.changes()
        self.assertEqual((change.field, change.state), ("phone", "accepted"))
        self.assertFalse(change.problem)
        self.assertFalse(self.row(new).problem)
        self.dossier.sudo().shadow = False
        self.follow()
        self.assertEqual(self.their("telephone"), "09 222 22 22")
        self.assertEqual(new.octopus_relation_ids.link_origin, "created")

    def test_x13_an_unknown_vat_type_is_told(self):
        self.assertFalse(self.row(self.mine, self.theirs).unknown_vat_type)
        self.relation.sudo().vat_type = 0
        self.assertTrue(self.row(self.mine, self.theirs).unknown_vat_type)
        move = self.document(partner_id=self.mine.id)
        prepared = move.octopus_prepare()[move.id]
        self.assertIn("vat_type_unknown", [it.code for it in prepared.findings])


class TestFollowSoap(FollowCase):
    transport = "soap"

    def test_l3_contacts_follow_both_ways_over_soap(self):
        self.begin("to", "email")
        self.dossier.write({"contact_phone_direction": "from"})
        self.mine.email = "new@example.com"
        self.there_now(telephone="09 222 22 22")
        self.look()
        self.look_now().action_accept()
        self.follow()
        self.assertEqual(self.their("email"), "new@example.com")
        self.assertEqual(self.mine.phone, "09 222 22 22")
        self.assertEqual(self.their("vat_nr"), vat_number("07001001"))
        self.assertEqual(self.their("city"), "Gent")

    def test_e3_relations_are_imported_over_soap(self):
        self.there("Brouwerij De Kroon NV", "07001003")
        self.look()
        self.row(there=self.books.relations.search(name="Brouwerij De Kroon NV")[0])
        action = self.matching.action_import()
        self.env["octopus.contact.import"].browse(action["res_id"]).action_import()
        found = self.env["res.partner"].search([("name", "=", "Brouwerij De Kroon NV")])
        self.assertEqual(found.octopus_relation_ids.link_origin, "imported")


class TestSimilarWhenSending(MatchingCase):
    def test_x17_a_similar_name_without_a_number_is_asked_before_one_is_made(self):
        contact = self.contact("Van den Berghe", is_company=False, city="Gent")
        there = self.there("Vandenberghe", vat_type=7)
        self.look()
        move = self.document(partner_id=contact.id)
        codes = [
            it.code
            for it in move.octopus_prepare(find_relations=True)[move.id].findings
        ]
        self.assertIn("relation_needs_confirmation", codes)
        self.assertEqual(contact.octopus_candidate_ids.octopus_id, there.id)
        self.row(contact, there).action_other()
        self.env.invalidate_all()
        codes = [
            it.code
            for it in move.octopus_prepare(find_relations=True)[move.id].findings
        ]
        self.assertNotIn("relation_needs_confirmation", codes)
        self.assertFalse(contact.octopus_candidate_ids)


class TestScheduledAction(FollowCase):
    """Contacts follow by a scheduled action of all dossiers (X.75)."""

    @property
    def cron(self):
        return self.env.ref("octopus_connector.cron_contacts", False)

    def codes(self):
        return [it.code for it in self.env["octopus.watchdog"].findings(self.dossier)]

    def accept(self):
        self.mine.email = "new@example.com"
        self.directions("to", "email")
        return self.look_now().action_accept()

    def test_x75_one_that_was_deleted_is_made_anew_by_the_one_that_watches(self):
        self.cron.unlink()
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.assertEqual(self.cron.priority, 25)
        self.assertEqual(self.cron.interval_type, "hours")
        self.accept()
        self.run_cron(self.cron)
        self.assertEqual(self.changes("done").field, "email")

    def test_x75_a_click_makes_it_anew(self):
        self.cron.unlink()
        self.assertEqual(self.accept()["tag"], "soft_reload")
        self.assertTrue(self.cron.active)
        self.cron.unlink()
        alone = self.contact("Slagerij Maes", "07001002", city="Gent")
        told = alone.action_octopus_create()
        self.assertEqual(told["params"]["type"], "success")
        self.run_cron(self.cron)
        self.assertTrue(alone.octopus_relation_ids)

    def test_x75_one_that_is_off_is_told_where_contacts_follow(self):
        self.cron.active = False
        self.assertNotIn("contacts_missing", self.codes(), "nobody asked for any")
        alone = self.contact("Slagerij Maes", "07001002", city="Gent")
        told = alone.action_octopus_create()
        self.assertEqual(told["params"]["type"], "warning")
        self.assertIn("let contacts follow", told["params"]["message"])
        self.assertIn("contacts_missing", self.codes(), "one is asked for")
        self.row(alone).sudo().decision = False
        self.assertNotIn("contacts_missing", self.codes())
        self.assertIn("let contacts follow", self.accept()["params"]["message"])
        self.assertIn("contacts_missing", self.codes())
        self.cron.active = True
        self.assertNotIn("contacts_missing", self.codes())
