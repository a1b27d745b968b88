"""The operator's commands through a Unix socket: for a server without a terminal, such as a service.

One JSON object a line, both ways: ``{"command": "kick bob"}`` is answered by the data of an ``Answer``. A client may do
anything, so only the server's own user and root can open the socket.
"""

import asyncio
import contextlib
import errno
import json
import os
import socket
import stat
from typing import Any

from transports.operator.answers import Answer, refusal
from transports.operator.commands import Operator

CLIENTS_LIMIT = 8
"""The most clients at the same time."""

LINE_LIMIT = 8192
"""The longest request, in bytes."""

PATIENCE = 60.0
"""The timeout of the next request, and of reading an answer, in seconds."""


class AdminSocket:
    """Serves the operator's commands. A client that does not read, or sends nothing, does not block the others."""

    def __init__(self, operator: Operator, path: str) -> None:
        self._operator = operator
        self._path = path
        self._clients = 0
        self._server: asyncio.Server | None = None
        self._identity = (0, 0)

    async def open(self) -> None:
        """Replaces a stale socket file, then listens.

        Raises:
            OSError: the socket cannot be created; ``EADDRINUSE`` if a server listens on it, ``EEXIST`` if the file is
                not a socket.
        """
        _remove_stale(self._path)
        listening = _private_socket(self._path)
        self._identity = _identity(self._path)
        self._server = await asyncio.start_unix_server(
            self._converse,
            sock=listening,
            limit=LINE_LIMIT,
            backlog=CLIENTS_LIMIT,  # asyncio also warns this often per second when file descriptors run out
        )

    def close(self) -> None:
        """Stops listening, and removes the file unless another server has replaced it."""
        if self._server is not None:
            self._server.close()
            self._server = None
            with contextlib.suppress(OSError):
                if _identity(self._path) == self._identity:
                    os.unlink(self._path)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        try:
            if self._clients > CLIENTS_LIMIT:
                await _tell(writer, refusal("Too many connections to the admin socket."))
                return
            while line := await _read(reader):
                await _tell(writer, self._answer(line))
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # asyncio 3.11 would report a task that is cancelled at exit as a bug
        finally:
            self._clients -= 1
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    def _answer(self, line: bytes) -> Answer:
        try:
            asked = json.loads(line)
        except (ValueError, RecursionError):
            asked = None
        command = asked.get("command") if isinstance(asked, dict) else None
        if not isinstance(command, str) or len(line) > LINE_LIMIT:
            return refusal('Invalid request: send {"command": "…"}.')
        return self._operator.obey(command)


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Returns the next line; empty at EOF, or if a line is too long."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.readline()
        except ValueError:
            return b""


async def _tell(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(json.dumps(answer.to_data()).encode() + b"\n")
    async with asyncio.timeout(PATIENCE):
        await writer.drain()


def _remove_stale(path: str) -> None:
    """Removes a socket on which no server listens."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE), path)


def _private_socket(path: str) -> socket.socket:
    """Returns a listening socket that no other user could open, not even for a moment."""
    listening = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)  # chmod after bind would leave a gap
    try:
        listening.bind(path)
        listening.listen(CLIENTS_LIMIT)
    except OSError as error:
        listening.close()
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.umask(mask)
    return listening


def _identity(path: str) -> tuple[int, int]:
    status: Any = os.lstat(path)
    return status.st_dev, status.st_ino
