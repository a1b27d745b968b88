"""People one would rather not have: nobody else may suffer from them."""

import contextlib
import socket

_MUCH = 1 << 16


class Disturber:
    """Sends all that the server takes.

    Args:
        port: of the server, on 127.0.0.1.
        name: the pseudonym.
        line: what to send, over and over.
        reads: whether they read what comes back.
    """

    def __init__(self, port: int, name: str, line: str, reads: bool) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(f"{name}\nstart\n".encode())
        self._socket.setblocking(False)
        data = f"{line}\n".encode()
        self._data = data * (_MUCH // len(data))
        self._position = 0
        self._reads = reads

    def push(self) -> None:
        """Sends, and reads, as much as goes now."""
        with contextlib.suppress(BlockingIOError):
            self._position += self._socket.send(self._data[self._position :])
            self._position %= len(self._data)
        if self._reads:
            with contextlib.suppress(BlockingIOError):
                self._socket.recv(_MUCH)

    def close(self) -> None:
        """Is gone."""
        self._socket.close()


def flooder_and_slow_reader(port: int) -> tuple[Disturber, Disturber]:
    """Two who talk to each other where everybody else has a partner: one without end, one without reading.

    The slow reader asks for help all the time, so that answers pile up.
    """
    return Disturber(port, "flooder", "x" * 100, True), Disturber(port, "slow reader", "help", False)
