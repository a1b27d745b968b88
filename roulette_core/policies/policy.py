"""What a pairing policy is, and all it takes to write one.

A policy decides which two of the pool meet. To write your own, subclass ``Policy`` and say in ``draw`` which two
should meet now::

    from itertools import combinations

    class NewestFirst(Policy):
        def draw(self, now, choose):
            newest_first = [*self.pool][::-1]      # the pool is in the order in which they entered
            pairs = combinations(newest_first, 2)
            return next((pair for pair in pairs if not self.blocks.between(*pair)), None)

    Roulette(policy=NewestFirst())                 # or, on the command line, --policy my_module:NewestFirst

A policy has no clock (``now`` is handed to it) and no randomness of its own: all its chance comes from
``choose(n)``, a whole number from 0 to n − 1, each with the same probability. So whatever runs on it can be
seeded, snapshotted, replayed, and explored choice by choice.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping
from typing import Any, ClassVar, NamedTuple, TypeAlias

from roulette_core._blocks import Blocks
from roulette_core.events import User

Choose: TypeAlias = Callable[[int], int]
"""``choose(n)``: one of 0 … n − 1, each with probability 1/n."""

NEVER = math.inf


class Explanation(NamedTuple):
    """Why a user is still waiting.

    Attributes:
        code: one word for programs, such as ``only_latest_partner``.
        text: the same as a sentence for people, in English, without user-supplied text.
        figures: the numbers in it, rounded as there, for a sentence in another language.
    """

    code: str
    text: str
    figures: tuple[int, ...] = ()


class Policy(ABC):
    """Decides which two of the pool meet.

    The core tells a policy who enters and leaves the pool, and after every event asks ``draw`` for a pair until
    it says None. Every method should take time that does not grow with the number of users.

    Attributes:
        name: what the command line calls it; None for policies named by ``package.module:Class``.
        pool: who is searching, and since when (seconds). ``restore`` has users enter again in the order in which
            the pool lists them, so whatever else a policy keeps about them must follow from that order.
        blocks: who is never to be drawn with whom, kept by the roulette that the policy is handed to. To look at.
        parameters: the numbers it was made with, by the names under which ``__init__`` takes them.
    """

    name: ClassVar[str | None] = None

    def __init__(self, **parameters: float) -> None:
        self.parameters = parameters
        self.pool: MutableMapping[User, float] = {}
        self.blocks = Blocks()

    @abstractmethod
    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        """Says which two of the pool meet now, or None if no two may. Takes nobody out of the pool.

        No two who are kept apart by ``blocks`` are ever put together: a policy that names them has nobody to give
        until the next event, and others who could have met go on waiting.

        Args:
            now: the time, in seconds.
            choose: the only source of chance.

        Returns:
            Two different users of the pool, the one who has waited longer first where that means anything.
        """

    def enter(self, user: User, now: float, interests: tuple[str, ...]) -> None:
        """A user has begun to search, wishing to talk about ``interests`` (distinct; none means anything)."""
        self.pool[user] = now

    def leave(self, user: User) -> None:
        """A user of the pool searches no more, without having been drawn."""
        del self.pool[user]

    def paired(self, first: User, second: User) -> None:
        """The two that ``draw`` has just named are now together, and out of the pool."""
        self.leave(first)
        self.leave(second)

    def forget(self, user: User) -> None:
        """A user has left altogether (and the pool before): drop what is remembered for them."""

    def deadline(self, now: float) -> float:
        """The time, later than ``now``, at which a pair may become possible though nobody moves; or ``NEVER``."""
        return NEVER

    def explain(self, user: User, now: float) -> Explanation:
        """Why a user of the pool has not been drawn yet."""
        if len(self.pool) < 2:
            return Explanation("alone", "nobody else is waiting")
        waiting = len(self.pool)
        return Explanation(
            "undrawn", f"{waiting} people are waiting, and the policy has drawn none of them", (waiting,)
        )

    def snapshot(self) -> Any:
        """What it remembers beside the pool, as plain JSON data; None if nothing."""
        return None

    def restore(self, memory: Any) -> None:
        """Takes back what ``snapshot`` gave. Called first, before users enter the pool again."""

    @property
    def specification(self) -> str:
        """The policy in one word, as the command line takes it: ``uniform:minimum=3``."""
        kind = type(self)
        # A name is not inherited: what a subclass of a built-in policy does, its parent cannot stand for.
        name = vars(kind).get("name") or f"{kind.__module__}:{kind.__qualname__}"
        given = ",".join(f"{parameter}={_written(value)}" for parameter, value in self.parameters.items())
        return f"{name}:{given}" if given else name


def _written(number: float) -> str:
    """A number to the last digit, since a policy is made again from it: 30.0 as ``30``, 0.1 as ``0.1``."""
    return f"{number}".removesuffix(".0")
