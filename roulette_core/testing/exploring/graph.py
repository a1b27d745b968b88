"""The states that were found, and how one becomes another."""

from typing import NamedTuple

from roulette_core.testing.exploring.checked_roulette import Step


class Edge(NamedTuple):
    """One way to another state in which somebody goes on waiting, or might have if chance had turned otherwise.

    Attributes:
        target: the number of the state it leads to.
        instant: at which of the clock's instants the event happens.
        step: the event that leads there, by the names of the first history of the state it leaves.
        order: the users, by the same names, in the order of the state it leads to.
        waiting: who of them searches from beginning to end.
        draws: whether others are paired on the way.
        passes: whether time passes until something falls due.
    """

    target: int
    instant: int
    step: Step
    order: tuple[str, ...]
    waiting: tuple[str, ...]
    draws: bool
    passes: bool


class Graph:
    """States by number, in the order in which they were found: 0 is the empty roulette.

    Attributes:
        orders: for each state its users in canonical order, by the names of its first history.
        edges: for each state that was followed, its ways out by the event that was asked: one for each turn of chance.
    """

    def __init__(self) -> None:
        self.orders: list[tuple[str, ...]] = []
        self.edges: dict[int, list[list[Edge]]] = {}
        self._numbers: dict[bytes, int] = {}
        self._found: list[tuple[int, Step] | None] = []

    def __len__(self) -> int:
        """How many states were found."""
        return len(self.orders)

    def number(self, key: bytes) -> int | None:
        """The number of a state by its key, if it was found."""
        return self._numbers.get(key)

    def add(self, key: bytes, order: tuple[str, ...], found: tuple[int, Step] | None) -> int:
        """Enters a new state, found by a step from another, and gives its number."""
        number = self._numbers[key] = len(self.orders)
        self.orders.append(order)
        self._found.append(found)
        return number

    def history(self, number: int) -> list[Step]:
        """The steps by which a state was found: as few as there can be, if states were followed in their order."""
        steps = []
        while (found := self._found[number]) is not None:
            number, step = found
            steps.append(step)
        return steps[::-1]

    def names(self, edge: Edge) -> dict[str, str]:
        """Which user of the state an edge leads to each user of the state it leaves has become."""
        return dict(zip(edge.order, self.orders[edge.target], strict=True))
