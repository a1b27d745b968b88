"""Prints a report on a terminal: without need of colour, in 80 columns, in ASCII where necessary.

A section whose ratios compare different subjects is shown as bars, any other as a grid of subjects by populations.
"""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from benchmarks.results import Machine, Ratio, Report, Section, SuiteResult
from benchmarks.tables import FINE, PLAIN, Signs, bars, grid


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
    text.append(f"  {_machine(report.machine)}; {runs}{', quick' if report.quick else ''}\n", style="not bold")
    text.append(f"Medians; {signs.spread} is half the range from the slowest to the fastest run.", style="not bold dim")
    return text


def _machine(machine: Machine) -> str:
    processors = "processors unknown" if machine.processors is None else f"{machine.processors} processors"
    return f"{machine.implementation} {machine.python}, {machine.system} {machine.architecture}, {processors}"


def _suite(suite: SuiteResult, signs: Signs) -> Iterator[RenderableType]:
    for section in suite.findings.sections:
        units = ", ".join(dict.fromkeys(found.unit for found in section.measurements))
        yield Text(f"\n{section.title}", style="bold").append(f" ({units})", style="not bold")
        yield Text(section.explanation, style="dim")
        yield Text()
        yield _table(section, signs)
        yield from (_sentence(ratio) for ratio in section.ratios if ratio.subject != ratio.baseline)
    for line in suite.findings.skipped:
        yield Text(f"\nskipped: {line}", style="yellow")
    for line in suite.warnings:
        yield Text(f"\nwarning: {line}", style="yellow")
    yield Text(f"\n{suite.suite}: {suite.wall_seconds:.1f} s in all", style="dim")


def _table(section: Section, signs: Signs) -> RenderableType:
    if any(ratio.subject != ratio.baseline for ratio in section.ratios):
        return bars(section, signs)
    return grid(section, signs)


def _sentence(ratio: Ratio) -> Text:
    sample = ratio.sample
    text = Text(f"{ratio.subject_users:,} users: {ratio.subject} does ")
    text.append(f"{sample.median:.2f} times", style="bold")
    return text.append(f" what {ratio.baseline} does ({sample.low:.2f} to {sample.high:.2f})")
