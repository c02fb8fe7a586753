"""Where the addons of others send to: takes what comes, books it, and answers; one
answer can get lost on its way. Pure: no Odoo."""

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

from werkzeug.formparser import parse_form_data


def body_of_upload(environ) -> list[str]:
    """The body of the one file of a form, as ``account_invoice_export`` sends it."""
    _stream, _form, files = parse_form_data(environ)
    return [files["file"].read().decode()]


def names_of_documents(environ) -> list[str]:
    """The names of the documents of a call of ``account_peppol``, several in one."""
    call = json.load(environ["wsgi.input"])
    return [it["filename"] for it in call["params"].get("documents", ())]


def plain_answer(_documents) -> dict:
    """What ``account_invoice_export`` is content with."""
    return {"booked": True}


def peppol_answer(documents) -> dict:
    """A message for each document, as the access point of Odoo answers."""
    messages = [{"message_uuid": f"message of {it}"} for it in documents]
    return {"jsonrpc": "2.0", "result": {"messages": messages}}


class Sink:
    """An HTTP server on loopback, as a context manager.

    :param documents: gives what tells the documents of a call apart, of a WSGI
        environment
    :param answer: gives the JSON of an answer, of those
    """

    def __init__(self, documents=body_of_upload, answer=plain_answer):
        self.documents = documents
        self.answer = answer
        self.books = Counter()
        self._before_loss = None
        self._lock = threading.Lock()

    def lose_answer(self, number: int) -> None:
        """Open the books anew, and do not answer the call of the ``number``-th document
        that is booked."""
        with self._lock:
            self.books.clear()
            self._before_loss = number

    def twice(self) -> int:
        """How many documents came more than once."""
        with self._lock:
            return sum(times > 1 for times in self.books.values())

    def take(self, environ) -> bytes | None:
        """Book the documents of a call; give the answer, None where it gets lost."""
        documents = self.documents(environ)
        with self._lock:
            self.books.update(documents)
            if self._before_loss is not None:
                self._before_loss -= len(documents)
                if self._before_loss <= 0:
                    self._before_loss = None
                    return None
        return json.dumps(self.answer(documents)).encode()

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"sink": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The answer leaves in one piece: two would wait for each other on loopback.
    wbufsize = -1

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        answer = self.sink.take(
            {
                "REQUEST_METHOD": "POST",
                "CONTENT_TYPE": self.headers["Content-Type"],
                "CONTENT_LENGTH": str(length),
                "wsgi.input": BytesIO(self.rfile.read(length)),
            }
        )
        if answer is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_values):
        """Keep the output to the figures."""
