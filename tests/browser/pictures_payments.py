"""What the manual shows of payments: the settings, the evidence, what a person accepts
and decides, and the way to Octopus (issue 4; Z.1, G.3, H.1, X.32).

No test of ``./dev test``: ``./dev pictures`` runs it, and keeps what it saw.
"""

from ..flows.payments_case import PaymentsCase
from ..flows.remittance_case import RemittanceCase
from .camera import Camera

INVOICE = "/odoo/action-account.action_move_out_invoice/%s"
TO_DECIDE = "/odoo/octopus-to-decide"
TO_ACCEPT = "/odoo/octopus-payments-to-accept/%s"
TO_OCTOPUS = "/odoo/action-octopus_connector.action_octopus_payment"
SETTINGS = "/odoo/action-account.action_account_config"
SETTING = "#octopus_enabled"
LISTED = ".o_data_row"
TAB = ".nav-link[name=octopus]"


class PaymentCamera(Camera):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.name = "Demo Brussel BV"
        cls.partner_a.name = "Peeters & Zonen NV"
        cls.partner_b.name = "Bakkerij Janssens BV"
        admin = cls.env.ref("base.user_admin")
        admin.company_ids += cls.company
        admin.company_id = cls.company
        admin.group_ids += cls.env.ref("octopus_connector.group_manager")

    def look(self, name, path, selector, *texts, tall=420, tab=None, top=None):
        """Open a page as the administrator and keep it.

        :param tab: a tab of it to open
        :param top: the part of it to begin with
        """
        with self.allow_requests(browser=self.browser):
            self.open(path, "admin", selector, *texts)
            if tab:
                self.click(tab)
            if top:
                self.evaluate(f"document.querySelector('{top}').scrollIntoView()")
            self.keep(name, tall)
            self._wait_remaining_requests()


class PicturesIn(PaymentsCase, PaymentCamera):
    """Octopus keeps the bank."""

    def test_what_is_to_decide_and_the_evidence(self):
        """Z.1, G.3, X.34, X.35, X.36."""
        self.company.octopus_write_off_account_id = self.company_data[
            "default_account_expense"
        ]
        small = self.booked()
        self.receive((small, 100))
        self.act("write_off", key=self.key(small), account=657000, date=str(self.today))
        part = self.booked(amount=300.0)
        self.receive((part, 120))
        over = self.booked(partner_id=self.partner_b.id)
        self.receive((over, 121), amount=200)
        undone = self.booked(amount=250.0, partner_id=self.partner_b.id)
        line = self.receive((undone, 250))
        self.dossier.action_check_payments()
        self.unmatch(undone, line)
        self.dossier.action_check_payments()
        self.assertEqual(len(self.questions()), 3)
        self.look("to_decide", TO_DECIDE, LISTED, "writes off")
        self.look("evidence", INVOICE % part.move_id.id, TAB, tall=960, tab=TAB)

    def test_the_settings(self):
        """A.4, G.1."""
        self.look("settings", SETTINGS, SETTING, "Disconnect", tall=960, top=SETTING)

    def test_what_is_to_accept(self):
        """Z.1: the first payments of a company."""
        self.company.octopus_payments_accepted = False
        self.receive((self.booked(amount=75.0), 75))
        self.receive((self.booked(amount=321.0, partner_id=self.partner_b.id), 300))
        self.dossier.action_check_payments()
        self.look("to_accept", TO_ACCEPT % self.plan().id, ".o_form_view", tall=640)


class PicturesOut(RemittanceCase, PaymentCamera):
    """Odoo keeps the bank."""

    def test_payments_to_octopus(self):
        """H.1, H.2, X.32."""
        self.pay(self.booked())
        self.pay(self.booked(amount=80.0, partner_id=self.partner_b.id), amount=50)
        taken_back = self.pay(self.booked(amount=60.0))
        self.push()
        taken_back.action_cancel()
        self.push()
        found, _invoice = self.disputed(
            text="Janssens, without costs",
            less=2,
            amount=242.0,
            partner_id=self.partner_b.id,
        )
        self.look("to_octopus", TO_OCTOPUS, LISTED, "It is this one")
        self.look(
            "payment_found",
            f"{TO_OCTOPUS}/{found.id}",
            ".o_form_view",
            "Found in Octopus",
            tall=560,
        )
