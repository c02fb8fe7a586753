"""SOAP envelopes, and the values in them."""

from decimal import Decimal

from lxml import etree

from ..contract import ContractViolation
from ..copies import copied_xml
from ..poison import poison_xml
from . import contract
from .wsdl import validator

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# What Java writes for a number or a yes/no that nobody set.
_UNSET = {"boolean": False, "double": Decimal("0.0"), "int": 0}


def read_request(raw, newer=False):
    """``(operation, fields)`` of a request.

    Fields are nested mappings: int, Decimal, bool and text; moments stay text. Raises
    :class:`ContractViolation` for what is no message of the contract.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise ContractViolation("body", f"not XML: {error.msg}") from error
    body = root.find(f"{{{ENVELOPE}}}Body")
    if body is None or len(body) != 1:
        raise ContractViolation("body", "no SOAP envelope with one message")
    message = body[0]
    name = etree.QName(message)
    if name.namespace != contract.NAMESPACE or name.localname not in (
        contract.OPERATIONS
    ):
        raise ContractViolation("body", f"{message.tag} is no operation")
    check(message, newer)
    return name.localname, _read_fields(message, name.localname, newer)


def check(message, newer=False):
    """Raise :class:`ContractViolation` unless a message keeps to the schema."""
    schema = validator(newer)
    alone = etree.fromstring(etree.tostring(message, with_tail=False))
    if not schema.validate(alone):
        found = schema.error_log.last_error
        raise ContractViolation(etree.QName(message).localname, found.message)


def _read_fields(element, kind, newer):
    fields = {}
    for field in contract.fields_of(kind, newer):
        values = [
            _read_value(child, field.kind, newer)
            for child in element.findall(field.name)
        ]
        if field.many:
            fields[field.name] = values
        elif values and values[0] is not None:
            fields[field.name] = values[0]
    return fields


def _read_value(element, kind, newer):
    if element.get(_NIL) in ("true", "1"):
        return None
    text = (element.text or "").strip()
    if kind == "int":
        return int(text)
    if kind == "double":
        return Decimal(text)
    if kind == "boolean":
        return text in ("true", "1")
    if kind in contract.SCALARS:
        return element.text or ""
    return _read_fields(element, kind, newer)


def write_answer(operation, fields, moment, newer=False, poisons=(), copies=()):
    """The envelope that answers an operation, as bytes.

    ``moment(day)`` writes a date of the books as a moment. A number that is missing
    is zero, as from Java; any other optional field is left out. ``poisons`` spoil what
    keeps to the schema without them, and ``copies`` are more of it.
    """
    name = f"{operation}Response"
    message = etree.Element(
        f"{{{contract.NAMESPACE}}}{name}", nsmap={"ns2": contract.NAMESPACE}
    )
    _write_fields(message, name, fields, moment, newer)
    check(message, newer)
    poison_xml(poisons, message)
    return copied_xml(copies, message, _envelope)


def write_fault(text, blame="Server"):
    """The envelope of a fault; ``blame``: ``Server`` or ``Client``."""
    message = etree.Element(f"{{{ENVELOPE}}}Fault", nsmap={"S": ENVELOPE})
    etree.SubElement(message, "faultcode").text = f"S:{blame}"
    etree.SubElement(message, "faultstring").text = text
    return _envelope(message)


def _envelope(message):
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"S": ENVELOPE})
    etree.SubElement(root, f"{{{ENVELOPE}}}Body").append(message)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _write_fields(parent, kind, fields, moment, newer):
    for field in contract.fields_of(kind, newer):
        value = fields.get(field.name)
        if value is None and not field.optional:
            value = _UNSET[field.kind]
        values = (value or ()) if field.many else (value,)
        for item in values:
            if item is not None:
                _write_value(parent, field, item, moment, newer)


def _write_value(parent, field, value, moment, newer):
    element = etree.SubElement(parent, field.name)
    if field.kind not in contract.SCALARS:
        _write_fields(element, field.kind, value, moment, newer)
    elif field.kind == "dateTime":
        element.text = moment(value)
    elif field.kind == "boolean":
        element.text = "true" if value else "false"
    elif field.kind == "double":
        element.text = repr(float(value))
    else:
        element.text = str(value)
