"""One pass over what is due of a dossier, from its beginning to its end."""

from __future__ import annotations

from functools import partial

from odoo.service.model import retrying

from ..api.errors import OctopusError
from ..notification import tell_changed
from .batch import Batch
from .foresee import foresee


class Pass:
    """What one kind of rows does in a pass.

    :param kind: ``Kind`` of its rows
    :param dossier: ``octopus.dossier`` in sudo
    :param chosen: only these rows, for a person who waits for them
    """

    def __init__(self, kind, dossier, chosen=None):
        self.kind = kind
        self.env = kind.env
        self.dossier = dossier
        self.chosen = chosen
        self.due = kind.rows

    @property
    def count(self) -> int:
        """How many rows will be looked at."""
        raise NotImplementedError

    def choose(self) -> None:
        """Find what is due, after what is new got its row."""
        self.collect()
        self.due = self.kind.rows.due(self.dossier, self.chosen)
        self.choose_besides()

    def collect(self) -> None:
        """Have a row for everything that should leave."""
        self.kind.collect(self.dossier)

    def choose_besides(self) -> None:
        """Find what else is to be done."""

    def begin(self):
        """Return the ``octopus.run`` of the pass."""
        raise NotImplementedError

    def go(self, batch: Batch) -> bool:
        """Do the work.

        :param batch: that sends the rows
        :return: as of ``Batch.send``
        """
        raise NotImplementedError

    def end(self, run) -> None:
        """Tell what became of it, and plan the next one.

        :param run: of the pass
        """
        self.end_run(run)
        self.tell(run)
        tell_changed(self.env)
        self.kind.rows.plan_next(self.dossier)

    def end_run(self, run) -> None:
        """Note that the run of the pass is over.

        :param run: of the pass
        """
        run.end_push()

    def tell(self, run) -> None:
        """Tell whoever waits for it.

        :param run: of the pass, that has ended
        """


def push(kind, dossier, chosen=None):
    """Send what is due to a dossier, oldest first.

    Commits after each row. What cannot go is noted on its row; an error of one row
    never reaches another, and one of the service ends the pass and is noted on the run.

    :param kind: ``Kind`` of the rows, in sudo; its cursor is committed
    :param dossier: ``octopus.dossier`` in sudo
    :param chosen: only these rows, for a person who waits for them
    :return: the ``octopus.run``, empty when nothing was due
    """
    runs = kind.env["octopus.run"]
    if dossier.paused:
        return runs
    if dossier.shadow:
        foresee(kind, dossier, chosen)
        return runs
    work = kind.new_pass(dossier, chosen)
    work.choose()
    progress = kind.env["ir.cron"]
    progress._commit_progress(remaining=work.count)
    if not work.count:
        return runs
    # Another worker may begin or end a pass over the same dossier at this moment.
    run = retrying(work.begin, kind.env)
    finished = _carry_out(work, run)
    if finished:
        retrying(partial(work.end, run), kind.env)
        progress._commit_progress(remaining=0)
    elif not kind.env.context.get("cron_id"):
        # The time of a person's request is over: the scheduled action goes on.
        for cron in dossier.push_cron_id:
            cron._trigger()
        progress._commit_progress()
    return run


def _carry_out(work, run):
    """Return whether all of a pass was looked at."""
    kind, dossier = work.kind, work.dossier
    # What goes in the background keeps its calls of the day for who waits, though the
    # run may be of somebody who asked.
    calling = dossier.with_context(octopus_automatic=work.chosen is None)
    try:
        with calling.client(run) as octopus:
            kind.octopus = octopus
            return work.go(Batch(kind, dossier, run))
    except OctopusError as error:
        kind.env.cr.rollback()
        run.problem = dossier.note_error(error)
        return True
