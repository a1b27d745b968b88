"""The comparison of kernel and core finds planted bugs."""

from pathlib import Path
from random import Random

import pytest

from roulette_core.testing.time_limit import TimeLimitExceeded, time_limit
from tests.sim.kernel.both import Both, story
from tests.sim.kernel.bugs import BUGS, KernelBug
from tests.sim.kernel.copies import copied

MOST_STORIES = 100


def found_after(bug: KernelBug, folder: Path) -> int | None:
    """Returns how many stories it took until kernel and core differed, or the kernel broke; None if none did."""
    kernel = copied(folder, {bug.file: (bug.before, bug.after)})
    for seed in range(MOST_STORIES):
        both = Both(kernel, bug.policy, seed, "lobby" if seed % 4 == 3 else "searching")
        try:
            with time_limit(2.0):  # a list that has become a ring is never at its end
                if both.play(story(seed, Random(seed).choice((2, 3, 5, 8, 40)), 250)):
                    return seed + 1
        except (Exception, TimeLimitExceeded):
            return seed + 1
    return None


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.file}: {bug.name}")
def test_planted_bug_is_found(bug: KernelBug, tmp_path: Path) -> None:
    assert found_after(bug, tmp_path) is not None
