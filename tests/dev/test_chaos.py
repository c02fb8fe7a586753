"""./dev chaos: what a seed decides, and what ends well."""

import random

import pytest

from devtools.chaos.deeds import Deeds
from devtools.chaos.minimise import minimise
from devtools.chaos.owners import Owners
from devtools.chaos.schedule import Acts, Step, draw, read_steps, steps_of
from devtools.chaos.verdict import BAD, Verdict
from devtools.commands.chaos import (
    ANSWERS,
    EDITIONS,
    NUMBERS,
    draw_edition,
    draw_switches,
)
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


def test_payments_are_run_in_both_editions_of_odoo():
    """And documents in the one that is here: they do not differ."""
    drawn = [draw_edition(seed, "payments") for seed in range(10)]
    assert set(drawn) == set(EDITIONS)
    assert drawn == [draw_edition(seed, "payments") for seed in range(10)]
    assert {draw_edition(seed, "documents") for seed in range(10)} == {EDITIONS[0]}


def test_what_a_step_draws_depends_on_no_other_act():
    """One that cannot happen now is drawn all the same: nothing is done then."""
    acts = Acts()

    @acts(1)
    def possible(_world):
        pass

    @acts(1, when=lambda _world: False)
    def impossible(_world):
        pass

    drawn = {draw(random.Random(seed), acts.known).name for seed in range(20)}
    assert drawn == {"possible", "impossible"}


def test_steps_are_written_and_read():
    steps = steps_of(5, 2)
    assert ",".join(map(str, steps)) == "1,2,calm2,3,4,calm4,5,calm5"
    assert read_steps("1,2,calm2,3,4,calm4,5,calm5") == steps
    # What is run is judged.
    assert read_steps("3, 7")[-1] == Step(7, calm=True)
    with pytest.raises(ValueError):
        read_steps("3,x")


@pytest.mark.parametrize(
    "needed", [{1}, {100}, {3, 17}, {1, 50, 100}, set(range(20, 40)), {7, 8, 9, 93}]
)
def test_minimise_leaves_the_steps_that_matter(needed):
    asked = []

    def is_red(steps):
        asked.append(tuple(steps))
        return needed <= set(steps)

    left, tries = minimise(range(1, 101), is_red, 1000)
    assert left == sorted(needed)
    assert len(asked) == len(set(asked)) == tries
    assert all(list(steps) == sorted(steps) for steps in asked)


def test_minimise_tries_no_more_often_than_it_may():
    left, tries = minimise(range(100), lambda steps: {5, 77} <= set(steps), 9)
    assert tries == 9
    assert {5, 77} <= set(left)
    assert len(left) < 100


def test_minimise_keeps_what_is_red_together_only():
    everything = list(range(8))
    assert minimise(everything, lambda it: it == everything, 1000)[0] == everything


def test_a_booking_keeps_its_document_whatever_becomes_of_its_number():
    """Two documents had one name, one after the other."""
    old, new = (71001, 5), (71001, 8)
    owners = Owners({(71001, "2/V1/4"): old, (71001, "2/V1/5"): new})
    owners.renumber((71001, "2/V1/4"), (71001, "2/V1/6"))
    owners.delete((71001, "2/V1/5"))
    owners.renumber((71001, "2/V1/6"), (71001, "2/V1/5"))
    assert owners.of_booking == {(71001, "2/V1/5"): old}


def test_what_was_done_to_a_document_that_odoo_lost_is_no_others():
    """Odoo gives its id to the next one after a restore."""
    lost, kept = (71001, 8), (71001, 5)
    then = Deeds(edited={kept}, settled={kept})
    deeds = Deeds(
        edited={lost}, deleted={lost, kept}, agreed={lost: 1}, rewritten={kept, lost}
    )
    deeds.forget_since(then)
    deeds.keep({5, "row 3"})
    assert (deeds.edited, deeds.deleted, deeds.agreed) == ({kept}, {kept}, {})
    # It was written anew in Octopus, which Odoo forgot.
    assert deeds.touched_in_odoo == deeds.settled == {kept}


def test_one_bad_count_is_enough():
    for kind in BAD:
        verdict = Verdict()
        assert verdict.is_good
        verdict.note(kind, "once")
        verdict.note(kind, "once")
        assert getattr(verdict, kind) == 1
        assert not verdict.is_good
