"""What a person decided about a match is kept under another name."""

from odoo.tools.sql import column_exists, rename_column

TABLE = "octopus_balancing"


def migrate(cr, _version):
    if column_exists(cr, TABLE, "verdict") and not column_exists(cr, TABLE, "decision"):
        rename_column(cr, TABLE, "verdict", "decision")
