"""Who is who: VAT types, VAT numbers and names as two systems keep them.

Read with: odoo/odoo#244537 (a number with dots made a second contact), and
erp-mafia/accounted#788 (parties without a number were made again by each run).
"""

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.core.findings import FindingError
from odoo.addons.octopus_connector.prepare.relations import Relations
from odoo.addons.octopus_connector.sync.relations import mirror_relations

from octopus_sandbox.seed.belgium import vat_number

from ..flows.outbox_case import OutboxCase
from ..flows.remittance_case import INSERT, MATCH, UNMATCH, RemittanceCase
from ..models.test_partner import PartnerCase
from ..models.test_relation import BAKERY, BAKERY_VAT, RelationCase

SPANISH, ANOTHER = "ESA58818501", "ESB58818501"


class TestVatTypeFollowsTheNumber(PartnerCase):
    def test_x53_number_first_then_country_then_territory(self):
        cases = (
            # A foreign address with a Belgian number, and the other way round.
            ("nl", "BE0246697724", {}, 1),
            ("us", "BE0246697724", {}, 1),
            ("be", "NL123456782B90", {}, 4),
            ("us", "NL123456782B90", {}, 4),
            ("be", "CHE123456788", {}, 6),
            ("be", "0246697724", {}, 1),
            ("gr", "EL123456783", {}, 4),
            # In a member of the EU, but outside its VAT area.
            ("es", False, {"zip": "35001"}, 6),
            ("es", False, {"state_id": "base.state_es_tf"}, 6),
            ("es", False, {"zip": "38001", "is_company": False}, 9),
            ("es", "ESA58818501", {"state_id": "base.state_es_gc"}, 6),
            ("es", "ESA58818501", {"zip": "28001"}, 4),
            ("fi", False, {"zip": "22100", "is_company": False}, 9),
            ("de", False, {"zip": "78266", "is_company": False}, 9),
            ("it", False, {"zip": "23041", "is_company": False}, 9),
            ("fr", False, {"zip": "97400", "is_company": False}, 9),
            ("re", "FR23334175221", {}, 6),
            ("re", False, {"is_company": False}, 9),
            ("fr", False, {"zip": "75001", "is_company": False}, 8),
            # Outside the EU on the map, inside its VAT area.
            ("mc", False, {"is_company": False}, 8),
            ("mc", "FR23334175221", {}, 4),
            ("uk", "XI123456782", {}, 4),
            ("uk", "GB123456782", {}, 6),
        )
        for country, vat, more, expected in cases:
            values = dict(more)
            if "state_id" in values:
                values["state_id"] = self.env.ref(values["state_id"]).id
            contact = self.contact(country)
            contact.with_context(no_vat_validation=True).write({"vat": vat, **values})
            with self.subTest(country=country, vat=vat, **more):
                self.assertEqual(contact._octopus_vat_type(), expected)

    def test_x53_a_number_is_checked_by_the_rules_of_its_own_country(self):
        cases = (
            ("be", "CHE123456788MWST", False),
            ("ch", "BE0246697724", False),
            ("us", "BE0246697724", False),
            ("nl", "BE0246697725", True),
            ("be", "NL123456782B90", False),
            ("gr", "EL123456783", False),
        )
        for country, vat, malformed in cases:
            contact = self.contact(country)
            contact.with_context(no_vat_validation=True).vat = vat
            with self.subTest(country=country, vat=vat):
                self.assertIs(contact._octopus_vat_is_malformed(), malformed)


class TestLettersOfANumber(RelationCase):
    def test_x54_numbers_that_differ_in_a_letter_are_two_parties(self):
        cases = (
            (SPANISH, ANOTHER),
            ("NL123456782B01", "NL123456782B02"),
            ("FRK7399859412", "FRX7399859412"),
            ("IE6433435F", "IE6433435OA"),
        )
        for known, _number in cases:
            self.by_hand(f"Known {known}", country=known[:2], vat_nr=known)
        self.mirror()
        for _known, number in cases:
            contact = self.contact(f"Other {number}", vat=False)
            country = self.env["res.country"].search([("code", "=", number[:2])])
            contact.with_context(no_vat_validation=True).write(
                {"vat": number, "country_id": country.id}
            )
            with self.subTest(number):
                relation, candidates = Relations(self.env, self.dossier).find(contact)
                self.assertFalse(relation | candidates)

    def test_x54_no_invoice_goes_to_the_other_company(self):
        there = self.by_hand("Uno", country="ES", vat_nr=SPANISH)
        self.mirror()
        contact = self.contact("Dos", vat=False, country_id=self.env.ref("base.es").id)
        contact.with_context(no_vat_validation=True).vat = ANOTHER
        self.assertNotEqual(self.ensure(contact).octopus_id, there.id)

    def test_x54_both_may_be_contacts(self):
        spain = self.env.ref("base.es")
        first = self.contact("Uno", vat=False, country_id=spain.id)
        second = self.contact("Dos", vat=False, country_id=spain.id)
        first.with_context(no_vat_validation=True).vat = SPANISH
        second.with_context(no_vat_validation=True).vat = ANOTHER
        self.assertNotEqual(self.ensure(first), self.ensure(second))

    def test_x54_a_number_that_tells_no_country_is_asked_about(self):
        there = self.by_hand("Somebody", vat_nr=BAKERY_VAT[2:])
        there.country = "  "
        self.books.relations.search(name=BAKERY)[0].vat_nr = ""
        self.mirror()
        contact = self.contact("Somebody else", vat=BAKERY_VAT)
        self.assertEqual(self.refused(contact).code, "relation_needs_confirmation")


class TestNamesAsOctopusKeepsThem(RelationCase):
    def found(self, number, name, **values):
        """Who a contact is when Octopus has a relation: that one, or a finding."""
        contact = self.contact(name, vat=False, **values)
        try:
            relation = self.ensure(contact)
        except FindingError as error:
            self.assertIn(
                number,
                contact.octopus_candidate_ids.mapped("octopus_id"),
                "what is asked about can be chosen",
            )
            return error.findings[0].code
        self.assertEqual(relation.octopus_id, number, "a second relation")
        return "found"

    def test_x60_names_of_one_party_are_found_or_asked_about(self):
        asked = "relation_needs_confirmation"
        cases = (
            ({"name": "Peeters", "first_name": "Jan"}, "Jan Peeters", "found"),
            ({"name": "Claes", "first_name": "Els"}, "Claes Els", "found"),
            ({"name": "Jo Maes", "first_name": "Jo"}, "Jo Maes", "found"),
            ({"name": "Vzw De Linde"}, "Vzw  De Linde", "found"),
            ({"name": "De Eik vzw"}, "VZW De Eik", "found"),
            ({"name": "De Beuk B.V."}, "De Beuk BV", "found"),
            ({"name": "Café Ünal"}, "Cafe Unal", "found"),
            ({"name": "De Olm"}, "De Olm NV", asked),
            ({"name": "De Spar BVBA"}, "De Spar BV", asked),
            ({"name": "Maes Piet"}, "Piet Maes", asked),
            ({"name": "Smets & Zoon"}, "Smets, Zoon", "found"),
        )
        numbers = [self.by_hand(**there).id for there, _name, _expected in cases]
        self.mirror()
        for number, (there, name, expected) in zip(numbers, cases, strict=True):
            person = "first_name" in there
            with self.subTest(name):
                found = self.found(number, name, is_company=not person)
                self.assertEqual(found, expected)

    def test_x60_a_first_name_apart_is_found_without_the_mirror(self):
        there = self.by_hand("De Smet", first_name="Ann", vat_type=7)
        relation = self.ensure(self.person("Ann De Smet"))
        self.assertEqual(relation.octopus_id, there.id)
        self.assertEqual(self.count(), (2, 0))

    def test_x60_an_enterprise_number_is_an_identity(self):
        there = self.by_hand("Not the name", vat_nr=vat_number("07003003"))
        self.mirror()
        number = vat_number("07003003")[2:].replace(".", "")
        contact = self.contact("Vrienden", vat=False, company_registry=number)
        relation = self.ensure(contact)
        self.assertEqual((relation.octopus_id, relation.link_origin), (there.id, "vat"))

    def test_x60_another_enterprise_number_is_another_party(self):
        self.by_hand("Vrienden", vat_nr=vat_number("07004004"))
        self.mirror()
        number = vat_number("07005005")[2:].replace(".", "")
        contact = self.contact("Vrienden", vat=False, company_registry=number)
        found, candidates = Relations(self.env, self.dossier).find(contact)
        self.assertFalse(found | candidates)

    def test_x60_several_with_one_number_are_told_apart(self):
        number = vat_number("07006006")
        for city, client in (("Gent", True), ("Brugge", False)):
            roles = {"client": client, "supplier": not client}
            self.by_hand("Kade", **{"vat_nr": number, "city": city, **roles})
        self.mirror()
        contact = self.contact("Kade", vat=number.replace(".", ""))
        finding = self.refused(contact)
        self.assertEqual(finding.code, "relation_several")
        text = self.env["octopus.finding"].sentences(finding.as_json())
        for part in ("Gent", "Brugge", "Customer", "Supplier"):
            self.assertIn(part, text)


class TestIdentityThatChanges(OutboxCase):
    """A contact is linked, and becomes somebody else or part of something."""

    def booked(self, **values):
        row = self.send(self.document(**values))
        self.assertEqual(row.state, "booked", row.findings)
        return row

    def linked(self, **values):
        contact = self.env["res.partner"].create(
            {
                "name": "Lijn BV",
                **self.belgian_company(vat_number("07010010")),
                **values,
            }
        )
        contact.property_payment_term_id = False
        return contact

    def test_x55_another_number_and_name_are_asked_about(self):
        contact = self.linked()
        relation = self.booked(partner_id=contact.id).relation_id
        contact.write({"name": "Andere NV", "vat": vat_number("07011011")})
        move = self.document(partner_id=contact.id)
        codes = [it.code for it in move.octopus_prepare()[move.id].findings]
        self.assertIn("relation_changed", codes, "the preview tells it")
        row = self.send(move)
        self.assert_held(row, "blocked", "relation_changed")
        contact.octopus_relation_ids.action_confirm_link()
        row = self.send(move)
        self.assertEqual((row.state, row.relation_id), ("booked", relation))

    def test_x55_without_the_link_the_right_relation_is_looked_for(self):
        contact = self.linked()
        old = self.booked(partner_id=contact.id).relation_id
        contact.write({"name": "Andere NV", "vat": vat_number("07011011")})
        contact.octopus_relation_ids.action_unlink_partner()
        row = self.booked(partner_id=contact.id)
        self.assertNotEqual(row.relation_id, old)

    def test_x55_the_accountant_may_give_the_relation_to_somebody_else(self):
        contact = self.linked()
        relation = self.booked(partner_id=contact.id).relation_id
        there = self.books.dossier.relations[relation.octopus_id]
        there.name, there.vat_nr = "Iemand anders", vat_number("07012012")
        with self.dossier.client() as octopus:
            mirror_relations(self.dossier, octopus.relations())
        self.assertEqual(relation.name, "Iemand anders")
        self.assertTrue(relation.identity_changed, relation.linked_as)
        row = self.send(self.document(partner_id=contact.id))
        self.assert_held(row, "blocked", "relation_changed")

    def test_x55_a_person_without_number_gets_another_name(self):
        contact = self.linked(is_company=False, vat=False, name="Jan Peeters")
        self.booked(partner_id=contact.id)
        contact.name = "Piet Claes"
        row = self.send(self.document(partner_id=contact.id))
        self.assert_held(row, "blocked", "relation_changed")
        contact.name = "jan  peeters"
        self.assertEqual(row.state, "ready", "it is looked at again")
        row = self.send(row.move_id)
        self.assertEqual(row.state, "booked")

    def test_x55_a_new_name_with_the_same_number_is_the_same_party(self):
        contact = self.linked()
        relation = self.booked(partner_id=contact.id).relation_id
        contact.name = "Lijn en Zonen NV"
        self.assertEqual(self.booked(partner_id=contact.id).relation_id, relation)

    def test_x55_a_contact_that_becomes_part_of_a_company_keeps_its_link(self):
        contact = self.linked(is_company=False)
        first = self.booked(partner_id=contact.id)
        company = self.env["res.partner"].create(
            {"name": "Lijn Groep", **self.belgian_company(contact.vat)}
        )
        waiting = self.document(partner_id=contact.id)
        contact.parent_id = company
        self.assertEqual(first.relation_id.partner_id, company)
        self.assertEqual(
            first.move_id.octopus_relation_number, first.relation_id.octopus_id
        )
        for move in (waiting, self.document(partner_id=contact.id)):
            row = self.send(move)
            self.assertEqual(
                (row.state, row.relation_id), ("booked", first.relation_id)
            )
        document = first.move_id.octopus_prepare()[first.move_id.id]
        self.assertFalse(document.stops)
        self.assertEqual(document.fingerprint, first.fingerprint)
        self.assertEqual(first.state, "booked")

    def test_x55_odoo_lets_no_contact_with_invoices_join_another_party(self):
        contact = self.linked(is_company=False)
        first = self.booked(partner_id=contact.id)
        other = self.linked(name="Zaak NV", vat=vat_number("07013013"))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            contact.parent_id = other
        self.assertEqual(first.relation_id.partner_id, contact)


class TestPaymentsOfAContactThatChanges(RemittanceCase):
    """What was sent and matched for a contact stays, whatever becomes of it."""

    def paid_in_advance(self):
        """An invoice of 121, and 150 paid for it: 29 is left."""
        contact = self.env["res.partner"].create(
            {"name": "Brug BV", **self.belgian_company(vat_number("07020020"))}
        )
        invoice = self.booked(partner_id=contact.id)
        self.relation(contact).link_contact(contact, "created")
        payment = self.pay(invoice, amount=150.0)
        self.push()
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual(self.matched(row), {self.name(invoice): 121})
        return contact, invoice, row

    def assert_left_alone(self, invoice, row):
        sent = self.calls_made()
        for _time in range(2):
            self.pull()
            self.push()
        writes = {INSERT, MATCH, UNMATCH}
        self.assertFalse(writes.intersection(self.calls_made()[len(sent) :]))
        self.assert_booked(row)
        self.assertEqual(row.match_state, "done")
        self.assertEqual(self.matched(row), {self.name(invoice): 121})
        self.assertEqual(self.env["octopus.payment"].search_count([]), 1)

    def test_x55_a_parent_company_with_the_same_number(self):
        contact, invoice, row = self.paid_in_advance()
        contact.is_company = False
        contact.parent_id = self.env["res.partner"].create(
            {"name": "Brug Groep", **self.belgian_company(contact.vat)}
        )
        self.assert_left_alone(invoice, row)
        again = self.booked(partner_id=contact.id)
        self.assertEqual(again.relation_id, invoice.relation_id)

    def test_x55_another_number_and_name(self):
        contact, invoice, row = self.paid_in_advance()
        contact.write({"name": "Elders", "vat": vat_number("07022022")})
        self.assert_left_alone(invoice, row)

    def test_x55_merged_with_another_contact(self):
        contact, invoice, row = self.paid_in_advance()
        other = self.env["res.partner"].create({"name": "Brug", "is_company": True})
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([contact.id, other.id], other)
        self.assert_left_alone(invoice, row)

    def test_x55_a_new_payment_of_a_changed_contact_waits_for_a_person(self):
        contact, _invoice, row = self.paid_in_advance()
        contact.write({"name": "Elders", "vat": vat_number("07022022")})
        payment = self.env["account.payment"].create(
            {
                "partner_id": contact.id,
                "amount": 10.0,
                "journal_id": self.bank.id,
                "date": self.today,
            }
        )
        payment.action_post()
        self.push()
        self.assertEqual(self.row(payment).state, "blocked")
        self.assertEqual(self.row(payment).cause, "relation_changed")
        contact.octopus_relation_ids.action_confirm_link()
        self.push()
        self.assert_booked(self.row(payment))
        self.assert_booked(row)
