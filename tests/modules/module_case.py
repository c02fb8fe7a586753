"""Documents and payments that one of Odoo's other modules makes, with that module."""

import unittest
from decimal import Decimal

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from ..flows.remittance_case import RemittanceCase

# A row in one of these states stands still until something is done.
HELD = ("blocked", "waiting", "unknown", "sending")


def require_modules(*names):
    """Skip a class whose modules are not in the database, before its company is made,
    which takes seconds."""
    absent = sorted({*names} - {*Registry(get_db_name())._init_modules})
    if absent:
        raise unittest.SkipTest(f"{', '.join(absent)} is not installed")


class ModuleCase(RemittanceCase):
    """A company with its bank in Odoo, in a database that has ``modules``; elsewhere
    its tests are skipped."""

    modules = ()

    @classmethod
    def setUpClass(cls):
        require_modules(*cls.modules)
        super().setUpClass()
        cls.company.octopus_attachment_policy = "none"

    def make_product(self, price=100.0, **values):
        """A product with the taxes of the company."""
        return self.env["product.product"].create(
            {
                "name": "Table",
                "list_price": price,
                "taxes_id": [(6, 0, self.tax_sale_a.ids)],
                "supplier_taxes_id": [(6, 0, self.tax_purchase_a.ids)],
                **values,
            }
        )

    # What is in the sandbox

    def booking(self, move):
        """The row of the outbox of a document."""
        return self.env["octopus.booking"].search([("move_id", "=", move.id)])

    def assert_document(self, move, amount, lines, journal="V1"):
        """A document is in Octopus, once, with that total and ``(base, VAT)`` by line.

        :return: its row
        """
        row = self.booking(move)
        self.assertEqual(row.state, "booked", row.findings)
        there = self.there_as(move)
        self.assertEqual(there.journal, journal)
        self.assertEqual(there.amount, Decimal(amount))
        self.assertEqual(
            sorted((line.base, line.vat) for line in there.lines),
            sorted((Decimal(base), Decimal(vat)) for base, vat in lines),
        )
        return row

    def there_as(self, move):
        """The sandbox's booking of a document, which is there once."""
        bookings = self.books.dossier.bookings.values()
        [there] = [it for it in bookings if it.comment == move.name]
        return there

    # What stands still

    def held(self):
        """The causes of what stands still, of documents and of payments."""
        rows = [
            row
            for model in ("octopus.booking", "octopus.payment")
            for row in self.env[model].search([("state", "in", HELD)])
        ]
        return sorted(row.cause or row.state for row in rows)

    def assert_stays_out(self, entries):
        """Entries have no row anywhere, and none stands still because of them."""
        self.assertTrue(entries)
        for model in ("octopus.booking", "octopus.payment"):
            found = self.env[model].search([("move_id", "in", entries.ids)])
            self.assertFalse(found, found.mapped("cause"))
