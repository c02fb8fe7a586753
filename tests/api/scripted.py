"""A server whose every answer, or failure to answer, is laid down beforehand.

For faults of the wire, which no well-behaved server gives: each act gets the socket.
Logins are answered by themselves unless the script says otherwise.
"""

import json
import socket
import socketserver
import struct
import threading
import time
from dataclasses import dataclass

BLOCK = 256 * 1024


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def answer(status=200, payload=None, content_type="application/json", headers=()):
    """An HTTP answer; a mapping or list becomes JSON."""
    body = payload if isinstance(payload, bytes) else b""
    if payload is not None and not isinstance(payload, bytes):
        body = json.dumps(payload).encode()

    def act(sock, server):
        lines = [
            f"HTTP/1.1 {status} X",
            f"Content-Type: {content_type}",
            f"Content-Length: {len(body)}",
            *headers,
        ]
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return True

    return act


def html(status):
    body = b"<html><body><h1>Proxy</h1><p>says no</p></body></html>"
    return answer(status, body, "text/html")


def silence(sock, server):
    """Keep the request and say nothing until the server stops."""
    server.stopping.wait(20)


def hang_up(sock, server):
    """Close without a word."""


def reset(sock, server):
    """Break the connection."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def raw(content):
    """Send these bytes and hang up."""

    def act(sock, server):
        sock.sendall(content)

    return act


def cut_off(status=200):
    """Promise more than is sent."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    return raw(head.encode() + b'Content-Length: 100\r\n\r\n[{"code": "21"')


def drip(sock, server):
    """Send a body a little at a time, each bit well within a timeout, for long."""
    sock.sendall(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
    end = time.monotonic() + 8
    while time.monotonic() < end and not server.stopping.wait(0.05):
        sock.sendall(b"1\r\n[\r\n")
    sock.sendall(b"0\r\n\r\n")


def drip_after(start):
    """Send ``start``, then one byte at a time, each well within a timeout, for long."""

    def act(sock, server):
        sock.sendall(start)
        end = time.monotonic() + 30
        while time.monotonic() < end and not server.stopping.wait(0.05):
            sock.sendall(b" ")

    return act


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.owner.connections += 1
        while True:
            request = self._read()
            if request is None:
                return
            self.server.owner.requests.append(request)
            if not self.server.owner.act_for(request)(self.request, self.server.owner):
                return

    def _read(self):
        first = self.rfile.readline().decode().split()
        if len(first) < 2:
            return None
        headers = {}
        for line in iter(self.rfile.readline, b"\r\n"):
            name, _sep, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self._read_body(int(headers.get("content-length", 0)))
        return Request(first[0], first[1], headers, body)

    def _read_body(self, length):
        body = b""
        while len(body) < length:
            time.sleep(self.server.owner.reading_pause)
            body += self.rfile.read(min(BLOCK, length - len(body)))
        return body


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that go away are the point of these tests."""


class ScriptedServer:
    """Acts through its script, one act per request that is no login.

    ``logins``: an own script for ``/authentication`` and opening a dossier; both give
    a token by default, numbered so that each differs.
    """

    def __init__(self, *script, logins=()):
        self.script = list(script)
        self.logins = list(logins)
        self.requests = []
        self.connections = 0
        self.reading_pause = 0  # seconds before each block of a body
        self.stopping = threading.Event()
        self._tokens = 0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exc_info):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self):
        return self._server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/rest/v1"

    def wrap(self, context):
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    @property
    def documents(self):
        """The requests that are no login."""
        return [request for request in self.requests if not _is_login(request)]

    def act_for(self, request):
        if not _is_login(request):
            return self.script.pop(0)
        if self.logins:
            return self.logins.pop(0)
        self._tokens += 1
        token = f"opaque-token-{self._tokens}"
        name = "token" if "authentication" in request.target else "Dossiertoken"
        return answer(200, {name: token})


def _is_login(request):
    path = request.target.partition("?")[0]
    return request.method == "POST" and path.endswith(("/authentication", "/dossiers"))
