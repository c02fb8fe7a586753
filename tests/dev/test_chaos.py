"""./dev chaos: what a seed decides, and what ends well."""

import json
import random

import pytest

from devtools.chaos.event_log import EventLog
from devtools.chaos.minimise import minimise
from devtools.chaos.owners import Owners
from devtools.chaos.result import BAD, Result
from devtools.chaos.schedule import Acts, Step, draw, read_steps, steps_of
from devtools.commands import chaos
from devtools.commands.chaos import (
    ANSWERS,
    EDITIONS,
    NUMBERS,
    TRIES,
    Schedule,
    draw_edition,
    draw_switches,
    recall,
)
from devtools.errors import DevError
from devtools.main import command_arguments
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
    assert ",".join(map(str, steps)) == "1,2,checkpoint2,3,4,checkpoint4,5,checkpoint5"
    assert read_steps("1,2,checkpoint2,3,4,checkpoint4,5,checkpoint5") == steps
    # What is run is judged.
    assert read_steps("3, 7")[-1] == Step(7, checkpoint=True)
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


class Shop:
    """A small world to make a schedule in: goods that can run out."""

    def __init__(self, seed):
        self.seed = seed
        self.stock = {"book": 2, "cup": 2, "pen": 2}
        self.sold = []

    def run(self, steps, acts):
        """Do the acts of some steps; return whether a cup was sold that is not there.

        As in a real schedule, what a step draws is decided by the seed and its number.
        """
        for step in steps:
            self.random = random.Random(f"{self.seed} {step}")
            draw(self.random, acts).do(self)
        return self.stock["cup"] < 0


def test_minimise_finds_the_three_of_forty_acts_that_matter():
    """What an act draws stays the same, whatever is left out before it."""
    acts = Acts()

    @acts(3)
    def look(shop):
        shop.random.choice(sorted(shop.stock))

    @acts(2)
    def sell(shop):
        name = shop.random.choice(sorted(shop.stock))
        shop.stock[name] -= 1
        shop.sold.append(name)

    steps = [step for step in steps_of(40, 40) if not step.checkpoint]
    whole = Shop(2)
    assert whole.run(steps, acts.known)
    assert len(whole.sold) > 10
    left, tries = minimise(
        steps, lambda some: Shop(2).run(some, acts.known), tries=TRIES
    )
    least = Shop(2)
    assert least.run(left, acts.known)
    assert least.sold == ["cup"] * 3
    assert len(left) == 3
    assert tries < TRIES


def test_what_is_left_is_written_and_run_again(tmp_path):
    options = {"seed": 5, "flow": "payments", "edition": "enterprise", "steps": 300}
    schedule = Schedule(None, "soap", False, {**options, "switches": {"a": "1"}})
    names = {"3": "receive", "7": "click", "checkpoint7": "checkpoint"}
    record = schedule.record(read_steps("3,checkpoint7"), names)
    assert record["steps"] == {"3": "receive", "checkpoint7": "checkpoint"}
    file = tmp_path / "red.json"
    file.write_text(json.dumps(record))
    given = ["--replay", str(file), "--seed", "9", "--json"]
    args = command_arguments("chaos", chaos, given)
    recall(args)
    assert (args.seed, args.flow, args.edition) == (5, "payments", "enterprise")
    assert (args.transport, args.only) == ("soap", "3,checkpoint7")
    assert args.switch == ["a=1"]
    assert args.json
    file.write_text("[]")
    with pytest.raises(DevError, match="cannot be run again"):
        recall(args)


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
    then = EventLog(edited={kept}, settled={kept})
    events = EventLog(
        edited={lost}, deleted={lost, kept}, agreed={lost: 1}, rewritten={kept, lost}
    )
    events.forget_since(then)
    events.keep({5, "row 3"})
    assert (events.edited, events.deleted, events.agreed) == ({kept}, {kept}, {})
    # It was written anew in Octopus, which Odoo forgot.
    assert events.touched_in_odoo == events.settled == {kept}


def test_one_bad_count_is_enough():
    for kind in BAD:
        result = Result()
        assert result.is_good
        result.note(kind, "once")
        result.note(kind, "once")
        assert getattr(result, kind) == 1
        assert not result.is_good
