"""Exact values of the closed model, as fractions, for any policy without deadlines and a few users.

N users are always chatting or searching; each chat ends at rate µ, by either of the two with the same probability, and
both search again. ``chain.py`` reads the Markov chain off the real core, ``markov.py`` solves it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from roulette_core import make_policy
from sim.theory.chain import Chain, Flow, NotExactError
from sim.theory.markov import recurrent, stationary

MOST_STATES = 500
"""Default limit on the states of a chain, which takes seconds to solve."""

RECENT = 3
"""Default number of recent partners of the watched user."""


@dataclass(frozen=True, slots=True)
class ExactValues:
    """Long-run values.

    Attributes:
        states: the number of states of the chain, including those visited only at the beginning.
        repair: the probability that a pairing is a re-pair; None if there are no pairings in the long run.
        searching: the mean number of users searching.
        wait: the mean time from the beginning of a search to a chat, in units of 1/µ; None if it never comes.
    """

    policy: str
    users: int
    states: int
    repair: Fraction | None
    searching: Fraction
    wait: Fraction | None


@dataclass(frozen=True, slots=True)
class Partners:
    """The partners of a user, compared with the ones before.

    Attributes:
        states: the number of states of the chain that remembers one user's recent partners.
        again: the probabilities that a new partner is the latest one, the last but one (and not the latest), and so on.
        distinct: the probabilities that these partners and the new one are 1, 2, … different users.
    """

    states: int
    again: tuple[Fraction, ...]
    distinct: tuple[Fraction, ...]


def closed_loop(policy: str, users: int, most_states: int = MOST_STATES) -> ExactValues:
    """Solves the closed model with N ``users``, at least 1, as a chain of at most so many states.

    Raises:
        BadPolicy: the specification is invalid.
        NotExactError: there is no such chain, it is too large, or its long run depends on how it begins.
    """
    chain = Chain(policy, users, 0, most_states)
    average = _average(chain)
    pairings, searching = average(lambda flow: flow.pairings), average(lambda flow: Fraction(flow.searching))
    repairs = average(lambda flow: flow.repairs)
    return ExactValues(
        policy=make_policy(policy).specification,
        users=users,
        states=len(chain.flows),
        repair=repairs / pairings if pairings else None,
        searching=searching,
        wait=searching / (2 * pairings) if pairings else None,  # Little's law: two begin to search for each pairing
    )


def partners(policy: str, users: int, lately: int = RECENT, most_states: int = MOST_STATES) -> Partners | None:
    """Solves the closed model with one user's ``lately`` last partners; None without pairings in the long run.

    Raises:
        BadPolicy: the specification is invalid.
        NotExactError: as for ``closed_loop``.
    """
    chain = Chain(policy, users, lately, most_states)
    average = _average(chain)

    def again(back: int) -> Fraction:
        return average(lambda flow: flow.again[back])

    def distinct(count: int) -> Fraction:
        return average(lambda flow: flow.distinct[count])

    total = sum(map(again, range(lately + 1)))
    if not total:
        return None
    return Partners(
        states=len(chain.flows),
        again=tuple(again(back) / total for back in range(1, lately + 1)),
        distinct=tuple(distinct(count) / total for count in range(1, lately + 2)),
    )


def _average(chain: Chain) -> Callable[[Callable[[Flow], Fraction]], Fraction]:
    """Returns a function that averages a value of the states over time."""
    rates = [flow.to for flow in chain.flows]
    possible = [stationary(rates, states) for states in recurrent(rates)]

    def average(value: Callable[[Flow], Fraction]) -> Fraction:
        values = {
            sum((share * value(chain.flows[state]) for state, share in shares.items()), Fraction(0))
            for shares in possible
        }
        if len(values) > 1:
            message = "the long run depends on how it begins"
            raise NotExactError(message, "exact values need a policy whose long run does not; leave out --exact")
        return values.pop()

    return average
