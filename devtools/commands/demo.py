"""Odoo with a Belgian company, beside a pretend Octopus, to try by hand in a browser.

With --check the same is done without a person: link, map, send and pay through Odoo's
own scheduled actions. A line is printed for each document, then one for each payment:
received, paid and matched by the accountant, one of them undone, and registered in a
bank that Odoo keeps. Exit code 0 means: all documents are booked as Odoo holds them,
all payments stand on both sides, to the cent, and the books of the pretend Octopus are
clean."""

import time
from contextlib import ExitStack

from ..console import say, timed
from ..errors import DevError
from ..main_job import MainJob
from ..payments_job import THEIR_BANK, PaymentsJob
from ..sandbox import PATHS, Sandbox
from ..server import free_port, is_free
from ..steps_process import Steps

HELP = "Odoo and a pretend Octopus, to try by hand; --check: without a person"

ODOO_PORT, SANDBOX_PORT = 8069, 8070
COMPANY = "Demo Brussel BV"
# The financial journal of the bank that Odoo keeps.
OWN_BANK = "F2"
# How long Odoo is in use, in the company and in its branches.
MONTHS, MONTHS_OF_BRANCH = 12, 1
# How the pretend Octopus takes exchange rates, unless its switch is turned.
EXCHANGE_RATE = "euro_per_foreign"


def configure(parser):
    parser.add_argument("--check", action="store_true", help="do it without a person")
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument("--keep", action="store_true", help="go on with the last one")
    parser.add_argument("--port", type=int, help=f"Odoo's; {ODOO_PORT} if it is free")
    parser.add_argument(
        "--octopus-port", type=int, help=f"Octopus's; {SANDBOX_PORT} if it is free"
    )


def run(args, workspace) -> int:
    demo = Demo(workspace, args)
    return demo.check() if args.check else demo.show()


class Demo:
    """A database, a server and a pretend Octopus."""

    def __init__(self, workspace, args):
        self.workspace = workspace
        self.database = workspace.databases.name("check" if args.check else "demo")
        self.books = workspace.cache.folder("demo") / f"{self.database}.json"
        self.transport = args.transport
        self.keep = args.keep and self.books.exists()
        taken = () if args.check else (ODOO_PORT, SANDBOX_PORT)
        odoo, octopus = taken or (None, None)
        self.port = choose_port(args.port, odoo, "Odoo")
        self.octopus_port = choose_port(args.octopus_port, octopus, "Octopus")
        self.today = self.main_dossier = self.branch_dossier = self.own_iban = None

    def prepare(self, stack):
        """Start everything; give the server, the sandbox and the steps."""
        workspace = self.workspace
        if not self.keep:
            self.books.unlink(missing_ok=True)
            workspace.databases.copy(workspace.databases.with_addon(), self.database)
        sandbox = stack.enter_context(
            Sandbox(workspace, port=self.octopus_port, state=self.books)
        )
        self.today = sandbox.ask("/state")["today"]
        with timed("Odoo starts"):
            server = stack.enter_context(
                workspace.server(self.database, port=self.port, cron_threads=2)
            )
        return server, sandbox, stack.enter_context(Steps(workspace, self.database))

    def login(self, sandbox):
        """Give what is entered in the set-up."""
        return sandbox.login(self.transport)

    def build(self, steps, sandbox):
        """Make the company and its branches; give their ids."""
        main, branch, *_others = sandbox.ask("/state")["dossiers"]
        self.main_dossier, self.branch_dossier = main["id"], branch["id"]
        self.own_iban = main["banks"][OWN_BANK]
        with timed("A Belgian company with two branches"):
            return steps.build(
                vat=plain(main["vat_number"]),
                name=COMPANY,
                iban=main["banks"][THEIR_BANK],
                branches=[
                    {"name": "Demo Liège SRL", "vat": plain(branch["vat_number"])},
                    {"name": "Demo Antwerpen"},
                ],
            )

    # For a person

    def show(self) -> int:
        """Serve until Ctrl-C."""
        with ExitStack() as stack:
            server, sandbox, steps = self.prepare(stack)
            if not self.keep:
                self.fill(steps, sandbox)
            steps.enter_login(**self.login(sandbox))
            steps.offer_own_page(url=sandbox.oauth_url)
            print(directions(server, sandbox), flush=True)
            try:
                while server.process.poll() is None:
                    time.sleep(1)
            except KeyboardInterrupt:
                say("Stopping")
                return 0
            raise DevError(f"Odoo stopped by itself: see {server.log}")

    def fill(self, steps, sandbox):
        """Post what the company did in a year, and its branches since they began."""
        companies = self.build(steps, sandbox)
        with timed("A year of documents"):
            for company in companies:
                months = MONTHS_OF_BRANCH if company in companies[1:] else MONTHS
                steps.write_story(company_id=company, date=self.today, months=months)

    # Without a person

    def check(self) -> int:
        """Do the whole job and judge it; 0 when everything is right."""
        with ExitStack() as stack:
            server, sandbox, steps = self.prepare(stack)
            job = MainJob(steps, self.login(sandbox))
            companies = self.build(steps, sandbox)
            self.walk(job, companies)
            payments = PaymentsJob(job, sandbox, companies[0], self.today)
            with timed("Payments both ways"):
                payments.pay()
                payments.arrive()
                payments.take_back()
            wrong, unpaid = job.judge(), payments.judge()
            for document in job.documents.values():
                print(line(document.facts()))
            for text in payments.lines():
                print(text)
            self.tell_missing(steps, companies[0])
            problems = audit(sandbox)
            print(
                f"{len(job.documents)} documents, {wrong} not right; "
                f"{len(payments.payments)} payments, {unpaid} not right; "
                f"{len(problems)} problems in Octopus's books"
            )
            say(f"Odoo's log: {server.log}")
            return int(bool(wrong or unpaid or problems))

    def walk(self, job, companies):
        """Link, write, map and send, for the company and both branches."""
        main, own_books, _same_books = companies
        job.connect()
        written = {}
        with timed("Documents of every kind"):
            for company in companies:
                branch = company != main
                written[company] = job.write(company, date=self.today, branch=branch)
        # Making a PDF takes its time: those of one dossier show that it works.
        # SOAP does not tell the dossiers' VAT numbers: a person chooses by name there.
        named = {"dossier": self.main_dossier} if self.transport == "soap" else {}
        job.link(main, **named)
        job.link(own_books, dossier=self.branch_dossier, files="make")
        job.steps.keep_bank(company_id=main, iban=self.own_iban)
        for company in (main, own_books):
            job.map(company, EXCHANGE_RATE)
        for company in (main, own_books):
            job.send(company, written[company], by_itself=True)
        with timed("Scheduled actions send"):
            job.wait_until_sent()

    def tell_missing(self, steps, company):
        """Say what the web service does not offer, so that nobody looks for it."""
        missing = steps.missing_capabilities(company_id=company)
        if missing:
            print(f"Not over {self.transport.upper()}: {', '.join(missing)}")


def choose_port(given, usual, whose):
    """Give the port to listen on: the one asked for, the usual one, or a free one.

    :raises DevError: when the one asked for is taken
    """
    if given and not is_free(given):
        raise DevError(f"Port {given} for {whose} is taken: choose another one.")
    if given or not usual or is_free(usual):
        return given or usual or free_port()
    other = free_port()
    say(f"Port {usual} is taken: {whose} gets {other}.")
    return other


def plain(vat_number):
    """Give a VAT number without its dots."""
    return vat_number.replace(".", "")


def line(facts):
    """Give the line that is printed for a document."""
    number = "-"
    if facts["number"]:
        number = f"{facts['dossier']}/{facts['bookyear']}/{facts['journal']}"
        number += f"/{facts['number']}"
    columns = (
        f"{facts['kind']:<42}",
        f"{facts['odoo_number']:<18}",
        f"{number:<18}",
        f"rel {facts['relation'] or '-':<4}",
        f"{facts['amount']:>10}",
        f"{facts['octopus_amount'] or '-':>10}",
        f"{facts['currency']}",
        f"{facts['state']:<8}",
        f"{facts['payment_state']:<10}",
        "; ".join(facts["wrong"]) or "ok",
    )
    return " ".join(columns).rstrip()


def audit(sandbox):
    """Give what is wrong in the books, and each call that broke the contract."""
    problems = [
        problem["text"]
        for books in sandbox.ask("/audit").values()
        for problem in books["problems"]
    ]
    broken = sandbox.ask("/violations")
    problems += [f"{it['operation']}: {it['message']}" for it in broken]
    for problem in problems:
        print(f"Octopus's books: {problem}")
    return problems


def directions(server, sandbox):
    """Give what a newcomer reads."""
    return f"""
Odoo      {server.url}/odoo       user admin, password admin
Octopus   {sandbox.url}/           a page on which you play the accountant

The first day, in Odoo (the README says it at length):
 1. Invoicing > Configuration > Settings, section Octopus: click "Link with Octopus
    dossier". The login is filled in: "Next" at each step, or log in on the page of
    the pretend Octopus instead (its user and password are those in the form).
 2. Check-list: what Octopus lacks. Mappings: "Accept the sure ones" for each kind.
    Contacts: "Match contacts", then "Accept all matched" and "Set-up".
 3. Start: "Rehearse twelve months". Then choose "Payments are followed in Octopus".
 4. Customers > Invoices: select some of this month and click "Send to Octopus".
 5. On the page of Octopus, under Open items: receive the payment of one.
 6. Select that invoice, click "Check payments"; accept it in Octopus > To do >
    Payments to accept.

Ctrl-C ends both. ./dev demo --keep goes on from here.
"""
