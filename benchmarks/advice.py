"""Warnings about findings, each with a remedy."""

from collections.abc import Sequence

from benchmarks.results import Findings, Measurement, Ratio

NOISY = 0.15
"""Runs that differ by more than this share of their median are called noisy."""
FEW = 3
"""Fewer runs than this say nothing about spread."""


def advise(findings: Findings) -> tuple[str, ...]:
    """Returns the reasons not to trust a suite's findings too far, one line each, with its remedy."""
    measurements = [found for section in findings.sections for found in section.measurements]
    ratios = [found for section in findings.sections for found in section.ratios]
    timed = [found for found in measurements if found.unit.endswith("/s")]
    return (*_too_few(timed), *_noise(timed), *_undecided(ratios))


def _too_few(timed: Sequence[Measurement]) -> list[str]:
    runs = min((len(found.sample.values) for found in timed), default=FEW)
    if runs >= FEW:
        return []
    count = "1 run says" if runs == 1 else f"{runs} runs say"
    return [f"{count} nothing about how much runs differ: repeat more often (--runs 5)."]


def _noise(timed: Sequence[Measurement]) -> list[str]:
    noisy = [found for found in timed if found.sample.spread > NOISY]
    if not noisy:
        return []
    worst = max(noisy, key=lambda found: found.sample.spread)
    runs = len(worst.sample.values)
    return [
        f"{len(noisy)} of {len(timed)} timings differ by more than {NOISY:.0%} between runs "
        f"(most: {worst.subject}, {worst.task}, {worst.users:,} users, {worst.sample.spread:.0%}). "
        "The machine is busy or changes its speed: close other programs, plug it in, "
        f"or repeat more often (--runs {3 * runs}); go by the ratios, which suffer less."
    ]


def _undecided(ratios: Sequence[Ratio]) -> list[str]:
    return [
        f"{found.subject} and {found.baseline} among {found.subject_users:,} users: each was the faster in some runs, "
        f"so neither can be called faster. Repeat more often (--runs {3 * len(found.sample.values)})."
        for found in ratios
        if found.subject != found.baseline and found.sample.low < 1 < found.sample.high
    ]
