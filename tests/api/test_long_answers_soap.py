"""Long answers over SOAP, as :mod:`.test_long_answers` holds those of REST."""

import gc

import pytest
from lxml import etree

from octopus_connector.api import FIRST_SYNC, OctopusProtocolError
from octopus_connector.api.codec import noting
from octopus_connector.api.operations import OPERATIONS
from octopus_connector.api.soap.answers import payload_of
from octopus_connector.api.soap.mapping import SPELLINGS
from octopus_connector.api.types import Balancing
from octopus_connector.api.wire import Answer, Spool
from octopus_sandbox.seed import demo

from .common import NosyDiary

MANY = 400
MATCHES = "balancings_modified"
LIST = "modifiedBalancingArray"
NUMBER = b"<documentSequenceNr>%d</documentSequenceNr>"


@pytest.fixture
def transport():
    """This file is about one of the two."""
    return "soap"


@pytest.fixture
def service(client):
    return client._transport._service_for(OPERATIONS[MATCHES])


@pytest.fixture
def text(connect, sandbox):
    """The bytes of an answer with many matches."""
    sandbox.world.copies.add("getModifiedBalancingRelations", LIST, MANY)
    diary = NosyDiary()
    dossier = connect(observer=diary).dossier(demo.MAIN)
    assert len(dossier.balancings_modified(FIRST_SYNC).modified) == MANY
    return diary.texts[-1][2].encode()


def read(service, text, in_file):
    """What an answer says, in a file or as a whole, and what was noted."""
    spelling = SPELLINGS[MATCHES]
    answer = Answer(200, "text/xml", text)
    if in_file:
        answer = Answer(200, "text/xml", b"", {}, Spool())
        answer.file.write(text)
    with noting() as flaws:
        shapes = spelling.read.shapes
        payload = payload_of(
            service, OPERATIONS[MATCHES], spelling.name, answer, shapes
        )
        return spelling.read(payload), payload["return"], flaws


def test_records_are_those_of_the_whole(service, text):
    whole, *facts = read(service, text, in_file=False)
    parts, *others = read(service, text, in_file=True)
    assert tuple(parts.modified) == whole.modified and len(whole.modified) == MANY
    assert tuple(parts.deleted) == whole.deleted
    assert facts == others == [0, []]
    both = zip(parts.modified, parts.modified, strict=True)
    assert all(one == other for one, other in both)


def test_flaws_in_the_middle_are_told_with_the_answer(service, text):
    number = MANY // 2
    text = text.replace(NUMBER % number, b"<documentSequenceNr>x</documentSequenceNr>")
    whole, code, told = read(service, text, in_file=False)
    parts, same_code, same = read(service, text, in_file=True)
    assert told and code == same_code == 0
    # The place of a record without a name is not told; all else is the same.
    assert parts.left_out == whole.left_out != ()
    assert same == told
    assert tuple(parts.modified) == whole.modified
    assert 0 < len(parts.modified) < MANY


def _without_end(text):
    return text[: len(text) // 2]


def _between_records(text):
    end = f"</{LIST}>".encode()
    return text[: text.index(end, len(text) // 2) + len(end)]


SPOILT = {
    "cut off in a record": _without_end,
    "cut off between records": _between_records,
    "an unknown field": lambda text: text.replace(
        b"<currencyCode>", b"<other>1</other><currencyCode>", 700
    ),
    "a page behind it": lambda text: text + b"<html/>",
    "a document type": lambda text: text.replace(
        b"?>", b"?><!DOCTYPE d [<!ENTITY e 'x'>]>", 1
    ),
    "of another operation": lambda text: text.replace(
        b"GetModifiedBalancingRelationsResponse", b"GetAccountsResponse"
    ),
    "an unknown list": lambda text: text.replace(LIST.encode(), b"others"),
    "without its code": lambda text: text.replace(b"<return>0</return>", b""),
    "not XML": lambda text: b'{"modifiedBalancings": []}',
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_broken_long_answer_gives_no_record(service, text, spoil):
    spoilt = spoil(text)
    assert spoilt != text
    errors = []
    for in_file in (False, True):
        with pytest.raises(OctopusProtocolError) as caught:
            read(service, spoilt, in_file)
        errors.append(caught.value)
    whole, parts = errors
    assert parts.technical.partition(":")[0] == whole.technical.partition(":")[0]


NIL = b'<x xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
CURRENCY = b"<currencyCode>EUR</currencyCode>"
UNUSUAL = {
    "empty text": (CURRENCY, b"<currencyCode/>"),
    "a comment": (CURRENCY, b"<!-- x -->" + CURRENCY),
    "nothing": (CURRENCY, b""),
    "nil": (CURRENCY, NIL.replace(b"<x ", b"<currencyCode ")),
    "twice": (CURRENCY, CURRENCY + CURRENCY),
    "spaces": (CURRENCY, b"  <currencyCode> EUR </currencyCode>  "),
    "with a namespace": (
        CURRENCY,
        b'<n:currencyCode xmlns:n="urn:other">EUR</n:currencyCode>',
    ),
    "an element in a text": (CURRENCY, b"<currencyCode><b/>EUR</currencyCode>"),
    "an entity": (CURRENCY, b"<currencyCode>E&#85;R</currencyCode>"),
    "an attribute": (b"<debetDocument>", b'<debetDocument id="7">'),
    "an empty record": (b"<debetDocument>", b"<debetDocument/><debetDocument>"),
    "no yes or no": (b"<currencyCode>EUR", b"<currencyCode>&#233;"),
    "no moment": (b"<documentDate>", b"<documentDate>x"),
    "a long number": (b"<lineSequenceNr>", b"<lineSequenceNr>9999999999999"),
    "no number": (b"<exchangeRate>", b"<exchangeRate>NaN"),
}


def outcome(service, text, in_file):
    try:
        found, code, flaws = read(service, text, in_file)
    except OctopusProtocolError as error:
        return type(error), error.technical.partition(":")[0]
    return tuple(found.modified), found.left_out, code, flaws


@pytest.mark.parametrize("change", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_record_is_read_as_zeep_reads_it(service, text, change):
    """What is read without zeep says the same, and leaves it what it does not know."""
    old, new = change
    middle = len(text) // 2
    changed = text[:middle] + text[middle:].replace(old, new, 1)
    assert changed != text
    whole, parts = (outcome(service, changed, in_file) for in_file in (False, True))
    assert parts == whole


def test_record_apart_from_its_list_is_refused_as_ever(service, text):
    """zeep decides about the places of lists; what was taken out is not in its way."""
    message = etree.fromstring(text)
    [response] = message.iterfind(".//{*}GetModifiedBalancingRelationsResponse")
    last = response.findall(LIST)[-1]
    other = etree.SubElement(response, "deletedBalancingArray")
    other.extend(list(etree.fromstring(etree.tostring(last))))
    response.append(last)
    text = etree.tostring(message)
    told = []
    for in_file in (False, True):
        try:
            found, *_rest = read(service, text, in_file)
            told.append((len(found.modified), len(found.deleted)))
        except OctopusProtocolError as error:
            told.append(type(error))
    assert told[0] == told[1]


def living():
    """Return how many matches are in memory."""
    return sum(isinstance(it, Balancing) for it in gc.get_objects())


def test_few_records_are_in_memory(service, text):
    found, *_rest = read(service, text, in_file=True)
    gc.collect()
    # Other tests keep some.
    most, others = 0, living()
    for place, _balancing in enumerate(found.modified):
        if not place % 100:
            most = max(most, living() - others)
    assert most <= 2
