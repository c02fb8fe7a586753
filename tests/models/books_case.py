"""A Belgian company with a mirrored dossier and accepted mappings, made by hand."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from ..company import CompanyCase

D = Decimal
DAY = date(2026, 3, 10)

# Tax of l10n_be → VAT code in this dossier.
SALES = {
    "attn_VAT-OUT-21-L": "21",
    "attn_VAT-OUT-21-S": "21",
    "attn_VAT-OUT-12-L": "12",
    "attn_VAT-OUT-06-L": "06",
    "attn_VAT-OUT-00-L": "00",
    "attn_VAT-OUT-00-CC": "00M",
    "attn_VAT-OUT-00-EU-S": "00S",
    "attn_VAT-OUT-00-EU-L": "00E",
    "attn_VAT-OUT-00-ROW": "00X",
}
PURCHASES = {
    "attn_VAT-IN-V81-21": "H21",
    "attn_VAT-IN-V81-06": "H06",
    "attn_VAT-IN-V82-21-S": "D21",
    "attn_VAT-IN-V82-12-S": "D12",
    "attn_VAT-IN-V83-21": "I21",
    "attn_VAT-IN-V81-21-EU": "H21E",
    "attn_VAT-IN-V82-21-EU-S": "D21E",
    "attn_VAT-IN-V81-21-ROW-CC": "H21X",
    "attn_VAT-IN-V82-21-CC": "D21M",
    "attn_VAT-IN-V82-CAR-EXC": "D21",
    "attn_VAT-IN-V82-S-ND": "D21",
}
RECUPERATION = {"attn_VAT-IN-V82-CAR-EXC": 50, "attn_VAT-IN-V82-S-ND": 0}
ACCOUNTS = (
    "604000",
    "610000",
    "610200",
    "240000",
    "657000",
    "657100",
    "700000",
    "700100",
    "700500",
    "700600",
    "700700",
    "757000",
    "757100",
)


@tagged("standard", "post_install", "-at_install")
class BooksCase(CompanyCase):
    """Dossier 1001 with bookyear 2026, journals V1, V2 (invoices), A1 and A2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("octopus_connector.group_manager")
        cls.company = cls.env.company
        # Nobody writes the mirror by hand; the refresh does, in sudo.
        cls.mirror = cls.env(su=True)
        cls.chart = cls.env["account.chart.template"].with_company(cls.company)
        cls._make_dossier()
        cls._make_settings()
        cls._make_mappings()
        cls.customer = cls._make_partner("Klant", 16)
        cls.supplier = cls._make_partner("Leverancier", 15)

    # The mirror

    @classmethod
    def _make_dossier(cls):
        connection = cls.mirror["octopus.connection"].create({"name": "Test"})
        cls.dossier = cls.mirror["octopus.dossier"].create(
            {"connection_id": connection.id, "octopus_id": 1001, "name": "Bakkerij"}
        )
        cls.bookyear = cls._make_bookyear(3, 2026)
        cls.v1 = cls._make_journal("V1", insertion_type=1)
        cls.v2 = cls._make_journal("V2", insertion_type=2)
        cls.a1 = cls._make_journal("A1")
        cls.a2 = cls._make_journal("A2")
        cls.octopus_accounts = {
            int(code): cls._make_account(int(code)) for code in ACCOUNTS
        }
        codes = [("sell", code) for code in SALES.values()]
        codes += [("buy", code) for code in PURCHASES.values()]
        cls.vat_codes = {}
        for side, code in dict.fromkeys(codes):
            for kind in (side, f"{side}_refund"):
                cls.vat_codes[kind, code] = cls.mirror["octopus.vat.code"].create(
                    {
                        "dossier_id": cls.dossier.id,
                        "code": code,
                        "type": kind,
                        "description": f"{kind} {code}",
                    }
                )

    @classmethod
    def _make_bookyear(cls, key, year, closed=False):
        periods = [
            {
                "number": year * 100 + month,
                "date_start": date(year, month, 1),
                "date_end": date(year + month // 12, month % 12 + 1, 1)
                - date.resolution,
            }
            for month in range(1, 13)
        ]
        return cls.mirror["octopus.bookyear"].create(
            {
                "dossier_id": cls.dossier.id,
                "octopus_id": key,
                "name": str(year),
                "date_start": date(year, 1, 1),
                "date_end": date(year, 12, 31),
                "closed": closed,
                "period_ids": [Command.create(vals) for vals in periods],
            }
        )

    @classmethod
    def _make_journal(cls, key, **values):
        return cls.mirror["octopus.journal"].create(
            {
                "dossier_id": cls.dossier.id,
                "key": key,
                "name": key,
                "type": key[0],
                "year_ids": [
                    Command.create({"bookyear_id": cls.bookyear.id, "last_number": 6})
                ],
                **values,
            }
        )

    @classmethod
    def _make_account(cls, number):
        return cls.mirror["octopus.account"].create(
            {
                "dossier_id": cls.dossier.id,
                "number": number,
                "name_nl": f"Rekening {number}",
                "bookyear_ids": [Command.set(cls.bookyear.ids)],
            }
        )

    # The company's choices

    @classmethod
    def _make_settings(cls):
        accounts = cls.octopus_accounts
        cls.company.write(
            {
                "octopus_enabled": True,
                "octopus_dossier_id": cls.dossier.id,
                "octopus_out_invoice_journal_id": cls.v1.id,
                "octopus_out_refund_journal_id": cls.v1.id,
                "octopus_in_invoice_journal_id": cls.a1.id,
                "octopus_in_refund_journal_id": cls.a1.id,
                "octopus_group_by_vat": True,
                "octopus_sale_discount_account_id": accounts[657000].id,
                "octopus_purchase_discount_account_id": accounts[757000].id,
            }
        )

    @classmethod
    def _make_mappings(cls):
        for direction, codes in (("sale", SALES), ("purchase", PURCHASES)):
            side = "sell" if direction == "sale" else "buy"
            for xmlid, code in codes.items():
                cls._map_tax(
                    cls.tax(xmlid),
                    direction,
                    vat_code_id=cls.vat_codes[side, code].id,
                    refund_vat_code_id=cls.vat_codes[f"{side}_refund", code].id,
                    send_recuperation=xmlid in RECUPERATION,
                    recuperation=RECUPERATION.get(xmlid, 100),
                )
            cls._map_tax(cls.env["account.tax"], direction, no_vat_code=True)
        for code in ACCOUNTS:
            cls._map_account(cls.account(code), cls.octopus_accounts[int(code)])

    @classmethod
    def _map_tax(cls, tax, direction, **values):
        return cls.env["octopus.tax.mapping"].create(
            {
                "company_id": cls.company.id,
                "dossier_id": cls.dossier.id,
                "tax_id": tax.id,
                "direction": direction,
                **values,
            }
        )

    @classmethod
    def _map_account(cls, account, octopus_account):
        return cls.env["octopus.account.mapping"].create(
            {
                "company_id": cls.company.id,
                "dossier_id": cls.dossier.id,
                "account_id": account.id,
                "octopus_account_id": octopus_account.id,
            }
        )

    @classmethod
    def _make_partner(cls, name, number):
        partner = cls.env["res.partner"].create(
            {"name": name, "country_id": cls.env.ref("base.be").id}
        )
        cls.mirror["octopus.relation"].create(
            {
                "dossier_id": cls.dossier.id,
                "octopus_id": number,
                "partner_id": partner.id,
                "name": name,
                "vat_type": 1,
            }
        )
        return partner

    # Records of l10n_be

    @classmethod
    def tax(cls, xmlid):
        tax = cls.chart.ref(xmlid)
        tax.active = True
        return tax

    @classmethod
    def account(cls, code):
        accounts = cls.env["account.account"].with_company(cls.company)
        domain = accounts._check_company_domain(cls.company)
        found = accounts.search([*domain, ("code", "=", code)])
        return found or accounts.create(
            {"code": code, "name": f"Account {code}", "account_type": "income"}
        )

    # Documents

    def line(self, account, amount, *taxes, name="Line", **values):
        """A line of an invoice; ``taxes`` are names of l10n_be, or taxes."""
        taxes = [self.tax(tax) if isinstance(tax, str) else tax for tax in taxes]
        return Command.create(
            {
                "name": name,
                "account_id": self.account(account).id,
                "price_unit": amount,
                "tax_ids": [Command.set([tax.id for tax in taxes])],
                **values,
            }
        )

    def document(self, kind, *lines, post=True, **values):
        """A document of ``kind``, dated in March 2026."""
        sale = kind.startswith("out_")
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (self.customer if sale else self.supplier).id,
                "invoice_date": DAY,
                "date": DAY,
                "invoice_payment_term_id": False,
                "fiscal_position_id": False,
                "ref": False if sale else self.vendor_number(),
                "invoice_line_ids": list(lines),
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def vendor_number(self):
        """The number of a vendor's next bill."""
        self.bills = getattr(self, "bills", 16) + 1
        return f"F-2026/{self.bills}"

    def prepare(self, move):
        return move.octopus_prepare()[move.id]

    def codes(self, move):
        """Codes of what is found about a document."""
        return [finding.code for finding in self.prepare(move).findings]

    def finding(self, move, code):
        """The finding ``code``, which must be there once, with a text for people."""
        found = [it for it in self.prepare(move).findings if it.code == code]
        self.assertEqual(len(found), 1, self.codes(move))
        texts = self.env["octopus.finding"]._texts(found[0].as_json())
        for part, text in texts.items():
            self.assertTrue(text, part)
            self.assertNotIn("?", text, f"{code}: a value of the text is missing")
        return found[0]

    def plain(self, document):
        """Lines of a prepared document: account, VAT code, base, VAT."""
        unit = D(1).scaleb(-document.currency.decimal_places)
        return [
            (
                line.account,
                line.vat_code,
                str(line.base.quantize(unit)),
                str(line.vat.quantize(unit)),
            )
            for line in document.lines
        ]

    def assert_booked(self, move, amount, lines):
        """The document leaves without finding, with these lines and total; and so does
        its credit note, with the same lines and the opposite total (X.28)."""
        document = self.prepare(move)
        self.assertEqual(document.findings, ())
        self.assertEqual(self.plain(document), lines)
        self.assertEqual(document.amount, D(amount))
        refund = self.reversed(move)
        credit = self.prepare(refund)
        self.assertEqual(credit.findings, ())
        self.assertEqual(self.plain(credit), lines)
        self.assertEqual(credit.amount, -D(amount))
        self.assertEqual(refund.amount_total, float(amount))
        return document

    def reversed(self, move):
        refund = move._reverse_moves(
            [{"invoice_date": DAY, "date": DAY, "ref": f"Credit {move.name}"}]
        )
        refund.invoice_payment_term_id = move.invoice_payment_term_id
        refund.invoice_cash_rounding_id = move.invoice_cash_rounding_id
        refund.action_post()
        return refund
