"""Starvation: a user can be kept waiting for ever while others are paired. Found as a cycle of the explored states.

Throughout the cycle the user searches and has no block, and others are paired. If the policy has deadlines, the cycle
includes one, because without the passing of time any cycle could be repeated endlessly. Starvation is *sure* if the
other users can go round the cycle whatever the random choices. Otherwise the same choices have to recur every time,
which happens with probability 0.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from roulette_core.policies import Policy
from roulette_core.testing.built_in import clock_of
from roulette_core.testing.exploring.branching import Script
from roulette_core.testing.exploring.checked_roulette import Step, made, replayed
from roulette_core.testing.exploring.components import end_components, strong_components
from roulette_core.testing.exploring.graph import Edge, Graph
from roulette_core.testing.exploring.results import Exploration
from roulette_core.testing.exploring.state_key import with_names

Waiting: TypeAlias = tuple[int, str]
"""A user who waits: the number of a state, and the user's name in its first history."""


@dataclass(frozen=True, slots=True)
class Starvation:
    """A user can be kept waiting for ever.

    Attributes:
        user: the name of the user.
        steps: a shortest history that leads to the beginning of the cycle.
        cycle: what can be repeated from there for ever, up to a renaming of users.
        surely: whether that is so whatever the random choices.
    """

    user: str
    steps: tuple[Step, ...]
    cycle: tuple[Step, ...]
    surely: bool


class _Way(NamedTuple):
    """One sequence of random choices, for a user who waits."""

    edge: Edge
    target: Waiting


_Ways: TypeAlias = dict[Waiting, list[list[_Way]]]
"""For each user who waits the events that do not end the waiting, and for each event its possible outcomes."""


def find_starvation(exploration: Exploration) -> Starvation | None:
    """Returns a user who can be kept waiting for ever: surely, or else by bad luck; None if there is none.

    If the exploration ended at a depth, only cycles within it are found.
    """
    graph = exploration.graph
    timed = type(made(exploration.maker)).deadline is not Policy.deadline
    for surely in (True, False):
        found = _round_trip(dict(_ways(graph, surely)), timed)
        if found is not None:
            (state, user), edges = found
            return Starvation(user, tuple(graph.history(state)), tuple(_as_history(exploration, state, edges)), surely)
    return None


def _ways(graph: Graph, surely: bool) -> Iterator[tuple[Waiting, list[list[_Way]]]]:
    """Yields the events that do not end a user's waiting: for all choices if ``surely``, else for some choices."""
    for state, actions in sorted(graph.edges.items()):
        for user in graph.orders[state]:
            waits = [
                [_Way(edge, (edge.target, graph.names(edge)[user])) for edge in edges if user in edge.waiting]
                for edges in actions
            ]
            if surely:
                waits = [ways for ways, edges in zip(waits, actions, strict=True) if len(ways) == len(edges)]
            else:
                waits = [[way] for ways in waits for way in ways]
            if waits:
                yield (state, user), waits


def _round_trip(ways: _Ways, timed: bool) -> tuple[Waiting, list[Edge]] | None:
    """Returns the first state that can be on a cycle, and a way round: over a pairing and, if ``timed``, a deadline."""
    inside = _inside(ways)
    component = strong_components({node: [way.target for way in out] for node, out in inside.items()})
    draws = {component[node] for node, out in inside.items() for way in out if way.edge.draws}
    passes = {component[node] for node, out in inside.items() for way in out if way.edge.passes}
    rounds = draws & passes if timed else draws
    start = next((node for node in inside if component[node] in rounds), None)
    if start is None:
        return None
    here, edges = _walk(inside, start, lambda way: way.edge.draws)
    if timed and not any(edge.passes for edge in edges):
        here, more = _walk(inside, here, lambda way: way.edge.passes)
        edges += more
    if here != start:
        edges += _walk(inside, here, lambda way: way.target == start)[1]
    return start, edges


def _inside(ways: _Ways) -> dict[Waiting, list[_Way]]:
    """Returns the edges that stay within an end component."""
    targets = {node: [[way.target for way in action] for action in actions] for node, actions in ways.items()}
    component = end_components(targets)
    inside: dict[Waiting, list[_Way]] = {}
    for node, actions in ways.items():
        staying = (action for action in actions if all(component.get(to.target) == component[node] for to in action))
        inside[node] = [way for action in staying for way in action]
    return inside


def _walk(
    inside: dict[Waiting, list[_Way]], start: Waiting, ends: Callable[[_Way], bool]
) -> tuple[Waiting, list[Edge]]:
    """Returns the end and the edges of a shortest walk whose last edge satisfies ``ends``; there must be one."""
    came: dict[Waiting, tuple[Waiting, Edge]] = {}
    queue = deque([start])
    while True:
        node = queue.popleft()
        for way in inside[node]:
            if ends(way):
                edges = [way.edge]
                while node != start:
                    node, edge = came[node]
                    edges.append(edge)
                return way.target, edges[::-1]
            if way.target != start and way.target not in came:
                came[way.target] = node, way.edge
                queue.append(way.target)


def _as_history(exploration: Exploration, state: int, edges: list[Edge]) -> list[Step]:
    """Returns a walk over states as one history, in which each user keeps one name and time goes on."""
    graph, steps = exploration.graph, exploration.graph.history(state)
    trial, clock = replayed(exploration.maker, steps), clock_of(made(exploration.maker))
    history: list[Step] = []
    names = {name: name for name in graph.orders[state]}
    for edge in edges:
        now = clock.instants(trial.roulette)[edge.instant].time
        step = Step(now, with_names(edge.step.event, names), edge.step.choices)
        trial.take(step.event, now, Script(step.choices))
        history.append(step)
        names = {there: names[here] for here, there in graph.names(edge).items()}
    return history
