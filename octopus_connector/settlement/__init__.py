"""From what Octopus matched to what Odoo should hold: plans, then acts.

``plan`` compares, and writes nothing; ``act`` carries out, and decides nothing.
"""
