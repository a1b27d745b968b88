"""The simulated network alone: bytes arrive in order unless a fault strikes the connection."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.worlds import DELAYS, MILD, NAMED, PERFECT, ROUGH, Faults, Occurrence
from sim.worlds.wire import Conditions, Network, WireConnection
from sim.worlds.wire.direction import Direction


@dataclass
class FakeEnd:
    """One end of a connection. It notes its calls, and answers EOF with EOF if it knows the connection."""

    connection: WireConnection | None = None
    pieces: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    sees_errors: bool = True

    def received(self, data: bytes) -> None:
        assert data
        assert not self.told or self.told == ["opened"], "no bytes after the end"
        self.pieces.append(data)

    @property
    def heard(self) -> bytes:
        return b"".join(self.pieces)

    def opened(self) -> None:
        assert not self.pieces, "no bytes before the connection"
        self.told.append("opened")

    def ended(self) -> None:
        self.told.append("ended")
        if self.connection is not None:
            self.connection.down.finish()

    def lost(self) -> None:
        self.told.append("lost")

    def vanished(self) -> None:
        self.told.append("vanished")

    def writable(self) -> None:
        pass


class Pair:
    """A connected client and server."""

    def __init__(self, faults: Faults = PERFECT, seed: int = 0) -> None:
        self.conditions = Conditions(faults, seed)
        self.network = Network(self.conditions)
        self.wait(0.12345)
        self.client, self.server = FakeEnd(), FakeEnd()
        self.connection = self.network.connect(self.client, lambda connection: self.server)
        self.server.connection = self.connection

    def wait(self, seconds: float) -> None:
        let_pass(self.conditions, seconds)


def let_pass(conditions: Conditions, seconds: float) -> None:
    timeline = conditions.timeline
    until = timeline.now + seconds
    while timeline.next() <= until:
        timeline.now = timeline.next()
        timeline.run_due()
    timeline.now = until


WRITES = st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.sampled_from([0.0, 0.001, 0.5])), max_size=30)
"""What is written, and the pause after it, in seconds."""

SEEDS = st.integers(0, 2**32)
GENTLE = [PERFECT, DELAYS, replace(MILD, resets_per_minute=0, vanishes_per_minute=0)]
GENTLE.append(replace(ROUGH, resets_per_minute=0, vanishes_per_minute=0, slow=1.0, slow_speed=7.0, window=20))
"""Networks that lose nothing."""


@given(st.sampled_from(GENTLE), SEEDS, WRITES, WRITES)
def test_bytes_arrive_completely_and_in_order(faults, seed, up, down):
    pair = Pair(faults, seed)
    for direction, writes in ((pair.connection.up, up), (pair.connection.down, down)):
        for data, pause in writes:
            direction.write(data)
            pair.wait(pause)
    pair.connection.up.finish()
    pair.wait(10_000.0)
    assert pair.server.heard == b"".join(data for data, _ in up)
    assert pair.client.heard == b"".join(data for data, _ in down)
    assert (pair.server.told, pair.client.told) == (["opened", "ended", "lost"], ["ended"])
    assert not pair.network.connections
    assert pair.conditions.counts[Occurrence.LOST] == 0


@given(SEEDS, WRITES, st.integers(0, 30), st.sampled_from([MILD, ROUGH, replace(ROUGH, unnoticed=0.0)]))
def test_a_reset_loses_and_counts_the_bytes_in_flight(seed, writes, place, faults):
    quiet = replace(faults, resets_per_minute=0.0, vanishes_per_minute=0.0)
    pair = Pair(quiet, seed)
    for data, pause in writes[:place]:
        pair.connection.up.write(data)
        pair.wait(pause)
    before = pair.server.heard
    pair.connection.reset()
    for data, _ in writes[place:]:
        pair.connection.up.write(data)
    pair.wait(100_000.0)
    sent = b"".join(data for data, _ in writes[:place])
    assert pair.server.heard == before
    assert sent.startswith(before)
    assert pair.conditions.counts[Occurrence.LOST] == len(sent) - len(before)
    assert pair.client.told == ["lost"]
    assert pair.server.told in (["opened", "lost"], [])  # a connection reset before it was accepted is never opened
    assert not pair.network.connections
    assert pair.network.unread() == 0


@given(SEEDS, WRITES, st.sampled_from([MILD, ROUGH]))
def test_bytes_sent_before_a_client_vanished_arrive_and_the_server_learns_of_it_late(seed, writes, faults):
    pair = Pair(replace(faults, resets_per_minute=0.0, vanishes_per_minute=0.0, unnoticed=10_000.0), seed)
    for data, _ in writes:
        pair.connection.up.write(data)
    pair.connection.down.write(b"never read")
    pair.connection.vanish()
    pair.wait(1_000_000.0)
    assert pair.server.heard == b"".join(data for data, _ in writes)
    assert pair.server.told == ["opened", "lost"]
    assert (pair.client.heard, pair.client.told) == (b"", ["vanished"])
    assert pair.conditions.counts[Occurrence.NOTICED] == 1


def test_a_client_that_vanishes_may_go_unnoticed():
    pair = Pair(Faults(unnoticed=float("inf")))
    pair.connection.vanish()
    pair.connection.down.write(b"who is there?")
    pair.wait(1e9)
    assert pair.server.told == ["opened"]
    assert pair.network.unread() == len(b"who is there?")
    pair.network.heal()
    pair.wait(0.0)
    assert pair.server.told == ["opened", "lost"]


def test_a_broken_connection_is_seen_by_a_server_that_reads_or_writes_only():
    pair = Pair()
    pair.wait(1.0)
    pair.server.sees_errors = False
    pair.connection.reset()
    pair.wait(60.0)
    assert pair.server.told == ["opened"]
    assert pair.connection.broken_since == pytest.approx(1.12345)
    pair.connection.report_error()
    pair.wait(0.0)
    assert pair.server.told == ["opened", "lost"]


def test_nothing_is_read_from_a_connection_that_is_gone_before_it_is_accepted():
    pair = Pair(Faults(latency=1.0))
    pair.connection.up.write(b"hello?")
    pair.connection.fall_silent()
    pair.connection.notice()
    pair.wait(100.0)
    assert (pair.server.heard, pair.server.told) == (b"", [])
    assert pair.network.unread() == 0


@given(SEEDS)
@example(1711).via("the server learns that the client is gone ahead of its last bytes")
def test_equal_seeds_give_equal_runs(seed):
    stories = []
    for _ in range(2):
        pair = Pair(replace(ROUGH, resets_per_minute=6.0), seed)
        for number in range(50):
            pair.connection.up.write(b"%d and so on" % number)
            pair.wait(0.3)
        stories.append((pair.server.pieces, pair.server.told, pair.client.told, pair.conditions.counts))
    assert stories[0] == stories[1]


@pytest.mark.parametrize("name", NAMED)
def test_after_healing_everything_arrives(name):
    faults = NAMED[name]
    conditions = Conditions(faults, 5)
    network = Network(conditions)
    clients = [FakeEnd() for _ in range(200)]
    for client in clients:
        server = FakeEnd()
        server.connection = network.connect(client, lambda connection, server=server: server)
        server.connection.up.write(b"words " * 100)
        server.connection.down.write(b"words " * 1000)
    let_pass(conditions, 60.0)
    network.heal()
    let_pass(conditions, 30.0)
    assert network.unread() == 0
    broken = sum(client.told != [] for client in clients)
    assert (broken > 0) is (conditions.counts[Occurrence.RESET] + conditions.counts[Occurrence.VANISHED] > 0)
    assert len(network.connections) == 200 - broken
    assert all(client.heard == b"words " * 1000 for client in clients if client.told == [])


def test_a_slow_reader_reads_at_its_speed():
    pair = Pair(Faults(slow=1.0, slow_speed=10.0, window=100))
    pair.connection.down.write(b"." * 250)
    for seconds in range(1, 25):
        assert len(pair.client.heard) <= 10 * seconds
        assert pair.connection.down.full is (250 - len(pair.client.heard) > 100)
        pair.wait(1.0)
    pair.wait(1.0)
    assert len(pair.client.heard) == 250


def test_a_stall_delays_everything():
    pair = Pair()
    pair.wait(1.0)
    pair.connection.up.stall(until=pair.conditions.timeline.now + 4.0)
    pair.connection.up.write(b"late")
    pair.wait(3.9)
    assert pair.server.heard == b""
    pair.wait(0.2)
    assert pair.server.heard == b"late"


def test_overtaken_packets_arrive_together():
    pair = Pair(Faults(jitter=1.0), seed=4)
    for number in range(100):
        pair.connection.up.write(b"%02d" % number)
    pair.wait(100.0)
    assert pair.server.heard == b"".join(b"%02d" % number for number in range(100))
    assert len(pair.server.pieces) < 20
    assert pair.conditions.counts[Occurrence.JOINED] > 50


@pytest.mark.parametrize("faults", [PERFECT, DELAYS], ids=["perfect", "delays"])
def test_only_delays_is_true_of_delays_alone(faults):
    assert faults.only_delays
    assert not MILD.only_delays
    assert not ROUGH.only_delays


# Planted bugs, which the tests above find.


def drops(direction: Direction, data: bytes, write) -> None:
    if b"7" not in data:
        write(direction, data)


def doubles(direction: Direction, data: bytes, write) -> None:
    write(direction, data)
    if b"7" in data:
        write(direction, data)


def loses_a_byte(direction: Direction, data: bytes, write) -> None:
    write(direction, data.replace(b"7", b"") or b"!")


@pytest.mark.parametrize("bug", [drops, doubles, loses_a_byte])
def test_a_network_that_changes_bytes_is_found(bug, monkeypatch):
    write = Direction.write
    monkeypatch.setattr(Direction, "write", lambda direction, data: bug(direction, data, write))
    with pytest.raises(AssertionError):
        test_bytes_arrive_completely_and_in_order.hypothesis.inner_test(
            DELAYS, 1, [(b"5", 0.0), (b"6 7", 0.0), (b"8", 0.0)], []
        )


def test_a_network_that_reorders_is_found(monkeypatch):
    def send(direction: Direction, packet: bytes) -> None:
        direction._packets.appendleft((1.0, packet))
        direction._wake_at(1.0)

    monkeypatch.setattr(Direction, "_send", send)
    with pytest.raises(AssertionError):
        test_bytes_arrive_completely_and_in_order.hypothesis.inner_test(PERFECT, 1, [(b"5", 0.0), (b"6", 0.0)], [])


def test_a_network_that_delivers_after_a_reset_is_found(monkeypatch):
    monkeypatch.setattr(Direction, "cut", lambda direction: 0)
    with pytest.raises(AssertionError):
        test_a_reset_loses_and_counts_the_bytes_in_flight.hypothesis.inner_test(1, [(b"5", 0.0)], 1, ROUGH)
