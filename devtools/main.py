"""Finds the commands, reads the command line, runs one.

A command is a module in ``devtools/commands`` (its name with ``_`` as ``-``):

``HELP``
    one line for the list of commands;
``configure(parser)``
    adds the command's arguments to an :class:`argparse.ArgumentParser`;
``run(args, workspace) -> int``
    does it and gives the exit code;
``PASS_THROUGH = True``
    instead of ``configure``: all arguments come unread as ``args.rest``.
"""

import argparse
import importlib
import os
import pkgutil
import signal
import sys

from . import commands
from .console import say
from .errors import DevError
from .workspace import Workspace

DATABASE_OPTIONS = {"--db-host": "PGHOST", "--db-port": "PGPORT", "--db-user": "PGUSER"}


def main(argv: list[str] | None = None) -> int:
    """Run ./dev with the given arguments and give its exit code."""
    known = load_commands()
    parser = build_parser(known)
    options = parser.parse_args(argv)
    module = known[options.command]
    args = command_arguments(options.command, module, options.arguments)
    for option, variable in DATABASE_OPTIONS.items():
        given = getattr(options, option[2:].replace("-", "_"))
        if given:
            os.environ[variable] = given
    # Ends like any other exit, so that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    return run_command(module, args)


def run_command(module, args) -> int:
    """Run one command in a new workspace; explain what a person must mend."""
    try:
        workspace = Workspace()
        try:
            return module.run(args, workspace)
        finally:
            workspace.close()
    except DevError as error:
        say(f"ERROR: {error}")
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def load_commands() -> dict:
    """The commands by name."""
    found = {}
    for info in pkgutil.iter_modules(commands.__path__):
        module = importlib.import_module(f"{commands.__name__}.{info.name}")
        if hasattr(module, "run"):
            found[info.name.replace("_", "-")] = module
    return found


def build_parser(known: dict) -> argparse.ArgumentParser:
    """The parser of what stands before the command's own arguments."""
    width = max(map(len, known))
    listing = "\n".join(f"  {n:<{width}}  {m.HELP}" for n, m in sorted(known.items()))
    parser = argparse.ArgumentParser(
        prog="dev",
        description="Build, try and check octopus_connector.",
        epilog=f"commands:\n{listing}\n\n./dev COMMAND --help tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option, variable in DATABASE_OPTIONS.items():
        parser.add_argument(option, help=f"of a running PostgreSQL (or {variable})")
    parser.add_argument("command", choices=sorted(known), metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    return parser


def command_arguments(name: str, module, arguments: list[str]) -> argparse.Namespace:
    """Read the arguments of one command."""
    parser = argparse.ArgumentParser(
        prog=f"dev {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if not getattr(module, "PASS_THROUGH", False):
        module.configure(parser)
        return parser.parse_args(arguments)
    if arguments in (["-h"], ["--help"]):
        parser.print_help()
        parser.exit()
    rest = arguments[1:] if arguments[:1] == ["--"] else arguments
    return argparse.Namespace(rest=rest)
