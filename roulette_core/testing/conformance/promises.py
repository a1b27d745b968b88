"""What a policy promises beside the invariants: functions that look at one event and what came of it.

The first few every policy owes, for everything else relies on them. The others are for a policy to claim.
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
from roulette_core.policies import Choose, Explanation
from roulette_core.states import State
from roulette_core.testing.clocks import HOUR
from roulette_core.testing.conformance.promise_check import Promise, StepResult, state_of
from roulette_core.testing.exploring.branching import Script, branches
from roulette_core.testing.invariants import Complaint

MOST_TICKS = 64
"""After so many deadlines at which nobody was drawn, there will be no end to them."""

MOST_TURNS = 64
"""How many turns of chance to follow when a policy is asked whom it would draw."""

MOST_LOTS = 2_000
"""How many turns of chance to follow to know how likely each pair is; where there are more, nothing is said."""

LONGEST_TEXT = 200
"""How long an explanation may be, in characters: two lines and a half of a terminal."""


def explains_itself(moment: StepResult) -> Complaint:
    """Whoever is searching is told why: a code, a sentence without anybody's words, whole numbers."""
    roulette = moment.trial.roulette
    before = state_of(roulette)
    for user in roulette.users(State.SEARCHING):
        told = roulette.explain(user)
        if not isinstance(told, Explanation) or not re.fullmatch(r"[a-z][a-z0-9_]*", told.code):
            return f"what {user!r} is told is no explanation with a code of one word: {told!r}"
        if not told.text.isprintable() or not 0 < len(told.text) <= LONGEST_TEXT:
            return f"the text that {user!r} is told is no sentence: {told.text!r}"
        if any(name in told.text.split() for name in map(str, roulette.users()) if not name.isdigit()):
            return f"what {user!r} is told contains a user: {told.text!r}"
        if not all(isinstance(figure, int) for figure in told.figures):
            return f"the figures that {user!r} is told are not all whole numbers: {told.figures!r}"
    return None if state_of(roulette) == before else "to be asked for an explanation has changed something"


def can_be_restored(moment: StepResult) -> Complaint:
    """Restored from a snapshot taken before the event, the same event has the same effects and ends the same."""
    now, event, choices = moment.step
    twin = moment.twin(moment.before, Script(choices))
    effects = twin.handle(event, now)
    if effects != moment.effects:
        return (
            f"restored just before, the same event has other effects: {_paired(effects)}, not {_paired(moment.effects)}"
        )
    if state_of(twin) != state_of(moment.trial.roulette):
        return "restored just before the event, it ends in another state"
    return None


def _paired(effects: tuple[object, ...]) -> str:
    pairs = [f"{effect.first!r} with {effect.second!r}" for effect in effects if isinstance(effect, Paired)]
    return " and ".join(pairs) or "nobody is paired"


def deadlines_end(moment: StepResult) -> Complaint:
    """When nobody moves and no block is in force, deadlines lead to a pairing, or come to an end."""
    roulette = moment.trial.roulette
    if roulette.next_deadline() is None or roulette.policy.blocks.apart:
        return None
    twin = moment.twin_now()
    for _ in range(MOST_TICKS):
        deadline = twin.next_deadline()
        if deadline is None or any(type(effect) is Paired for effect in twin.handle(Tick(), deadline)):
            return None
    return f"nobody moves, {MOST_TICKS} deadlines pass, and nobody is drawn"


def draws_all_it_can(moment: StepResult) -> Complaint:
    """Asked once more, or when time has passed but no deadline, it draws nobody: else they would go on waiting.

    Where blocks are in force that is not asked, for whoever names two of those has had no say about the others.
    """
    roulette = moment.trial.roulette
    if len(roulette.policy.pool) < 2 or roulette.policy.blocks.apart:
        return None
    deadline = roulette.next_deadline()
    later = roulette.now + (HOUR if deadline is None else (deadline - roulette.now) / 2)
    for time, when in ((roulette.now, "at once"), (later, f"{later - roulette.now:.4g} s later, before any deadline")):
        for first, second in _would_draw(moment, time):
            return f"{first!r} and {second!r} go on waiting, though it would draw them if asked again {when}"
    return None


def _would_draw(moment: StepResult, time: float) -> Iterator[tuple[User, User]]:
    """Whom the policy would draw at a time, as chance may turn."""
    now = state_of(moment.trial.roulette)

    def draw(choose: Choose) -> tuple[User, User] | None:
        twin: Roulette = moment.twin(now)
        return twin.policy.draw(time, choose)

    for branch in islice(branches(draw), MOST_TURNS):
        if branch.result is not None:
            yield branch.result


OWED: tuple[Promise, ...] = (explains_itself, can_be_restored, deadlines_end)
"""What every policy owes, together the contract. ``draws_all_it_can``, which it owes as well, is asked apart."""


def looks_at_blocks(moment: StepResult) -> Complaint:
    """It names no two whom a block keeps apart."""
    return next((f"{_two(draw.pair)} are drawn, but kept apart" for draw in moment.draws if draw.apart), None)


def never_repeats(moment: StepResult) -> Complaint:
    """Nobody has the same partner twice running."""
    return next((f"{_two(draw.pair)} are drawn twice running" for draw in moment.draws if draw.repeats), None)


def first_come_first_served(moment: StepResult) -> Complaint:
    """Whoever has waited longest is drawn, unless they have met, or may not meet, everybody else of the pool."""
    passed_over = ((draw.pair, draw.passed_over) for draw in moment.draws)
    return next((f"{_two(pair)} are drawn, though {user!r} came first" for pair, user in passed_over if user), None)


def _two(pair: tuple[User, User]) -> str:
    return f"{pair[0]!r} and {pair[1]!r}"


def equal_chances(moment: StepResult) -> Complaint:
    """Of the pool, any two that no block keeps apart are drawn with exactly the same probability as any others."""
    if not moment.draws:
        return None
    between = moment.trial.roulette.policy.blocks.between
    pairs = (frozenset(pair) for pair in combinations(moment.draws[0].pool, 2) if not between(*pair))
    drawn = defaultdict(Fraction, dict.fromkeys(pairs, Fraction(0)))
    followed = list(islice(branches(partial(_first_drawn, moment)), MOST_LOTS + 1))
    if len(followed) > MOST_LOTS:
        return None
    for branch in followed:
        drawn[branch.result] += branch.probability
    likely, unlikely = max(drawn, key=drawn.__getitem__), min(drawn, key=drawn.__getitem__)
    if drawn[likely] == drawn[unlikely]:
        return None
    return f"{_either(likely)} are drawn with probability {drawn[likely]}, {_either(unlikely)} with {drawn[unlikely]}"


def _first_drawn(moment: StepResult, choose: Choose) -> frozenset[User]:
    """Whom the event brings together first, as chance may turn; nobody if it brings nobody together."""
    twin = moment.twin(moment.before, choose)
    effects = twin.handle(moment.step.event, moment.step.now)
    return next((frozenset(effect[:2]) for effect in effects if type(effect) is Paired), frozenset())


def _either(pair: frozenset[User]) -> str:
    return " and ".join(sorted(map(repr, pair))) or "no two"


def few_are_left(most: int) -> Promise:
    """The promise that no more than so many are left searching between events, where no block is in force."""
    promise = partial(_few_are_left, most)
    vars(promise)["__name__"] = f"few_are_left({most})"
    return promise


def _few_are_left(most: int, moment: StepResult) -> Complaint:
    policy = moment.trial.roulette.policy
    if policy.blocks.apart or len(policy.pool) <= most:
        return None
    return f"{len(policy.pool)} go on waiting, of whom at most {most} should"
