"""The addon installs, and the browser of ./dev test can open Odoo (issue 2 §1)."""

from pathlib import Path

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import config


@tagged("standard", "post_install", "-at_install")
class TestInstallation(TransactionCase):
    def test_the_addon_is_installed_beside_belgian_accounting(self):
        names = ["octopus_connector", "l10n_be", "account_edi_ubl_cii"]
        modules = self.env["ir.module.module"].search([("name", "in", names)])
        self.assertEqual(set(modules.mapped("state")), {"installed"})
        self.assertEqual(sorted(modules.mapped("name")), sorted(names))

    def test_no_other_worker_removes_the_files_of_this_database(self):
        database = self.env.cr.dbname
        self.assertEqual(Path(config.filestore(database)).name, database)

    def test_no_demo_data_is_loaded(self):
        demo = self.env["ir.module.module"].search([("demo", "=", True)])
        self.assertFalse(demo)


@tagged("standard", "post_install", "-at_install")
class TestBrowser(HttpCase):
    def test_the_web_client_starts_in_chromium(self):
        self.browser_js(
            "/odoo",
            code="console.log('test successful')",
            ready="odoo.isReady === true && !!document.querySelector('.o_web_client')",
            login="admin",
        )
