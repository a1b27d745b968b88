"""The client of the admin socket."""

import contextlib
import json
import socket

from transports.operator.answers import Answer

PATIENCE = 10.0
"""The timeout of connecting and of each answer, in seconds."""

ANSWER_LIMIT = 1 << 24
"""The longest answer accepted, in bytes."""


class NotAnswered(Exception):
    """The server closed the connection, or its answer is invalid."""


class AdminClient:
    """A connection to a server's admin socket.

    Raises:
        OSError: the file is missing, no server listens on it, or it may not be opened.
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
        """Sends a command and returns the answer.

        Raises:
            NotAnswered: there was no answer, or an invalid one.
            OSError: the connection failed or timed out.
        """
        with contextlib.suppress(BrokenPipeError):  # a server that closes the connection says why first
            self._socket.sendall(json.dumps({"command": command}).encode() + b"\n")
        line = self._lines.readline(ANSWER_LIMIT)
        try:
            return Answer(**json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            raise NotAnswered from error

    def close(self) -> None:
        """Closes the connection."""
        self._lines.close()
        self._socket.close()
