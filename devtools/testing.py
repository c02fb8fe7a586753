"""Runs the two kinds of tests and counts them together."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from .console import say
from .databases import EXAMPLES
from .errors import DevError
from .odoo_modules import TESTED
from .tools import is_ci

# Folders of tests/ that need neither Odoo nor a database.
PURE_ROOMS = ("api", "core", "sandbox", "dev")
# A page may load slowly beside another worker, and a browser waits no longer for that.
ALONE = "tests/browser"
# These look at more of Odoo's modules, in a database of their own that has them.
WITH_MODULES = "tests/modules"
MODULES_OPTION = "--with-modules"
# One of its tests takes minutes, most of them waiting: others run beside it only when
# it does not come last.
LONGEST = "tests/smoke"
# For two cores; tests with Odoo wait for PostgreSQL and for calls half of their time.
PURE_WORKERS, WORKERS = 2, 3
NO_TESTS = 5  # pytest's exit code when it found none
# Why Odoo and pytest-odoo leave browser tests out.
NO_BROWSER = ("Chrome executable not found", "websocket-client", "--odoo-http")
# Options of pytest whose next argument is their value, not a path.
VALUE_OPTIONS = {"-k", "-m", "-n", "-p", "-c", "-o", "-W", "-r", "--maxfail", "--tb"}


@dataclass
class Counts:
    """What became of the tests of one or more runs."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.passed + self.failed + len(self.skipped)

    def add(self, other: "Counts") -> None:
        """Count another run's tests in."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def line(self) -> str:
        """The closing line."""
        skipped = len(self.skipped)
        return f"{self.passed} passed, {self.failed} failed, {skipped} skipped"


def read_report(path: Path) -> Counts:
    """Count the tests of pytest's JUnit report; none when there is no report."""
    counts = Counts()
    if not path.exists():
        return counts
    for case in ElementTree.parse(path).iter("testcase"):
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            counts.failed += 1
        elif skip is not None:
            name = f"{case.get('classname')}.{case.get('name')}"
            counts.skipped.append(f"{name}: {skip.get('message', '')}")
        else:
            counts.passed += 1
    return counts


def split_arguments(root: Path, arguments: list[str]) -> tuple[list, list, list]:
    """Sort pytest's arguments into options, pure paths and paths with Odoo."""
    options, pure, full = [], [], []
    value_follows = False
    for argument in arguments:
        place = root / argument.split("::")[0]
        if value_follows or argument.startswith("-") or not place.exists():
            options.append(argument)
        elif is_pure(root, place):
            pure.append(argument)
        else:
            full.append(argument)
        value_follows = not value_follows and argument in VALUE_OPTIONS
    return options, pure, full


def is_pure(root: Path, path: Path) -> bool:
    """Whether the tests at ``path`` need no Odoo."""
    parts = path.resolve().relative_to(root).parts
    return len(parts) > 1 and parts[0] == "tests" and parts[1] in PURE_ROOMS


def take_modules(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Return what ``--with-modules`` says, if it is there, and the other arguments.

    :raises DevError: when nothing follows it.
    """
    rest = list(arguments)
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == MODULES_OPTION:
            del rest[place]
            if not equals and len(rest) > place:
                value = rest.pop(place)
            if not value:
                raise DevError(f"{MODULES_OPTION} needs names of modules, or `all`.")
            return value, rest
    return None, rest


def is_with_modules(root: Path, path: str) -> bool:
    """Whether the tests at a path look at more of Odoo's modules."""
    place = (root / path.split("::")[0]).resolve()
    return place.is_relative_to((root / WITH_MODULES).resolve())


def by_database(root: Path, paths: list[str], modules) -> list[tuple]:
    """Return ``(paths, modules)`` for each database that tests with Odoo run in.

    :param modules: names that were asked for: then all tests run with these
    """
    if modules:
        return [(paths, modules)]
    apart = [path for path in paths if is_with_modules(root, path)]
    rest = [path for path in paths if path not in apart]
    return [it for it in ((rest, ()), (apart, TESTED)) if it[0]]


def default_paths(root: Path) -> tuple[list[str], list[str]]:
    """All rooms of tests/, the pure ones and the others, the longest test first."""
    rooms = [
        path
        for path in sorted((root / "tests").iterdir())
        if (path.is_dir() and any(path.rglob("test_*.py"))) or path.match("test_*.py")
    ]
    names = [f"tests/{path.name}" for path in rooms]
    pure = [name for name in names if name.split("/")[1] in PURE_ROOMS]
    full = [name for name in names if name not in pure]
    return pure, sorted(full, key=lambda name: name != LONGEST)


def run(workspace, arguments: list[str]) -> int:
    """Run the tests that the arguments choose and give the exit code."""
    named, arguments = take_modules(arguments)
    modules = workspace.modules.chosen(named) if named else ()
    options, pure, full = split_arguments(workspace.root, arguments)
    chosen = bool(pure or full)
    if not chosen:
        pure, full = default_paths(workspace.root)
    parallel = not chosen and not any(o.startswith("-n") for o in options)
    counts = Counts()
    codes = []
    if pure:
        codes.append(_run_pure(workspace, [*options, *pure], counts, parallel))
    stop = any(codes) and {"-x", "--exitfirst"}.intersection(options)
    if full and not stop:
        if parallel and ALONE in full:
            full.remove(ALONE)
            codes.append(
                _run_full(workspace, [*options, ALONE], counts, False, modules)
            )
        for paths, also in by_database(workspace.root, full, modules):
            codes.append(
                _run_full(workspace, [*options, *paths], counts, parallel, also)
            )
    return conclude(counts, codes, ci=is_ci())


def side_by_side(workers: int) -> list[str]:
    """Options of pytest that share tests among so many processes."""
    # A class's expensive set-up is done once if one worker gets all of it. In the order
    # of the folders, for a small class may last long, and should not come last.
    return ["-n", str(workers), "--dist", "loadscope", "--no-loadscope-reorder"]


def conclude(counts: Counts, codes: list[int], *, ci: bool) -> int:
    """Print what was left out and the closing line, and give the exit code.

    :param codes: pytest's exit code of each kind of tests that ran.
    :param ci: whether a browser test that did not run is a failure.
    """
    for name in counts.skipped:
        print(f"skipped: {name}")
    if counts.total == 0:
        print("No test ran.")
        return next((code for code in codes if code), NO_TESTS)
    if ci:
        _count_as_failed(counts)
    print(counts.line(), flush=True)
    bad = [code for code in codes if code not in (0, NO_TESTS)]
    # A report that counts a failure is believed over an exit code.
    return bad[0] if bad else int(counts.failed > 0)


def _count_as_failed(counts: Counts) -> None:
    no_browser = [n for n in counts.skipped if any(s in n for s in NO_BROWSER)]
    for name in no_browser:
        print(f"FAILED (must not be skipped in CI): {name}")
        counts.skipped.remove(name)
        counts.failed += 1


def _pytest(workspace, arguments, counts: Counts, *, database: bool) -> int:
    report = workspace.cache.folder("reports") / f"{workspace.name}-{os.getpid()}.xml"
    command = [workspace.python, "-m", "pytest", f"--junitxml={report}", *arguments]
    code = workspace.run(command, database=database)
    counts.add(read_report(report))
    report.unlink(missing_ok=True)
    if code not in (0, 1, NO_TESTS):
        # Interrupted, misused or broken: tests are missing from the report.
        counts.failed += 1
    return code


def _run_pure(workspace, arguments, counts: Counts, parallel: bool) -> int:
    say("Tests without Odoo")
    workers = side_by_side(PURE_WORKERS) if parallel else []
    options = ["-p", "no:odoo", *workers]
    return _pytest(workspace, [*options, *arguments], counts, database=False)


def _run_full(workspace, arguments, counts: Counts, parallel: bool, modules) -> int:
    say(f"Tests with Odoo{' and more of its modules' if modules else ''}")
    if not workspace.chromium() and is_ci():
        say("ERROR: browser tests must run here (CI) and there is no Chromium.")
        return 1
    workspace.wkhtmltopdf()
    workers = side_by_side(WORKERS) if parallel else []
    databases = workspace.databases
    with databases.scratch(databases.for_tests(modules)) as name:
        examples = [workspace.root / EXAMPLES] if modules else []
        config = workspace.odoo_config(*examples)
        odoo = [f"--odoo-database={name}", f"--odoo-config={config}"]
        options = [*odoo, "--odoo-http", *workers]
        return _pytest(workspace, [*options, *arguments], counts, database=True)
