"""What an exploration has found: in lines for people, and as data for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from roulette_core.testing.checker import Checker
from roulette_core.testing.exploring.results import Covered, Deadlock, Exploration
from roulette_core.testing.exploring.starvation import Starvation
from roulette_core.testing.exploring.story import as_test, describe_steps
from roulette_core.testing.invariants import INVARIANTS
from roulette_core.testing.layout import ready_test, story
from roulette_core.testing.verdict import Result, Verdict

FORMAT = 1


def exploration_data(found: Exploration, starvation: Starvation | None, seconds: float) -> dict[str, Any]:
    """Returns all of it as one object, format 1. But for ``seconds``, the same command gives the same data."""
    counterexample, policy = found.counterexample, found.policy
    return {
        "format": FORMAT,
        "policy": policy,
        "users": found.users,
        "depth": found.depth,
        "verdict": verdict_of(found),
        "covered": found.covered.value,
        "renaming": found.renaming,
        "states": found.states,
        "transitions": found.transitions,
        "choices": found.choices,
        "pairings": found.pairings,
        "special_events": found.wide,
        "seconds": seconds,
        "invariants": [asdict(result) for result in invariant_results(found)],
        "counterexample": counterexample
        and {
            "invariant": counterexample.invariant or None,
            "flaw": counterexample.flaw,
            "story": describe_steps(policy, counterexample.steps),
            "test": as_test(policy, counterexample.steps, counterexample.invariant),
        },
        "deadlocks": [
            {
                "story": describe_steps(policy, deadlock.steps),
                "explanations": dict(deadlock.explanations),
                "blocks": deadlock.blocks,
            }
            for deadlock in found.deadlocks
        ],
        "starvation": starvation
        and {
            "user": starvation.user,
            "surely": starvation.surely,
            "story": describe_steps(policy, starvation.steps),
            "cycle": describe_steps(policy, (*starvation.steps, *starvation.cycle), len(starvation.steps)),
        },
    }


def verdict_of(found: Exploration) -> Verdict:
    """Returns the verdict on the policy. Where no users were ever paired, nothing was asked of it."""
    if found.counterexample is None and not found.pairings:
        return Verdict.NOT_ASKED
    return Verdict.of(found.counterexample is None)


def invariant_results(found: Exploration) -> list[Result]:
    """Returns the verdict on each invariant."""
    broken, results = found.counterexample, {result.name: result for result in Checker(found.policy).unasked()}
    asked = [invariant.__name__ for invariant in INVARIANTS if invariant.__name__ not in results]
    for name in asked:
        if broken is None and not found.pairings:
            results[name] = Result(name, Verdict.NOT_ASKED, "no users were ever paired")
        elif broken is None:
            results[name] = Result(name, Verdict.OK, f"{found.states:,} states")
        elif broken is not None and broken.invariant == name:
            results[name] = Result(name, Verdict.FAILED, broken.flaw)
        else:
            results[name] = Result(name, Verdict.NOT_ASKED, "the search ended at a counterexample")
    return [results[invariant.__name__] for invariant in INVARIANTS]


def exploration_lines(found: Exploration, starvation: Starvation | None, seconds: float) -> Iterator[str]:
    """Yields all of it; what is wrong comes before deadlocks and starvation."""
    yield f"{found.policy}, {found.users} user{'s' if found.users > 1 else ''}"
    yield ""
    rows = [
        ("covered", _covered(found)),
        *_special(found),
        ("states", f"{found.states:,}{'' if found.renaming else ', as the policy tells users apart by name'}"),
        ("transitions", f"{found.transitions:,}"),
        ("choices", f"{found.choices:,}"),
        ("pairings", f"{found.pairings:,}"),
        ("time", f"{seconds:.1f} s"),
        *_invariants(found),
    ]
    yield from (f"  {label:<12} {text}" for label, text in rows)
    yield from _counterexample(found)
    for deadlock in found.deadlocks:
        if not deadlock.blocks:
            yield from _deadlock(found.policy, deadlock)
    by_blocks = sum(deadlock.blocks for deadlock in found.deadlocks)
    if by_blocks:
        yield ""
        yield f"Deadlocks caused by blocks: {by_blocks}; --json shows them."
    if starvation is not None:
        yield from _starvation(found.policy, starvation)


def _covered(found: Exploration) -> str:
    match found.covered:
        case Covered.EVERYTHING:
            return f"everything: nothing new after {found.depth} events"
        case Covered.DEPTH:
            return f"every sequence of up to {found.depth} events"
        case Covered.PART if found.counterexample is not None:
            return "up to what is wrong"
    return f"INCOMPLETE: beyond {found.depth} events only part was explored; raise --states"


def _special(found: Exploration) -> Iterator[tuple[str, str]]:
    """Yields up to where special requests were tried, unless that is everywhere."""
    if found.wide < found.depth:
        yield "", f"special requests (docs/proving.md) among the first {found.wide} events"


def _invariants(found: Exploration) -> Iterator[tuple[str, str]]:
    if found.counterexample is not None:
        yield "invariants", "FAILED, see below" if found.counterexample.invariant else "not asked to the end, see below"
        return
    if not found.pairings:
        yield "invariants", "not asked: in all of this no two users were ever paired, so nothing is proved;"
        yield "", "more users or events may help, or people of the kinds that the policy pairs: its cast"
        return
    unasked = [result for result in invariant_results(found) if result.verdict is Verdict.NOT_ASKED]
    kept = len(INVARIANTS) - len(unasked)
    yield "invariants", f"{kept} of {len(INVARIANTS)} kept; not asked:" if unasked else f"all {kept} kept"
    yield from (("", f"{result.name.replace('_', ' ')} ({result.detail})") for result in unasked)


def _counterexample(found: Exploration) -> Iterator[str]:
    broken = found.counterexample
    if broken is None:
        return
    yield ""
    yield f"Wrong after {_events(len(broken.steps))}, and after no fewer: {broken.flaw}"
    if broken.invariant:
        yield f"The invariant is {broken.invariant}."
    yield from story(describe_steps(found.policy, broken.steps))
    yield from ready_test(as_test(found.policy, broken.steps, broken.invariant))


def _deadlock(policy: str, deadlock: Deadlock) -> Iterator[str]:
    yield ""
    who = " and ".join(user for user, _ in deadlock.explanations)
    yield f"Deadlock after {_events(len(deadlock.steps))}: {who} are the only users and all searching,"
    yield "until a user joins, leaves or returns to the lobby. Explanations:"
    yield from (f"  to {user}: {text}" for user, text in deadlock.explanations)
    yield from story(describe_steps(policy, deadlock.steps))


def _starvation(policy: str, starvation: Starvation) -> Iterator[str]:
    yield ""
    yield f"Starvation: {starvation.user} can be kept waiting for ever while others are paired,"
    yield "whatever the random choices." if starvation.surely else "but only for one sequence of random choices."
    yield from story(describe_steps(policy, starvation.steps))
    yield ""
    yield "Repeated cycle (for any choice of the other users):"
    yield from story(describe_steps(policy, (*starvation.steps, *starvation.cycle), len(starvation.steps)))


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"
