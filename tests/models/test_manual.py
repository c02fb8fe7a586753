"""The manual goes along in the addon, and no link to it is dead (L.6)."""

import re
from pathlib import Path

from lxml import etree, html

from odoo.modules.module import get_module_path
from odoo.tests import HttpCase, tagged

from odoo.addons.octopus_connector.core.check_lines import CHECKS
from odoo.addons.octopus_connector.core.manual import (
    ADDRESS,
    LANGUAGES,
    manual_file,
    manual_url,
    octopus_manual_url,
)

from tests.company import CompanyCase

LINK = re.compile(re.escape(ADDRESS) + r"/[\w#-]+")
PAGE = re.compile(r'^    "octopus\.[\w.]+": "([\w-]+(?:#[\w-]+)?)"', re.MULTILINE)
READERS = (None, *LANGUAGES)
OUR_SETTINGS = "//block[@id='octopus_settings']//setting"


@tagged("standard", "post_install", "-at_install")
class TestManual(CompanyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addon = Path(get_module_path("octopus_connector"))

    def dead(self, links):
        """Return the links that lead to no page, or no heading of it, in some
        language."""
        return {
            (link, reader)
            for link in links
            for reader in READERS
            if not self.leads_somewhere(link, reader)
        }

    def leads_somewhere(self, link, reader):
        page, _hash, heading = link.removeprefix(f"{ADDRESS}/").partition("#")
        file = manual_file(page, reader).removeprefix("/octopus_connector/")
        return self.is_there(self.addon / file, heading)

    def is_there(self, file, heading):
        if not file.is_file():
            return False
        return not heading or bool(
            html.fromstring(file.read_bytes()).xpath("//*[@id=$id]", id=heading)
        )

    def test_l6_no_link_from_the_addon_is_dead(self):
        """L.6: views, texts, the page in the list of apps, and each screen's entry."""
        links = set()
        for kind in ("py", "xml", "js", "html"):
            for file in self.addon.rglob(f"*.{kind}"):
                if "manual" in file.parts and kind == "html":
                    continue
                links.update(LINK.findall(file.read_text(encoding="utf-8")))
        links |= {manual_url("first-day", kind.chapter) for kind in CHECKS.values()}
        script = self.addon / "static" / "src" / "manual" / "manual.esm.js"
        screens = set(PAGE.findall(script.read_text(encoding="utf-8")))
        self.assertGreater(len(screens), 5)
        links |= {f"{ADDRESS}/{page}" for page in screens}
        self.assertGreater(len(links), 15)
        self.assertFalse(self.dead(links))
        for wrong in ("nowhere", "payments#x"):
            dead = self.dead({f"{ADDRESS}/{wrong}"})
            self.assertEqual(len(dead), len(READERS), "no language has it")

    def test_l6_no_link_between_the_pages_is_dead(self):
        """L.6: pages lead to each other, to headings and to pictures that exist."""
        folder = self.addon / "static" / "manual"
        pages = sorted(folder.rglob("*.html"))
        self.assertEqual(len(pages) % len(READERS), 0, "a page misses in a language")
        for page in pages:
            tree = html.fromstring(page.read_bytes())
            for target in tree.xpath("//@href | //@src"):
                if target.startswith("http"):
                    continue
                path, _hash, heading = target.partition("#")
                file = (page.parent / path).resolve() if path else page
                with self.subTest(page=page.name, target=target):
                    self.assertTrue(self.is_there(file, heading))

    def test_l6_each_block_of_the_settings_leads_to_its_page(self):
        """L.6: every setting of ours has its link, in Odoo's settings and in ours."""
        for model in ("res.config.settings", "octopus.settings"):
            self.env.user.group_ids += self.env.ref("octopus_connector.group_manager")
            arch = etree.fromstring(self.env[model].get_view(view_type="form")["arch"])
            settings = arch.xpath(OUR_SETTINGS) or arch.xpath(
                "//div[@name='octopus_settings']//setting"
            )
            with self.subTest(model=model):
                self.assertGreater(len(settings), 7)
                for setting in settings:
                    self.assertTrue(
                        LINK.match(setting.get("documentation", "")), setting.get("id")
                    )

    def test_l6_each_screen_has_its_page(self):
        """L.6: every model that a menu of ours opens."""
        script = self.addon / "static" / "src" / "manual" / "manual.esm.js"
        text = script.read_text(encoding="utf-8")
        menus = self.env["ir.ui.menu"].search([]).filtered("action")
        models = {
            menu.action.res_model
            for menu in menus
            if menu.action._name == "ir.actions.act_window"
            and (menu.action.res_model or "").startswith("octopus.")
            and menu.action.target != "new"
        }
        self.assertGreater(len(models), 5)
        missing = [model for model in sorted(models) if f'"{model}"' not in text]
        self.assertFalse(missing)

    def test_b10_octopus_manual_in_the_readers_language(self):
        """B.10: NL and FR; who reads something else gets the Dutch one."""
        self.assertTrue(octopus_manual_url("fr_BE").endswith("/FR/"))
        self.assertTrue(octopus_manual_url("nl_BE").endswith("/NL/"))
        self.assertTrue(octopus_manual_url("en_US").endswith("/NL/"))

    def test_app_is_found_with_the_default_filter(self):
        """screens.md, Install: it is an application, with a page of its own."""
        module = self.env["ir.module.module"].search(
            [("name", "=", "octopus_connector")]
        )
        module.update_list()
        self.assertTrue(module.application)
        self.assertIn("software-house ID", module.description_html)


@tagged("standard", "post_install", "-at_install")
class TestManualPages(HttpCase):
    def led_to(self, page, lang):
        self.env["res.lang"]._activate_lang(lang)
        self.env.ref("base.user_admin").lang = lang
        self.authenticate("admin", "admin")
        answer = self.url_open(f"{ADDRESS}/{page}", allow_redirects=False)
        return answer.status_code, answer.headers.get("Location", "")

    def test_l6_a_link_opens_the_page_in_the_readers_language(self):
        """L.6: NL, FR, EN; who reads something else gets English."""
        for lang, file in (
            ("nl_BE", "nl/payments.html"),
            ("fr_BE", "fr/payments.html"),
            ("de_DE", "manual/payments.html"),
        ):
            with self.subTest(lang):
                status, location = self.led_to("payments", lang)
                self.assertIn(status, (302, 303))
                self.assertTrue(location.endswith(file), location)
                self.assertEqual(self.url_open(location).status_code, 200)

    def test_l6_a_page_that_is_none(self):
        self.assertEqual(self.led_to("nowhere", "en_US")[0], 404)
