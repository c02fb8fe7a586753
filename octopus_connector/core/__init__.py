"""What can be decided with plain values: no Odoo, no database, no transport."""
