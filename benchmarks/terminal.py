"""Prints a report on a terminal: without need of colour, in 80 columns, in ASCII where necessary.

A section whose ratios compare different subjects is shown as bars, any other as a grid of subjects by populations.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from benchmarks.comparison import Change, Comparison
from benchmarks.results import Machine, Ratio, Report, Sample, Section, SuiteResult

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


def render(report: Report, console: Console) -> None:
    """Prints a report on a console, whose width, colours and encoding are respected."""
    signs = PLAIN if console.options.ascii_only else FINE
    console.print(_heading(report, signs))
    for suite in report.suites:
        for part in _suite(suite, signs):
            console.print(part)


def _heading(report: Report, signs: Signs) -> Text:
    runs = f"{report.runs} run{'s' if report.runs > 1 else ''} each"
    text = Text("Benchmarks", style="bold")
    text.append(f"  {machine(report.machine)}; {runs}{', quick' if report.quick else ''}\n", style="not bold")
    text.append(f"Medians; {signs.spread} is half the range from the slowest to the fastest run.", style="not bold dim")
    return text


def machine(about: Machine) -> str:
    """Describes the machine in a line."""
    processors = "processors unknown" if about.processors is None else f"{about.processors} processors"
    return f"{about.implementation} {about.python}, {about.system} {about.architecture}, {processors}"


def _suite(suite: SuiteResult, signs: Signs) -> Iterator[RenderableType]:
    for section in suite.findings.sections:
        units = ", ".join(dict.fromkeys(found.unit for found in section.measurements))
        yield Text(f"\n{section.title}", style="bold").append(f" ({units})", style="not bold")
        yield Text(section.explanation, style="dim")
        yield Text()
        yield _table(section, signs)
        verb = "does" if units.endswith("/s") else "takes"
        yield from (_sentence(ratio, verb) for ratio in section.ratios if ratio.subject != ratio.baseline)
    for line in suite.findings.skipped:
        yield Text(f"\nskipped: {line}", style="yellow")
    for line in suite.warnings:
        yield Text(f"\nwarning: {line}", style="yellow")
    yield Text(f"\n{suite.suite}: {suite.wall_seconds:.1f} s in all", style="dim")


def _table(section: Section, signs: Signs) -> RenderableType:
    return bars(section, signs) if has_bars(section) else grid(section, signs)


def has_bars(section: Section) -> bool:
    """Returns whether subjects are compared with each other, and not each with itself among fewer users."""
    by_time = any(found.unit in ("ms", "s") for found in section.measurements)
    return by_time or any(ratio.subject != ratio.baseline for ratio in section.ratios)


def _sentence(ratio: Ratio, verb: str) -> Text:
    sample = ratio.sample
    text = Text(f"{ratio.subject_users:,} users: {ratio.subject} {verb} ")
    text.append(f"{times(sample.median)} times", style="bold")
    text.append(f" what {ratio.baseline} {verb}")
    return text.append(f" ({times(sample.low)} to {times(sample.high)})" if len(sample.values) > 1 else "")


def times(ratio: float) -> str:
    """Formats a ratio."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}"


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
    table.add_column("least to most", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    above = None
    for found in section.measurements:
        best = max(other.sample.median for other in section.measurements if other.users == found.users)
        users = "" if found.users in (above, 0) else f"{found.users:,}"
        span = f"{short(found.sample.low)} to {short(found.sample.high)}" if len(found.sample.values) > 1 else ""
        bar = signs.bar * max(0, round(WIDTH * found.sample.median / best))
        table.add_row(users, found.subject, short(found.sample.median), span, bar)
        above = found.users
    return table


def render_comparison(comparison: Comparison, console: Console) -> None:
    """Prints which figures differ from those of an earlier report beyond noise."""
    found, number = comparison.beyond_noise, len(comparison.changes)
    text = Text("\nBeside the earlier report", style="bold")
    text.append(f"\n{len(found)} of {number} figures differ beyond noise, at the same pace of the machine.\n")
    console.print(
        text.append("Welch's test, p corrected by Holm, 5 %; differences below 5 % are left out.", style="dim")
    )
    if found:
        console.print()
        console.print(_changes(found))
    left_out = [
        (comparison.unjudged, "had too few runs to be judged"),
        (comparison.only_before, "were measured then and not now"),
        (comparison.only_after, "were measured now and not then"),
    ]
    for count, what in left_out:
        if count:
            console.print(Text(f"{count} {what}.", style="dim"))


def _changes(changes: Sequence[Change]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("", "users"):
        table.add_column(title, justify="right" if title else "left")
    table.add_column("times", justify="right", no_wrap=True)
    table.add_column("95 %", no_wrap=True)
    table.add_column("", no_wrap=True)
    for change in changes:
        place = change.place
        span = f"{times(change.low)} to {times(change.high)}" if change.low < change.high else ""
        name = f"{place.suite}, {place.section}: {place.subject}"
        word = "better" if change.is_better else "worse"
        table.add_row(name, f"{place.users:,}", times(change.ratio), span, Text(word, style="bold"))
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
