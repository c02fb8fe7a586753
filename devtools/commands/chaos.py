"""Chaos: a seeded random schedule of documents, clicks, workers that are killed,
faults, the accountant's acts and clock jumps; after it Octopus's books and Odoo must
agree: every document booked exactly once, or in a state that says why not.

Each seed gets a database and a pretend Octopus of its own, which answers the open
questions of the contract (switches) as the seed draws them. ``--steps`` counts all
seeds together. Exit code 1 unless every count of what must not be is 0.

Some seeds of payments are in Odoo's Enterprise, as far as it lets people register
payments without an entry: an addon of one method says so
(``devtools/chaos/addons``). ``--edition`` decides it for all of them.

The seed decides a schedule: what each step draws depends on the seed and its number
alone, so that a step does the same without the steps before it, as far as there still
is something to do it on. What it cannot decide: how fast workers really are, beside
each other and until they are killed; and the day, on which documents are dated.

``--minimise`` looks for the acts that matter of a schedule that is red, by trying it
with ever fewer of them, each time on a fresh database, and writes them to a file;
``--replay FILE`` runs it again (``--only`` runs steps that are named by hand)."""

import json
import os
import random
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from octopus_sandbox.switches import SWITCHES

from .. import chaos
from ..cache import digest, digest_files
from ..chaos.minimise import minimise
from ..chaos.result import Result
from ..chaos.schedule import Step, read_steps
from ..console import say, timed
from ..databases import addon_digest
from ..errors import DevError
from ..sandbox import PATHS, Sandbox

HELP = "a seeded random schedule of everything that can go wrong"
FLOWS = ["documents", "payments"]
# A flow with a planted fault, for tests of what is done here.
PLANTED = "planted"
# Odoo's editions; the second is imitated.
EDITIONS = ["community", "enterprise"]
NO_ENTRY = "payments_without_entry"
ADDONS = Path(chaos.__file__).parent / "addons"
# How often a schedule is tried with fewer acts.
TRIES = 60
# The most answers that a question has.
ANSWERS = 3
# What a number can be in place of its default.
NUMBERS = {
    "header_tolerance": ("0.00", "0.05"),
    "text_limit": ("0", "60"),
    "attachment_limit": ("10000000", "400"),
    "soap_session_minutes": ("30", "5"),
}


def configure(parser):
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", help="several, with commas: 1,2,3")
    parser.add_argument("--flow", choices=[*FLOWS, PLANTED], default=FLOWS[0])
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument("--edition", choices=EDITIONS, help="of Odoo; drawn by default")
    parser.add_argument(
        "--switch", action="append", default=[], metavar="NAME=VALUE", help="not drawn"
    )
    parser.add_argument(
        "--only", metavar="STEPS", help="of one seed, with commas: 3,17,checkpoint250"
    )
    parser.add_argument(
        "--minimise",
        action="store_true",
        help="look for the acts that make one seed red",
    )
    parser.add_argument(
        "--tries", type=int, default=TRIES, help="how often --minimise tries"
    )
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="where --minimise writes what is left"
    )
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="run what --minimise has written"
    )
    parser.add_argument(
        "--trace", action="store_true", help="log what each step changed on both sides"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the databases, to look at them"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args, workspace) -> int:
    if args.replay:
        recall(args)
    seeds = [int(seed) for seed in (args.seeds or str(args.seed)).split(",")]
    if len(seeds) > 1 and (args.only or args.minimise):
        raise DevError("--only and --minimise are about one seed.")
    schedules = [_schedule(workspace, args, seed, len(seeds)) for seed in seeds]
    if args.minimise:
        [schedule] = schedules
        return run_minimise(schedule, args.tries, args.into or schedule.file())
    total = Result()
    tell = (lambda _text: None) if args.json else say
    for schedule in schedules:
        name = f"seed {schedule.options['seed']}, {schedule.options['edition']}"
        result = schedule.run()
        total.add(result)
        tell(f"{name}: {result.line()}")
        for sentence in result.told:
            tell(f"    {sentence}")
    if args.json:
        print(json.dumps(vars(total) | {"seeds": seeds}))
    else:
        tell(f"acts: {dict(total.acts.most_common())}")
        tell(f"faults: {dict(total.faults.most_common())}")
        tell(f"states: {dict(total.states.most_common())}")
        tell(total.line())
    return int(not total.is_good)


def draw_switches(seed) -> dict:
    """Give each open question of the contract one of its answers.

    Seeds 0, 1, 2 give every answer at least once, and so do 3, 4, 5 and so on, each
    time in another combination.
    """
    drawn = {}
    for name, switch in SWITCHES.items():
        values = list(NUMBERS.get(name) or switch.choices())
        random.Random(f"{name} {seed // ANSWERS}").shuffle(values)
        drawn[name] = values[seed % ANSWERS % len(values)]
    return drawn


def draw_edition(seed, flow) -> str:
    """Choose Odoo's edition; it differs in how people pay, and in nothing that a
    schedule of documents does."""
    if flow != "payments":
        return EDITIONS[0]
    return random.Random(f"edition {seed}").choice(EDITIONS)


def _schedule(workspace, args, seed, seeds):
    """Return the schedule of one of so many seeds."""
    try:
        only = args.only and ",".join(map(str, read_steps(args.only)))
    except ValueError as error:
        told = f"--only wants steps such as 3,17,checkpoint250: {error}"
        raise DevError(told) from error
    fixed = dict(text.split("=", 1) for text in args.switch)
    return Schedule(
        workspace,
        args.transport,
        args.keep,
        {
            "seed": seed,
            "steps": -(-args.steps // seeds),
            "flow": args.flow,
            "edition": args.edition or draw_edition(seed, args.flow),
            "switches": {**draw_switches(seed), **fixed},
            "trace": args.trace,
            "only": only,
        },
    )


@dataclass(frozen=True)
class Schedule:
    """One schedule, to be run on a database of its own.

    :param keep: leave the database there afterwards
    :param options: as ``python -m devtools.chaos`` takes them
    """

    workspace: object
    transport: str
    keep: bool
    options: dict

    def run(self, **options) -> Result:
        """Run it; ``options`` for this time."""
        databases = self.workspace.databases
        database = databases.name(f"chaos{self.options['seed']}")
        databases.copy(made(self.workspace, self.options["edition"]), database)
        try:
            return run_process(
                self.workspace,
                self.transport,
                database=database,
                **{**self.options, **options},
            )
        finally:
            if not self.keep:
                databases.drop(database)
                databases.drop(f"{database}_yesterday")

    def file(self) -> Path:
        """Where what is left of it is written."""
        folder = self.workspace.cache.folder("chaos")
        name = f"{self.options['flow']}-{self.transport}-{self.options['seed']}"
        return folder / f"{self.workspace.name}-{name}.json"

    def record(self, steps, names) -> dict:
        """Return what of it is written to a file, see :func:`recall`.

        :param steps: that are left of it
        :param names: ``{step: name of its act}``, for people
        """
        kept = ("seed", "flow", "edition", "switches")
        return {
            **{name: self.options[name] for name in kept},
            "transport": self.transport,
            "steps": {str(step): names[str(step)] for step in steps},
        }

    def command(self, steps) -> str:
        """What runs these steps again."""
        options = self.options
        words = [
            "./dev chaos",
            f"--seed {options['seed']}",
            f"--flow {options['flow']}",
            f"--edition {options['edition']}",
        ]
        words.append(f"--transport {self.transport}")
        drawn = draw_switches(options["seed"])
        words += [
            f"--switch {name}={value}"
            for name, value in options["switches"].items()
            if drawn.get(name) != value
        ]
        return " ".join([*words, f"--only {','.join(map(str, steps))}"])


def recall(args):
    """Take what ``--minimise`` has written for the arguments of the command.

    :raises DevError: the file is none of those
    """
    try:
        record = json.loads(args.replay.read_text())
        args.only = ",".join(record["steps"])
        args.switch = [f"{name}={value}" for name, value in record["switches"].items()]
        args.seed, args.seeds = record["seed"], None
        for name in ("flow", "edition", "transport"):
            setattr(args, name, record[name])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DevError(f"{args.replay} cannot be run again: {error!r}") from error


def run_minimise(schedule, tries, file) -> int:
    """Find the steps of a schedule that make it red, tell them and write them down.

    :param file: to write them to
    """
    result = schedule.run(stop=True)
    say(result.line())
    if result.is_good:
        say("Nothing is wrong: there is nothing to look for.")
        return 0
    wrong, names = result.kinds, result.drawn
    *steps, last = map(Step.read, names)

    def is_red(some):
        only = ",".join(map(str, [*some, last]))
        found = schedule.run(only=only, stop=True)
        say(f"{len(some)} steps: {', '.join(sorted(found.kinds)) or 'good'}")
        return bool(found.kinds & wrong)

    left, made_tries = minimise(steps, is_red, tries)
    say(f"{len(left)} of {len(steps)} steps are left after {made_tries} tries:")
    for step in left:
        say(f"    {step} {names[str(step)]}")
    record = schedule.record([*left, last], names)
    file.write_text(json.dumps(record, indent=2) + "\n")
    say(f"./dev chaos --replay {file}")
    say(schedule.command([*left, last]))
    return 1


def made(workspace, edition=EDITIONS[0]) -> str:
    """A database with the companies of :mod:`devtools.chaos.world`, made when the code
    that makes it is another than last time."""
    linked = _linked(workspace)
    if edition == EDITIONS[0]:
        return linked
    databases = workspace.databases
    name, key = databases.name("chaosent"), databases.stamp(linked)
    with workspace.cache.lock(name):
        if databases.stamp(name) != key:
            databases.copy(linked, name)
            databases.install(name, NO_ENTRY, addons=[ADDONS])
            databases._set_stamp(name, key)
    return name


def _linked(workspace):
    databases = workspace.databases
    name = databases.name("chaos")
    parts = [workspace.root / "devtools" / part for part in ("chaos", "scenario")]
    files = [path for part in parts for path in part.rglob("*.py")]
    key = digest(addon_digest(workspace.root), digest_files(workspace.root, files))
    with workspace.cache.lock(name):
        if databases.stamp(name) != key:
            databases.copy(databases.with_addon(), name)
            with timed("Two companies, linked with the pretend Octopus"):
                run_process(workspace, "rest", database=name, seed=0, steps=0)
            databases._set_stamp(name, key)
    return name


def run_process(workspace, transport, **options) -> Result:
    """Run ``python -m devtools.chaos`` beside a sandbox of its own."""
    environment = {
        **workspace.environment(),
        "ODOO_RC": str(workspace.odoo_config(ADDONS)),
        "PYTHONHASHSEED": str(options["seed"] % 2**32),
    }
    log = workspace.cache.log(f"chaos-{options['database']}")
    with Sandbox(workspace) as sandbox, log.open("wb") as errors:
        options |= {"url": sandbox.url, "login": sandbox.login(transport)}
        done = subprocess.run(
            [workspace.python, "-m", "devtools.chaos", json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            cwd=os.fspath(workspace.root),
            check=False,
        )
    if done.returncode or not done.stdout:
        raise DevError(f"The schedule of seed {options['seed']} broke off: see {log}")
    values = json.loads(done.stdout)
    for name in ("acts", "faults", "states"):
        values[name] = Counter(values[name])
    return Result(**values)
