"""The states that were found, and the edges between them."""

from typing import NamedTuple

from roulette_core.testing.exploring.checked_roulette import Step


class Edge(NamedTuple):
    """An edge during which a user goes on waiting, or would have with other random choices."""

    target: int  # the number of the state it leads to
    instant: int  # the number of the clock's instant at which the event happens
    step: Step  # with the user names of the source state's first history
    order: tuple[str, ...]  # the users, under the same names, in the canonical order of the target state
    waiting: tuple[str, ...]  # the users who search from beginning to end
    draws: bool  # others are paired
    passes: bool  # time passes until something is due


class Graph:
    """States by number, in the order in which they were found: 0 is the empty roulette.

    Attributes:
        orders: for each state its users in canonical order, under the names of its first history.
        edges: for each state that was followed a list for each event, with an edge for each sequence of choices.
    """

    def __init__(self) -> None:
        self.orders: list[tuple[str, ...]] = []
        self.edges: dict[int, list[list[Edge]]] = {}
        self._numbers: dict[bytes, int] = {}
        self._found: list[tuple[int, Step] | None] = []

    def __len__(self) -> int:
        """Returns the number of states."""
        return len(self.orders)

    def number(self, key: bytes) -> int | None:
        """Returns the number of the state with a key; None if it is new."""
        return self._numbers.get(key)

    def add(self, key: bytes, order: tuple[str, ...], found: tuple[int, Step] | None) -> int:
        """Adds a new state, found by a step from another one. Returns its number."""
        number = self._numbers[key] = len(self.orders)
        self.orders.append(order)
        self._found.append(found)
        return number

    def history(self, number: int) -> list[Step]:
        """Returns the steps by which a state was found: a shortest history, since the search is breadth-first."""
        steps = []
        while (found := self._found[number]) is not None:
            number, step = found
            steps.append(step)
        return steps[::-1]

    def names(self, edge: Edge) -> dict[str, str]:
        """Returns, for each user of an edge's source state, the name of the same user in the target state."""
        return dict(zip(edge.order, self.orders[edge.target], strict=True))
