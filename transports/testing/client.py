"""Clients of the transport under test, which compare every byte that they receive with what the gateway ordered."""

import contextlib
from typing import Any, cast

from transports.dialects import ENGLISH, Message
from transports.protocol import read_object, write_object
from transports.testing.streams import HalfCloses, Resets, Stream
from transports.testing.watched_gateway import ConnectionRecord, WatchedGateway


def sentence(message: Message, name: str = "") -> str:
    """Returns what a text client reads of a message: its first line in English, up to the first figure."""
    return ENGLISH.sentences[message].partition("\n")[0].replace("{name}", name).partition("{")[0]


class CheckedClient:
    """A client that sends and receives lines of text.

    What it has received must at all times be a prefix of what the gateway ordered for it, byte for byte. So every test
    notices a byte that is lost, duplicated, changed, out of order or meant for another client.

    The stream is the client's end of the connection, the record the gateway's. ``patience`` is the longest wait for
    anything, in seconds.
    """

    def __init__(self, stream: Stream, record: ConnectionRecord, gateway: WatchedGateway, patience: float) -> None:
        self.record = record
        self.sent = bytearray()
        self.read = bytearray()
        self._stream = stream
        self._gateway = gateway
        self._patience = patience
        self._parsed = 0

    # What it does.

    def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self.sent += data
        self._stream.send(data)

    def send_lines(self, *lines: str) -> None:
        """Sends lines in one piece."""
        self.send("".join(f"{line}\n" for line in lines).encode())

    def close(self) -> None:
        """Closes the connection."""
        with contextlib.suppress(OSError):
            self._stream.close()

    def half_close(self) -> None:
        """Sends EOF and goes on reading."""
        cast(HalfCloses, self._stream).half_close()

    def reset(self) -> None:
        """Resets the connection."""
        cast(Resets, self._stream).reset()

    # What it reads.

    def line(self) -> str:
        """Reads the next line."""
        while (end := self.read.find(b"\r\n", self._parsed)) < 0:
            assert self.receive(), f"the connection ended before the expected line; {self.report()}"
        line, self._parsed = self.read[self._parsed : end].decode(), end + 2
        return line

    def expect(self, wanted: str | Message, name: str = "") -> str:
        """Reads lines up to the first that contains a text, or tells a message with a name, and returns that line."""
        text = sentence(wanted, name) if isinstance(wanted, Message) else wanted
        while text not in (line := self.line()):
            pass
        return line

    def unread(self) -> list[str]:
        """Returns the whole lines that were received and not yet read."""
        *lines, _ = self.read[self._parsed :].decode().split("\r\n")
        return lines

    def receive(self) -> bool:
        """Receives the next piece. Returns False at the end of the connection."""
        try:
            piece = self._stream.receive(self._patience)
        except TimeoutError:
            raise AssertionError(f"nothing arrived for {self._patience:g} seconds; {self.report()}") from None
        start = len(self.read)
        self.read += piece
        if self.record.ordered[start : len(self.read)] != piece:
            raise AssertionError(self._difference(start, piece))
        return bool(piece)

    def read_pending(self) -> None:
        """Reads everything that the gateway has ordered for this client until now."""
        ordered = len(self.record.ordered)
        while len(self.read) < ordered:
            assert self.receive(), f"the connection ended too early; {self.report()}"

    def read_to_eof(self) -> None:
        """Reads to EOF, which must come by order of the gateway and after all pending output."""
        while self.receive():
            pass
        assert self.record.closed, f"the connection ended, and the gateway had not ordered that; {self.report()}"
        assert len(self.read) == len(self.record.ordered), f"the last output was lost; {self.report()}"

    def read_to_eof_and_close(self) -> None:
        """Reads to EOF, then closes this end."""
        try:
            self.read_to_eof()
        finally:
            self.close()

    # What it waits for.

    def wait_until_received(self) -> None:
        """Waits until the driver has handed in all that was sent, and nothing else."""
        self._gateway.wait_until(lambda: len(self.record.received) >= len(self.sent), self._patience)
        same = self.record.received == self.sent  # computed first, or pytest would print both, which may be long
        assert same, f"what was handed in differs from what was sent; {self.report()}"

    def wait_until_gone(self) -> None:
        """Waits until the driver has called ``disconnected``, or was ordered to close."""
        gone = self._gateway.wait_until(lambda: self.record.gone or self.record.closed, self._patience)
        assert gone, f"the client closed the connection, but the driver never called disconnected; {self.report()}"
        assert self.sent.startswith(self.record.received), f"bytes were handed in that nobody sent; {self.report()}"

    # What it reports.

    def report(self) -> str:
        """Says how many bytes were sent, handed in, ordered and received."""
        record = self.record
        return (
            f"of connection {record.connection!r}, {len(self.sent)} bytes were sent and {len(record.received)} handed "
            f"in, {len(record.ordered)} ordered and {len(self.read)} received"
        )

    def _difference(self, start: int, piece: bytes) -> str:
        ordered = bytes(self.record.ordered[start : start + len(piece)])
        same = next((at for at, (one, two) in enumerate(zip(piece, ordered, strict=False)) if one != two), len(ordered))
        start, came, meant = start + same, piece[same : same + 40], ordered[same : same + 40]
        return f"from byte {start} on, {came!r} was received where {meant!r} was ordered; {self.report()}"


class JsonClient(CheckedClient):
    """A client that speaks JSON lines."""

    def send_object(self, **members: object) -> None:
        """Sends one object."""
        self.send(write_object(members))

    def hello(self, name: str) -> None:
        """Introduces itself, and waits for the welcome."""
        self.send_object(hello=1, name=name)
        self.expect_object("situation")

    def object(self) -> dict[str, Any]:
        """Reads the next object."""
        while (received := read_object(self.line())) is None:
            pass
        return received.members

    def expect_object(self, kind: str) -> dict[str, Any]:
        """Reads objects up to the first of this type, and returns that object."""
        while (members := self.object())["type"] != kind:
            pass
        return members
