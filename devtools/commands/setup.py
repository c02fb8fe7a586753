"""Fetch and build everything: Odoo, its Python environment, PostgreSQL, the
database with the addon, a browser. Repeating it only mends what is missing."""

from ..console import say

HELP = "fetch and build all that the other commands need"


def configure(parser):
    """No arguments."""


def run(args, house) -> int:
    say(f"Odoo {house.odoo.version}: {house.odoo.root}")
    say(f"Python: {house.python}")
    server = house.postgres.environment()
    say(f"PostgreSQL: host {server.get('PGHOST')}, user {server.get('PGUSER')}")
    say(f"Database with the addon: {house.databases.with_addon()}")
    say(f"Chromium: {house.chromium() or 'none, browser tests will be skipped'}")
    say(f"wkhtmltopdf: {house.wkhtmltopdf() or 'none, PDFs will not be printed'}")
    say(f"Logs: {house.cache.folder('logs')}")
    return 0
