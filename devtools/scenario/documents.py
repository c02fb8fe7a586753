"""One document of every kind that must pass to the cent (issue list).

A line is (account, price, taxes, more values); taxes are xmlids of ``l10n_be``.
"""

from dataclasses import dataclass, field

from odoo.fields import Command

from .company import account, commands

SALE = "attn_VAT-OUT-"
BUY = "attn_VAT-IN-"


@dataclass(frozen=True)
class Kind:
    """A document to make: its move type, partner and lines."""

    name: str
    type: str
    partner: str
    lines: tuple
    values: dict = field(default_factory=dict)


def sale(name, *lines, partner="belgian", **values):
    return Kind(name, "out_invoice", partner, lines, values)


def bill(name, *lines, partner="supplier", **values):
    return Kind(name, "in_invoice", partner, lines, values)


KINDS = (
    sale(
        "rates mixed",
        ("700000", 33.33, [SALE + "21-L"]),
        ("700000", 50.05, [SALE + "12-L"]),
        ("700000", 10.01, [SALE + "06-L"]),
        ("700000", 7.77, [SALE + "00-L"]),
    ),
    sale(
        "several accounts",
        ("700000", 100.05, [SALE + "21-L"]),
        ("700100", 0.05, [SALE + "21-L"]),
        ("743000", 12.34, [SALE + "21-L"]),
    ),
    sale(
        "tax included",
        ("700000", 9.99, ["included"], {"quantity": 3}),
        ("700100", 0.99, ["included"]),
        partner="private",
    ),
    sale("line discounts", ("700000", 99.99, [SALE + "21-L"], {"discount": 12.5})),
    sale(
        "early discount",
        ("700000", 60.00, [SALE + "21-L"]),
        ("700000", 40.00, [SALE + "21-L"]),
        early_discount=True,
    ),
    sale(
        "intra-community sale",
        ("700600", 1000.00, [SALE + "00-EU-L"]),
        ("700610", 250.00, [SALE + "00-EU-S"]),
        partner="eu",
    ),
    sale("export sale", ("700700", 888.88, [SALE + "00-ROW"]), partner="world"),
    sale("co-contractor sale", ("700500", 5000.00, [SALE + "00-CC"])),
    sale(
        "negative lines",
        ("700000", 100.00, [SALE + "21-L"]),
        ("700100", -30.00, [SALE + "21-L"]),
    ),
    sale(
        "down payment settled",
        ("700000", 1000.00, [SALE + "21-L"]),
        ("700000", 300.00, [SALE + "21-L"], {"quantity": -1}),
    ),
    sale("cash rounding", ("700000", 9.98, [SALE + "21-L"]), cash_rounding=True),
    sale(
        "foreign currency",
        ("700700", 1000.00, [SALE + "00-ROW"]),
        partner="world",
        currency="USD",
    ),
    sale(
        "zero invoice",
        ("700000", 50.00, [SALE + "21-L"]),
        ("700000", -50.00, [SALE + "21-L"]),
    ),
    bill(
        "goods, services, investments",
        ("604000", 100.00, [BUY + "V81-21"]),
        ("604000", 20.00, [BUY + "V81-06"]),
        ("610000", 50.00, [BUY + "V82-21-S"]),
        ("240000", 1000.00, [BUY + "V83-21"]),
    ),
    bill(
        "intra-community purchase",
        ("604000", 1000.00, [BUY + "V81-21-EU"]),
        ("613310", 200.00, [BUY + "V82-21-EU-S"]),
        partner="eu_supplier",
    ),
    bill(
        "import",
        ("604000", 333.33, [BUY + "V81-21-ROW-CC"]),
        partner="world_supplier",
    ),
    bill("co-contractor purchase", ("611000", 750.00, [BUY + "V82-21-CC"])),
    bill("half deductible", ("610200", 100.00, [BUY + "V82-CAR-EXC"])),
    bill("not deductible", ("616580", 100.00, [BUY + "V82-S-ND"])),
)


class Writer:
    """Makes the documents of one company.

    :param date: invoice and accounting date of all of them
    :param partners: contacts by the key that kinds name
    """

    def __init__(self, company, partners, date):
        self.env = company.env(
            context={
                **company.env.context,
                "allowed_company_ids": company.ids,
                "default_company_id": company.id,
            }
        )
        self.company = company.with_env(self.env)
        self.partners = partners
        self.date = date

    def write_all(self, kinds=KINDS):
        """Post a document of each kind and its credit note; give {name: move}."""
        made = {}
        for kind in kinds:
            move = self.write(kind)
            made[kind.name] = move
            if move.amount_total:
                made[f"{kind.name}, credit note"] = self.credit(move)
        return made

    def write(self, kind):
        """Post one document."""
        move = self.env["account.move"].create(
            {
                "move_type": kind.type,
                "partner_id": self.partners[kind.partner].id,
                "invoice_date": self.date,
                "date": self.date,
                "invoice_line_ids": commands(map(self._line, kind.lines)),
                **self._values(kind),
            }
        )
        move.action_post()
        return move

    def credit(self, move):
        """Post the credit note of a whole document, not matched with it."""
        refund = move._reverse_moves(
            [
                {
                    "invoice_date": self.date,
                    "date": self.date,
                    "ref": f"CN {move.ref or move.name}",
                    "invoice_payment_term_id": move.invoice_payment_term_id.id,
                }
            ]
        )
        # Odoo would match it with its document at once.
        refund.reversed_entry_id = False
        refund.action_post()
        return refund

    def _values(self, kind):
        values = dict(kind.values)
        result = {"fiscal_position_id": False}
        if kind.type == "in_invoice":
            result["ref"] = f"{kind.partner}-{kind.name}"
        if values.pop("early_discount", False):
            result["invoice_payment_term_id"] = self._discount_term().id
        else:
            result["invoice_payment_term_id"] = self.env.ref(
                "account.account_payment_term_30days"
            ).id
        if values.pop("cash_rounding", False):
            result["invoice_cash_rounding_id"] = self._cash_rounding().id
        if code := values.pop("currency", None):
            result["currency_id"] = self._currency(code).id
        return {**result, **values}

    def _line(self, line):
        code, price, taxes, *more = line
        return {
            "name": f"{code} {price}",
            "account_id": account(self.company, code).id,
            "price_unit": price,
            "tax_ids": [Command.set([self._tax(tax).id for tax in taxes])],
            **(more[0] if more else {}),
        }

    def _tax(self, name):
        if name == "included":
            return self._included_tax()
        charts = self.env["account.chart.template"].with_company(self.company.root_id)
        tax = charts.ref(name)
        tax.active = True
        return tax

    def _included_tax(self):
        name = "21% incl"
        taxes = self.env["account.tax"]
        found = taxes.search(
            [
                *taxes._check_company_domain(self.company),
                ("name", "=", name),
                ("type_tax_use", "=", "sale"),
            ],
            limit=1,
        )
        return found or self._tax(SALE + "21-L").copy(
            {"name": name, "price_include_override": "tax_included"}
        )

    def _discount_term(self):
        return self._once(
            "account.payment.term",
            "2% within 7 days",
            early_discount=True,
            discount_percentage=2,
            discount_days=7,
            early_pay_discount_computation="mixed",
            line_ids=commands([{"value": "percent", "value_amount": 100}]),
        )

    def _cash_rounding(self):
        return self._once(
            "account.cash.rounding",
            # Its accounts are kept per company, without looking at the parent's.
            f"5 cents, {self.company.name}",
            rounding=0.05,
            strategy="add_invoice_line",
            rounding_method="HALF-UP",
            profit_account_id=account(self.company, "757100").id,
            loss_account_id=account(self.company, "657100").id,
        )

    def _currency(self, code):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", code)])
        )
        currency.active = True
        root = self.company.root_id
        if not currency.rate_ids.filtered(lambda rate: rate.company_id == root):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": root.id,
                    "name": self.date.replace(day=1),
                    "rate": 1.25,
                }
            )
        return currency

    def _once(self, model, name, **values):
        found = self.env[model].search([("name", "=", name)], limit=1)
        return found or self.env[model].create({"name": name, **values})
