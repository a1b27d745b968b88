"""What a fixed report looks like, to the letter, at 80 columns, and that it can do without colour and Unicode."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.results import Findings, Machine, Measurement, Report, Sample, Section, SuiteResult, ratio
from benchmarks.terminal import render, short


def found(subject, users, unit, *values):
    return Measurement(subject, "task", users, unit, Sample(values))


def by_population(subject, *medians):
    populations = (100, 1_000, 10_000, 100_000, 1_000_000)
    return [
        found(subject, users, "events/s", 0.9 * median, median, 1.2 * median)
        for users, median in zip(populations, medians, strict=True)
    ]


NO_REPEAT = by_population("no-repeat", 368_912.0, 361_000.0, 82_400.0, 1_520_000.0, 99.96)
UNIFORM = by_population("uniform", 400.0, 300.0, 200.0, 100.0, 50.0)
OURS = found("roulette sim", 1_000, "pairings/s", 200_000.0, 210_000.0, 190_000.0)
SIMPY = found("SimPy", 1_000, "pairings/s", 100_000.0, 100_000.0, 100_000.0)

REPORT = Report(
    Machine("3.11.7", "CPython", "Linux", "x86_64", 2),
    quick=True,
    runs=3,
    suites=(
        SuiteResult(
            "core",
            12.34,
            Findings(
                (
                    Section(
                        "Next",
                        "Users at random.",
                        (*NO_REPEAT, *UNIFORM),
                        (ratio(NO_REPEAT[-1], NO_REPEAT[0]), ratio(UNIFORM[-1], UNIFORM[0])),
                    ),
                    Section("Memory", "Exact.", (found("fresh", 100, "bytes/user", 1061.0),)),
                )
            ),
            ("Close other programs.",),
        ),
        SuiteResult("sim", 3.0, Findings((Section("Closed", "Both.", (OURS, SIMPY), (ratio(OURS, SIMPY),)),), ("b",))),
    ),
)

GOLDEN = """\
Benchmarks  CPython 3.11.7, Linux x86_64, 2 processors; 3 runs each, quick
Medians; ± is half the range from the slowest to the fastest run.

Next (events/s)
Users at random.

users           100     1,000   10,000   100,000 1,000,000         1M/100
no-repeat 369k ±15% 361k ±15% 82k ±15% 1.5M ±15%  100 ±15% ▃▃▁█▁ 0.00 ±0%
uniform    400 ±15%  300 ±15% 200 ±15%  100 ±15%   50 ±15% █▆▅▃▂ 0.12 ±0%

Memory (bytes/user)
Exact.

users   100
fresh 1.06k █

warning: Close other programs.

core: 12.3 s in all

Closed (pairings/s)
Both.

users                median  least to most
1,000  roulette sim    200k   190k to 210k  ████████████████████████
       SimPy           100k   100k to 100k  ████████████
1,000 users: roulette sim does 2.00 times what SimPy does (1.90 to 2.10)

skipped: b

sim: 3.0 s in all
"""


def printed(report, width=80, **options):
    out = io.TextIOWrapper(io.BytesIO(), encoding=options.pop("encoding", "utf-8"))
    console = Console(file=out, width=width, highlight=False, markup=False, **options)
    render(report, console)
    out.flush()
    return out.buffer.getvalue().decode(out.encoding)


def test_a_report_looks_like_this():
    lines = [line.rstrip() for line in printed(REPORT).splitlines()]
    assert "\n".join(lines) + "\n" == GOLDEN


def test_colour_adds_nothing_but_colour():
    coloured = printed(REPORT, force_terminal=True, color_system="standard")
    assert "\x1b[" in coloured
    plain = Console(file=io.StringIO(), width=80)
    with plain.capture() as capture:
        from rich.text import Text

        plain.print(Text.from_ansi(coloured))
    assert capture.get().split() == printed(REPORT).split()


def test_a_terminal_without_unicode_gets_ascii():
    text = printed(REPORT, encoding="ascii")
    assert text.isascii()
    assert "369k +-15%" in text
    assert "#" * 24 in text


def test_the_widest_report_fits_80_columns():
    wide = by_population("interests", *[482_000.0] * 5)
    section = Section("Next", "", tuple(wide), (ratio(wide[-1], wide[0]),))
    report = replace(REPORT, suites=(SuiteResult("core", 1.0, Findings((section,))),))
    for encoding in ("utf-8", "ascii"):
        lines = printed(report, encoding=encoding).splitlines()
        assert max(map(len, lines)) <= 80
        [row] = [line for line in lines if line.startswith("interests")]
        assert row.count("482k") == 5
        assert "1.0" in row


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.926, "0.93"),
        (9.994, "9.99"),
        (41.23, "41.2"),
        (873.0, "873"),
        (999.7, "1.00k"),
        (41_230.0, "41.2k"),
        (999_700.0, "1.00M"),
        (1_250_000.0, "1.25M"),
        (0.0, "0.00"),
    ],
)
def test_numbers_are_short(value, shown):
    assert short(value) == shown


@given(st.floats(1.0, 1e8), st.integers(2, 4))
def test_a_short_number_is_the_number_to_its_figures(value, figures):
    text = short(value, figures)
    factor = {"k": 1e3, "M": 1e6}.get(text[-1], 1.0)
    assert float(text.rstrip("kM")) * factor == pytest.approx(value, rel=0.6 * 10 ** (1 - figures))
