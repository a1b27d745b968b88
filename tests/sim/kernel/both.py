"""The kernel beside the core: the same events for both, and what differs afterwards."""

import math
from collections.abc import Iterable
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

from roulette_core import Block, Event, Join, Leave, Lobby, Next, Place, Roulette, Say, Start, State, Tick
from sim.rows import EffectRows, Kept, Rows
from sim.rows.codes import NOBODY

ACTS = ("say", "start", "next", "block", "lobby", "leave", "tick")
"""What users present do; to a user who is absent, each means to join."""

POLICIES = (
    "no-repeat",
    "uniform",
    "uniform:minimum=2",
    "uniform:minimum=7",
    "fresh",
    "fresh:memory=1,patience=7",
    "fresh:memory=3,patience=0.7",
    "waves",
    "waves:every=0.3",
    "waves:every=4",
    "interests",
    "interests:patience=0.7",
    "interests:patience=6",
)


class Step(NamedTuple):
    """One event to come.

    Attributes:
        act: what the user does, one of ``ACTS``.
        user: who does it.
        topics: what a user who starts wants to talk about, one bit for each topic.
        wait: how many seconds after the event before; ``inf`` means at the next deadline.
    """

    act: str
    user: int
    topics: int = 0
    wait: float = 0.0


class Both:
    """A roulette of the core and one of a kernel, before their first event.

    Args:
        kernel: the package ``sim.kernel``, or a copy of it.
        policy: the specification of both policies.
        seed: of their choices.
        left_behind: where partners go.
        block: number of rows in a block of the kernel's.
        start: the time of the first event, in seconds.
    """

    def __init__(
        self,
        kernel: ModuleType,
        policy: str,
        seed: int = 0,
        left_behind: Place = "searching",
        block: int = 4096,
        start: float = 0.0,
    ) -> None:
        self.core = Roulette(policy, seed, left_behind=left_behind)
        self.core_rows = Kept()
        self.core_block = Rows((self.core_rows,))
        self.effects = EffectRows(self.core_block, kind_of=lambda user: user % 3)
        self.seat_rows = Kept()
        self.seat_block = Rows((self.seat_rows,), block)
        twin: Any = kernel.policies.seat_policy(policy, seed)
        self.seats = kernel.roulette.SeatRoulette(twin, self.seat_block, 0, left_behind)
        self.users: set[int] = set()
        self.now = start

    def play(self, steps: Iterable[Step]) -> str:
        """Plays events on both.

        Returns:
            The first difference, in words; empty if there is none.
        """
        for step in steps:
            self.play_one(step)
            if self.core._deadline != self.seats.deadline:
                return f"{step} at {self.now}: deadline {self.seats.deadline} instead of {self.core._deadline}"
            if difference := self._difference_of(step.user):
                return f"{step} at {self.now}: {difference}"
        return self.difference()

    def play_one(self, step: Step) -> None:
        """Plays one event on both."""
        deadline = self.core.next_deadline()
        waits = step.wait if step.wait < math.inf else 0.0
        self.now = deadline if step.wait == math.inf and deadline is not None else self.now + waits
        act = step.act if step.act == "tick" or step.user in self.users else "join"
        self.effects.observe(self.now, event := event_of(act, step), self.core.handle(event, self.now))
        if act == "tick":
            self.seats.tick(self.now)
        elif act == "join":
            self.seats.join(step.user, step.user % 3, self.now)
            self.users.add(step.user)
        elif act == "start":
            self.seats.start(step.user, step.topics, self.now)
        else:
            getattr(self.seats, act)(step.user, self.now)
            if act == "leave":
                self.users.remove(step.user)

    def difference(self) -> str:
        """Returns the first difference of rows, states or partners, in words; empty if there is none."""
        self.core_block.flush()
        self.seat_block.flush()
        expected, got = self.core_rows.columns(), self.seat_rows.columns()
        row = expected.difference(got)
        if row is not None:
            return "row {}: {} instead of {}".format(row, *(_row(columns, row) for columns in (got, expected)))
        return next(filter(None, map(self._difference_of, range(self.seats.seats))), "")

    def _difference_of(self, user: int) -> str:
        if user >= self.seats.seats:
            return ""
        state = self.core.state(user)
        partner = None if state is State.OUTSIDE else self.core.partner(user)
        expected = (int(state), NOBODY if partner is None else partner)
        got = (self.seats.states[user], self.seats.partners[user])
        return "" if got == expected else f"user {user}: state and partner are {got} instead of {expected}"


def _row(columns: Any, row: int) -> list[Any]:
    return [column[row].item() for column in columns if row < len(column)]


def event_of(act: str, step: Step) -> Event:
    """Returns what the core is asked."""
    events: dict[str, Event] = {
        "tick": Tick(),
        "join": Join(step.user, f"user-{step.user}"),
        "say": Say(step.user, "hello"),
        "start": Start(step.user, tuple(f"topic-{bit}" for bit in range(64) if step.topics >> bit & 1)),
        "next": Next(step.user),
        "block": Block(step.user),
        "lobby": Lobby(step.user),
        "leave": Leave(step.user),
    }
    return events[act]


def story(seed: int, users: int, events: int, blocks: bool = True) -> list[Step]:
    """Returns random events, most of them starts and nexts; pace, topics and how often users block differ by seed."""
    random = Random(seed)
    pace = random.choice((0.0, 0.01, 0.3, 2.0))
    topics = random.choice((0, 1, 3, 8))
    weights = [1, 5, 5, random.choice((0, 1, 3)) if blocks else 0, 1, random.choice((0, 0.3, 1)), 1]
    return [
        Step(
            act,
            random.randrange(users),
            random.choice((0, *(1 << bit for bit in range(topics)), random.randrange(1 << topics))),
            random.choice((0.0, pace, pace * random.random(), math.inf)),
        )
        for act in random.choices(ACTS, weights, k=events)
    ]
