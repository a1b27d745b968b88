"""End components of a Markov decision process: the sets of states that one can stay in for ever.

L. de Alfaro, *Formal Verification of Probabilistic Systems*, Stanford 1997, chapter 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node")


def end_components(ways: Mapping[Node, Sequence[Sequence[Node]]]) -> dict[Node, int]:
    """Returns the number of each node's end component: nodes that can be reached again for ever without leaving it.

    ``ways`` are the actions of each node, and for each action the nodes to which chance may lead. A component of one
    node may contain no action.
    """
    remaining = {node: list(actions) for node, actions in ways.items()}
    while True:
        component = strong_components({node: {to for way in ways for to in way} for node, ways in remaining.items()})
        kept = {
            node: [way for way in actions if all(component.get(to) == component[node] for to in way)]
            for node, actions in remaining.items()
        }
        if kept == remaining:
            return component
        remaining = kept


def strong_components(graph: Mapping[Node, Iterable[Node]]) -> dict[Node, int]:
    """Returns the number of each node's strongly connected component.

    Two depth-first searches, the second one backwards (S. R. Kosaraju; M. Sharir, *A Strong-Connectivity Algorithm*,
    Computers & Mathematics with Applications 7, 1981). Successors that are not keys themselves are skipped.
    """
    backwards: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            if target in backwards:
                backwards[target].append(node)
    component: dict[Node, int] = {}
    for root in reversed(_postorder(graph)):
        if root not in component:
            number, open_ = len(component), [root]
            component[root] = number
            while open_:
                for source in backwards[open_.pop()]:
                    if source not in component:
                        component[source] = number
                        open_.append(source)
    return component


def _postorder(graph: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Returns the nodes in the order in which a depth-first search finishes them. Iterative: graphs are deep."""
    left: list[Node] = []
    seen: set[Node] = set()
    for root in graph:
        if root in seen:
            continue
        seen.add(root)
        path = [(root, iter(graph[root]))]
        while path:
            node, targets = path[-1]
            target = next((target for target in targets if target in graph and target not in seen), None)
            if target is None:
                left.append(node)
                path.pop()
            else:
                seen.add(target)
                path.append((target, iter(graph[target])))
    return left
