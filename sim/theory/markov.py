"""Markov chains in continuous time, solved exactly: rates are fractions, and so is what comes out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from roulette_core.testing.exploring import strong_components


def recurrent(rates: Sequence[Mapping[int, Fraction]]) -> list[list[int]]:
    """Returns the recurrent classes, sets of states that are never left once reached, by the rates of each state."""
    component = strong_components(dict(enumerate(rates)))
    left = {component[state] for state, row in enumerate(rates) for to in row if component[to] != component[state]}
    classes: dict[int, list[int]] = {}
    for state in range(len(rates)):
        if component[state] not in left:
            classes.setdefault(component[state], []).append(state)
    return list(classes.values())


def stationary(rates: Sequence[Mapping[int, Fraction]], states: Sequence[int]) -> dict[int, Fraction]:
    """Returns the fraction of time spent in each state of a recurrent class, in the long run.

    States are taken out of the chain one after the other, and put back in reverse order (W. Grassmann, M. Taksar,
    D. Heyman, *Regenerative Analysis and Steady State Distributions for Markov Chains*, Operations Research 33, 1985).
    """
    onward = {state: {to: rate for to, rate in rates[state].items() if to != state} for state in states}
    sources: dict[int, set[int]] = {state: set() for state in states}
    for state, row in onward.items():
        for to in row:
            sources[to].add(state)
    taken: list[tuple[int, dict[int, Fraction]]] = []
    for state in reversed(states[1:]):
        row = onward.pop(state)
        total = sum(row.values(), Fraction(0))
        into = {source: onward[source].pop(state) / total for source in sources.pop(state)}
        taken.append((state, into))
        for to in row:
            sources[to].discard(state)
        for source, times in into.items():
            for to, rate in row.items():
                if to != source:
                    onward[source][to] = onward[source].get(to, Fraction(0)) + times * rate
                    sources[to].add(source)
    weights = {states[0]: Fraction(1)}
    for state, into in reversed(taken):
        weights[state] = sum((weights[source] * times for source, times in into.items()), Fraction(0))
    total = sum(weights.values(), Fraction(0))
    return {state: weight / total for state, weight in weights.items()}
