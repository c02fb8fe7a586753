"""What can be decided about a document with plain values: no Odoo, no transport."""
