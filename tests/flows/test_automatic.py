"""Documents that go by themselves (F.5)."""

from .outbox_case import OutboxCase


class TestAutomatic(OutboxCase):
    def test_f5_what_was_collected_before_goes_once_the_switch_is_on(self):
        """A pass that came before the switch only gives documents their row; whether
        there was such a pass must make no difference."""
        earlier = self.document()
        self.push()
        row = self.row(earlier)
        self.assertEqual((row.state, row.queued), ("ready", False))
        self.assert_booked(self.send(self.document()))
        self.dossier.automatic = True
        self.push()
        self.assert_booked(row)

    def test_f5_what_a_person_kept_out_stays_out(self):
        excluded = self.document()
        self.row(excluded)._exclude("Booked by hand")
        self.assert_booked(self.send(self.document()))
        self.dossier.automatic = True
        self.push()
        self.assertEqual(self.row(excluded).state, "excluded")
