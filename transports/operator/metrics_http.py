"""The HTTP server of the metrics: whoever holds it up or hangs up on it costs the chat nothing.

That of ``prometheus_client`` has a thread for each request, however many come and however long they take.
"""

import socket
import threading
import time
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

REQUESTS_LIMIT = 8
"""How many requests are answered at once; whoever is one too many is hung up on."""

PATIENCE = 5.0
"""How long a client may send or read nothing, in seconds."""

PAUSE = 0.5
"""How long to wait when no connection can be accepted, as no file descriptors are left, in seconds."""


class _Request(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""


class _Server(WSGIServer):
    """A thread for each request, of which there are not many."""

    def __init__(self, *place: Any) -> None:
        self._room = threading.Semaphore(REQUESTS_LIMIT)
        super().__init__(*place)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts a connection; should that fail it will be tried again, but not all the time."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(PAUSE)
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Has a thread answer, if there is one to be had."""
        if self._room.acquire(blocking=False):
            threading.Thread(target=self._answer, args=(request, client_address), daemon=True).start()
        else:
            self.shutdown_request(request)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:  # they have hung up, or taken too long
            pass
        finally:
            self.shutdown_request(request)
            self._room.release()


class _ServerIPv6(_Server):
    address_family = socket.AF_INET6


def serve_metrics(address: str, port: int, registry: CollectorRegistry) -> tuple[WSGIServer, threading.Thread]:
    """Serves the metrics of a registry, at every path; gives the server, and the thread that it runs in.

    Raises:
        OSError: the port is in use, or there is no such address here.
        UnicodeError: the address cannot be one.
    """
    family, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    kind = _ServerIPv6 if family == socket.AF_INET6 else _Server
    server = make_server(str(place[0]), port, make_wsgi_app(registry), kind, _Request)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    return server, thread
