"""``python -m octopus_sandbox``: start it and tell how to come in."""

import argparse
import sys
from functools import partial

from .oauth.door import AUTHORIZE
from .oauth.door import PREFIX as OAUTH_PREFIX
from .rest.door import PREFIX
from .seed import demo, many
from .server import SandboxServer
from .soap.door import PATH as SOAP_PATH
from .switches import SWITCHES
from .world import World


def _parse(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m octopus_sandbox",
        description="A pretend Octopus to try a connector against.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8070, help="0 takes a free one")
    parser.add_argument("--state", metavar="FILE", help="keep the books in this file")
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="MS", help="of every answer"
    )
    parser.add_argument(
        "--dossiers", type=int, default=3, metavar="N", help="how many, at least 3"
    )
    parser.add_argument(
        "--switch",
        action="append",
        default=[],
        type=_switch,
        metavar="NAME=VALUE",
        help=f"an open question of the contract: {', '.join(SWITCHES)}",
    )
    return parser.parse_args(arguments)


def _switch(text):
    name, equals, value = text.partition("=")
    if not equals or name not in SWITCHES:
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value of a switch")
    try:
        return name, SWITCHES[name].read(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _describe(server):
    world = server.world
    lines = [
        "The pretend Octopus answers.",
        f"  Accountant's page   {server.address}/",
        f"  REST API            {server.address}{PREFIX}",
        f"  SOAP service        {server.address}{SOAP_PATH}?wsdl",
        f"  OAuth page          {server.address}{OAUTH_PREFIX}{AUTHORIZE}",
        f"  Software house id   {demo.SOFTWARE_HOUSE}",
        f"  User / password     {demo.USER} / {demo.PASSWORD}",
        "  Dossiers",
    ]
    for dossier in world.state.dossiers.values():
        lines.append(f"    {dossier.id}  {dossier.name}  {dossier.vat_number}")
    changed = world.switches.changed()
    lines += [f"  Switch {name}={value}" for name, value in changed.items()]
    return "\n".join(lines)


def main(arguments=None):
    """Serve until interrupted; returns the exit code."""
    options = _parse(arguments)
    world = World(partial(many.fill, count=options.dossiers), options.state)
    world.set_switches(dict(options.switch))
    world.faults.latency = options.latency / 1000
    try:
        server = SandboxServer(world, options.host, options.port)
    except OSError as error:
        print(f"Cannot listen on {options.host}:{options.port}: {error.strerror}")
        return 1
    print(_describe(server), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Stopped.")
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
