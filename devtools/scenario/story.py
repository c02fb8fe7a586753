"""A workshop for bicycles that has used Odoo for a year, for people who look: what
it sells and buys, month after month, and what was paid of it.

Names and numbers belong to nobody we know of. Some of the contacts are in the books of
the pretend Octopus too, written otherwise.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo.fields import Command

from .company import account, bank_journal

MONTHS = 12
# Older documents were paid, as far as the company is concerned.
PAID_AFTER = timedelta(days=45)


class Party(NamedTuple):
    """A customer or supplier; ``vat`` is left out for a person."""

    name: str
    zip: str
    city: str
    vat: str | None = None
    country: str = "be"


class Line(NamedTuple):
    """What is sold or bought, for how much without VAT."""

    text: str
    price: float
    account: str
    tax: str


CUSTOMERS = (
    Party("Bakkerij de Molen BV", "3000", "Leuven", "BE0876543270"),
    Party("Garage Peeters NV", "2800", "Mechelen", "BE0556677852"),
    Party("Janssens Jan", "9300", "Aalst"),
    Party("Hotel Zeezicht", "8400", "Oostende", "BE0412345614"),
    Party("Lotte Maes", "9000", "Gent"),
    Party("Architecten Vermeer", "2000", "Antwerpen", "BE0434567819"),
    Party("Apotheek Dubois", "1050", "Elsene", "BE0445678970"),
    Party("Karim El Amrani", "1080", "Sint-Jans-Molenbeek"),
    Party("Fietsenmaker Jansen", "4811", "Breda", "NL123456782B90", "nl"),
    Party("Gemeenteschool De Linde", "3500", "Hasselt"),
)
SUPPLIERS = (
    Party("Papeterie Centrale SRL", "5000", "Namur", "BE0401122318"),
    Party("Cycle Parts Benelux", "2300", "Turnhout", "BE0467890188"),
    Party("Immo Kolenmarkt", "1000", "Brussel", "BE0478901272"),
)
REPAIR = Line("Onderhoudsbeurt stadsfiets", 74.38, "700100", "OUT-21-S")
BIKE = Line("Elektrische fiets Gent 500", 1941.32, "700000", "OUT-21-L")
HOURS = Line("Werkuren atelier", 52.00, "700100", "OUT-21-S")
CHAIN = Line("Ketting en cassette", 61.90, "700000", "OUT-21-L")
RENT_BIKES = Line("Huur van zes bedrijfsfietsen", 345.00, "700100", "OUT-21-S")
TO_NL = Line("Partij gebruikte fietsen", 780.00, "700600", "OUT-00-EU-L")
# What each customer buys in its turn.
SALES = (
    (REPAIR, CHAIN),
    (RENT_BIKES,),
    (REPAIR,),
    (BIKE, HOURS),
    (REPAIR, HOURS),
    (RENT_BIKES, REPAIR),
    (BIKE,),
    (CHAIN, HOURS),
    (TO_NL,),
    (HOURS, REPAIR, CHAIN),
)
PURCHASES = (
    (Line("Kantoorbenodigdheden", 86.40, "610000", "IN-V82-21-S"),),
    (Line("Onderdelen volgens bestelling", 1240.75, "604000", "IN-V81-21"),),
    (Line("Huur winkelpand", 1650.00, "610000", "IN-V82-21-S"),),
)


class Story:
    """Writes what a company did until a day.

    :param company: ``res.company`` with the Belgian chart
    :param until: the last day of it
    """

    def __init__(self, company, until):
        self.env = company.with_company(company).env
        self.company = company.with_env(self.env)
        self.until = until

    def write(self, months=MONTHS):
        """Post the documents of some months, the oldest first, and pay the older ones.

        :return: ``account.move``
        """
        moves = self.env["account.move"].create(list(self._documents(months)))
        moves.action_post()
        invoices = moves.filtered(lambda it: it.move_type == "out_invoice")
        self._credit(invoices[-3])
        before = self.until - PAID_AFTER
        for kind in (invoices, moves - invoices):
            self._pay(kind.filtered(lambda it: it.invoice_date < before))
        return moves

    def _documents(self, months):
        customers = list(map(self._party, CUSTOMERS))
        suppliers = list(map(self._party, SUPPLIERS))
        turn = 0
        for back in reversed(range(months)):
            # The last month is the one that is looked at.
            for number in range(3 if back else 8):
                who, sold = customers[turn % len(customers)], SALES[turn % len(SALES)]
                yield self._values("out_invoice", who, self._day(back, number), sold)
                turn += 1
            for number, lines in enumerate(PURCHASES):
                day = self._day(back, number)
                yield self._values("in_invoice", suppliers[number], day, lines)

    def _day(self, back, number):
        """Return a day of the month that ends so many months before the last day; half
        of what is sold in the last one is of that day, and goes to Octopus."""
        if not back and number >= 4:
            return self.until
        return self.until - timedelta(days=30 * back + 24 - 3 * number)

    def _party(self, party):
        found = self.env["res.partner"].search([("name", "=", party.name)], limit=1)
        return found or self.env["res.partner"].create(
            {
                "name": party.name,
                "is_company": bool(party.vat) or "school" in party.name,
                "country_id": self.env.ref(f"base.{party.country}").id,
                "vat": party.vat,
                "street": "Stationsstraat 1",
                "zip": party.zip,
                "city": party.city,
            }
        )

    def _values(self, move_type, partner, day, lines):
        values = {
            "move_type": move_type,
            "partner_id": partner.id,
            "invoice_date": day,
            "date": day,
            "fiscal_position_id": False,
            "invoice_payment_term_id": self.env.ref(
                "account.account_payment_term_30days"
            ).id,
            "invoice_line_ids": [Command.create(self._line(line)) for line in lines],
        }
        if move_type == "in_invoice":
            values["ref"] = f"{day:%Y%m%d}-{partner.id}"
        return values

    def _line(self, line):
        tax = self.env["account.chart.template"].ref(f"attn_VAT-{line.tax}")
        tax.active = True
        return {
            "name": line.text,
            "account_id": account(self.company.root_id, line.account).id,
            "price_unit": line.price,
            "tax_ids": [Command.set(tax.ids)],
        }

    def _credit(self, move):
        values = {"invoice_date": self.until, "date": self.until}
        refund = move._reverse_moves([{**values, "ref": "Te veel aangerekend"}])
        refund.reversed_entry_id = False  # Odoo would match the two at once.
        refund.action_post()

    def _pay(self, moves):
        bank = bank_journal(self.env, self.company)
        if not (moves and bank):
            return  # customers of a branch pay the company
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        values = {"journal_id": bank.id, "payment_date": self.until - PAID_AFTER}
        payment.create({**values, "group_payment": False})._create_payments()
