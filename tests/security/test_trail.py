"""Who changed what decides about the books leaves a trace; secrets do not (A.12)."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..models.books_case import BooksCase


class TestTrail(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "boss",
            groups="base.group_user,octopus_connector.group_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.connection = cls.mine(cls.dossier.sudo().connection_id)

    @classmethod
    def mine(cls, record):
        """Return a record as the administrator has it, with a history that is kept:
        tests of Odoo switch it off."""
        kept = dict.fromkeys(
            ("tracking_disable", "mail_notrack", "mail_create_nolog"), False
        )
        return record.with_context(**kept).with_user(cls.boss)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def changing(self, record, act):
        """Return what the history of a record tells of an act, and by whom."""
        # What is tracked is told when the transaction is at its end.
        self.flush_tracking()
        before = record.sudo().message_ids
        act()
        self.flush_tracking()
        messages = record.sudo().message_ids - before
        self.assertEqual(messages.author_id, self.boss.partner_id)
        tracked = messages.tracking_value_ids.field_id.mapped("name")
        return " ".join(filter(None, messages.mapped("body"))), tracked

    def test_a_login_that_is_entered_is_told_without_it(self):
        values = {
            "software_house": "house-4711",
            "user_name": "user-4711",
            "password": "entered-4711",
        }
        connection = self.connection
        told, tracked = self.changing(connection, lambda: connection.write(values))
        self.assertIn("Login entered anew", told)
        for label in ("Software-house ID", "Octopus user", "Password"):
            self.assertIn(label, told)
        self.env.flush_all()
        for table in ("mail_message", "mail_tracking_value"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            for (row,) in self.env.cr.fetchall():
                for secret in values.values():
                    self.assertNotIn(secret, row)

    def test_the_same_login_again_is_not_told(self):
        connection = self.connection
        connection.user_name = "same"
        self.flush_tracking()
        before = connection.message_ids
        connection.write({"user_name": "same", "password": False})
        self.flush_tracking()
        self.assertEqual(connection.message_ids, before)

    def test_web_service_and_responsible(self):
        connection = self.connection
        _told, tracked = self.changing(
            connection,
            lambda: connection.write(
                {"transport": "soap", "responsible_id": self.boss.id}
            ),
        )
        self.assertLessEqual({"transport", "responsible_id"}, set(tracked))

    def test_send_by_itself(self):
        self.env["octopus.booking"].sudo().create(
            {
                "dossier_id": self.dossier.id,
                "company_id": self.company.id,
                "kind": "out_invoice",
                "state": "excluded",
                "sent_at": "2020-01-01",
            }
        )
        dossier = self.mine(self.dossier)
        _told, tracked = self.changing(
            dossier,
            lambda: dossier.write({"automatic": True, "watch_days": 5}),
        )
        self.assertEqual(set(tracked), {"automatic", "watch_days"})

    def test_owner_of_a_bank(self):
        bank = self.mine(self.company_data["default_journal_bank"])
        _told, tracked = self.changing(
            bank, lambda: bank.write({"octopus_payment_owner": "odoo"})
        )
        self.assertIn("octopus_payment_owner", tracked)

    def test_settings_of_a_company(self):
        """A company has no history of its own: its dossier tells."""
        company = self.mine(self.company)
        chosen = self._make_journal("V3", insertion_type=1)
        told, _tracked = self.changing(
            self.dossier,
            lambda: company.octopus_write_settings(
                {
                    "octopus_payment_owner": "octopus",
                    "octopus_out_invoice_journal_id": chosen.id,
                    "octopus_group_by_vat": True,
                }
            ),
        )
        self.assertIn(self.company.name, told)
        self.assertIn("Not followed → Payments are followed in Octopus", told)
        self.assertIn(chosen.display_name, told)
        self.assertNotIn("Group lines", told, "that one was not changed")
