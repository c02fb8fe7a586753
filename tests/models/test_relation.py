"""Contacts and relations, over HTTP (E.1, E.6, E.7, E.12, X.13-X.19, K.4)."""

from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.octopus_connector.api.errors import (
    OctopusError,
    OctopusUnknownOutcome,
)
from odoo.addons.octopus_connector.api.operations import Capability
from odoo.addons.octopus_connector.api.types import Relation
from odoo.addons.octopus_connector.core.findings import FindingError
from odoo.addons.octopus_connector.prepare.relations import Relations
from odoo.addons.octopus_connector.send.relations import RelationSender
from odoo.addons.octopus_connector.sync.relations import (
    mirror_relations,
    relation_as_read,
)

from octopus_sandbox.seed.belgium import vat_number

from ..common import OctopusCase

SEARCH, SAVE = "getRelations", "insertUpdateRelation"
BAKERY = "Bakkerij De Molen"
BAKERY_VAT = vat_number("08765432").replace(".", "")


class RelationCase(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relations = cls.env["octopus.relation"].with_context(active_test=False)
        cls.belgium = cls.env.ref("base.be")

    def contact(self, name="Zee en Zon BV", **values):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.belgium.id,
                "vat": vat_number("07001001").replace(".", ""),
                **values,
            }
        )

    def person(self, name="Jan Janssens", **values):
        return self.contact(name, is_company=False, vat=False, **values)

    def ensure(self, partner, client=True, supplier=False, **options):
        with self.dossier.client() as octopus:
            relations = RelationSender(self.env, self.dossier, octopus)
            return relations.ensure(partner, client, supplier, **options)

    def refused(self, partner, **options):
        """The one finding that stands in the way; what was read before it is kept, as
        the outbox does."""
        try:
            relation = self.ensure(partner, **options)
        except FindingError as error:
            (finding,) = error.findings
        else:
            self.fail(f"{partner.name} became {relation.display_name}")
        return finding

    def by_hand(self, name, **values):
        """A relation the accountant entered, not mirrored yet."""
        relation, _new = self.books.relations.upsert(
            None, 0, {"name": name, "client": True, "country": "BE", **values}
        )
        return relation

    def mirror(self):
        with self.dossier.client() as octopus:
            return mirror_relations(self.dossier, octopus.relations())

    def there(self, name):
        return self.books.relations.search(name=name)

    def count(self):
        """Searches and writes so far."""
        return len(self.calls(SEARCH)), len(self.calls(SAVE))


class TestFind(RelationCase):
    def test_x16_a_vat_number_in_the_mirror_costs_no_call(self):
        contact = self.contact("De Molen, brood en banket", vat=BAKERY_VAT)
        relation = self.ensure(contact)
        self.assertEqual(relation.name, BAKERY)
        self.assertEqual(relation.link_origin, "vat")
        self.assertEqual(relation.partner_id, contact)
        self.assertEqual(self.count(), (0, 0))
        self.assertEqual(self.there(BAKERY)[0].name, BAKERY, "nothing is overwritten")

    def test_e6_a_known_link_costs_no_call_and_no_search(self):
        contact = self.contact("Anything", vat=BAKERY_VAT)
        first = self.ensure(contact)
        contact.name = "Renamed"
        self.assertEqual(self.ensure(contact), first)
        self.assertEqual(self.count(), (0, 0))

    def test_e1_an_address_of_a_company_is_that_company(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        address = self.env["res.partner"].create(
            {"name": "Magazijn", "parent_id": contact.id, "type": "delivery"}
        )
        self.assertEqual(self.ensure(address).partner_id, contact)

    def test_x16_a_relation_unknown_to_the_mirror_is_found_by_one_search(self):
        there = self.by_hand("Zee & Zon", vat_nr=vat_number("07001001"), vat_type=1)
        relation = self.ensure(self.contact())
        self.assertEqual((relation.octopus_id, relation.link_origin), (there.id, "vat"))
        self.assertEqual(self.count(), (1, 0))

    def test_x16_a_new_contact_is_looked_up_by_indexes(self):
        """Among many relations none is read that has none of its numbers or names."""
        self.env.cr.execute(
            """
            INSERT INTO octopus_relation
                   (dossier_id, octopus_id, external_id, name, name_key, vat_digits,
                    active, deleted)
            SELECT %s, 100000 + n, n %% 2 * (500000 + n), 'R ' || n, 'r ' || n,
                   (4000000000 + n)::text, TRUE, FALSE
              FROM generate_series(1, 5000) AS n
            """,
            [self.dossier.id],
        )
        self.env.cr.execute("ANALYZE octopus_relation")
        relations = Relations(self.env(su=True), self.dossier)
        asked = []
        rows = type(relations.rows)
        search = rows.search

        def noted(self, domain, *args, **options):
            asked.append(self._search(domain))
            return search(self, domain, *args, **options)

        self.patch(rows, "search", noted)
        relations.like(self.partner_a)
        lines = self.env.execute_query(SQL("EXPLAIN %s", asked[-1].select()))
        plan = "\n".join(line for (line,) in lines)
        self.assertNotIn("Seq Scan", plan)
        self.assertIn("octopus_relation_external_idx", plan)

    def test_x16_an_external_number_counts_when_the_name_agrees(self):
        contact = self.person("Els Peeters")
        there = self.by_hand("Els Peeters", vat_type=7)
        there.external_id = contact.id
        self.by_hand("Els Peeters", vat_type=7)
        relation = self.ensure(contact)
        self.assertEqual(
            (relation.octopus_id, relation.link_origin), (there.id, "external")
        )

    def test_x16_an_external_number_of_somebody_else_is_not_ours(self):
        contact = self.contact()
        other = self.by_hand("Other software's customer")
        other.external_id = contact.id
        relation = self.ensure(contact)
        self.assertNotEqual(relation.octopus_id, other.id)
        self.assertEqual(relation.external_id, 0, "the number is taken: none is sent")
        self.assertEqual(other.name, "Other software's customer")
        self.assertEqual(self.count(), (1, 1))

    def test_x16_an_exact_name_in_any_case_is_found(self):
        there = self.by_hand("ZEE EN ZON BV")
        relation = self.ensure(self.contact())
        self.assertEqual(
            (relation.octopus_id, relation.link_origin), (there.id, "name")
        )

    def test_x16_a_name_never_wins_from_another_vat_number(self):
        self.by_hand("Zee en Zon BV", vat_nr=vat_number("07002002"), vat_type=1)
        self.assertEqual(self.ensure(self.contact()).link_origin, "created")

    def test_x16_several_hits_are_asked_about(self):
        numbers = [self.by_hand("Piet Claes").id, self.by_hand("Piet Claes").id]
        contact = self.person("Piet Claes")
        finding = self.refused(contact)
        self.assertEqual(finding.code, "relation_several")
        self.assertEqual(finding.ids, (contact.id,))
        self.assertEqual(
            finding.params["relations"], [f"{number} Piet Claes" for number in numbers]
        )
        relation, candidates = Relations(self.env, self.dossier).find(contact)
        self.assertFalse(relation)
        self.assertEqual(candidates.mapped("octopus_id"), numbers)
        self.assertEqual(contact.octopus_candidate_ids, candidates)

    def test_x16_a_namesake_elsewhere_is_asked_about(self):
        self.by_hand("Piet Claes", postal_code="9000")
        finding = self.refused(self.person("Piet Claes", zip="8400"))
        self.assertEqual(finding.code, "relation_needs_confirmation")

    def test_x16_two_contacts_never_take_one_relation(self):
        first = self.contact("First", vat=BAKERY_VAT)
        self.ensure(first)
        second = self.contact("Second", vat=BAKERY_VAT)
        finding = self.refused(second)
        self.assertEqual(finding.code, "relation_taken")
        self.assertEqual(finding.params["contact"], "First")
        self.assertEqual(self.count()[1], 0)

    def test_x16_a_namesake_of_another_contact_is_another_person(self):
        self.ensure(self.person("Jan Janssens"))
        other = self.person("Jan Janssens")
        relation = self.ensure(other)
        self.assertEqual(relation.link_origin, "created")
        self.assertEqual(len(self.there("Jan Janssens")), 2)

    def test_x16_a_percent_sign_in_a_name_is_no_wildcard(self):
        self.assertEqual(self.ensure(self.person("Jan%")).link_origin, "created")

    def test_x16_every_form_of_not_found_is_survived(self):
        """api.md §4.1: empty list, 404 or an error object."""
        for number, answer in enumerate(("empty", "404", "error")):
            self.sandbox.world.set_switches({"relation_not_found": answer})
            with self.subTest(answer):
                relation = self.ensure(self.person(f"Nobody {number}"))
                self.assertEqual(relation.link_origin, "created")

    def test_x16_an_inactive_relation_is_a_relation(self):
        there = self.by_hand("Zee en Zon BV", active=False)
        relation = self.ensure(self.contact())
        self.assertEqual(relation.octopus_id, there.id)
        self.assertFalse(relation.active)
        self.assertEqual(self.ensure(relation.partner_id), relation)


class TestCreate(RelationCase):
    def test_e1_a_new_relation_costs_two_calls(self):
        """E.1, E.12, X.15: what Octopus gets, field by field."""
        self.env["res.lang"]._activate_lang("fr_BE")
        contact = self.contact(
            street="Zeedijk 1",
            street2="bus 2",
            zip="8400",
            city="Oostende",
            lang="fr_BE",
            email="Info@ZeeEnZon.example",
            phone="+32 59 70 00 00",
        )
        self.env["res.partner.bank"].create(
            {"acc_number": "BE71 0961 2345 6769", "partner_id": contact.id}
        )
        relation = self.ensure(contact)
        self.assertEqual(self.count(), (1, 1))
        (there,) = self.there("Zee en Zon BV")
        expected = {
            "id": relation.octopus_id,
            "external_id": contact.id,
            "client": True,
            "supplier": False,
            "street_and_nr": "Zeedijk 1, bus 2",
            "postal_code": "8400",
            "city": "Oostende",
            "country": "BE",
            "email": "info@zeeenzon.example",
            "telephone": "+32 59 70 00 00",
            "iban_account_nr": "BE71096123456769",
            "currency_code": "EUR",
            "vat_nr": vat_number("07001001"),
            "vat_type": 1,
            "fact_language": 1,
            "expiration_type": 2,
            "expiration_days": 30,
            "participant_id": f"{contact.peppol_eas}:{contact.peppol_endpoint}",
        }
        found = asdict(there)
        self.assertEqual({name: found[name] for name in expected}, expected)
        self.assertEqual(relation.link_origin, "created")
        self.assertEqual(contact.octopus_relation_number, there.id)

    def test_e12_the_company_may_want_to_be_asked_first(self):
        self.company.octopus_relation_policy = "ask"
        contact = self.contact()
        self.assertEqual(self.refused(contact).code, "relation_undecided")
        self.assertEqual(self.count(), (1, 0))
        contact.action_octopus_allow_creation()
        self.assertEqual(self.ensure(contact).link_origin, "created")

    def test_e12_asking_first_still_finds_what_is_there(self):
        self.company.octopus_relation_policy = "ask"
        self.by_hand("Zee en Zon BV")
        self.assertEqual(self.ensure(self.contact()).link_origin, "name")

    def test_x16_a_person_may_say_that_none_of_several_is_it(self):
        self.by_hand("Piet Claes")
        self.by_hand("Piet Claes")
        contact = self.person("Piet Claes")
        contact.action_octopus_allow_creation()
        relation = self.ensure(contact)
        self.assertEqual(relation.link_origin, "created")
        self.assertEqual(len(self.there("Piet Claes")), 3)
        self.assertEqual(self.ensure(contact), relation)

    def test_x14_a_country_is_needed(self):
        finding = self.refused(self.contact(country_id=False))
        self.assertEqual(finding.code, "country_missing")
        self.assertEqual(self.count()[1], 0)

    def test_x13_the_vat_type_is_needed(self):
        finding = self.refused(self.contact(vat=False))
        self.assertEqual(finding.code, "vat_type_undecided")

    def test_x15_a_malformed_vat_number_is_refused_before_any_write(self):
        contact = self.contact(vat=False)
        contact.with_context(no_vat_validation=True).vat = "BE0123456789"
        finding = self.refused(contact)
        self.assertEqual(finding.code, "vat_number_malformed")
        self.assertEqual(finding.params["vat"], contact.vat)
        self.assertEqual(self.count()[1], 0)

    def test_x15_a_malformed_email_is_left_out(self):
        contact = self.contact(email="not an address")
        self.ensure(contact)
        self.assertEqual(self.there("Zee en Zon BV")[0].email, "")
        (finding,) = contact.octopus_findings()
        self.assertEqual((finding.code, finding.severity), ("email_left_out", "warn"))

    def test_x23_an_answer_that_never_came_does_not_make_a_second_relation(self):
        contact = self.contact()
        self.sandbox.world.faults.add("close", operation=SAVE, when="after")
        with self.assertRaises(OctopusUnknownOutcome):
            self.ensure(contact)
        relation = self.ensure(contact)
        (there,) = self.there("Zee en Zon BV")
        self.assertEqual(relation.octopus_id, there.id)

    def test_x23_the_same_with_several_namesakes(self):
        """The external number is what makes the repetition safe."""
        for _number in range(2):
            self.by_hand("Piet Claes")
        contact = self.person("Piet Claes")
        contact.action_octopus_allow_creation()
        self.sandbox.world.faults.add("close", operation=SAVE, when="after")
        with self.assertRaises(OctopusUnknownOutcome):
            self.ensure(contact)
        self.assertEqual(self.ensure(contact).external_id, contact.id)
        self.assertEqual(len(self.there("Piet Claes")), 3)

    def test_x23_octopus_merging_instead_of_creating_is_read_back(self):
        """api.md §2.3: a PUT that finds the external number answers 204, no body."""
        contact = self.contact()
        with self.dossier.client() as octopus:
            octopus = _Blind(octopus)
            there = self.by_hand("Zee en Zon BV")
            there.external_id = contact.id
            relations = RelationSender(self.env, self.dossier, octopus)
            relation = relations.ensure(contact, client=True, supplier=False)
        self.assertEqual(relation.octopus_id, there.id)
        self.assertEqual(len(self.there("Zee en Zon BV")), 1)

    def test_x25_a_refusal_leaves_nothing_behind(self):
        self.sandbox.world.set_switches({"relation_country": "required"})
        contact = self.contact()
        self.sandbox.world.faults.add("status", operation=SAVE, status=503)
        with self.assertRaises(OctopusError):
            self.ensure(contact)
        self.assertFalse(contact.octopus_relation_ids)
        self.assertTrue(self.ensure(contact))

    def test_x24_a_contact_that_another_worker_handles_waits(self):
        contact = self.contact()
        with self.locked_elsewhere(contact):
            finding = self.refused(contact)
        self.assertEqual((finding.code, finding.severity), ("relation_busy", "wait"))
        self.assertEqual(self.count(), (0, 0))

    @contextmanager
    def locked_elsewhere(self, contact):
        """A lock that fails cannot be had in one transaction: say that it fails."""
        self.patch(
            type(contact),
            "try_lock_for_update",
            lambda records, **options: records.browse(),
        )
        yield


class TestRoles(RelationCase):
    def both_merges(self):
        """api.md §5: what a merge does with fields left out is unknown."""
        for value in ("keep", "blank"):
            self.sandbox.world.set_switches({"merge_missing": value})
            with self.subTest(merge_missing=value):
                yield value

    def test_x19_a_customer_that_becomes_supplier_stays_one_relation(self):
        (there,) = self.there(BAKERY)
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        for _value in self.both_merges():
            there = self.there(BAKERY)[0]
            there.supplier = False
            self.mirror()
            before = asdict(there)
            relation = self.ensure(contact, client=False, supplier=True)
            self.assertTrue(relation.is_client and relation.is_supplier)
            (after,) = self.there(BAKERY)
            self.assertEqual(asdict(after), {**before, "supplier": True})

    def test_k4_what_the_accountant_changed_meanwhile_is_not_overwritten(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        self.ensure(contact)
        self.there(BAKERY)[0].city = "Tienen"
        self.ensure(contact, client=False, supplier=True)
        (there,) = self.there(BAKERY)
        self.assertEqual((there.city, there.supplier), ("Tienen", True))

    def test_x19_a_role_that_is_there_costs_no_call(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        self.ensure(contact, client=False, supplier=True)
        calls = self.count()
        self.ensure(contact, client=True, supplier=True)
        self.assertEqual(self.count(), calls)

    def test_x18_a_relation_that_is_gone_is_found_or_made_again(self):
        there = self.by_hand("Zee en Zon BV")
        contact = self.contact()
        gone = self.ensure(contact)
        self.books.relations.delete(there.id)
        relation = self.ensure(contact, client=True, supplier=True)
        self.assertTrue(gone.deleted)
        self.assertEqual(gone.partner_id, contact, "history is kept")
        self.assertNotEqual(relation, gone)
        self.assertEqual(contact.octopus_relation_number, relation.octopus_id)


class TestWithoutSearch(RelationCase):
    def ensure(self, partner, client=True, supplier=False, **options):
        with self.dossier.client() as octopus:
            relations = RelationSender(self.env, self.dossier, _NoSearch(octopus))
            return relations.ensure(partner, client, supplier, **options)

    def test_x16_a_transport_without_search_reads_what_changed(self):
        there = self.by_hand("Zee en Zon BV")
        # What was read in the last minute is not read again.
        self.dossier.sudo().relations_since -= timedelta(minutes=2)
        self.assertEqual(self.ensure(self.contact()).octopus_id, there.id)
        self.assertFalse(self.calls(SEARCH))

    def test_x23_a_number_that_is_not_told_is_never_guessed(self):
        """A relation without external number is not taken for the one just made."""
        contact = self.contact()
        self.by_hand("Somebody Else").external_id = contact.id
        self.by_hand("One Without Number")
        self.mirror()
        with self.dossier.client() as octopus:
            silent = _Silent(_NoSearch(octopus))
            relations = RelationSender(self.env, self.dossier, silent)
            with self.assertRaises(OctopusUnknownOutcome):
                relations.ensure(contact, client=True, supplier=False)
        self.assertFalse(contact.octopus_relation_ids)
        self.assertEqual(self.ensure(contact).name, contact.name)
        self.assertEqual(len(self.there(contact.name)), 1)

    def test_e12_and_creates_what_is_not_there(self):
        contact = self.contact()
        self.assertEqual(self.ensure(contact).link_origin, "created")
        self.assertTrue(self.ensure(contact, supplier=True).is_supplier)
        self.assertFalse(self.calls(SEARCH))


class _Wrapped:
    """A dossier client with one thing different, as another transport would be."""

    def __init__(self, octopus):
        self._octopus = octopus

    def __getattr__(self, name):
        return getattr(self._octopus, name)


class _NoSearch(_Wrapped):
    @property
    def capabilities(self):
        return self._octopus.capabilities - {Capability.RELATION_SEARCH}


class _Silent(_Wrapped):
    """Saves a relation without telling its number, as SOAP does."""

    def upsert_relation(self, relation):
        self._octopus.upsert_relation(relation)


class _Blind(_Wrapped):
    """Finds nothing at first: the relation comes between the search and the write."""

    def find_relations(self, **conditions):
        if "name" in conditions:
            return []
        return self._octopus.find_relations(**conditions)


class TestMirror(RelationCase):
    def test_x18_a_deleted_relation_keeps_its_contact_as_history(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        relation = self.ensure(contact)
        gone = Relation(id=relation.octopus_id, name=BAKERY, currency="EUR")
        mirror_relations(self.dossier, [], [gone])
        self.assertTrue(relation.deleted)
        self.assertEqual(relation.partner_id, contact)
        self.assertEqual(contact.octopus_relation_number, 0)
        self.assertFalse(Relations(self.env, self.dossier).known(contact))

    def test_x18_a_relation_that_comes_back_keeps_its_contact(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        relation = self.ensure(contact)
        mirror_relations(self.dossier, [], [relation_as_read(relation)])
        self.assertEqual(self.ensure(contact), relation)
        self.assertFalse(relation.deleted)
        self.assertEqual(relation.partner_id, contact)

    def test_x18_a_relation_that_comes_back_gives_way_to_its_successor(self):
        contact = self.contact("De Molen", vat=BAKERY_VAT)
        relation = self.ensure(contact)
        value = relation_as_read(relation)
        mirror_relations(self.dossier, [], [value])
        (successor,) = self.relations.search([("name", "=", "Jan Janssens")])
        successor.with_context(octopus_partner_id=contact.id).action_link()
        mirror_relations(self.dossier, [value])
        self.assertFalse(relation.deleted)
        self.assertFalse(relation.partner_id)
        self.assertEqual(successor.partner_id, contact)

    def test_k4_every_field_of_a_relation_comes_back_as_it_was_read(self):
        with self.dossier.client() as octopus:
            values = octopus.relations()
        self.assertGreater(len(values), 2)
        rows = mirror_relations(self.dossier, values)
        self.assertEqual([relation_as_read(row) for row in rows], values)

    def test_x16_reading_the_same_again_writes_nothing(self):
        rows = self.mirror()
        self.env.flush_all()
        with self.dossier.client() as octopus:
            values = octopus.relations()
        with self.assertQueryCount(2):
            mirror_relations(self.dossier, values)
            self.env.flush_all()
        self.assertTrue(rows)


class TestDecisions(RelationCase):
    def candidates(self):
        self.by_hand("Piet Claes")
        self.by_hand("Piet Claes")
        contact = self.person("Piet Claes")
        self.refused(contact)
        return contact, contact.octopus_candidate_ids

    def choose(self, relation, contact, user=None):
        relation.with_user(user or self.env.user).with_context(
            octopus_partner_id=contact.id
        ).action_link()

    def test_x16_a_person_chooses_one_of_several(self):
        contact, candidates = self.candidates()
        self.choose(candidates[1], contact)
        relation = self.ensure(contact)
        self.assertEqual((relation, relation.link_origin), (candidates[1], "person"))
        self.assertFalse(contact.octopus_candidate_ids)

    def test_x16_choosing_another_moves_the_link(self):
        contact, candidates = self.candidates()
        self.choose(candidates[0], contact)
        self.choose(candidates[1], contact)
        self.assertFalse(candidates[0].partner_id)
        self.assertEqual(contact.octopus_relation_number, candidates[1].octopus_id)

    def test_x16_a_relation_of_another_contact_can_not_be_chosen(self):
        first = self.contact("First", vat=BAKERY_VAT)
        relation = self.ensure(first)
        with self.assertRaisesRegex(UserError, "First"):
            self.choose(relation, self.person())

    def test_a12_only_a_manager_chooses_and_removes_links(self):
        contact, candidates = self.candidates()
        user = new_test_user(
            self.env,
            "octopus-user",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.choose(candidates[0], contact, user)
        with self.assertRaises(AccessError):
            candidates[0].with_user(user).action_unlink_partner()

    def test_x18_find_again_links_what_is_sure(self):
        contact = self.contact()
        self.by_hand("Zee en Zon BV")
        message = contact.action_octopus_find()["params"]["message"]
        self.assertEqual(contact.octopus_relation_ids.link_origin, "name")
        self.assertIn("is relation", message)
        self.assertEqual(self.count(), (1, 0))

    def test_x18_find_again_notices_that_a_relation_is_gone(self):
        there = self.by_hand("Zee en Zon BV")
        contact = self.contact()
        relation = self.ensure(contact)
        self.books.relations.delete(there.id)
        message = contact.action_octopus_find()["params"]["message"]
        self.assertIn("is not in", message)
        self.assertTrue(relation.deleted)

    def test_x44_find_again_says_that_octopus_does_not_answer(self):
        contact = self.contact()
        self.sandbox.world.faults.add("status", operation=SEARCH, status=503)
        message = contact.action_octopus_find()["params"]["message"]
        self.assertIn("does not answer", message)


class TestMergeContacts(RelationCase):
    def merge(self, *contacts):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([contact.id for contact in contacts], contacts[0])

    def test_e7_merging_contacts_keeps_the_relation(self):
        relation = self.ensure(self.contact("Double", vat=BAKERY_VAT))
        stays = self.contact("Stays", vat=BAKERY_VAT)
        self.merge(stays, relation.partner_id)
        self.assertEqual(relation.partner_id, stays)
        self.assertEqual(self.ensure(stays), relation)

    def test_e7_two_relations_are_asked_about(self):
        first = self.ensure(self.contact("First", vat=BAKERY_VAT))
        second = self.ensure(self.person("Jan Janssens"))
        with self.assertRaisesRegex(UserError, "different relations"):
            self.merge(first.partner_id, second.partner_id)
        self.assertEqual(first.partner_id.name, "First")
        self.assertEqual(second.partner_id.name, "Jan Janssens")
