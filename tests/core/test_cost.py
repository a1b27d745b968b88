"""The cost of an event does not grow with the number of users: counted in bytecode and memory, never in time.

The same evening of six newcomers is run beside a small and a large crowd. It must take exactly as many bytecode
instructions, event by event. A copy of all users made in C takes no instructions, so memory is measured, too.
"""

import gc
import sys
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from types import FrameType
from typing import Any

import pytest

from roulette_core import Effect, Event, Join, Lobby, Policy, Roulette, Start, Tick, User
from roulette_core.policies import Choose, NoRepeat
from roulette_core.testing import BUILT_IN
from tests.core.scenarios import Timed, busy_evening, join_all

FEW, MANY = 10, 10_000
A_COPY = 8 * MANY
"""Bytes: the least that a list of the large crowd takes."""

TALKING = list(BUILT_IN)
SEARCHING = [facts.crowded for facts in BUILT_IN.values() if facts.crowded]

CROWDS = [
    *((policy, "in the lobby") for policy in TALKING),
    *((policy, "talking") for policy in TALKING),
    *((policy, "searching") for policy in SEARCHING),
]


class WalksThroughAll(Roulette):
    """A planted bug: walks through all users at every event."""

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        self.users()
        return super().handle(event, now)


class CopiesAll(Roulette):
    """A planted bug, invisible to a count of instructions: copies all users at every event."""

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        list(self._members)
        return super().handle(event, now)


class WalksThroughMemory(NoRepeat):
    """A planted bug in a policy: walks through all latest partners at every draw."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        for _ in self._latest.partner:
            pass
        return super().draw(now, choose)


def beside(crowd: int, where: str, kind: type[Roulette], policy: Policy | str) -> tuple[Roulette, list[Timed]]:
    """A roulette with a crowd somewhere at time 5, and the evening of the newcomers from then on."""
    chance = Random(0)
    roulette = kind(policy, choose=lambda count: int(chance.random() * count))
    join_all(roulette, range(crowd))
    if where != "in the lobby":
        for user in range(crowd):
            # A unique interest keeps its user searching; without one, all users are paired.
            roulette.handle(Start(user, (f"topic {user}",) if where == "searching" else ()), 0.0)
    roulette.handle(Tick(), 5.0)
    chance.seed(0)  # as if the crowd had drawn nothing
    step = 0.0 if where == "searching" else 1.0
    evening = busy_evening(users=6, events=250, text=True)
    return roulette, [(event, 5.0 + number * step) for number, (event, _) in enumerate(evening)]


def each_event(roulette: Roulette, evening: list[Timed]) -> Iterator[tuple[Event, Callable[[], object]]]:
    """The events that are legal when they come, and what handles each."""
    for event, now in evening:
        absent = not isinstance(event, Tick) and (event.user in roulette) == (event.kind == "join")
        unknown = isinstance(event, Join) and any(user not in roulette for user in event.blocked)
        if not absent and not unknown:
            yield event, lambda event=event, now=now: roulette.handle(event, now)  # type: ignore[misc]


def bytecodes(action: Callable[[], object]) -> int:
    """How many bytecode instructions an action takes, those of comprehensions and generators included."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    gc.disable()  # its callbacks, if any are set, would be counted whenever it runs
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
        gc.enable()
    return count


def height(action: Callable[[], object]) -> int:
    """How much memory an action takes at its height beyond what there was before it, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def steps(crowd: int, where: str, policy: Policy | str, kind: type[Roulette] = Roulette) -> list[tuple[str, int]]:
    """Each event of the evening and its instructions."""
    return [(event.kind, bytecodes(handle)) for event, handle in each_event(*beside(crowd, where, kind, policy))]


def heights(where: str, policy: Policy | str, kind: type[Roulette] = Roulette) -> dict[str, int]:
    """The least memory that each kind of event takes beside the large crowd: now and then, a table has to grow."""
    taken: dict[str, list[int]] = defaultdict(list)
    for event, handle in each_event(*beside(MANY, where, kind, policy)):
        taken[event.kind].append(height(handle))
    return {kind: min(each) for kind, each in taken.items()}


@pytest.mark.parametrize(("policy", "where"), CROWDS)
def test_an_event_takes_as_many_steps_beside_10_000_as_beside_10(policy: str, where: str) -> None:
    steps(FEW, where, policy)  # from Python 3.12 on, a function is counted in full from its second call on
    few, many = steps(FEW, where, policy), steps(MANY, where, policy)
    assert {kind for kind, _ in few} == {"join", "say", "start", "next", "block", "lobby", "leave", "tick"}
    assert many == few


@pytest.mark.parametrize(("policy", "where"), CROWDS)
def test_an_event_copies_no_list_of_users(policy: str, where: str) -> None:
    assert max(heights(where, policy).values()) < A_COPY / 10


def test_a_roulette_that_walks_through_all_is_caught() -> None:
    few, many = (steps(crowd, "in the lobby", "no-repeat", WalksThroughAll) for crowd in (FEW, MANY // 10))
    assert many != few


def test_a_roulette_that_copies_all_is_caught() -> None:
    assert min(heights("in the lobby", "no-repeat", CopiesAll).values()) >= A_COPY


def test_a_policy_that_walks_through_its_memory_is_caught() -> None:
    few, many = (steps(crowd, "talking", WalksThroughMemory()) for crowd in (FEW, MANY // 10))
    assert many != few


def test_a_wave_costs_the_same_for_each_pair_it_makes() -> None:
    """Many know one user, who remembers few of them: to look for a stranger in vain is paid for once, not by all."""

    def wave(crowd: int) -> float:
        roulette = Roulette("waves:every=5")
        join_all(roulette, ["star", *range(crowd)])
        now = 0.0
        for user in range(crowd):
            for seeker in ("star", user):
                roulette.handle(Start(seeker), now)
            now += 5.0
            roulette.handle(Tick(), now)
            roulette.handle(Lobby("star"), now)
            roulette.handle(Lobby(user), now)
        for user in ["star", *range(crowd)]:
            roulette.handle(Start(user), now)
        return bytecodes(lambda: roulette.handle(Tick(), now + 5.0)) / crowd

    assert wave(400) < 1.5 * wave(50)
