"""What may happen next: every event that may make a difference, at every time that may."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roulette_core.events import Block, Event, Join, Leave, Lobby, Next, Say, Start, Tick
from roulette_core.machine import Roulette
from roulette_core.policies import Policy
from roulette_core.testing.built_in import clock_of
from roulette_core.testing.clocks import Clock, Instant

_FRIENDS = ("ada", "bob", "carol")

TOPICS = ((), ("music",))
"""The interests that users may name, if the policy looks at them."""


def user_names(count: int) -> tuple[str, ...]:
    """Returns the names of so many users."""
    return (*_FRIENDS, *(f"user {number}" for number in range(len(_FRIENDS) + 1, count + 1)))[:count]


def name_of(user: str) -> str:
    """Returns the name under which a user joins; it is never a user id as well."""
    return user.title()


class Possibility(NamedTuple):
    """An event that may happen next, and when: the number of the instant among those of the clock, and the instant."""

    number: int
    instant: Instant
    event: Event


class Possibilities:
    """The events that may happen to a roulette under a policy like the given one."""

    def __init__(self, policy: Policy, users: Sequence[str]) -> None:
        self.clock: Clock = clock_of(policy)
        self._users = users
        self._timed = type(policy).deadline is not Policy.deadline
        self._topics = TOPICS if type(policy).enter is not Policy.enter else ((),)

    def now(self, roulette: Roulette) -> Iterator[Possibility]:
        """Yields the events of the first instant."""
        first = self.clock.instants(roulette)[0]
        for user in roulette.users():
            yield Possibility(0, first, Say(user, "hello"))
            yield Possibility(0, first, Join(user, "Again"))  # a caller's mistake
        yield from (Possibility(0, first, event) for event in self._events(roulette))

    def later(self, roulette: Roulette, idle: Sequence[Event]) -> Iterator[Possibility]:
        """Yields the events of the other instants.

        The ``idle`` events change nothing now, and so nothing later either, unless something has become due.
        """
        for number, instant in enumerate(self.clock.instants(roulette)[1:], start=1):
            for event in self._events(roulette):
                if instant.due or type(event) is Tick or event not in idle:
                    yield Possibility(number, instant, event)

    def _events(self, roulette: Roulette) -> Iterator[Event]:
        """Yields every event that may make a difference at one time or another."""
        present = roulette.users()
        for user in self._users:
            if user in roulette:
                yield from (Next(user), Block(user), Lobby(user), Leave(user))
                yield from (Start(user, topics) for topics in self._topics)
            else:
                name = name_of(user)
                yield Join(user, name)
                yield from (Join(user, name, (other,)) for other in present)
                yield from (Join(user, roulette.name(other)) for other in present[:1])
        if self._timed:
            yield Tick()
