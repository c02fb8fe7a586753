"""From what Octopus matched to what Odoo should hold: plans, then acts (Z.1).

``plan`` compares, and writes nothing; ``act`` carries out, and decides nothing.
"""
