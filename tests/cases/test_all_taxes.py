"""Every tax of Odoo's Belgian chart, on documents and their credit notes (X.10)."""

from decimal import Decimal

from ..models.books_case import BooksCase

# Amounts of which the VAT is rounded.
AMOUNTS = (100.0, 33.33, 0.07)
PLACES = {"sale": ("out_invoice", "700000"), "purchase": ("in_invoice", "604000")}


class TestAllTaxes(BooksCase):
    """Whatever the rate, the shares and the boxes of a tax are: what is booked adds up
    to the document to the cent, with the VAT that the document shows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        everything = cls.env["account.tax"].with_context(active_test=False)
        cls.taxes = everything.search(
            [("company_id", "=", cls.company.id), ("type_tax_use", "!=", "none")]
        )
        cls.taxes.active = True
        cls.all_taxes = everything.search([("company_id", "=", cls.company.id)])

    def map(self, tax):
        """Accept a VAT code for a tax, with the share that the proposal finds."""
        mappings = self.env["octopus.tax.mapping"]
        mappings.search([("tax_id", "=", tax.id)]).unlink()
        normal, refund = ("sell", "sell_refund")
        code = "21"
        if tax.type_tax_use == "purchase":
            normal, refund, code = "buy", "buy_refund", "D21"
        recovered = mappings._facts(tax).recovered
        self._map_tax(
            tax,
            tax.type_tax_use,
            vat_code_id=self.vat_codes[normal, code].id,
            refund_vat_code_id=self.vat_codes[refund, code].id,
            send_recuperation=recovered != 100,
            recuperation=float(recovered),
        )

    def test_x10_there_are_as_many_as_odoo_has(self):
        """Should Odoo add some, they are tried too; should it lose most, this is no
        proof any more."""
        self.assertGreaterEqual(len(self.all_taxes), 88)
        self.assertGreater(len(self.taxes), 70)

    def test_x10_each_is_booked_as_the_document_stands(self):
        for tax in self.taxes:
            self.map(tax)
            kind, account = PLACES[tax.type_tax_use]
            lines = [self.line(account, amount, tax) for amount in AMOUNTS]
            move = self.document(kind, *lines)
            for each in (move, self.reversed(move)):
                with self.subTest(tax.display_name, kind=each.move_type):
                    self.assert_adds_up(each)

    def assert_adds_up(self, move):
        document = self.prepare(move)
        told = [(found.code, found.params) for found in document.stops]
        self.assertEqual(told, [])
        total = Decimal(f"{move.amount_total:.2f}")
        self.assertEqual(abs(document.amount), total)
        self.assertEqual(sum(line.base + line.vat for line in document.lines), total)
        vat = sum(line.vat for line in document.lines)
        self.assertEqual(vat, Decimal(f"{move.amount_tax:.2f}"))
        self.assertFalse([line for line in document.lines if line.base * line.vat < 0])
