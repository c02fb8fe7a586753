"""A login that is rejected, and everything that goes on after the new one (X.38)."""

from octopus_sandbox.seed import demo
from octopus_sandbox.state.login import Login

from .outbox_case import OutboxCase

NEW_PASSWORD = "a-new-password"


class TestLoginCircle(OutboxCase):
    def setUp(self):
        super().setUp()
        self.watchdog = self.env.ref("octopus_connector.cron_watch")
        self.refresh()

    def change_password(self):
        """Let somebody change the password of our user in Octopus."""
        self.sandbox.world.state.logins[demo.USER].password = NEW_PASSWORD
        self.sandbox.world.state.tokens.expire_all()

    def logins(self):
        return len(self.calls("authenticateUser"))

    def test_x38_the_whole_circle(self):
        rows = self.queue(self.document(), self.document())
        self.change_password()
        tried = self.logins()
        self.push()
        self.assertEqual(self.connection.state, "rejected")
        self.assertEqual(self.logins(), tried + 1, "no lock-out by trying again")
        for row in rows:
            self.assertEqual((row.state, row.number), ("ready", 0), "nothing failed")
            self.assertIn("rejected the login", row.cause_text)
            self.assertEqual(row.cause_who, "Administrator")
        [activity] = self.connection.activity_ids
        self.assertEqual(activity.user_id, self.connection.responsible_id)

        # Nothing tries again, and nobody is told twice.
        for cron in self.dossier.crons() | self.watchdog:
            self.run_cron(cron)
        self.assertEqual(self.logins(), tried + 1)
        self.assertEqual(self.connection.activity_ids, activity)
        self.assertFalse(self.dossier.activity_ids)
        self.assertFalse(any(self.dossier.crons().mapped("active")))

        # A wrong guess is one more try, and no more.
        self.connection.password = "a-guess"
        self.run_cron(self.watchdog)
        self.run_cron(self.watchdog)
        self.assertEqual(self.connection.state, "rejected")
        self.assertEqual(self.logins(), tried + 2)
        self.assertEqual(self.connection.activity_ids, activity)

        # The new password is all that a person has to give.
        self.connection.password = NEW_PASSWORD
        self.run_cron(self.watchdog)
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.activity_ids)
        self.assertTrue(all(self.dossier.crons().mapped("active")))
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_x38_other_connections_go_on(self):
        colleague = Login(
            "colleague", "secret", demo.SOFTWARE_HOUSE, [demo.BRANCH], True
        )
        self.sandbox.world.state.logins["colleague"] = colleague
        other = self.connect(user="colleague", password="secret", name="Other")
        self.assertEqual(other.state, "connected")
        self.change_password()
        self.queue(self.document())
        self.push()
        self.assertEqual(self.connection.state, "rejected")
        with other.client() as octopus:
            self.assertTrue(octopus.dossiers())
        self.assertEqual(other.state, "connected")
