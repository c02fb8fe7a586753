"""The service as its own WSDL describes it: messages made and read by zeep.

The WSDL is asked of the configured endpoint and of nobody else, and decides which
operations and fields there are. Parsing is strict and knows no entities.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.helpers import serialize_object
from zeep.xsd import ComplexType

from ..codec import Odd, Unreadable
from ..errors import OctopusInvalidRequest
from ..shape import Shape
from ..wire import Answer, NoAnswer, Wire
from .long_answer import LongList, take_records
from .record import RecordReader

MAX_DOCUMENT = 5 * 1024 * 1024
MAX_DOCUMENTS = 20
DOCUMENT_LIFETIME = 24 * 3600.0  # seconds
_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_PORTS = {"http": 80, "https": 443}
_BOOLEANS = ("true", "false", "1", "0")
# What stands for "nobody said" where the schema wants a value.
_UNSAID = {"boolean": False, "double": Decimal(0), "int": 0}


class Fault(Exception):
    """The service answers with a fault; ``blame`` is its code, e.g. ``Client``."""

    def __init__(self, blame: str, text: str):
        super().__init__(text)
        self.blame = blame
        self.text = text


class Documents:
    """WSDL and schemas by address, for a while; safe between threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        lifetime: float = DOCUMENT_LIFETIME,
        limit: int = MAX_DOCUMENTS,
    ):
        self._clock = clock
        self._lifetime = lifetime
        self._limit = limit
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._lock = threading.Lock()

    def get(self, url: str, fetch: Callable[[str], bytes]) -> bytes:
        """Return the document at ``url``, fetched when there is no fresh one."""
        with self._lock:
            expires, content = self._kept.get(url, (0.0, b""))
            if content and self._clock() < expires:
                return content
        content = fetch(url)
        with self._lock:
            self._kept.pop(url, None)
            while len(self._kept) >= self._limit:
                del self._kept[next(iter(self._kept))]
            self._kept[url] = (self._clock() + self._lifetime, content)
        return content


# Shared by all connections of a process.
DOCUMENTS = Documents()


def _origin(url):
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


class _Loader(zeep.Transport):
    """Gives zeep the documents of one endpoint; messages do not go through it."""

    def __init__(self, wire: Wire, documents: Documents):
        super().__init__()
        self._wire = wire
        self._documents = documents

    def load(self, url):
        if _origin(url) != _origin(self._wire.base_url):
            raise Unreadable("the WSDL wants a document from another server")
        return self._documents.get(url, self._fetch)

    def _fetch(self, url):
        parts = urlsplit(url)
        answer = self._wire.send("GET", f"{parts.path}?{parts.query}", {})
        if answer.status != HTTPStatus.OK or len(answer.body) > MAX_DOCUMENT:
            technical = f"no WSDL (HTTP {answer.status})"
            raise NoAnswer(technical, sent=False, status=answer.status)
        return answer.body


class Service:
    """The service at one endpoint.

    :param wire: to the endpoint's server
    :param path: of the endpoint on that server
    :raises NoAnswer: there is no WSDL to be had
    :raises Unreadable: it is none, or wants something from another server
    """

    def __init__(self, wire: Wire, path: str, documents: Documents):
        self._path = path
        loader = _Loader(wire, documents)
        settings = zeep.Settings(strict=True, forbid_dtd=True, forbid_entities=True)
        address = wire.base_url + path
        try:
            self._client = zeep.Client(
                f"{address}?wsdl", None, loader, settings=settings
            )
            (first, *_others) = self._client.wsdl.services.values()
            (port, *_others) = first.ports.values()
        except Unreadable:
            raise
        except (ZeepError, etree.LxmlError, ValueError, KeyError) as error:
            raise Unreadable(f"no WSDL: {type(error).__name__}") from None
        self._binding = port.binding
        self._namespace = port.binding.name.namespace
        self._proxy = self._client.create_service(port.binding.name.text, address)

    def has(self, type_name: str, field: str) -> bool:
        """Return whether a type of the WSDL has a field.

        :param type_name: without its namespace, such as ``buySellBookingServiceData``;
            the WSDL must have it
        :param field: as the WSDL spells it
        """
        kind = self._client.get_type(f"{{{self._namespace}}}{type_name}")
        return field in dict(kind.elements)

    def message(self, operation: str, values: Mapping[str, Any]) -> bytes:
        """Return the envelope that calls an operation.

        Fields that the WSDL does not know are left out, and where it wants a number
        or a yes/no that nobody said, zero or no is sent.

        :raises OctopusInvalidRequest: it cannot be made
        """
        try:
            body = self._binding.get(operation).input.body.type
            fitting = _fit(body, values)
            envelope = self._client.create_message(self._proxy, operation, **fitting)
        except (ZeepError, ValueError, TypeError, KeyError) as error:
            raise OctopusInvalidRequest(
                "Octopus's WSDL does not take this.", technical=str(error)
            ) from None
        return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")

    def parse(
        self,
        operation: str,
        answer: Answer,
        shapes: Mapping[str, Shape] | None = None,
    ) -> Any:
        """Return what an operation answered: mappings, lists, values.

        :param shapes: of the lists of an answer in a file, by their names; each is a
            :class:`~.long_answer.LongList` then
        :raises Fault: it is a fault
        :raises Unreadable: it is no answer to this operation
        """
        if answer.file is None:
            return self._payload(operation, partial(self._parsed, answer.body))
        lists = {name: LongList(shape) for name, shape in shapes.items()}
        read = partial(self._without_records, operation, answer.file, lists)
        return {**self._payload(operation, read), **lists}

    def _parsed(self, body):
        return zeep.loader.parse_xml(
            body, self._client.transport, settings=self._client.settings
        )

    def _without_records(self, operation, file, lists):
        """Put the records of a message into lists; return what is left of it."""
        kind = self._binding.get(operation).output.body.type
        elements = dict(kind.elements)
        take = {
            name: partial(
                self._take_record,
                elements[name],
                RecordReader(elements[name].type),
                records,
            )
            for name, records in lists.items()
        }
        parent = (
            f"{{{_ENVELOPE}}}Envelope",
            f"{{{_ENVELOPE}}}Body",
            f"{{{self._namespace}}}{operation}Response",
        )
        return take_records(file, parent, take)

    def _take_record(self, element, reader, records, node):
        try:
            record = reader.record(node)
        except Odd:
            types = self._client.wsdl.types
            parse = partial(element.parse, node, types, allow_none=True)
            record = self._value(element.type, node, parse)
        records.add(record)

    def _payload(self, operation, read):
        """Return what an operation answered; ``read`` gives the message."""
        try:
            body = read().find(f"{{{_ENVELOPE}}}Body")
        except Unreadable:
            raise
        except (ZeepError, etree.LxmlError, ValueError) as error:
            raise Unreadable(f"not XML: {type(error).__name__}") from None
        first = None if body is None else next(iter(body), None)
        if first is None:
            raise Unreadable("no SOAP envelope")
        if first.tag == f"{{{_ENVELOPE}}}Fault":
            blame = first.findtext("faultcode") or ""
            raise Fault(blame.rpartition(":")[2], first.findtext("faultstring") or "")
        if first.tag != f"{{{self._namespace}}}{operation}Response":
            raise Unreadable(f"no answer to {operation}")
        kind = self._binding.get(operation).output.body
        parse = partial(kind.parse, first, self._client.wsdl.types)
        return self._value(kind.type, first, parse)

    def _value(self, kind, node, parse):
        """Return what a node holds; ``parse`` is zeep's own for it."""
        # zeep takes what its types cannot read for nothing at all.
        garbled = _take_garbled(kind, node)
        try:
            value = parse()
        except (ZeepError, ValueError, TypeError, ArithmeticError) as error:
            raise Unreadable(f"{type(error).__name__} in the answer") from None
        values = serialize_object(value, dict)
        if garbled:
            _put_garbled(kind, node, values, garbled)
        return values


def _children(kind, node):
    """Yield the name, the type and the nodes of each field of a message."""
    nodes: dict[str, list] = {}
    for child in node.iterchildren(tag=etree.Element):
        nodes.setdefault(etree.QName(child).localname, []).append(child)
    for name, element in kind.elements:
        if name in nodes:
            yield name, element.type, nodes[name]


def _take_garbled(kind, node):
    """Take out of a message the texts that their type cannot read: ``{node: text}``."""
    garbled = {}
    for _name, inner, children in _children(kind, node):
        for child in children:
            if isinstance(inner, ComplexType):
                garbled |= _take_garbled(inner, child)
            elif child.text and not _is_readable(inner, child.text):
                garbled[child] = child.text
                child.text = None
    return garbled


def _is_readable(kind, text):
    if kind.qname.localname == "boolean":
        return text.strip() in _BOOLEANS
    try:
        kind.pythonvalue(text)
    except (ValueError, TypeError, ArithmeticError):
        return False
    return True


def _put_garbled(kind, node, values, garbled):
    """Put texts that cannot be read where their values would be: whoever reads a value
    there says what is wrong with it."""
    for name, inner, children in _children(kind, node):
        several = isinstance(values.get(name), list)
        holder, places = (
            (values[name], range(len(children))) if several else (values, [name])
        )
        for place, child in zip(places, children, strict=False):
            if child in garbled:
                holder[place] = garbled[child]
            elif isinstance(holder[place], dict):
                _put_garbled(inner, child, holder[place], garbled)


def _fit(kind, values):
    """The values that a type has a place for, and what it cannot do without."""
    fitting = {}
    for name, element in kind.elements:
        value = values.get(name)
        if value is None:
            if not element.is_optional and not isinstance(element.type, ComplexType):
                fitting[name] = _UNSAID[element.type.qname.localname]
        elif isinstance(element.type, ComplexType):
            several = isinstance(value, (list, tuple))
            fitting[name] = (
                [_fit(element.type, item) for item in value]
                if several
                else _fit(element.type, value)
            )
        else:
            fitting[name] = value
    return {name: _exact(value) for name, value in fitting.items()}


def _exact(value):
    """A decimal digit by digit, as text: never by way of a float."""
    return format(value, "f") if isinstance(value, Decimal) else value
