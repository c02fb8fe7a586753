"""Contacts of both sides on one screen, over HTTP (E.3, E.5, E.8-E.11, J.2, Z.8)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.find_relation import joined_key, name_key
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.core.propose_relations import ALIKE
from odoo.addons.octopus_connector.models.octopus_matching import COUNTED
from odoo.addons.octopus_connector.prepare.relations import Relations
from odoo.addons.octopus_connector.prepare.similar_names import similar_names

from octopus_sandbox.seed.belgium import vat_number

from ..common import OctopusCase
from ..trigrams import alike


class MatchingCase(OctopusCase):
    mapped = False

    def setUp(self):
        super().setUp()
        # Those of the demonstration are no matter here.
        for relation in self.env["octopus.relation"].sudo().search([]):
            known = self.env["res.partner"].create({"name": f"Known {relation.id}"})
            relation.link_contact(known, "person")
        self.matching = self.env["octopus.matching"].of(self.dossier)

    def contact(self, name, vat="", **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.env.ref("base.be").id,
                "zip": "9000",
                "vat": vat and vat_number(vat).replace(".", ""),
                "customer_rank": 1,
                **values,
            }
        )

    def there(self, name, vat="", **values):
        values = {
            "name": name,
            "client": True,
            "country": "BE",
            "postal_code": "9000",
            "vat_nr": vat and vat_number(vat),
            "vat_type": 1,
            **values,
        }
        relation, _new = self.books.relations.upsert(None, 0, values)
        return relation

    def look(self):
        """Compare as some minutes later: what is there now is read."""
        since = self.dossier.sudo().relations_since
        self.dossier.sudo().relations_since = since and since - timedelta(minutes=10)
        self.matching.with_user(self.env.user).action_look()
        self.env.invalidate_all()
        return self.matching

    def row(self, partner=None, there=None):
        rows = self.env["octopus.matching.row"].search(
            [("dossier_id", "=", self.dossier.id)]
        )
        return rows.filtered(
            lambda row: (
                row.partner_id == (partner or row.partner_id.browse())
                and row.relation_id.octopus_id == (there.id if there else 0)
            )
        )


class TestProposals(MatchingCase):
    def test_z8_contacts_stand_in_four_groups_with_score_and_reason(self):
        same = self.contact("Zee en Zon BV", "07001001")
        same_there = self.there("Zee en Zon BV", "07001001")
        alike = self.contact("Van den Berghe Bouw")
        alike_there = self.there("Vandenberghe Bouw")
        here = self.contact("Slagerij Maes", "07001002")
        only_there = self.there("Brouwerij De Kroon", "07001003")
        self.look()
        groups = {
            self.row(same, same_there).found_on,
            self.row(alike, alike_there).found_on,
            self.row(here).found_on,
            self.row(there=only_there).found_on,
        }
        self.assertEqual(groups, {"matched", "doubtful", "here", "there"})
        row = self.row(same, same_there)
        self.assertGreater(row.score, 90)
        self.assertEqual(row.why, "VAT number, Same name")
        self.assertIn("Similar name", self.row(alike, alike_there).why)
        self.assertEqual(self.row(same).found_on, "nothing", "it stands in a pair")
        self.assertEqual(self.matching.matched_count, 1)
        self.assertEqual(self.matching.doubtful_count, 1)
        self.assertEqual(self.matching.there_count, 1)
        self.assertEqual(len(self.calls("getModifiedRelations")), 1)

    def test_e9_a_criterion_that_is_switched_off_changes_the_counts_at_once(self):
        contact = self.contact("Zee en Zon", "07001001", zip="")
        there = self.there("Zee en Zon", "07001001", postal_code="")
        self.look()
        self.assertEqual(self.row(contact, there).found_on, "matched")
        form = self.env["octopus.matching"].new(origin=self.matching)
        form.by_vat = False
        self.assertEqual((form.matched_count, form.doubtful_count), (0, 1))
        self.assertEqual(self.matching.matched_count, 1, "nothing is saved yet")
        self.matching.by_vat = False
        self.assertEqual(self.row(contact, there).found_on, "doubtful")
        self.matching.write({"by_name": False, "by_similar": False})
        self.assertEqual(self.row(contact, there).found_on, "nothing")
        self.assertEqual(self.row(contact).found_on, "here")

    def test_z8_e9_all_groups_are_counted_beside_the_rows_also_by_criterion(self):
        """One screen: the groups with their numbers, and in each what speaks for the
        pairs; counted by the database, however many there are."""
        self.contact("Zee en Zon BV", "07001001")
        self.there("Zee en Zon BV", "07001001")
        self.contact("Van den Berghe Bouw")
        self.there("Vandenberghe Bouw")
        self.look()
        action = self.matching.with_context(octopus_found_on="doubtful").action_rows()
        self.assertEqual(
            action["context"],
            {"search_default_shown": 1, "searchpanel_default_found_on": "doubtful"},
        )
        rows = self.env["octopus.matching.row"]
        shown = [*action["domain"], ("found_on", "!=", "nothing")]
        counted = {"search_domain": shown, "enable_counters": True}
        in_group = {"category_domain": [("found_on", "=", "doubtful")]}
        groups = rows.search_panel_select_range("found_on", expand=True, **counted)
        reasons = rows.search_panel_select_multi_range("reason", **in_group, **counted)
        found = {it["id"]: it["__count"] for it in groups["values"]}
        for group in ("matched", "doubtful", "here", "there", "linked"):
            self.assertEqual(found[group], self.matching[f"{group}_count"], group)
        self.assertEqual(found["nothing"], 0)
        told = {it["id"]: it["__count"] for it in reasons["values"] if it["__count"]}
        self.assertEqual(told, {"similar": 1})

    def test_j2_all_that_are_matched_are_accepted_together_and_nothing_is_overwritten(
        self,
    ):
        pairs = []
        for number in range(5):
            name, vat = f"Klant nummer {number} BV", f"0700200{number}"
            there = self.there(name.upper(), vat, email="there@example.com")
            pairs.append((self.contact(name, vat, email="here@example.com"), there))
        changed = pairs.pop()
        doubtful = self.contact("Hotel Zeezicht", "07003001")
        self.there("Transport Aerts", "07003001")
        self.look()
        changed[0].name = "Iets helemaal anders"
        self.matching.action_accept_matched()
        for contact, there in pairs:
            link = contact.octopus_relation_ids
            self.assertEqual((link.octopus_id, link.link_origin), (there.id, "vat"))
            self.assertEqual(contact.email, "here@example.com")
            self.assertEqual(there.email, "there@example.com")
            self.assertEqual(self.row(contact, there).found_on, "linked")
        self.assertFalse(changed[0].octopus_relation_ids, "it was not shown so")
        self.assertEqual(self.row(*changed).found_on, "doubtful")
        self.assertFalse(doubtful.octopus_relation_ids)
        self.assertFalse(self.calls("insertUpdateRelation"))

    def test_z8_what_a_person_decided_is_remembered_also_when_a_document_is_sent(self):
        contact = self.contact("Jan Peeters", is_company=False)
        there = self.there("Jan Peeters")
        self.look()
        self.row(contact, there).action_other()
        self.look()
        self.assertEqual(self.row(contact, there).found_on, "other")
        self.assertEqual(self.row(contact).found_on, "here")
        self.assertEqual(self.row(there=there).found_on, "there")
        self.assertFalse(contact.octopus_candidate_ids)
        self.row(contact, there).action_reconsider()
        self.assertEqual(self.row(contact, there).found_on, "doubtful")
        self.row(contact, there).action_same()
        self.assertEqual(contact.octopus_relation_ids.link_origin, "person")

    def test_x16_a_double_of_what_is_linked_is_never_imported_unseen(self):
        contact = self.contact("Zee en Zon BV", "07001001")
        first = self.there("Zee en Zon BV", "07001001")
        self.look()
        self.matching.action_accept_matched()
        double = self.there("Zee & Zon", "07001001")
        self.look()
        self.assertEqual(self.row(contact, first).found_on, "linked")
        self.assertEqual(self.row(contact, double).found_on, "doubtful")
        self.assertIn("linked already", self.row(contact, double).why)
        self.assertFalse(self.matching.there_count)

    def test_z8_values_that_differ_stand_side_by_side(self):
        contact = self.contact("Zee en Zon", "07001001", email="a@example.com")
        there = self.there("Zee en Zon", "07001001", email="b@example.com")
        self.look()
        row = self.row(contact, there)
        self.assertEqual(row.email_here, "a@example.com")
        self.assertEqual(row.email_there, "b@example.com")
        self.assertEqual(row.different, "E-mail")

    def test_x17_the_database_finds_names_as_the_rule_counts_them(self):
        there = [self.there(name) for name in ("Vandenberghe Bouw", "Zee", "Kroon NV")]
        self.look()
        rows = self.env["octopus.relation"].search([("deleted", "=", False)])
        names = {1: "Van den Berghe Bouw", 2: "Kroon Noord"}
        values = {
            (key, row.id): alike((name,), (row.name,), name_key, joined_key)
            for key, name in names.items()
            for row in rows
        }
        expected = {pair: value for pair, value in values.items() if value >= ALIKE}
        self.assertTrue(expected)
        # Few names are compared one by one, many by an index.
        many = names | {key: f"onbekend {key}" for key in range(10, 60)}
        for asked in (names, many):
            found = similar_names(self.dossier, asked)
            self.assertEqual(found.keys(), expected.keys())
            for pair, value in expected.items():
                self.assertAlmostEqual(found[pair], value, places=5)
        self.assertEqual(len(there), 3)

    def test_z8_a_decision_looks_at_what_depends_on_it_and_at_no_more(self):
        """It places the rows as if all were looked at."""
        people = [self.contact("Jan Peeters", email=f"{it}@x.be") for it in "ab"]
        doubles = [self.there("Jan Peeters", email=f"{it}@x.be") for it in "abc"]
        for number in range(20):
            self.contact(f"Onbekend {number}", f"070020{number:02}")
        self.look()
        rows = self.matching._rows()
        for act, them in (
            ("action_other", doubles[0]),
            ("action_other", doubles[1]),
            ("action_reconsider", doubles[1]),
            ("action_same", doubles[2]),
        ):
            self.env.flush_all()
            self.env.invalidate_all()
            row = self.row(people[0], them)
            self.env.invalidate_all()
            getattr(row, act)()
            read = set(rows._fields["has_documents"]._get_cache(self.env))
            self.assertLess(len(read), 12, act)
            placed = {it.id: it.found_on for it in rows}
            counts = [self.matching[name] for name in COUNTED.values()]
            self.matching.regroup()
            self.assertEqual(placed, {it.id: it.found_on for it in rows}, act)
            groups = list(placed.values())
            self.assertEqual(counts, [groups.count(group) for group in COUNTED])

    def test_z8_the_button_of_a_contact_compares_only_what_changed(self):
        """All are compared then, as one pair depends on others."""
        contact = self.contact("Zee en Zon BV", "07001001")
        self.there("Zee en Zon BV", "07001001")
        self.look()
        later = fields.Datetime.now() + timedelta(hours=1)

        def is_compared(partner):
            self.matching.looked_at = later
            partner.action_octopus_match()
            return self.matching.looked_at != later

        self.assertFalse(is_compared(contact), "nothing changed since")
        self.assertTrue(is_compared(self.contact("Slagerij Maes")), "it is new")
        relation = self.env["octopus.relation"].search([], limit=1)
        for record in (
            contact,
            relation,
            contact.bank_ids.create(
                {"acc_number": "BE68539007547034", "partner_id": contact.id}
            ),
        ):
            self.assertFalse(is_compared(contact))
            self.changed(record, later)
            self.assertTrue(is_compared(contact), record)
            self.changed(record, later - timedelta(days=1))

    def changed(self, record, moment):
        """As another transaction writes it, later than this one."""
        record.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = %s WHERE id = %s",
                SQL.identifier(record._table),
                moment,
                record.id,
            )
        )
        record.invalidate_recordset()

    def test_x17_no_relation_is_read_to_find_those_with_a_name_like_a_contacts(self):
        """There may be thousands, and it is asked for each contact."""
        contact = self.contact("Van den Berghe Bouw")
        self.there("Vandenberghe Bouw")
        self.look()
        relations = Relations(self.env, self.dossier)
        counts = []
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (found,) = relations.similar(contact)
            counts.append(self.env.cr.sql_log_count - before)
            names = found._fields["name"]._get_cache(self.env)
            self.assertEqual(set(names), set(found.ids))
            for number in range(50):
                self.there(f"Onbekend {number}{_time}")
            self.look()
        self.assertEqual(counts[0], counts[1])
        with self.assertQueryCount(1):
            similar_names(self.dossier, {1: "Van den Berghe Bouw"})

    def test_z8_only_administrators_decide(self):
        contact = self.contact("Zee en Zon BV", "07001001")
        there = self.there("Zee en Zon BV", "07001001")
        self.look()
        user = self.env["res.users"].create(
            {
                "name": "U",
                "login": "matching-u",
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(4, self.env.ref("octopus_connector.group_user").id)],
            }
        )
        row = self.row(contact, there).with_user(user)
        self.assertEqual(row.name_there, "Zee en Zon BV")
        for act in (row.action_same, row.action_other):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self.matching.with_user(user).action_accept_matched()
        with self.assertRaises(AccessError):
            self.matching.with_user(user).write({"by_vat": False})


class TestImport(MatchingCase):
    def test_e3_e5_what_only_octopus_has_is_imported_after_a_preview(self):
        self.there(
            "Brouwerij De Kroon NV",
            "07001003",
            email="kroon@example.com",
            street_and_nr="Markt 1",
            city="Gent",
            telephone="09 123 45 67",
            iban_account_nr="BE68539007547034",
        )
        self.there("Peeters", first_name="Jan", vat_type=7)
        # The program takes what the service refuses.
        self.there("Kapot BV").vat_nr = "BE68539007547034"
        doubt = self.contact("Jansens Bouw")
        self.there("Janssens Bouw")
        self.look()
        action = self.matching.with_user(self.env.user).action_import()
        dialog = self.env["octopus.contact.import"].browse(action["res_id"])
        self.assertEqual((dialog.count, dialog.companies, dialog.people), (3, 2, 1))
        self.assertEqual((dialog.numbers, dialog.doubtful), (1, 1))
        before = self.env["res.partner"].search_count([])
        dialog.action_import()
        tag = self.env.ref("octopus_connector.category_octopus_import")
        made = self.env["res.partner"].search([("category_id", "=", tag.id)])
        self.assertEqual(self.env["res.partner"].search_count([]) - before, 3)
        kroon = made.filtered(lambda it: it.name == "Brouwerij De Kroon NV")
        self.assertEqual(kroon.vat, vat_number("07001003").replace(".", ""))
        self.assertEqual(
            (kroon.street, kroon.zip, kroon.city), ("Markt 1", "9000", "Gent")
        )
        self.assertEqual(kroon.bank_ids.sanitized_acc_number, "BE68539007547034")
        self.assertFalse(kroon.bank_ids.allow_out_payment)
        self.assertEqual((kroon.customer_rank, kroon.supplier_rank), (1, 0))
        self.assertEqual(kroon.octopus_relation_ids.link_origin, "imported")
        person = made.filtered(lambda it: not it.is_company)
        self.assertEqual(person.name, "Jan Peeters")
        broken = made.filtered(lambda it: it.name == "Kapot BV")
        self.assertFalse(broken.vat)
        self.assertIn("BE68539007547034", broken.comment)
        self.assertFalse(doubt.octopus_relation_ids)
        self.look()
        self.assertEqual(self.matching.there_count, 0)
        self.assertFalse(self.calls("insertUpdateRelation"))

    def test_e3_twice_imports_once(self):
        self.there("Brouwerij De Kroon NV", "07001003")
        self.look()
        actions = [self.matching.action_import() for _time in range(2)]
        for action in actions:
            self.env["octopus.contact.import"].browse(action["res_id"]).action_import()
        found = self.env["res.partner"].search([("name", "=", "Brouwerij De Kroon NV")])
        self.assertEqual(len(found), 1)

    def test_e3_what_could_not_be_imported_is_told_until_it_is_mended(self):
        """One activity for the responsible; it goes away by itself."""
        there = self.there("Brouwerij De Kroon NV", "07001003")
        self.look()
        watchdog = self.env.ref("octopus_connector.cron_watch")
        self.run_cron(watchdog)
        before = self.dossier.activity_ids
        row = self.row(there=there)
        told = {"relation": row.title, "message": "No country."}
        row.sudo().problem = Finding(codes.CONTACT_NOT_IMPORTED, told).as_json()
        for _hour in range(2):
            self.run_cron(watchdog)
            [activity] = self.dossier.activity_ids - before
            self.assertIn("could not be imported or created: 1", activity.note)
        row.action_leave()
        self.run_cron(watchdog)
        self.assertFalse(self.dossier.activity_ids - before)

    def test_e8_who_compares_again_sees_what_was_made_a_moment_ago(self):
        """A click looks in Octopus, with one call, however short ago it looked."""
        self.look()
        reads = len(self.calls())
        there = self.there("Brouwerij De Kroon NV", "07001003")
        self.matching.with_user(self.env.user).action_look()
        self.assertEqual(len(self.calls()), reads + 1)
        self.assertEqual(self.row(there=there).found_on, "there")

    def test_e11_what_is_left_alone_is_not_imported(self):
        there = self.there("Brouwerij De Kroon NV", "07001003")
        self.look()
        self.row(there=there).action_leave()
        self.look()
        self.assertEqual(self.row(there=there).found_on, "left")
        self.assertFalse(self.matching.there_count)

    def test_e2_contacts_are_created_in_octopus_by_the_scheduled_action(self):
        contact = self.contact("Slagerij Maes", "07001002", city="Gent")
        alike = self.contact("Van den Berghe Bouw")
        self.there("Vandenberghe Bouw")
        self.look()
        action = (contact | alike).action_octopus_create()
        self.assertEqual(
            action["res_model"], "octopus.matching.row", "one may be there"
        )
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        self.assertEqual(contact.octopus_relation_ids.link_origin, "created")
        self.assertEqual(len(self.books.relations.search(name="Slagerij Maes")), 1)
        self.assertFalse(alike.octopus_relation_ids)
        self.assertEqual(len(self.calls("insertUpdateRelation")), 1)

    def test_e2_who_asks_for_it_need_not_be_asked(self):
        """Under the policy *Ask first*; documents of the contact go then, too."""
        self.company.octopus_relation_policy = "ask"
        contact = self.contact("Slagerij Maes", "07001002", city="Gent")
        other = self.contact("Bakkerij Aerts", "07001004", city="Gent")
        self.look()
        (self.row(contact) | self.row(other)).action_create()
        move = self.document(partner_id=other.id)
        found = move.octopus_prepare(find_relations=True)[move.id].findings
        self.assertNotIn("relation_undecided", [it.code for it in found])
        # What looks like it came meanwhile: that is another question.
        self.there("Bakkerij Aerts", postal_code="8000")
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        self.assertEqual(contact.octopus_relation_ids.link_origin, "created")
        self.assertFalse(other.octopus_relation_ids)
        row = self.row(other)
        self.assertEqual(row.decision, "send")
        self.assertEqual(row.problem["code"], "relation_needs_confirmation")
