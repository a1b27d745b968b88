"""Where one can stay for ever in a graph, whatever chance does: the end components of a Markov decision process.

L. de Alfaro, *Formal Verification of Probabilistic Systems*, Stanford 1997, chapter 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node")


def end_components(ways: Mapping[Node, Sequence[Sequence[Node]]]) -> dict[Node, int]:
    """Finds the sets of nodes in which one can go round and round by doing only what cannot lead out of them.

    Args:
        ways: for each node what may be done there, and for each of these the nodes to which chance may lead.

    Returns:
        For each node the number of its set. A set of one may hold no way at all.
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
    """Numbers the sets of nodes that all lead to each other.

    Twice depth first, the second time backwards (S. R. Kosaraju; M. Sharir, *A Strong-Connectivity Algorithm*,
    Computers & Mathematics with Applications 7, 1981).

    Args:
        graph: for each node where it leads; what is no node itself is passed over.
    """
    backwards: dict[Node, list[Node]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            if target in backwards:
                backwards[target].append(node)
    component: dict[Node, int] = {}
    for root in reversed(_by_leaving(graph)):
        if root not in component:
            number, open_ = len(component), [root]
            component[root] = number
            while open_:
                for source in backwards[open_.pop()]:
                    if source not in component:
                        component[source] = number
                        open_.append(source)
    return component


def _by_leaving(graph: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """The nodes in the order in which a walk depth first is done with them."""
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
