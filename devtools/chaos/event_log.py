"""What the accountant and people did, so that the outcome can be explained."""

from dataclasses import dataclass, field

# Events that Odoo forgets when a backup comes back, though they were done.
NOT_FORGOTTEN = (
    "deleted",
    "edited",
    "renumbered",
    "aliased",
    "touched_in_odoo",
    "kept_out",
)
# Events by document of Odoo.
OF_DOCUMENTS = (
    *NOT_FORGOTTEN,
    "deleted_in_odoo",
    "agreed",
    "settled",
    "of_others",
    "kept_out_again",
    "rewritten",
)


@dataclass
class EventLog:
    """What was done, by document of Odoo or by booking of Octopus.

    A document is known by ``(dossier, id)``, see :mod:`devtools.chaos.owners`: Odoo
    gives the name of one that was deleted to the next. A booking is known by
    ``(dossier, key)``.
    """

    deleted: set = field(default_factory=set)
    edited: set = field(default_factory=set)
    renumbered: set = field(default_factory=set)
    # documents of which the comment in Octopus does not tell the name any more
    aliased: set = field(default_factory=set)
    # numbers that the accountant left empty
    gaps: set = field(default_factory=set)
    touched_in_odoo: set = field(default_factory=set)
    deleted_in_odoo: set = field(default_factory=set)
    # documents of which a person agreed to what they saw: the amount in Octopus
    agreed: dict = field(default_factory=dict)
    # those of them that stay different on both sides
    settled: set = field(default_factory=set)
    # documents of which a person agreed that their booking is another contact's
    of_others: set = field(default_factory=set)
    # documents that a person wants to stay out of Octopus
    kept_out: set = field(default_factory=set)
    # documents that Odoo keeps out again since a restore, though they were let in
    kept_out_again: set = field(default_factory=set)
    # documents that were written to Octopus anew since the last backup
    rewritten: set = field(default_factory=set)
    restored: int = 0
    refused: int = 0

    def make_same(self, document):
        """Both sides have the same of a document again."""
        self.edited.discard(document)
        self.touched_in_odoo.discard(document)
        self.agreed.pop(document, None)
        self.settled.discard(document)
        self.of_others.discard(document)
        self.rewritten.add(document)

    def begin_anew(self, document):
        """A document is sent as if it never had been."""
        self.make_same(document)
        self.deleted.discard(document)
        self.renumbered.discard(document)
        self.aliased.discard(document)

    def forget_since(self, then):
        """Odoo is as it was with the log ``then``; what was done stays done."""
        self.kept_out_again |= then.kept_out - self.kept_out
        for name in NOT_FORGOTTEN:
            setattr(self, name, getattr(self, name) | getattr(then, name))
        self.edited |= self.rewritten
        self.touched_in_odoo |= self.rewritten
        self.rewritten = set()
        # A document that was deleted meanwhile is there again.
        self.deleted_in_odoo = set(then.deleted_in_odoo)
        self.agreed, self.settled = dict(then.agreed), set(then.settled)
        self.of_others = set(then.of_others)
        self.restored += 1

    def keep(self, known):
        """Forget documents that Odoo does not know any more.

        :param known: ids of those that it knows
        """
        for name in OF_DOCUMENTS:
            done = getattr(self, name)
            if isinstance(done, dict):
                kept = {it: value for it, value in done.items() if it[1] in known}
            else:
                kept = {it for it in done if it[1] in known}
            setattr(self, name, kept)
