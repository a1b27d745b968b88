"""The HTTP server of the metrics: slow or broken clients cannot harm the chat.

The server of ``prometheus_client`` starts a thread per request, without a limit to their number or their time.
"""

import socket
import threading
import time
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

REQUESTS_LIMIT = 8
"""The most concurrent requests; further connections are closed."""

PATIENCE = 5.0
"""The timeout of reading from and writing to a client, in seconds."""

PAUSE = 0.5
"""The pause after a connection could not be accepted, as when file descriptors run out, in seconds."""


class _Request(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Does not log requests."""


class _Server(WSGIServer):
    """Handles each request in a thread, up to ``REQUESTS_LIMIT`` at once."""

    def __init__(self, *place: Any) -> None:
        self._room = threading.Semaphore(REQUESTS_LIMIT)
        super().__init__(*place)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts a connection. After a failure it pauses, as ``serve_forever`` retries at once."""
        try:
            return super().get_request()
        except OSError:
            time.sleep(PAUSE)
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Starts a thread for a request, or closes the connection if too many are running."""
        if self._room.acquire(blocking=False):
            threading.Thread(target=self._answer, args=(request, client_address), daemon=True).start()
        else:
            self.shutdown_request(request)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:  # the client hung up, or timed out
            pass
        finally:
            self.shutdown_request(request)
            self._room.release()


class _ServerIPv6(_Server):
    address_family = socket.AF_INET6


def serve_metrics(address: str, port: int, registry: CollectorRegistry) -> tuple[WSGIServer, threading.Thread]:
    """Serves a registry at every path. Returns the server and its thread. Raises as ``Exporter.open`` does."""
    family, *_, place = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    kind = _ServerIPv6 if family == socket.AF_INET6 else _Server
    server = make_server(str(place[0]), port, make_wsgi_app(registry), kind, _Request)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    return server, thread
