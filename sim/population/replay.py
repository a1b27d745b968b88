"""A recorded session as a population: its users ask for the same things again, under any policy."""

import codecs
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from heapq import heappush
from itertools import count
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

from roulette_core import (
    END_OF_TIME,
    BadRecording,
    Effect,
    Event,
    Join,
    Joined,
    Left,
    RecordingHeader,
    Tick,
    User,
    decode_event,
    decode_header,
    users_of,
    with_users,
)
from sim.engine import END, Entry

_LONGEST_LINE = 1 << 16
_STDIN = "-"

_OTHER_FORMATS = {
    b"\x1f\x8b": "it is compressed with gzip",
    b"BZh": "it is compressed with bzip2",
    b"\xfd7zXZ": "it is compressed with xz",
    b"\x28\xb5\x2f\xfd": "it is compressed with zstd",
    b"PK\x03\x04": "it is a ZIP archive",
    codecs.BOM_UTF16_LE: "it is UTF-16, not UTF-8",
    codecs.BOM_UTF16_BE: "it is UTF-16, not UTF-8",
}
"""The first bytes of files that are taken for recordings → what they are."""


class Recording:
    """A recording, read line by line, as often as it is replayed.

    Args:
        file: at the beginning of the recording; it can be sought.

    Attributes:
        unreadable: number of lines so far that were not events, and were skipped: the last line is torn if the
            server was killed.

    Raises:
        OSError: it cannot be read.
        BadRecording: it is empty, or its first line is not the header of a recording.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.unreadable = 0
        self._file = file
        first = file.readline(_LONGEST_LINE)
        self._events = file.tell()
        if not first:
            raise BadRecording("it is empty")
        for beginning, what in _OTHER_FORMATS.items():
            if first.startswith(beginning):
                raise BadRecording(what)
        self.header: RecordingHeader = decode_header(first.removeprefix(codecs.BOM_UTF8).decode(errors="replace"))

    def events(self) -> Iterator[tuple[Event, float]]:
        """Yields the readable events, from the first, with their times in seconds."""
        self.unreadable = 0
        self._file.seek(self._events)
        while line := self._file.readline(_LONGEST_LINE):  # an endless one comes in pieces, none of which is an event
            try:
                yield decode_event(line.decode(errors="replace"))
            except BadRecording:
                self.unreadable += 1


@contextmanager
def open_recording(path: str | Path) -> Iterator[Recording]:
    """Opens the file of a recording; ``-`` is stdin. Closes it at the end.

    What comes through a pipe can be read once only: it is kept in a temporary file, which has no name.

    Raises:
        OSError: it cannot be read.
        BadRecording: it is not a recording.
    """
    with ExitStack() as opened:
        file: BinaryIO
        if path == _STDIN:
            if sys.stdin is None:
                raise BadRecording("stdin is closed")
            file = sys.stdin.buffer
        else:
            file = opened.enter_context(open(path, "rb"))
        if not file.seekable():
            source, file = file, opened.enter_context(TemporaryFile())
            copyfileobj(source, file)
            file.seek(0)
        yield Recording(file)


class Replay:
    """The users of a recording, who ask for the same things again, at the same times.

    Another policy pairs them differently, but their requests stay the same: a user who asked for the next partner asks
    again, and is refused if there is no chat to end. Joining, leaving and lines do not depend on the policy.

    Args:
        ticking: whether to replay the recorded ticks, too: under the recorded policy. Under another, the engine ticks.

    Attributes:
        start: the time of the first event, in seconds.
        initial_users: 0, as nothing is there before the first event.
        impossible: number of events that could not have happened, and were skipped: an unknown user asked, a user
            joined twice or had blocked an unknown one, or time ran back.

    Raises:
        BadRecording: it holds no events.
    """

    def __init__(self, recording: Recording, ticking: bool) -> None:
        self.initial_users = 0
        self.impossible = 0
        self._events = recording.events()
        self._ticking = ticking
        self._present: set[User] = set()
        self._numbers: dict[User, int] = {}
        self._serial = count().__next__
        self._now = 0.0
        self.agenda: list[Entry] = []
        self._put_next()
        self.start = self._now
        if self.agenda[0][2] is END:
            raise BadRecording("it holds no events")

    def kind_of(self, user: int) -> int:
        """Returns 0: a recording does not tell kinds."""
        return 0

    def ask(self, now: float, serial: float, what: Event) -> Event | None:
        """Returns the recorded event; None if it cannot be asked now."""
        self._put_next()
        if isinstance(what, Tick):
            return what if self._ticking else None
        if isinstance(what, Join):
            possible = what.user not in self._present and self._present.issuperset(what.blocked + what.blocked_by)
        else:
            possible = self._present.issuperset(users_of(what))
        self.impossible += not possible
        return what if possible else None

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Tracks which users are present."""
        for effect in effects:
            if type(effect) is Joined:
                self._present.add(effect.user)
            elif type(effect) is Left:
                self._present.discard(effect.user)

    def _put_next(self) -> None:
        """Puts the next event on the agenda, or the end, at the time of the last event."""
        for event, time in self._events:
            if self._now <= time < END_OF_TIME:
                self._now = time
                heappush(self.agenda, (time, self._serial(), self._numbered(event)))
                return
            self.impossible += 1
        heappush(self.agenda, (self._now, self._serial(), END))

    def _numbered(self, event: Event) -> Event:
        """Returns the event with numbers in place of user ids, as the trace recorder needs them."""
        return with_users(event, self._number)

    def _number(self, user: User) -> int:
        return self._numbers.setdefault(user, len(self._numbers))
