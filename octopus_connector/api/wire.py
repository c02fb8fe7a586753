"""One HTTP exchange, and what its failure proves.

Everything here holds for any service over HTTP: the address is checked, timeouts are
always set, an exchange as a whole has an end, nothing is redirected or repeated,
answers have a size limit, and a failure says whether anything can have reached the
other side.
"""

from __future__ import annotations

import io
import ipaddress
import ssl
import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .errors import OctopusInvalidRequest
from .line import Line
from .work_time import SHORTEST, UNLIMITED, WorkTime

USER_AGENT = "octopus-connector"
MAX_ANSWER = 256 * 1024 * 1024
CHUNK = 64 * 1024
# Up to here a long answer is kept in memory, beyond it in a file without a name.
MOST_IN_MEMORY = 1024 * 1024
# How fast the other side takes what is sent, at least (bytes a second): what is big
# gets time for it.
SLOWEST_UPLOAD = 50_000


class Timeouts(NamedTuple):
    """Seconds to connect, to wait for an answer, and to wait for a big one.

    To wait is until something comes; the whole exchange may last twice as long.
    """

    connect: float = 5.0
    read: float = 30.0
    slow: float = 180.0


DEFAULT_TIMEOUTS = Timeouts()


class Answer(NamedTuple):
    """What came back.

    ``file``: holds the body instead of ``body``, if it was asked for so. Whoever reads
    from it looks for its own place first; it is closed with the last reference to it.
    """

    status: int
    content_type: str
    body: bytes
    cookies: Mapping[str, str] = {}
    file: BinaryIO | None = None

    def whole(self) -> Answer:
        """Return the same with its body in memory."""
        if self.file is None:
            return self
        self.file.seek(0)
        return self._replace(body=self.file.read(), file=None)

    def beginning(self, size: int) -> bytes:
        """Return the first bytes of the body.

        :param size: how many at most
        """
        if self.file is None:
            return self.body[:size]
        self.file.seek(0)
        return self.file.read(size)


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
    """One kept-alive connection to one service; for one thread at a time.

    :param work_time: no exchange lasts longer than what is left of it
    """

    def __init__(
        self,
        base_url: str,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        max_answer: int = MAX_ANSWER,
        work_time: WorkTime = UNLIMITED,
    ):
        self.base_url, loopback = checked_url(base_url)
        self.timeouts = timeouts
        self._max_answer = max_answer
        self._work_time = work_time
        self._line = Line()
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._line.adapter())
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
        self._line.end()

    def has_time(self, *, slow: bool = False) -> bool:
        """Return whether enough time is left to make an exchange and wait for it.

        :param slow: the answer may be big: wait for it as ``Timeouts.slow`` says
        """
        return self._work_time.allows(self._patience(slow))

    def _patience(self, slow):
        return self.timeouts.slow if slow else self.timeouts.read

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        slow: bool = False,
        long: bool = False,
    ) -> Answer:
        """Make one exchange; ``target`` is path and query below the base URL.

        :param slow: the answer may be big: wait for it as ``Timeouts.slow`` says
        :param long: do not keep it in memory: with status 200 its body is in ``file``
        :raises NoAnswer: no whole answer came
        """
        left = self._work_time.left()
        if left < SHORTEST:
            raise NoAnswer("no time is left for a call", sent=False)
        limit = self._patience(slow)
        whole = min(2 * limit + len(body or b"") / SLOWEST_UPLOAD, left)
        try:
            with self._line.within(whole):
                timeouts = (min(self.timeouts.connect, whole), min(limit, whole))
                return self._exchange(method, target, headers, body, timeouts, long)
        except (requests.RequestException, OSError) as error:
            technical = self._line.cut and "it takes too long" or _describe(error)
            failure = NoAnswer(technical, sent=not _never_sent(error))
        # Raised here, so that the library's error, whose request holds the token, is
        # not carried along in a traceback.
        raise failure

    def _exchange(self, method, target, headers, body, timeouts, long):
        with self._session.request(
            method,
            self.base_url + target,
            headers=headers,
            # A stream is sent in blocks, each with a timeout of its own; one big
            # attachment would otherwise have to leave within the connect timeout.
            data=None if body is None else io.BytesIO(body),
            timeout=timeouts,
            allow_redirects=False,
            stream=True,
        ) as response:
            file = self._read(response)
            answer = Answer(
                response.status_code,
                response.headers.get("Content-Type", ""),
                b"",
                response.cookies.get_dict(),
                file,
            )
            return answer if long and answer.status == HTTPStatus.OK else answer.whole()

    def _read(self, response):
        """Return the body, whole, in a file."""
        file = Spool()
        for chunk in response.iter_content(CHUNK):
            file.write(chunk)
            if file.tell() > self._max_answer:
                raise NoAnswer("the answer is too big", sent=True)
        # A body of which nobody said how long it is seems whole when the line is cut.
        if self._line.cut:
            raise NoAnswer("the answer takes too long", sent=True)
        # Older versions of urllib3 accept a body that ends early.
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and response.raw.tell() < int(promised):
            raise NoAnswer("the answer is cut off", sent=True)
        return file


class Spool(tempfile.SpooledTemporaryFile):
    """Bytes, few of them in memory and many in a file that has no name, so that nothing
    of it is left when the process ends."""

    def __init__(self):
        super().__init__(MOST_IN_MEMORY)

    def __del__(self):
        # Python would complain of a file that nobody closed.
        self.close()


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
