"""The HTTP server: threads, kept-alive connections, and faults on the wire.

Werkzeug reads the requests and makes the responses; its own server closes every
connection after one answer, so the standard library's serves them here.
"""

import io
import select
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from .control import api as control_api
from .control import desk
from .oauth import door as oauth
from .rest import door as rest
from .soap import door as soap
from .wire import Cut

_RESET = struct.pack("ii", 1, 0)
MAX_BODY = 100_000_000


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self):
        """Read one request, hand it to its door, send the response."""
        if "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._send(Response("A Content-Length is needed", 411))
            return
        request = Request(self._environ())
        try:
            self._send(self.server.respond(request))
        except Cut as cut:
            self._cut(cut)
        except (ConnectionError, ClientDisconnected):
            # The caller went away, maybe in the middle of what it had to say.
            self.close_connection = True
        except Exception as error:
            # A mistake of the sandbox must fail the test that met it.
            self.server.world.violate("", f"SANDBOX {error!r}")
            raise

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer

    def _environ(self):
        address = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
        environ = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(address.path).encode().decode("latin1"),
            "QUERY_STRING": address.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.rfile.read(length)),
        }
        for name, value in self.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ

    def _send(self, response, cut_to=None):
        body = response.get_data()
        self.send_response(response.status_code)
        for name, value in response.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:cut_to])

    def _cut(self, cut):
        self.close_connection = True
        if cut.kind == "hang":
            self.server.world.faults.wait_while(self._client_waits, cut.seconds)
        elif cut.kind == "truncated":
            self._send(cut.response, cut_to=len(cut.response.get_data()) // 2)
        elif cut.kind == "reset":
            self.server.reset(self.connection)

    def _client_waits(self):
        readable, _w, _x = select.select([self.connection], [], [], 0)
        try:
            return not readable or bool(self.connection.recv(1, socket.MSG_PEEK))
        except OSError:
            return False

    def log_message(self, format, *args):
        """Quiet: the world records the calls."""


class SandboxServer(ThreadingHTTPServer):
    """Serves one world; ``port`` 0 takes a free one."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, world, host="127.0.0.1", port=0):
        super().__init__((host, port), Handler)
        self.world = world
        self.doors = [
            (rest.PREFIX, rest.RestDoor(world)),
            (soap.PATH, soap.SoapDoor(world)),
            (oauth.PREFIX, oauth.OAuthDoor(world)),
            (control_api.PREFIX, control_api.ControlApi(world)),
            (desk.PREFIX, desk.Desk(world)),
        ]
        self._connections = set()
        self._to_reset = set()
        self._guard = threading.Lock()

    @property
    def address(self):
        """``http://host:port``."""
        host, port = self.server_address[:2]
        return f"http://{host}:{port}"

    def respond(self, request):
        """The response of the door that the path belongs to."""
        for prefix, door in self.doors:
            if request.path.startswith(prefix):
                return door.handle(request, request.path.removeprefix(prefix))
        return Response("Not found", 404)

    def start(self):
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        """Stop serving, free the calls that hang, close every connection."""
        self.shutdown()
        self.world.faults.clear()
        self.server_close()
        with self._guard:
            connections = list(self._connections)
        for connection in connections:
            _shut(connection)

    def reset(self, connection):
        """Let a connection end with a reset."""
        with self._guard:
            self._to_reset.add(connection)

    def process_request(self, request, client_address):
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        with self._guard:
            self._connections.discard(request)
            resets = request in self._to_reset
            self._to_reset.discard(request)
        if not resets:
            super().shutdown_request(request)
            return
        request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        request.close()

    def handle_error(self, request, client_address):
        """A client that went away is no error of ours; anything else is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def _shut(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was quicker.
        return
