"""The company, its branches, its bank and the people it trades with."""

from odoo.fields import Command

CHART = "be_comp"

# Valid numbers that belong to nobody we know of, or are public examples.
CUSTOMERS = {
    "belgian": ("Brasserie du Canal", "BE", "BE0246697724", "Charleroi", "6000"),
    "private": ("Lotte Maes", "BE", False, "Aalst", "9300"),
    "eu": ("Fietsenmaker Jansen", "NL", "NL123456782B90", "Breda", "4811"),
    "world": ("Coastal Bikes Inc", "US", False, "Portland", "97201"),
}
SUPPLIERS = {
    "supplier": ("Drukkerij Claes", "BE", "BE0202239951", "Hasselt", "3500"),
    "eu_supplier": ("Fahrradteile Koch", "DE", "DE123456788", "Aachen", "52062"),
    "world_supplier": ("Taichung Parts", "TW", False, "Taichung", "40041"),
}


def build(env, vat, name="Demo Brussel BV", iban=None):
    """Make the database's company a Belgian one; give it.

    :param vat: VAT number, of the dossier it books in
    :param iban: of its bank account
    """
    company = env.company
    _belgian(env, company, name, vat)
    _load_chart(env, company)
    env.user.group_ids += env.ref("account.group_account_user")
    if iban:
        bank_journal(env, company).bank_acc_number = iban
    return company


def branch(env, parent, name, vat=None):
    """Make a branch of a company; one with its own VAT number books on its own."""
    company = env["res.company"].create({"name": name, "parent_id": parent.id})
    _belgian(env, company, name, vat or parent.vat)
    env.user.company_ids += company
    _load_chart(env, company)
    return company


def partners(env):
    """Make the customers and suppliers, by their key."""
    made = {}
    for key, (name, country, vat, city, zip_code) in {**CUSTOMERS, **SUPPLIERS}.items():
        made[key] = env["res.partner"].create(
            {
                "name": name,
                "is_company": key != "private",
                "country_id": env.ref(f"base.{country.lower()}").id,
                "vat": vat,
                "street": "Stationsstraat 1",
                "zip": zip_code,
                "city": city,
                "lang": "en_US",
            }
        )
    return made


def known_partners(env):
    """Give the customers and suppliers that were made, by their key."""
    names = {key: values[0] for key, values in {**CUSTOMERS, **SUPPLIERS}.items()}
    found = env["res.partner"].search([("name", "in", list(names.values()))])
    by_name = {partner.name: partner for partner in found}
    return {key: by_name[name] for key, name in names.items()}


def bank_journal(env, company):
    """Give the company's bank journal."""
    return env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )


def own_banks(company):
    """Give the bank journals of a company of which Odoo keeps the payments."""
    return company.env["account.journal"].search(
        [("company_id", "=", company.id), ("octopus_payment_owner", "=", "odoo")]
    )


def account(company, code):
    """Give the account of a company with a number.

    :raises LookupError: there is none
    """
    accounts = company.env["account.account"]
    found = accounts.search(
        [*accounts._check_company_domain(company), ("code", "=", code)]
    )
    if not found:
        raise LookupError(f"no account {code}")
    return found


def kind_journals(settings):
    """Give the Octopus journals that a company's documents go to."""
    return (
        settings.octopus_out_invoice_journal_id
        | settings.octopus_out_refund_journal_id
        | settings.octopus_in_invoice_journal_id
        | settings.octopus_in_refund_journal_id
    )


def financial_journal(company):
    """Give the Octopus journal of the company's bank, or else the first one."""
    settings = company.octopus_settings()
    mappings = company.env["octopus.journal.mapping"].lookup(settings)
    mapping = mappings.get(bank_journal(company.env, company).id)
    if mapping:
        return mapping.octopus_journal_id
    journals = settings.octopus_dossier_id.journal_ids
    return journals.filtered(lambda journal: journal.type == "F")[:1]


def in_use(settings):
    """Give the taxes and accounts that documents of a company have, and its banks of
    which payments go to Octopus, as a set."""
    lines = settings.env["account.move.line"].search(
        [
            ("company_id", "in", settings.octopus_companies().ids),
            ("parent_state", "=", "posted"),
            ("move_id.move_type", "!=", "entry"),
        ]
    )
    return {*lines.tax_ids, *lines.account_id, *own_banks(settings)}


def _belgian(env, company, name, vat):
    company.write(
        {
            "name": name,
            "country_id": env.ref("base.be").id,
            "currency_id": env.ref("base.EUR").id,
            "vat": vat,
            "street": "Kolenmarkt 12",
            "zip": "1000",
            "city": "Brussel",
        }
    )


def _load_chart(env, company):
    if company.chart_template != CHART:
        env["account.chart.template"].try_loading(CHART, company, install_demo=False)


def commands(values):
    """Return one2many commands that create rows."""
    return [Command.create(value) for value in values]
