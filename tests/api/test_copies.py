"""The pretend Octopus can give long answers; both services tell the same (issue 14)."""

import pytest

from octopus_connector.api import FIRST_SYNC

COUNT = 3000
LISTS = {
    "rest": ("modifiedBalancings", ""),
    "soap": ("modifiedBalancingArray", "modifiedBuySellBookingArray"),
}


@pytest.fixture
def many(sandbox, transport):
    matches, bookings = LISTS[transport]
    copies = sandbox.world.copies
    copies.add("getModifiedBalancingRelations", matches, COUNT)
    copies.add("getModifiedBuySellBookings", bookings, COUNT)


def test_long_lists_have_records_of_numbers_of_their_own(dossier, many):
    bookings = dossier.bookings_modified(2, "V1", FIRST_SYNC)
    assert len(bookings) == COUNT
    assert len({it.number for it in bookings}) == COUNT
    matches = dossier.balancings_modified(FIRST_SYNC).modified
    assert len({(it.debit.key, it.credit.key) for it in matches}) == COUNT
