"""Records every event that the core handles, for replays, but neither what users write nor their names."""

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from hashlib import blake2b
from typing import BinaryIO

from roulette_core import Effect, Event, Join, RecordingHeader, Start, encode_event, encode_header
from transports.gateway import GatewayObserver


class RecordingWriter(GatewayObserver):
    """Writes events as lines of JSON, those of one turn together.

    Pseudonyms and interests are replaced by a keyed hash, whose key is never written: a recording shows which are
    equal, so that it replays with the same refusals and pairs, but not what they are. If writing fails, the recording
    ends at its last whole line with a warning, and nothing else happens.

    Args:
        path: the file; it must be empty or missing.
        header: the policy and the seed.
        warn: called with a line of text for the operator.
        key: the key of the hash, at most 64 bytes; random by default.
    """

    def __init__(
        self, path: str, header: RecordingHeader, warn: Callable[[str], None], key: bytes | None = None
    ) -> None:
        self._path = path
        self._warn = warn
        self._key = secrets.token_bytes(16) if key is None else key
        self._lines = [encode_header(header)]
        self._file: BinaryIO | None = None
        self._written = 0
        self._opened = False

    def open(self) -> None:
        """Creates the file and writes the header.

        Raises:
            OSError: the file cannot be written, or (``FileExistsError``) is not empty.
        """
        self._opened = True
        if os.path.isfile(self._path) and os.path.getsize(self._path):
            raise FileExistsError(errno.EEXIST, "the file is not empty", self._path)
        self._file = open(self._path, "wb")  # noqa: SIM115 - closed by close
        try:
            self._write(self._file)
        except OSError as error:
            self._abandon(self._file)
            raise OSError(error.errno, error.strerror, self._path) from error

    def handled(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Buffers an event until the next ``flush``."""
        if isinstance(event, Join):
            event = event._replace(name=self._hash(event.name))
        elif isinstance(event, Start):
            event = event._replace(interests=tuple(map(self._hash, event.interests)))
        self._lines.append(encode_event(event, now))

    def flush(self) -> None:
        """Writes the buffered events, which are kept until the file is open; to be called once per turn."""
        if not self._opened:
            return
        if self._lines and self._file is not None:
            try:
                self._write(self._file)
            except OSError as error:
                self._abandon(self._file)
                self._warn(f"recording stopped, the server runs on: {self._path}: {error.strerror}")
        self._lines.clear()

    def close(self) -> None:
        """Writes the buffered events and closes the file."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, file: BinaryIO) -> None:
        data = "".join(f"{line}\n" for line in self._lines).encode()
        self._lines.clear()
        file.write(data)
        file.flush()
        self._written += len(data)

    def _abandon(self, file: BinaryIO) -> None:
        """Closes the file and truncates it to its last whole line."""
        self._file = None
        with contextlib.suppress(OSError):  # close retries the write that failed
            file.close()
        with contextlib.suppress(OSError):  # a pipe or a device cannot be truncated
            os.truncate(self._path, self._written)

    def _hash(self, text: str) -> str:
        return blake2b(text.encode(), digest_size=8, key=self._key).hexdigest()
