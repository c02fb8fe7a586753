"""Documents that are booked on both sides, and an accountant who pays and matches."""

from datetime import timedelta
from decimal import Decimal

import requests

from odoo import fields

from odoo.addons.octopus_connector.api.stored import to_json
from odoo.addons.octopus_connector.api.types import (
    Booking,
    BookingLine,
    Relation,
    RelationRef,
)
from odoo.addons.octopus_connector.send.collect_documents import rows_for

from octopus_sandbox.seed import demo
from octopus_sandbox.state.keys import LineKey

from ..common import OctopusCase

JOURNALS = {
    "out_invoice": "V1",
    "out_refund": "V2",
    "in_invoice": "A1",
    "in_refund": "A2",
}
ACCOUNTS = {"out": 700000, "in": 612400}


def exact(amount):
    """An amount of Odoo as the Decimal it stands for."""
    return Decimal(f"{amount:.2f}")


class PaymentsCase(OctopusCase):
    """A company that lets Octopus own its payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.octopus_payment_owner = "octopus"
        cls.today = fields.Date.today()
        cls.accept_first_payments()

    # A person who looks at what would be done

    @classmethod
    def accept_first_payments(cls):
        """Accept the first payments before there are any: later ones follow alone."""
        plan = (
            cls.env["octopus.payment.plan"]
            .sudo()
            .create({"dossier_id": cls.dossier.id, "company_ids": cls.company.ids})
        )
        with cls.committing():
            plan.action_accept()

    def plan(self):
        """What waits for a person now, maybe empty."""
        return self.env["octopus.payment.plan"].waiting(self.dossier)

    def questions(self, *bookings):
        """What stands in the list to decide, by code; all of it by default."""
        domain = [("state", "=", "open")]
        if bookings:
            rows = self.rows(self.env["octopus.booking"].union(*bookings))
            ids = [row.id for row in bookings]
            domain += [
                "|",
                ("balancing_id", "in", rows.ids),
                ("booking_id", "in", ids),
            ]
        return self.env["octopus.payment.question"].search(domain, order="id")

    # Booked documents

    def relation(self, partner):
        """Return the relation of a contact, known on both sides."""
        relations = self.env["octopus.relation"].sudo()
        known = relations.search([("partner_id", "=", partner.id)])
        if known and known.octopus_id in self.books.dossier.relations:
            return known
        known.unlink()
        with self.dossier.client() as octopus:
            made = octopus.upsert_relation(
                Relation(
                    external_id=partner.id,
                    name=partner.name,
                    client=True,
                    supplier=True,
                    currency="EUR",
                    country="BE",
                )
            )
        # SOAP does not tell the number of what it made.
        there = self.books.dossier.relations.values()
        number = (
            made.id
            if made
            else next(it.id for it in there if it.external_id == partner.id)
        )
        return relations.create(
            {
                "dossier_id": self.dossier.id,
                "octopus_id": number,
                "external_id": partner.id,
                "name": partner.name,
                "partner_id": partner.id,
            }
        )

    def booked(self, kind="out_invoice", amount=121.0, dossier=None, **values):
        """Return the outbox row of a document of ``amount`` that Octopus has."""
        move = self.document(kind, [(amount, self.env["account.tax"])], **values)
        return self.book(move)

    def book(self, move):
        """Book a posted document in the sandbox over HTTP; return its outbox row."""
        bookyear = self.dossier.bookyear_ids.filtered(
            lambda year: year.date_start <= move.date <= year.date_end
        )
        key = JOURNALS[move.move_type]
        journal = self.dossier.journal_ids.filtered(lambda row: row.key == key)
        number = self.books.dossier.last_number(bookyear.octopus_id, key) + 1
        relation = self.relation(move.commercial_partner_id)
        total = exact(move.amount_total)
        rate = self.rate_there(exact(abs(move.amount_total_signed)), total)
        signed = -total if "refund" in move.move_type else total
        booking = Booking(
            bookyear_id=bookyear.octopus_id,
            journal=key,
            number=number,
            relation=RelationRef(id=relation.octopus_id),
            period=bookyear.period_ids.filtered(
                lambda row: row.date_start <= move.date <= row.date_end
            ).number,
            document_date=move.date,
            expiry_date=move.date,
            amount=signed,
            currency=move.currency_id.name,
            exchange_rate=rate,
            comment=move.name,
            lines=(
                BookingLine(account=ACCOUNTS[move.move_type.split("_")[0]], base=total),
            ),
        )
        with self.dossier.client() as octopus:
            octopus.insert_booking(booking)
        row = rows_for(move.sudo())
        row.write(
            {
                "state": "booked",
                "journal_year_id": self.journal_year(journal, bookyear).id,
                "number": number,
                "relation_id": relation.id,
                "currency_id": move.currency_id.id,
                "amount": float(signed),
                "payload": to_json(booking),
            }
        )
        return row

    def rate_there(self, worth, total):
        """Return the rate of a document as the sandbox reads it.

        :param worth: in euro; ``total`` in the document's currency
        """
        return round(worth / total, 6)

    def journal_year(self, journal, bookyear):
        return self.env["octopus.journal.year"].search(
            [("journal_id", "=", journal.id), ("bookyear_id", "=", bookyear.id)]
        )

    # The accountant

    def act(self, name, **values):
        """Let the accountant do something, over the sandbox's control API."""
        url = f"{self.sandbox.address}/_sandbox/dossiers/{demo.MAIN}/acts/{name}"
        answer = requests.post(url, json=values, timeout=10)
        self.assertTrue(answer.ok, answer.text)
        return answer.json()

    @staticmethod
    def key(booking, line=None):
        """A document's key as the accountant's page writes it."""
        key = (
            f"{booking.bookyear_id.octopus_id}/{booking.journal_id.key}"
            f"/{booking.number}"
        )
        return key if line is None else f"{key}/{line}"

    def receive(self, *paid, amount=None, date=None, journal="F1"):
        """Book one line that pays documents: ``(booking, amount)`` each; money goes the
        way the first of them needs. Returns the key of the line."""
        bookings = [booking for booking, _part in paid]
        kind = bookings[0].kind
        parts = [Decimal(str(part)) for _booking, part in paid]
        total = sum(parts) if amount is None else Decimal(str(amount))
        money_in = kind in ("out_invoice", "out_receipt", "in_refund")
        year_id = bookings[0].bookyear_id.octopus_id
        self.act(
            "pay",
            journal=journal,
            date=str(date or self.today),
            lines=[
                {
                    "type": "C" if kind.startswith("out") else "S",
                    "relation": bookings[0].relation_id.octopus_id,
                    "amount": str(total if money_in else -total),
                    "pays": {self.key(row): str(part) for row, part in paid},
                }
            ],
        )
        last = self.books.dossier.last_number(year_id, journal)
        return f"{year_id}/{journal}/{last}/1"

    def unmatch(self, booking, line):
        """Take back the match of a document with a line."""
        sides = [self.key(booking), line]
        if booking.kind in ("out_refund", "in_invoice", "in_receipt"):
            sides.reverse()
        self.act("unmatch", debit=sides[0], credit=sides[1])

    # What is checked

    def open_there(self, booking):
        """What Octopus has open of a document, in its currency."""
        matching = self.books.matching
        key = LineKey(
            booking.bookyear_id.octopus_id, booking.journal_id.key, booking.number, -1
        )
        return matching.open_document_amount(matching.item(key))

    def booked_open_there(self, booking):
        """The same in euro, as Octopus booked it."""
        matching = self.books.matching
        key = LineKey(
            booking.bookyear_id.octopus_id, booking.journal_id.key, booking.number, -1
        )
        return matching.open_amount(matching.item(key))

    def assert_same_open(self, *bookings):
        """What is open is the same on both sides, to the cent."""
        for booking in bookings:
            self.assertEqual(
                exact(booking.move_id.amount_residual),
                self.open_there(booking),
                booking.document_name,
            )

    def rows(self, bookings=None):
        """The evidence of documents, or all of it."""
        domain = []
        if bookings is not None:
            domain = [
                "|",
                ("debit_booking_id", "in", bookings.ids),
                ("credit_booking_id", "in", bookings.ids),
            ]
        return self.env["octopus.balancing"].search(domain, order="id")

    def payments(self, booking):
        """The payments of a document that Octopus caused, the oldest first."""
        return self.rows(booking).payment_id.sorted("id")

    def problems(self, *bookings):
        """Codes of what a person must decide about documents."""
        rows = self.rows(self.env["octopus.booking"].union(*bookings))
        return [row.problem["code"] for row in rows if row.problem]

    def days_ago(self, days):
        return self.today - timedelta(days=days)
