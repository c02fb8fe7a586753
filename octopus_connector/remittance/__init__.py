"""The way of a payment to Octopus: an F booking, then a match for each document.

``prepare`` reads what Odoo has and writes nothing; ``allotment`` decides which matches
are to be made or taken back; ``transfer`` carries one payment, ``round`` a pass.
"""
