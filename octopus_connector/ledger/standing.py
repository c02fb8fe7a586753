"""In which states of its row Octopus has a document: pure, no Odoo (X.29, X.31)."""

# As it is here, or not.
BOOKED = ("booked", "changed", "differs")
