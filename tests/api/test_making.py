"""Bookyears and journals that are made from here (B.9, C.4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from octopus_connector.api import (
    Capability,
    NewBookyear,
    NewJournal,
    OctopusInvalidRequest,
    OctopusRefused,
    OctopusUnsupported,
)

# Of a refusal without a return code.
NOT_MADE = (OctopusRefused, OctopusInvalidRequest)


def last(dossier):
    return max(dossier.bookyears(), key=lambda year: year.end)


def following(dossier):
    start = last(dossier).end + timedelta(days=1)
    end = start.replace(year=start.year + 1) - timedelta(days=1)
    return NewBookyear(name=str(start.year), start=start, end=end, declarant="MONTHLY")


@pytest.fixture
def rest(client, dossier):
    if Capability.MAKING_BOOKS not in client.capabilities:
        pytest.skip("SOAP makes no bookyears")
    return dossier


def test_soap_makes_none(client, dossier, transport):
    if transport == "rest":
        assert Capability.MAKING_BOOKS in client.capabilities
        return
    with pytest.raises(OctopusUnsupported):
        dossier.insert_bookyear(following(dossier))
    with pytest.raises(OctopusUnsupported):
        dossier.insert_journal(NewJournal(bookyear_id=1, journal="V9", name="n"))


def test_a_bookyear_follows_the_last(rest):
    year = following(rest)
    rest.insert_bookyear(year)
    made = last(rest)
    assert (made.start, made.end, made.description) == (year.start, year.end, year.name)
    assert not made.closed
    assert len(made.periods) == 12


def test_a_gap_is_refused(rest):
    """C.4: bookyears follow each other without a gap."""
    year = following(rest)
    with pytest.raises(NOT_MADE, match="must start"):
        rest.insert_bookyear(replace(year, start=year.start + timedelta(days=1)))
    with pytest.raises(NOT_MADE):
        rest.insert_bookyear(
            replace(year, start=date(1990, 1, 1), end=date(1990, 12, 31))
        )


@pytest.mark.parametrize("answer", ["with_journals", "bare"])
def test_its_journals_may_come_along(rest, sandbox, answer):
    sandbox.world.switches["new_bookyear"] = answer
    rest.insert_bookyear(following(rest))
    journals = rest.journals(last(rest).id)
    assert bool(journals) == (answer == "with_journals")


@pytest.mark.parametrize("key", ["V7", "A7"])
def test_a_journal_is_made(rest, key):
    year = last(rest)
    rest.insert_journal(NewJournal(bookyear_id=year.id, journal=key, name="Odoo"))
    [made] = [row for row in rest.journals(year.id) if row.key == key]
    assert made.name == "Odoo"
    assert key[0] == "A" or made.insertion_type == 1
    with pytest.raises(OctopusRefused, match="exists"):
        rest.insert_journal(NewJournal(bookyear_id=year.id, journal=key, name="Odoo"))


def test_b9_a_financial_journal_is_made(rest):
    """B.9: with the account of the bank, its currency and IBAN."""
    year = last(rest)
    bank = NewJournal(
        bookyear_id=year.id,
        journal="F7",
        name="Odoo",
        account=550020,
        iban="BE71096123456769",
    )
    rest.insert_journal(bank)
    [made] = [row for row in rest.journals(year.id) if row.key == "F7"]
    assert (made.name, made.currency) == ("Odoo", "EUR")
    detail = rest.journal_detail(year.id, "F7")
    assert (detail.iban, detail.account) == (bank.iban, bank.account)
    rest.insert_journal(replace(bank, journal="F8", iban=""))
    with pytest.raises(OctopusRefused, match="exists"):
        rest.insert_journal(bank)


def test_what_cannot_be_right_is_not_sent(rest, sandbox):
    year = following(rest)
    calls = len(sandbox.world.calls)
    for wrong in (
        replace(year, end=year.start - timedelta(days=1)),
        replace(year, periods="WEEK"),
        replace(year, declarant="SOMETIMES"),
    ):
        with pytest.raises(OctopusInvalidRequest):
            rest.insert_bookyear(wrong)
    for key, account in (("D9", 0), ("F9", 0), ("F9", 400000)):
        with pytest.raises(OctopusInvalidRequest):
            rest.insert_journal(
                NewJournal(bookyear_id=1, journal=key, name="n", account=account)
            )
    assert len(sandbox.world.calls) == calls


def test_days_limit(rest, sandbox):
    """24 a day, counted for each type of journal."""
    year = last(rest)
    for number in range(50, 74):
        rest.insert_journal(
            NewJournal(bookyear_id=year.id, journal=f"V{number}", name="n")
        )
    with pytest.raises(Exception, match="(?i)limit|maximum|calls"):
        rest.insert_journal(NewJournal(bookyear_id=year.id, journal="V99", name="n"))
    rest.insert_journal(NewJournal(bookyear_id=year.id, journal="A99", name="n"))
