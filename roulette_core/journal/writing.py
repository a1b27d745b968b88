"""Writes a journal: class ``Journal``."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from zlib import crc32

from roulette_core._gate import checked
from roulette_core.effects import Effect, LobbyLine, PrivateLine, Refused
from roulette_core.errors import NotAnEvent
from roulette_core.events import Event, Say, Tick
from roulette_core.files import replace_file
from roulette_core.machine import Roulette
from roulette_core.policies import NEVER
from roulette_core.recording import encode_event

FORMAT = 1

LEAST = 1_000_000
"""Bytes of events after which a new file may begin: about 15,000 events, which are replayed in 0.1 s."""

_IDLE = frozenset({Refused, LobbyLine, PrivateLine})
"""The effects of requests that change nothing."""


class Journal:
    """Writes what happens to a roulette to a file, so that ``recover`` can bring it back after any end of the program.

    Every journal begins with a new file, put in place of an old one by renaming; so does an old journal that has grown
    by more than its first line and ``least`` bytes. As a snapshot costs time by its size, the cost of snapshots is
    bounded by a constant for each event, whatever the number of users.

    Args:
        path: the file. One program at a time may write it.
        roulette: new or recovered. The journal reads it after each event.
        note: the note to begin with: that of ``recover``.
        fsync: whether to wait for the disk after every line, so that nothing is lost when the computer loses power. If
            only the program is killed, nothing is lost without it either.
        least: how many bytes of events a file holds at least before a new one begins.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(
        self,
        path: Path | str,
        roulette: Roulette,
        *,
        note: Any = None,
        fsync: bool = False,
        least: int = LEAST,
    ) -> None:
        self._path = Path(path).resolve()
        self._roulette = roulette
        self._note = note
        self._fsync = fsync
        self._least = least
        self._file: IO[bytes] | None = None
        self._crc = self._grown = self._limit = 0
        self._begin()

    def append(self, event: Event, now: float, effects: Sequence[Effect] | None = None, *, note: Any = None) -> None:
        """Writes an event that the roulette has just handled; to be called before its effects are carried out.

        Args:
            event: the event. What it holds several of must be in tuples or lists: an iterator has been read by now.
            now: its time.
            effects: its effects. They tell whether it has changed anything; without them every event but ``Say`` and an
                idle ``Tick`` is written.
            note: plain JSON data of the caller that belongs to this event, such as the number of the message that it
                came with. ``recover`` returns the latest.

        Raises:
            NotAnEvent: the event holds an iterator.
            OSError: it could not be written. The next event begins a new file, which has this one in its snapshot.
        """
        if note is not None:
            self._note = note
        line = self._line(event, now, effects, note)
        if self._file is None or self._grown + len(line) > self._limit:
            self._begin()
        elif line:
            self._crc = crc32(line, self._crc)
            self._grown += len(line)
            self._write(self._file, b"%08x %s\n" % (self._crc, line))
        self._due = self._deadline()

    def close(self) -> None:
        """Closes the file. Nothing is left to be written."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _line(self, event: Event, now: float, effects: Sequence[Effect] | None, note: Any) -> bytes:
        """Returns what has to be written of an event: nothing if it changes nothing, and no note comes with it."""
        idle = type(event) in (Say, Tick) if effects is None else all(type(effect) in _IDLE for effect in effects)
        if idle and now < self._due:
            return b"" if note is None else json.dumps({"note": note}).encode()
        if any(isinstance(field, Iterator) for field in event):
            raise NotAnEvent(f"{event!r}: an iterator can be read only once: hand in a tuple")
        line = encode_event(checked(event), now)
        return (line if note is None else f'{line[:-1]}, "note": {json.dumps(note)}}}').encode()

    def _begin(self) -> None:
        """Begins a new file with a snapshot."""
        self.close()
        first = json.dumps({"journal": FORMAT, "note": self._note, "snapshot": self._roulette.snapshot()}).encode()
        self._crc, self._grown, self._limit = crc32(first), 0, max(self._least, len(first))
        replace_file(self._path, b"%08x %s\n" % (self._crc, first), self._fsync)
        self._file = self._path.open("ab", buffering=0)
        self._due = self._deadline()

    def _write(self, file: IO[bytes], line: bytes) -> None:
        try:
            if file.write(line) != len(line):  # as at the end of the disk
                raise OSError(f"a line of {self._path} was written in part")
            if self._fsync:
                os.fsync(file.fileno())
        except BaseException:
            self.close()  # whatever comes behind a part of a line could not be read
            raise

    def _deadline(self) -> float:
        deadline = self._roulette.next_deadline()
        return NEVER if deadline is None else deadline
