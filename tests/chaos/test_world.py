"""What a world remembers when something is started anew."""

import unittest

from devtools.chaos.world import World


class TestWorld(unittest.TestCase):
    def setUp(self):
        self.world = World(None, "http://127.0.0.1:1", {}, seed=7)

    def test_what_is_started_anew_draws_and_notes_the_same(self):
        """Whether PostgreSQL refused it the first time, nobody can tell afterwards."""
        world = self.world
        world.begin(3)
        before = world._memory()
        results = []
        for _time in range(2):
            world._remember(before)
            drawn = [world.random.random() for _draw in range(3)]
            world.event_log.edited.add((71001, len(world.event_log.edited)))
            world.partners[f"customer{len(world.partners)}"] = 1
            world.made += 1
            results.append((drawn, world.event_log, world.partners, world.made))
        self.assertEqual(*results)
        self.assertEqual(world.made, 1)

    def test_a_step_draws_the_same_whatever_came_before(self):
        drawn = []
        for before in (0, 5):
            for _draw in range(before):
                self.world.random.random()
            self.world.begin(12)
            drawn.append(self.world.random.random())
        self.world.begin(13)
        self.assertEqual(drawn[0], drawn[1])
        self.assertNotEqual(drawn[0], self.world.random.random())
