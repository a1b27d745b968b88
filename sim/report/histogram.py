"""Waiting times drawn in block characters."""

from collections.abc import Sequence

from sim.measure import BOUNDS
from sim.report.formats import duration, percent

WIDTH = 14
_EIGHTHS = " ▏▎▍▌▋▊▉"


def histogram(runs: Sequence[Sequence[int]], ascii_only: bool = False) -> list[tuple[str, list[str]]]:
    """Draws runs side by side, bars of all to one scale.

    Args:
        runs: for each run, how many searches fell into each bin of ``BOUNDS``.
        ascii_only: whether to do without block characters.

    Returns:
        A label and a cell for each run, from the first bin to the last that is not empty in all.
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
    """A bar of up to ``WIDTH`` characters; what is not nothing shows at least a sliver."""
    if ascii_only:
        return ("#" * round(share * WIDTH)).ljust(WIDTH)
    whole, eighths = divmod(max(round(share * WIDTH * 8), 1 if share else 0), 8)
    return ("█" * whole + (_EIGHTHS[eighths] if eighths else "")).ljust(WIDTH)
