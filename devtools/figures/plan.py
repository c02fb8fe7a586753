"""What the figures know of the house, in one place: who moves code changes it here.

Paths are below the addon's folder. A name that no longer leads anywhere is told by the
figure that needs it, and fails its test on the real tree, so that nothing is counted as
gone because it was renamed.
"""

ADDON = "octopus_connector"
# Where code stands that must not refer to what is not in the repository.
CODE = (ADDON, "octopus_sandbox", "devtools")

# Who may import whom: a room imports rooms on lower floors only. Rooms of today and
# those they are moved to stand side by side; a file at the top is a room of its own.
FLOORS = {
    # Words and small helpers that know nothing of us
    "client_values": 0,
    "groups": 0,
    "database": 0,
    # Plain Python
    "api": 1,
    "work_time": 2,
    "matching": 2,
    "ledger": 3,
    "core": 3,
    "gate": 3,
    # What reads Odoo, sends, and reads back
    "documents": 4,
    "prepare": 4,
    "sync": 4,
    "outbox": 5,
    "send": 5,
    "settlement": 5,
    "remittance": 6,
    # What Odoo shows and keeps
    "models": 7,
    "wizard": 8,
    "controllers": 8,
    "report": 8,
    "hooks": 8,
    "__init__": 9,
}

# Behaviour that is no row: it calls what rows and services offer, nothing private.
SERVICES = frozenset(
    "api documents ledger matching outbox remittance settlement sync"
    " core prepare send".split()
)
# Where the senders are; one of them overrides nothing private of another.
SENDERS = frozenset({"outbox", "remittance", "send"})

# The two rows that live the same life.
ROWS = ("octopus.booking", "octopus.payment")

# Private by Odoo's, or Python's, convention only: they document these names for
# callers, or offer nothing else for it.
ODOO = frozenset(
    {
        "_",  # environment: translate
        "_can_commit",  # account.move.send
        "_check_company_domain",
        "_commit_progress",  # ir.cron
        "_deduce_sequence_number_reset",  # sequence.mixin
        "_generate_journal_entry",  # account.payment
        "_get_asset_links",  # ir.qweb
        "_get_default_pdf_report_id",  # account.move.send
        "_get_invoice_legal_documents",  # account.move
        "_get_invoice_report_filename",  # account.move
        "_get_report_url",  # ir.actions.report
        "_get_violated_lock_dates",  # account.move, res.company
        "_message_log",  # mail.thread
        "_message_log_batch",  # mail.thread
        "_prepare_reconciliation_single_partial",  # account.move.line
        "_read_group",
        "_reconcile_plan",  # account.move.line
        "_render_qweb_pdf",  # ir.actions.report
        "_replace",  # named tuples
    }
)

# The states of a row on its way to Octopus.
STATES = frozenset(
    "ready waiting blocked sending unknown booked changed differs gone excluded"
    " reversed".split()
)

# (file, function that enters a row by its code): the table of findings, the first that
# is there.
FINDINGS = (("core/codes.py", "_kind"), ("ledger/codes.py", "_kind"))

# Figures that are where they should be, and stay so: (bound, whether more is better).
KEPT = {
    "up": (0, False),
    "states": (1, False),
    "codes": (1.5, False),
    "docstrings": (100, True),
    "references": (0, False),
}

# A file is long from here on, in lines, unless this share of what it says is a table.
LONG = 500
TABLE = 0.9

# What a reader follows, step by step: ``file:Class.function``. Each but the first is
# called by one before it; that is looked up, and so is that they are there.

# From the turn of a document to what the answer made of its row. What is below the
# client (tokens, transports, how values are spelled) is behind a wall: not counted.
SENDING = (
    "outbox/push.py:Push._deliver",
    "outbox/push.py:Push._under_lock",
    "outbox/delivery.py:Delivery.send",
    "outbox/delivery.py:Delivery._send",
    # May it go, and under which number?
    "outbox/delivery.py:Delivery._look",
    "models/octopus_journal_entry.py:OctopusJournalEntry._exists_like",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._is_due",
    "outbox/delivery.py:Delivery._account_for",
    "models/octopus_journal_year.py:OctopusJournalYear._has_unknown",
    "outbox/delivery.py:Delivery._next_number",
    # Claim
    "outbox/delivery.py:Delivery._claim",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._claim",
    "outbox/payload.py:to_json",
    # Call
    "outbox/delivery.py:Delivery._insert",
    "api/client.py:DossierClient.insert_booking",
    # Answer
    "outbox/delivery.py:Delivery._booked",
    "models/octopus_booking.py:OctopusBooking._set_booked",
    "outbox/delivery.py:Delivery._guard",
    "outbox/delivery.py:Delivery._after",
    "outbox/delivery.py:Delivery._fail",
    "outbox/delivery.py:Delivery._finding",
    "models/octopus_finding.py:OctopusFinding._from_error",
    "outbox/delivery.py:Delivery._end",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._hold",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._retry_at",
    "outbox/schedule.py:next_try",
    "ledger/findings.py:worst",
)
# From the hour of the feed to the payment, or the question, in Odoo.
PAYING = (
    "models/octopus_dossier.py:OctopusDossier._cron_pull",
    "models/octopus_balancing.py:OctopusBalancing._pull",
    "models/octopus_balancing.py:OctopusBalancing._read_feed",
    "settlement/feed.py:Feed.keep",
    "settlement/feed.py:Feed.link_bookings",
    "models/octopus_balancing.py:OctopusBalancing._work_off",
    "settlement/due.py:Due.rows",
    # May it go by itself?
    "models/octopus_payment_plan.py:OctopusPaymentPlan._let_through",
    "settlement/guard.py:Guard.held",
    # What the document should have, and has
    "models/octopus_balancing.py:OctopusBalancing._settle_apart",
    "models/octopus_balancing.py:OctopusBalancing._settle",
    "settlement/plan.py:Plan.tasks",
    "settlement/plan.py:Plan._task",
    "settlement/plan.py:Plan._wanted",
    "settlement/plan.py:Plan._side",
    "ledger/payments.py:is_same_document",
    "settlement/plan.py:Plan._payment",
    "settlement/wanted.py:Payment",
    "settlement/plan.py:Plan._have_room",
    "settlement/plan.py:Plan._find_room",
    "settlement/plan.py:Plan._check_room",
    "settlement/plan.py:Plan._open_amount",
    "settlement/residuals.py:open_amount",
    # Make it, or ask
    "models/octopus_balancing.py:OctopusBalancing._act",
    "settlement/act.py:carry_out",
    "models/octopus_balancing.py:OctopusBalancing._note",
    "models/octopus_balancing.py:OctopusBalancing._ask",
    "models/octopus_payment_question.py:OctopusPaymentQuestion._ask",
)
