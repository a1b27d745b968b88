"""A crowd in the closed model: always chatting or searching, each chat over after an exponential time.

Used for properties that need many draws to detect: who is favoured and who is passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from roulette_core.effects import Effect
from roulette_core.errors import BrokenPolicy
from roulette_core.events import Event, Join, Next, Start, Tick, User
from roulette_core.machine import Roulette
from roulette_core.policies import Pair, Policy, Role
from roulette_core.testing.conformance.drawn import watch_draws
from roulette_core.testing.exploring import roles_of

CHAT_SECONDS = 60.0
"""The mean length of a chat."""

MOST_TICKS = 100_000
"""Maximum number of deadlines between two events: with a wave every millisecond there are some thousands."""


class Crowd:
    """Users who ask for the next partner, one after the other, without end. They join in the order of ``users``.

    They play the roles of the policy's cast by turns.
    """

    def __init__(self, policy: Policy, users: Sequence[User], seed: int) -> None:
        self.roulette = Roulette(policy, seed)
        self._users = users
        roles = roles_of(policy)
        self.roles = {user: roles[number % len(roles)] for number, user in enumerate(users)}
        self._chance = Random(seed)
        self._pause = 2 * CHAT_SECONDS / len(users)
        self._now = 0.0

    def come(self, user: User) -> None:
        """Lets a user join and start."""
        self._handle(Join(user, f"name of {user}"))
        self._handle(Start(user, *self.roles[user]))

    def ask(self) -> tuple[Effect, ...]:
        """Lets a random user ask for the next partner, which ends their chat if they are in one.

        Raises:
            BrokenPolicy: the policy's deadlines never end.
        """
        self._now += self._chance.expovariate(1 / self._pause)
        for _ in range(MOST_TICKS):
            deadline = self.roulette.next_deadline()
            if deadline is None or deadline >= self._now:
                return self._handle(Next(self._chance.choice(self._users)))
            self.roulette.handle(Tick(), deadline)
        raise BrokenPolicy(f"after {MOST_TICKS:,} deadlines the next one is {deadline!r}: they never end")

    def _handle(self, event: Event) -> tuple[Effect, ...]:
        return self.roulette.handle(event, self._now)


@dataclass(slots=True)
class Tally:
    """Who was drawn from pools of more than two, compared with a draw that is uniform within each role.

    Who of a role is drawn is the policy's choice; which roles meet is its rule, and nothing to compare.
    """

    roles: Mapping[User, Role]
    favour: dict[User, float]  # for each user, the number of times drawn beyond the expectation
    pairings: int = 0  # from any pool
    draws: int = 0  # from pools of more than two
    longest: float = 0.0  # as ``favour`` for the longest-waiting users; each draw counts for 1 at most

    def count(self, pool: dict[User, float], pair: tuple[User, User]) -> None:
        """Counts a draw."""
        self.draws += 1
        for drawn in pair:
            alike = [user for user in pool if self.roles[user] == self.roles[drawn]]
            for user in alike:
                self.favour[user] += (user == drawn) - 1 / len(alike)
            earliest = min(pool[user] for user in alike)
            longest = [user for user in alike if pool[user] == earliest]
            self.longest += ((drawn in longest) - len(longest) / len(alike)) / 2


def tally(policy: Policy, users: Sequence[User], seed: int, draws: int) -> Tally:
    """Watches a crowd for so many draws from pools of more than two, or for ten times as many events."""
    crowd, drawn = Crowd(policy, users, seed), list[tuple[dict[User, float], Pair]]()
    counted = Tally(crowd.roles, dict.fromkeys(users, 0.0))

    def note(pair: Pair, pool: dict[User, float]) -> None:
        counted.pairings += 1
        if len(pool) > 2 and pool.keys() >= set(pair):
            drawn.append((pool, pair))

    for user in users:
        crowd.come(user)
    watch_draws(policy, note)
    for _ in range(10 * draws):
        crowd.ask()
        for pool, pair in drawn:
            counted.count(pool, pair)
        drawn.clear()
        if counted.draws >= draws:
            break
    return counted
