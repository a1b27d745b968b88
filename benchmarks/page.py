"""A report as one page of HTML, which needs nothing from elsewhere: figures, tables, light and dark.

The figures are SVG inside the page. One of them can also stand alone, as a picture for a README: see ``__main__.py``.
"""

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.comparison import Comparison
from benchmarks.results import Measurement, Report, Section, SuiteResult
from benchmarks.terminal import has_bars, machine, short, times

_ROW, _GAP, _NAMES, _BARS, _VALUES = 22, 8, 190, 420, 130
_COLOURS = """
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --line: #d0d7de;
  --ours: #0969da; --other: #9aa4af; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9198a1; --paper: #0d1117; --line: #3d444d;
  --ours: #4493f8; --other: #656c76; } }
"""
_DRAWN = """
svg text { font: 13px system-ui, sans-serif; fill: var(--ink); } svg .quiet { fill: var(--quiet); }
svg .ours { fill: var(--ours); } svg .other { fill: var(--other); } svg .spread { stroke: var(--ink); }
"""
_STYLE = (
    _COLOURS
    + _DRAWN
    + """
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; } p.quiet, footer { color: var(--quiet); }
figure { margin: 1rem 0; overflow-x: auto; } svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } .note { border-left: 4px solid var(--line); padding-left: .75rem; }
@media print { body { max-width: none; } details > * { display: block; } }
"""
)
_OTHERS = ("SimPy", "C, ", "python -c", "import numpy")
"""How the names of what is not ours begin, which is grey."""


def to_page(report: Report, comparison: Comparison | None = None) -> str:
    """Returns a report as a page."""
    body = [*_head(report), *(_compared(comparison) if comparison else ())]
    for suite in report.suites:
        body += _suite(suite)
    body.append("</main>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Benchmarks</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def picture(section: Section, users: int, title: str) -> str:
    """Returns one section's figure for so many users as a file of its own."""
    chosen = [found for found in section.measurements if found.users == users]
    return figure(chosen, title, f"<style>{_COLOURS}{_DRAWN}</style>") + "\n"


def _head(report: Report) -> Iterator[str]:
    yield "<main>\n<h1>Benchmarks</h1>"
    yield f"<p>{escape(machine(report.machine))}; each timing was repeated {report.runs} times{_quick(report)}.</p>"
    yield '<p class="quiet">Bars are medians, the thin line reaches from the least to the greatest run.</p>'


def _quick(report: Report) -> str:
    return ", among few users" if report.quick else ""


def _suite(suite: SuiteResult) -> Iterator[str]:
    yield f"<h2>{escape(suite.suite)}</h2>"
    for section in suite.findings.sections:
        yield f"<h3>{escape(section.title)}</h3>\n<p>{escape(section.explanation)}</p>"
        yield from _figures(section)
        yield from _ratios(section)
    for line in (*suite.findings.skipped, *suite.warnings):
        yield f'<p class="note">{escape(line)}</p>'


def _figures(section: Section) -> Iterator[str]:
    """Yields the figures of a section and, for those who cannot see them or want the digits, its table."""
    if has_bars(section):
        for users in dict.fromkeys(found.users for found in section.measurements):
            chosen = [found for found in section.measurements if found.users == users]
            yield f"<figure>{figure(chosen, _title(section, users))}</figure>"
    else:
        for subject in dict.fromkeys(found.subject for found in section.measurements):
            chosen = [found for found in section.measurements if found.subject == subject]
            yield f"<figure>{figure(chosen, f'{section.title}: {subject}', by_users=True)}</figure>"
    yield f'<details><summary>In digits</summary><div class="wide">{_table(section.measurements)}</div></details>'


def _title(section: Section, users: int) -> str:
    return f"{section.title}, {users:,} users" if users else section.title


def figure(measurements: Sequence[Measurement], title: str, style: str = "", by_users: bool = False) -> str:
    """Returns bars as SVG, with a title and a description that a screen reader reads."""
    most = max(found.sample.high for found in measurements)
    width, height = _NAMES + _BARS + _VALUES, 30 + len(measurements) * (_ROW + _GAP)
    spoken = "; ".join(f"{_name(found, by_users)} {short(found.sample.median)}" for found in measurements)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(f'{spoken} {measurements[0].unit}')}</desc>{style}",
        f'<text x="0" y="16" class="quiet">{escape(f"{title}, {measurements[0].unit}")}</text>',
    ]
    for number, found in enumerate(measurements):
        lines += _bar(found, _name(found, by_users), 30 + number * (_ROW + _GAP), _BARS / most if most > 0 else 0.0)
    return "\n".join([*lines, "</svg>"])


def _name(found: Measurement, by_users: bool) -> str:
    return f"{found.users:,} users" if by_users else found.subject


def _bar(found: Measurement, name: str, top: int, scale: float) -> Iterator[str]:
    sample, middle = found.sample, top + _ROW / 2
    low, median, high = (_NAMES + scale * max(0.0, value) for value in (sample.low, sample.median, sample.high))
    colour = "other" if found.subject.startswith(_OTHERS) else "ours"
    yield f'<text x="{_NAMES - 10}" y="{middle + 5:g}" text-anchor="end">{escape(name)}</text>'
    yield f'<rect class="{colour}" x="{_NAMES}" y="{top}" width="{median - _NAMES:.1f}" height="{_ROW}" rx="2"/>'
    if len(sample.values) > 1:
        yield f'<line class="spread" x1="{low:.1f}" x2="{high:.1f}" y1="{middle:g}" y2="{middle:g}"/>'
    yield f'<text x="{max(median, high) + 8:.1f}" y="{middle + 5:g}">{short(sample.median)}</text>'


def _table(measurements: Sequence[Measurement]) -> str:
    rows = [
        [found.subject, f"{found.users:,}", *map(short, (found.sample.median, found.sample.low, found.sample.high))]
        for found in measurements
    ]
    return _rows(["", "users", f"median, {measurements[0].unit}", "least", "most"], rows)


def _rows(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _ratios(section: Section) -> Iterator[str]:
    rows = [
        [
            found.subject if found.subject != found.baseline else f"{found.subject}, {found.subject_users:,} users",
            found.baseline if found.subject != found.baseline else f"{found.baseline_users:,} users",
            f"{found.subject_users:,}",
            *map(times, (found.sample.median, found.sample.low, found.sample.high)),
        ]
        for found in section.ratios
    ]
    if rows:
        yield f'<div class="wide">{_rows(["", "beside", "users", "times", "least", "most"], rows)}</div>'


def _compared(comparison: Comparison) -> Iterator[str]:
    found = comparison.beyond_noise
    yield "<h2>Beside the earlier report</h2>"
    yield (
        f"<p>{len(found)} of {len(comparison.changes)} figures differ beyond noise, at the same pace of the machine "
        "(Welch's test, p corrected by Holm's method, 5 %; differences below 5 % are left out).</p>"
    )
    rows = [
        [
            f"{change.place.suite}, {change.place.section}: {change.place.subject}",
            f"{change.place.users:,}",
            *map(times, (change.ratio, change.low, change.high)),
            "better" if change.is_better else "worse",
        ]
        for change in found
    ]
    if rows:
        yield f'<div class="wide">{_rows(["", "users", "times", "from", "to", ""], rows)}</div>'
