"""A linked company with one row of each model, and one person of each kind."""

from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.fields import Command

from ..common import OctopusHttpCase
from . import policy, surface
from .rows import Rows

MIRROR = (
    "octopus.account",
    "octopus.bookyear",
    "octopus.journal",
    "octopus.journal.year",
    "octopus.period",
    "octopus.relation",
    "octopus.vat.code",
)
MAPPED = {
    "octopus.account.mapping": "account_id",
    "octopus.journal.mapping": "journal_id",
    "octopus.tax.mapping": "tax_id",
}


class MatrixCase(OctopusHttpCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make = cls.env["res.company"].create
        branch = make({"name": "Branch", "parent_id": cls.company.id})
        companies = {"own": cls.company, "branch": branch}
        companies["other"] = make({"name": "Other"})
        cls.move = cls.document(partner_id=cls.partner_a.id)
        cls.payment = cls._make_payment()
        cls.people = {
            name: cls._person(name, groups, companies[company])
            for name, (groups, company) in policy.PEOPLE.items()
        }
        administrator, _company = policy.PEOPLE[policy.ADMINISTRATOR]
        system, _company = policy.PEOPLE[policy.SYSTEM]
        cls.colleague = cls._person("colleague", administrator, cls.company)
        # Nobody may more: an administrator of everything.
        cls.chief = cls._person("chief", administrator + system, cls.company)
        with cls.committing():
            cls.rows = cls._make_rows()
        cls.env.flush_all()

    @classmethod
    def _person(cls, name, groups, company):
        if name == "public":
            return cls.env.ref("base.public_user")
        values = {"partner_id": cls.partner_a.id} if name == "portal" else {}
        return cls.env["res.users"].create(
            {
                "name": name,
                "login": f"matrix-{name}",
                "password": f"matrix-{name}",
                "email": f"{name}@example.com",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set([cls.env.ref(it).id for it in groups])],
                **values,
            }
        )

    @classmethod
    def _make_payment(cls):
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": cls.partner_a.id,
                "amount": 1.0,
                "journal_id": cls.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def _make_rows(cls):
        sudo = cls.env(su=True)
        known = {
            "account.journal": cls.company_data["default_journal_bank"],
            "account.move": cls.move,
            "account.move.line": cls.move.line_ids[:1],
            "account.payment": cls.payment,
            "ir.cron": cls.env.ref("octopus_connector.cron_watch"),
            "octopus.booking": cls.move.octopus_booking_ids,
            "octopus.connection": cls.connection,
            "octopus.dossier": cls.dossier,
            "res.company": cls.company,
            "res.partner": cls.partner_a,
            # A new one would be of that contact, whom then few people may change.
            "res.users": cls.env.ref("base.user_admin"),
        }
        for model in MIRROR:
            known[model] = sudo[model].search([], limit=1)
        for model, mapped in MAPPED.items():
            # Linking proposed them.
            known[model] = sudo[model].search([(mapped, "!=", False)], limit=1)
        known["octopus.journal:2"] = sudo["octopus.journal"].search([], limit=2)[1]
        rows = Rows(cls.env, {name: row.sudo() for name, row in known.items()})
        for model in sorted(surface.own_models(cls.env)):
            assert rows[model], model
        return rows

    def setUp(self):
        super().setUp()
        self.wrong = []
        # What a test makes is gone after it; and each starts with an empty call log.
        self.rows = Rows(self.env, self.rows)
        del self.rows["octopus.call"]
        self.assertTrue(self.rows["octopus.call"])

    def check(self, act, allowed, method, *args):
        """Call something and undo it; it must be allowed, or refused with an
        ``AccessError``: another error is as wrong as the opposite."""
        self.note(act, allowed, self.outcome(method, *args))

    def outcome(self, method, *args):
        """Call something and undo it; return whether it was allowed, or its error."""
        try:
            with self.undone():
                method(*args)
                self.env.flush_all()
        except AccessError:
            return False
        except Exception as error:  # pylint: disable=broad-exception-caught
            return f"{type(error).__name__}: {error}".splitlines()[0]
        return True

    def note(self, act, allowed, result):
        """Keep what is not as the policy says."""
        if result is not allowed:
            words = {True: "allowed", False: "refused"}
            told = words.get(result, result)
            self.wrong.append(f"{act}: {told}, should be {words[allowed]}")

    def assert_all_right(self):
        self.assertFalse(self.wrong, "\n" + "\n".join(self.wrong))

    @contextmanager
    def undone(self):
        """Undo in the database whatever happens inside."""
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)

    def row_of(self, model, name):
        """Return a row of a model for a person, of whom it is if it is a dialog's."""
        person = self.people[name]
        row = self.rows[model]
        if row._transient:
            rights = policy.MODELS.get(model)
            makes = rights and policy.may(name, rights.create)
            # Others than those it is for could have it from the server only.
            maker = self.env[model].with_user(person).sudo(not makes)
            row = maker.create(self.rows.values(model))
        return row.with_user(person).sudo(False)
