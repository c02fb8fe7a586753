"""From what Octopus matched to what Odoo should hold: plans, then acts.

``pull`` goes through it: ``feed`` keeps what was read; ``plan`` decides, with what
``desired`` wants and what is ``existing``, and writes nothing; ``apply`` carries out,
or asks a person, and decides nothing; ``open_items`` compares afterwards.
"""
