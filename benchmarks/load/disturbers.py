"""People one would rather not have: nobody else may suffer from them."""

import contextlib
import socket

_MUCH = 1 << 16


class Disturber:
    """Sends all that the server takes.

    Args:
        port: of the server, on 127.0.0.1.
        line: what to send, over and over.
        reads: whether they read what comes back.
    """

    def __init__(self, port: int, line: str, reads: bool) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        # The server may still be busy with one who was here before.
        name = f"disturber-{self._socket.getsockname()[1]}"
        self._socket.sendall(f"{name}\nstart\n".encode())
        self._socket.setblocking(False)
        data = f"{line}\n".encode()
        self._data = data * (_MUCH // len(data))
        self._position = 0
        self._reads = reads

    def push(self) -> None:
        """Sends, and reads, as much as goes now; who has been dropped does no more harm."""
        with contextlib.suppress(OSError):
            self._position += self._socket.send(self._data[self._position :])
            self._position %= len(self._data)
        if self._reads:
            with contextlib.suppress(OSError):
                self._socket.recv(_MUCH)

    def close(self) -> None:
        """Is gone."""
        self._socket.close()


def flooder_and_slow_reader(port: int) -> tuple[Disturber, Disturber]:
    """Two who talk to each other where everybody else has a partner: one without end, one without reading.

    The slow reader asks for help all the time, so that answers pile up.
    """
    return Disturber(port, "x" * 100, True), Disturber(port, "help", False)
