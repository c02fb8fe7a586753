"""Which booking in Octopus is which document of Odoo.

A document is known by the id of its ``account.move``, also after that was deleted: the
row of the outbox stays, and remembers it here. A booking is looked at once, in the act
that made it; whatever becomes of its number and its text is told by who does that.
"""

from dataclasses import dataclass, field

# What Odoo's names have, and nobody writes by hand here.
OURS = "/20"
# A document that was deleted before anybody saw it, by its row.
UNSEEN = "row {}"

CLAIMED = """
    SELECT row.id FROM octopus_booking AS row
      JOIN octopus_journal_year AS year ON year.id = row.journal_year_id
      JOIN octopus_journal AS journal ON journal.id = year.journal_id
      JOIN octopus_bookyear AS bookyear ON bookyear.id = year.bookyear_id
     WHERE row.dossier_id = %s AND row.payload->>'comment' = %s AND row.number = %s
       AND journal.key = %s AND bookyear.octopus_id = %s
     ORDER BY row.state <> 'gone' DESC, row.id DESC LIMIT 1
"""
NAMED = """
    SELECT id FROM account_move
     WHERE company_id = %s AND name = %s AND move_type <> 'entry'
     ORDER BY state = 'posted' DESC, id DESC LIMIT 1
"""
NAMED_BEFORE = """
    SELECT id FROM octopus_booking WHERE dossier_id = %s AND document_name = %s
     ORDER BY id DESC LIMIT 1
"""


@dataclass
class Owners:
    """Documents of Odoo by their booking.

    ``of_booking``: ``{(dossier, key): document}``, a document as ``(dossier, id)``;
    ``moves``: ``{id of a row of the outbox: id of its account.move}``; ``orphans``:
    bookings of documents that Odoo lost with a restore.
    """

    of_booking: dict = field(default_factory=dict)
    moves: dict = field(default_factory=dict)
    orphans: set = field(default_factory=set)

    def look(self, world):
        """See which rows there are."""
        query = "SELECT id, move_id FROM octopus_booking WHERE move_id IS NOT NULL"
        self.moves.update(world.rows(query))

    def see(self, world, side, documents):
        """See of which document each booking is that was not looked at yet.

        :param documents: what stands in the dossier, by key
        """
        places = {(side.number, key): it for key, it in documents.items()}
        fresh = {
            place: it
            for place, it in places.items()
            if place not in self.of_booking
            and place not in self.orphans
            and OURS in (it["comment"] or "")
        }
        if fresh:
            self.look(world)
        for place, document in fresh.items():
            move_id = self._move_of(world, side, place[1], document["comment"])
            if move_id:
                self.of_booking[place] = (side.number, move_id)
            else:
                self.orphans.add(place)

    def _move_of(self, world, side, key, comment):
        bookyear, journal, number = key.split("/")
        place = (comment, int(number), journal, int(bookyear))
        for [row_id] in world.rows(CLAIMED, side.dossier_id, *place):
            return self._move_of_row(row_id)
        for [move_id] in world.rows(NAMED, side.company_id, comment):
            return move_id
        for [row_id] in world.rows(NAMED_BEFORE, side.dossier_id, comment):
            return self._move_of_row(row_id)
        return None

    def _move_of_row(self, row_id):
        return self.moves.get(row_id) or UNSEEN.format(row_id)

    def of(self, side, key):
        """Return the document of a booking, or ``None``."""
        return self.of_booking.get((side.number, key))

    def of_row(self, side, row):
        """Return the document of a row of the outbox; one that was deleted before
        anybody saw it is no other's."""
        return (side.number, row.move_id.id or self._move_of_row(row.id))

    def copies(self, side):
        """Return the keys of the bookings of each document of a dossier."""
        found = {}
        for (number, key), document in self.of_booking.items():
            if number == side.number:
                found.setdefault(document, []).append(key)
        return found

    def delete(self, place):
        """A booking is not there any more."""
        self.of_booking.pop(place, None)
        self.orphans.discard(place)

    def renumber(self, place, new):
        """A booking has another number."""
        if place in self.of_booking:
            self.of_booking[new] = self.of_booking.pop(place)

    def lose(self, world):
        """A backup was restored: what was made since is in Octopus only, and Odoo
        gives the ids of documents and rows that it lost to others.

        :return: the ids of the documents that are known
        """
        moves = {id_ for [id_] in world.rows("SELECT id FROM account_move")}
        rows = {id_ for [id_] in world.rows("SELECT id FROM octopus_booking")}
        self.moves = {row: move for row, move in self.moves.items() if row in rows}
        known = moves.union(self.moves.values(), map(UNSEEN.format, rows))
        lost = [place for place, it in self.of_booking.items() if it[1] not in known]
        for place in lost:
            del self.of_booking[place]
        self.orphans.update(lost)
        return known
