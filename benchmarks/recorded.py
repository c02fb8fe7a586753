"""The requests that book documents: kept while they pass, and sent again as they are
but for the document's number. One class for each of Octopus's web services."""

import json
import re
from unittest.mock import patch

import requests


class Rest:
    """JSON; names of the contract: a booking is wrapped when it is inserted
    (api.md §2.3)."""

    wrapper = "buySellBookingServiceData"

    def books(self, request) -> bool:
        """Whether a request books a document."""
        return request.method == "POST" and request.url.endswith("/buysellbookings")

    def number(self, body: bytes) -> int:
        """The number in the body of a request."""
        return json.loads(body)[self.wrapper]["documentSequenceNr"]

    def renumbered(self, body: bytes, shift: int) -> bytes:
        """The body for a document number further on."""
        booking = json.loads(body)
        booking[self.wrapper]["documentSequenceNr"] += shift
        return json.dumps(booking).encode()

    def check(self, answer) -> None:
        """Raise ``requests.HTTPError`` when it was not booked."""
        answer.raise_for_status()


class Soap:
    """XML; that a document was booked is said by the return code (api.md §3.1)."""

    _number = re.compile(rb"(?<=documentSequenceNr>)\d+")
    _done = re.compile(rb"<(\w+:)?return>0<")

    def books(self, request) -> bool:
        return b"InsertBuySellBooking>" in content(request)

    def number(self, body: bytes) -> int:
        return int(self._number.search(body)[0])

    def renumbered(self, body: bytes, shift: int) -> bytes:
        return self._number.sub(b"%d" % (self.number(body) + shift), body)

    def check(self, answer) -> None:
        answer.raise_for_status()
        if not self._done.search(answer.content):
            raise requests.HTTPError(answer.text, response=answer)


SERVICES = {"rest": Rest(), "soap": Soap()}


class recording:
    """Keep the requests that book documents while they pass, for a ``with``.

    :param service: one of :data:`SERVICES`
    """

    def __init__(self, service):
        self.service = service

    def __enter__(self):
        sent = []
        send = requests.Session.send

        def keep(session, request, **options):
            if self.service.books(request):
                copy = request.copy()
                copy.body = content(request)
                sent.append(copy)
            return send(session, request, **options)

        self._patch = patch.object(requests.Session, "send", keep)
        self._patch.start()
        return sent

    def __exit__(self, *_exception):
        self._patch.stop()


def renumbered(service, sent):
    """Return the same requests with the numbers that follow them."""
    numbers = [service.number(request.body) for request in sent]
    shift = max(numbers) - min(numbers) + 1
    again = []
    for request in sent:
        copy = request.copy()
        copy.prepare_body(service.renumbered(request.body, shift), None)
        again.append(copy)
    return again


def content(request) -> bytes:
    """The body of a request; the connector may give a stream, read only once."""
    body = request.body
    return getattr(body, "getvalue", lambda: body)() or b""
