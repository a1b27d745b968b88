"""A running transport, and the clients that have connected to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from transports.dialects import Message
from transports.testing.client import CheckedClient, JsonClient
from transports.testing.streams import Connect
from transports.testing.watched_gateway import WatchedGateway

AnyClient = TypeVar("AnyClient", bound=CheckedClient)


class RunningTransport:
    """A transport that runs around a watched gateway. Its clients wait ``patience`` seconds at most for anything."""

    def __init__(self, gateway: WatchedGateway, connect: Connect, stop: Callable[[], object], patience: float) -> None:
        self.gateway = gateway
        self.clients: list[CheckedClient] = []  # all that ever connected
        self._connect = connect
        self._stop = stop
        self._patience = patience

    def connect(self) -> CheckedClient:
        """Connects a client that speaks text."""
        return self._admit(CheckedClient)

    def connect_in_vain(self, reason: Message) -> None:
        """Connects a client that must be refused: it is told why, unless its handshake is refused already."""
        before = self.gateway.refused_handshakes
        try:
            client = self.connect()
        except (OSError, AssertionError):
            if self.gateway.refused_handshakes == before:
                raise
        else:
            client.expect(reason)
            client.read_to_eof()

    def join(self, *names: str) -> list[CheckedClient]:
        """Connects clients that speak text; each gives its name and is in the lobby."""
        clients = []
        for name in names:
            client = self.connect()
            client.send_lines(name)
            client.expect(Message.SITUATION_LOBBY)
            clients.append(client)
        return clients

    def join_pair(self) -> tuple[CheckedClient, CheckedClient]:
        """Connects ada and bob, who are then in private with each other."""
        ada, bob = self.join("ada", "bob")
        ada.send_lines("start")
        bob.send_lines("start")
        ada.expect(Message.SITUATION_PRIVATE, "bob")
        bob.expect(Message.SITUATION_PRIVATE, "ada")
        return ada, bob

    def join_json(self, *names: str) -> list[JsonClient]:
        """Connects clients that speak JSON lines; each introduces itself and is in the lobby."""
        clients = []
        for name in names:
            client = self._admit(JsonClient)
            client.hello(name)
            clients.append(client)
        return clients

    def settle(self, *clients: CheckedClient) -> None:
        """Waits until all that these clients sent is handled, then reads all that is pending for them."""
        for client in clients:
            client.wait_until_received()
        for client in clients:
            client.read_pending()

    def stop(self) -> None:
        """Stops the transport while all present clients read to EOF."""
        present = [client for client in self.clients if not (client.record.gone or client.record.closed)]
        with ThreadPoolExecutor(len(present)) as pool:
            endings = [pool.submit(client.read_to_eof_and_close) for client in present]
            self._stop()
        for ending in endings:
            ending.result()

    def disconnect_all(self) -> None:
        """Closes all connections, which the driver must report to the gateway."""
        self.close_all()
        for client in self.clients:
            client.wait_until_gone()

    def close_all(self) -> None:
        """Closes all connections."""
        for client in self.clients:
            client.close()

    def _admit(self, kind: type[AnyClient]) -> AnyClient:
        before = len(self.gateway.records)
        stream = self._connect()
        if not self.gateway.wait_until(lambda: len(self.gateway.records) > before, self._patience):
            stream.close()
            raise AssertionError("a client has connected, but the driver never called connected with a new id")
        client = kind(stream, list(self.gateway.records.values())[-1], self.gateway, self._patience)
        self.clients.append(client)
        return client
