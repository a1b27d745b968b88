"""What a pairing policy is, and all it takes to write one.

A policy decides which two of the pool meet. To write your own, subclass ``Policy`` and return from ``draw`` the two who
should meet now::

    from itertools import combinations

    class NewestFirst(Policy):
        def draw(self, now, choose):
            newest_first = [*self.pool][::-1]      # the pool is in the order in which they entered
            pairs = combinations(newest_first, 2)
            return next((pair for pair in pairs if not self.blocks.between(*pair)), None)

    Roulette(policy=NewestFirst())                 # or, on the command line, --policy my_module:NewestFirst

A policy has no clock (``now`` is an argument) and no randomness of its own: every random choice comes from
``choose(n)``, which returns a whole number from 0 to n − 1, each with the same probability. So every run can be seeded,
restored, replayed, and explored choice by choice.

What a policy may know of a user stands in the pool: since when they have been searching, their interests, and the
attributes that the caller gave them, as in ``self.pool[user].attributes.get("role")``.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from roulette_core._blocks import Blocks
from roulette_core.errors import BadPolicy
from roulette_core.events import Attributes, User
from roulette_core.searcher import Searcher

Choose: TypeAlias = Callable[[int], int]
"""``choose(n)`` returns one of 0 … n − 1, each with probability 1/n."""

NEVER = math.inf
"""A deadline that never comes."""


class Explanation(NamedTuple):
    """Why a user is still waiting.

    Attributes:
        code: one word for programs, such as ``only_latest_partner``.
        text: the same as an English sentence, without user-supplied text.
        figures: the numbers in ``text``, rounded as there, for sentences in other languages.
        until: the time at which this explanation ends, if it counts down to one: the last of ``figures`` is then the
            number of seconds until that time.
    """

    code: str
    text: str
    figures: tuple[int, ...] = ()
    until: float | None = None

    @property
    def gist(self) -> tuple[str, float | None, tuple[int, ...]]:
        """Returns what it says, apart from how far a countdown has come: all that makes an earlier one stale."""
        return self.code, self.until, self.figures if self.until is None else self.figures[:-1]


Pair: TypeAlias = tuple[User, User]
"""Two users who meet."""

Drawn: TypeAlias = Pair | list[Pair] | None
"""What a draw returns: a pair, several without a user in common, or None."""


def pairs_of(drawn: Drawn) -> Sequence[Pair]:
    """Returns the pairs of one draw."""
    return drawn if isinstance(drawn, list) else () if drawn is None else (drawn,)


class Role(NamedTuple):
    """A kind of people that a policy tells from others, by what they say at ``Start``.

    Attributes:
        interests: the interests of such people; none means any topic.
        attributes: what policies may know of them; None for nothing.
    """

    interests: tuple[str, ...] = ()
    attributes: Attributes | None = None


class Policy(ABC):
    """Decides which two of the pool meet.

    The roulette tells a policy who enters and leaves the pool, and after every event calls ``draw`` until it returns
    None. Every method should take time that does not grow with the number of users.

    Attributes:
        name: the name on the command line; None for policies named by ``package.module:Class``.
        cast: the kinds of people that the policy tells apart. The tools that try a policy let such people search.
        pool: the users who are searching, as the roulette knows them. Always this same object. A restored roulette lets
            users enter again in the order in which the pool lists them, so whatever else a policy keeps about them
            must follow from that order.
        blocks: which users must not be paired with each other. Kept by the roulette; to be read only.
        parameters: the arguments of ``__init__`` by name, from which an equal policy can be made.
    """

    name: ClassVar[str | None] = None
    cast: ClassVar[tuple[Role, ...]] = (Role(),)

    def __init__(self, **parameters: float) -> None:
        self.parameters = parameters
        self.pool: MutableMapping[User, Searcher] = {}
        self.blocks = Blocks()
        self._adopted = False

    def adopt(self, blocks: Blocks) -> None:
        """Called once, by the roulette that the policy belongs to from now on, which keeps these blocks.

        Raises:
            BadPolicy: the policy belongs to a roulette already, and with it its pool.
        """
        if self._adopted:
            raise BadPolicy(f"{self.specification} belongs to another roulette: make a policy for each")
        self._adopted = True
        self.blocks = blocks

    @abstractmethod
    def draw(self, now: float, choose: Choose) -> Drawn:
        """Returns the two of the pool who meet now, or None if no two may. Leaves the pool as it is.

        A pair that ``blocks`` keeps apart is not paired. A policy that returns one is not asked again until the next
        event, and others who could have met go on waiting.

        Args:
            now: the time, in seconds.
            choose: the only source of randomness.

        Returns:
            Two different users of the pool, the longer-waiting first if the policy orders them by waiting time; or, for
            rules that look at the whole pool at once, a list of such pairs that have no user in common.
        """

    def enter(self, searcher: Searcher) -> None:
        """Called when a user begins to search."""
        self.pool[searcher.user] = searcher

    def update(self, searcher: Searcher) -> None:
        """Called when the interests or attributes of a user of the pool have changed.

        The searcher in the pool is this same object, and keeps its place. To be overridden by a policy that keeps
        anything else about it, or that remembers which pairs it has tried.
        """

    def unblocked(self, first: User, second: User) -> None:
        """Called when two of the pool may meet again, as a block was taken back; ``first`` is the longer-waiting.

        To be overridden by a policy that remembers which pairs it has tried.
        """

    def leave(self, user: User) -> None:
        """Called when a user stops searching without having been drawn."""
        del self.pool[user]

    def paired(self, first: User, second: User) -> None:
        """Called when the two that ``draw`` has just returned are paired; takes them out of the pool."""
        self.leave(first)
        self.leave(second)

    def forget(self, user: User) -> None:
        """Called when a user has left for good, after leaving the pool: drop what is remembered for them."""

    def deadline(self, now: float) -> float:
        """Returns a time after ``now`` at which a pair may become possible without any event; or ``NEVER``."""
        return NEVER

    def explain(self, user: User, now: float) -> Explanation:
        """Returns why a user of the pool has not been drawn yet."""
        if len(self.pool) < 2:
            return Explanation("alone", "nobody else is waiting")
        waiting = len(self.pool)
        return Explanation(
            "undrawn", f"{waiting} people are waiting, and the policy has drawn none of them", (waiting,)
        )

    def snapshot(self) -> Any:
        """Returns what the policy remembers beside the pool, as plain JSON data; None if nothing."""
        return None

    def restore(self, memory: Any) -> None:
        """Takes back what ``snapshot`` returned. Called before users enter the pool again."""

    @property
    def specification(self) -> str:
        """Returns the policy as the command line takes it: ``uniform:minimum=3``."""
        kind = type(self)
        # A name is not inherited: a subclass of a built-in policy does something else than its parent.
        name = vars(kind).get("name") or f"{kind.__module__}:{kind.__qualname__}"
        given = ",".join(f"{parameter}={_written(value)}" for parameter, value in self.parameters.items())
        return f"{name}:{given}" if given else name


def _written(number: float) -> str:
    """Returns a number with all its digits, since a policy is made from it again: 30.0 as ``30``, 0.1 as ``0.1``."""
    return f"{number}".removesuffix(".0")
