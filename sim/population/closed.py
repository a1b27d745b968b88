"""The closed model, which has a theory: the same users are always chatting or searching.

N users are always chatting or searching. Each chat ends after an exponential time of rate µ, by either of the two with
the same probability, and both search again.

Equivalently, every user asks for the next partner at the times of their own Poisson process of rate µ/2, and is refused
while searching: in a chat, either user is the first to ask with the same probability, and a first request comes at rate
µ. All these processes together are one of rate N·µ/2, in which each request comes from any user with the same
probability. So the whole model is one stream of times and users, drawn in advance and the same for every policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappush
from itertools import count

import numpy as np

from roulette_core import Effect, Event, Join, Next, Start, State
from sim.engine import Entry

WARMUP_CHATS = 10
"""Number of mean chats after which the beginning counts as forgotten."""

_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class ClosedModel:
    """The closed model as a scenario, with at least one user; ``mean_chat_seconds`` is 1/µ."""

    users: int
    mean_chat_seconds: float = 60.0
    name: str = "closed"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds of users: there is one."""
        return ("user",)

    @property
    def warmup_seconds(self) -> float:
        """How long it takes to forget the beginning, at which all are searching: ten mean chats.

        A chat of the beginning is still on with probability e⁻¹⁰, and a user has ended fewer than five, as many as
        ``fresh`` remembers, with probability 3 % (Poisson of mean 10).
        """
        return WARMUP_CHATS * self.mean_chat_seconds

    @property
    def slowest_seconds(self) -> float:
        """The slowest time constant of the users: a mean chat."""
        return self.mean_chat_seconds

    @property
    def expected_present(self) -> float:
        """The mean number of users present at rest: all."""
        return float(self.users)

    @property
    def names_interests(self) -> bool:
        """Whether any user names interests: none does."""
        return False

    def population(self, seed: np.random.SeedSequence) -> "ClosedPopulation":
        """Returns its users, ready to run once."""
        return ClosedPopulation(self.users, self.mean_chat_seconds, seed)


class ClosedPopulation:
    """Users 0 … N − 1, who all join and start at time 0. After that the agenda holds only the next request.

    Attributes:
        initial_users: N.
    """

    def __init__(self, users: int, mean_chat_seconds: float, seed: np.random.SeedSequence) -> None:
        self.initial_users = users
        joins, starts = zip(*map(_opening, range(users)), strict=True)
        self._serial = count()
        self.agenda: list[Entry] = [(0.0, next(self._serial), event) for event in (*joins, *starts)]
        self._asking = _asking(users, mean_chat_seconds, seed, self._serial)
        heappush(self.agenda, next(self._asking))

    def kind_of(self, user: int) -> int:
        """Returns 0: they are all of one kind."""
        return 0

    def ask(self, now: float, serial: float, what: Event) -> Event:
        """Returns the event, and draws the next request."""
        if type(what) is Next:
            heappush(self.agenda, next(self._asking))
        return what

    def hear(self, now: float, event: Event, effects: tuple[Effect, ...]) -> None:
        """Ignores the effects: they do not change when users ask."""

    def moved(self, now: float, user: int, state: State) -> None:
        """Ignores what a client has seen, for the same reason."""

    def spoke(self, now: float, user: int) -> None:
        """Does nothing: these users say nothing."""

    def lost(self, now: float, user: int, seconds: float) -> None:
        """Schedules the return of a user whose connection was lost: in ``seconds``, and they start at once."""
        for event in _opening(user):
            heappush(self.agenda, (now + seconds, next(self._serial), event))

    def is_silent(self, user: int) -> bool:
        """Returns False: these users never vanish."""
        return False


def _opening(user: int) -> tuple[Join, Start]:
    """Returns a user's first two events."""
    return Join(user, f"user-{user}"), Start(user)


def _asking(
    users: int, mean_chat_seconds: float, seed: np.random.SeedSequence, serials: Iterator[float]
) -> Iterator[Entry]:
    """Yields all requests for the next partner, in the order of time, endlessly."""
    generator = np.random.default_rng(seed)
    asks, now = [Next(user) for user in range(users)], 0.0
    while True:
        times = now + generator.exponential(2 * mean_chat_seconds / users, _BLOCK).cumsum()
        now = times[-1]
        who = generator.integers(users, size=_BLOCK)
        yield from zip(times.tolist(), serials, [asks[user] for user in who.tolist()], strict=False)
