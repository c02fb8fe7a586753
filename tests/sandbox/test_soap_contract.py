"""Our WSDL and schema against the published ones (issue 5 §3)."""

from pathlib import Path

import pytest
import requests
from lxml import etree

from octopus_sandbox.soap.contract import MESSAGES, OPERATIONS, TYPES
from octopus_sandbox.soap.spelling import SESSION_OPERATIONS, SPELLINGS
from octopus_sandbox.soap.wsdl import SOAP, WSDL, XSD, schema, wsdl

FOLDER = Path(__file__).parents[2].parent / "shared" / "octopus" / "soap"
PUBLISHED_WSDL = FOLDER / "OctopusWSService-01-13.wsdl"
PUBLISHED_XSD = FOLDER / "OctopusWSService-01-13.xsd"
ADDRESS = "https://service.inaras.be:443/OctopusService01-13/OctopusWSService"
# Of the invoicing module and of products: no connector needs them.
NOT_CARRIED = {
    "ExportDeliveryNote", "ExportInvoice", "ExportRappel", "GetDeliveryNote",
    "GetInvoice", "GetModifiedAccountAmounts", "GetModifiedDeliveryNotes",
    "GetModifiedInvoices", "GetProductGroups", "GetProducts", "GetRappelInformation",
    "GetReportHistoryCostCentre", "InsertDeliveryNote", "InsertInvoice",
    "InsertUpdateProduct", "UpdateDeliveryNote", "UpdateInvoice",
}  # fmt: skip
needs_published = pytest.mark.skipif(
    not FOLDER.exists(), reason="the published SOAP contract is not beside the project"
)


def _types(root):
    """``{type: (base, abstract, [attributes of each element])}``."""
    found = {}
    for kind in root.findall(f"{{{XSD}}}complexType"):
        extension = kind.find(f".//{{{XSD}}}extension")
        found[kind.get("name")] = (
            None if extension is None else extension.get("base"),
            kind.get("abstract"),
            [dict(element.attrib) for element in kind.iter(f"{{{XSD}}}element")],
        )
    return found


def _elements(root):
    return {e.get("name"): e.get("type") for e in root.findall(f"{{{XSD}}}element")}


def _messages(root):
    return {
        message.get("name"): [dict(part.attrib) for part in message]
        for message in root.findall(f"{{{WSDL}}}message")
    }


def _operations(root):
    return {
        operation.get("name"): [
            (etree.QName(way).localname, way.get("message")) for way in operation
        ]
        for operation in root.find(f"{{{WSDL}}}portType")
    }


def _binding(root):
    binding = root.find(f"{{{WSDL}}}binding")
    return dict(binding.attrib), {
        (operation.get("name") or "", etree.QName(part).localname): dict(part.attrib)
        for operation in (binding, *binding.findall(f"{{{WSDL}}}operation"))
        for part in operation.iter(f"{{{SOAP}}}*")
        if operation is not binding or part.getparent() is binding
    }


@needs_published
def test_types_are_the_published_ones():
    ours = _types(etree.fromstring(schema()))
    theirs = _types(etree.parse(PUBLISHED_XSD).getroot())
    assert ours.keys() == theirs.keys()
    for name, kind in theirs.items():
        assert ours[name] == kind, name
    assert len(theirs) == len(MESSAGES) + len(TYPES)


@needs_published
def test_elements_are_the_published_ones():
    ours, theirs = etree.fromstring(schema()), etree.parse(PUBLISHED_XSD).getroot()
    assert _elements(ours) == _elements(theirs)
    assert ours.get("targetNamespace") == theirs.get("targetNamespace")


@needs_published
@pytest.mark.parametrize("part", [_messages, _operations, _binding])
def test_service_is_the_published_one(part):
    ours, theirs = etree.fromstring(wsdl(ADDRESS)), etree.parse(PUBLISHED_WSDL)
    assert part(ours) == part(theirs.getroot())
    assert part(ours)


@needs_published
def test_port_is_the_published_one():
    path = f"{{{WSDL}}}service/{{{WSDL}}}port"
    ours, theirs = etree.fromstring(wsdl(ADDRESS)), etree.parse(PUBLISHED_WSDL)
    assert dict(ours.find(path).attrib) == dict(theirs.find(path).attrib)
    assert dict(ours.find(path)[0].attrib) == dict(theirs.find(path)[0].attrib)
    for root in (ours, theirs.getroot()):
        assert root.find(f"{{{WSDL}}}types//{{{XSD}}}import").attrib == {
            "namespace": "http://service.octopus.com/",
            "schemaLocation": f"{ADDRESS}?xsd=1",
        }


def test_what_is_not_carried_is_named():
    carried = SPELLINGS.keys() | SESSION_OPERATIONS.keys()
    assert set(OPERATIONS) - carried == NOT_CARRIED
    assert carried <= set(OPERATIONS)


def test_wsdl_names_the_address_it_was_asked_at(sandbox):
    text = requests.get(sandbox.soap_url, params="wsdl", timeout=10).text
    assert f'location="{sandbox.soap_url}"' in text
    assert f'schemaLocation="{sandbox.soap_url}?xsd=1"' in text


def test_newer_fields_are_a_switch(sandbox):
    """api.md §5.11: what later versions add is not known."""
    address = f"{sandbox.soap_url}?xsd=1"
    assert "vatRecupPercentage" in requests.get(address, timeout=10).text
    assert "orderReference" not in requests.get(address, timeout=10).text
    sandbox.world.set_switches({"soap_fields": "newer"})
    assert "orderReference" in requests.get(address, timeout=10).text
