"""What holds between threads: calls that overlap are refused and change nothing; with a lock there are none."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from roulette_core import CallsOverlap, Choose, Effect, Join, Joined, Paired, Policy, Roulette, Start, State, User
from tests.core.scenarios import join_all, start_all


class Held(Policy):
    """Stops in ``draw`` until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing, self.go = threading.Event(), threading.Event()

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        self.drawing.set()
        assert self.go.wait(10)
        first, second, *_ = self.pool
        return first, second


def test_a_call_from_another_thread_is_refused_and_changes_nothing() -> None:
    policy = Held()
    roulette, effects = Roulette(policy), list[Effect]()
    join_all(roulette, "abc")
    start_all(roulette, "a")
    thread = threading.Thread(target=lambda: effects.extend(roulette.handle(Start("b"), 1.0)))
    thread.start()
    assert policy.drawing.wait(10)
    refused: list[Callable[[], object]] = [
        lambda: roulette.handle(Start("c"), 1.0),
        lambda: roulette.handle(Join("a", "again"), 1.0),
        lambda: roulette.handle("nonsense", 1.0),  # type: ignore[arg-type]
        roulette.snapshot,
    ]
    for call in refused:
        with pytest.raises(CallsOverlap):
            call()
    policy.go.set()
    thread.join()
    assert [effect.kind for effect in effects] == ["searching", "paired"]
    assert roulette.pairs() == [("a", "b")]
    assert roulette.state("c") is State.LOBBY
    roulette.handle(Start("c"), 1.0)
    assert roulette.state("c") is State.SEARCHING


@pytest.fixture
def _restless() -> Iterator[None]:
    """Lets Python switch threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


USERS = 150


def work(roulette: Roulette, lock: AbstractContextManager[object], number: int, seen: list[Effect]) -> int:
    """Lets users of its own join and start, each until it has been done. Returns how often it was refused."""
    overlaps = 0
    for user in range(number * USERS, (number + 1) * USERS):
        for event in (Join(user, f"user {user}"), Start(user)):
            while True:
                try:
                    with lock:
                        seen.extend(roulette.handle(event, 0.0))
                    break
                except CallsOverlap:
                    overlaps += 1
    return overlaps


def at_once(roulette: Roulette, lock: AbstractContextManager[object]) -> tuple[list[Effect], int]:
    seen: list[Effect] = []
    overlaps: list[int] = []
    threads = [
        threading.Thread(target=lambda number=number: overlaps.append(work(roulette, lock, number, seen)))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(overlaps) == 4, "no thread has failed"
    return seen, sum(overlaps)


def check_nothing_lost(roulette: Roulette, seen: list[Effect]) -> None:
    assert (
        {effect.user for effect in seen if isinstance(effect, Joined)} == set(roulette.users()) == set(range(4 * USERS))
    )
    told = {frozenset(effect[:2]) for effect in seen if isinstance(effect, Paired)}
    assert told == {frozenset(pair) for pair in roulette.pairs()}
    assert roulette.counts() == {State.LOBBY: 0, State.SEARCHING: 0, State.PRIVATE: 4 * USERS}
    assert Roulette.restore(json.loads(json.dumps(roulette.snapshot()))).snapshot() == roulette.snapshot()


@pytest.mark.skipif(sys.gettrace() is not None, reason="traced, Python may switch threads anywhere")
@pytest.mark.usefixtures("_restless")
def test_without_a_lock_nothing_is_lost_as_calls_that_overlap_can_be_made_again() -> None:
    roulette = Roulette("no-repeat")
    seen, _ = at_once(roulette, nullcontext())
    check_nothing_lost(roulette, seen)


@pytest.mark.usefixtures("_restless")
def test_with_one_lock_no_calls_overlap() -> None:
    roulette = Roulette("uniform:minimum=2")
    seen, overlaps = at_once(roulette, threading.Lock())
    assert overlaps == 0
    check_nothing_lost(roulette, seen)
