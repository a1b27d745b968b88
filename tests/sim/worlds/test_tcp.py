"""Populations at servers in processes of their own, over real sockets."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from roulette_core.testing import Verdict
from sim.population import ClosedModel, Mixed, Persona
from sim.results import Run
from sim.worlds.tcp import SERVERS_OWN, ForeignUsers, simulate
from sim.worlds.tcp.network import RealTime, TcpNetwork
from tests.support.server import PATIENCE, people, serving
from transports.load import NoServer

OPEN = ("--rate", "0", "--per-address", "0", "--log-level", "error")
TALKATIVE = {"lobby_lines_per_minute": 6.0, "private_lines_per_minute": 20.0, "lobby_seconds": 10.0, "share": 1.0}
LIVELY = Mixed(
    "lively",
    24,
    (
        Persona(
            "p", chat_seconds=30.0, next_probability=0.7, patience_seconds=20.0, arrivals_per_minute=6, **TALKATIVE
        ),
        Persona("leaves", chat_seconds=20.0, stay_seconds=40.0, away_seconds=10.0, **TALKATIVE),
        Persona("ghost", chat_seconds=20.0, stay_seconds=30.0, away_seconds=10.0, unnoticed_seconds=15.0, **TALKATIVE),
    ),
)
"""All that can happen happens: ghosts, visits that end and begin again, people who give up, newcomers."""


def live(port: int, scenario: Mixed | ClosedModel = LIVELY, seconds: float = 60.0, speed: float = 30.0) -> Run:
    return simulate(SERVERS_OWN, scenario, 3, 0, seconds, ("127.0.0.1", port), 0.0, speed)


def test_personas_of_all_kinds_live_at_a_real_server_and_all_checks_pass() -> None:
    with serving("--policy", "v2", *OPEN) as server:
        run = live(server.port, seconds=120.0)
    assert [check for check in run.checks if check.verdict is Verdict.FAILED] == []
    assert {check.name.partition(":")[0] for check in run.checks} == {
        *("clients' view", "Little's law", "conservation of users")
    }
    assert run.figures.pairings > 30
    assert run.figures.users > LIVELY.users
    assert set(map(int, run.figures.scores.kinds)) <= {0, 1, 2, -1}


def test_time_goes_by_as_fast_as_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    wall = 1000.0
    monkeypatch.setattr("sim.worlds.tcp.network.perf_counter", lambda: wall)
    timeline = RealTime(speed=8.0)
    wall += 2.0
    assert timeline.now == 0.0
    timeline.look()
    assert timeline.now == 16.0
    assert timeline.until(24.0) == 1.0
    assert timeline.until(8.0) == 0.0


def test_a_refused_connection_means_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoServer, match="no server listens"):
        live(port)


@contextlib.contextmanager
def impostor(says: bytes) -> Iterator[int]:
    """Listens and sends this to every client. Yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connections: list[socket.socket] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connections.append(listener.accept()[0])
                    connections[-1].sendall(says)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)
            for connection in connections:
                connection.close()


def test_another_protocol_means_no_server() -> None:
    with impostor(b"220 mail.example.org ESMTP\r\n") as port, pytest.raises(NoServer, match="ESMTP"):
        live(port)


def test_a_silent_peer_means_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.worlds.tcp.simulation.GREETING", 0.3)
    with impostor(b"") as port, pytest.raises(NoServer, match="says nothing"):
        live(port)


def test_a_silent_peer_is_noticed_even_in_a_short_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.worlds.tcp.simulation.GREETING", 0.3)
    with impostor(b"") as port, pytest.raises(NoServer, match="says nothing"):
        live(port, seconds=0.1)


def test_a_server_that_dies_is_reported() -> None:
    with serving(*OPEN) as server:
        timer = threading.Timer(1.0, server.process.kill)
        timer.start()
        with pytest.raises(NoServer, match="no server listens"):
            live(server.port, seconds=600.0)
        timer.join()


def starts(port: int) -> contextlib.AbstractContextManager[object]:
    return people(port, "ada")


def takes_a_name(port: int) -> contextlib.AbstractContextManager[object]:
    return people(port, "user-0")


@pytest.mark.parametrize("stranger", [starts, takes_a_name])
def test_foreign_users_end_the_run(stranger: Callable[[int], contextlib.AbstractContextManager[list]]) -> None:
    with serving(*OPEN) as server, stranger(server.port) as present:
        for person in present:
            person.type("start")
        with pytest.raises(ForeignUsers):
            live(server.port, ClosedModel(5), seconds=20.0)


class Silent:
    """A client who counts what it hears."""

    user = 0

    def __init__(self) -> None:
        self.heard: list[str] = []

    def received(self, data: bytes) -> None:
        self.heard.append("bytes")

    def ended(self) -> None:
        self.heard.append("ended")

    def lost(self) -> None:
        self.heard.append("lost")

    def vanished(self) -> None:
        self.heard.append("vanished")


def test_a_silent_client_reads_nothing_and_is_noticed_by_a_reset() -> None:
    network, client = TcpNetwork(RealTime(1.0), 0), Silent()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = network.connect(client, listener.getsockname())
        network.sockets.listen(0.0)
        server, _ = listener.accept()
        with server:
            server.sendall(b"hello")
            while not client.heard:
                network.sockets.listen(0.1)
            stream.fall_silent()
            server.sendall(b"are you there?")
            network.sockets.listen(0.1)
            assert client.heard == ["bytes", "vanished"]
            stream.notice()
            server.settimeout(PATIENCE)
            with pytest.raises(ConnectionResetError):
                server.recv(10)
    network.sockets.close()


def test_what_a_full_socket_does_not_take_is_sent_later_and_whole() -> None:
    network, client = TcpNetwork(RealTime(1.0), 0), Silent()
    said = bytes(range(256)) * (1 << 15)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream = network.connect(client, listener.getsockname())
        stream.up.write(said)
        network.sockets.listen(0.0)
        server, _ = listener.accept()
        with server:
            server.setblocking(False)
            heard = bytearray()
            while len(heard) < len(said):
                network.sockets.listen(0.01)
                with contextlib.suppress(BlockingIOError):
                    heard += server.recv(1 << 20)
    assert bytes(heard) == said
    network.sockets.close()
