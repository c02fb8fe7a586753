"""Shadow mode (Z.12): all is prepared and shown, and nothing that writes goes out."""

import inspect
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Union, get_args, get_origin
from unittest.mock import patch

from odoo.tools import formatLang

from odoo.addons.octopus_connector.api.client import DossierClient
from odoo.addons.octopus_connector.api.errors import OctopusShadow, OctopusUnsupported
from odoo.addons.octopus_connector.api.operations import OPERATIONS
from odoo.addons.octopus_connector.api.stored import from_json
from odoo.addons.octopus_connector.api.strict import ARGUMENTS
from odoo.addons.octopus_connector.api.types import (
    FinancialBooking,
    Relation,
    RelationRef,
    type_hints,
)
from odoo.addons.octopus_connector.core.compare_payment import total
from odoo.addons.octopus_connector.send.due import wake_due
from odoo.addons.octopus_connector.send.sender import Sender
from odoo.addons.octopus_connector.send.start import begin_shadow, end_shadow

from .outbox_case import INSERT, OutboxCase
from .remittance_case import RemittanceCase

WRITES = sorted(name for name, operation in OPERATIONS.items() if operation.write)
MARKED = {
    "money": Decimal(1),
    "rate": Decimal(1),
    "percentage": Decimal(100),
    "number": 1,
    "journal": "V1",
    "made_journal": "V9",
    "currency": "EUR",
    "country": "BE",
    "file_name": "a.pdf",
}
# A relation is named by one of several fields.
NAMED = {RelationRef: {"id": 1}, Relation: {"name": "A", "external_id": 1}}
PLAIN = {int: 1, str: "A", bytes: b"x", bool: True, date: date(2026, 1, 1)}


def sample(annotation):
    """Return a value that may be sent where an annotation stands."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return MARKED[get_args(annotation)[1]]
    if origin is tuple:
        return (sample(get_args(annotation)[0]),)
    if origin in (Union, type(int | None)):
        return sample(get_args(annotation)[0])
    if is_dataclass(annotation):
        told = NAMED.get(annotation, {})
        hints = type_hints(annotation)
        return annotation(
            **told,
            **{
                field.name: sample(hints[field.name])
                for field in fields(annotation)
                if field.metadata.get("to_send") or field.default is MISSING
            },
        )
    return PLAIN[annotation]


def arguments(name):
    """Return the arguments of a method of the client, made from its annotations."""
    parameters = inspect.signature(getattr(DossierClient, name)).parameters.values()
    financial = {"booking": "financial_booking"} if "financial" in name else {}
    return {
        it.name: sample(ARGUMENTS[financial.get(it.name, it.name)])
        for it in parameters
        if it.name != "self" and it.default is it.empty
    }


class TestShadow(OutboxCase):
    def setUp(self):
        super().setUp()
        self.there_before = len(self.books.dossier.bookings)
        begin_shadow(self.dossier.sudo())
        self.env.flush_all()

    def assert_unwritten(self):
        """Octopus saw nothing that writes, and the log says so too."""
        writes = self.env["octopus.call"].sudo().search([("is_write", "=", True)])
        self.assertFalse(writes)
        self.assertEqual(len(self.books.dossier.bookings), self.there_before)

    def live(self):
        end_shadow(self.dossier.sudo())
        self.env.flush_all()

    def test_z12_no_operation_that_writes_gets_through(self):
        """Each operation of the table, as it is called by whatever service: a new one
        is held by being in the table."""
        self.assertGreater(len(WRITES), 8)
        for name in WRITES:
            given = arguments(name)
            with self.subTest(name), self.dossier.client() as octopus:
                with self.failing((OctopusShadow, OctopusUnsupported)) as told:
                    getattr(octopus, name)(**given)
                needed = OPERATIONS[name].capability
                missing = needed and needed not in octopus.capabilities
                self.assertEqual(type(told[0]) is OctopusUnsupported, bool(missing))
        self.assert_unwritten()

    def test_z12_reading_goes_on(self):
        with self.dossier.client() as octopus:
            self.assertTrue(octopus.bookyears())

    def test_z12_documents_are_prepared_and_nothing_is_sent(self):
        moves = self.document() | self.document("in_invoice")
        self.queue(moves)
        self.push()
        for move in moves:
            row = self.row(move)
            self.assertEqual((row.state, row.number), ("ready", 0))
            amount = Decimal(str(move.amount_total))
            self.assertEqual(Decimal(row.foreseen["amount"]), amount)
            self.assertIn("period", row.foreseen_text)
            self.assertIn("would be booked", move.octopus_foreseen_html)
        self.assert_unwritten()

    def test_z12_what_nobody_asked_for_is_prepared_too(self):
        row = self.row(self.document())
        self.assertFalse(row.queued)
        self.push()
        self.assertTrue(row.foreseen)
        self.assertFalse(row.queued)

    def test_z12_what_would_be_booked_follows_document_and_mapping(self):
        move = self.document()
        row = self.row(move)
        self.push()
        before = row.foreseen
        move.button_draft()
        move.invoice_line_ids.price_unit = 250
        move.action_post()
        # A transaction of its own would have written later.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET write_date = write_date + interval '1 hour'"
            " WHERE id = %s",
            [move.id],
        )
        self.push()
        self.assertNotEqual(row.foreseen, before)
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        account = mapping.octopus_account_id
        self.env.cr.execute(
            "UPDATE account_move SET write_date = write_date - interval '1 hour'"
            " WHERE id = %s",
            [move.id],
        )
        mapping.octopus_account_id = False
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        self.assertFalse(row.foreseen)
        self.assertIn("account", move.octopus_foreseen_html.lower())
        mapping.octopus_account_id = account
        self.push()
        self.assertEqual(row.state, "ready")
        self.assertTrue(row.foreseen)
        mapping.unlink()
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        self.assert_unwritten()

    def test_z12_buttons_send_nothing_and_say_so(self):
        one, other = self.document(), self.document()
        told = one.action_octopus_send()["params"]["message"]
        self.assertIn("nothing is sent", told)
        self.assertIn("It would be booked", told)
        told = (one | other).action_octopus_send()["params"]["message"]
        self.assertIn("nothing is sent", told)
        self.assertFalse(self.env["octopus.run"].search([("state", "=", "running")]))
        self.assert_unwritten()

    def test_z12_a_pass_that_goes_on_stops_before_the_next_write(self):
        """Shadow mode begins between the claim of a number and its call: nothing is
        sent, and the number is free."""
        self.live()
        moves = self.document() | self.document()
        self.queue(moves)
        claim = Sender._claim

        def claim_and_begin(sender, row, request, booking):
            claim(sender, row, request, booking)
            sender.env.cr.execute("UPDATE octopus_dossier SET shadow = TRUE")

        with patch.object(Sender, "_claim", claim_and_begin):
            self.push()
        self.env.invalidate_all()
        rows = self.env["octopus.booking"].search([("move_id", "in", moves.ids)])
        self.assertEqual(set(rows.mapped("number")), {0})
        self.assertEqual(set(rows.mapped("state")) - {"ready"}, {"waiting"})
        self.assertIn("shadow_mode", rows.mapped("cause"))
        self.assertFalse(self.calls(INSERT))
        self.live()
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_z12_one_step_lets_it_go(self):
        moves = self.document() | self.document()
        rows = self.queue(moves)
        self.push()
        self.assert_unwritten()
        self.live()
        self.push()
        for row in rows:
            self.assertFalse(row.foreseen_text)
            self.assert_booked(row)


class TestShadowSoap(TestShadow):
    transport = "soap"


class TestShadowPayments(RemittanceCase):
    def setUp(self):
        super().setUp()
        self.invoice = self.booked()
        self.mark()

    def mark(self):
        """From now on nothing is to be written."""
        self.written = self.writes()
        self.there_before = self.in_books()

    def in_books(self):
        dossier = self.books.dossier
        kept = (dossier.bookings, dossier.financial_bookings, dossier.balancings)
        return [len(kind) for kind in kept]

    def writes(self):
        """Calls that write which the log has."""
        return self.env["octopus.call"].sudo().search([("is_write", "=", True)])

    def begin(self):
        begin_shadow(self.dossier.sudo())
        self.env.flush_all()

    def end(self):
        end_shadow(self.dossier.sudo())
        self.env.flush_all()

    def assert_unwritten(self):
        """Octopus saw nothing that writes, and the log says so too."""
        self.assertEqual(self.writes(), self.written)
        self.assertEqual(self.in_books(), self.there_before)

    def scheduled(self):
        """What the scheduled action does, that is woken where something is due."""
        wake_due(self.dossier.sudo())
        self.run_cron(self.dossier.sudo().push_cron_id)

    def assert_foreseen(self, row, amount):
        self.assertEqual((row.state, row.number), ("ready", 0), row.findings)
        booking = from_json(FinancialBooking, row.foreseen)
        self.assertEqual(total(booking), Decimal(str(amount)))
        self.assertIn("F1", row.foreseen_text)
        self.assertIn(formatLang(self.env, amount, digits=2), row.foreseen_text)

    def test_z12_payments_and_matches_stay_here(self):
        """A payment of a booked document: prepared, and neither booked nor matched."""
        self.begin()
        payment = self.pay(self.invoice)
        self.push()
        row = self.row(payment)
        self.assert_foreseen(row, 121.0)
        self.assert_unwritten()
        self.end()
        self.push()
        self.assertEqual(row.state, "booked")

    def test_z12_the_scheduled_action_prepares_payments_of_unsent_documents(self):
        """Their documents would go before them: they are told, and hold nothing."""
        self.begin()
        move = self.document(partner_id=self.partner_a.id)
        payment = self.pay(move.octopus_booking_id)
        self.scheduled()
        row = self.row(payment)
        self.assert_foreseen(row, move.amount_total)
        self.assertFalse(row.cause)
        [told] = row.findings
        self.assertEqual((told["code"], told["severity"]), ("payment_waits", "info"))
        self.assertEqual(told["ids"], move.ids)
        self.assertIn(move.name, row.findings_html)
        self.assert_unwritten()
        self.end()
        self.scheduled()
        self.assertEqual(move.octopus_booking_id.state, "booked")
        self.scheduled()
        self.assert_booked(row)

    def test_z12_a_payment_lacks_what_it_would_lack(self):
        """An account that is not mapped holds it, with a row to choose on; chosen, it
        would go."""
        self.begin()
        fee = self.env["account.account"].create(
            {"code": "650900", "name": "Bank fees", "account_type": "expense"}
        )
        payment = self.pay(
            self.invoice,
            amount=120.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=fee.id,
        )
        self.scheduled()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        self.assertFalse(row.foreseen_text)
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", fee.id)]
        )
        self.assertTrue(mapping)
        mapping.octopus_account_id = self.dossier.account_ids.filtered(
            lambda account: account.number == 657000
        )
        self.scheduled()
        self.assert_foreseen(row, 120.0)
        self.assert_unwritten()

    def test_z12_what_is_reconciled_since_is_shown(self):
        """A payment follows the documents that it pays."""
        self.begin()
        move = self.document(partner_id=self.partner_a.id)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "amount": move.amount_total,
                "journal_id": self.bank.id,
                "date": self.today,
            }
        )
        payment.action_post()
        self.scheduled()
        row = self.row(payment)
        self.assertTrue(row.foreseen_text)
        self.assertFalse(row.findings)
        (self.open_lines(move) | self.open_lines(payment.move_id)).reconcile()
        self.scheduled()
        self.assertEqual([it["code"] for it in row.findings], ["payment_waits"])
        self.assert_unwritten()

    def test_z12_what_takes_a_payment_back_is_shown(self):
        payment = self.pay(self.invoice)
        self.push()
        row = self.row(payment)
        self.assertEqual(row.state, "booked")
        self.begin()
        self.mark()
        payment.action_draft()
        self.written_later(payment.move_id)
        self.scheduled()
        back = row.reversal_ids
        self.assert_foreseen(back, -121.0)
        self.assert_unwritten()

    def test_z12_payments_of_octopus_are_none_of_ours(self):
        self.begin()
        self.bank.octopus_payment_owner = "octopus"
        payment = self.pay(self.invoice)
        self.scheduled()
        self.assertFalse(self.row(payment))
        self.assert_unwritten()


class TestShadowPaymentsSoap(TestShadowPayments):
    transport = "soap"
