"""The centre of the kit for policies: a function for each check, and ``CHECKS``, their table."""

from collections.abc import Callable
from typing import NamedTuple

from roulette_core.errors import BadPolicy
from roulette_core.testing.conformance import cost as costs
from roulette_core.testing.conformance import crowd, determinism, fairness, memory_leak, promises
from roulette_core.testing.conformance.anonymity import counterexample
from roulette_core.testing.conformance.histories import EVENINGS, blocks_taken_back
from roulette_core.testing.conformance.promise_check import Promise, PromiseCheck
from roulette_core.testing.conformance.report import Finding
from roulette_core.testing.conformance.search import broken_promise
from roulette_core.testing.conformance.subject import Subject
from roulette_core.testing.conformance.waiting import Waiting, waiting
from roulette_core.testing.exploring import Counterexample, Maker, Script, as_test, describe_steps, explore, made
from roulette_core.testing.verdict import Verdict

CROWDS = 5
"""The number of crowds that are watched for favoured users."""

CROWD_USERS = 31
"""The size of a crowd: an odd number, so that at least one user is always waiting."""


class Check(NamedTuple):
    """One check of a policy.

    Attributes:
        name: what is checked, in a few words.
        claim: the field of ``Claims`` that it belongs to; empty for what every policy owes.
        run: checks a subject.
    """

    name: str
    claim: str
    run: Callable[[Subject], Finding]


def _contract(subject: Subject) -> Finding:
    """Checks the invariants and the contract; reports the smallest counterexample of Hypothesis or of exploration."""
    make, effort = subject.make, subject.effort
    found = broken_promise(make, promises.OWED, effort.examples, effort.seconds)
    depth = len(found.steps) - 1 if found else 6
    try:
        explored = explore(make, 3, depth, effort.states, wide=3)
    except BadPolicy as error:
        if found is None:
            return Finding("", Verdict.OK, f"{effort.examples} histories; not explored: {error}")
    else:
        found = explored.counterexample or found
        if found is None:
            return Finding("", Verdict.OK, f"{effort.examples} histories; all of 3 users up to {explored.depth} events")
    return _broken(make, found, found.invariant in [promise.__name__ for promise in promises.OWED])


def _broken(make: Maker, found: Counterexample, is_promise: bool) -> Finding:
    steps, flaw, invariant = found
    test = as_test(make, steps, invariant.partition("(")[0], invariant if is_promise else "")
    return Finding("", Verdict.FAILED, flaw, tuple(describe_steps(make, steps)), test)


def _kept(subject: Subject, promise: Promise) -> Finding:
    """Looks for the smallest history that breaks a promise."""
    found = broken_promise(subject.make, (promise,), subject.effort.examples, subject.effort.seconds)
    if found is None:
        return Finding("", Verdict.OK, f"{subject.effort.examples} histories")
    if found.invariant != promise.__name__:
        return Finding("", Verdict.NOT_ASKED, "the contract is broken")
    return _broken(subject.make, found, is_promise=True)


def _draws(subject: Subject) -> Finding:
    """Looks for a pair left undrawn: in random histories, then when blocks are taken back."""
    kept = _kept(subject, promises.draws_all_it_can)
    if kept.verdict is not Verdict.OK:
        return kept
    for steps in blocks_taken_back(made(subject.make)):
        trial = PromiseCheck(subject.make, (promises.draws_all_it_can,))
        for number, step in enumerate(steps, start=1):
            trial.take(step.event, step.now, Script())
            if trial.flaw and trial.invariant == promises.draws_all_it_can.__name__:
                found = Counterexample(tuple(steps[:number]), trial.flaw, trial.invariant)
                return _broken(subject.make, found, is_promise=True)
    return kept


def _determinism(subject: Subject) -> Finding:
    make = subject.make
    found = determinism.divergence(make)
    if found is not None:
        return Finding("", Verdict.FAILED, f"{found.where}, goes differently", tuple(describe_steps(make, found.steps)))
    asked = determinism.forbidden_calls(make)
    if asked:
        detail = f"it calls {', '.join(asked)}: all randomness must come from choose, all time from now"
        return Finding("", Verdict.FAILED, detail)
    where = "repeated in another process" if determinism.can_be_named(make) else "repeated in this process only"
    return Finding("", Verdict.OK, f"{EVENINGS} histories, {where}")


def _memory(subject: Subject) -> Finding:
    try:
        kept = memory_leak.bytes_per_departed_user(subject.make)
    except memory_leak.CannotBeWeighed as error:
        return Finding("", Verdict.NOT_ASKED, f"it cannot be pickled, so its size is not known: {error}")
    verdict = Verdict.FAILED if kept > memory_leak.BYTES_PER_USER else Verdict.OK
    return Finding("", verdict, f"keeps {max(0.0, kept):.3g} bytes of each user who has left")


def _waited(subject: Subject) -> Waiting | Finding:
    """Returns who can be kept waiting, or why that is not known."""
    try:
        found = waiting(subject.make, subject.effort.states, subject.effort.seconds / 3)
    except BadPolicy as error:
        return Finding("", Verdict.NOT_ASKED, str(error))
    if any(exploration.counterexample for exploration in found.explorations):
        return Finding("", Verdict.NOT_ASKED, "the contract is broken")
    return found


def _starvation(subject: Subject) -> Finding:
    found = _waited(subject)
    if isinstance(found, Finding):
        return found
    if found.starvation is not None and found.starvation.surely:
        detail = f"{found.starvation.user} can be kept waiting for ever, whatever the random choices"
        return Finding("", Verdict.FAILED, detail, found.story())
    luck = "; a user can wait for ever by bad luck only" if found.starvation else ""
    return Finding("", Verdict.OK, found.covered() + luck)


def _deadlocks(subject: Subject) -> Finding:
    found = _waited(subject)
    if isinstance(found, Finding):
        return found
    deadlock = found.deadlock
    if deadlock is None:
        return Finding("", Verdict.OK, f"{found.covered()}: without blocks there is none")
    users = len(deadlock.explanations)
    detail = f"allowed: if only {users} users are present, they can search for ever: {deadlock.explanations[0][1]}"
    return Finding("", Verdict.OK, detail)


def _anonymity(subject: Subject) -> Finding:
    make, effort = subject.make, subject.effort
    found = counterexample(make, effort.examples, effort.seconds)
    if found is not None:
        moved = ", ".join(f"{user} is {name}" for user, name in found.names.items() if user != name)
        detail = f"{found.outcome}: has probability {found.probability}, but {found.renamed} if {moved}"
        return Finding("", Verdict.FAILED, detail, tuple(describe_steps(make, found.steps)))
    draws = 0
    for users in (fairness.numbers, fairness.words):
        crowds = [
            crowd.tally(made(make), users(CROWD_USERS, seed), seed, effort.draws // CROWDS)
            for seed in range(CROWDS * effort.seed, CROWDS * (effort.seed + 1))
        ]
        draws += sum(counted.draws for counted in crowds)
        trait = fairness.favoured_trait([counted.favour for counted in crowds], effort.seed, fairness.FALSE_ALARMS / 2)
        if trait is not None:
            return Finding("", Verdict.FAILED, f"{trait} make a difference to who is drawn (p < 1/10,000)")
    detail = f"exactly, in {effort.examples} histories; on average, in {draws:,} draws"
    return Finding("", Verdict.OK, detail)


def _serves(subject: Subject) -> Finding:
    effort = subject.effort
    counted = crowd.tally(made(subject.make), fairness.words(CROWD_USERS, effort.seed), effort.seed, effort.draws)
    if not counted.pairings:
        return Finding("", Verdict.FAILED, f"in a crowd of {CROWD_USERS} users no pair was ever drawn")
    if not counted.draws:
        return Finding("", Verdict.NOT_ASKED, "there was no draw from more than two")
    p = fairness.passed_over(counted.longest, counted.draws)
    share = f"{100 * counted.longest / counted.draws:+.1f} points against a uniform draw, in {counted.draws:,} draws"
    if p < fairness.FALSE_ALARMS:
        return Finding("", Verdict.FAILED, f"the longest-waiting user is passed over: {share} (p < 1/10,000)")
    return Finding("", Verdict.OK, f"longest-waiting user: {share}")


def _cost(subject: Subject) -> Finding:
    found = costs.cost(subject.make, subject.effort.sizes, subject.effort.seconds)
    timed = ", ".join(f"{size:,}: {1e6 * each:.3g} us" for size, each in found.seconds.items())
    if found.given_up is not None:
        detail = f"too slow: given up at {found.given_up:,} users; an event among {timed or 'fewer'}"
        return Finding("", Verdict.FAILED, detail)
    what = f"grows as users to the power of {found.slope:.2f}" if found.grows else "does not grow"
    return Finding("", Verdict.FAILED if found.grows else Verdict.OK, f"{what}; an event among {timed}")


def _maximum_waiting(subject: Subject) -> Finding:
    most = subject.claims.most_waiting
    assert most is not None, "it is claimed"
    return _kept(subject, promises.maximum_waiting(most))


CHECKS = (
    Check("determinism", "", _determinism),
    Check("contract", "", _contract),
    Check("draws eligible pairs", "", _draws),
    Check("forgets departed users", "", _memory),
    Check("blocks", "looks_at_blocks", lambda subject: _kept(subject, promises.looks_at_blocks)),
    Check("deadlocks", "", _deadlocks),
    Check("starvation", "starvation_free", _starvation),
    Check("anonymity", "anonymous", _anonymity),
    Check("longest-waiting served", "serves_the_waiting", _serves),
    Check("cost of an event", "constant_cost", _cost),
    Check("no repeats", "never_repeats", lambda subject: _kept(subject, promises.never_repeats)),
    Check("first come", "first_come_first_served", lambda subject: _kept(subject, promises.first_come_first_served)),
    Check("equal chances", "equal_chances", lambda subject: _kept(subject, promises.equal_chances)),
    Check("maximum waiting", "most_waiting", _maximum_waiting),
)
"""Every check, in the order of the report."""
