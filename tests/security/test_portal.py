"""What people without Octopus rights read of it: nothing, and nothing breaks (A.12)."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.models.base import MODULE

from .test_machine_fields import MachineCase

# Invoicing people see whether a document is in Octopus, and when what reminders say was
# true; nothing else.
SHOWN = {
    "account.move": {
        "octopus_follow_up_held",
        "octopus_payments_read_at",
        "octopus_state",
    },
    "res.partner": {"octopus_follow_up_held", "octopus_payments_read_at"},
}


def ours(field):
    """Whether this addon added a field, and to this model."""
    return field._modules[:1] == (MODULE,) and not field.inherited


class TestWithoutRights(MachineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer_user = new_test_user(
            cls.env,
            "portal",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.customer_user.partner_id.parent_id = cls.customer
        cls.employee = cls.person("employee")
        cls.partner_manager = cls.person("contacts", "base.group_partner_manager")

    def records(self):
        """Give one record of each model of Odoo that has fields of ours."""
        move = self.sold()
        payment, partials = self.paid(move)
        records = {
            "account.move": move,
            "account.move.line": move.line_ids[:1],
            "account.payment": payment,
            "account.partial.reconcile": partials[:1],
            "account.journal": payment.journal_id,
            "res.company": self.company,
            "res.partner": self.customer,
        }
        extended = {
            name
            for name, model in self.env.items()
            if not model._abstract
            and not model._transient
            and not name.startswith("octopus.")
            and any(map(ours, model._fields.values()))
        }
        self.assertEqual(extended, set(records), "a model of Odoo has no record here")
        return records

    def people(self):
        return (
            self.customer_user,
            self.employee,
            self.partner_manager,
            self.biller,
            self.bookkeeper,
        )

    def test_a12_read_without_fields_works_for_whoever_may_read(self):
        """Reading all of a record works without Octopus rights, and tells nothing."""
        tried = set()
        for model, record in self.records().items():
            for user in self.people():
                mine = record.with_user(user)
                self.env.invalidate_all()
                if not mine.has_access("read"):
                    continue
                tried.add(model)
                with self.subTest(model=model, user=user.login):
                    allowed = SHOWN.get(model, set())
                    told = [
                        it for it in mine.fields_get(attributes=()) if "octopus" in it
                    ]
                    self.assertLessEqual(set(told), allowed)
                    # Without any name, Odoo would read every field.
                    self.assertTrue(mine.read(["id", *told]))
                    self.assert_read_works(mine)
        self.assertEqual(tried, set(self.records()))

    def test_a12_copying_works_for_whoever_may_copy(self):
        """Odoo reads, as the user, all that is copied; a bank's owner is copied for
        those who may not choose it."""
        for model in self.records():
            fields = self.env[model]._fields.values()
            copied = {it.name for it in fields if it.copy and it.groups and ours(it)}
            # A company is never copied.
            with self.subTest(model):
                self.assertFalse(copied and model != "res.company", copied)
        self.partner_a.with_user(self.partner_manager).copy()
        bank = self.company_data["default_journal_bank"]
        bank.octopus_payment_owner = "octopus"
        copied = bank.with_user(self.bookkeeper).copy()
        self.assertEqual(copied.sudo().octopus_payment_owner, "octopus")

    def assert_read_works(self, mine):
        """Whoever reads all that is Odoo's reads all: nothing of ours stands in the
        way. Of contacts, companies and a customer's invoices Odoo's own fields do, and
        on others those of modules whose rights a person has not got."""
        shown = mine.fields_get(attributes=())
        theirs = [name for name in shown if not ours(mine._fields[name])]
        # What is cached is read by anybody.
        mine.env.invalidate_all()
        try:
            mine.read(theirs)
        except AccessError as error:
            self.assertNotIn("octopus", str(error).lower())
            return
        mine.env.invalidate_all()
        self.assertTrue(mine.read())

    def test_a12_each_field_is_refused_by_its_name(self):
        """A portal customer reads no finding, no dossier and no VAT number of it."""
        for model, record in self.records().items():
            mine = record.with_user(self.customer_user)
            names = [name for name in mine._fields if name.startswith("octopus_")]
            self.assertTrue(names)
            for name in names:
                with self.subTest(f"{model}.{name}"):
                    self.assertFalse(mine._has_field_access(mine._fields[name], "read"))
                    if mine.has_access("read"):
                        with self.assertRaises(AccessError):
                            mine.read([name])
                        with self.assertRaises(AccessError):
                            mine.search([(name, "!=", False)])

    def test_a12_the_customer_reads_the_invoice(self):
        """The test above would pass for somebody who reads nothing."""
        move = self.sold().with_user(self.customer_user)
        self.assertEqual(move.read(["name"])[0]["name"], move.sudo().name)

    def test_a12_octopus_users_read_all_of_it(self):
        for model, record in self.records().items():
            with self.subTest(model):
                mine = record.with_user(self.sender)
                self.assert_read_works(mine)
                shown = mine.fields_get(attributes=())
                names = [name for name in shown if "octopus_" in name]
                self.assertTrue(mine.read(names))
                self.assertTrue(names)
