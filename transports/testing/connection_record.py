"""One connection as the gateway sees it: every byte that was handed in and every byte that it ordered."""

from transports.gateway import Connection, Order


class ConnectionRecord:
    """What the driver and the gateway said to each other about one connection."""

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection = connection
        self.address = address  # the client's, as the driver gave it
        self.received = bytearray()  # handed in by the driver
        self.ordered = bytearray()  # ordered by the gateway to be sent
        self.closed = False  # whether the gateway has ordered CLOSE
        self.gone = False  # whether the driver has called ``disconnected``
        self.paused = False  # whether the latest of PAUSE and RESUME was PAUSE
        self.pauses = 0  # how often PAUSE was ordered
        self.most_while_paused = 0  # the most bytes that were handed in between a PAUSE and its RESUME
        self._while_paused = 0

    def add_received(self, data: bytes, paused: bool) -> None:
        """Records bytes that the driver handed in, and whether the connection was paused before that call."""
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
