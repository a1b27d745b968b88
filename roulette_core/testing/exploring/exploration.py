"""The centre of exploring: everything that can happen to a few users, up to a number of events. A proof, not a test.

The search is breadth-first, so the first counterexample found is a shortest one. States that differ only in the names
of users (``state_key.py``) or in times that make no difference (``testing/clocks.py``) are followed once.
"""

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from roulette_core.effects import Effect, LobbyLine, Paired, PrivateLine, Refused, Searching
from roulette_core.errors import BrokenPolicy
from roulette_core.events import Event
from roulette_core.policies import Choose
from roulette_core.states import State
from roulette_core.testing.exploring.branching import Script, branches
from roulette_core.testing.exploring.checked_roulette import CheckedRoulette, Maker, Step, copied, made, replayed
from roulette_core.testing.exploring.graph import Edge, Graph
from roulette_core.testing.exploring.possibilities import Possibilities, Possibility, user_names
from roulette_core.testing.exploring.results import Counterexample, Covered, Deadlock, Exploration
from roulette_core.testing.exploring.state_key import (
    Canonical,
    Canonicaliser,
    Portrait,
    interchangeable,
    mirrored,
    names_matter,
    state_key,
)

Progress: TypeAlias = Callable[[int], object]
"""Called now and then with the number of states followed."""

Enough: TypeAlias = Callable[[], bool]
"""Called now and then; returns whether to stop."""

MOST_STATES = 1_000_000
"""Default limit on the number of states: about as many as fit into 2 GB of memory."""

_CHANGE_NOTHING = frozenset({Refused, LobbyLine, PrivateLine})
"""The effects that change no state."""

_WIDE = {1: 100, 2: 100, 3: 5}
"""Number of users → the number of events among which special ones are tried, too; for more users 3.

With four users each event more takes several times as long, which the usual requests need to come to ten.
"""


def wide_for(users: int) -> int:
    """Returns the default for the number of events among which special ones are tried."""
    return _WIDE.get(users, 3)


def explore(
    policy: Maker,
    users: int,
    depth: int,
    most_states: int = MOST_STATES,
    progress: Progress | None = None,
    enough: Enough | None = None,
    *,
    wide: int | None = None,
    interests: Sequence[str] = (),
) -> Exploration:
    """Follows every sequence of events, at every time that matters, with every sequence of random choices.

    Args:
        policy: makes policies, such as a specification.
        users: the number of users.
        depth: the maximum number of events.
        most_states: the number of states after which the search stops, incomplete.
        progress: called with the progress.
        enough: whether to stop, incomplete.
        wide: the number of first events among which special requests are tried, too (``possibilities.py``); None for
            ``wide_for(users)``.
        interests: what else users may be interested in, beside the policy's cast.

    Raises:
        BadPolicy: the specification is invalid, or the policy cannot be copied.
    """
    width = wide_for(users) if wide is None else wide
    try:
        explorer = _Explorer(policy, users, width, interests, renaming=True)
        return explorer.explore(depth, most_states, progress, enough)
    except _NamesMatterError:
        explorer = _Explorer(policy, users, width, interests, renaming=False)
        return explorer.explore(depth, most_states, progress, enough)


class _NamesMatterError(Exception):
    """The policy treats users differently because of their names."""


class _Flawed(Exception):
    """A counterexample was found, which ends the exploration."""

    def __init__(self, counterexample: Counterexample) -> None:
        super().__init__(counterexample.flaw)
        self.counterexample = counterexample


class _Explorer:
    """One exploration."""

    def __init__(self, policy: Maker, users: int, wide: int, interests: Sequence[str], renaming: bool) -> None:
        names = user_names(users)
        self._policy = policy
        self._wide = wide
        self._pairings = 0
        self._mirrored = mirrored(names) if renaming else {}
        self._possibilities = Possibilities(made(policy), names, interests)
        self._canonical = Canonicaliser(names, renaming)
        self._graph = Graph()
        self._deadlocks: dict[tuple[object, ...], Deadlock] = {}
        self._transitions = self._choices = 0
        self._copy = b""
        self._spare: CheckedRoulette | None = None

    def explore(self, depth: int, most_states: int, progress: Progress | None, enough: Enough | None) -> Exploration:
        """Follows states in the order in which they are found, up to a counterexample."""
        found = None
        try:
            covered, reached = self._follow_all(depth, most_states, progress, enough)
        except _Flawed as flawed:
            found, covered = flawed.counterexample, Covered.PART
            reached = len(found.steps) - 1
        return Exploration(
            policy=made(self._policy).specification,
            maker=self._policy,
            users=len(self._graph.orders[0]),
            depth=reached,
            states=len(self._graph),
            transitions=self._transitions,
            choices=self._choices,
            pairings=self._pairings,
            wide=min(self._wide, reached),
            covered=covered,
            renaming=bool(self._mirrored),
            counterexample=found,
            deadlocks=tuple(self._deadlocks.values()),
            graph=self._graph,
        )

    def _follow_all(
        self, depth: int, most_states: int, progress: Progress | None, enough: Enough | None
    ) -> tuple[Covered, int]:
        """Follows one generation of states after the other. Returns how much was covered, and up to which depth."""
        trial = CheckedRoulette(self._policy)
        self._enter(trial, self._canonical_form(trial), None)
        begin = 0
        for reached in range(depth):
            end = len(self._graph)
            if begin == end:
                return Covered.EVERYTHING, reached
            self._possibilities.special = reached < self._wide
            for number in range(begin, end):
                if len(self._graph) >= most_states or (enough is not None and enough()):
                    return Covered.PART, reached
                self._follow(number)
                if progress is not None:
                    progress(number)
            begin = end
        return (Covered.EVERYTHING if begin == len(self._graph) else Covered.DEPTH), depth

    def _canonical_form(self, trial: CheckedRoulette) -> Canonical:
        return self._canonical(self._portrait(trial))

    def _portrait(self, trial: CheckedRoulette) -> Portrait:
        return state_key(trial, self._possibilities.clock, self._possibilities.special)

    def _enter(self, trial: CheckedRoulette, form: Canonical, found: tuple[int, Step] | None) -> int:
        """Returns the number of a state; adds it to the graph if it is new."""
        number = self._graph.number(form.key)
        if number is None:
            number = self._graph.add(form.key, form.order, found)
            self._look_for_deadlock(trial, number)
        return number

    def _look_for_deadlock(self, trial: CheckedRoulette, number: int) -> None:
        roulette = trial.roulette
        waiting = roulette.users(State.SEARCHING)
        if len(waiting) == len(roulette) > 1 and roulette.next_deadline() is None:
            explained = [(str(user), roulette.explain(user)) for user in waiting]
            blocks = bool(roulette.policy.blocks.apart)
            kind = (blocks, *sorted(explanation.code for _, explanation in explained))
            if kind not in self._deadlocks:
                texts = tuple((user, explanation.text) for user, explanation in explained)
                self._deadlocks[kind] = Deadlock(tuple(self._graph.history(number)), texts, blocks)

    def _follow(self, number: int) -> None:
        """Tries every event in a state."""
        steps = self._graph.history(number)
        trial = replayed(self._policy, steps)
        if self._mirrored and names_matter(self._policy, trial, steps, self._mirrored, self._possibilities.clock):
            raise _NamesMatterError
        self._copy, self._spare = copied(trial), None
        view = self._portrait(trial)
        key = self._canonical(view).key
        self._possibilities.passive = interchangeable(trial.roulette, view, self._mirrored) if self._mirrored else ()
        idle = self._try_idle(number, trial, key)
        possible = self._possibilities.now(trial.roulette)
        idle += [possibility.event for possibility in possible if self._try(number, trial, key, possibility)]
        self._spare = None
        for possibility in self._possibilities.later(trial.roulette, idle):
            self._try(number, trial, key, possibility)

    def _try_idle(self, number: int, before: CheckedRoulette, key: bytes) -> list[Event]:
        """Tries events that should not change anything: all on one copy, which is looked at once, at the end.

        Returns those that have not.
        """
        trial, possible = pickle.loads(self._copy), [*self._possibilities.idle(before.roulette)]
        self._canonical_form(trial)  # so that a policy which changes when asked for its memory differs at the end
        for _, instant, event in possible:
            script = Script()
            effects = trial.take(event, instant.time, script, compare=False)
            if trial.flaw or script.chosen or not _idle(effects, unchanged=True):
                break
        else:
            trial.checker.compare(trial.roulette)
            if not trial.checker.breaches and self._canonical_form(trial).key == key:
                self._transitions += len(possible)
                self._spare = trial
                return [possibility.event for possibility in possible]
        # Which one was it?
        return [possibility.event for possibility in possible if self._try(number, before, key, possibility)]

    def _try(self, number: int, before: CheckedRoulette, key: bytes, possibility: Possibility) -> bool:
        """Tries one event with every sequence of choices. Returns whether it is one of those that change nothing."""

        def run(choose: Choose) -> tuple[CheckedRoulette, tuple[Effect, ...]]:
            # An event that changed nothing has left its copy as good as new: unpickling is what takes the time.
            trial = pickle.loads(self._copy) if self._spare is None else self._spare
            return trial, trial.take(possibility.event, possibility.instant.time, choose)

        edges: list[Edge] = []
        for branch in branches(run):
            self._transitions += 1
            self._choices += len(branch.choices)
            trial, effects = branch.result
            step = Step(possibility.instant.time, possibility.event, branch.choices)
            if trial.flaw:
                raise self._flawed(number, step, trial.flaw, trial.invariant)
            with self._blaming_policy(number, step):
                form = self._canonical_form(trial)
                if not possibility.number and not branch.choices and _idle(effects, form.key == key):
                    if form.key != key:
                        raise self._flawed(number, step, "a refusal, or a line of chat, has changed the state")
                    self._spare = trial
                    return True
                self._spare = None
                target = self._enter(trial, form, (number, step))
            paired = {user for effect in effects if type(effect) is Paired for user in effect[:2]}
            self._pairings += bool(paired)
            waiting = tuple(user for user in _waiting(before) if user not in paired and user in _waiting(trial))
            due = possibility.instant.due
            edges.append(Edge(target, possibility.number, step, form.order, waiting, bool(paired), due))
        if any(edge.waiting for edge in edges):
            self._graph.edges.setdefault(number, []).append(edges)
        return False

    def _flawed(self, number: int, step: Step, flaw: str, invariant: str = "") -> _Flawed:
        return _Flawed(Counterexample((*self._graph.history(number), step), flaw, invariant))

    @contextmanager
    def _blaming_policy(self, number: int, step: Step) -> Iterator[None]:
        """Reports what a policy does when it is asked for its memory or an explanation."""
        try:
            yield
        except BrokenPolicy as error:
            raise self._flawed(number, step, str(error)) from error


def _idle(effects: Sequence[Effect], unchanged: bool) -> bool:
    """Returns whether an event must not change anything, or has only confirmed that a user is searching."""
    kinds = set(map(type, effects))
    return kinds <= _CHANGE_NOTHING or (unchanged and kinds == {Searching})


def _waiting(trial: CheckedRoulette) -> list[str]:
    """Returns the users who are searching and have no block."""
    apart = trial.roulette.policy.blocks.apart
    return [str(user) for user in trial.roulette.policy.pool if user not in apart]
