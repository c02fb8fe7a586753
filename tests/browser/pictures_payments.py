"""What the manual shows of payments, and of documents that a person decides about: the
settings, the evidence, what is accepted and decided, the way to Octopus, what is there
already and what differs (issues 3 and 4; Z.1, G.3, H.1, X.32).

No test of ``./dev test``: ``./dev pictures`` runs it, and keeps what it saw.
"""

from decimal import Decimal

from ..flows.payments_case import PaymentsCase
from ..flows.remittance_case import RemittanceCase
from ..flows.test_restore import RestoreCase
from .camera import Camera

INVOICE = "/odoo/action-account.action_move_out_invoice/%s"
TO_DECIDE = "/odoo/octopus-to-decide"
TO_ACCEPT = "/odoo/octopus-payments-to-accept/%s"
EXISTING = "/odoo/action-octopus_connector.action_octopus_existing"
TO_OCTOPUS = "/odoo/action-octopus_connector.action_octopus_payment"
SETTINGS = "/odoo/action-account.action_account_config"
SETTING = "#octopus_enabled"
LISTED = ".o_data_row"
TAB = ".nav-link[name=octopus]"
OPEN_TAB = (TAB, f"{TAB}.active")
ALL = ("thead .o_list_record_selector input", "button[name=action_adopt]")
DECIDE = "button[name=action_octopus_decide]"


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

    def look(self, name, path, selector, *texts, tall=420, click=None, top=None):
        """Open a page as the administrator and keep it.

        :param click: what to click then, and what shows after that
        :param top: the part of it to begin with
        """
        with self.browsing(self.browser):
            self.open(path, selector, *texts)
            if click:
                self.click(click[0])
                self.wait_for(click[1])
            if top:
                self.evaluate(f"document.querySelector('{top}').scrollIntoView()")
            self.keep(name, tall)


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
        self.look("evidence", INVOICE % part.move_id.id, TAB, tall=960, click=OPEN_TAB)

    def test_the_settings(self):
        """A.4, G.1."""
        # Of other tests' taxes; else the page complains.
        self.company.tax_exigibility = True
        self.look("settings", SETTINGS, SETTING, "Disconnect", tall=960, top=SETTING)

    def test_what_is_to_accept(self):
        """Z.1: the first payments of a company."""
        self.company.sudo().octopus_payments_accepted = False
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
        self.look("to_octopus", TO_OCTOPUS, LISTED, "It is this one", tall=440)
        self.look(
            "payment_found",
            f"{TO_OCTOPUS}/{found.id}",
            ".o_form_view",
            "It may be in Octopus",
            tall=640,
        )


class PicturesDecided(RestoreCase, PaymentCamera):
    """A person compares documents with what Octopus has."""

    def test_what_is_there_already(self):
        """X.32."""
        move = self.document()
        self.known(move)
        self.typed(move)
        self.send(move)
        bill = self.document("in_invoice", ref="F-2026-77", lines=[(50.0, None)])
        self.assert_booked(self.send(self.document("in_invoice")))
        self.typed(bill, comment="F-2026-77", key="A1")
        self.send(bill)
        self.look("existing", EXISTING, LISTED, "F-2026-77", click=ALL)

    def test_what_differs(self):
        """X.31, Z.13."""
        row = self.send(self.document(partner_id=self.partner_a.id))
        self.assert_booked(row)
        self.books.accountant.edit(self.there(row).key, amount=Decimal("60.50"))
        self.pull()
        self.assertEqual(row.state, "differs")
        self.look(
            "difference",
            INVOICE % row.move_id.id,
            DECIDE,
            tall=960,
            click=(DECIDE, ".modal .o_form_view"),
        )
