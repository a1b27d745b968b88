"""Promises of a policy beside the invariants: functions of one event and its result.

Every policy owes the first few, since everything else relies on them. The others are for a policy to claim.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations, islice

from roulette_core.effects import Paired
from roulette_core.events import Tick, User
from roulette_core.machine import Roulette
from roulette_core.policies import Choose, Explanation, Pair
from roulette_core.states import State
from roulette_core.testing.clocks import HOUR
from roulette_core.testing.conformance.drawn import drawn_pairs
from roulette_core.testing.conformance.promise_check import Promise, StepResult, state_of
from roulette_core.testing.exploring import Script, branches
from roulette_core.testing.invariants import Complaint

MOST_TICKS = 64
"""After so many deadlines without a pairing, they are taken never to end."""

MOST_TURNS = 64
"""The number of random branches followed to see whom a policy would draw."""

MOST_LOTS = 2_000
"""The number of random branches followed to compute probabilities; if there are more, the promise is not checked."""

LONGEST_TEXT = 200
"""Maximum length of an explanation, in characters: two and a half lines of a terminal."""


def explains_itself(result: StepResult) -> Complaint:
    """Every searching user gets an explanation: a code, a sentence without user-supplied text, whole numbers."""
    roulette = result.trial.roulette
    before = state_of(roulette)
    for user in roulette.users(State.SEARCHING):
        explanation = roulette.explain(user)
        if not isinstance(explanation, Explanation) or not re.fullmatch(r"[a-z][a-z0-9_]*", explanation.code):
            return f"the explanation to {user!r} has no code of one word: {explanation!r}"
        if not explanation.text.isprintable() or not 0 < len(explanation.text) <= LONGEST_TEXT:
            return f"the explanation to {user!r} is not a printable, short sentence: {explanation.text!r}"
        if any(name in explanation.text.split() for name in map(str, roulette.users()) if not name.isdigit()):
            return f"the explanation to {user!r} contains a user: {explanation.text!r}"
        if not all(isinstance(figure, int) for figure in explanation.figures):
            return f"the figures of the explanation to {user!r} are not all whole numbers: {explanation.figures!r}"
    return None if state_of(roulette) == before else "a call of explain has changed the state"


def can_be_restored(result: StepResult) -> Complaint:
    """Restored from a snapshot before the event, it has the same effects and ends in the same state."""
    now, event, choices = result.step
    twin = result.twin(result.before, Script(choices))
    effects = twin.handle(event, now)
    if effects != result.effects:
        return f"restored before the event, it has other effects: {_paired(effects)}, not {_paired(result.effects)}"
    if state_of(twin) != state_of(result.trial.roulette):
        return "restored before the event, it ends in another state"
    return None


def _paired(effects: tuple[object, ...]) -> str:
    pairs = [f"{effect.first!r} with {effect.second!r}" for effect in effects if isinstance(effect, Paired)]
    return " and ".join(pairs) or "no pairing"


def deadlines_end(result: StepResult) -> Complaint:
    """Without events and blocks, deadlines lead to a pairing or come to an end."""
    roulette = result.trial.roulette
    if roulette.next_deadline() is None or roulette.policy.blocks.apart:
        return None
    twin = result.twin_now()
    for _ in range(MOST_TICKS):
        deadline = twin.next_deadline()
        if deadline is None or any(type(effect) is Paired for effect in twin.handle(Tick(), deadline)):
            return None
    return f"{MOST_TICKS} deadlines pass without an event, and no pair is drawn"


def draws_all_it_can(result: StepResult) -> Complaint:
    """Asked again, at once or before its next deadline, it draws no pair, or that pair has waited for nothing.

    Not checked while blocks are in force: a policy that draws a blocked pair is not asked about the others.
    """
    roulette = result.trial.roulette
    if len(roulette.policy.pool) < 2 or roulette.policy.blocks.apart:
        return None
    deadline = roulette.next_deadline()
    later = roulette.now + (HOUR if deadline is None else (deadline - roulette.now) / 2)
    for time, when in ((roulette.now, "at once"), (later, f"{later - roulette.now:.4g} s later, before any deadline")):
        for first, second in _would_draw(result, time):
            return f"{first!r} and {second!r} go on waiting, though they would be drawn if it were asked again {when}"
    return None


def _would_draw(result: StepResult, time: float) -> Iterator[tuple[User, User]]:
    """Yields the pairs that the policy may draw at a time."""
    now = state_of(result.trial.roulette)

    def draw(choose: Choose) -> Pair | None:
        twin: Roulette = result.twin(now)
        return next(iter(drawn_pairs(twin.policy.draw(time, choose))), None)

    for branch in islice(branches(draw), MOST_TURNS):
        if branch.result is not None:
            yield branch.result


OWED: tuple[Promise, ...] = (explains_itself, can_be_restored, deadlines_end)
"""The contract that every policy owes. ``draws_all_it_can``, which it owes as well, is checked separately."""


def looks_at_blocks(result: StepResult) -> Complaint:
    """No pair is drawn that a block keeps apart."""
    return next((f"{_two(draw.pair)} are drawn, but kept apart" for draw in result.draws if draw.apart), None)


def never_repeats(result: StepResult) -> Complaint:
    """No user has the same partner twice running."""
    return next((f"{_two(draw.pair)} are drawn twice running" for draw in result.draws if draw.repeats), None)


def first_come_first_served(result: StepResult) -> Complaint:
    """The longest-waiting user is drawn, unless they have met, or may not meet, all others of the pool."""
    passed_over = ((draw.pair, draw.passed_over) for draw in result.draws)
    return next((f"{_two(pair)} are drawn, though {user!r} came first" for pair, user in passed_over if user), None)


def _two(pair: tuple[User, User]) -> str:
    return f"{pair[0]!r} and {pair[1]!r}"


def equal_chances(result: StepResult) -> Complaint:
    """All pairs of the pool that no block keeps apart are drawn with exactly the same probability."""
    if not result.draws:
        return None
    between = result.trial.roulette.policy.blocks.between
    pairs = (frozenset(pair) for pair in combinations(result.draws[0].pool, 2) if not between(*pair))
    drawn = defaultdict(Fraction, dict.fromkeys(pairs, Fraction(0)))
    followed = list(islice(branches(partial(_first_drawn, result)), MOST_LOTS + 1))
    if len(followed) > MOST_LOTS:
        return None
    for branch in followed:
        drawn[branch.result] += branch.probability
    likely, unlikely = max(drawn, key=drawn.__getitem__), min(drawn, key=drawn.__getitem__)
    if drawn[likely] == drawn[unlikely]:
        return None
    return f"{_either(likely)} are drawn with probability {drawn[likely]}, {_either(unlikely)} with {drawn[unlikely]}"


def _first_drawn(result: StepResult, choose: Choose) -> frozenset[User]:
    """Returns the first pair of the event; empty if there is none."""
    twin = result.twin(result.before, choose)
    effects = twin.handle(result.step.event, result.step.now)
    return next((frozenset(effect[:2]) for effect in effects if type(effect) is Paired), frozenset())


def _either(pair: frozenset[User]) -> str:
    return " and ".join(sorted(map(repr, pair))) or "no pair"


def maximum_waiting(most: int) -> Promise:
    """Returns the promise that at most so many users are left searching between events while no block is in force."""
    promise = partial(_maximum_waiting, most)
    vars(promise)["__name__"] = f"maximum_waiting({most})"
    return promise


def _maximum_waiting(most: int, result: StepResult) -> Complaint:
    policy = result.trial.roulette.policy
    if policy.blocks.apart or len(policy.pool) <= most:
        return None
    return f"{len(policy.pool)} users go on waiting; the claim is at most {most}"
