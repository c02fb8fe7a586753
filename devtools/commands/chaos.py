"""Chaos: a seeded random schedule of documents, clicks, workers that are killed,
faults, the accountant's acts and clock jumps; after it Octopus's books and Odoo must
agree: every document booked exactly once, or in a state that says why not.

Each seed gets a database and a pretend Octopus of its own, which answers the open
questions of the contract (switches) as the seed draws them. ``--steps`` counts all
seeds together. Exit code 1 unless every count of what must not be is 0."""

import json
import os
import random
import subprocess
from collections import Counter

from octopus_sandbox.switches import SWITCHES

from ..cache import digest, digest_files
from ..chaos.verdict import Verdict
from ..console import say, timed
from ..databases import addon_digest
from ..errors import DevError
from ..sandbox import PATHS, Sandbox

HELP = "a seeded random schedule of everything that can go wrong"
FLOWS = ["documents", "payments"]
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
    parser.add_argument("--flow", choices=FLOWS, default=FLOWS[0])
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument(
        "--switch", action="append", default=[], metavar="NAME=VALUE", help="not drawn"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args, house) -> int:
    seeds = [int(seed) for seed in (args.seeds or str(args.seed)).split(",")]
    fixed = dict(text.split("=", 1) for text in args.switch)
    total = Verdict()
    tell = (lambda _text: None) if args.json else say
    for seed in seeds:
        verdict = run_seed(
            house,
            seed,
            -(-args.steps // len(seeds)),
            args.flow,
            args.transport,
            {**draw_switches(seed), **fixed},
        )
        total.add(verdict)
        tell(f"seed {seed}: {verdict.line()}")
        for sentence in verdict.told:
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


def run_seed(house, seed, steps, flow, transport, switches) -> Verdict:
    """Run one schedule on a database of its own."""
    databases = house.databases
    database = databases.name(f"chaos{seed}")
    databases.copy(made(house), database)
    try:
        return run_process(
            house,
            transport,
            database=database,
            seed=seed,
            steps=steps,
            flow=flow,
            switches=switches,
        )
    finally:
        databases.drop(database)
        databases.drop(f"{database}_yesterday")


def made(house) -> str:
    """A database with the companies of :mod:`devtools.chaos.world`, made when the code
    that makes it is another than last time."""
    databases = house.databases
    name = databases.name("chaos")
    parts = [house.root / "devtools" / part for part in ("chaos", "scenario")]
    files = [path for part in parts for path in part.rglob("*.py")]
    key = digest(addon_digest(house.root), digest_files(house.root, files))
    with house.cache.lock(name):
        if databases.stamp(name) != key:
            databases.copy(databases.with_addon(), name)
            with timed("Two companies, linked with the pretend Octopus"):
                run_process(house, "rest", database=name, seed=0, steps=0)
            databases._set_stamp(name, key)
    return name


def run_process(house, transport, **options) -> Verdict:
    """Run ``python -m devtools.chaos`` beside a sandbox of its own."""
    log = house.cache.log(f"chaos-{options['database']}")
    with Sandbox(house) as sandbox, log.open("wb") as errors:
        options |= {"url": sandbox.url, "login": sandbox.login(transport)}
        done = subprocess.run(
            [house.python, "-m", "devtools.chaos", json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=errors,
            env=house.environment(),
            cwd=os.fspath(house.root),
            check=False,
        )
    if done.returncode or not done.stdout:
        raise DevError(f"The schedule of seed {options['seed']} broke off: see {log}")
    values = json.loads(done.stdout)
    for name in ("acts", "faults", "states"):
        values[name] = Counter(values[name])
    return Verdict(**values)
