"""One direction of a connection: bytes on their way, in order, however long each piece of them takes."""

import math
from collections import deque
from collections.abc import Callable

from sim.worlds.faults import Occurrence
from sim.worlds.wire.conditions import Conditions

END = b""
"""Instead of a packet: the writer has closed its side."""


class Direction:
    """Carries bytes to a reader.

    Args:
        conditions: time, chance and faults.
        received: takes what the reader reads, at least one byte.
        ended: called when all is read, and the writer has closed its side.
        relieved: called when the pipe has been full, and is not any more.
        most: how many bytes are read at once.

    Attributes:
        latency: how long a packet takes, in seconds.
        speed: how many bytes a second are read.
        unread: how many bytes have been written and neither read nor lost.
        over: whether nothing can come through any more.
    """

    __slots__ = (
        "_busy_until",
        "_conditions",
        "_ended",
        "_held",
        "_latest",
        "_most",
        "_packets",
        "_received",
        "_relieved",
        "_shut",
        "_stalled_until",
        "_wake",
        "latency",
        "over",
        "speed",
        "unread",
    )

    def __init__(
        self,
        conditions: Conditions,
        received: Callable[[bytes], object],
        ended: Callable[[], object],
        relieved: Callable[[], object],
        most: int,
    ) -> None:
        self.latency = 0.0
        self.speed = math.inf
        self.unread = 0
        self.over = False
        self._conditions = conditions
        self._received, self._ended, self._relieved = received, ended, relieved
        self._most = most
        self._packets: deque[tuple[float, bytes]] = deque()
        self._latest = 0.0
        self._wake = math.inf
        self._stalled_until = self._busy_until = 0.0
        self._held = self._shut = False

    @property
    def full(self) -> bool:
        """Whether the systems hold all that they can, so that the writer has to keep the rest."""
        return self.unread > self._conditions.window

    @property
    def beyond_window(self) -> int:
        """How many bytes the systems could not take."""
        return int(max(0, self.unread - self._conditions.window))

    # The writer's end.

    def write(self, data: bytes) -> None:
        """Sends bytes, at least one, on their way; through a pipe that is cut or finished they go nowhere."""
        if self._shut:
            return
        self.unread += len(data)
        for piece in self._conditions.fragments(data):
            self._send(piece)

    def finish(self) -> None:
        """Says, after all before, that nothing more will come."""
        if not self._shut:
            self._shut = True
            self._send(END)

    def _send(self, packet: bytes) -> None:
        self._latest = max(self._latest, self._conditions.arrival(self.latency))
        self._packets.append((self._latest, packet))
        self._wake_at(self._packets[0][0])

    # The reader's end.

    def hold(self) -> None:
        """The reader reads nothing more for now."""
        self._held = True

    def release(self) -> None:
        """The reader reads again."""
        self._held = False
        self._wake_at(self._conditions.timeline.now)

    # What befalls it.

    def stall(self, until: float) -> None:
        """Nothing gets through up to a time, in seconds."""
        self._stalled_until = max(until, self._stalled_until)

    def calm(self) -> None:
        """What held it up is over, and it is not full: the systems may hold as much as they like from now on."""
        self._stalled_until = self._busy_until = 0.0
        self.speed = math.inf
        self._wake_at(self._conditions.timeline.now)
        self._relieved()

    def cut(self) -> int:
        """Nothing gets through any more: how many bytes are lost that were on their way."""
        lost, self.unread = self.unread, 0
        self._shut = self.over = True
        self._packets.clear()
        return lost

    def _wake_at(self, when: float) -> None:
        if when < self._wake:
            self._wake = when
            self._conditions.timeline.at(when, self._pump)

    def _pump(self) -> None:
        """Has the reader read what has arrived by now, if anything has, and sees when to look again."""
        now = self._conditions.timeline.now
        if now < self._wake:
            return  # another has been here since this was asked for
        self._wake = math.inf
        if self._held or not self._packets:
            return
        ready = max(self._packets[0][0], self._stalled_until, self._busy_until)
        if ready > now:
            self._wake_at(ready)
        elif self._packets[0][1] == END:
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
            self._relieved()

    def _take(self, now: float) -> bytes:
        """What has arrived by now, as much of it as is read at once."""
        packets, room = self._packets, int(min(self._most, max(1, self.speed)))
        pieces: list[bytes] = []
        while packets and packets[0][0] <= now and packets[0][1] != END and room:
            arrived, data = packets.popleft()
            if len(data) > room:
                packets.appendleft((arrived, data[room:]))
                data = data[:room]
            room -= len(data)
            pieces.append(data)
        if len(pieces) > 1:
            self._conditions.counts[Occurrence.JOINED] += len(pieces)
        return b"".join(pieces)
