"""One HTTP exchange, and what its failure proves.

Everything here holds for any service over HTTP: the address is checked, both timeouts
are always set, nothing is redirected or repeated, answers have a size limit, and a
failure says whether anything can have reached the other side.
"""

from __future__ import annotations

import io
import ipaddress
import ssl
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .errors import OctopusInvalidRequest

USER_AGENT = "octopus-connector"
MAX_ANSWER = 256 * 1024 * 1024
CHUNK = 64 * 1024


class Timeouts(NamedTuple):
    """Seconds to connect, to wait for an answer, and to wait for a big one."""

    connect: float = 5.0
    read: float = 30.0
    slow: float = 180.0


DEFAULT_TIMEOUTS = Timeouts()


class Answer(NamedTuple):
    """What came back."""

    status: int
    content_type: str
    body: bytes
    cookies: Mapping[str, str] = {}


class NoAnswer(Exception):
    """No whole answer came.

    ``sent`` is false only where it is certain that no byte of the request left: the
    name did not resolve, the connection was not accepted, the certificate was refused.
    A kept-alive connection that turns out closed proves nothing. ``status``: of an
    answer that came in place of what had to be had first.
    """

    def __init__(self, technical: str, *, sent: bool, status: int | None = None):
        super().__init__(technical)
        self.technical = technical
        self.sent = sent
        self.status = status


class _NoNetrc(AuthBase):
    """Keeps requests from sending a password of the user's .netrc along."""

    def __call__(self, request):
        return request


def checked_url(url: str) -> tuple[str, bool]:
    """Return a base URL without its last slash, and whether it is on loopback.

    :raises OctopusInvalidRequest: it is no plain https address (http is allowed on
        loopback only)
    """
    try:
        parts = urlsplit(url.strip())
        host, _port = parts.hostname, parts.port
    except (ValueError, AttributeError):
        raise OctopusInvalidRequest("The address of Octopus is not a URL.") from None
    if not host or parts.scheme not in ("http", "https"):
        raise OctopusInvalidRequest(
            "The address of Octopus must start with https:// and name a server."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise OctopusInvalidRequest(
            "The address of Octopus must hold no login, question mark or hash."
        )
    loopback = _is_loopback(host)
    if parts.scheme == "http" and not loopback:
        raise OctopusInvalidRequest(
            "Octopus is reached by https only (http: this machine alone)."
        )
    return parts.geturl().rstrip("/"), loopback


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Wire:
    """One kept-alive connection to one service; for one thread at a time."""

    def __init__(
        self,
        base_url: str,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        max_answer: int = MAX_ANSWER,
    ):
        self.base_url, loopback = checked_url(base_url)
        self.timeouts = timeouts
        self._max_answer = max_answer
        self._session = requests.Session()
        # Proxies and certificates of the environment are wanted, except for a server
        # on this machine, which no proxy can reach.
        self._session.trust_env = not loopback
        self._session.auth = _NoNetrc()
        # Whoever needs a cookie sends it along: a session of Octopus is not ours to
        # pick up by chance.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.headers["Accept"] = "application/json, */*;q=0.5"

    def close(self) -> None:
        self._session.close()

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        slow: bool = False,
    ) -> Answer:
        """Make one exchange; ``target`` is path and query below the base URL.

        :raises NoAnswer: no whole answer came
        """
        limit = self.timeouts.slow if slow else self.timeouts.read
        try:
            return self._exchange(method, target, headers, body, limit)
        except (requests.RequestException, OSError) as error:
            failure = NoAnswer(_describe(error), sent=not _never_sent(error))
        # Raised here, so that the library's error, whose request holds the token, is
        # not carried along in a traceback.
        raise failure

    def _exchange(self, method, target, headers, body, limit):
        deadline = time.monotonic() + 2 * limit
        with self._session.request(
            method,
            self.base_url + target,
            headers=headers,
            # A stream is sent in blocks, each with a timeout of its own; one big
            # attachment would otherwise have to leave within the connect timeout.
            data=None if body is None else io.BytesIO(body),
            timeout=(self.timeouts.connect, limit),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = self._read(response, deadline)
            return Answer(
                response.status_code,
                response.headers.get("Content-Type", ""),
                content,
                response.cookies.get_dict(),
            )

    def _read(self, response, deadline):
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > self._max_answer:
                raise NoAnswer("the answer is too big", sent=True)
            if time.monotonic() > deadline:
                raise NoAnswer("the answer takes too long", sent=True)
        # Older versions of urllib3 accept a body that ends early.
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and response.raw.tell() < int(promised):
            raise NoAnswer("the answer is cut off", sent=True)
        return bytes(content)


def _layers(error):
    """Yield an error of requests and the errors it wraps, outermost first."""
    seen = set()
    while isinstance(error, BaseException) and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = (
            getattr(error, "reason", None)
            or getattr(error, "original_error", None)
            or next((arg for arg in error.args if isinstance(arg, Exception)), None)
        )


def _never_sent(error):
    certain = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError)
    return isinstance(error, requests.ConnectTimeout) or any(
        isinstance(layer, certain) for layer in _layers(error)
    )


def _describe(error):
    # Class names and the system's words only: the library's own text repeats the URL.
    layers = list(_layers(error))
    names = " < ".join(dict.fromkeys(type(layer).__name__ for layer in layers))
    causes = [cause for layer in layers for cause in (layer, layer.__context__)]
    system = next((e.strerror for e in causes if getattr(e, "strerror", None)), "")
    return f"{names}: {system}" if system else names
