"""The two shapes of a section on a terminal, and the format of its numbers."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.table import Table

from benchmarks.results import Sample, Section

WIDTH = 24
"""The length of the longest bar, in characters."""


class Signs(NamedTuple):
    """The characters to draw with."""

    bar: str
    levels: str  # columns from low to high; empty if there are none
    spread: str  # stands before half a range


FINE = Signs(bar="█", levels="▁▂▃▄▅▆▇█", spread="±")
PLAIN = Signs(bar="#", levels="", spread="+-")


_SIZES = ((1e6, "M"), (1e3, "k"), (1.0, ""))


def grid(section: Section, signs: Signs) -> Table:
    """Returns subjects by populations, each row as columns, and the ratio of the largest to the smallest population."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("users", no_wrap=True)
    populations = sorted({found.users for found in section.measurements})
    for users in populations:
        table.add_column(f"{users:,}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    if section.ratios:
        table.add_column(f"{short(populations[-1], 1)}/{short(populations[0], 1)}", justify="right", no_wrap=True)
    ratios = {ratio.subject: ratio.sample for ratio in section.ratios}
    for subject in dict.fromkeys(found.subject for found in section.measurements):
        samples = {found.users: found.sample for found in section.measurements if found.subject == subject}
        cells = [_cell(samples[users], signs) if users in samples else "" for users in populations]
        medians = [samples[users].median for users in populations if users in samples]
        last = [_cell(ratios[subject], signs, figures=3)] if subject in ratios else []
        table.add_row(subject, *cells, _profile(medians, signs), *last)
    return table


def bars(section: Section, signs: Signs) -> Table:
    """Returns one line per measurement, with a bar as long as its share of the best among as many users."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("users", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("median", justify="right", no_wrap=True)
    table.add_column("slowest to fastest", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    above = None
    for found in section.measurements:
        best = max(other.sample.median for other in section.measurements if other.users == found.users)
        users = "" if found.users == above else f"{found.users:,}"
        span = f"{short(found.sample.low)} to {short(found.sample.high)}"
        bar = signs.bar * round(WIDTH * found.sample.median / best)
        table.add_row(users, found.subject, short(found.sample.median), span, bar)
        above = found.users
    return table


def short(value: float, figures: int = 3) -> str:
    """Formats a number with a few digits, or as many as its integer part needs: ``0.93``, ``41.2k``, ``1.25M``."""
    factor, suffix = next((size for size in _SIZES if value >= 0.9995 * size[0]), _SIZES[-1])
    scaled = value / factor
    return f"{scaled:.{max(0, figures - len(str(int(scaled))))}f}{suffix}"


def _cell(sample: Sample, signs: Signs, figures: int = 2) -> str:
    """Formats the median and, if there is more than one run, half the range as a percentage of it."""
    if len(sample.values) == 1:
        return short(sample.median)
    return f"{short(sample.median, figures)} {signs.spread}{sample.spread / 2:.0%}"


def _profile(values: Sequence[float], signs: Signs) -> str:
    """Draws a row's figures as columns that start at zero."""
    highest = len(signs.levels) - 1
    return "".join(signs.levels[round(highest * value / max(values))] for value in values) if signs.levels else ""
