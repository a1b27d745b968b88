"""The subject of the checks: a policy, its claims, and the effort."""

from dataclasses import dataclass, field

from roulette_core.testing.claims import Claims
from roulette_core.testing.exploring import Maker


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. The defaults take some seconds in all.

    Attributes:
        seconds: the time after which each check stops with what it has tried.
        examples: the number of histories that Hypothesis tries for each promise.
        states: the number of states explored, for each number of users.
        draws: the number of draws watched.
        sizes: the sizes of the crowds in which events are timed.
        seed: the random seed of the crowds.
    """

    seconds: float = 10.0
    examples: int = 100
    states: int = 300
    draws: int = 10_000
    sizes: tuple[int, ...] = (10, 100, 1_000, 10_000)
    seed: int = 0

    @property
    def deadline(self) -> float:
        """Returns the time after which a policy is taken to hang, in seconds: ten times ``seconds``, and a minute."""
        return 60.0 + 10 * self.seconds

    @classmethod
    def within(cls, budget: float, seed: int) -> "Effort":
        """Returns the effort that fits into a number of seconds in all, on a usual machine."""
        minutes = budget / 60
        return cls(
            seconds=budget / 4,
            examples=max(20, round(300 * minutes)),
            states=max(50, round(1_000 * minutes)),
            draws=max(1_000, round(40_000 * minutes)),
            seed=seed,
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """A policy to check, its claims, and how hard to try.

    Attributes:
        make: the policy: its specification, or what makes a new one.
        claims: what is checked beside what every policy owes.
        effort: how hard to try.
    """

    make: Maker
    claims: Claims = field(default_factory=Claims)
    effort: Effort = field(default_factory=Effort)
