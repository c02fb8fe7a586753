"""What the figures know of the code, in one place: who moves code changes it here.

Paths are below the addon's folder. A name that no longer leads anywhere is told by the
figure that needs it, and fails its test on the real tree, so that nothing is counted as
gone because it was renamed.
"""

ADDON = "octopus_connector"
# Where code stands that must not refer to what is not in the repository.
CODE = (ADDON, "octopus_connector_sandbox", "octopus_sandbox", "devtools")

# Who may import whom: a room imports rooms on lower floors only; a file at the top is a
# room of its own.
FLOORS = {
    # Words and small helpers that know nothing of us
    "client_values": 0,
    "groups": 0,
    "notification": 0,
    "database": 0,
    "transaction": 0,
    "repeated": 0,
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
        "_get_unusual_days",  # resource.calendar
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
    "rows": (0, False),
    "overrides": (0, False),
    "private": (0, False),
    "up": (0, False),
    "sending": (5, False),
    "paying": (6, False),
    "states": (1, False),
    "codes": (1.5, False),
    "long": (0, False),
    "docstrings": (100, True),
    "references": (0, False),
}

# A file is long from here on, in lines, unless this share of what it says is a table.
LONG = 500
TABLE = 0.9

# What a reader follows, step by step: ``file:Class.function``. Each but the first is
# called by one before it; that is looked up, and so is that they are there.

# From the claim of a number, under the lock of its journal, to what the answer made of
# the row. What is below the client (tokens, transports, how values are spelled) is
# behind a wall: not counted.
SENDING = (
    "send/sender.py:Sender.send_each",
    "send/sender.py:Sender.send",
    "send/sender.py:Sender._guard",
    "send/sender.py:Sender._send",
    "send/sender.py:Sender._next_number",
    # Claim
    "send/sender.py:Sender._claim",
    "send/document.py:DocumentKind.claim",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin.claim",
    # Call
    "send/document.py:DocumentKind.insert",
    "api/client.py:DossierClient.insert_booking",
    # Answer
    "send/sender.py:Sender._booked",
    "send/document.py:DocumentKind.set_booked",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin.set_booked",
    "send/sender.py:Sender._after_error",
    "send/sender.py:Sender._fail",
    "send/failures.py:Failures.finding_of",
    "send/document.py:DocumentKind.finding_of",
    "send/failures.py:scope_of",
    "send/sender.py:Sender._end",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin.hold",
    "models/octopus_outbox_mixin.py:OctopusOutboxMixin.next_try_at",
)
# From the hour of the feed to the payment, or the question, in Odoo.
PAYING = (
    "models/octopus_dossier_scheduled.py:OctopusDossierScheduled._cron_pull",
    "sync/payments/pull.py:pull",
    "sync/payments/pull.py:Pull.pull",
    "sync/payments/pull.py:Pull._read_feed",
    "sync/payments/feed.py:Feed.keep",
    "sync/payments/feed.py:Feed.link_bookings",
    "sync/payments/pull.py:Pull._work_off",
    "sync/payments/feed.py:Pending.rows",
    # May it go by itself?
    "sync/payments/pull.py:Pull.let_through",
    "sync/payments/plan.py:Approval.held",
    # What the document should have, and has
    "sync/payments/pull.py:_reconcile_halving",
    "sync/payments/pull.py:reconcile",
    "sync/payments/plan.py:Plan.tasks",
    "sync/payments/plan.py:Plan._task",
    "sync/payments/desired.py:Desired.wanted",
    "sync/payments/desired.py:Desired._side",
    "sync/payments/desired.py:is_same_document",
    "sync/payments/desired.py:Desired._payment",
    "sync/payments/desired.py:Payment",
    "sync/payments/plan.py:Plan._have_room",
    "sync/payments/plan.py:Plan._find_room",
    "sync/payments/plan.py:Plan._check_room",
    "sync/payments/plan.py:Plan._open_amount",
    "sync/payments/desired.py:open_amount",
    # Make it, or ask
    "sync/payments/apply.py:apply",
    "sync/payments/apply.py:carry_out",
    "sync/payments/apply.py:_pay",
    "sync/payments/apply.py:note",
    "sync/payments/apply.py:_ask_about",
    "sync/payments/apply.py:ask",
)
