import logging
from datetime import timezone

from odoo import api, fields, models
from odoo.tools import SQL

from ..api.client import FIRST_SYNC
from ..api.errors import OctopusMissing, OctopusQuotaError
from ..api.listed import is_whole
from ..api.operations import Capability
from ..core import codes
from ..core.findings import Finding, FindingError
from ..sync.entries import entries_of, note_beyond
from ..sync.mirror import FEED_FAILED, OVERLAP

_logger = logging.getLogger(__name__)

# So many bookings that the feed left out are read one by one: ten a day are allowed.
FEW = 5
# What taking a number reads of a journal, and no more.
TO_NUMBER = (
    "name",
    "journal_id",
    "bookyear_id",
    "last_number",
    "accounted_number",
    "freed_numbers",
)


class OctopusJournalYear(models.Model):
    """Mirror of one journal in one bookyear: its state and its last number."""

    _name = "octopus.journal.year"
    _description = "Octopus Journal in a Bookyear"
    _inherit = ["octopus.cause.mixin"]
    _order = "bookyear_id, journal_id"

    journal_id = fields.Many2one(
        "octopus.journal",
        required=True,
        index=True,
        ondelete="cascade",
        help="The journal.",
    )
    bookyear_id = fields.Many2one(
        "octopus.bookyear",
        required=True,
        index=True,
        ondelete="cascade",
        help="The bookyear.",
    )
    dossier_id = fields.Many2one(
        related="journal_id.dossier_id",
        store=True,
        index=True,
        help="The dossier that the journal is in.",
    )
    journal_type = fields.Selection(related="journal_id.type", string="Type")
    iban = fields.Char(related="journal_id.iban")
    name = fields.Char(compute="_compute_name", store=True)
    closed = fields.Boolean(
        help="The accountant closed the journal: nothing can be booked in it.",
    )
    last_number = fields.Integer(
        help="The number of the last booking in the journal.",
    )
    protected_period = fields.Integer(
        help="Secured till period: the accountant secured the journal up to and"
        " including this period; 0 for none.",
    )
    closed_period = fields.Integer(
        help="Closed until period: the journal is closed up to and including"
        " this period; 0 for none.",
    )
    closed_until = fields.Integer(
        compute="_compute_closed_until",
        help="No booking goes up to and including this period; 0 for none.",
    )
    read_at = fields.Datetime(help="When Octopus or a booking told this last.")
    accounted_number = fields.Integer(
        help="Up to here every booking is ours, or was looked at."
    )
    freed_numbers = fields.Json(
        copy=False,
        help="Numbers that became empty; what stands there since was not looked at.",
    )
    entries_since = fields.Datetime(help="Its bookings were read up to this moment.")
    active = fields.Boolean(default=True)

    _journal_year_uniq = models.Constraint(
        "UNIQUE(journal_id, bookyear_id)", "A journal is mirrored once per bookyear."
    )

    @api.depends("journal_id.key", "bookyear_id.name")
    def _compute_name(self):
        """Name the journal as the accountant finds it: V1 / 2026."""
        for year in self:
            year.name = f"{year.journal_id.key} / {year.bookyear_id.name}"

    @api.depends("protected_period", "closed_period")
    def _compute_closed_until(self):
        """A period is open when it is greater than both (docs/octopus.md §12)."""
        for year in self:
            year.closed_until = max(year.protected_period, year.closed_period)

    @api.private
    def read_state(self, octopus):
        """Read the state and the last number of this journal, in one call.

        Only this row of the mirror is written: other journals may be in use by others.

        :param octopus: ``api.client.DossierClient``
        :raises FindingError: the bookyear has no such journal any more
        :raises OctopusError: it cannot be read now
        """
        self.ensure_one()
        values = self._ask_state(octopus)
        if values is None:
            params = {
                "journal": self.journal_id.key,
                "bookyear": self.bookyear_id.name,
            }
            raise FindingError(Finding(codes.JOURNAL_NOT_IN_BOOKYEAR, params))
        self.write({**values, "read_at": fields.Datetime.now()})
        if "last_number" in values:
            self.note_last_number()

    @api.private
    def note_last_number(self):
        """Take over that Octopus told its last numbers: what was beyond is gone."""
        for year in self.filtered(lambda it: it.accounted_number > it.last_number):
            year.accounted_number = year.last_number
        for year in self.filtered("freed_numbers"):
            # The next one is taken there, or refused.
            last = year.last_number
            year.note_looked_at(it for it in year.freed_numbers if it > last)
        note_beyond(self)
        for rows in self.env["octopus.outbox.mixin"].outboxes():
            rows.note_gone(self)

    @api.private
    def number_name(self, number):
        """Return the name of a booking in this journal: V1 / 2026 / 123."""
        return f"{self.name} / {number}"

    @api.private
    def note_there(self, number):
        """Take over that something is booked on a number."""
        self.last_number = max(number, self.last_number)

    @api.private
    def note_freed(self, numbers):
        """Take over that nothing stands on numbers any more. Whoever books there takes
        no new number: nothing but a look at them tells."""
        known = set(self.freed_numbers or ())
        freed = known.union(it for it in numbers if 0 < it <= self.last_number)
        if freed != known:
            self.freed_numbers = sorted(freed)

    @api.private
    def note_looked_at(self, numbers):
        """Take over that what stands on numbers is known."""
        known = set(self.freed_numbers or ())
        left = known.difference(numbers)
        if left != known:
            self.freed_numbers = sorted(left) or False

    # What others booked

    @api.model
    @api.private
    def number_columns(self, alias):
        """Return the SQL of what taking a number needs, for a query that reads more;
        :meth:`read_along` takes what it gave.

        :param alias: of this table in the query
        """
        return SQL(", ").join(SQL.identifier(alias, name) for name in TO_NUMBER)

    @api.private
    def read_along(self, columns):
        """Know of this journal what a query read along; what is known stays.

        :param columns: values of :meth:`number_columns`
        """
        for name, value in zip(TO_NUMBER, columns, strict=True):
            self._fields[name]._insert_cache(self, [value])

    @api.private
    def place(self):
        """Return bookyear and journal as Octopus names them."""
        self.ensure_one()
        return self.bookyear_id.octopus_id, self.journal_id.key

    @api.private
    def has_unknown(self):
        """Whether somebody else booked here, or may have booked on a number that was
        freed, what nobody looked at yet."""
        self.fetch(TO_NUMBER)
        return bool(self.freed_numbers) or self._has_unread()

    def _has_unread(self):
        return self.last_number > self.accounted_number

    @api.private
    def account_for(self, octopus):
        """Have every booking of this journal read before a number is taken: one of
        them may be the very document that is sent next.

        Nothing is called while only we book here. A list that goes up to the last
        number is complete: a journal may begin at any number and have gaps.

        :param octopus: ``api.client.DossierClient``
        :raises FindingError: Octopus does not show what it has
        :raises OctopusError: it cannot be read now
        """
        self.ensure_one()
        self._look_at_freed(octopus)
        if not self._has_unread():
            return
        self._read_entries(octopus)
        if self.last_number not in self._told():
            self._read_untold(octopus)
        if self.last_number not in self._told():
            # The last one may have been deleted since its number was told.
            self.read_state(octopus)
        if self._has_unread() and self.last_number not in self._told():
            raise self._unread(self.last_number)
        self.accounted_number = self.last_number

    def _unread(self, number):
        """Return the error that Octopus does not show what stands on a number."""
        params = {"journal": self.journal_id.key, "number": number}
        return FindingError(Finding(codes.JOURNAL_UNREAD, params))

    def _look_at_freed(self, octopus):
        """Read what may stand on numbers that were freed; parameters and errors as for
        :meth:`account_for`."""
        numbers = self._read_freed(octopus)
        if not numbers:
            return
        if len(numbers) > FEW or not self._read_singly(octopus, numbers):
            if not self._take(octopus, self.read_from()):
                raise self._unread(numbers[-1])
        self.freed_numbers = False

    def _read_freed(self, octopus):
        """Return the numbers that were freed and may be in use again. The last one says
        by itself whether it is, to the reader of the journal's state."""
        if self.last_number in (self.freed_numbers or ()):
            self.read_state(octopus)
        return self.freed_numbers or []

    @api.private
    def look(self, octopus):
        """Read what is new in this journal, for a person who wants to see it; errors
        as for :meth:`account_for`."""
        if self.has_unknown():
            self.account_for(octopus)
        elif self.last_number:
            self._read_entries(octopus)

    def _read_entries(self, octopus):
        """Read what changed; all of it the first time, as Octopus demands, and when
        the changes do not hold every number (docs/octopus.md §3)."""
        first = not self.entries_since
        if not first:
            self._take(octopus, self.read_from())
        if first or len(self._told()) < self.last_number - self.accounted_number:
            self._take(octopus, FIRST_SYNC)

    @api.private
    def read_from(self):
        """Return the moment from which the bookings of this journal are to be read."""
        since = self.entries_since
        return since.replace(tzinfo=timezone.utc) - OVERLAP if since else FIRST_SYNC

    def _take(self, octopus, since):
        """Read what changed since a moment; return whether Octopus listed it."""
        asked_at = fields.Datetime.now()
        try:
            bookings = entries_of(self).changed(octopus, since)
        except FEED_FAILED as error:
            _logger.info("The bookings of %s cannot be listed: %s", self.name, error)
            return False
        entries_of(self).keep(bookings)
        self._check_whole(bookings)
        # An empty answer proves nothing: everything is asked for again.
        if bookings:
            self.entries_since = asked_at
        return True

    def _check_whole(self, bookings):
        """Let no number be taken while a booking cannot be read: it may be the very
        document that is sent next.

        :raises FindingError: one was left out
        """
        if not is_whole(bookings):
            raise self._unread(self.last_number)

    def _told(self):
        """Return the numbers, beyond those accounted for, of which is known what they
        are."""
        beyond = [
            ("journal_year_id", "=", self.id),
            ("number", ">", self.accounted_number),
            ("number", "<=", self.last_number),
        ]
        return entries_of(self).known(beyond)

    def _read_untold(self, octopus):
        """Read a few bookings that the list left out."""
        told = self._told()
        if self.last_number - self.accounted_number - len(told) <= FEW:
            numbers = range(self.accounted_number + 1, self.last_number + 1)
            self._read_singly(octopus, set(numbers) - told)

    def _read_singly(self, octopus, numbers):
        """Read what stands on a few numbers, if anything; only ten a day are allowed.

        :return: whether Octopus answered for each of them
        """
        answered = True
        for number in numbers:
            try:
                booking = entries_of(self).one(octopus, number)
            except OctopusMissing:
                entries_of(self).forget([number])
            except OctopusQuotaError as error:
                _logger.info("%s / %s cannot be read: %s", self.name, number, error)
                answered = False
            else:
                entries_of(self).keep([booking])
        return answered

    def _ask_state(self, octopus):
        bookyear, key = self.bookyear_id.octopus_id, self.journal_id.key
        try:
            journals = octopus.journals(bookyear)
        except OctopusQuotaError:
            if Capability.JOURNAL_DETAIL not in octopus.capabilities:
                raise
            return self._detail_values(octopus.journal_detail(bookyear, key))
        found = next((item for item in journals if item.key == key), None)
        return found and self._list_values(found)

    def _list_values(self, journal):
        values = {
            "closed": journal.closed,
            "protected_period": journal.protected_period,
            "closed_period": journal.closed_period,
        }
        # A number that is not told is no proof that the bookings are gone.
        if journal.last_number is not None:
            values["last_number"] = journal.last_number
        return values

    def _detail_values(self, detail):
        values = {
            "closed": detail.closed,
            "protected_period": detail.protected_period,
            "closed_period": detail.closed_period,
        }
        if detail.next_number:
            values["last_number"] = detail.next_number - 1
        return values
