"""Odoo's interactive shell (``env``, ``self``) on a copy of the database with
the addon, or on any database with --database."""

HELP = "Odoo's shell on a database with the addon installed"


def configure(parser):
    parser.add_argument("--database", help="an existing database instead of a copy")


def run(args, workspace) -> int:
    database = args.database
    if not database:
        database = workspace.databases.name("shell")
        workspace.databases.copy(workspace.databases.with_addon(), database)
    return workspace.run(
        workspace.odoo_command("shell", f"--database={database}", "--no-http")
    )
