"""What Octopus is told about a contact (D.13, E.6, X.13-X.15), without calls."""

from odoo.tests import tagged

from ..company import CompanyCase


@tagged("standard", "post_install", "-at_install")
class PartnerCase(CompanyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("octopus_connector.group_manager")
        cls.settings = cls.env.company

    def contact(self, country="be", **values):
        return self.env["res.partner"].create(
            {
                "name": "Contact",
                "is_company": True,
                "country_id": country and self.env.ref(f"base.{country}").id,
                **values,
            }
        )

    def values(self, contact, **options):
        return contact.octopus_relation_values(self.settings, **options)

    def position(self, xmlid):
        return self.env["account.chart.template"].ref(xmlid)


class TestVatType(PartnerCase):
    def test_x13_the_vat_type_follows_from_country_number_and_kind(self):
        """Codes of api.md §4.1; None: a person must choose."""
        cases = (
            ("be", "BE0477472701", True, 1),
            ("be", False, True, None),
            ("be", "/", True, None),
            ("be", False, False, 7),
            ("nl", "NL123456782B90", True, 4),
            ("nl", False, True, None),
            ("nl", False, False, 8),
            ("us", "123456789", True, 6),
            ("us", False, True, 6),
            ("us", False, False, 9),
            (None, False, True, None),
            (None, False, False, None),
        )
        for country, vat, is_company, expected in cases:
            contact = self.contact(country, vat=vat, is_company=is_company)
            with self.subTest(country=country, vat=vat, is_company=is_company):
                self.assertEqual(contact._octopus_vat_type(), expected)
                shown = contact.octopus_derived_vat_type
                self.assertEqual(shown, str(expected) if expected else False)

    def test_d13_the_fiscal_position_of_the_document_has_a_say(self):
        company = self.contact("nl")
        consumer = self.position("fiscal_position_template_5")
        self.assertEqual(company._octopus_vat_type(consumer), 8)
        liable = self.position("fiscal_position_template_3")
        person = self.contact("nl", is_company=False)
        self.assertIsNone(person._octopus_vat_type(liable))
        cocontractor = self.position("fiscal_position_template_4")
        customer = self.contact("be", vat="BE0477472701")
        self.assertEqual(customer._octopus_vat_type(cocontractor), 1)

    def test_x13_a_person_may_override_it(self):
        contact = self.contact("be")
        contact.octopus_vat_type = "10"
        self.assertEqual(contact._octopus_vat_type(), 10)
        self.assertFalse(contact.octopus_findings())

    def test_x13_the_company_of_an_address_decides(self):
        contact = self.contact("be", vat="BE0477472701")
        address = self.env["res.partner"].create(
            {"name": "Address", "parent_id": contact.id, "type": "invoice"}
        )
        self.assertEqual(address._octopus_vat_type(), 1)

    def test_x14_each_problem_names_the_contact_and_who_can_mend_it(self):
        texts = self.env["octopus.finding"]
        contact = self.contact(None)
        (finding,) = contact.octopus_findings()
        shown = texts._texts(finding.as_json())
        self.assertEqual(shown["title"], "Contact has no country.")
        self.assertEqual(shown["who"], "You")


class TestValues(PartnerCase):
    def term(self, **line):
        return self.env["account.payment.term"].create(
            {
                "name": "Term",
                "line_ids": [
                    (5, 0, 0),
                    (0, 0, {"value": "percent", "value_amount": 100, **line}),
                ],
            }
        )

    def test_e1_payment_terms_that_octopus_can_express(self):
        cases = (
            ("days_after", 15, {"expiration_type": 2, "expiration_days": 15}),
            (
                "days_after_end_of_month",
                30,
                {"expiration_type": 1, "expiration_days": 30},
            ),
            ("days_after_end_of_next_month", 0, {}),
            ("days_end_of_month_on_the", 0, {}),
        )
        contact = self.contact()
        for delay, days, expected in cases:
            term = self.term(delay_type=delay, nb_days=days)
            contact.property_payment_term_id = term
            values = self.values(contact)
            found = {key: values[key] for key in values if key.startswith("expir")}
            with self.subTest(delay):
                self.assertEqual(found, expected)

    def test_e1_no_term_or_several_parts_are_left_out(self):
        contact = self.contact()
        contact.property_payment_term_id = False
        self.assertNotIn("expiration_type", self.values(contact))
        term = self.term(nb_days=10)
        term.line_ids.value_amount = 50
        term.write({"line_ids": [(0, 0, {"value": "percent", "value_amount": 50})]})
        contact.property_payment_term_id = term
        self.assertNotIn("expiration_type", self.values(contact))

    def test_e1_a_supplier_has_its_own_term(self):
        contact = self.contact()
        contact.property_payment_term_id = self.term(nb_days=10)
        contact.property_supplier_payment_term_id = self.term(nb_days=60)
        self.assertEqual(self.values(contact)["expiration_days"], 10)
        bought = self.values(contact, buy_only=True)
        self.assertEqual(bought["expiration_days"], 60)

    def test_e1_the_language_of_documents(self):
        for lang, number in (("nl_BE", 0), ("fr_BE", 1), ("en_US", 2), ("de_DE", 3)):
            self.env["res.lang"]._activate_lang(lang)
            contact = self.contact(lang=lang)
            with self.subTest(lang):
                self.assertEqual(self.values(contact)["language"], number)
        self.env["res.lang"]._activate_lang("es_ES")
        self.assertEqual(self.values(self.contact(lang="es_ES"))["language"], 2)

    def test_x15_an_email_address_is_normalised_or_left_out(self):
        cases = (
            ("Jan@Example.COM", "jan@example.com"),
            ('"Jan" <jan@example.com>', "jan@example.com"),
            ("jan@example", None),
            ("a@example.com, b@example.com", None),
            (False, None),
        )
        for email, expected in cases:
            with self.subTest(email):
                contact = self.contact(email=email)
                self.assertEqual(self.values(contact)["email"], expected)

    def test_x15_what_is_empty_is_left_out(self):
        values = self.values(self.contact(vat=False))
        empty = {name for name, value in values.items() if value is None}
        self.assertLessEqual(
            {"street", "postal_code", "city", "iban", "vat_number"}, empty
        )

    def test_e6_contacts_without_relation_are_a_filter(self):
        """E.6: number in the current company's dossier; here there is none."""
        contact = self.contact()
        domain = [("id", "=", contact.id)]
        found = self.env["res.partner"].search(
            domain + [("octopus_relation_number", "=", 0)]
        )
        self.assertEqual(found, contact)
        found = self.env["res.partner"].search(
            domain + [("octopus_relation_number", "!=", 0)]
        )
        self.assertFalse(found)

    def test_e6_the_number_is_searched_in_the_dossier_of_the_company(self):
        contact, other = self.contact(), self.contact()
        connection = self.env["octopus.connection"].create({"name": "Test"})
        dossier, second = (
            self.env["octopus.dossier"]
            .sudo()
            .create(
                [
                    {"connection_id": connection.id, "octopus_id": number, "name": "X"}
                    for number in (901, 902)
                ]
            )
        )
        self.settings.write({"octopus_enabled": True, "octopus_dossier_id": dossier.id})
        self.env["octopus.relation"].sudo().create(
            [
                {
                    "dossier_id": owner.id,
                    "octopus_id": 16,
                    "name": "X",
                    "partner_id": partner.id,
                }
                for owner, partner in ((dossier, contact), (second, other))
            ]
        )
        Partner = self.env["res.partner"]
        both = [("id", "in", (contact | other).ids)]
        self.assertEqual(
            Partner.search([*both, ("octopus_relation_number", "=", 16)]), contact
        )
        self.assertEqual(
            Partner.search([*both, ("octopus_relation_number", "=", False)]), other
        )
        self.assertEqual(contact.octopus_relation_number, 16)
        self.assertEqual(other.octopus_relation_number, 0)
