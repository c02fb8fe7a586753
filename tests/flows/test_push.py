from tests.common import OctopusCase


class TestPush(OctopusCase):
    def test_one(self):
        move = self.document()
        move.action_octopus_send()
        print(move.octopus_state, move.octopus_number, move.octopus_booking_id.findings)
        print([c for c in self.calls()])
        self.assertEqual(move.octopus_state, "booked")
