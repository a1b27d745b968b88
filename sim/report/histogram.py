"""Draws the distribution of waiting times in block characters."""

from collections.abc import Sequence

from sim.measure import BOUNDS
from sim.report.formats import duration, percent

WIDTH = 14
_EIGHTHS = " ▏▎▍▌▋▊▉"


def histogram(runs: Sequence[Sequence[int]], ascii_only: bool = False) -> list[tuple[str, list[str]]]:
    """Draws runs, each the number of searches in each bin of ``BOUNDS``, side by side, with one scale for all bars.

    Returns a label, and a cell for each run, for every bin from the first to the last that is not empty in all runs.
    """
    totals = [max(1, sum(counts)) for counts in runs]
    shares = [[count / total for count in counts] for counts, total in zip(runs, totals, strict=True)]
    used = [number for number in range(len(BOUNDS)) if any(counts[number] for counts in runs)]
    if not used:
        return []
    scale = max(max(run) for run in shares)
    return [
        (_label(number), [f"{_bar(run[number] / scale, ascii_only)} {percent(run[number]):>7}" for run in shares])
        for number in range(used[0], used[-1] + 1)
    ]


def _label(number: int) -> str:
    if number == 0:
        return "  at once"
    if number == len(BOUNDS) - 1:
        return f"  over {duration(BOUNDS[-2])}"
    return f"  up to {duration(BOUNDS[number])}"


def _bar(share: float, ascii_only: bool) -> str:
    """Returns a bar of up to ``WIDTH`` characters; a share above 0 shows at least a sliver."""
    if ascii_only:
        return ("#" * round(share * WIDTH)).ljust(WIDTH)
    whole, eighths = divmod(max(round(share * WIDTH * 8), 1 if share else 0), 8)
    return ("█" * whole + (_EIGHTHS[eighths] if eighths else "")).ljust(WIDTH)
