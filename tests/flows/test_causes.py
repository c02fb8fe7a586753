"""What stops documents, by what is missing; solved once, all of them go (Z.3, X.8)."""

from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal
from octopus_sandbox.state.texts import message

from .outbox_case import INSERT, OutboxCase
from .remittance_case import RemittanceCase
from .test_cost_centres import CostsMixin

# What the list asks for after somebody chose.
SHOWN = {"name": {}, "document_count": {}, "going_count": {}, "amount": {}, "who": {}}


class CausesCase(OutboxCase):
    def causes(self, **values):
        """Return what is to solve, of a code or kind."""
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["octopus.cause"].search(domain)

    def unmap(self, move):
        """Take the choice for a document's account back; return its mapping."""
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        mapping.octopus_account_id = False
        return mapping

    def untax(self, move):
        """The same for its tax."""
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", move.invoice_line_ids.tax_ids.id)]
        )
        mapping.write({"vat_code_id": False, "refund_vat_code_id": False})
        return mapping

    def blocked(self, *moves):
        """Ask for documents that something stops; return their rows."""
        rows = self.queue(*moves)
        self.push()
        self.assertEqual(set(rows.mapped("state")), {"blocked"}, rows.mapped("cause"))
        return rows

    def choose(self, cause, **values):
        """Choose in the list, as the web client saves a row of it."""
        [told] = cause.web_save(values, SHOWN)
        return told

    def vat_code(self, code="21", kind="sell"):
        codes = self.dossier.vat_code_ids
        return codes.filtered(lambda it: (it.type, it.code) == (kind, code))

    def account(self, number=700000):
        return self.dossier.account_ids.filtered(lambda it: it.number == number)

    def person(self, groups="octopus_connector.group_user", **values):
        return new_test_user(
            self.env,
            login=f"person-{groups[-4:]}-{len(values)}",
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            **values,
        )


class TestOneFix(CausesCase):
    def contact(self, **values):
        """Return a contact of which nothing says what it is for VAT."""
        belgium = self.env.ref("base.be").id
        values = {"is_company": True, "country_id": belgium, "vat": False, **values}
        return self.env["res.partner"].create({"name": "Vereniging Z", **values})

    def test_z3_a_vat_type_that_is_chosen_lets_the_documents_go(self):
        for name, chosen in (("octopus_vat_type", "10"), ("is_company", False)):
            with self.subTest(name):
                partner = self.contact(name=f"Vereniging {name}")
                move = self.document(partner_id=partner.id)
                row = self.blocked(move)
                self.assertEqual(row.cause, "vat_type_undecided")
                partner[name] = chosen
                self.assertEqual(row.state, "ready", "it is looked at again")
                self.push()
                self.assert_booked(row)

    def test_z3_x8_twelve_documents_lack_one_vat_code_and_all_go(self):
        moves = [self.document(lines=[(100.0 + it, None)]) for it in range(11)]
        moves.append(self.document("out_refund"))
        mapping = self.untax(moves[0])
        rows = self.blocked(*moves)
        [cause] = self.causes()
        self.assertEqual((cause.kind, cause.code), ("tax", "tax_not_mapped"))
        self.assertEqual((cause.document_count, cause.going_count), (12, 0))
        self.assertEqual(cause.stopped_text, "12 documents")
        amount = sum(Decimal(str(it.amount_total)) for it in moves)
        self.assertEqual(Decimal(str(cause.amount)), amount, "a credit note adds")
        self.assertIn(mapping.tax_id.display_name, cause.name)
        self.assertEqual(cause.tax_mapping_id, mapping)
        told = self.choose(cause, vat_code_id=self.vat_code().id)
        self.assertEqual((told["document_count"], told["going_count"]), (0, 12))
        self.assertEqual(mapping.state, "accepted")
        self.assertEqual(set(rows.mapped("state")), {"ready"})
        self.push()
        for row in rows:
            self.assert_booked(row)
        self.assertFalse(self.causes())

    def test_z3_a_proposal_is_accepted_on_the_row(self):
        move = self.document()
        mapping = self.unmap(move)
        mapping.propose_for(self.company)
        [row] = self.blocked(move)
        [cause] = self.causes()
        self.assertEqual((cause.mapping_state, mapping.state), ("proposed",) * 2)
        self.assertEqual(cause.octopus_account_id, mapping.octopus_account_id)
        self.assertTrue(cause.reason_text)
        cause.action_accept()
        self.assertEqual((cause.document_count, cause.going_count), (0, 1))
        self.push()
        self.assert_booked(row)

    def test_z3_a_document_that_lacks_two_things_counts_under_both(self):
        both, one = self.document(), self.document("in_invoice")
        other = self.document()
        tax, account = self.untax(both), self.unmap(both)
        self.unmap(one)
        self.blocked(both, one, other)
        causes = self.causes()
        counts = {it._mapping(): it.document_count for it in causes}
        self.assertEqual(counts[tax], 2)
        self.assertEqual(counts[account], 2)
        self.assertEqual(len(causes), 3, causes.mapped("name"))
        self.choose(causes.filtered("tax_mapping_id"), vat_code_id=self.vat_code().id)
        self.push()
        [left] = self.causes().filtered(lambda it: it._mapping() == account)
        self.assertEqual(left.document_count, 2)

    def test_z3_a_cause_opens_exactly_its_documents(self):
        moves = self.document() | self.document()
        other = self.document("in_invoice")
        self.unmap(moves[0])
        self.unmap(other)
        self.blocked(*moves, other)
        for cause in self.causes():
            wanted = moves if cause.document_count == 2 else other
            action = cause.action_documents()
            found = self.env["account.move"].search(action["domain"])
            self.assertEqual(found, wanted)

    def test_z3_an_account_that_came_up_since_can_be_chosen(self):
        """The mappings were proposed before it was used for the first time."""
        account = self.company_data["default_account_revenue"].copy({"code": "799999"})
        move = self.document(lines=[{"price_unit": 100.0, "account_id": account.id}])
        self.env["octopus.account.mapping"].search(
            [("account_id", "=", account.id)]
        ).unlink()
        [row] = self.blocked(move)
        [cause] = self.causes()
        self.assertEqual(cause.account_mapping_id.account_id, account)
        self.choose(cause, octopus_account_id=self.account().id)
        self.push()
        self.assert_booked(row)

    def test_z3_a_journal_is_chosen_for_a_kind_of_documents(self):
        v1 = self.company.octopus_out_invoice_journal_id
        self.company.octopus_out_invoice_journal_id = False
        rows = self.blocked(self.document(), self.document())
        [cause] = self.causes(kind="journal")
        self.assertEqual((cause.journal_type, cause.document_count), ("V", 2))
        self.choose(cause, octopus_journal_id=v1.id)
        self.assertEqual(self.company.octopus_out_invoice_journal_id, v1)
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_z3_each_contact_is_a_cause(self):
        names = ("Nowhere", "Nobody")
        partners = self.env["res.partner"].create(
            [{"name": name, "is_company": True, "country_id": False} for name in names]
        )
        moves = [self.document(partner_id=it.id) for it in (*partners, partners[0])]
        self.blocked(*moves)
        causes = self.causes(code="country_missing")
        counts = {it.finding["ids"][0]: it.document_count for it in causes}
        self.assertEqual(counts, {partners[0].id: 2, partners[1].id: 1})
        self.assertEqual(set(causes.mapped("decider")), {"you"})
        action = causes[0].action_fix()
        self.assertEqual(action["res_model"], "res.partner")

    def test_z3_what_passes_by_itself_is_nothing_to_solve(self):
        self.faults.add("status", operation=INSERT, count=9)
        [row] = self.queue(self.document())
        self.push()
        self.assertNotEqual(row.state, "booked")
        self.assertFalse(self.causes())
        self.faults.clear()


class TestCostCentreCauses(CostsMixin, CausesCase):
    """A cost centre that nobody chose stops documents like an account does (Z.21)."""

    def of_shop(self, *lines):
        """A document of which the lines are the shop's."""
        values = {"analytic_distribution": {str(self.shop.id): 100.0}}
        return self.document(lines=[{"price_unit": 100.0, **values}])

    def undecided(self):
        """Let nobody have chosen for the shop; return its mapping."""
        mapping = self.choose_plan()[self.shop]
        mapping.cost_centre_id = False
        self.assertEqual(mapping.state, "missing")
        return mapping

    def test_z3_z21_a_cost_centre_is_chosen_on_the_row_and_all_go(self):
        mapping = self.undecided()
        rows = self.blocked(self.of_shop(), self.of_shop())
        [cause] = self.causes(kind="cost_centre")
        self.assertEqual(cause.cost_centre_mapping_id, mapping)
        self.assertEqual((cause.mapping_state, cause.document_count), ("missing", 2))
        self.assertFalse(cause.cost_centre_id)
        self.assertEqual(cause.told, cause.name, "it is chosen here")
        told = self.choose(cause, cost_centre_id=self.mirrored()[1].id)
        self.assertEqual((told["document_count"], told["going_count"]), (0, 2))
        self.assertEqual(mapping.state, "accepted")
        self.push()
        for row in rows:
            self.assert_booked(row)
            self.assertEqual({it.cost_centre for it in self.there(row).lines}, {1})
        self.assertFalse(self.causes())

    def test_z3_z21_a_proposal_is_accepted_or_answered_with_none(self):
        mapping = self.undecided()
        mapping.propose_for(self.company)
        [row] = self.blocked(self.of_shop())
        [cause] = self.causes()
        self.assertEqual((cause.mapping_state, cause.can_choose), ("proposed", True))
        self.assertEqual(cause.cost_centre_id, self.mirrored()[1])
        self.assertTrue(cause.reason_text)
        action = cause.action_fix()
        self.assertEqual((action["target"], action["res_id"]), ("new", mapping.id))
        cause.action_accept()
        self.assertEqual((cause.document_count, cause.going_count), (0, 1))
        self.push()
        self.assert_booked(row)
        mapping.cost_centre_id = False
        [other] = self.blocked(self.of_shop())
        mapping.no_cost_centre = True
        self.push()
        self.assert_booked(other)

    def test_z3_z21_who_may_not_choose_asks_an_administrator(self):
        mapping = self.undecided()
        self.blocked(self.of_shop())
        person = self.person()
        [cause] = self.causes().with_user(person)
        self.assertFalse(cause.can_choose)
        with self.assertRaises(AccessError):
            self.choose(cause, cost_centre_id=self.mirrored()[1].id)
        cause.action_ask_administrator()
        asked = self.dossier.sudo().activity_ids.mapped("summary")
        self.assertEqual([mapping.display_name in text for text in asked], [True])


class TestForTheAccountant(CausesCase):
    def test_z3_x2_a_closed_period_is_one_cause_and_looked_at_again(self):
        rows = self.queue(self.document(), self.document())
        accountant, books = self.books.accountant, self.books.dossier
        periods = books.bookyears[self.year].periods
        accountant.protect_period(self.year, periods[-1].number)
        self.refresh()
        self.push()
        [cause] = self.causes()
        self.assertEqual((cause.kind, cause.decider), ("period", "accountant"))
        self.assertEqual(cause.document_count, 2)
        self.assertIn("Open the period in Octopus", cause.fix)
        accountant.protect_period(self.year, 0)
        cause.with_user(self.person()).action_look_again()
        self.push()
        for row in rows:
            self.assert_booked(row)
        self.assertFalse(self.causes())

    def test_z3_what_octopus_refuses_is_told_in_its_own_words(self):
        self.env["res.lang"]._activate_lang("fr_BE")

        def judge(booking):
            raise Refusal(Code.UNKNOWN_ACCOUNT, f"Field of {booking.comment}")

        insert = self.books.bookkeeping.insert_booking
        self.books.bookkeeping.insert_booking = judge
        rows = self.blocked(self.document(), self.document())
        self.books.bookkeeping.insert_booking = insert
        [cause] = self.causes()
        self.assertEqual((cause.code, cause.document_count), ("refused", 2))
        french = cause.with_context(lang="fr_BE").name
        self.assertIn(message(Code.UNKNOWN_ACCOUNT, "FR"), french)
        self.assertNotIn(rows[0].document_name, cause.name)
        cause.action_look_again()
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_z3_octopus_own_text_stands_beside_ours(self):
        """Where our own text says what it means, Octopus's is beside it."""
        journal = {"opened_by": "the accountant"}
        self.set_journal("V1", **journal)
        [row] = self.queue(self.document())
        self.push()
        self.assert_held(row, "waiting", "journal_open_elsewhere")
        [cause] = self.causes()
        self.assertTrue(cause.octopus_text)
        self.assertIn(cause.octopus_text, row.findings_html)
        self.set_journal("V1", opened_by="")


class TestForTheAccountantOverSoap(TestForTheAccountant):
    transport = "soap"


class TestWhoMay(CausesCase):
    def test_z3_a_bookkeeper_reads_who_can_choose_and_asks(self):
        boss = self.person("octopus_connector.group_manager", name="An Peeters")
        self.connection.responsible_id = boss
        move = self.document()
        mapping = self.unmap(move)
        self.blocked(move)
        [cause] = self.causes().with_user(self.person())
        self.assertFalse(cause.can_choose)
        self.assertEqual(cause.who, "Octopus administrator: An Peeters")
        for act in (
            lambda: cause.web_save({"octopus_account_id": self.account().id}, SHOWN),
            cause.action_accept,
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(mapping.octopus_account_id)
        cause.action_ask_administrator()
        self.assertEqual(self.dossier.sudo().activity_ids.user_id, boss)

    def test_z3_nobody_sees_what_stops_another_company(self):
        move = self.document()
        self.unmap(move)
        self.blocked(move)
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="octopus_connector.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        cause = self.causes()
        self.assertFalse(cause.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            cause.with_user(stranger).action_documents()


class TestHowMuch(CausesCase):
    def test_z3_the_queries_do_not_grow_with_the_documents(self):
        names = list(SHOWN) + [
            "fix",
            "vat_code_id",
            "octopus_account_id",
            "reason_text",
        ]
        move = self.document()
        self.unmap(move)
        self.blocked(move)

        def queries():
            causes = self.causes()
            before = self.env.cr.sql_log_count
            causes.read(names)
            return self.env.cr.sql_log_count - before

        queries()
        one = queries()
        self.blocked(*(self.document() for _number in range(6)))
        self.assertEqual(self.causes().document_count, 7)
        self.assertEqual(queries(), one)


class TestPayments(RemittanceCase):
    def test_z3_a_bank_without_journal_is_chosen_for_its_payments(self):
        mapping = self.env["octopus.journal.mapping"].search(
            [("journal_id", "=", self.bank.id)]
        )
        journal = mapping.octopus_journal_id
        mapping.write({"octopus_journal_id": False})
        payment = self.pay(self.book(self.document()))
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "bank_without_journal"))
        [cause] = self.env["octopus.cause"].search([])
        self.assertEqual((cause.document_count, cause.payment_count), (0, 1))
        self.assertEqual((cause.kind, cause.journal_mapping_id), ("journal", mapping))
        cause.web_save({"octopus_journal_id": journal.id}, SHOWN)
        self.push()
        self.assertEqual(row.state, "booked", row.findings)
