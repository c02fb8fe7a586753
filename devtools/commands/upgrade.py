"""Upgrade a database of an older version, and see that nothing is lost or sent twice.

The older revision's own code fills a database beside a pretend Octopus: documents that
are ready, wait, are blocked, in doubt (an answer or a call was lost, a worker was
killed), booked, changed on either side, deleted there, or kept out; payments in both
directions, also in doubt, taken back, to be accepted, and one that the accountant seems
to have booked by hand. Then the database gets today's code, a night goes by, and the
scheduled actions go on beside the same Octopus.

A line is printed for each document and payment. Exit code 1 unless each row is kept
with its values, each document and payment stands in Octopus exactly as often as it
should, with its number and amount, what was in doubt is resolved, and as much is open
on both sides."""

from contextlib import ExitStack

from ..console import say, timed
from ..revisions import FIRST, checkout
from ..sandbox import PATHS, Sandbox
from ..steps_process import Steps
from ..upgrade.job import Upgrade
from .demo import audit

HELP = "a database of an older version, upgraded with today's code"
# Parts of today's ./dev that the older code is filled with.
BESIDE = ("devtools/upgrade", "devtools/scenario/__main__.py")


def configure(parser):
    parser.add_argument("--from", dest="revision", default=FIRST, help="of git")
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument(
        "--keep", action="store_true", help="keep the database, to look at it"
    )


def run(args, workspace) -> int:
    older = workspace.at(checkout(workspace, args.revision, BESIDE))
    databases = workspace.databases
    database = databases.name("upgrade")
    with timed(f"Database with the addon of {args.revision}"):
        source = older.databases.with_addon(databases.name("older"))
    databases.copy(source, database)
    try:
        with Sandbox(workspace) as sandbox:
            login = sandbox.login(args.transport)
            upgrade = Upgrade(workspace, database, sandbox, login)
            return walk(upgrade, workspace, older)
    finally:
        if not args.keep:
            databases.drop(database)


def walk(upgrade, workspace, older) -> int:
    """Fill, upgrade, go on, judge; 0 when everything is right."""
    database = upgrade.database
    with Steps(older, database, ["devtools.upgrade.before"]) as steps:
        upgrade.fill(steps)
    comparison = upgrade.upgrade()
    with ExitStack() as stack:
        server = workspace.server(database, cron_threads=2)
        say(f"Odoo's log: {stack.enter_context(server).log}")
        steps = Steps(workspace, database, ["devtools.upgrade.after"])
        upgrade.go_on(stack.enter_context(steps))
    fates, wrong = upgrade.fates()
    for fate in fates:
        print(fate.line())
    rows = {table: n for table, n in comparison.rows.items() if n}
    print(f"Rows: {', '.join(f'{n} {table}' for table, n in rows.items())}")
    for note in comparison.notes:
        print(f"On purpose: {note}")
    wrong = [*upgrade.is_told(), *comparison.wrong, *wrong]
    for sentence in wrong:
        print(f"Wrong: {sentence}")
    wrong += audit(upgrade.sandbox)
    bad = sum(bool(fate.wrong) for fate in fates)
    print(
        f"{sum(rows.values())} rows, {len(fates)} documents and"
        f" payments: {bad} not right; {len(wrong)} other things wrong",
        flush=True,
    )
    return int(bool(bad or wrong))
