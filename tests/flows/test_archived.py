"""An archived connection or dossier: nothing leaves any more, which is said (Z.18)."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.sync.link_dossier import disconnect

from .outbox_case import OutboxCase


class TestArchived(OutboxCase):
    def setUp(self):
        super().setUp()
        self.refresh()
        self.row_ = self.queue(self.document())
        self.sandbox.world.calls.clear()

    def watch(self):
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.env.invalidate_all()
        return self.dossier.activity_ids

    def archived(self):
        """Give each kind of record that can be archived, with what is said then."""
        for record, code in (
            (self.connection, "connection_archived"),
            (self.dossier, "dossier_archived"),
        ):
            with self.subTest(code):
                record.active = False
                yield record, code
                record.active = True

    def by_people(self):
        row = self.row_
        return {
            "send one": row.move_id.action_octopus_send,
            "send many": lambda: (row.move_id | self.document()).action_octopus_send(),
            "payments": self.dossier.action_check_payments,
            "payments of a contact": self.partner_a.action_octopus_check_payments,
            "contact": self.partner_a.action_octopus_find,
            "refresh": self.dossier.action_refresh,
            "existing": self.dossier.action_look_for_existing,
            "resume": self.dossier.action_resume,
        }

    def test_z18_nothing_leaves_and_nothing_is_read(self):
        self.company.octopus_payment_owner = "octopus"
        for record, code in self.archived():
            for name, work in {
                "push": self.push,
                "pull": self.pull,
                "refresh": self.refresh,
                "watchdog": self.watch,
                **self.by_people(),
            }.items():
                with self.subTest(name):
                    try:
                        work()
                    except UserError as error:
                        self.assertIn("archived", str(error))
                    self.assertEqual(self.calls(), [], f"{code}: {name}")
            self.env.invalidate_all()
            self.assertFalse(record.active)
            self.assertEqual(self.row_.state, "ready")

    def test_z18_it_is_said_where_people_look(self):
        user = new_test_user(
            self.env,
            "reader",
            groups="octopus_connector.group_user,account.group_account_invoice",
        )
        for _record, code in self.archived():
            self.env.invalidate_all()
            row = self.row_.with_user(user)
            self.assertIn(f'data-code="{code}"', row.findings_html)
            self.assertIn("is archived", row.told)
            self.assertIn(code, self.dossier.with_user(user).stays_html)
            self.assertEqual(self.company.octopus_status, "unconnected")
            [activity] = self.watch()
            self.assertIn("is archived", activity.summary)
            self.assertEqual(self.watch(), activity, "once")
        self.assertFalse(self.watch())
        self.assertFalse(self.row_.findings_html)

    def test_z18_out_of_the_archive_it_goes_on(self):
        for _record, code in self.archived():
            self.push()
            self.pull()
            self.env.invalidate_all()
            crons = self.dossier.push_cron_id | self.dossier.pull_cron_id
            self.assertEqual(crons.mapped("active"), [False] * 2, code)
        self.assertEqual(self.dossier.crons().mapped("active"), [True] * 3)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.dossier.push_cron_id.id)]
        )
        self.assertTrue(triggers)
        self.push()
        self.assert_booked(self.row_)

    def test_z18_a_pass_under_way_ends(self):
        """What is on its way is finished; nothing is begun after that."""
        self.assertFalse(self.dossier.ends_pass())
        for _record, _code in self.archived():
            self.assertTrue(self.dossier.ends_pass())

    def test_z18_a_test_of_the_login_takes_nothing_out_of_the_archive(self):
        """Only people do; Octopus lists the dossier all the same."""
        self.dossier.active = False
        self.assertEqual(self.connection.action_connect()["params"]["type"], "success")
        self.assertFalse(self.dossier.active)
        self.connection.active = False
        self.sandbox.world.calls.clear()
        answer = self.connection.action_connect()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("is archived", answer["title"])
        self.assertEqual(self.connection.state, "connected", "it worked, and will")
        self.assertEqual(self.calls(), [])

    def test_x51_a_connection_keeps_archived_dossiers_too(self):
        self.connection.dossier_ids.active = False
        with self.assertRaisesRegex(UserError, "Archive"):
            self.connection.unlink()

    def test_x51_the_login_of_an_archived_dossier_is_kept(self):
        """Another company still books in one: it was archived for a while."""
        other = self.dossier_of(self.demo.BRANCH)
        branch = self.env["res.company"].create({"name": "Branch"})
        branch.sudo().write({"octopus_dossier_id": other.id, "octopus_enabled": True})
        other.active = False
        disconnect(self.company, forget_login=True)
        self.assertTrue(self.connection.has_secret)
