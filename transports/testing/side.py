"""One connection as the gateway has it: what came of it and what is to go there, by the byte."""

from transports.gateway import Connection, Order


class Side:
    """The gateway's side of one connection.

    Attributes:
        connection: its id.
        address: from where, as the driver said.
        taken: all bytes that the driver has handed in.
        ordered: all bytes that the gateway has ordered to be sent.
        closed: whether the gateway has ordered it closed.
        gone: whether the driver has said that it is gone.
        held: whether nothing is to be read from it.
        pauses: how often that has been ordered.
        read_on: the most bytes that were handed in between one PAUSE and its RESUME.
    """

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection = connection
        self.address = address
        self.taken = bytearray()
        self.ordered = bytearray()
        self.closed = self.gone = self.held = False
        self.pauses = 0
        self.read_on = 0
        self._since = 0

    def take(self, data: bytes, held: bool) -> None:
        """The driver has read something.

        Args:
            data: what.
            held: whether it had been told before to read nothing.
        """
        self.taken += data
        self._since = self._since + len(data) if held else 0
        self.read_on = max(self.read_on, self._since)

    def order(self, what: bytes | Order) -> None:
        """The gateway has ordered something."""
        if isinstance(what, bytes):
            self.ordered += what
        elif what is Order.CLOSE:
            self.closed = True
        else:
            self.held = what is Order.PAUSE
            self.pauses += self.held
