"""A company to try it with: ten believable documents of a Belgian bicycle shop.

Customers and suppliers belong to that company alone. Their numbers are valid, and of
nobody we know of.
"""

from __future__ import annotations

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

CHART = "be_comp"
VAT = "BE0477472701"
SALE, BUY = "attn_VAT-OUT-", "attn_VAT-IN-"

# name, VAT number, street, postcode, city
CONTACTS = {
    "canal": (
        "Brasserie du Canal",
        "BE0246697724",
        "Quai de Brabant 8",
        "6000",
        "Charleroi",
    ),
    "claes": (
        "Drukkerij Claes",
        "BE0202239951",
        "Kempische Steenweg 41",
        "3500",
        "Hasselt",
    ),
    "maes": ("Lotte Maes", False, "Molenstraat 15", "9300", "Aalst"),
    "velo": ("Vélo Parts SA", "BE0765432146", "Rue du Parc 3", "5000", "Namur"),
    "kantoor": (
        "Kantoorgebouw Zuid NV",
        "BE0712345036",
        "Zuidlaan 100",
        "1000",
        "Brussel",
    ),
}
# type, contact, days ago, lines of (text, account, quantity, price, tax)
DOCUMENTS = (
    (
        "out_invoice",
        "canal",
        25,
        [
            ("Stadsfiets, 3 versnellingen", "700000", 2, 649.00, f"{SALE}21-L"),
            ("Fietsslot", "700000", 2, 39.95, f"{SALE}21-L"),
        ],
    ),
    (
        "out_invoice",
        "maes",
        22,
        [("Herstelling fiets", "700000", 1, 48.50, f"{SALE}06-L")],
    ),
    (
        "out_invoice",
        "claes",
        18,
        [("Bakfiets, elektrisch", "700000", 1, 4890.00, f"{SALE}21-L")],
    ),
    (
        "out_invoice",
        "canal",
        11,
        [
            ("Onderhoud van acht fietsen", "700000", 8, 35.00, f"{SALE}06-L"),
            ("Binnenband 28 inch", "700000", 8, 7.45, f"{SALE}21-L"),
        ],
    ),
    (
        "out_invoice",
        "maes",
        6,
        [("Kinderfiets", "700000", 1, 229.00, f"{SALE}21-L")],
    ),
    (
        "out_refund",
        "canal",
        5,
        [("Fietsslot, teruggenomen", "700000", 1, 39.95, f"{SALE}21-L")],
    ),
    (
        "in_invoice",
        "velo",
        24,
        [("Frames en wielen", "604000", 10, 182.30, f"{BUY}V81-21")],
    ),
    (
        "in_invoice",
        "kantoor",
        20,
        [("Onderhoud gebouw", "611000", 1, 310.00, f"{BUY}V82-21-S")],
    ),
    (
        "in_invoice",
        "claes",
        9,
        [("Drukwerk, 500 folders", "604000", 1, 145.60, f"{BUY}V81-21")],
    ),
    (
        "in_refund",
        "velo",
        4,
        [("Wielen, teruggestuurd", "604000", 2, 182.30, f"{BUY}V81-21")],
    ),
)


def make_company(env, name, iban):
    """Make a Belgian company with its chart and its documents.

    :param env: in sudo, of the person who tries it
    :param str name: of the company
    :param str iban: of its bank
    :return: ``res.company``
    """
    company = env["res.company"].create(
        {
            "name": name,
            "country_id": env.ref("base.be").id,
            "currency_id": env.ref("base.EUR").id,
            "vat": VAT,
            "street": "Kolenmarkt 12",
            "zip": "1000",
            "city": "Brussel",
        }
    )
    env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    env.user.company_ids += company
    company = _within(company)
    bank = company.env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    bank.bank_acc_number = iban
    _write_documents(company)
    return company


def _within(company):
    """Return a company in an environment in which nothing else is made or found."""
    context = {**company.env.context, "allowed_company_ids": company.ids}
    return company.with_context(context)  # pylint: disable=context-overridden


def _write_documents(company):
    partners = {key: _partner(company, *values) for key, values in CONTACTS.items()}
    today = fields.Date.context_today(company)
    for number, (kind, partner, days, lines) in enumerate(DOCUMENTS, 1):
        # The bookyear before may be closed at the accountant's.
        date = max(today - timedelta(days=days), today.replace(month=1, day=1))
        move = company.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partners[partner].id,
                "invoice_date": date,
                "date": date,
                "ref": f"TEST-{number:02}" if kind.startswith("in") else False,
                "fiscal_position_id": False,
                "invoice_line_ids": [
                    Command.create(_line(company, *line)) for line in lines
                ],
            }
        )
        move.action_post()


def _partner(company, name, vat, street, postcode, city):
    return company.env["res.partner"].create(
        {
            "name": name,
            "is_company": bool(vat),
            "company_id": company.id,
            "country_id": company.env.ref("base.be").id,
            "vat": vat,
            "street": street,
            "zip": postcode,
            "city": city,
        }
    )


def _line(company, text, code, quantity, price, tax):
    accounts = company.env["account.account"]
    own = accounts._check_company_domain(company)
    return {
        "name": text,
        "account_id": accounts.search([*own, ("code", "=", code)], limit=1).id,
        "quantity": quantity,
        "price_unit": price,
        "tax_ids": [Command.set(company.env["account.chart.template"].ref(tax).ids)],
    }
