"""What happened to money, so that the outcome can be explained."""

from dataclasses import dataclass, field


@dataclass
class Money:
    """Events of the accountant and of people; documents are known by ``(dossier, id)``,
    see :class:`~devtools.chaos.owners.Owners`, bookings in the bank that Odoo owns by
    ``(dossier, key)``.

    ``own_banks``: by dossier, the journal in Odoo that Odoo owns; ``last_years``: by
    dossier, the last bookyear of Octopus; ``turned``: whether the next bookyear is in
    use already.
    """

    own_banks: dict = field(default_factory=dict)
    last_years: dict = field(default_factory=dict)
    turned: bool = False
    # In Octopus
    received: set = field(default_factory=set)
    written_off: set = field(default_factory=set)
    unmatched: set = field(default_factory=set)
    # bookings of ours that the accountant matched; that were deleted or edited, and
    # the documents they paid
    used: set = field(default_factory=set)
    deleted: set = field(default_factory=set)
    edited: set = field(default_factory=set)
    bereft: set = field(default_factory=set)
    # In Odoo
    paid_here: set = field(default_factory=set)
    # documents for which a payment without an entry was registered
    registered: set = field(default_factory=set)
    # documents that a person paid together with one of those: Odoo itself links the
    # registered payment with all of them
    linked: set = field(default_factory=set)
    # those payments: {(dossier, id): ids of their documents}; and those of them that
    # came into force again after a person changed them
    registrations: dict = field(default_factory=dict)
    confirmed_again: set = field(default_factory=set)
    # reconciled with another document
    settled: set = field(default_factory=set)
    touched: set = field(default_factory=set)
    dropped: set = field(default_factory=set)
    ignored: set = field(default_factory=set)
