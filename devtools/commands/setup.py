"""Fetch and build everything: Odoo, its Python environment, PostgreSQL, the
database with the addon, a browser. Repeating it only mends what is missing."""

from ..console import say

HELP = "fetch and build all that the other commands need"


def configure(parser):
    """No arguments."""


def run(args, workspace) -> int:
    say(f"Odoo {workspace.odoo.version}: {workspace.odoo.root}")
    say(f"Python: {workspace.python}")
    server = workspace.postgres.environment()
    say(f"PostgreSQL: host {server.get('PGHOST')}, user {server.get('PGUSER')}")
    say(f"Database with the addon: {workspace.databases.with_addon()}")
    say(f"Chromium: {workspace.chromium() or 'none, browser tests will be skipped'}")
    say(f"wkhtmltopdf: {workspace.wkhtmltopdf() or 'none, PDFs will not be printed'}")
    say(f"Logs: {workspace.cache.folder('logs')}")
    return 0
