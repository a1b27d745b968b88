"""The other end of the admin socket: asks a running server."""

import contextlib
import json
import socket

from transports.operator.answers import Answer

PATIENCE = 10.0
"""How long to wait for an answer, in seconds."""

ANSWER_LIMIT = 1 << 24
"""The longest answer that is believed to be one, in bytes."""


class NotAnswered(Exception):
    """What is at the other end has hung up, or does not speak as a server does."""


class AdminClient:
    """A connection to a server's admin socket.

    Args:
        path: the socket's file.

    Raises:
        OSError: there is no such file, no server behind it, or no permission.
    """

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.settimeout(PATIENCE)
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def ask(self, command: str) -> Answer:
        """Has the server obey a command.

        Raises:
            NotAnswered: there was no answer, or none that makes sense.
            OSError: the connection failed, or nothing came in time.
        """
        with contextlib.suppress(BrokenPipeError):  # it may have hung up, but not without a word
            self._socket.sendall(json.dumps({"command": command}).encode() + b"\n")
        line = self._lines.readline(ANSWER_LIMIT)
        try:
            return Answer(**json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise NotAnswered from error

    def close(self) -> None:
        """Hangs up."""
        self._lines.close()
        self._socket.close()
