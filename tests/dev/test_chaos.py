"""./dev chaos: what a seed decides, and what ends well."""

import random

from devtools.chaos.schedule import Acts, draw
from devtools.chaos.verdict import BAD, Verdict
from devtools.commands.chaos import ANSWERS, NUMBERS, draw_switches
from octopus_sandbox.switches import SWITCHES


def test_each_switch_is_run_both_ways():
    """Every answer to every open question of the contract, in three seeds."""
    for first in (0, 3, 6):
        drawn = [draw_switches(seed) for seed in range(first, first + ANSWERS)]
        for name, switch in SWITCHES.items():
            possible = set(NUMBERS.get(name) or switch.choices())
            assert len(possible) > 1, name
            assert {values[name] for values in drawn} == possible, name


def test_a_seed_always_gives_the_same():
    assert draw_switches(5) == draw_switches(5)
    assert draw_switches(5) != draw_switches(8)


def test_an_act_that_can_not_happen_is_not_drawn():
    acts = Acts()

    @acts(1)
    def possible(_world):
        pass

    @acts(1000, when=lambda _world: False)
    def impossible(_world):
        pass

    drawn = {draw(random.Random(seed), acts.known, None).name for seed in range(20)}
    assert drawn == {"possible"}


def test_one_bad_count_is_enough():
    for kind in BAD:
        verdict = Verdict()
        assert verdict.is_good
        verdict.note(kind, "once")
        verdict.note(kind, "once")
        assert getattr(verdict, kind) == 1
        assert not verdict.is_good
