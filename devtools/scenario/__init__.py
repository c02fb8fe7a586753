"""A Belgian company with branches, contacts and one document of every kind.

Runs inside Odoo (``python -m devtools.scenario``), in a process of its own beside a
running server: commands of ./dev call its steps and read JSON. It knows Odoo and the
addon, and no Octopus but the one the addon is pointed at.
"""
