"""The operator's commands through a Unix socket: for a server that has no terminal, such as a service.

One JSON object a line, both ways: ``{"command": "kick bob"}`` is answered by the data of an ``Answer``. Whoever may
open the socket may do anything, so nobody but the server's own user (and root) may.
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
"""How many may be connected at once."""

LINE_LIMIT = 8192
"""The longest line, in bytes."""

PATIENCE = 60.0
"""How long a client may take to ask again, or to read an answer, in seconds."""


class AdminSocket:
    """Answers an operator's programs. A client that does not read or says nothing holds up nobody else.

    Args:
        operator: obeys the commands.
        path: the socket's file; it is removed in the end.
    """

    def __init__(self, operator: Operator, path: str) -> None:
        self._operator = operator
        self._path = path
        self._clients = 0
        self._server: asyncio.Server | None = None
        self._identity = (0, 0)

    async def open(self) -> None:
        """Takes the place of a socket whose server is gone, and listens.

        Raises:
            OSError: there is no way to make a socket there; ``EADDRINUSE`` if a server answers at the one there is,
                ``EEXIST`` if what is there is no socket.
        """
        _make_room(self._path)
        listening = _private_socket(self._path)
        self._identity = _identity(self._path)
        self._server = await asyncio.start_unix_server(
            self._converse,
            sock=listening,
            limit=LINE_LIMIT,
            backlog=CLIENTS_LIMIT,  # asyncio warns as often, in a second, when no file descriptors are left
        )

    def close(self) -> None:
        """Listens no more, and removes the file unless it is another server's by now."""
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
                await _tell(writer, refusal("Too many are connected to the admin socket."))
                return
            while line := await _read(reader):
                await _tell(writer, self._answer(line))
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # asyncio, in 3.11, would tell of a task that is cancelled in the end as of a bug
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
            return refusal('Not understood: a line is {"command": "…"}.')
        return self._operator.obey(command)


async def _read(reader: asyncio.StreamReader) -> bytes:
    """The next line; empty at the end, or where a line is too long to go on."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.readline()
        except ValueError:
            return b""


async def _tell(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(json.dumps(answer.to_data()).encode() + b"\n")
    async with asyncio.timeout(PATIENCE):
        await writer.drain()


def _make_room(path: str) -> None:
    """Removes a socket at which nobody answers."""
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
    """A listening socket that was nobody else's to open for even a moment."""
    listening = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
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
