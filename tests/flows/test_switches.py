"""Every answer to every question that the contract leaves open (issue 3, how it is
proved): one day at a dossier, under three sets of answers that hold them all."""

from decimal import Decimal

from devtools.commands.chaos import draw_switches

from .outbox_case import INSERT
from .test_standing import StandingCase

# What an empty answer is taken for, by its status.
WITHOUT_A_WORD = {
    "400": "answer_unclear",
    "403": "journal_open_elsewhere",
    "429": "quota_reached",
}


class SwitchesCase(StandingCase):
    """What a dossier must survive, whatever it answers."""

    def survive(self, seed):
        drawn = draw_switches(seed)
        # The WSDL was read when the login was tried; an address never gets another.
        drawn.pop("soap_fields")
        self.sandbox.world.set_switches(drawn)
        self.refresh()
        self.book_what_is_plain()
        self.settle_what_is_lost()
        self.wait_for_the_accountant()
        self.follow_what_changes()
        self.stop_at_the_limit()

    def book_what_is_plain(self):
        """A new contact, a known one with another role, and numbers of others."""
        values = {"name": "New NV", **self.belgian_company("BE0403170701")}
        partner = self.env["res.partner"].create(values)
        self.booked(partner_id=partner.id)
        self.booked(kind="in_invoice", partner_id=partner.id)
        self.by_hand()
        self.booked()

    def settle_what_is_lost(self):
        """No answer, an error page, a token that ended."""
        for fault in ({"kind": "close", "when": "after"}, {"kind": "status"}):
            self.faults.add(operation=INSERT, **fault)
            row = self.send(self.document())
            self.assertEqual(row.state, "unknown", fault)
            self.go_on(row)
        self.sandbox.world.state.tokens.expire_all()
        self.booked()

    def wait_for_the_accountant(self):
        """A journal that is open elsewhere, and a bookyear that is closed."""
        self.set_journal("V1", opened_by="Els")
        row = self.send(self.document())
        self.assert_held(row, "waiting", "journal_open_elsewhere")
        self.set_journal("V1", opened_by="")
        self.go_on(row)
        self.books.accountant.close_year(self.year, True)
        self.refresh()
        row = self.send(self.document())
        self.assert_held(row, "waiting", "bookyear_closed")
        self.books.accountant.close_year(self.year, False)
        self.refresh()
        self.go_on(row)

    def follow_what_changes(self):
        """A change here is written over it; one there is told."""
        row = self.changed()
        self.decide(row, "update")
        self.assert_booked(row)
        self.edit(row, amount=Decimal("1.21"))
        self.pull()
        self.assertEqual(row.state, "differs")

    def stop_at_the_limit(self):
        """Nothing is marked as failed; a 400 without a word does not say why."""
        self.faults.add("quota", operation=INSERT)
        row = self.send(self.document())
        self.assert_held(row, "waiting", self.cause_of_limit())

    def cause_of_limit(self):
        switches = self.sandbox.world.switches
        if self.transport == "soap" or switches["quota_body"] == "error":
            return "quota_reached"
        return WITHOUT_A_WORD[switches["quota_status"]]

    def go_on(self, row):
        self.later(row)
        self.push()
        self.assert_booked(row)


class TestSwitches(SwitchesCase):
    def test_issue3_the_first_answers(self):
        self.survive(0)

    def test_issue3_the_second_answers(self):
        self.survive(1)

    def test_issue3_the_third_answers(self):
        self.survive(2)


class TestSwitchesOverSoap(TestSwitches):
    transport = "soap"
