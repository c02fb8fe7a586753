"""What changed since a moment (api.md §2.2; X.31, X.46)."""

import pytest

from .client import OLD, Caller

LATER = "2030-01-01 00:00:00.000"
FEEDS = [
    ("buysellbookings/modified", {"bookyearId": -1}),
    ("financialdiversbookings/modified", {"bookyearId": -1}),
    ("bookyears/-1/bookings/modified", {"journalTypeId": -1}),
    ("invoices/modified", {"bookyearId": -1}),
    ("relations/modified", {}),
    ("accounts/modified", {}),
    ("balancings/modified", {}),
]


@pytest.mark.parametrize(("path", "params"), FEEDS, ids=lambda value: str(value))
def test_nothing_changed_is_404(octopus, path, params):
    """X.46."""
    response = octopus.get(path, modifiedTimeStamp=LATER, **params)
    assert response.status_code == 404
    assert set(response.json()) == {"technicalInfo"}


@pytest.mark.parametrize(
    "stamp", ["2026-01-01", "2026-01-01T00:00:00.000", "x", "2026-13-01 00:00:00.000"]
)
@pytest.mark.parametrize(("path", "params"), FEEDS, ids=lambda value: str(value))
def test_the_form_of_the_moment_is_checked(sandbox, octopus, path, params, stamp):
    response = octopus.get(path, modifiedTimeStamp=stamp, **params)
    assert response.status_code == 400
    sandbox.expect_violation("modifiedTimeStamp")


def bookings(octopus, stamp, **params):
    params = {"bookyearId": -1, "modifiedTimeStamp": stamp} | params
    response = octopus.get("buysellbookings/modified", **params)
    if response.status_code == 404:
        return []
    return [(b["journalKey"], b["documentSequenceNr"]) for b in response.json()]


@pytest.fixture
def later(sandbox):
    """An hour after the seed; returns the stamp of a booking made then."""
    sandbox.world.clock.advance(hours=1)
    octopus = Caller(sandbox)
    octopus.book()
    return octopus


def test_only_what_changed_since(later):
    assert bookings(later, "2026-06-15 10:00:00.000") == [("V1", 3)]
    assert len(bookings(later, OLD)) == 4


def test_a_changed_booking_comes_again_and_last(later):
    body = later.get(
        "buysellbookings", bookyearId=2, journalKey="V1", documentSeqNr=2
    ).json()
    later.put("buysellbookings", body)
    assert bookings(later, "2026-06-15 10:00:00.000") == [("V1", 3), ("V1", 2)]


def test_bookyear_and_journal_narrow_the_feed(later):
    assert bookings(later, OLD, journalKey="A1") == [("A1", 1)]
    assert bookings(later, OLD, bookyearId=3) == []
    assert len(bookings(later, OLD, bookyearId=2)) == 4


@pytest.mark.parametrize(
    ("bound", "count"), [("inclusive", 1), ("exclusive", 0)], ids=str
)
def test_the_moment_itself(sandbox, octopus, bound, count):
    """Unknown 3."""
    sandbox.world.set_switches({"timestamp_bound": bound})
    sandbox.world.clock.advance(hours=1)
    octopus.session.headers["dossierToken"] = sandbox.dossier_token()
    octopus.book()
    stamp = sandbox.world.clock.last_stamp
    changed = [s for s in sandbox.books().dossier.feeds.bookings.changes.values()]
    moment = changed[-1].stamp
    assert moment <= stamp
    text = moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"
    assert len(bookings(octopus, text)) == count


@pytest.mark.parametrize(("zone", "count"), [("utc", 0), ("brussels", 1)])
def test_the_zone_of_the_moment(sandbox, later, zone, count):
    """Unknown 3: 11:30 in Belgium is 9:30 UTC in June."""
    sandbox.world.set_switches({"timestamp_zone": zone})
    assert len(bookings(later, "2026-06-15 11:30:00.000")) == count


def test_the_first_synchronisation_may_have_to_be_per_bookyear(sandbox, octopus):
    sandbox.world.set_switches({"first_sync": "strict"})
    params = {"bookyearId": -1, "modifiedTimeStamp": OLD}
    response = octopus.get("buysellbookings/modified", **params)
    assert response.status_code == 400
    assert len(bookings(octopus, OLD, bookyearId=2)) == 3


# -- the feed of all bookings ----------------------------------------------------


def report(octopus, journal_type=-1, stamp=OLD, **params):
    response = octopus.get(
        "bookyears/2/bookings/modified",
        journalTypeId=journal_type,
        modifiedTimeStamp=stamp,
        **params,
    )
    assert response.status_code == 200, response.text
    return response.json()


def test_the_ledger_lines_of_each_booking_are_zero_together(octopus):
    octopus.book(amount=-121.0)
    rows = report(octopus)["modifiedBookings"]
    assert len({(r["journalType"], r["documentSequenceNr"]) for r in rows}) == 6
    assert round(sum(row["bookingAmount"] for row in rows), 2) == 0


def test_the_ledger_lines_of_a_sale(octopus):
    octopus.book()
    rows = [
        row
        for row in report(octopus, journal_type=2)["modifiedBookings"]
        if row["documentSequenceNr"] == 3
    ]
    assert [
        (r["lineSequenceNr"], r["accountKey"], r["bookingAmount"]) for r in rows
    ] == [(-1, 400000, 121.0), (1, 700000, -100.0), (2, 451000, -21.0)]


def test_the_part_of_the_vat_that_is_a_cost(octopus):
    lines = [
        {
            "accountKey": 616000,
            "baseAmount": 100.0,
            "vatCodeKey": "D21",
            "vatAmount": 21.0,
        }
    ]
    octopus.book(
        journalKey="A1",
        documentSequenceNr=2,
        relationIdentificationServiceData={"relationKey": {"id": 2}},
        lines=lines,
    )
    rows = report(octopus, journal_type=1)["modifiedBookings"]
    amounts = [r["bookingAmount"] for r in rows if r["documentSequenceNr"] == 2]
    assert amounts == [-121.0, 110.5, 10.5]


@pytest.mark.parametrize(
    ("number", "journal"), [(1, "A"), (2, "V"), (3, "F"), (4, "D")]
)
def test_one_type_of_journal(octopus, number, journal):
    rows = report(octopus, journal_type=number)["modifiedBookings"]
    assert {row["journalType"] for row in rows} == {number}


def test_the_end_of_the_range(sandbox, octopus):
    sandbox.world.clock.advance(minutes=5)
    octopus.book()
    rows = report(octopus, modifiedTimeStampTo="2026-06-15 09:04:00.000")
    numbers = [r["documentSequenceNr"] for r in rows["modifiedBookings"]]
    assert 3 not in numbers


def deleted(octopus):
    return [
        (row["journalType"], row["journalSequenceNr"], row["documentSequenceNr"])
        for row in report(octopus)["deletedBookings"]
    ]


def test_a_deleted_booking_is_only_in_the_feed_with_deletions(sandbox, octopus):
    """X.31: the buysell feed has no deletions."""
    octopus.book()
    sandbox.books().accountant.delete_last(2, "V1")
    assert deleted(octopus) == [(2, 1, 3)]
    assert ("V1", 3) not in bookings(octopus, OLD)
    assert octopus.book().status_code == 201
    assert deleted(octopus) == []


def test_deleting_takes_the_matches_along(sandbox, octopus):
    sandbox.books().accountant.delete_last(2, "F1")
    answer = octopus.get("balancings/modified", modifiedTimeStamp=OLD).json()
    assert len(answer["deletedBalancings"]) == 1
    assert answer["modifiedBalancings"] == []


@pytest.mark.parametrize(
    ("switch", "gone"), [("delete_and_modify", [(2, 1, 1)]), ("modify", [])]
)
def test_a_renumbered_booking_keeps_its_matches(sandbox, octopus, switch, gone):
    """X.31, G.6."""
    sandbox.world.set_switches({"renumber_feed": switch})
    books = sandbox.books()
    key = next(iter(books.dossier.bookings))
    books.accountant.renumber(key, 9)
    assert deleted(octopus) == gone
    answer = octopus.get("balancings/modified", modifiedTimeStamp=OLD).json()
    (row,) = answer["modifiedBalancings"]
    assert row["debetDocument"]["balancingKey"]["documentSequenceNr"] == 9
    assert books.audit().kinds() == ["gap"]
