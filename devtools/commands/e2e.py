"""The main job against any Octopus-compatible server: the test dossier that Octopus
gives, or a simulator. THE DOSSIER GETS DOCUMENTS: never use one with real books.

A new database gets a company with the dossier's VAT number; it is linked, the
proposals are accepted and a document of every kind is sent. Then, through Octopus's own
interface as the accountant would, a bank receipt pays one invoice fully and one partly.
Everything is read back. One JSON line is printed for each document and one for all:

    kind, odoo_number, journal, bookyear, number, amount, state, payment_state, wrong

Exit code 1 when anything differs from what Odoo holds. A document that the dossier can
not take (no VAT code of its kind) counts as a difference; its line says why. Where a
proposal is missing a choice is made and told: the first VAT code of the right type and
percentage, the account with the most first digits in common. Where Octopus refuses
lines without a VAT code, those without a tax get the first one of 0 %, once.

Secrets may come from OCTOPUS_SOFTWARE_HOUSE, OCTOPUS_USER and OCTOPUS_PASSWORD."""

import json
import os

from ..console import say
from ..errors import DevError
from ..main_job import MainJob
from ..sandbox import PATHS
from ..scenario.payments import ALL, HALF, amount_of
from ..steps_process import Steps

HELP = "the main job against any Octopus-compatible server"
SECRETS = {
    "software_house": "OCTOPUS_SOFTWARE_HOUSE",
    "user": "OCTOPUS_USER",
    "password": "OCTOPUS_PASSWORD",
}
RATES = ["euro_per_foreign", "foreign_per_euro"]


def configure(parser):
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument("--rest-url", help="address, up to .../v1")
    parser.add_argument("--soap-url", help="address, up to .../OctopusWSService")
    for name, variable in SECRETS.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, default=os.environ.get(variable), help=variable)
    parser.add_argument("--dossier", type=int, help="number, where there are several")
    parser.add_argument("--vat", help="of the dossier; SOAP does not tell it")
    parser.add_argument(
        "--exchange-rate",
        choices=RATES,
        default=RATES[0],
        help="the way rates are written there (the contract does not say)",
    )
    parser.add_argument("--json", action="store_true", help="nothing but JSON lines")


def run(args, workspace) -> int:
    login = login_of(args)
    tell = (lambda _text: None) if args.json else say
    databases = workspace.databases
    database = databases.name("e2e")
    databases.copy(databases.with_addon(), database)
    try:
        with (
            workspace.server(database, cron_threads=2) as server,
            Steps(workspace, database) as steps,
        ):
            tell(f"Odoo's log: {server.log}")
            return walk(MainJob(steps, login, tell), args)
    finally:
        databases.drop(database)


def login_of(args) -> dict:
    """Give the login, see :class:`~devtools.main_job.MainJob`.

    :raises DevError: a part of it is not given
    """
    url = getattr(args, f"{args.transport}_url")
    if not url:
        raise DevError(f"Give the address of the service: --{args.transport}-url.")
    secrets = {name: getattr(args, name) for name in SECRETS}
    missing = [SECRETS[name] for name in SECRETS if not secrets[name]]
    if missing:
        raise DevError(f"Give {', '.join(missing)}, as options or variables.")
    return {"transport": args.transport, "url": url, **secrets}


def walk(job, args) -> int:
    """Do the job and print what came of it; 0 when nothing differs."""
    dossier = choose(job.connect(), args.dossier)
    vat = args.vat or dossier["vat"]
    if not vat:
        raise DevError("Give the VAT number of the dossier, which is not told: --vat.")
    [company] = job.steps.build(vat=vat, name=dossier["name"])
    job.link(company, dossier=dossier["id"])
    written = job.write(company)
    job.map(company, args.exchange_rate)
    job.send(company, written, by_itself=False)
    job.wait_until_sent()
    job.choose_for_untaxed_lines()
    receive(job, company)
    job.wait_until_paid([company])
    wrong = job.judge()
    for document in job.documents.values():
        print(json.dumps(document.facts(), ensure_ascii=False))
    summary = {"documents": len(job.documents), "wrong": wrong, "paid": job.paid}
    print(json.dumps({"summary": summary}), flush=True)
    return int(bool(wrong) or len(job.paid) < 2)


def choose(dossiers, wanted):
    """Give the dossier to use.

    :raises DevError: with the list, when it is not clear which
    """
    found = [it for it in dossiers if wanted in (None, it["id"])]
    if len(found) == 1:
        return found[0]
    there = "; ".join(f"{it['id']} {it['name']}" for it in dossiers)
    raise DevError(f"Choose one with --dossier: {there}")


def receive(job, company):
    """Book a receipt that pays one invoice fully and the next one half."""
    open_invoices = job.payable()[:2]
    parts = dict(zip((ALL, HALF), open_invoices, strict=False))
    receipts = [
        {"id": document.id, "amount": str(amount_of(document.expected["amount"], part))}
        for part, document in parts.items()
    ]
    for part, document in parts.items():
        document.wanted_payment = "paid" if part == ALL else "partial"
        job.paid.append(document.state["odoo_number"])
    if receipts:
        key = job.steps.receive(login=job.login, company_id=company, receipts=receipts)
        job.tell(f"The accountant booked receipt {key}")
