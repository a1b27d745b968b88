"""One direction of a simulated connection: bytes in flight, which arrive in order."""

import math
from collections import deque
from collections.abc import Callable

from sim.worlds.faults import Occurrence
from sim.worlds.wire.conditions import Conditions

EOF = b""
"""The last packet: the writer has closed its side."""


class Direction:
    """Carries bytes to a reader.

    Args:
        received: called with what the reader reads, at least one byte.
        ended: called when the reader has read everything up to EOF.
        drained: called when the direction was full, and no longer is.
        read_size: how many bytes are read at once.

    Attributes:
        latency: how long a packet takes, in seconds.
        speed: how many bytes a second the reader reads.
        unread: how many bytes were written and neither read nor lost.
        over: whether nothing more can arrive.
    """

    def __init__(
        self,
        conditions: Conditions,
        received: Callable[[bytes], object],
        ended: Callable[[], object],
        drained: Callable[[], object],
        read_size: int,
    ) -> None:
        self.latency = 0.0
        self.speed = math.inf
        self.unread = 0
        self.over = False
        self._conditions = conditions
        self._received, self._ended, self._drained = received, ended, drained
        self._read_size = read_size
        self._packets: deque[tuple[float, bytes]] = deque()
        self._latest = 0.0
        self._wake = math.inf
        self._stalled_until = self._busy_until = 0.0
        self._paused = self._shut = False

    @property
    def full(self) -> bool:
        """Whether the window is used up, so that the writer has to keep the rest."""
        return self.unread > self._conditions.window

    @property
    def beyond_window(self) -> int:
        """How many bytes exceed the window."""
        return int(max(0, self.unread - self._conditions.window))

    # The writer's end.

    def write(self, data: bytes) -> None:
        """Sends at least one byte; does nothing if the direction is cut or finished."""
        if self._shut:
            return
        self.unread += len(data)
        for piece in self._conditions.fragments(data):
            self._send(piece)

    def finish(self) -> None:
        """Sends EOF after everything written."""
        if not self._shut:
            self._shut = True
            self._send(EOF)

    def _send(self, packet: bytes) -> None:
        self._latest = max(self._latest, self._conditions.arrival(self.latency))
        self._packets.append((self._latest, packet))
        self._wake_at(self._packets[0][0])

    # The reader's end.

    def pause(self) -> None:
        """Stops reading."""
        self._paused = True

    def resume(self) -> None:
        """Reads again."""
        self._paused = False
        self._wake_at(self._conditions.timeline.now)

    # Faults.

    def stall(self, until: float) -> None:
        """Delays all arrivals up to a time, in seconds."""
        self._stalled_until = max(until, self._stalled_until)

    def heal(self) -> None:
        """Ends stalls and slow reading. The window is unlimited from now on, so that the direction is not full."""
        self._stalled_until = self._busy_until = 0.0
        self.speed = math.inf
        self._wake_at(self._conditions.timeline.now)
        self._drained()

    def cut(self) -> int:
        """Loses everything in flight, and lets nothing more through. Returns how many bytes are lost."""
        lost, self.unread = self.unread, 0
        self._shut = self.over = True
        self._packets.clear()
        return lost

    def _wake_at(self, when: float) -> None:
        if when < self._wake:
            self._wake = when
            self._conditions.timeline.at(when, self._pump)

    def _pump(self) -> None:
        """Reads what has arrived by now, if anything has, and schedules the next read."""
        now = self._conditions.timeline.now
        if now < self._wake:
            return  # an earlier call was scheduled meanwhile, and has done this one's work
        self._wake = math.inf
        if self._paused or not self._packets:
            return
        ready = max(self._packets[0][0], self._stalled_until, self._busy_until)
        if ready > now:
            self._wake_at(ready)
        elif self._packets[0][1] == EOF:
            self.over = True
            self._packets.clear()
            self._ended()
        else:
            self._read(now)

    def _read(self, now: float) -> None:
        was_full = self.full
        data = self._take(now)
        self.unread -= len(data)
        self._busy_until = now + len(data) / self.speed
        if self._packets:
            self._wake_at(max(now, self._packets[0][0]))
        self._received(data)
        if was_full and not self.full:
            self._drained()

    def _take(self, now: float) -> bytes:
        """Returns what has arrived by now, up to what is read at once."""
        packets, room = self._packets, int(min(self._read_size, max(1, self.speed)))
        pieces: list[bytes] = []
        while packets and packets[0][0] <= now and packets[0][1] != EOF and room:
            arrived, data = packets.popleft()
            if len(data) > room:
                packets.appendleft((arrived, data[room:]))
                data = data[:room]
            room -= len(data)
            pieces.append(data)
        if len(pieces) > 1:
            self._conditions.counts[Occurrence.JOINED] += len(pieces)
        return b"".join(pieces)
