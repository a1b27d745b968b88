"""The driver without I/O: a pipe that notes what is asked of it, and a clock that is moved by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from roulette_core import Roulette
from transports.driver import LINGER, PATIENCE, WATCH_EVERY, Driver, Link
from transports.gateway import CloseReason, ConnectionEvent, Gateway, GatewayObserver, Limits, Order
from transports.gateway.connection_events import Ended


@dataclass
class Timer:
    when: float
    act: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class ManualClock:
    """Time stands still unless a test lets it pass."""

    time: float = 0.0
    timers: list[Timer] = field(default_factory=list)
    soon: list[Callable[[], object]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def call_soon(self, act: Callable[[], object]) -> None:
        self.soon.append(act)

    def call_at(self, when: float, act: Callable[[], object]) -> Timer:
        timer = Timer(when, act)
        self.timers.append(timer)
        return timer

    def end_turn(self) -> None:
        while self.soon:
            self.soon.pop(0)()

    def wait(self, seconds: float) -> None:
        end = self.time + seconds
        self.end_turn()
        while due := [timer for timer in self.timers if timer.when <= end and not timer.cancelled]:
            timer = min(due, key=lambda timer: timer.when)
            self.timers.remove(timer)
            self.time = max(self.time, timer.when)
            timer.act()
            self.end_turn()
        self.time = end


class FakePipe:
    """Notes what is written and done; ``holds`` bytes fit before it is full."""

    def __init__(self, driver: "Driver[FakePipe]") -> None:
        self.link = Link(driver, self)
        self.written: list[bytes] = []
        self.done: list[str] = []
        self.holds = 1 << 30
        self.broken = False
        self.link.opened()

    def write(self, data: bytes) -> None:
        self.written.append(data)
        if len(data) > self.holds:
            self.link.pause_writing()

    def write_eof(self) -> None:
        self.done.append("eof")

    def pause_reading(self) -> None:
        self.done.append("pause")

    def resume_reading(self) -> None:
        self.done.append("resume")

    def abort(self) -> None:
        self.done.append("abort")

    def unsent(self) -> int:
        return 0

    def is_reset(self) -> bool:
        assert "lost" not in self.done, "a pipe that is gone is asked nothing"
        return self.broken

    def lose(self) -> None:
        self.done.append("lost")
        self.link.lost()


class Reasons(GatewayObserver):
    """Notes why connections ended."""

    def __init__(self) -> None:
        self.reasons: list[CloseReason] = []

    def happened(self, now: float, incident: ConnectionEvent) -> None:
        if isinstance(incident, Ended):
            self.reasons.append(incident.reason)


class Bench:
    """A driver, its clock, and the pipes of users."""

    def __init__(self, **limits: Any) -> None:
        self.clock = ManualClock()
        self.ended = Reasons()
        self.gateway = Gateway(Roulette(), Limits(**limits), [self.ended])
        self.failures: list[Exception] = []
        self.driver: Driver[FakePipe] = Driver(self.gateway, self.clock, failed=self.failures.append)

    def enter(self, name: str) -> FakePipe:
        pipe = FakePipe(self.driver)
        pipe.link.received(f"{name}\n".encode())
        self.clock.end_turn()
        return pipe


def test_output_of_a_turn_is_written_at_its_end_in_one_piece() -> None:
    bench = Bench()
    ada, bob = bench.enter("ada"), bench.enter("bob")
    ada.written.clear()
    bob.link.received(b"one\ntwo\n")
    bob.link.received(b"three\n")
    assert ada.written == []
    bench.clock.end_turn()
    assert ada.written == [b"<bob> one\r\n<bob> two\r\n<bob> three\r\n"]


@pytest.mark.parametrize("holds", [1 << 30, 1])
def test_after_eof_of_the_peer_pending_output_may_take_as_long_as_patience(holds: int) -> None:
    bench = Bench()
    ada = bench.enter("ada")
    ada.holds = holds
    bob = bench.enter("bob")
    bob.link.received(b"last words\n")
    ada.link.eof()
    assert ada.written[-1].endswith(b"<bob> last words\r\n")
    assert ada.done == ["resume", "eof"]
    bench.clock.wait(PATIENCE - 0.1)
    assert "abort" not in ada.done
    bench.clock.wait(0.2)
    assert ada.done[-1] == "abort"
    ada.lose()
    assert bench.ended.reasons == [CloseReason.HUNG_UP]


def test_a_closed_connection_has_the_linger_time_and_a_full_one_patience_until_it_is_read() -> None:
    bench = Bench()
    ada, bob = bench.enter("ada"), bench.enter("bob")
    bob.holds = 1
    for pipe in (ada, bob):
        pipe.link.received(b"close\n")
    bench.clock.wait(LINGER + 0.1)
    assert "abort" in ada.done
    assert "abort" not in bob.done
    bench.clock.wait(2.0)
    bob.link.resume_writing()
    bench.clock.wait(LINGER - 0.1)
    assert "abort" not in bob.done
    bench.clock.wait(0.2)
    assert "abort" in bob.done


def test_input_of_a_closing_connection_is_ignored_but_read() -> None:
    bench = Bench()
    ada, bob = bench.enter("ada"), bench.enter("bob")
    bob.written.clear()
    ada.link.obey(Order.PAUSE)
    ada.link.received(b"close\n")
    ada.link.received(b"hello?\n")
    bench.clock.end_turn()
    assert ada.done == ["pause", "resume", "eof"]
    assert len(bob.written) == 1  # that ada has left


def test_a_reset_while_reading_is_paused_is_noticed() -> None:
    bench = Bench()
    ada = bench.enter("ada")
    ada.link.obey(Order.PAUSE)
    bench.clock.wait(10 * WATCH_EVERY)
    assert ada.done == ["pause"]
    ada.broken = True
    bench.clock.wait(WATCH_EVERY)
    assert ada.done == ["pause", "abort"]


def test_a_paused_connection_that_is_lost_is_no_longer_polled() -> None:
    bench = Bench()
    ada = bench.enter("ada")
    ada.link.obey(Order.PAUSE)
    ada.lose()
    bench.clock.wait(10 * WATCH_EVERY)
    assert ada.done == ["pause", "lost"]
    assert bench.ended.reasons == [CloseReason.LOST]
    assert not bench.driver.links


def test_over_the_soft_limit_nothing_is_read_until_everything_is_written() -> None:
    bench = Bench(output_soft=100, output_limit=100_000, rate=1e9, burst=1e9)
    ada, bob = bench.enter("ada"), bench.enter("bob")
    ada.holds = 1
    for _ in range(2):  # the first fills the pipe
        bob.link.received(b"x" * 200 + b"\n")
        bench.clock.end_turn()
    assert ada.done == ["pause"]
    ada.link.resume_writing()  # and is full at once
    assert ada.done == ["pause"]
    ada.link.resume_writing()
    assert ada.done == ["pause", "resume"]


def test_over_the_hard_limit_a_connection_is_dropped_and_the_reason_told() -> None:
    bench = Bench(output_limit=1000, rate=1e9, burst=1e9)
    ada, bob = bench.enter("ada"), bench.enter("bob")
    ada.holds = 1
    for _ in range(10):
        bob.link.received(b"x" * 200 + b"\n")
        bench.clock.end_turn()
    assert ada.done.count("abort") == 1
    ada.lose()
    assert bench.ended.reasons == [CloseReason.SLOW]


def test_a_gateway_that_raises_is_asked_nothing_more_but_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    ada = bench.enter("ada")
    error = ZeroDivisionError()

    def broken(*given: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "received", broken)
        ada.link.received(b"hello\n")
    assert bench.failures == [error]
    assert bench.driver.failure is error
    ada.written.clear()
    ada.link.received(b"help\n")
    bench.clock.end_turn()
    assert ada.written == []
    bench.driver.goodbye(PATIENCE)
    assert ada.written  # the last words
    assert ada.done == ["resume", "eof"]


def test_the_timer_follows_a_deadline_that_moves_earlier_and_outlives_one_that_moves_later() -> None:
    bench = Bench(registration=60.0, ping=5.0, idle=5.0, pong=2.0)
    silent = FakePipe(bench.driver)
    ada = bench.enter("ada")  # due before the connection without a name
    bench.clock.wait(4.0)
    ada.link.received(b"\n")
    bench.clock.wait(4.0)
    assert ada.done == []
    bench.clock.wait(3.5)
    assert ada.done == ["resume", "eof"]
    assert silent.done == []
    bench.clock.wait(50.0)
    assert silent.done == ["resume", "eof", "abort"]
