"""The rate limit: no line is lost, and no client is faster."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roulette_core import Roulette
from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import Gateway, Limits, Order, Output
from transports.gateway.connection_events import Throttled
from transports.gateway.rate import Allowance
from transports.gateway.request_handler import RequestHandler
from transports.gateway.session import Session

EIGHTHS = st.integers(0, 80).map(lambda eighths: eighths / 8)
"""Times that floating point represents exactly."""

FAST = Limits(burst=4.0, rate=2.0, lobby_cost=2.0, change_cost=2.0)


class Bucket:
    """A token bucket in exact fractions, refilled step by step."""

    def __init__(self, burst: int, rate: float) -> None:
        self.burst, self.rate = Fraction(burst), Fraction(rate)
        self.level = self.burst

    def spend(self, cost: int, after: float) -> Fraction:
        for _ in range(int(after * 8)):
            self.level = min(self.burst, self.level + self.rate / 8)
        wanted = min(Fraction(cost), self.burst)
        if self.level < wanted:
            return (wanted - self.level) / self.rate
        self.level -= wanted
        return Fraction(0)


@given(st.integers(1, 8), st.sampled_from([0.5, 1.0, 2.0, 8.0]), st.lists(st.tuples(EIGHTHS, st.integers(1, 10))))
def test_the_allowance_is_a_token_bucket(burst: int, rate: float, steps: list[tuple[float, int]]) -> None:
    bucket, allowance, now = Bucket(burst, rate), Allowance(burst, 0.0), 0.0
    for after, cost in steps:
        now += after
        assert allowance.spend(cost, now, burst, rate) == bucket.spend(cost, after)
        assert allowance.is_full(now, burst, rate) == (bucket.level == bucket.burst)


@given(st.floats(0, 1e9), st.lists(st.integers(1, 4), min_size=1, max_size=40), st.sampled_from([0.3, 2.0, 7.0, 100.0]))
@example(1e9, [4, 3, 3], 7.0)
def test_after_the_wait_returned_the_cost_is_granted_however_long_ago_the_clock_started(
    now: float, costs: list[int], rate: float
) -> None:
    allowance, began, spent = Allowance(4.0, now), now, 0
    for cost in costs:
        wait = allowance.spend(cost, now, 4.0, rate)
        if wait:
            now += wait
            assert allowance.spend(cost, now, 4.0, rate) == 0.0
        spent += cost
        assert spent <= 4.0 + rate * (now - began) + 0.01


def heard_from_a_flooder(count: int, after: Callable[[GatewayFixture], None]) -> list[str]:
    """Returns what Bob receives of that many numbered lines, which Ada sends in one packet."""
    chat = GatewayFixture(limits=FAST)
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"".join(b"%d\n" % number for number in range(count)))
    after(chat)
    return chat.spoken(bob)


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_no_line_of_a_flood_is_lost_and_the_order_is_kept(count: int) -> None:
    assert heard_from_a_flooder(count, lambda chat: chat.wait(60.0)) == [f"<ada> {number}" for number in range(count)]


def test_a_flood_arrives_at_the_rate() -> None:
    for seconds in range(8):
        heard = heard_from_a_flooder(50, lambda chat, seconds=seconds: chat.wait(seconds))  # type: ignore[misc]
        assert len(heard) == (3 + 2 * seconds) // 2, "a burst of 4 of which the name took 1, then one a second"


def test_a_planted_bug_that_loses_a_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = RequestHandler._hold

    def spoilt(handler: RequestHandler, session: Session, backlog: Sequence[str | None], now: float) -> None:
        sound(handler, session, backlog[1:], now)

    monkeypatch.setattr(RequestHandler, "_hold", spoilt)
    assert heard_from_a_flooder(50, lambda chat: chat.wait(60.0)) != [f"<ada> {number}" for number in range(50)]


def test_a_flooding_client_is_told_once_and_again_after_a_rest() -> None:
    chat = GatewayFixture(limits=FAST)
    (ada,) = chat.enter("ada")
    for _ in range(2):
        for _ in range(4):
            chat.send(ada, b"hello\n" * 5)
            chat.wait(1.0)
        assert sum("sending too fast" in line for line in chat.read(ada)) == 1
        chat.wait(60.0)
        chat.forget()
    assert chat.events.count(Throttled(ada)) == 2


def test_a_line_in_private_costs_less_than_one_for_the_lobby() -> None:
    chat = GatewayFixture(limits=FAST)
    ada, bob = chat.enter("ada", "bob")
    chat.wait(10.0)
    chat.send(ada, b"hello\n" * 4)
    assert len(chat.spoken(bob)) == 2
    chat.wait(10.0)
    for number in (ada, bob):
        chat.type(number, "start")
        chat.wait(10.0)
    chat.forget()
    chat.send(ada, b"hello\n" * 6)
    assert len(chat.spoken(bob)) == 4


def test_a_flood_does_not_slow_down_other_users() -> None:
    chat = GatewayFixture(limits=FAST)
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"hello\n" * 100)
    chat.forget()
    chat.type(bob, "hello")
    assert chat.spoken(ada) == ["<bob> hello"]


def test_close_after_a_flood_is_carried_out_after_all_its_lines() -> None:
    chat = GatewayFixture(limits=FAST)
    ada, bob = chat.enter("ada", "bob")
    chat.send(ada, b"one\ntwo\nthree\nclose\nfour\n")
    assert ada not in chat.closed
    chat.wait(10.0)
    assert chat.read(bob) == ["<ada> one", "<ada> two", "<ada> three", "* <ada> has left."]
    assert ada in chat.closed


@given(st.lists(st.one_of(st.integers(0, 12), st.sampled_from([0.25, 0.5, 1.0, 5.0])), max_size=30))
def test_pause_and_resume_alternate_and_every_line_is_handled_once_and_in_order(steps: list[int | float]) -> None:
    gateway, now, sent = Gateway(Roulette(), FAST), 0.0, 0
    orders: list[Order] = []
    heard: list[bytes] = []

    def carry(outputs: list[Output]) -> None:
        orders.extend(what for number, what in outputs if number == "ada" and isinstance(what, Order))
        heard.extend(what for number, what in outputs if number == "bob" and what[:1] == b"<")  # type: ignore[index]

    for name in ("ada", "bob"):
        gateway.connected(name, now)
        gateway.received(name, f"{name}\n".encode(), now)
    for step in [*steps, 1000.0]:
        if isinstance(step, int):  # the driver may read on after PAUSE, as some bytes were on their way
            carry(gateway.received("ada", b"".join(b"%d\n" % (sent + line) for line in range(step)), now))
            sent += step
        else:
            until = now + step
            while (deadline := gateway.next_deadline()) is not None and deadline <= until:
                now = max(now, deadline)
                carry(gateway.tick(now))
            now = until
    assert heard == [b"<ada> %d\r\n" % number for number in range(sent)]
    assert set(orders[::2]) <= {Order.PAUSE}
    assert all(first != second for first, second in pairwise(orders))
    assert len(orders) % 2 == 0
