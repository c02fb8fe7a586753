"""A pass over documents: those that are due, then files that came after the booking."""

from __future__ import annotations

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.errors import (
    OctopusError,
    OctopusInvalidRequest,
    OctopusRefused,
    OctopusUnknownOutcome,
)
from ..api.operations import Capability
from ..core.retry import PASS_LIMIT
from . import styles
from .files import Files, file_ids, files_of, pdf_of
from .push import Pass

_logger = logging.getLogger(__name__)


class DocumentPass(Pass):
    """A pass over documents."""

    def __init__(self, kind, dossier, chosen=None):
        super().__init__(kind, dossier, chosen)
        self.follow = kind.rows

    @property
    def count(self):
        """How many documents will be looked at (``Pass.count``)."""
        return len(self.due) + len(self.follow)

    def collect(self):
        """Make rows, if nobody waits for some (``Pass.collect``)."""
        if self.chosen is None:
            self.kind.collect(self.dossier)

    def choose_besides(self):
        """Find which files can follow (``Pass.choose_besides``)."""
        self.follow = self._with_files_to_follow()

    def _with_files_to_follow(self):
        """Return booked rows that went without a file and whose document has one now;
        the newest come first, as many old ones may never get a file."""
        domain = [
            ("dossier_id", "=", self.dossier.id),
            ("attachment_state", "=", "later"),
        ]
        if self.chosen is not None:
            # Nobody waits for the files of others.
            domain.append(("id", "in", self.chosen.ids))
        rows = self.kind.rows.search(domain, order="id desc", limit=PASS_LIMIT)
        having = file_ids(rows.move_id)
        unstyled = rows.filtered(
            lambda row: row.is_unstyled() and row.move_id.state == "posted"
        )
        if unstyled and not styles.are_there(self.env):
            unstyled = self.kind.rows
        return rows.filtered(
            lambda row: (
                row in unstyled or (row.move_id.id in having and not row.is_unstyled())
            )
        )

    def begin(self):
        """Return the run, of the scheduled action or of who asked (``Pass.begin``)."""
        runs = self.env["octopus.run"]
        if self.chosen is not None:
            return runs.start_push(self.dossier, self.chosen)
        run = runs.for_pass(self.dossier, self.due)
        run.expect(len(self.due - run.of_people(self.due)))
        return run

    def end_run(self, run):
        """Leave the run of people who wait to the end of their documents, unless
        something keeps them all (``Pass.end_run``)."""
        if self.chosen is not None or not run.interactive:
            run.end_push()
        elif not run.is_pending():
            # Each document says what it waits for.
            run.problem = False
        elif run.problem:
            run.end_push()
            run.tell_user()

    def go(self, batch):
        """Send documents, then the files that follow (``Pass.go``)."""
        finished = batch.send(self.due)
        if not finished or batch.is_over():
            return finished
        return LaterFiles(batch).send(self.follow)

    def tell(self, run):
        """Tell who asked, and look whether somebody must be told more
        (``Pass.tell``)."""
        run.end_requests(self.dossier)
        self.env["octopus.watchdog"].watch(self.dossier)


class LaterFiles:
    """Adds files that came after the booking; each booking stands alone.

    :param batch: ``Batch`` of the pass
    """

    def __init__(self, batch):
        self.batch = batch
        self.env = batch.env
        self.octopus = batch.kind.octopus

    def send(self, rows) -> bool:
        """Add the files of bookings.

        :param rows: ``octopus.booking``
        :return: as of ``Batch.send``
        """
        if Capability.ATTACHMENTS_LATER not in self.octopus.capabilities:
            return True
        known = file_ids(rows.move_id)
        for row_id, move_id in [(row.id, row.move_id.id) for row in rows]:
            row = rows.browse(row_id)
            unstyled = row.is_unstyled()
            files = pdf_of(row.move_id, known.get(move_id, ())) if unstyled else None
            if unstyled and files == Files():
                continue
            if not self._claim(row):
                continue
            files = files or files_of(row.move_id, known.get(move_id, ()))
            try:
                self._add(row, files.going)
                row.leave_out(files.too_big)
            except OctopusError as error:
                # Another time: nothing that concerns the booking.
                _logger.info("Files do not follow now: %s", error)
                return True
            if not self.batch.commit(1):
                return False
        return True

    def _claim(self, row):
        """Say first that the files are on their way: when no answer comes, or this
        process dies, nobody sends them again.

        :return: ``False`` when another worker was faster
        """
        try:
            if row.attachment_state != "later":
                return False
            row.doubt_files()
            self.batch.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return False
        return True

    def _add(self, row, files):
        """Add the files of one booking.

        :raises OctopusError: they cannot be added now
        """
        bookyear, journal = row.bookyear_id.octopus_id, row.journal_id.key
        for place, file in enumerate(files):
            try:
                self.octopus.add_attachment(bookyear, journal, row.number, file)
            except (OctopusRefused, OctopusInvalidRequest) as error:
                _logger.info("Files of %s were refused: %s", row.document_name, error)
                row.refuse_files([file.name for file in files[place:]])
                return
            except OctopusUnknownOutcome:
                raise
            except OctopusError:
                if not place:
                    row.trust_files("later")
                    self.batch.commit()
                raise
        # A file that Odoo has and cannot read at this moment was not sent.
        row.trust_files("sent" if files else "later")
