"""What chaos holds against payments that were registered without an entry (X.64)."""

from types import SimpleNamespace

from devtools.chaos.acts.payments import note_linked
from devtools.chaos.event_log import EventLog
from devtools.chaos.evidence import _Judge
from devtools.chaos.flows import payments as flow
from devtools.chaos.money import Money
from devtools.chaos.result import Result

from ..flows.test_registered import RegisteredCase


class TestRegisteredEvidence(RegisteredCase):
    """Every fault is planted once, and is told; what is right is told nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank.octopus_payment_owner = "octopus"

    def setUp(self):
        super().setUp()
        self.money = Money()
        self.invoice = self.booked()

    def registered(self, *bookings, by_person=True, **values):
        payment = super().registered(*bookings, **values)
        if by_person:
            place = (self.dossier.octopus_id, payment.id)
            self.money.registrations[place] = [row.move_id.id for row in bookings]
            self.money.registered.update(
                (self.dossier.octopus_id, row.move_id.id) for row in bookings
            )
        return payment

    def judged(self):
        """What is told of the payments as they stand, by its kind."""
        judge = object.__new__(_Judge)
        judge.env = self.env(su=True)
        judge.result = Result(switches={"document_match": "accept"})
        judge.world = SimpleNamespace(money=self.money, event_log=EventLog())
        judge.side = SimpleNamespace(
            number=self.dossier.octopus_id, company_id=self.company.id
        )
        judge.dossier = judge.env["octopus.dossier"].browse(self.dossier.id)
        judge.bank = None
        for payment in judge.env["account.payment"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "in", ("in_process", "paid")),
            ]
        ):
            judge._judge_registration(payment)
            if not payment.move_id and judge._is_registration(payment):
                judge._judge_waiting(payment)
        judge._judge_registered_questions()
        return {told.split(":")[0] for told in judge.result.told}

    def asked(self, payment_amount=121.0):
        """Let a receipt of 100 be asked about, as another amount was registered."""
        payment = self.registered(self.invoice, amount=payment_amount)
        self.receive((self.invoice, 100))
        self.pull()
        [question] = self.questions(self.invoice)
        return payment, question

    def test_x64_what_a_person_registered_waits_or_is_used(self):
        self.registered(self.invoice)
        self.assertFalse(self.judged())
        self.receive((self.invoice, 121))
        self.pull()
        self.assertFalse(self.judged())

    def test_x64_nobody_registered_it(self):
        self.registered(self.invoice, by_person=False)
        self.assertEqual(self.judged(), {"wrong"})

    def test_x64_what_was_used_is_no_persons(self):
        payment = self.registered(self.invoice)
        self.receive((self.invoice, 121))
        self.pull()
        del self.money.registrations[self.dossier.octopus_id, payment.id]
        self.assertEqual(self.judged(), {"wrong"})

    def test_x64_paid_beside_what_waits(self):
        """As it was before: 121 registered, and 121 once more."""
        payment = self.registered(self.invoice)
        payment.action_draft()
        self.receive((self.invoice, 121))
        self.pull()
        self.assertFalse(self.judged())
        payment.action_post()
        self.assertEqual(self.judged(), {"doubled"})
        # A person confirmed it after the other one was made: nobody else paid twice.
        self.money.confirmed_again.add((self.dossier.octopus_id, payment.id))
        self.assertFalse(self.judged())

    def test_x64_what_is_asked_about_waits(self):
        payment, question = self.asked()
        self.assertEqual(question.code, "payment_registered")
        self.assertFalse(self.judged())
        # Cancelled, and nobody looked again.
        payment.action_cancel()
        self.assertEqual(self.judged(), {"stuck"})

    def test_x64_used_and_asked_about(self):
        payment, question = self.asked()
        question.balancing_id.sudo().payment_id = payment
        self.assertEqual(self.judged(), {"doubled", "false_paid"})

    def test_x64_the_question_has_its_deed(self):
        _payment, question = self.asked()
        self.assertTrue(self.has_deed(question))
        self.money.registered.clear()
        self.assertFalse(self.has_deed(question))

    def has_deed(self, question):
        judge = object.__new__(_Judge)
        judge.world = SimpleNamespace(money=self.money, event_log=EventLog())
        judge.side = SimpleNamespace(number=self.dossier.octopus_id)
        judge.result = Result(switches={"document_match": "accept"})
        return judge._is_asked(question.sudo())

    def own_bank(self):
        """A bank in which payments have an entry."""
        bank = self.bank.copy({"octopus_payment_owner": "odoo"})
        flow._set_outstanding(self.env, self.company, bank)
        return bank

    def test_x64_a_document_that_odoo_linked_with_what_was_registered(self):
        """Both were paid together in another bank, and that was cancelled: the link of
        the other one with what was registered for the first one stays (seed 9602)."""
        other = self.booked()
        registered = self.registered(self.invoice)
        both = self.pay(self.invoice, other, bank=self.own_bank())
        self.assertTrue(both.move_id)
        both.action_cancel()
        self.assertIn(registered, other.move_id.matched_payment_ids)
        self.receive((other, 100))
        self.pull()
        [question] = self.questions(other)
        self.assertEqual(question.code, "payment_registered")
        self.assertFalse(self.judged())
        self.assertFalse(self.has_deed(question))
        world = SimpleNamespace(money=self.money)
        side = SimpleNamespace(number=self.dossier.octopus_id)
        note_linked(world, side, other.move_id)
        self.assertFalse(self.has_deed(question))  # alone it is linked with nothing
        note_linked(world, side, (self.invoice | other).move_id)
        self.assertTrue(self.has_deed(question))


class TestActs(RegisteredCase):
    def test_x64_community_draws_what_it_always_drew(self):
        """Acts of Enterprise are no part of its list."""
        names = {act.name for act in flow.ACTS}
        added = {act.name for act in flow.ENTERPRISE_ACTS}
        self.assertIn("register_without_entry", added)
        self.assertFalse(names & added)
