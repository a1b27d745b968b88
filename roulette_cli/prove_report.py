"""What ``roulette prove`` has found: in words, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from roulette_core.testing import INVARIANTS, Checker, Covered, Deadlock, Exploration, Starvation, as_test, tell

FORMAT = 1


def to_data(found: Exploration, starvation: Starvation | None, seconds: float) -> dict[str, Any]:
    """All of it as one object for programs, format 1. But for ``seconds``, the same command gives the same data."""
    counterexample, policy = found.counterexample, found.policy
    return {
        "format": FORMAT,
        "policy": policy,
        "users": found.users,
        "depth": found.depth,
        "covered": found.covered.value,
        "renaming": found.renaming,
        "states": found.states,
        "transitions": found.transitions,
        "choices": found.choices,
        "seconds": seconds,
        "counterexample": counterexample
        and {
            "invariant": counterexample.invariant or None,
            "flaw": counterexample.flaw,
            "story": tell(policy, counterexample.steps),
            "test": as_test(policy, counterexample.steps, counterexample.invariant),
        },
        "deadlocks": [
            {
                "story": tell(policy, deadlock.steps),
                "explanations": dict(deadlock.explanations),
                "blocks": deadlock.blocks,
            }
            for deadlock in found.deadlocks
        ],
        "starvation": starvation
        and {
            "user": starvation.user,
            "surely": starvation.surely,
            "story": tell(policy, starvation.steps),
            "cycle": tell(policy, (*starvation.steps, *starvation.cycle), len(starvation.steps)),
        },
    }


def to_text(found: Exploration, starvation: Starvation | None, seconds: float) -> Iterator[str]:
    """All of it in lines for people."""
    yield f"{found.policy}, {found.users} user{'s' if found.users > 1 else ''}"
    yield ""
    rows = {
        "covered": _covered(found),
        "states": f"{found.states:,}{'' if found.renaming else ', as the policy tells users apart by name'}",
        "transitions": f"{found.transitions:,}",
        "choices": f"{found.choices:,}",
        "time": f"{seconds:.1f} s",
        "invariants": _invariants(found),
    }
    yield from (f"  {label:<12} {text}" for label, text in rows.items())
    yield from _counterexample(found)
    for deadlock in found.deadlocks:
        if not deadlock.blocks:
            yield from _deadlock(found.policy, deadlock)
    by_blocks = sum(deadlock.blocks for deadlock in found.deadlocks)
    if by_blocks:
        yield ""
        yield f"Deadlocks that take blocks: {by_blocks}, told by --json."
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
    return f"NOT ALL: of more than {found.depth} events only a part; see --states"


def _invariants(found: Exploration) -> str:
    if found.counterexample is not None:
        return "BROKEN, see below"
    asked = [result for result in Checker(found.policy).results() if not result.detail.startswith("not asked")]
    kept = f"all {len(asked)} kept"
    return (
        kept if len(asked) == len(INVARIANTS) else f"{kept}, of {len(INVARIANTS)}; the others no promise of this policy"
    )


def _counterexample(found: Exploration) -> Iterator[str]:
    broken = found.counterexample
    if broken is None:
        return
    yield ""
    yield f"Wrong after {_events(len(broken.steps))}, and after no fewer: {broken.flaw}"
    if broken.invariant:
        yield f"The invariant is {broken.invariant}."
    yield from _story(tell(found.policy, broken.steps))
    yield ""
    yield "As a test:"
    yield ""
    yield as_test(found.policy, broken.steps, broken.invariant).rstrip()


def _deadlock(policy: str, deadlock: Deadlock) -> Iterator[str]:
    yield ""
    who = " and ".join(user for user, _ in deadlock.explanations)
    yield f"Deadlock after {_events(len(deadlock.steps))}: {who} are all there is, and search"
    yield "until somebody joins, goes back to the lobby or leaves. The core says:"
    yield from (f"  to {user}: {text}" for user, text in deadlock.explanations)
    yield from _story(tell(policy, deadlock.steps))


def _starvation(policy: str, starvation: Starvation) -> Iterator[str]:
    yield ""
    yield f"Starvation: {starvation.user} can be kept waiting for ever while others are paired,"
    yield "whatever chance does." if starvation.surely else "but only if chance turns the same way every time."
    yield from _story(tell(policy, starvation.steps))
    yield ""
    yield "and from there, over and over, whoever the others are:"
    yield from _story(tell(policy, (*starvation.steps, *starvation.cycle), len(starvation.steps)))


def _story(lines: list[str]) -> Iterator[str]:
    yield ""
    for line in lines:
        yield from textwrap.wrap(line, 80, subsequent_indent=" " * 12)


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"
