"""The WSDL and the schema, made from our own tables."""

import functools

from lxml import etree

from . import contract

WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
XSD = "http://www.w3.org/2001/XMLSchema"
HTTP_TRANSPORT = "http://schemas.xmlsoap.org/soap/http"
_NAMES = {"tns": contract.NAMESPACE, "soap": SOAP, "xsd": XSD, None: WSDL}


def _add(parent, tag, space=WSDL, /, **attributes):
    return etree.SubElement(parent, f"{{{space}}}{tag}", attributes)


def _bytes(root):
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def wsdl(address):
    """The WSDL of the service at ``address``, as bytes."""
    root = etree.Element(
        f"{{{WSDL}}}definitions",
        {"targetNamespace": contract.NAMESPACE, "name": contract.SERVICE},
        nsmap=_NAMES,
    )
    schema = _add(_add(root, "types"), "schema", XSD)
    _add(
        schema,
        "import",
        XSD,
        namespace=contract.NAMESPACE,
        schemaLocation=f"{address}?xsd=1",
    )
    for name in contract.MESSAGES:
        message = _add(root, "message", name=name)
        _add(message, "part", name="parameters", element=f"tns:{name}")
    _port_type(root)
    _binding(root)
    service = _add(root, "service", name=contract.SERVICE)
    port = _add(service, "port", name=contract.PORT, binding=f"tns:{contract.BINDING}")
    _add(port, "address", SOAP, location=address)
    return _bytes(root)


def _port_type(root):
    port_type = _add(root, "portType", name=contract.PORT_TYPE)
    for name in contract.OPERATIONS:
        operation = _add(port_type, "operation", name=name)
        _add(operation, "input", message=f"tns:{name}")
        _add(operation, "output", message=f"tns:{name}Response")


def _binding(root):
    binding = _add(
        root, "binding", name=contract.BINDING, type=f"tns:{contract.PORT_TYPE}"
    )
    _add(binding, "binding", SOAP, transport=HTTP_TRANSPORT, style="document")
    for name in contract.OPERATIONS:
        operation = _add(binding, "operation", name=name)
        _add(operation, "operation", SOAP, soapAction="")
        for direction in ("input", "output"):
            _add(_add(operation, direction), "body", SOAP, use="literal")


def schema(newer=False):
    """The XML Schema of all messages and types, as bytes.

    ``newer`` adds the fields of later versions (:data:`.contract.NEWER`).
    """
    names = {"tns": contract.NAMESPACE, "xs": XSD}
    root = etree.Element(
        f"{{{XSD}}}schema",
        {"version": "1.0", "targetNamespace": contract.NAMESPACE},
        nsmap=names,
    )
    for name in contract.MESSAGES:
        _add(root, "element", XSD, name=name, type=f"tns:{name}")
    for kind in (*contract.MESSAGES.values(), *contract.TYPES.values()):
        _complex_type(root, kind, contract.NEWER.get(kind.name, ()) if newer else ())
    return _bytes(root)


def _complex_type(root, kind, more):
    place = _add(root, "complexType", XSD, name=kind.name)
    if kind.abstract:
        place.set("abstract", "true")
    if kind.base:
        content = _add(place, "complexContent", XSD)
        place = _add(content, "extension", XSD, base=f"tns:{kind.base}")
    sequence = _add(place, "sequence", XSD)
    for field in (*kind.fields, *more):
        scalar = field.kind in contract.SCALARS
        prefix = "xs" if scalar else "tns"
        element = _add(
            sequence, "element", XSD, name=field.name, type=f"{prefix}:{field.kind}"
        )
        if field.nillable:
            element.set("nillable", "true")
        if field.optional:
            element.set("minOccurs", "0")
        if field.many:
            element.set("maxOccurs", "unbounded")


@functools.cache
def validator(newer=False):
    """What tells whether a message keeps to the schema."""
    return etree.XMLSchema(etree.fromstring(schema(newer)))
