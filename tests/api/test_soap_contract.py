"""Our SOAP messages against the published contract, where it is at hand.

Skipped by name where ``../shared/octopus/soap`` is absent.
"""

from pathlib import Path

import pytest
from lxml import etree

from octopus_connector.api.soap.mapping import SPELLINGS
from octopus_connector.api.soap.service import Documents, Service
from octopus_connector.api.wire import Wire

from .test_contract import ARGUMENTS

FOLDER = Path(__file__).parents[3] / "shared" / "octopus" / "soap"
PUBLISHED = FOLDER / "OctopusWSService-01-13.wsdl"
SCHEMA = FOLDER / "OctopusWSService-01-13.xsd"
SERVER = "https://service.inaras.be"
PATH = "/OctopusService01-13/OctopusWSService"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(), reason="the published SOAP contract is not at hand"
)


@pytest.fixture(scope="module")
def service():
    """The published service, read from the files and not from the network."""
    documents = Documents()
    documents.get(f"{SERVER}{PATH}?wsdl", lambda _url: PUBLISHED.read_bytes())
    schema = f"{SERVER}:443{PATH}?xsd=1"
    documents.get(schema, lambda _url: SCHEMA.read_bytes())
    return Service(Wire(SERVER), PATH, documents)


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


@pytest.mark.parametrize("name", sorted(SPELLINGS))
def test_message_keeps_to_the_published_schema(service, schema, name):
    """Every field of our values is filled; what 01-13 does not know is left out."""
    spelling = SPELLINGS[name]
    values = spelling.values({**ARGUMENTS, "attachments": ()})
    envelope = etree.fromstring(service.message(spelling.name, values))
    (message,) = envelope[-1]
    schema.assertValid(etree.fromstring(etree.tostring(message)))
    assert etree.QName(message).localname == spelling.name


def test_published_version_has_no_newer_fields(service):
    assert service.has("relationServiceData", "surName")
    assert not service.has("relationServiceData", "firstName")
    assert not service.has("buySellBookingLineServiceData", "vatRecupPercentage")


def test_whole_booking_is_written(service):
    """Nothing that 01-13 has a place for is lost."""
    values = SPELLINGS["insert_booking"].values({**ARGUMENTS, "attachments": ()})
    text = service.message("InsertBuySellBooking", values).decode()
    for part in (
        "<amount>2544.00</amount>",
        "<documentDate>2000-03-01T00:00:00</documentDate>",
        "<externalRelationId>2</externalRelationId>",
        "<relationKey><id>1</id></relationKey>",
        "<baseAmount>1.10</baseAmount>",
        "<costCentreKey><id>1</id></costCentreKey>",
    ):
        assert part in text
