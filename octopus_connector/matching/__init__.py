"""What of Octopus fits what of Odoo: plain values in, a proposal out; no Odoo."""
