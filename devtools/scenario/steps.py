"""What an administrator, and the accountant, do with the company: one function a step.

A step takes an environment and JSON values, and gives JSON. It presses the buttons that
a person would; what scheduled actions do is left to the server.
"""

from decimal import Decimal

from odoo import fields

from odoo.addons.octopus_connector.api import (
    FIRST_SYNC,
    BalancingKey,
    Capability,
    FinancialBooking,
    FinancialLine,
    OctopusError,
    PasswordLogin,
    RelationRef,
)
from odoo.addons.octopus_connector.api import (
    connect as connect_to,
)
from odoo.addons.octopus_connector.models.octopus_connection import URL_PARAMETERS

from . import company as company_parts
from .choices import choose_for_untaxed, choose_missing, refund_of
from .documents import KINDS, Writer
from .story import Story

STEPS = {}
MAPPINGS = ("octopus.tax.mapping", "octopus.account.mapping", "octopus.journal.mapping")
# The kinds that a branch gets, too.
BRANCH_KINDS = ("rates mixed", "intra-community purchase", "half deductible")


class StepError(Exception):
    """A step cannot be done; the message says why."""


def step(function):
    """Make a function a step of its name."""
    STEPS[function.__name__] = function
    return function


# The company


@step
def build(env, vat, name, branches=(), iban=None):
    """Make the company and its branches; give their ids, the company's first.

    :param branches: ``{name, vat}`` each; ``vat`` only where it has books of its own
    """
    company = company_parts.build(env, vat, name, iban)
    made = [company_parts.branch(env, company, **branch) for branch in branches]
    company_parts.partners(env)
    return [company.id, *(branch.id for branch in made)]


@step
def write_documents(env, company_id, date=None, branch=False):
    """Post a document of each kind and its credit note; give ``[{id, kind}]``.

    :param date: of all of them; a day of the dossier's open bookyear when left out
    :param branch: only a few kinds
    """
    company = env["res.company"].browse(company_id)
    day = fields.Date.to_date(date) if date else _open_day(company)
    kinds = [kind for kind in KINDS if not branch or kind.name in BRANCH_KINDS]
    writer = Writer(company, company_parts.known_partners(env), day)
    made = writer.write_all(kinds)
    return [{"id": move.id, "kind": name} for name, move in made.items()]


@step
def write_story(env, company_id, date, months):
    """Post what a company did in some months until a day; give the number."""
    company = env["res.company"].browse(company_id)
    return len(Story(company, fields.Date.to_date(date)).write(months))


def _open_day(company):
    """Return the latest day, today at most, that the dossier's journals still take."""
    settings = company.octopus_settings()
    years = settings.octopus_dossier_id.bookyear_ids.filtered(
        lambda year: not year.closed
    )
    journals = company_parts.kind_journals(settings)
    today = fields.Date.today()
    days = []
    for period in years.period_ids:
        states = journals.year_ids.filtered(
            lambda state, year=period.bookyear_id: state.bookyear_id == year
        )
        guarded = max(states.mapped("closed_until"), default=0)
        if len(states) == len(journals) and period.number > guarded:
            if period.date_start <= today:
                days.append(min(period.date_end, today))
    if not days:
        raise StepError("The dossier has no open period that has begun.")
    return max(days)


# The link


@step
def enter_login(env, transport, url, software_house, user, password):
    """Fill the login in, without trying it."""
    env["ir.config_parameter"].set_param(URL_PARAMETERS[transport], url)
    env["octopus.setup"].create(
        {
            "transport": transport,
            "software_house": software_house,
            "user_name": user,
            "password": password,
        }
    )


@step
def offer_own_page(env, url):
    """Let people log in on the page of the pretend Octopus, too.

    :param url: of its OAuth addresses
    """
    for name in ("authorize", "token"):
        parameter = f"octopus_connector.oauth_{name}_url"
        env["ir.config_parameter"].set_param(parameter, f"{url}/{name}")


@step
def connect(env, **login):
    """Log in as the wizard's first step does; give the dossiers of the login."""
    enter_login(env, **login)
    setup = env["octopus.setup"].create({})
    _next(setup)
    return [
        {
            "id": dossier.octopus_id,
            "name": dossier.name,
            "vat": (dossier.vat_number or "").replace(".", "").replace(" ", ""),
        }
        for dossier in setup.dossier_ids
    ]


@step
def link(env, company_id, dossier=None, files="existing"):
    """Go through the wizard for a company, and follow its payments in Octopus.

    :param dossier: the one to choose; by VAT number when left out
    :param files: which PDF and UBL go along, as in the settings
    :return: the dossier
    """
    company = env["res.company"].browse(company_id)
    if company.parent_id:
        company.octopus_separate_settings = True
    setup = env["octopus.setup"].with_context(default_company_id=company_id).create({})
    _next(setup)
    if dossier:
        setup.dossier_id = setup.dossier_ids.filtered(
            lambda row: row.octopus_id == dossier
        )
    if not setup.dossier_id:
        raise StepError(
            f"No single dossier has the number {setup.company_numbers}; there are:"
            f" {setup.dossier_numbers}"
        )
    _next(setup)
    # Everything that Octopus has room for, not only what comes from today on.
    setup.octopus_start_date = min(setup.dossier_id.bookyear_ids.mapped("date_start"))
    _next(setup)
    _adopt_bank(company, setup.dossier_id)
    company.octopus_payment_owner = "octopus"
    company.octopus_attachment_policy = files
    return {"id": setup.dossier_id.octopus_id, "name": setup.dossier_id.display_name}


def _next(setup):
    setup.action_next()
    if setup.connection_id.problem:
        texts = setup.env["octopus.finding"]._texts(setup.connection_id.problem)
        raise StepError(f"{texts['title']} {texts['fix']}")


def _adopt_bank(company, dossier):
    """Give the bank the account number that a financial journal has, if none yet."""
    bank = company_parts.bank_journal(company.env, company)
    ibans = dossier.journal_ids.filtered(lambda row: row.type == "F").mapped("iban")
    if not bank.bank_acc_number and any(ibans):
        bank.bank_acc_number = next(filter(None, ibans))


@step
def map_all(env, company_id, exchange_rate):
    """Accept the proposals; give what had to be chosen besides, a sentence each.

    :param exchange_rate: which way the dossier writes rates, as in its settings
    """
    company = env["res.company"].browse(company_id)
    env = company.with_company(company).env
    told = []
    for model in MAPPINGS:
        told += map_kind(env, company, model)
    told += _choose_discount_accounts(env, company.octopus_settings())
    company.octopus_dossier().exchange_rate_direction = exchange_rate
    return [*told, f"exchange rates: {exchange_rate}"]


def map_kind(env, company, model):
    """Accept the proposals of one mapping; give what had to be chosen besides."""
    rows = env[model].with_company(company)
    rows.action_propose()
    rows.action_accept_all()
    # What is left was looked at: the demo's own plan of accounts is another one.
    rows.search(
        [("company_id", "=", company.octopus_settings().id), ("unlike", "=", True)]
    ).action_accept()
    return choose_missing(rows.env, model, company.octopus_settings())


def _choose_discount_accounts(env, settings):
    """Take the counterparts of Odoo's own accounts for cash discount."""
    accounts = env["octopus.account.mapping"].lookup(settings)
    told = []
    for direction, way in (("sale", "loss"), ("purchase", "gain")):
        odoo = settings[f"account_journal_early_pay_discount_{way}_account_id"]
        chosen = accounts.get(odoo.id)
        if chosen:
            settings.sudo()[f"octopus_{direction}_discount_account_id"] = chosen
            told.append(f"cash discount ({direction}) → {chosen.display_name}")
    return told


# Sending and checking


@step
def send_first(env, move_id):
    """Press the button on one document; give what its row came to."""
    move = env["account.move"].browse(move_id)
    move.action_octopus_send()
    return _state_of(move)


@step
def send_by_itself(env, company_id):
    """Switch the automatic sending on, and let what is there already go, too."""
    company = env["res.company"].browse(company_id)
    asked = company.action_octopus_start()
    dialog = env[asked["res_model"]].browse(asked["res_id"])
    start = company.octopus_start_date or fields.Date.today().replace(month=1, day=1)
    dialog.write({"mode": "automatic", "backlog": "send", "start_date": start})
    dialog.action_apply()


@step
def send_many(env, move_ids):
    """Press the button on the list of documents."""
    env["account.move"].browse(move_ids).action_octopus_send()


@step
def choose_for_untaxed_lines(env, move_ids):
    """Make the one choice that documents wait for of which Octopus refused lines
    without VAT code; give a sentence for each row."""
    moves = env["account.move"].browse(move_ids)
    return choose_for_untaxed(moves.octopus_booking_ids)


@step
def states(env, move_ids):
    """Tell of each document where it stands, in Odoo and by its row."""
    return [_state_of(move) for move in env["account.move"].browse(move_ids)]


def _state_of(move):
    row = move.octopus_booking_id
    texts = move.env["octopus.finding"]
    return {
        "id": move.id,
        "odoo_number": move.name,
        "company": move.company_id.name,
        "partner": move.commercial_partner_id.name,
        "sale": move.is_sale_document(),
        "dossier": row.dossier_id.octopus_id,
        "journal": row.journal_id.key or None,
        "bookyear": row.bookyear_id.octopus_id,
        "number": row.number,
        "relation": row.relation_id.octopus_id,
        "state": row.state or "none",
        "payment_state": move.payment_state,
        "findings": [texts._texts(found)["title"] for found in row.findings or []],
    }


@step
def expected(env, move_ids):
    """Tell what Octopus must hold of each document, from Odoo's journal items alone."""
    return [_expected_of(move) for move in env["account.move"].browse(move_ids)]


def _expected_of(move):
    refund = move.move_type.endswith("refund")
    sign = -1 if move.move_type in ("out_invoice", "in_refund") else 1
    codes = _codes_of(move)
    sums = {}
    for item in move.line_ids:
        if item.display_type in ("payment_term", "cogs"):
            continue
        tax = item.tax_line_id or item.tax_ids
        base, vat = sums.setdefault(codes(tax), [Decimal(0), Decimal(0)])
        amount = sign * Decimal(f"{item.amount_currency:.2f}")
        charged = bool(item.tax_line_id)
        sums[codes(tax)] = [base, vat + amount] if charged else [base + amount, vat]
    total = Decimal(f"{move.amount_total:.2f}")
    return {
        "id": move.id,
        "amount": str(-total if refund else total),
        "currency": move.currency_id.name,
        "vat": {code: [f"{n:.2f}" for n in pair] for code, pair in sums.items()},
    }


def _codes_of(move):
    settings = move.company_id.octopus_settings()
    mappings = move.env["octopus.tax.mapping"].lookup(settings)
    direction = "sale" if move.is_sale_document() else "purchase"
    field = refund_of(move.move_type)

    def code(tax):
        mapping = mappings.get((tax.id, direction))
        return (mapping and mapping[field].code) or ""

    return code


# The accountant, through Octopus's own interface


@step
def read_back(env, login, journals):
    """Read the documents of journals in Octopus.

    :param journals: ``[dossier, bookyear, journal]`` each
    :return: ``[{dossier, bookyear, journal, number, amount, currency, vat}]``
    """
    found = []
    with _client(login) as octopus:
        for dossier, bookyear, journal in journals:
            changed = octopus.dossier(dossier).bookings_modified(
                bookyear, journal, FIRST_SYNC
            )
            found += [{"dossier": dossier, **_found(booking)} for booking in changed]
    return found


def _client(login):
    secret = PasswordLogin(login["software_house"], login["user"], login["password"])
    return connect_to(secret, login["transport"], login["url"])


def _found(booking):
    sums = {}
    for line in booking.lines:
        base, vat = sums.get(line.vat_code or "", (Decimal(0), Decimal(0)))
        sums[line.vat_code or ""] = (base + line.base, vat + line.vat)
    return {
        "bookyear": booking.bookyear_id,
        "journal": booking.journal,
        "number": booking.number,
        "amount": f"{booking.amount:.2f}",
        "currency": booking.currency,
        "vat": {code: [f"{n:.2f}" for n in pair] for code, pair in sums.items()},
    }


@step
def receive(env, login, company_id, receipts):
    """Book one bank receipt with a line for each customer document, and match them.

    :param receipts: ``{id, amount}`` each: the document and what is received
    :return: key of the financial document
    """
    company = env["res.company"].browse(company_id)
    moves = env["account.move"].browse([receipt["id"] for receipt in receipts])
    rows = moves.octopus_booking_id
    bank = company_parts.financial_journal(company)
    bookyear = rows[:1].bookyear_id
    with _client(login) as client:
        octopus = client.dossier(company.octopus_dossier().octopus_id)
        state = octopus.journals(bookyear.octopus_id)
        last = next(row.last_number for row in state if row.key == bank.key)
        # Where a line knows no other number of a relation than ours
        # (docs/octopus.md §7).
        ours = Capability.LINE_RELATIONS not in octopus.capabilities
        booking = _receipt(rows, bank.key, (last or 0) + 1, receipts, ours)
        try:
            octopus.insert_financial_booking(booking)
            for line, (row, receipt) in enumerate(zip(rows, receipts, strict=True), 1):
                octopus.insert_balancing(
                    BalancingKey(
                        bookyear_id=row.bookyear_id.octopus_id,
                        journal=row.journal_id.key,
                        number=row.number,
                    ),
                    BalancingKey(
                        bookyear_id=booking.bookyear_id,
                        journal=booking.journal,
                        number=booking.number,
                        line=line,
                    ),
                    Decimal(receipt["amount"]),
                )
        except OctopusError as error:
            raise StepError(f"The receipt cannot be booked: {error}") from error
    return f"{booking.bookyear_id}/{booking.journal}/{booking.number}"


def _receipt(rows, journal, number, receipts, ours):
    first = rows[:1]

    def ref(relation):
        own = relation.external_id if ours else None
        return RelationRef(id=relation.octopus_id, external_id=own or None)

    return FinancialBooking(
        bookyear_id=first.bookyear_id.octopus_id,
        journal=journal,
        number=number,
        period=first.period_number,
        document_date=first.document_date,
        exchange_rate=Decimal(1),
        lines=tuple(
            FinancialLine(
                type="C",
                amount=Decimal(receipt["amount"]),
                relation=ref(row.relation_id),
                reference=row.document_name,
            )
            for row, receipt in zip(rows, receipts, strict=True)
        ),
    )
