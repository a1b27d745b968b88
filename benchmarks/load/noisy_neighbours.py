"""Clients that misuse the server: the others must not suffer from them."""

import contextlib
import socket

_MUCH = 1 << 16


class NoisyNeighbour:
    """Sends a line again and again, as often as the server takes it; reads what the server sends only if ``reads``."""

    def __init__(self, port: int, line: str, reads: bool) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        # A fixed name might still be taken, if the server has not detected yet that an earlier neighbour is gone.
        name = f"neighbour-{self._socket.getsockname()[1]}"
        self._socket.sendall(f"{name}\nstart\n".encode())
        self._socket.setblocking(False)
        data = f"{line}\n".encode()
        self._data = data * (_MUCH // len(data))
        self._position = 0
        self._reads = reads

    def push(self) -> None:
        """Sends and reads as much as possible now. Does nothing once the server has dropped it."""
        with contextlib.suppress(OSError):
            self._position += self._socket.send(self._data[self._position :])
            self._position %= len(self._data)
        if self._reads:
            with contextlib.suppress(OSError):
                self._socket.recv(_MUCH)

    def close(self) -> None:
        """Closes the connection."""
        self._socket.close()


def flooder_and_slow_reader(port: int) -> tuple[NoisyNeighbour, NoisyNeighbour]:
    """Returns two clients in private with each other: one sends without end, the other never reads.

    The slow reader asks for help all the time, so that answers pile up.
    """
    return NoisyNeighbour(port, "x" * 100, True), NoisyNeighbour(port, "help", False)
