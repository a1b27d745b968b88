"""One connection as the gateway sees it: every byte that was handed in and every byte that it ordered."""

from transports.gateway import Connection, Order


class ConnectionRecord:
    """What the driver and the gateway said to each other about one connection.

    Attributes:
        connection: its id.
        address: the client's address, as the driver gave it.
        received: all bytes that the driver handed in.
        ordered: all bytes that the gateway ordered to be sent.
        closed: whether the gateway has ordered CLOSE.
        gone: whether the driver has called ``disconnected``.
        paused: whether the latest of PAUSE and RESUME was PAUSE.
        pauses: how often PAUSE was ordered.
        most_while_paused: the most bytes that were handed in between a PAUSE and its RESUME.
    """

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection = connection
        self.address = address
        self.received = bytearray()
        self.ordered = bytearray()
        self.closed = self.gone = self.paused = False
        self.pauses = 0
        self.most_while_paused = 0
        self._while_paused = 0

    def add_received(self, data: bytes, paused: bool) -> None:
        """Records bytes that the driver handed in.

        Args:
            data: the bytes.
            paused: whether the connection was paused before this call.
        """
        self.received += data
        self._while_paused = self._while_paused + len(data) if paused else 0
        self.most_while_paused = max(self.most_while_paused, self._while_paused)

    def add_ordered(self, what: bytes | Order) -> None:
        """Records an output of the gateway."""
        if isinstance(what, bytes):
            self.ordered += what
        elif what is Order.CLOSE:
            self.closed = True
        else:
            self.paused = what is Order.PAUSE
            self.pauses += self.paused
