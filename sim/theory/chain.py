"""The Markov chain of the closed model, read off the real core, branch by branch.

From every state the end of every chat is tried, with all random choices of the policy. States that differ only in the
names of users are one.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from roulette_core import Choose, Event, Join, Next, Paired, Policy, Start, State, User, make_policy
from roulette_core.testing import Timeless
from roulette_core.testing.exploring import (
    Canonicaliser,
    CheckedRoulette,
    Step,
    branches,
    copied,
    mirrored,
    name_of,
    names_matter,
    state_key,
    user_names,
)


class NotExactError(Exception):
    """There is no such chain, or it is too large: why, in one line, and what to do about it in another."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def _rates() -> defaultdict[int, Fraction]:
    return defaultdict(Fraction)


@dataclass(slots=True)
class Flow:
    """What happens in one state, as rates in units of µ.

    Attributes:
        searching: the number of users searching.
        to: transitions to other states, by their numbers.
        pairings: pairings.
        repairs: re-pairs among them.
        again: pairings of the watched user, by how many partners ago they met; 0 if not within memory.
        distinct: the same, by the number of different users among the remembered partners and the new one.
    """

    searching: int
    to: defaultdict[int, Fraction] = field(default_factory=_rates)
    pairings: Fraction = Fraction(0)
    repairs: Fraction = Fraction(0)
    again: defaultdict[int, Fraction] = field(default_factory=_rates)
    distinct: defaultdict[int, Fraction] = field(default_factory=_rates)

    def count(self, pairing: "_Pairing", rate: Fraction) -> None:
        """Counts a pairing that happens at a rate."""
        self.pairings += rate
        self.repairs += rate * pairing.repair
        partner, partners = pairing.partner, pairing.partners
        if partner is not None:
            self.again[partners.index(partner) + 1 if partner in partners else 0] += rate
            self.distinct[len({partner, *partners})] += rate


class _Scene(NamedTuple):
    """A state by its first history: the roulette after it, and the watched user's recent partners, latest first."""

    trial: CheckedRoulette
    partners: tuple[str, ...]
    steps: tuple[Step, ...]


class _Pairing(NamedTuple):
    """A pairing: whether it is a re-pair; and if it is the watched user's, the partner and the ones before."""

    repair: bool
    partner: str | None
    partners: tuple[str, ...]


class _Turn(NamedTuple):
    """One outcome of an event: its probability, the next state and the pairings."""

    probability: Fraction
    scene: _Scene
    pairings: tuple[_Pairing, ...]


class Chain:
    """The chain of one policy, from the moment at which all have joined and started.

    Args:
        lately: the number of recent partners of the first user to remember; 0 for none.

    Attributes:
        flows: what happens in each state.

    Raises:
        BadPolicy: the specification is invalid.
        NotExactError: there is no such chain, or it is larger than allowed.
    """

    def __init__(self, policy: str, users: int, lately: int, most_states: int) -> None:
        if type(make_policy(policy)).deadline is not Policy.deadline:
            message = f"{policy} has deadlines: the next event depends on times, not only on the state"
            raise NotExactError(message, "exact values need a policy without deadlines; leave out --exact")
        self.flows: list[Flow] = []
        self._policy, self._users, self._lately, self._most = policy, user_names(users), lately, most_states
        self._watched = self._users[0]
        self._mirrored = mirrored(self._users)
        self._clock = Timeless()
        self._canonical = Canonicaliser(self._users)
        self._numbers: dict[bytes, int] = {}
        self._scenes: list[_Scene] = []
        for scene in self._opening():
            self._number(scene)
        while len(self.flows) < len(self._scenes):
            self.flows.append(self._flow(self._scenes[len(self.flows)]))

    def _opening(self) -> list[_Scene]:
        """Returns the states in which the chain may begin."""
        scenes = {b"": _Scene(CheckedRoulette(self._policy), (), ())}
        joins: list[Event] = [Join(user, name_of(user)) for user in self._users]
        for event in (*joins, *map(Start, self._users)):
            turns = [turn for scene in scenes.values() for turn in self._turns(scene, event)]
            scenes = {self._key(turn.scene): turn.scene for turn in turns}
        return list(scenes.values())

    def _flow(self, scene: _Scene) -> Flow:
        """Returns what happens in a state: every chat may end, by either of the two."""
        roulette = scene.trial.roulette
        flow = Flow(len(roulette.users(State.SEARCHING)))
        for user in (user for pair in roulette.pairs() for user in pair):
            for turn in self._turns(scene, Next(user)):
                rate = turn.probability / 2
                flow.to[self._number(turn.scene)] += rate
                for pairing in turn.pairings:
                    flow.count(pairing, rate)
        return flow

    def _turns(self, scene: _Scene, event: Event) -> Iterator[_Turn]:
        """Yields the outcomes of an event, over all random choices."""
        copy, now = copied(scene), scene.trial.roulette.now + 1.0

        def run(choose: Choose) -> tuple[_Scene, tuple[_Pairing, ...]]:
            trial, partners, steps = pickle.loads(copy)
            latest = dict(trial.checker.ledger.latest)
            paired = [effect for effect in trial.take(event, now, choose) if type(effect) is Paired]
            pairings = []
            for first, second, *_ in paired:
                repair = latest.get(first) == second and latest.get(second) == first
                latest[first], latest[second] = second, first
                partner = self._partner(first, second)
                pairings.append(_Pairing(repair, partner, partners))
                partners = partners if partner is None else (partner, *partners)[: self._lately]
            return _Scene(trial, partners, steps), tuple(pairings)

        for (after, pairings), choices, probability in branches(run):
            if after.trial.flaw:
                raise NotExactError(f"the policy is not sound: {after.trial.flaw}", "leave out --exact to see how")
            steps = (*scene.steps, Step(now, event, choices))
            yield _Turn(probability, after._replace(steps=steps), pairings)

    def _partner(self, first: User, second: User) -> str | None:
        """Returns the watched user's partner; None if they are neither of the two."""
        return str(second if first == self._watched else first) if self._watched in (first, second) else None

    def _key(self, scene: _Scene) -> bytes:
        """Returns a key, equal for states that are alike also in the watched user and in who has just left whom."""
        pool, latest = scene.trial.roulette.policy.pool, scene.trial.checker.ledger.latest
        exes = [(user, latest[user]) for user in pool if user in latest and latest.get(latest[user]) == user]
        mutual = sorted(pair for pair in exes if pair[1] in pool)
        watched = (self._watched, scene.partners) if self._lately else ()
        return self._canonical((state_key(scene.trial, self._clock), mutual, watched)).key

    def _number(self, scene: _Scene) -> int:
        """Returns the number of a state; adds it if it is new."""
        number = self._numbers.setdefault(self._key(scene), len(self._scenes))
        if number == len(self._scenes):
            if number == self._most:
                message = f"the chain of {self._policy} with {len(self._users)} users has more than {number:,} states"
                raise NotExactError(message, "use fewer users, or allow more states with --states")
            if names_matter(self._policy, scene.trial, scene.steps, self._mirrored, self._clock):
                message = f"{self._policy} treats users differently because of their names"
                raise NotExactError(
                    message, "exact values need a policy that treats all users alike; leave out --exact"
                )
            self._scenes.append(scene)
        return number
