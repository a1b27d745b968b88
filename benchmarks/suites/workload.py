"""A roulette full of users, and endless events for it: what the suites of the core measure."""

import gc
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from typing import TypeAlias

from benchmarks.harness import Work
from roulette_core import Event, Join, Lobby, Next, Roulette, Say, Start, Tick

CHAT_SECONDS = 60.0
"""The mean length of a chat: it sets the pace of events, and with it what policies that wait see …"""
EVENTS_PER_SECOND = 200
"""… except that larger populations are no faster than this, or a few thousand events would not see a single wave."""
IN_LOBBY = 10
"""One user in so many stays in the lobby."""
_TOPICS = [(f"topic-{first}", f"topic-{second}") for first in range(50) for second in range(first)]
"""The users' interests: two of fifty topics each."""


class Workload:
    """Users who have joined, numbered from 0; one in ten is in the lobby, the others have started."""

    def __init__(self, policy: str, users: int) -> None:
        self.policy = policy
        self.users = users
        self.roulette = Roulette(policy)
        self._random = Random(1)
        self._now = 0.0
        self._pace = max(CHAT_SECONDS / (users / 2), 1 / EVENTS_PER_SECOND)
        # Nothing here is garbage: collections would take a third of the time.
        gc.collect()
        gc.disable()
        try:
            self._arrive()
        finally:
            gc.enable()

    def _arrive(self) -> None:
        handle = self.roulette.handle
        for user in range(self.users):
            handle(Join(user, f"user-{user}"), 0.0)
            if user % IN_LOBBY:
                handle(Start(user, self.topics()), 0.0)
        # Policies that wait have now waited: the first wave, of all users, is not to be measured.
        self._now = CHAT_SECONDS
        handle(Tick(), self._now)

    def work(self, task: "Task", count: int) -> Work:
        """Makes the next events of a task. The function returned handles them."""
        agenda = self.agenda(task, count)
        handle = self.roulette.handle

        def handle_all() -> float:
            for event, now in agenda:
                handle(event, now)
            return len(agenda)

        return handle_all

    def agenda(self, task: "Task", count: int) -> list[tuple[Event, float]]:
        """Returns the next events of a task, with their times."""
        agenda = []
        for event in islice(task(self), count):
            self._now += self._pace
            agenda.append((event, self._now))
        return agenda

    def chatting_user(self) -> int:
        """Returns a random user who is not one of those that stay in the lobby."""
        user = IN_LOBBY * int(self._random.random() * (self.users // IN_LOBBY))
        return user + 1 + int(self._random.random() * (IN_LOBBY - 1))

    def topics(self) -> tuple[str, str]:
        """Returns the interests of a user who starts."""
        return self._random.choice(_TOPICS)

    def lobby_user(self) -> int:
        """Returns a random user who stays in the lobby."""
        return IN_LOBBY * int(self._random.random() * (self.users // IN_LOBBY))


Task: TypeAlias = Callable[[Workload], Iterator[Event]]
"""Yields events of a workload's users, without end."""


def nexts(workload: Workload) -> Iterator[Event]:
    """Yields requests of random users for the next partner; the few who happen to be searching are refused."""
    while True:
        yield Next(workload.chatting_user())


def returns(workload: Workload) -> Iterator[Event]:
    """Yields returns of random users to the lobby, each followed by a new start."""
    while True:
        user = workload.chatting_user()
        yield Lobby(user)
        yield Start(user, workload.topics())


def lobby_lines(workload: Workload) -> Iterator[Event]:
    """Yields lines of users in the lobby."""
    while True:
        yield Say(workload.lobby_user(), "good evening, everybody")
