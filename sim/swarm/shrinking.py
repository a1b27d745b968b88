"""Shrinks a failing case, greedily, to a smaller one that fails in the same way."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from sim.swarm.case import Case
from sim.swarm.case_run import Outcome, run_case
from sim.swarm.command import NAMES, NEEDED

SIMPLEST = "no-repeat"

FEW = 3
"""Up to this number of users, other seeds are tried."""

OTHER_SEEDS = 20
"""Seeds to try for each number of users."""


def shrink(
    outcome: Outcome, seconds: float, progress: Callable[[int], object] = lambda tried: None, fixed_policy: bool = False
) -> Outcome:
    """Makes a failing case smaller, in so many seconds on the wall clock, and counts its attempts for ``progress``.

    Returns the outcome of the smallest case found; at worst, ``outcome``. Ctrl-C ends the search, too.
    """
    assert outcome.failure is not None, "only what fails is shrunk"
    end, tried, kind = time.monotonic() + seconds, 0, outcome.failure.kind
    candidates = _simpler(outcome, fixed_policy)
    with suppress(KeyboardInterrupt):
        while time.monotonic() < end and (case := next(candidates, None)) is not None:
            tried += 1
            progress(tried)
            attempt = run_case(case)
            if attempt.failure is not None and attempt.failure.kind == kind:
                outcome = attempt
                candidates = _simpler(outcome, fixed_policy)
    return outcome


def _simpler(outcome: Outcome, fixed_policy: bool) -> Iterator[Case]:
    """Yields cases that are simpler in one way, those first that leave out most.

    Time is shortened last: in less time, fewer users might not get to the failure.
    """
    case, failure = outcome.case, outcome.failure
    for names in NAMES:
        yield from _fewer(case, names)
    for users in sorted({1, 2, case.users // 2, case.users - 1}):
        if 1 <= users < case.users:
            yield replace(case, users=users)
    if not fixed_policy and case.policy != SIMPLEST:
        yield replace(case, policy=SIMPLEST)
    for users in range(1, min(case.users, FEW + 1)):
        yield from (replace(case, users=users, seed=seed) for seed in range(OTHER_SEEDS))
    noticed = case.seconds if failure is None else math.ceil(failure.at)
    for seconds in sorted({1, noticed, case.seconds // 2, case.seconds * 9 // 10, case.seconds - 1}):
        if 1 <= seconds < case.seconds:
            yield replace(case, seconds=seconds)


def _fewer(case: Case, names: str) -> Iterator[Case]:
    """Yields the case with fewer of some names: none, either half, or one less."""
    chosen: tuple[str, ...] = getattr(case, names)
    middle = len(chosen) // 2
    parts = [(), chosen[:middle], chosen[middle:]] if len(chosen) > 1 else [()]
    parts += [chosen[:place] + chosen[place + 1 :] for place in range(len(chosen))] if len(chosen) > 2 else []
    for part in parts:
        if part != chosen and (part or names not in NEEDED):
            yield replace(case, **{names: part})  # type: ignore[arg-type]  # names are the names of fields
