"""What the addon keeps of itself is written by the addon alone (A.12, X.30).

What a person may fill in is listed here once more, by hand: whoever opens a field to
people has to say so in both places.
"""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from odoo.addons.octopus_connector.models.base import MODULE
from odoo.addons.octopus_connector.prepare.settings import SETTINGS
from odoo.addons.octopus_connector.send.pause import pause

from ..models.books_case import BooksCase

MAPPING = {"company_id", "dossier_id"}
FILLED_IN = {
    "octopus.connection": {
        "name",
        "active",
        "transport",
        "login_way",
        "software_house",
        "user_name",
        "password",
        "responsible_id",
    },
    "octopus.dossier": {
        "accountant_weekday",
        "active",
        "automatic",
        "contact_address_direction",
        "contact_email_direction",
        "contact_iban_direction",
        "contact_name_direction",
        "contact_phone_direction",
        "contact_vat_direction",
        "exchange_rate_direction",
        "foreign_bank_amounts",
        "vat_return",
        "watch_days",
        "other_journal_ids",
    },
    "octopus.matching": {
        "by_email",
        "by_enterprise",
        "by_iban",
        "by_name",
        "by_number",
        "by_similar",
        "by_vat",
    },
    "octopus.bookyear.journal": {
        "bookyear_id",
        "journal_id",
        "other_id",
        "dossier_id",
    },
    "octopus.tax.mapping": {
        *MAPPING,
        "tax_id",
        "direction",
        "vat_code_id",
        "refund_vat_code_id",
        "no_vat_code",
        "account_policy",
        "account_id",
        "send_recuperation",
        "recuperation",
    },
    "octopus.account.mapping": {*MAPPING, "account_id", "octopus_account_id"},
    "octopus.cost.centre.mapping": {
        *MAPPING,
        "analytic_account_id",
        "cost_centre_id",
        "no_cost_centre",
    },
    "octopus.journal.mapping": {
        *MAPPING,
        "closed_policy",
        "journal_id",
        "octopus_journal_id",
        "octopus_refund_journal_id",
    },
    "octopus.rehearsal": {"line_ids"},
    "octopus.rehearsal.line": {"cost_centre_id", "octopus_account_id", "vat_code_id"},
    "octopus.cause": {
        "cost_centre_id",
        "octopus_account_id",
        "octopus_journal_id",
        "vat_code_id",
    },
    "res.company": {*SETTINGS, "octopus_separate_settings"},
    "res.partner": {"octopus_vat_type"},
    "account.journal": {"octopus_payment_owner", "octopus_payments_from"},
}
# What people may do besides reading, by model; with every other one: nothing.
RIGHTS = {
    "octopus.connection": {"write", "create", "unlink"},
    "octopus.dossier": {"write"},
    "octopus.matching": {"write"},
    "octopus.bookyear.journal": {"write", "create", "unlink"},
    "octopus.tax.mapping": {"write", "create", "unlink"},
    "octopus.account.mapping": {"write", "create", "unlink"},
    "octopus.cost.centre.mapping": {"write", "create", "unlink"},
    "octopus.journal.mapping": {"write", "create", "unlink"},
    "octopus.rehearsal": {"write"},
    "octopus.rehearsal.line": {"write"},
    "octopus.cause": {"write"},
}
# What a forger would write first.
FORGED = {
    "octopus.connection": {
        "database_uuid": "mine",
        "state": "connected",
        "secret": "x",
        "whoami": "me",
        "problem": False,
        "support_until": "2099-01-01",
    },
    "octopus.dossier": {
        "bookings_since": "2099-01-01",
        "balancings_since": "2099-01-01",
        "paused": True,
        "shadow": True,
        "octopus_id": 1,
        "vat_number": "BE0123456749",
        "push_cron_id": False,
    },
    "octopus.booking": {"state": "booked", "number": 7, "payload": {}},
    "octopus.relation": {"partner_id": False, "octopus_id": 3},
    "octopus.tax.mapping": {"state": "accepted", "reason": {}},
    "res.company": {
        "octopus_automatic_since": False,
        "octopus_payments_accepted": True,
        "octopus_settings_company_id": False,
    },
    "res.partner": {
        "octopus_create_dossier_ids": [Command.clear()],
        "octopus_relation_ids": [Command.clear()],
    },
    "account.move": {
        "octopus_state": "excluded",
        "octopus_number": "V1 / 2026 / 1",
        "octopus_booking_id": False,
        "octopus_booking_ids": [Command.clear()],
        "octopus_confirmed_at": "2099-01-01",
    },
    "account.payment": {"octopus_balancing_ids": [Command.clear()]},
    "account.partial.reconcile": {"octopus_balancing_ids": [Command.clear()]},
}


class MachineCase(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.everything = cls.person(
            "everything",
            "octopus_connector.group_manager",
            "account.group_account_manager",
            "base.group_system",
        )
        cls.boss = cls.person("boss", "octopus_connector.group_manager")
        cls.sender = cls.person("sender", "octopus_connector.group_user")
        cls.biller = cls.person("biller", "account.group_account_invoice")
        cls.bookkeeper = cls.person("bookkeeper", "account.group_account_manager")

    @classmethod
    def person(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def sold(self, **values):
        return self.document(
            "out_invoice", self.line("700000", 100, "attn_VAT-OUT-21-S"), **values
        )

    def row(self, move):
        return move.sudo().octopus_booking_ids

    def booked(self, move):
        """Let a document be booked in Octopus, as far as Odoo knows."""
        row = self.row(move)
        year = self.v1.year_ids
        row.write({"state": "booked", "number": 7, "journal_year_id": year.id})
        return row

    def paid(self, move):
        """Return a payment of a document and how it was reconciled."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({})
        )
        payment = wizard._create_payments()
        lines = move.line_ids
        return payment, lines.matched_credit_ids | lines.matched_debit_ids


class TestMachineFields(MachineCase):
    def ours(self):
        """Give each stored model with the fields that this addon added to it."""
        for name, model in self.env.items():
            if model._abstract or model._transient:
                continue
            fields = [
                field
                for field in model._fields.values()
                if field._modules[:1] == (MODULE,) and not field.inherited
            ]
            if fields:
                yield name, model, fields

    def test_a12_only_what_is_listed_is_filled_in(self):
        """Of each model, of each field, later ones too: whoever has every right writes
        what is listed here and nothing else."""
        seen = {}
        for name, model, fields in self.ours():
            model = model.with_user(self.everything)
            found = {
                field.name
                for field in fields
                if model._has_field_access(field, "write")
            }
            if found:
                seen[name] = found
        self.assertEqual(seen, FILLED_IN)

    def test_a12_nobody_writes_what_only_the_addon_writes(self):
        """No group has a right but to read, on each model of ours, later ones too."""
        access = self.env["ir.model.access"].sudo()
        seen = {}
        for name, model in self.env.items():
            ours = name.startswith("octopus.") and not model._abstract
            if not ours or model._transient:
                continue
            lines = access.search([("model_id.model", "=", name)])
            self.assertTrue(lines, name)
            rights = {
                right
                for right in ("write", "create", "unlink")
                if any(lines.mapped(f"perm_{right}"))
            }
            if rights:
                seen[name] = rights
        self.assertEqual(seen, RIGHTS)

    def test_a12_forged_values_are_refused(self):
        """Over RPC, whoever asks, by write and by create, and nothing is changed."""
        move = self.sold()
        payment, partials = self.paid(move)
        records = {
            "account.move": move,
            "account.payment": payment,
            "account.partial.reconcile": partials[:1],
            "res.company": self.company,
            "res.partner": self.customer,
            "octopus.booking": self.row(move),
        }
        people = (self.everything, self.boss, self.sender, self.biller)
        for model, values in FORGED.items():
            record = records.get(model) or self.env[model].sudo().search([], limit=1)
            self.assertTrue(record, model)
            for name, value in values.items():
                before = record.sudo()[name]
                for user in people:
                    with self.subTest(model=model, field=name, user=user.login):
                        with self.assertRaises(AccessError):
                            record.with_user(user).write({name: value})
                        with self.assertRaises(AccessError):
                            record.with_user(user).browse().create({name: value})
                        with self.assertRaises(AccessError):
                            empty = record.with_user(user).browse()
                            empty.with_context(**{f"default_{name}": value}).create({})
                self.env.invalidate_all()
                self.assertEqual(record.sudo()[name], before)

    def test_a12_what_is_not_stored_is_refused_too(self):
        """What hangs below a document does not become writable through it."""
        move = self.sold()
        row = self.row(move)
        for command in (
            Command.update(row.id, {"state": "booked"}),
            Command.delete(row.id),
            Command.create({"state": "booked"}),
        ):
            with self.subTest(command[0]), self.assertRaises(AccessError):
                values = {"octopus_booking_ids": [command]}
                move.with_user(self.everything).write(values)
        self.assertEqual(row.state, "ready")

    def test_a12_settings_of_a_company_are_not_of_whoever_may_write_companies(self):
        """An administrator of Odoo without Octopus rights changes no setting."""
        admin = self.person("odoo-admin", "base.group_system")
        for name in ("octopus_dossier_id", "octopus_payment_owner"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.company.with_user(admin).write({name: False})
        self.company.with_user(admin).name = "Renamed"

    def test_a12_the_bank_owner_is_an_octopus_administrators(self):
        """An administrator of Accounting makes banks, and decides on no owner."""
        journals = self.env["account.journal"].with_user(self.bookkeeper)
        bank = journals.create({"name": "New", "type": "bank", "code": "NEW"})
        bank.name = "Newer"
        with self.assertRaises(AccessError):
            bank.octopus_payment_owner = "odoo"
        bank.with_user(self.boss).octopus_payment_owner = "odoo"
        self.assertTrue(bank.sudo().octopus_payments_from)

    def test_a12_new_banks_start_today_whoever_makes_them(self):
        self.company.octopus_payment_owner = "odoo"
        journals = self.env["account.journal"].with_user(self.bookkeeper)
        bank = journals.create({"name": "New", "type": "bank", "code": "NEW"})
        self.assertTrue(bank.sudo().octopus_payments_from)

    def test_a12_forms_know_what_is_not_filled_in(self):
        """What is refused shows as read-only, so that no form sends it."""
        described = self.env["octopus.dossier"].with_user(self.everything).fields_get()
        self.assertTrue(described["connection_id"]["readonly"])
        self.assertFalse(described["automatic"]["readonly"])

    # Work goes on

    def test_people_without_octopus_rights_work_as_before(self):
        """They make, change, copy, confirm and take back documents that Octopus does
        not have."""
        moves = self.env["account.move"].with_user(self.biller)
        with Form(moves.with_context(default_move_type="out_invoice")) as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.new() as line:
                line.name = "Line"
                line.price_unit = 10
        move = form.save()
        move.action_post()
        self.assertEqual(self.row(move).state, "ready")
        move.button_draft()
        copied = move.copy()
        move.unlink()
        copied.action_post()

    def test_people_talk_about_what_they_may_not_write(self):
        """Messages, followers and activities are no fields of ours."""
        row = self.row(self.sold()).with_user(self.sender)
        row.message_post(body="Look at this one")
        row.message_subscribe(self.sender.partner_id.ids)
        activity = row.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.sender.id
        )
        activity.action_feedback()
        self.assertIn("Look at this one", row.message_ids.mapped("body")[-1])

    def test_a_mapping_is_accepted_and_chosen_as_before(self):
        mapping = self.env["octopus.tax.mapping"].search([("tax_id", "!=", False)])[0]
        mapping.sudo().write({"state": "proposed", "reason": False})
        with self.assertRaises(AccessError):
            mapping.with_user(self.sender).action_accept()
        mapping.with_user(self.boss).action_accept()
        self.assertEqual(mapping.state, "accepted")
        mapping.with_user(self.boss).write({"recuperation": 50})
        self.assertEqual(mapping.reason["values"]["user"], self.boss.name)

    def test_another_journal_is_chosen_on_the_dossier(self):
        """As its form does it; the dossier of such a row is that of its bookyear."""
        chosen = {
            "bookyear_id": self.bookyear.id,
            "journal_id": self.v1.id,
            "other_id": self.v2.id,
        }
        dossier = self.dossier.with_user(self.boss)
        dossier.write({"other_journal_ids": [Command.create(chosen)]})
        row = dossier.other_journal_ids
        self.assertEqual(row.other_id, self.v2)
        another = self.mirror["octopus.dossier"].create(
            {
                "connection_id": self.dossier.sudo().connection_id.id,
                "octopus_id": 1002,
                "name": "Another",
            }
        )
        row.unlink()
        forged = row.create({**chosen, "dossier_id": another.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(forged.sudo().dossier_id, self.dossier)

    def test_buttons_of_administrators(self):
        """A button acts for whom it is meant, though nobody may write the row."""
        row = self.row(self.sold())
        with self.assertRaises(AccessError):
            row.with_user(self.sender).exclude("mine")
        row.with_user(self.boss).exclude("by hand")
        self.assertEqual(row.state, "excluded")
        with self.assertRaises(AccessError):
            row.with_user(self.sender).action_include()
        row.with_user(self.boss).action_include()
        self.assertEqual(row.state, "ready")

    def test_links_are_an_administrators(self):
        contact = self.env["res.partner"].create({"name": "Another"})
        relation = contact.env["octopus.relation"].search(
            [("partner_id", "=", self.customer.id)]
        )
        for user in (self.sender, self.biller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                relation.with_user(user).action_unlink_partner()
        relation.with_user(self.boss).action_unlink_partner()
        self.assertFalse(relation.partner_id)
        chosen = relation.with_context(octopus_partner_id=contact.id)
        with self.assertRaises(AccessError):
            chosen.with_user(self.sender).action_link()
        chosen.with_user(self.boss).action_link()
        self.assertEqual(relation.partner_id, contact)
        self.assertEqual(relation.link_origin, "person")

    def test_pausing_is_an_administrators(self):
        dossier = self.dossier
        with self.assertRaises(AccessError):
            pause(dossier.with_user(self.sender), "mine")
        pause(dossier.with_user(self.boss), "year end")
        self.assertEqual(dossier.paused_by_id, self.boss)
        with self.assertRaises(AccessError):
            dossier.with_user(self.sender).action_resume()
        dossier.with_user(self.boss).action_resume()
        self.assertFalse(dossier.paused)

    def test_support_mode_is_an_administrators(self):
        connection = self.dossier.sudo().connection_id
        connection.with_user(self.boss).action_support_start()
        self.assertTrue(connection.in_support)
        connection.with_user(self.boss).action_support_stop()
        self.assertFalse(connection.support_until)


class TestWithdrawal(MachineCase):
    """X.30: whichever way a document is taken back, its guard stands there."""

    ways = {
        "button_draft": lambda move: move.button_draft(),
        "button_cancel": lambda move: move.button_cancel(),
        "draft": lambda move: move.write({"state": "draft"}),
        "cancel": lambda move: move.write({"state": "cancel"}),
        "assigned": lambda move: setattr(move, "state", "draft"),
    }

    def test_x30_nobody_but_an_administrator_whichever_way(self):
        for name, way in self.ways.items():
            move = self.sold()
            row = self.booked(move)
            for user in (self.biller, self.bookkeeper, self.sender):
                with self.subTest(way=name, user=user.login):
                    with self.assertRaisesRegex(UserError, "booked in Octopus"):
                        way(move.with_user(user))
                    self.assertEqual((move.state, row.state), ("posted", "booked"))
            row.write({"state": "excluded", "number": False})

    def test_x30_an_administrator_goes_on_and_it_is_told_once(self):
        for name, way in self.ways.items():
            with self.subTest(name):
                move = self.sold()
                row = self.booked(move)
                way(move.with_user(self.boss))
                self.assertNotEqual(move.state, "posted")
                self.assertEqual(row.state, "changed")
                notes = row.message_ids.filtered(
                    lambda it: "Taken back in Odoo" in (it.body or "")
                )
                self.assertEqual(len(notes), 1)
                row.write({"number": False})

    def test_x30_nobody_while_it_travels(self):
        for name, way in self.ways.items():
            move = self.sold()
            row = self.booked(move)
            row.state = "unknown"
            with self.subTest(name), self.assertRaisesRegex(UserError, "on its way"):
                way(move.with_user(self.boss))
            row.write({"state": "excluded", "number": False})

    def test_x30_what_was_taken_back_is_not_cancelled_by_others(self):
        """A draft that Octopus still has stays an administrator's business."""
        move = self.sold()
        row = self.booked(move)
        move.with_user(self.boss).button_draft()
        for way in (
            lambda: move.with_user(self.biller).write({"state": "cancel"}),
            lambda: move.with_user(self.biller).unlink(),
        ):
            with self.assertRaisesRegex(UserError, "booked in Octopus"):
                way()
        move.with_user(self.boss).button_cancel()
        self.assertEqual(row.state, "changed")

    def test_x30_documents_that_octopus_does_not_have_are_free(self):
        for name, way in self.ways.items():
            with self.subTest(name):
                move = self.sold()
                way(move.with_user(self.biller))
                self.assertNotEqual(move.state, "posted")
