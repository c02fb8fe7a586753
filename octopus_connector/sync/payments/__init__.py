"""From what Octopus matched to what Odoo should hold: plans, then acts.

``feed`` keeps what was read, ``plan`` compares and writes nothing, ``approval`` asks a
person, ``apply`` carries out and decides nothing, ``open_items`` compares afterwards.
"""
