"""What can happen, by who does it: people in Odoo (admin), workers, service,
accountant, time."""
