"""The results of an exploration."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from roulette_core.testing.exploring.checked_roulette import Maker, Step
from roulette_core.testing.exploring.graph import Graph


class Covered(StrEnum):
    """How much of what can happen was explored."""

    EVERYTHING = "everything"
    DEPTH = "depth"
    PART = "part"


class Counterexample(NamedTuple):
    """A shortest history that ends with a flaw.

    Attributes:
        steps: the history.
        flaw: what is wrong at its end.
        invariant: the name of the broken invariant; empty if it is something else.
    """

    steps: tuple[Step, ...]
    flaw: str
    invariant: str


class Deadlock(NamedTuple):
    """All users present are searching, and neither chance nor time alone will ever pair two of them.

    Attributes:
        steps: a shortest history that leads there.
        explanations: name and text of ``explain`` of each user.
        blocks: whether any block is in force.
    """

    steps: tuple[Step, ...]
    explanations: tuple[tuple[str, str], ...]
    blocks: bool


@dataclass(frozen=True, slots=True)
class Exploration:
    """The result of an exploration.

    Attributes:
        policy: the specification of the policy.
        maker: what makes a new one.
        users: the number of users who may be present.
        depth: the length up to which all histories were explored.
        states: the number of different states seen.
        transitions: the number of events handled, each sequence of random choices counted.
        choices: the number of random choices made.
        pairings: the number of times that users were paired; a search without any proves nothing.
        wide: the number of first events among which special requests were tried, too.
        covered: how much of what can happen was explored.
        renaming: whether states that differ only in user names were counted as one; False if the policy treats users
            differently because of their names.
        counterexample: a shortest history with a flaw; None if there is none.
        deadlocks: one for each set of explanations.
        graph: the states, for further questions.
    """

    policy: str
    maker: Maker
    users: int
    depth: int
    states: int
    transitions: int
    choices: int
    pairings: int
    wide: int
    covered: Covered
    renaming: bool
    counterexample: Counterexample | None
    deadlocks: tuple[Deadlock, ...]
    graph: Graph
