"""The closed model as one writes it for SimPy: one process per user; version 1, unless it says otherwise.

N users are always chatting or searching. A chat lasts an exponential time; both users then search again. Two users who
search are paired at once unless either had the other as latest partner, longest-waiting first.

``PlainModel`` is the straightforward version. ``ClosedModel`` is tuned, with everything that helped when measured: a
user who finds a partner waiting needs no event, everything the loop touches is a local variable, and the cycle
collector, which would find nothing, is off, as it is in our engine. Recording is for the tests, which compare the model
with the core.
"""

import gc
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

import simpy

Process = Generator[simpy.Event, simpy.Event, None]


@dataclass(slots=True)
class Record:
    """A record of each search and each pairing; times in seconds."""

    search_time: list[float] = field(default_factory=list)
    search_user: list[int] = field(default_factory=list)
    pair_time: list[float] = field(default_factory=list)
    pair_first: list[int] = field(default_factory=list)
    pair_second: list[int] = field(default_factory=list)


class ClosedModel:
    """The model, ready to run once.

    Args:
        users: how many, numbered from 0; all start to search at time 0.
        chat_seconds: returns the length of the next chat, in seconds.
        record: whether to record every search and pairing, or only to count pairings.
    """

    def __init__(self, users: int, chat_seconds: Callable[[], float], record: bool = False) -> None:
        self.pairings = 0
        self.record = Record() if record else None
        self._environment = simpy.Environment()
        self._chat_seconds = chat_seconds
        self._pool: list[tuple[int, simpy.Event]] = []
        self._latest = [-1] * users
        for number in range(users):
            self._environment.process(self._user(number))

    def run(self, seconds: float) -> int:
        """Runs for a number of simulated seconds, and returns the number of pairings."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            self._environment.run(until=seconds)
        finally:
            if was_enabled:
                gc.enable()
        return self.pairings

    def _user(self, me: int) -> Process:
        environment, pool, latest = self._environment, self._pool, self._latest
        chat_seconds, record = self._chat_seconds, self.record
        chat: simpy.Event
        while True:
            if record is not None:
                record.search_time.append(environment.now)
                record.search_user.append(me)
            # Users in the pool may not meet each other, or they would have: only the newcomer can make a pair.
            for place, (other, found) in enumerate(pool):
                if latest[me] != other and latest[other] != me:
                    del pool[place]
                    latest[me], latest[other] = other, me
                    self.pairings += 1
                    if record is not None:
                        record.pair_time.append(environment.now)
                        record.pair_first.append(other)
                        record.pair_second.append(me)
                    chat = environment.timeout(chat_seconds())
                    found.succeed(chat)
                    break
            else:
                found = environment.event()
                pool.append((me, found))
                chat = yield found
            yield chat


class PlainModel(ClosedModel):
    """The straightforward version: each user waits for an event, and nothing is tuned.

    The cycle collector is left as it is.
    """

    def run(self, seconds: float) -> int:
        """Runs for a number of simulated seconds, and returns the number of pairings."""
        self._environment.run(until=seconds)
        return self.pairings

    def _user(self, me: int) -> Process:
        while True:
            found = self._environment.event()
            self._pool.append((me, found))
            self._match()
            chat = yield found
            yield chat

    def _match(self) -> None:
        """Pairs the two longest-waiting users who may meet, and tells both when their chat ends."""
        for (one, found_one), (other, found_other) in combinations(self._pool, 2):
            if self._latest[one] != other and self._latest[other] != one:
                self._pool.remove((one, found_one))
                self._pool.remove((other, found_other))
                self._latest[one], self._latest[other] = other, one
                self.pairings += 1
                chat = self._environment.timeout(self._chat_seconds())
                found_one.succeed(chat)
                found_other.succeed(chat)
                return


class PlainUniform(PlainModel):
    """The straightforward version of version 2: two users are drawn at random once three are searching."""

    def __init__(self, users: int, chat_seconds: Callable[[], float], random: Random) -> None:
        super().__init__(users, chat_seconds)
        self._random = random

    def _match(self) -> None:
        while len(self._pool) >= 3:
            drawn = self._random.sample(self._pool, 2)
            (one, found_one), (other, found_other) = drawn
            for each in drawn:
                self._pool.remove(each)
            self._latest[one], self._latest[other] = other, one
            self.pairings += 1
            chat = self._environment.timeout(self._chat_seconds())
            found_one.succeed(chat)
            found_other.succeed(chat)
