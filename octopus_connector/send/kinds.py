"""What a kind of row says of itself, so that one sender carries all of them.

``document`` and ``payment`` are the kinds of the addon. Another addon makes its own: a
model that inherits ``octopus.outbox.mixin`` names a subclass of :class:`Kind` in its
attribute ``_octopus_kind``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from odoo.fields import Domain

from ..core.codes import CODES
from ..core.compare_booking import Match
from ..core.findings import Finding
from ..core.refusals import finding_of_error
from ..prepare.start import between
from .result import Scope, SendRequest, SendResult, Stop
from .sender import Sender
from .steps import Steps

if TYPE_CHECKING:
    from .push import Pass


# What a person must look at; a change of settings or mirror does not mend it.
NOT_BY_ITSELF = [code for code, kind in CODES.items() if not kind.by_itself]
CLOSED_THERE = [code for code, kind in CODES.items() if kind.closed_there]


class Kind:
    """What differs between rows of one kind and those of another.

    A pass asks a kind in its own transaction which rows go and how; a sender asks one
    in the transaction of the row. A method that raises ``FindingError`` or
    ``OctopusError`` ends the row in the state that the error means.

    :param env: environment in sudo, of a pass or of a sender
    :param octopus: ``api.client.DossierClient`` of the dossier; ``None`` where nothing
        is called
    """

    # The model of its rows, and their field of what people read of them in Odoo.
    model: str
    told_on: str
    # Whether an answer may be committed together with the next number: nothing follows
    # it at once (:meth:`after`).
    answer_waits = False

    def __init__(self, env, octopus=None):
        self.env = env
        self.octopus = octopus
        self.steps = Steps(env)
        # What stops a pass, by scope.
        self.stops: dict[Scope, Stop] = {}

    @property
    def rows(self):
        """An empty recordset of its rows."""
        return self.env[self.model]

    def at(self, env) -> Kind:
        """Return the same kind in another transaction.

        :param env: environment of that one
        """
        there = type(self)(env, self.octopus)
        there.stops = self.stops
        return there

    def new_sender(self, looked=None) -> Sender:
        """Return the sender of one of its rows.

        :param looked: as ``Sender`` takes it
        """
        return Sender(self, looked)

    # Of a pass

    def new_pass(self, dossier, chosen=None) -> Pass:
        """Return a pass over its rows.

        :param dossier: ``octopus.dossier`` in sudo
        :param chosen: only these rows, for a person who waits for them
        """
        raise NotImplementedError

    def collect(self, dossier) -> None:
        """Have a row for everything that should leave, and follow what changed in Odoo.

        :param dossier: ``octopus.dossier``
        """
        raise NotImplementedError

    def goes(self, settings, start) -> Domain:
        """Return the domain of posted entries that go from a day on.

        :param settings: ``res.company`` in sudo that holds its settings
        :param start: day, or nothing for all of them
        """
        return between(settings, start)

    def corrects(self) -> Domain:
        """Return the domain of rows that correct something that Octopus has: they go
        whatever becomes of others."""
        return Domain.FALSE

    def without_row(self, settings, start) -> Domain:
        """Return the domain of entries that go from a day on and have no row yet.

        :param settings: as of :meth:`goes`, as is ``start``
        """
        return Domain.FALSE

    def collect_all(self, settings) -> None:
        """Make rows for everything that should leave, however much it is.

        :param settings: ``res.company`` in sudo that holds its settings
        """
        moves, before = self.env["account.move"], None
        missing = self.without_row(settings, settings.octopus_start_date)
        while (left := moves.search_count(missing)) and left != before:
            self.collect(settings.octopus_dossier_id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = left

    def due_in(self, dossiers):
        """Return those dossiers in which a pass would find something to do now: what
        :meth:`collect` would make or follow, too. Asked every ten minutes for all
        dossiers at once, in a number of queries that does not grow with them; writes
        nothing.

        :param dossiers: ``octopus.dossier`` in sudo
        """
        here = Domain("dossier_id", "in", dossiers.ids)
        due = self.rows._read_group(here & self.rows.due_domain(), ["dossier_id"])
        return dossiers.browse().union(*(dossier for [dossier] in due))

    def prepare(self, rows, run) -> tuple[list[SendRequest], list[tuple]]:
        """Read what rows need to leave; no calls. What was prepared for another dossier
        than that of its row stops it (``prepare.scope.out_of_place``).

        :param rows: of :attr:`model`, to be sent now
        :param run: ``octopus.run`` of the pass
        :return: a request for each row that may go, in order, and
            ``(findings, rows)`` of those that may not
        """
        raise NotImplementedError

    def foresee(self, rows) -> list[tuple]:
        """Prepare rows of a dossier in shadow mode; writes on none of them, and calls
        nothing. Of what a mapping lacks there is a row to choose on afterwards.

        :param rows: of :attr:`model`
        :return: ``(row, booking or None, findings)`` of each; without a booking where a
            finding stops it
        """
        return []

    def add_files(self, request: SendRequest) -> SendRequest:
        """Return a request with what goes along, just before it leaves.

        :param request: as :meth:`prepare` gave it
        """
        return request

    # Of a row under the lock of its journal

    def before(self, row) -> SendResult | None:
        """Do what must be done in Octopus first.

        :param row: of :attr:`model`
        :return: a result ends the row there
        """
        return None

    def check(self, row) -> None:
        """Look what would make sending wrong now.

        :raises FindingError: something does
        """

    def look(self, row, request: SendRequest) -> tuple:
        """Look once more, now that the journal is ours.

        :return: whether all is as it was prepared, with no number claimed since; the
            row of the journal that is in doubt, maybe empty; whether something in
            Octopus may be this row
        """
        raise NotImplementedError

    def with_relations(self, row, request: SendRequest, known=True) -> SendRequest:
        """Return a request with the relations that it needs, found or made.

        :param known: believe the mirror; else look first whether they are there
        """
        raise NotImplementedError

    def link(self, row, request: SendRequest) -> bool:
        """Take a booking that is this row for its own, as after a backup was restored.

        :return: whether there is one
        :raises FindingError: a person must say whether it is
        """
        raise NotImplementedError

    def claim(self, request: SendRequest, booking) -> dict:
        """Return what is noted of this kind with the number, before the call.

        :param booking: as it will be sent, with its number
        :return: values of fields
        """
        return {}

    def announcing(self, booking) -> AbstractContextManager:
        """Have the call that books it written down in the transaction of the row, which
        the block commits. What is not announced is written down when it is called.

        :param booking: as it will be sent, with its number
        """
        return nullcontext()

    def insert(self, row, request: SendRequest, booking) -> tuple:
        """Book it.

        :return: files that Octopus did not take
        """
        raise NotImplementedError

    def insert_again(self, row) -> None:
        """Book once more, under its number, what was sent without an answer.

        :param row: with the ``payload`` that was sent
        """
        raise NotImplementedError

    def keep_doubt(self, row) -> None:
        """Note what is in doubt besides the booking when no answer came again.

        :param row: of which it is not known which call booked it
        """

    def find(self, row) -> tuple[Match, object]:
        """Read what sits on the number of a row.

        :param row: with the ``payload`` that was sent
        :return: how it compares with that, and what it is, ``None`` if nothing does
        :raises OctopusQuotaError: it cannot be read today
        """
        raise NotImplementedError

    def dispute(self, row, journal_year, number, found) -> Finding:
        """Keep what sits on the number of a row and maybe is it; return what a person
        is asked.

        :param journal_year: where it was found, with ``number``; the row has given it
            back
        :param found: what :meth:`find` gave
        """
        raise NotImplementedError

    def is_withdrawn(self, row) -> bool:
        """Whether Odoo took it back: then it is only looked up, and not sent again.

        :param row: in doubt
        """
        return row.move_id.state != "posted"

    def withdraw(self, row) -> None:
        """Note that something is booked which Odoo took back meanwhile.

        :param row: that was found booked
        """

    def set_booked(self, row, request=None, refused=(), again=False) -> None:
        """Note that Octopus has it, under the number that was claimed.

        :param request: of the call that booked it; ``None``: it was found there
        :param refused: files that Octopus did not take
        :param again: it was sent a second time
        """
        raise NotImplementedError

    def finding_of(self, row, error, values) -> Finding:
        """Return what an error of a call means for a row.

        :param values: what the text may name
        """
        return finding_of_error(error, **values)

    def after(self, row, result: SendResult) -> SendResult:
        """Do what follows once a row is booked.

        :param result: of sending or resolving it
        :return: the result of both
        """
        return result

    # What people decide, and what Octopus tells

    def link_chosen(self, rows):
        """Link what a person said that rows are in Octopus; nothing is sent.

        :param rows: with the environment of that person
        :return: an action of Odoo, or ``None``
        :raises odoo.exceptions.UserError: it is not as it was shown any more
        """
        raise NotImplementedError

    def exclude(self, rows) -> None:
        """Keep rows out of Octopus that it does not have.

        :param rows: in sudo and locked
        """
        rows.write({"state": "excluded", "queued": False, "retry_at": False})

    def wake(self, dossiers) -> None:
        """Look again at what stands still for a setting, a mapping or a mirror that was
        changed now.

        :param dossiers: ``octopus.dossier``
        """
        asked = Domain("dossier_id", "in", dossiers.ids) & Domain("queued", "=", True)
        blocked = self.rows.search(
            asked
            & Domain("state", "=", "blocked")
            & Domain("cause", "not in", NOT_BY_ITSELF)
        )
        blocked.write({"state": "ready", "attempts": 0})
        closed = self.rows.search(
            asked
            & Domain("state", "=", "waiting")
            & Domain("cause", "in", CLOSED_THERE)
        )
        closed.write({"retry_at": False})
        for dossier in (blocked | closed).dossier_id:
            dossier.push_cron_id._trigger()

    def set_gone(self, rows) -> None:
        """Note that Octopus does not have rows any more.

        :param rows: that it had
        """
        rows.write({"state": "gone"})
