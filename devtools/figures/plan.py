"""What the figures know of the house, in one place: who moves code changes it here.

Paths are below the addon's folder. A name that no longer leads anywhere is told by the
figure that needs it, and fails its test on the real tree, so that nothing is counted as
gone because it was renamed.
"""

ADDON = "octopus_connector"
# Where code stands that must not refer to what is not in the repository.
CODE = (ADDON, "octopus_sandbox", "devtools")

# Who may import whom: a room imports rooms on lower floors only; a file at the top is a
# room of its own.
FLOORS = {
    # Words and small helpers that know nothing of us
    "client_values": 0,
    "groups": 0,
    "database": 0,
    "transaction": 0,
    # Plain Python
    "api": 1,
    "work_time": 2,
    "core": 2,
    # Every call is written down and counted
    "call_log": 3,
    # What reads Odoo, reads Octopus back, and sends
    "prepare": 4,
    "sync": 5,
    "send": 6,
    # What Odoo shows and keeps
    "models": 7,
    "wizard": 8,
    "controllers": 8,
    "report": 8,
    "hooks": 8,
    "__init__": 9,
}

# Behaviour that is no row: it calls what rows and services offer, nothing private.
SERVICES = frozenset("api core prepare send sync".split())
# Where the senders are; one of them overrides nothing private of another.
SENDERS = frozenset({"send"})

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
        "_get_conversion_rate",  # res.currency
        "_get_default_pdf_report_id",  # account.move.send
        "_get_invoice_legal_documents",  # account.move
        "_get_id",  # ir.model
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
        "_search",  # a query, for a domain
        "_trigger",  # ir.cron
    }
)

# The states of a row on its way to Octopus.
STATES = frozenset(
    "ready waiting blocked sending unknown booked changed differs gone excluded"
    " reversed".split()
)

# (file, function that enters a row by its code): the table of findings.
FINDINGS = (("core/codes.py", "_kind"), ("core/codes.py", "_kind"))

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
    "send/batch.py:Push._deliver",
    "send/batch.py:Push._under_lock",
    "send/sender.py:Sender.send",
    "send/sender.py:Sender._send",
    # May it go, and under which number?
    "send/sender.py:Sender._look",
    "models/octopus_journal_entry.py:OctopusJournalEntry._exists_like",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._is_due",
    "send/sender.py:Sender._account_for",
    "models/octopus_journal_year.py:OctopusJournalYear.has_unknown",
    "send/sender.py:Sender._next_number",
    # Claim
    "send/sender.py:Sender._claim",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._claim",
    "core/compare_booking.py:to_json",
    # Call
    "send/sender.py:Sender._insert",
    "api/client.py:DossierClient.insert_booking",
    # Answer
    "send/sender.py:Sender._booked",
    "models/octopus_booking.py:OctopusBooking._set_booked",
    "send/sender.py:Sender._guard",
    "send/sender.py:Sender._after",
    "send/sender.py:Sender._fail",
    "send/sender.py:Sender._finding",
    "models/octopus_finding.py:OctopusFinding.from_error",
    "send/sender.py:Sender._end",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._hold",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin._retry_at",
    "core/retry.py:next_try",
    "core/findings.py:worst",
)
# From the hour of the feed to the payment, or the question, in Odoo.
PAYING = (
    "models/octopus_dossier.py:OctopusDossier._cron_pull",
    "models/octopus_balancing.py:OctopusBalancing._pull",
    "models/octopus_balancing.py:OctopusBalancing._read_feed",
    "sync/payments/feed.py:Feed.keep",
    "sync/payments/feed.py:Feed.link_bookings",
    "models/octopus_balancing.py:OctopusBalancing._work_off",
    "sync/payments/pending.py:Pending.rows",
    # May it go by itself?
    "models/octopus_payment_plan.py:OctopusPaymentPlan._let_through",
    "sync/payments/approval.py:Approval.held",
    # What the document should have, and has
    "models/octopus_balancing.py:OctopusBalancing._settle_apart",
    "models/octopus_balancing.py:OctopusBalancing._settle",
    "sync/payments/plan.py:Plan.tasks",
    "sync/payments/plan.py:Plan._task",
    "sync/payments/plan.py:Plan._wanted",
    "sync/payments/plan.py:Plan._side",
    "core/matches.py:is_same_document",
    "sync/payments/plan.py:Plan._payment",
    "sync/payments/desired.py:Payment",
    "sync/payments/plan.py:Plan._have_room",
    "sync/payments/plan.py:Plan._find_room",
    "sync/payments/plan.py:Plan._check_room",
    "sync/payments/plan.py:Plan._open_amount",
    "sync/payments/open_amounts.py:open_amount",
    # Make it, or ask
    "models/octopus_balancing.py:OctopusBalancing._act",
    "sync/payments/apply.py:carry_out",
    "models/octopus_balancing.py:OctopusBalancing._note",
    "models/octopus_balancing.py:OctopusBalancing._ask",
    "models/octopus_payment_question.py:OctopusPaymentQuestion._ask",
)
