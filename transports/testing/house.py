"""A transport that runs, and those who have come in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from transports.testing.client import Client, Program
from transports.testing.streams import Connect
from transports.testing.watched import WatchedGateway

Somebody = TypeVar("Somebody", bound=Client)


class House:
    """A transport around a watched gateway.

    Args:
        gateway: the gateway.
        connect: opens another connection.
        close: stops the transport.
        patience: how long to wait for anything, in seconds.

    Attributes:
        gateway: as given.
        clients: all who have ever come.
    """

    def __init__(self, gateway: WatchedGateway, connect: Connect, close: Callable[[], object], patience: float) -> None:
        self.gateway = gateway
        self.clients: list[Client] = []
        self._connect = connect
        self._close = close
        self._patience = patience

    def connect(self) -> Client:
        """Somebody connects."""
        return self._admit(Client)

    def knock(self, words: str) -> None:
        """Somebody connects who is not to be let in: they are told why, unless they could not even approach."""
        before = self.gateway.unwelcome
        try:
            somebody = self.connect()
        except (OSError, AssertionError):
            if self.gateway.unwelcome == before:
                raise
        else:
            somebody.hears(words)
            somebody.reads_to_the_end()

    def enter(self, *names: str) -> list[Client]:
        """People connect, say their names and are in the lobby."""
        people = []
        for name in names:
            person = self.connect()
            person.type(name)
            person.hears("You are in the lobby")
            people.append(person)
        return people

    def enter_pair(self) -> tuple[Client, Client]:
        """Ada and Bob connect, and talk in private."""
        ada, bob = self.enter("ada", "bob")
        ada.type("start")
        bob.type("start")
        ada.hears("Only <bob> reads you")
        bob.hears("Only <ada> reads you")
        return ada, bob

    def start(self, *names: str) -> list[Program]:
        """Programs connect, say hello and are in the lobby."""
        programs = []
        for name in names:
            program = self._admit(Program)
            program.hello(name)
            programs.append(program)
        return programs

    def settle(self, *clients: Client) -> None:
        """Everything that these have sent is obeyed, and everything that they were sent is read."""
        for client in clients:
            client.is_understood()
        for client in clients:
            client.reads_all_so_far()

    def stop(self) -> None:
        """The transport is stopped, while everybody who is there reads to the end."""
        there = [client for client in self.clients if not (client.side.gone or client.side.closed)]
        with ThreadPoolExecutor(len(there)) as pool:
            endings = [pool.submit(client.reads_goodbye) for client in there]
            self._close()
        for ending in endings:
            ending.result()

    def empty(self) -> None:
        """Everybody hangs up, which the gateway must be told."""
        self.abandon()
        for client in self.clients:
            client.is_gone()

    def abandon(self) -> None:
        """Everybody hangs up."""
        for client in self.clients:
            client.close()

    def _admit(self, kind: type[Somebody]) -> Somebody:
        before = len(self.gateway.sides)
        stream = self._connect()
        if not self.gateway.until(lambda: len(self.gateway.sides) > before, self._patience):
            stream.close()
            raise AssertionError("somebody has connected, but the driver never said connected, with an id that is new")
        client = kind(stream, list(self.gateway.sides.values())[-1], self.gateway, self._patience)
        self.clients.append(client)
        return client
