"""Somebody at the other end of a transport, who holds every byte that comes against what the gateway has ordered."""

import contextlib
from typing import Any

from transports.protocol import read_object, write_object
from transports.testing.side import Side
from transports.testing.streams import Stream
from transports.testing.watched import WatchedGateway


class Client:
    """Somebody with ``nc``.

    Whatever it reads must be, byte for byte, the beginning of what the gateway ordered for it: so whichever test it
    is in, a byte that is lost, doubled, spoilt, late for the next or meant for somebody else is seen.

    Args:
        stream: its end of the connection.
        side: the gateway's.
        gateway: the gateway.
        patience: how long to wait for anything, in seconds.

    Attributes:
        side: as given.
        sent: all it has sent.
        read: all it has read.
    """

    def __init__(self, stream: Stream, side: Side, gateway: WatchedGateway, patience: float) -> None:
        self.side = side
        self.sent = bytearray()
        self.read = bytearray()
        self._stream = stream
        self._gateway = gateway
        self._patience = patience
        self._parsed = 0

    # What it does.

    def send(self, data: bytes) -> None:
        """Sends bytes, as they are."""
        self.sent += data
        self._stream.send(data)

    def type(self, *lines: str) -> None:
        """Types lines, which go off in one piece."""
        self.send("".join(f"{line}\n" for line in lines).encode())

    def close(self) -> None:
        """Hangs up."""
        with contextlib.suppress(OSError):
            self._stream.close()

    def half_close(self) -> None:
        """Says no more, but still reads."""
        self._stream.half_close()

    def reset(self) -> None:
        """Is cut off."""
        self._stream.reset()

    # What it sees.

    def line(self) -> str:
        """The next line."""
        while (end := self.read.find(b"\r\n", self._parsed)) < 0:
            assert self.receive(), f"the connection has ended, and a line was to come; {self.report()}"
        line, self._parsed = self.read[self._parsed : end].decode(), end + 2
        return line

    def hears(self, wanted: str) -> str:
        """Reads on until a line holds this: that line."""
        while wanted not in (line := self.line()):
            pass
        return line

    def unread(self) -> list[str]:
        """Whole lines that have been received and not looked at."""
        *lines, _ = self.read[self._parsed :].decode().split("\r\n")
        return lines

    def receive(self) -> bool:
        """Receives another piece: whether there was one, and not the end."""
        try:
            piece = self._stream.receive(self._patience)
        except TimeoutError:
            raise AssertionError(f"nothing came for {self._patience:g} seconds; {self.report()}") from None
        start = len(self.read)
        self.read += piece
        if self.side.ordered[start : len(self.read)] != piece:
            raise AssertionError(self._difference(start, piece))
        return bool(piece)

    def reads_all_so_far(self) -> None:
        """Reads whatever has been ordered for it until now."""
        ordered = len(self.side.ordered)
        while len(self.read) < ordered:
            assert self.receive(), f"the connection has ended before its time; {self.report()}"

    def reads_to_the_end(self) -> None:
        """Reads until the server has hung up, by an order, when everything before was delivered."""
        while self.receive():
            pass
        assert self.side.closed, f"the connection has ended, and nobody had ordered that; {self.report()}"
        assert len(self.read) == len(self.side.ordered), f"the last words were lost; {self.report()}"

    def reads_goodbye(self) -> None:
        """Reads to the end, and hangs up too."""
        try:
            self.reads_to_the_end()
        finally:
            self.close()

    def is_understood(self) -> None:
        """Waits until the driver has handed in all that was sent, and nothing else."""
        self._gateway.until(lambda: len(self.side.taken) >= len(self.sent), self._patience)
        same = self.side.taken == self.sent  # by itself: pytest would show both, which may be long
        assert same, f"what was handed in is not what was sent; {self.report()}"

    def is_gone(self) -> None:
        """Waits until the driver has said so, or had been told to close."""
        gone = self._gateway.until(lambda: self.side.gone or self.side.closed, self._patience)
        assert gone, f"it has hung up, but its driver never said disconnected; {self.report()}"
        assert self.sent.startswith(self.side.taken), f"what was handed in was never sent; {self.report()}"

    def report(self) -> str:
        """How far its bytes have come in both directions, for whoever looks for the mistake."""
        side = self.side
        return (
            f"of connection {side.connection!r}, {len(self.sent)} bytes were sent and {len(side.taken)} handed in, "
            f"{len(side.ordered)} ordered and {len(self.read)} received"
        )

    def _difference(self, start: int, piece: bytes) -> str:
        ordered = bytes(self.side.ordered[start : start + len(piece)])
        same = next((at for at, (one, two) in enumerate(zip(piece, ordered, strict=False)) if one != two), len(ordered))
        start, came, meant = start + same, piece[same : same + 40], ordered[same : same + 40]
        return f"from byte {start} on, {came!r} was received where {meant!r} was ordered; {self.report()}"


class Program(Client):
    """Somebody who speaks JSON lines."""

    def ask(self, **members: object) -> None:
        """Sends one object."""
        self.send(write_object(members))

    def hello(self, name: str) -> None:
        """Says who it is, and waits until it is let in."""
        self.ask(hello=1, name=name)
        self.hears_of("situation")

    def object(self) -> dict[str, Any]:
        """The next object."""
        while (received := read_object(self.line())) is None:
            pass
        return received.members

    def hears_of(self, kind: str) -> dict[str, Any]:
        """Reads on until an object is of this type: that object."""
        while (members := self.object())["type"] != kind:
            pass
        return members
