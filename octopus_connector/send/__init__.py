"""What Odoo has goes to Octopus: claim a number, call, note what the answer means.

``batch`` chooses and checks, ``sender`` carries one row, and a kind says what differs
between a document and a payment.
"""
