"""Answers with a hundred thousand records: judged whole before the first record is
given out, and never in memory as a whole (issue 14)."""

import gc
import io
import json
import random
from contextlib import contextmanager

import pytest

from octopus_connector.api import (
    OctopusNotNow,
    OctopusProtocolError,
    OctopusRefused,
)
from octopus_connector.api.codec import Unreadable, loads, noting
from octopus_connector.api.listed import Records
from octopus_connector.api.rest import long_answer
from octopus_connector.api.rest.long_answer import CHUNK, read_lists
from octopus_connector.api.rest.mapping import SPELLINGS
from octopus_connector.api.rest.shapes import BALANCING
from octopus_connector.api.types import Balancing
from octopus_connector.api.wire import MOST_IN_MEMORY

from .common import SINCE, Diary, client_of
from .scripted import ScriptedServer, answer, raw

MODIFIED, DELETED = "modifiedBalancings", "deletedBalancings"
MANY = 4000


def a_side(journal, number, line=-1, **values):
    return {
        "balancingKey": {
            "bookyearKey": {"id": 2},
            "journalKey": journal,
            "documentSequenceNr": number,
            "lineSequenceNr": line,
        },
        "documentDate": "2026-03-01",
        "currencyCode": "EUR",
        "exchangeRate": 1.0,
        **values,
    }


def a_match(number, **values):
    return {
        "type": {"type": "C", "relationKey": {"id": 7}},
        "creditBalancedBookingAmount": 121.1,
        "debetDocument": a_side("V1", number, debetBookingAmount=121.1),
        "creditDocument": a_side("F1", number, 1, comment="Café – ¥ 𝄞"),
        **values,
    }


def matches(count, first=1):
    return [a_match(number) for number in range(first, first + count)]


def body(payload, **options):
    return json.dumps(payload, **options).encode()


def at_once(operation, text):
    """What an answer says when it is read as a whole, and what was noted."""
    with noting() as flaws:
        return SPELLINGS[operation].read(loads(text)), flaws


def in_parts(operation, text):
    """The same, read record by record."""
    with noting() as flaws:
        return SPELLINGS[operation].read.from_file(io.BytesIO(text)), flaws


class UnreadableDiary(Diary):
    """An observer that is told what cannot be used."""

    def __init__(self):
        super().__init__()
        self.flaws = []

    def unreadable(self, call, flaws):
        self.flaws += flaws


@contextmanager
def dossier_on(*script, **options):
    with ScriptedServer(*script) as server, client_of(server.url, **options) as client:
        yield client.dossier(72001)


# What is read


@pytest.mark.parametrize("ascii_only", [True, False])
def test_records_are_those_of_the_whole(ascii_only):
    """Also where a sign of several bytes, a number or a name lies on a boundary."""
    chance = random.Random(14)
    for _time in range(5):
        payload = {
            "before": [{"any": "thing"}],
            MODIFIED: matches(chance.randrange(300, 500)),
            "between": "x" * chance.randrange(CHUNK),
            DELETED: matches(chance.randrange(300, 500), 9000),
            "after": 12345,
        }
        text = body(payload, ensure_ascii=ascii_only, indent=chance.choice([None, 1]))
        assert len(text) > 4 * CHUNK
        (whole, _none), (parts, flaws) = (
            read("balancings_modified", text) for read in (at_once, in_parts)
        )
        assert not flaws and isinstance(parts.modified, Records)
        assert tuple(parts.modified) == whole.modified
        assert tuple(parts.deleted) == whole.deleted
        # As often as it is asked for, and two at the same time.
        both = zip(parts.modified, parts.modified, strict=True)
        assert all(one == other for one, other in both)


def test_one_record_may_be_longer_than_what_is_read_at_once():
    long = "y" * (3 * CHUNK)
    records = [*matches(2), a_match(3, type={"type": "C"}, note=long), a_match(4)]
    text = body({MODIFIED: records})
    found, _flaws = in_parts("balancings_modified", text)
    assert [it.debit.key.number for it in found.modified] == [1, 2, 3, 4]


@pytest.mark.parametrize("number", ["0", "1.5", "1e5", "-1.25E+3", "-120.50e-10"])
def test_number_beside_a_list_is_read_wherever_it_is_cut(monkeypatch, number):
    """Also behind its point, its *e* and the sign of that."""
    monkeypatch.setattr(long_answer, "CHUNK", 16)
    rows = json.dumps(matches(2))
    for padding in range(16):
        spaces = " " * padding
        for text in (
            f'{{{spaces}"n": {number}, "l": {rows}}}',
            f'{{{spaces}"n": {number}\n, "l": {rows}}}',
            f'{{{spaces}"l": {rows}, "n": {number}}}',
            # In a list that is passed, of which nothing is kept.
            f'{{"n": [{spaces}{number}], "l": {rows}}}',
        ):
            found = read_lists(io.BytesIO(text.encode()), {"l": BALANCING})
            assert len(list(found["l"])) == 2


@pytest.mark.parametrize("number", ["1.", "1e", "1e+", "1.e5", "1.5.5", "1-", "01"])
def test_what_is_no_number_is_refused_wherever_it_is_cut(monkeypatch, number):
    monkeypatch.setattr(long_answer, "CHUNK", 16)
    rows = json.dumps(matches(1))
    for padding in range(16):
        text = f'{{{" " * padding}"n": {number}, "l": {rows}}}'
        with pytest.raises(Unreadable):
            read_lists(io.BytesIO(text.encode()), {"l": BALANCING})


@pytest.mark.parametrize("order", [(MODIFIED, DELETED), (DELETED, MODIFIED)])
def test_lists_come_in_any_order(order):
    rows = {MODIFIED: matches(2), DELETED: matches(3, 100)}
    found, _flaws = in_parts(
        "balancings_modified", body({it: rows[it] for it in order})
    )
    assert (len(found.modified), len(found.deleted)) == (2, 3)


def test_byte_order_mark_and_spaces_are_passed():
    text = b"\xef\xbb\xbf \r\n" + body(matches(2)) + b"\n\t "
    found = read_lists(io.BytesIO(text), {None: BALANCING})
    assert len(list(found[None])) == 2


@pytest.mark.parametrize(
    "payload", [{}, [], {MODIFIED: None}, {MODIFIED: None, DELETED: []}, {MODIFIED: []}]
)
def test_what_has_no_records_says_the_same(payload):
    operation = "bookings_modified" if payload == [] else "balancings_modified"
    text = body(payload)
    whole, _flaws = at_once(operation, text)
    with dossier_on(answer(200, payload)) as dossier:
        asked = (-1, None, SINCE) if payload == [] else (SINCE,)
        found = getattr(dossier, operation)(*asked)
    if payload == []:
        assert list(found) == whole == []
    else:
        assert (list(found.modified), list(found.deleted)) == ([], [])


# What is wrong


def test_flaws_in_the_middle_are_told_before_the_first_record():
    rows = matches(MANY)
    rows[1234]["debetDocument"]["balancingKey"]["documentSequenceNr"] = "no number"
    rows[2345]["creditDocument"]["documentDate"] = "9999-99-99"
    deleted = matches(3)
    deleted[1]["debetDocument"]["balancingKey"]["journalKey"] = []
    text = body({MODIFIED: rows, DELETED: deleted})
    whole, told = at_once("balancings_modified", text)
    diary = UnreadableDiary()
    with dossier_on(*[answer(200, text)] * 2, observer=diary) as dossier:
        found = dossier.balancings_modified(SINCE, partial=True)
        assert found.left_out == whole.left_out
        assert [it.left_out for it in told] == [True, False, True]
        assert diary.flaws == told
        with noting() as again:
            assert tuple(found.modified) == whole.modified
        assert len(again) == 2 and diary.flaws == told
        with pytest.raises(OctopusProtocolError):
            dossier.balancings_modified(SINCE)


def test_every_beginning_of_an_answer_is_refused():
    """A list that is cut off never looks like one that has no more."""
    for payload in ({MODIFIED: matches(2), DELETED: matches(1)}, matches(2)):
        text = body(payload, ensure_ascii=False)
        name = (
            "bookings_modified" if isinstance(payload, list) else "balancings_modified"
        )
        for end in range(1, len(text)):
            try:
                found, _flaws = in_parts(name, text[:end])
            except Unreadable as error:
                assert "not JSON" in str(error)
            else:
                # Read as a whole then, which refuses it.
                assert found is None
                with pytest.raises(Unreadable):
                    at_once(name, text[:end])


SPOILT = {
    "cut off in a record": lambda text: text[: len(text) // 2],
    "cut off between records": lambda text: text[: text.index(b"}, {") + 1],
    "closed too early": lambda text: text[: text.index(b"}, {") + 1] + b"]",
    "two lists": lambda text: text + text,
    "a comma too many": lambda text: text.replace(b"}, {", b"},, {", 1),
    "a page behind it": lambda text: text + b"<html></html>",
    "NUL": lambda text: text.replace(b"EUR", b"E\x00R", 1),
    "an object": lambda text: b'{"errorMessage": ' + text + b"}",
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_broken_long_answer_gives_no_record(spoil):
    text = spoil(body({MODIFIED: matches(MANY)}))
    assert len(text) > 500
    with dossier_on(answer(200, text)) as dossier:
        with pytest.raises((OctopusProtocolError, OctopusRefused)):
            dossier.balancings_modified(SINCE, partial=True)


def test_list_that_is_there_twice_is_refused():
    text = b'{"modifiedBalancings": [], "modifiedBalancings": []}'
    with dossier_on(answer(200, text)) as dossier:
        with pytest.raises(OctopusProtocolError):
            dossier.balancings_modified(SINCE, partial=True)


@pytest.mark.parametrize("chunked", [True, False])
def test_long_answer_whose_connection_ends_is_no_answer(chunked):
    """It was asked for in vain: not one of the records that came is given out."""
    text = body(matches(MANY))
    head = b"HTTP/1.1 200 X\r\nContent-Type: application/json\r\n"
    if chunked:
        first = text[: len(text) // 2]
        lines = head + b"Transfer-Encoding: chunked\r\n\r\n"
        sent = lines + b"%x\r\n" % len(first) + first + b"\r\n"
    else:
        lines = head + b"Content-Length: %d\r\n\r\n" % len(text)
        sent = lines + text[: len(text) // 2]
    with dossier_on(raw(sent)) as dossier, pytest.raises(OctopusNotNow):
        dossier.bookings_modified(-1, None, SINCE, partial=True)


# What is in memory


def living():
    """Return how many matches are in memory."""
    return sum(isinstance(it, Balancing) for it in gc.get_objects())


def test_few_records_are_in_memory():
    text = body({MODIFIED: matches(MANY)})
    assert len(text) > MOST_IN_MEMORY
    with dossier_on(answer(200, text)) as dossier:
        found = dossier.balancings_modified(SINCE)
    gc.collect()
    # Other tests keep some.
    most, others = 0, living()
    for place, _balancing in enumerate(found.modified):
        if not place % 500:
            most = max(most, living() - others)
    assert len(found.modified) == MANY
    assert most <= 2


def test_body_of_a_long_answer_is_in_a_file():
    with dossier_on(answer(200, matches(MANY))) as dossier:
        wire = dossier._transport._wire
        kept = wire.send("GET", "/buysellbookings/modified", {}, long=True)
    assert kept.body == b"" and kept.file._rolled
    assert loads(kept.whole().body) == loads(body(matches(MANY)))
    kept.file.close()


def test_errors_are_read_as_ever():
    """A refusal of a long list is in memory, as its text is told."""
    no = {"errorCode": -3, "errorMessage": "Geen toegang"}
    with dossier_on(answer(403, no), answer(200, no)) as dossier:
        for _status in range(2):
            with pytest.raises(Exception, match="Geen toegang"):
                dossier.bookings_modified(-1, None, SINCE)
