"""Draws the distribution of waiting times in block characters."""

from collections.abc import Sequence

from sim.report.formats import duration, percent

BOUNDS = (0.0, *(digit * 10.0**power for power in range(-3, 5) for digit in (1, 3)), float("inf"))
"""Upper bounds of the bins in which waits are shown, in seconds: 0, then 1 ms, 3 ms, 10 ms … 30,000 s, and infinity."""

WIDTH = 14
_EIGHTHS = " ▏▎▍▌▋▊▉"


def histogram(
    runs: Sequence[Sequence[int]], ascii_only: bool = False, width: int = WIDTH
) -> list[tuple[str, list[str]]]:
    """Draws runs, each the number of searches in each bin of ``BOUNDS``, side by side.

    There is one scale for all bars, of up to ``width`` characters. Returns a label, and a cell for each run, for every
    bin from the first to the last that is not empty in all runs.
    """
    totals = [max(1, sum(counts)) for counts in runs]
    shares = [[count / total for count in counts] for counts, total in zip(runs, totals, strict=True)]
    used = [number for number in range(len(BOUNDS)) if any(counts[number] for counts in runs)]
    if not used:
        return []
    scale = max(max(run) for run in shares)
    return [
        (
            _label(number),
            [f"{_bar(run[number] / scale, ascii_only, width)} {percent(run[number]):>7}" for run in shares],
        )
        for number in range(used[0], used[-1] + 1)
    ]


def _label(number: int) -> str:
    if number == 0:
        return "  at once"
    if number == len(BOUNDS) - 1:
        return f"  over {duration(BOUNDS[-2])}"
    return f"  up to {duration(BOUNDS[number])}"


def _bar(share: float, ascii_only: bool, width: int) -> str:
    """Returns a bar of up to ``width`` characters; a share above 0 shows at least a sliver."""
    if ascii_only:
        return ("#" * round(share * width)).ljust(width)
    whole, eighths = divmod(max(round(share * width * 8), 1 if share else 0), 8)
    return ("█" * whole + (_EIGHTHS[eighths] if eighths else "")).ljust(width)
