"""A client that keeps an account of all that it does and sees, for the judge."""

from roulette_core import Event, Join
from roulette_core.testing.clients import Account, Entry
from transports.protocol import ClientCodec
from transports.testing.client import CheckedClient


class JudgedClient:
    """A client that joins under a name that no other client ever has, speaks either dialect, and keeps an account."""

    def __init__(self, client: CheckedClient, codec: ClientCodec, name: str) -> None:
        self.account = Account(name, [Entry(0.0, Join(name, name))])
        self._client = client
        self._codec = codec
        self._decoded = 0
        client.send(codec.hello(name))
        self.settle()

    def ask(self, event: Event, cut: int) -> None:
        """Sends a request; if it has more than ``cut`` bytes, waits after these until they are handed in."""
        self.account.entries.append(Entry(0.0, event))
        data = self._codec.encode(event)
        if 0 < cut < len(data):
            self._client.send(data[:cut])
            self._client.wait_until_received()
            data = data[cut:]
        self._client.send(data)

    def settle(self) -> None:
        """Waits until every request is handled, and reads all pending output."""
        self._client.wait_until_received()
        self._client.read_pending()
        self._note()

    def read_to_eof(self) -> None:
        """Reads to EOF, after a request to leave."""
        self._client.read_to_eof()
        self._note()

    def vanish(self, abruptly: bool) -> None:
        """Closes the connection without a request, or resets it."""
        self.account.cut = True
        if abruptly:
            self._client.reset()
        self._client.close()
        self._client.wait_until_gone()

    def _note(self) -> None:
        """Enters into the account what was read since the last call."""
        events = self._codec.decode(bytes(self._client.read[self._decoded :]))
        self._decoded = len(self._client.read)
        self.account.entries += [Entry(0.0, event) for event in events]
