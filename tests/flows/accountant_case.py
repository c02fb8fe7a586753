"""The accountant of a dossier at their page, and what waits for them."""

import re

from lxml import html

from odoo.addons.octopus_connector.models.octopus_accountant_link import PATH

from ..common import OctopusHttpCase
from .test_closed import ClosedCase


class AccountantCase(ClosedCase, OctopusHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.env["res.partner"].create(
            {"name": "Kantoor Peeters", "email": "an@peeters.example", "lang": "en_US"}
        )
        cls.link_row, cls.address = cls.give_access(cls.dossier)

    @classmethod
    def give_access(cls, dossier, **values):
        """Return a link to the page of a dossier, and its address."""
        dialog = dossier.action_accountant_access()
        dialog = cls.env["octopus.accountant.access"].browse(dialog["res_id"])
        dialog.write({"partner_id": cls.accountant.id, "lang": "en_US", **values})
        action = dialog.action_make()
        shown = cls.env[action["res_model"]].browse(action["res_id"])
        shown = shown.with_context(**action["context"])
        return shown.link_id, shown.address

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    @property
    def path(self):
        return self.address.removeprefix(self.link_row.get_base_url())

    @property
    def token(self):
        return self.path.rsplit("/", 1)[1]

    def address_with(self, token, number=None):
        return f"{PATH}/{number or self.dossier.octopus_id}/{token}"

    def look(self, path=None, lang=None):
        """Open the page as a visitor without a login."""
        self.env.flush_all()
        chosen = f"?lang={lang}" if lang else ""
        answer = self.url_open(f"{path or self.path}{chosen}", timeout=60)
        self.env.invalidate_all()
        return answer

    def words(self, answer):
        """Return what a page tells, with single spaces."""
        text = html.fromstring(answer.text).find("body").text_content()
        return re.sub(r"\s+", " ", text)

    def forms(self, answer, act):
        """Return what each form of the page would send."""
        page = html.fromstring(answer.text)
        forms = [dict(form.form_values()) for form in page.forms]
        return [form for form in forms if form["act"] == act]

    def post(self, values, path=None):
        """Send a form in the session of the last look."""
        self.env.flush_all()
        answer = self.url_open(path or self.path, data=values, timeout=60)
        self.env.invalidate_all()
        return answer

    def held(self, count=2):
        """Let documents wait for the accountant to open a period."""
        self.protect(self.first)
        rows = self.queue(*(self.early() for _number in range(count)))
        self.push()
        self.assertEqual(set(rows.mapped("cause")), {"period_protected"})
        return rows
