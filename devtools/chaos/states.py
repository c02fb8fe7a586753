"""States of documents and payments in Odoo, as acts choose by them and judges hold them
to it. They are written down here, and not taken from the addon that is judged."""

# Rows of the outbox
UNSENT = ("ready", "waiting", "blocked")
# As documents show them: what of these was asked for is told apart.
SHOWN_UNSENT = ("queued", *UNSENT)
BOOKED = ("booked", "changed", "differs")
SENT = (*BOOKED, "gone")
# Something or somebody must move these on.
MOVING = ("ready", "waiting", "sending", "unknown")
# Causes that a person must look at: asking again without looking is no answer to them.
FOR_A_PERSON = ("number_disputed", "maybe_booked")

# Payments of Odoo
LIVE = ("in_process", "paid")

# What a person gives as the reason.
REASON = "chaos"
