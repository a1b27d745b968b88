"""A client that keeps an account of all it does and sees, for the judge."""

from roulette_core import Event, Join
from roulette_core.testing.clients import Account, Entry
from transports.protocol import ClientCodec
from transports.testing.client import Client


class Guest:
    """Somebody who comes under a name of their own, talks in any dialect, and goes in any way.

    Args:
        client: their end of the connection.
        codec: what they speak.
        name: what they are called; nobody else ever is.

    Attributes:
        account: all they did and saw.
    """

    def __init__(self, client: Client, codec: ClientCodec, name: str) -> None:
        self.account = Account(name, [Entry(0.0, Join(name, name))])
        self._client = client
        self._codec = codec
        self._heard = 0
        client.send(codec.hello(name))
        self.catch_up()

    def ask(self, event: Event, cut: int) -> None:
        """Asks for something.

        Args:
            event: what.
            cut: after how many bytes there is a pause, in which these are handed in; none if there are no more.
        """
        self.account.entries.append(Entry(0.0, event))
        data = self._codec.encode(event)
        if 0 < cut < len(data):
            self._client.send(data[:cut])
            self._client.is_understood()
            data = data[cut:]
        self._client.send(data)

    def catch_up(self) -> None:
        """Everything asked is done, and everything told is read."""
        self._client.is_understood()
        self._client.reads_all_so_far()
        self._note()

    def say_goodbye(self) -> None:
        """Having asked to leave, reads to the end."""
        self._client.reads_to_the_end()
        self._note()

    def vanish(self, abruptly: bool) -> None:
        """Hangs up without a word, or is reset."""
        self.account.cut = True
        if abruptly:
            self._client.reset()
        self._client.close()
        self._client.is_gone()

    def _note(self) -> None:
        """Writes down what has been read since last time."""
        sightings = self._codec.decode(bytes(self._client.read[self._heard :]))
        self._heard = len(self._client.read)
        self.account.entries += [Entry(0.0, sighting) for sighting in sightings]
