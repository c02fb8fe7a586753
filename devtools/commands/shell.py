"""Odoo's interactive shell (``env``, ``self``) on a copy of the database with
the addon, or on any database with --database."""

HELP = "Odoo's shell on a database with the addon installed"


def configure(parser):
    parser.add_argument("--database", help="an existing database instead of a copy")


def run(args, house) -> int:
    database = args.database
    if not database:
        database = house.databases.name("shell")
        house.databases.copy(house.databases.with_addon(), database)
    return house.run(house.odoo_command("shell", f"--database={database}", "--no-http"))
