"""A recorded session as a population: its users ask for the same things again, under any policy."""

from collections.abc import Iterator
from heapq import heappush
from itertools import count
from pathlib import Path
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
)
from sim.engine import END, Entry

_LONGEST_LINE = 1 << 16


class Recording:
    """The file of a recording, read line by line.

    Attributes:
        unreadable: number of lines so far that were not events, and were skipped: the last line is torn if the
            server was killed.

    Raises:
        OSError: it cannot be read.
        BadRecording: its first line is not the header of a recording.
    """

    def __init__(self, path: str | Path) -> None:
        self.unreadable = 0
        self._path = path
        with open(path, "rb") as file:
            self.header: RecordingHeader = decode_header(_line(file))

    def events(self) -> Iterator[tuple[Event, float]]:
        """Yields the readable events, with their times in seconds."""
        with open(self._path, "rb") as file:
            _line(file)  # the header
            while line := _line(file):
                try:
                    yield decode_event(line)
                except BadRecording:
                    self.unreadable += 1


def _line(file: BinaryIO) -> str:
    """Returns the next line; an endless one comes in pieces, none of which is an event."""
    return file.readline(_LONGEST_LINE).decode(errors="replace")


class Replay:
    """The users of a recording, who ask for the same things again, at the same times.

    Another policy pairs them differently, but their requests stay the same: a user who asked for the next partner asks
    again, and is refused if there is no chat to end. Joining, leaving and lines do not depend on the policy.

    Args:
        ticking: whether to replay the recorded ticks, too: under the recorded policy. Under another, the engine ticks.

    Attributes:
        start: the time of the first event, in seconds.
        impossible: number of events that could not have happened, and were skipped: an unknown user asked, a user
            joined twice or had blocked an unknown one, or time ran back.

    Raises:
        BadRecording: it holds no events.
    """

    def __init__(self, recording: Recording, ticking: bool) -> None:
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
            raise BadRecording("the recording holds no events")

    def ask(self, now: float, serial: float, what: Event) -> Event | None:
        """Returns the recorded event; None if it cannot be asked now."""
        self._put_next()
        if isinstance(what, Tick):
            return what if self._ticking else None
        unknown = isinstance(what, Join) and not self._present.issuperset(what.blocked)
        if unknown or isinstance(what, Join) == (what.user in self._present):
            self.impossible += 1
            return None
        return what

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
        if isinstance(event, Tick):
            return event
        event = event._replace(user=self._number(event.user))
        return event._replace(blocked=tuple(map(self._number, event.blocked))) if isinstance(event, Join) else event

    def _number(self, user: User) -> int:
        return self._numbers.setdefault(user, len(self._numbers))
