"""What an exploration has found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from roulette_core.testing.exploring.checked_roulette import Maker, Step
from roulette_core.testing.exploring.graph import Graph


class Covered(StrEnum):
    """How much of what can happen was looked at."""

    EVERYTHING = "everything"
    DEPTH = "depth"
    PART = "part"


class Counterexample(NamedTuple):
    """The shortest history at whose end something is wrong.

    Attributes:
        steps: the history.
        flaw: what is wrong.
        invariant: the name of the invariant that is broken, or nothing if it is something else.
    """

    steps: tuple[Step, ...]
    flaw: str
    invariant: str


class Deadlock(NamedTuple):
    """Everybody present is searching, and neither chance nor time will ever bring two of them together.

    Attributes:
        steps: the shortest history that leads there.
        explanations: what the core tells each of those waiting.
        blocks: whether any block is in force.
    """

    steps: tuple[Step, ...]
    explanations: tuple[tuple[str, str], ...]
    blocks: bool


@dataclass(frozen=True, slots=True)
class Exploration:
    """What was found.

    Attributes:
        policy: the policy's specification.
        maker: where such policies come from.
        users: how many users there could be.
        depth: the length of the longest histories that were all looked at.
        states: how many states were found.
        transitions: how often one was made of another, each turn of chance counted.
        choices: how many choices of the policy were followed one after the other.
        covered: how much of what can happen was looked at.
        renaming: whether states alike but for the names of users were counted as one; not so if the policy treats
            users differently because of their names.
        counterexample: what is wrong, if anything.
        deadlocks: the deadlocks, one for each thing that the core says of them.
        graph: the states, for further questions.
    """

    policy: str
    maker: Maker
    users: int
    depth: int
    states: int
    transitions: int
    choices: int
    covered: Covered
    renaming: bool
    counterexample: Counterexample | None
    deadlocks: tuple[Deadlock, ...]
    graph: Graph
