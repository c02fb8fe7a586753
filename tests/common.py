"""What tests with Odoo build on: a Belgian company, linked with a running sandbox.

``OctopusCase`` connects, links the company and mirrors the dossier once per class, over
real HTTP. Every test starts from the sandbox's seed again, and fails when one of its
requests broke the contract.
"""

import importlib.util
import logging
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import odoo
from odoo import fields
from odoo.fields import Command
from odoo.modules.module import get_module_path
from odoo.tests import HttpCase, tagged
from odoo.tests.common import _super_send

from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.seed import demo
from octopus_sandbox.testing import Sandbox

from .company import CompanyCase

URL_PARAMETER = "octopus_connector.rest_url"
SOAP_URL_PARAMETER = "octopus_connector.soap_url"
MAPPINGS = (
    "octopus.tax.mapping",
    "octopus.account.mapping",
    "octopus.journal.mapping",
)


# Odoo finds in its own log whether a scheduled action failed.
CRON_LOGGER = logging.getLogger("odoo.addons.base.models.ir_cron")


@contextmanager
def told_errors(logger):
    """Let a logger tell errors, however quiet the tests are."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def upgrade(env, version, name):
    """Run one of the scripts with which an installed database gets a version."""
    folder = Path(get_module_path("octopus_connector"), "migrations", version)
    spec = importlib.util.spec_from_file_location("upgrade", folder / f"{name}.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    env.flush_all()
    script.migrate(env.cr, "19.0.1.0.0")
    env.flush_all()
    env.invalidate_all()


@tagged("standard", "post_install", "-at_install")
class OctopusCase(CompanyCase):
    """A company whose books are in the sandbox's main dossier.

    ``linked = False``: nothing is connected yet; ``mapped = False``: linked, but no
    proposal of a mapping is accepted; ``transport``: the web service that the
    connection uses. ``self.sandbox`` is the server, ``self.dossier``
    the ``octopus.dossier``, ``self.books`` its books there.
    """

    linked = True
    mapped = True
    transport = "rest"
    demo = demo

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sandbox = Sandbox().start()
        cls.addClassCleanup(cls.sandbox.stop)
        cls.company = cls.env.company
        cls.env.user.group_ids += cls.env.ref("octopus_connector.group_manager")
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param(URL_PARAMETER, cls.sandbox.url)
        parameters.set_param(SOAP_URL_PARAMETER, cls.sandbox.soap_url)
        cls.company.vat = demo.MAIN_VAT.replace(".", "")
        cls.partner_a.write(cls.belgian_company("BE0246697724"))
        cls.partner_b.write(cls.belgian_company("BE0202239951"))
        with cls.committing():
            if cls.linked:
                cls.connection = cls.connect()
                cls.dossier = cls.link(cls.company)
                if cls.mapped:
                    cls.map_all()

    def setUp(self):
        super().setUp()
        self.new_day()
        if not self._registry_patched:
            self.registry_enter_test_mode()

    def new_day(self):
        """Start both sides anew: the sandbox's seed, no token, no call counted yet."""
        self.sandbox.world.reset()
        self.books = self.sandbox.books()
        TOKENS.clear()
        self.env["octopus.call"].sudo().search([]).unlink()

    def tearDown(self):
        super().tearDown()
        self.sandbox.assert_no_violations()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Let calls on loopback pass, the others be blocked as ever: Odoo's guard does
        not know that a timeout may be a pair."""
        if urlsplit(request.url).hostname == "127.0.0.1":
            return _super_send(session, request, **options)
        options["timeout"] = sum(options["timeout"])
        return super()._request_handler(session, request, **options)

    @contextmanager
    def enter_registry_test_mode(self):
        """Every test is in registry test mode already; see ``setUp``."""
        self.env.flush_all()
        yield
        self.env.invalidate_all()

    @classmethod
    @contextmanager
    def committing(cls):
        """Let what commits (the call log, a scheduled action) work in ``setUpClass``:
        commits become savepoints."""
        with ExitStack() as stack:
            if not cls._registry_patched:
                patches = cls._registry_test_mode_patches(
                    cr=cls.cr, registry=cls.registry
                )
                for each in patches:
                    stack.enter_context(each)
            test = cls("run") if not odoo.modules.module.current_test else None
            if test:
                stack.enter_context(
                    patch.object(odoo.modules.module, "current_test", test)
                )
            yield

    # A linked company

    @classmethod
    def belgian_company(cls, vat):
        """Return values that make a contact a Belgian company Octopus can take."""
        return {
            "is_company": True,
            "country_id": cls.env.ref("base.be").id,
            "vat": vat,
            "city": "Brussel",
        }

    @classmethod
    def connect(cls, user=demo.USER, password=demo.PASSWORD, **values):
        """Return a connection to the sandbox, logged in."""
        connection = cls.env["octopus.connection"].create(
            {
                "name": "Sandbox",
                "transport": cls.transport,
                "software_house": demo.SOFTWARE_HOUSE,
                "user_name": user,
                "password": password,
                **values,
            }
        )
        problem = connect(connection)
        assert not problem, problem
        return connection

    @classmethod
    def dossier_of(cls, number=demo.MAIN):
        """Return the ``octopus.dossier`` with a number of the sandbox."""
        return cls.env["octopus.dossier"].search([("octopus_id", "=", number)])

    @classmethod
    def link(cls, company, number=demo.MAIN, **settings):
        """Link a company with a dossier, which is mirrored; give that dossier."""
        dossier = cls.dossier_of(number)
        findings = link(company, dossier)
        assert not findings, findings
        company.write(settings)
        return dossier

    @classmethod
    def map_all(cls, company=None):
        """Accept every proposal of the three mappings of a company."""
        settings = (company or cls.company).octopus_settings()
        for model in MAPPINGS:
            cls.env[model].propose_for(settings)
            cls.env[model].search(
                [("company_id", "=", settings.id), ("state", "=", "proposed")]
            ).action_accept()

    # Documents

    @classmethod
    def tax(cls, xmlid):
        """Return a tax of ``l10n_be`` of the company, such as ``attn_VAT-OUT-21-S``."""
        return cls.env["account.chart.template"].ref(xmlid)

    @classmethod
    def document(cls, kind="out_invoice", lines=((100.0, None),), post=True, **values):
        """Return a document with one line per (price, taxes).

        ``kind`` is a move type; taxes ``None`` takes those of the company, a line may
        also be a dict of values for ``account.move.line``.
        """
        sale = kind.startswith("out")
        default = cls.tax_sale_a if sale else cls.tax_purchase_a
        data = cls.company_data
        account = data[f"default_account_{'revenue' if sale else 'expense'}"]
        commands = []
        for line in lines:
            if not isinstance(line, dict):
                price, taxes = line
                taxes = default if taxes is None else taxes
                line = {"price_unit": price, "tax_ids": [Command.set(taxes.ids)]}
            commands.append(
                Command.create({"name": "Painting", "account_id": account.id, **line})
            )
        if not sale:
            values.setdefault("ref", f"BILL-{cls.env['account.move'].search_count([])}")
        return cls._create_invoice(
            move_type=kind,
            invoice_line_ids=commands,
            post=post,
            **{"invoice_date": fields.Date.today(), **values},
        )

    @classmethod
    def many(cls, first, count, days):
        """Return so many documents, all posted: one, and copies of it.

        :param days: over how many days, up to today, the copies are spread
        """
        today = fields.Date.today()
        quiet = first.with_context(tracking_disable=True)
        copies = quiet.browse()
        for number in range(count - 1):
            day = today - timedelta(days=number % days)
            copies |= quiet.copy({"invoice_date": day, "date": day})
        # What PostgreSQL knows of the tables may be of a moment when hardly anything
        # was there: Odoo's own queries over hundreds of copies took minutes then.
        first.env.flush_all()
        first.env.cr.execute("ANALYZE account_move, account_move_line")
        copies.action_post()
        return first | copies

    # Errors

    @contextmanager
    def failing(self, error_class):
        """Expect an error; unlike ``assertRaises`` nothing is rolled back, so that what
        was written in a transaction of its own can be looked at. The error comes in
        the list that is given."""
        told = []
        try:
            yield told
        except error_class as error:
            told.append(error)
            return
        self.fail(f"{error_class.__name__} not raised")

    # Scheduled actions

    def run_cron(self, cron):
        """Run a scheduled action as the scheduler would; its errors fail the test."""
        with self.enter_registry_test_mode():
            cron.active = True
            with told_errors(CRON_LOGGER):
                result = cron.method_direct_trigger()
        self.assertIs(result, True, result)

    def push(self, dossier=None):
        """Run the scheduled action that sends to a dossier."""
        self.run_cron((dossier or self.dossier).push_cron_id)

    def pull(self, dossier=None):
        """Run the scheduled action that reads the payments of a dossier."""
        self.run_cron((dossier or self.dossier).pull_cron_id)

    def refresh(self, dossier=None):
        """Run the scheduled action that mirrors a dossier."""
        self.run_cron((dossier or self.dossier).refresh_cron_id)

    # What the sandbox saw

    def calls(self, operation=None):
        """Return the calls the sandbox answered since the test began."""
        world = self.sandbox.world
        return world.calls_of(operation) if operation else list(world.calls)


@tagged("standard", "post_install", "-at_install")
class OctopusHttpCase(OctopusCase, HttpCase):
    """The same with Odoo's web server and a browser."""

    @contextmanager
    def browsing(self, browser, login="admin"):
        """Let a browser ask the server as somebody, and wait for its last request.

        Inside, nothing reads or writes here: all share one transaction, and it cannot
        be written in while the server answers a request that only reads.
        """
        self.authenticate(login, login, browser=browser)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.allow_requests(browser=browser):
            yield
            self._wait_remaining_requests()
        self.env.invalidate_all()
