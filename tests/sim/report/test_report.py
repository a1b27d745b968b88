"""The report: a golden file, and that it fits, stays readable and does no harm wherever it is shown."""

import io
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from roulette_core.testing import Result, Verdict
from sim.measure import BOUNDS, Estimate, Setting, Summary, summarise
from sim.population import ClosedModel
from sim.report import duration, render, significant
from sim.report.formats import percent, probability
from sim.report.histogram import histogram
from sim.run import simulate
from tests.support.traces import nothing

GOLDEN = Path(__file__).with_name("report.golden.txt")


def run(policy: str, users: int = 30) -> Summary:
    return replace(simulate(policy, ClosedModel(users), seed=8, duration_seconds=1800.0), wall_seconds=0.25)


@pytest.fixture(scope="module")
def two() -> list[Summary]:
    return [run("no-repeat"), run("uniform")]


def shown(summaries: list[Summary], width: int = 80, encoding: str = "utf-8", colour: bool = False) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    system = "truecolor" if colour else None
    render(summaries, Console(file=file, width=width, force_terminal=colour, color_system=system, legacy_windows=False))
    file.flush()
    return file.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


def without_trailing_blanks(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def test_the_report_looks_as_it_did(two: list[Summary]) -> None:
    """After a wanted change, let it be written anew: ``WRITE_GOLDEN=1 pytest tests/sim/report/test_report.py``."""
    text = without_trailing_blanks(shown(two))
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_no_line_is_wider_than_the_terminal_and_every_policy_is_there(
    two: list[Summary], width: int, number: int
) -> None:
    policies = ["no-repeat", "uniform:minimum=3", "waves:every=5", "fresh", "uniform:minimum=7"][:number]
    runs = [replace(two[i % 2], setting=replace(two[0].setting, policy=policy)) for i, policy in enumerate(policies)]
    text = shown(runs, width)
    assert max(map(len, text.splitlines())) <= width
    assert all(policy in text for policy in policies)


def test_colour_adds_nothing_but_colour(two: list[Summary]) -> None:
    coloured = shown(two, colour=True)
    assert "\x1b[" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert without_trailing_blanks(stripped) == without_trailing_blanks(shown(two))


def test_a_terminal_that_knows_ascii_only_gets_ascii_only(two: list[Summary]) -> None:
    text = shown(two, encoding="ascii")
    assert text.isascii()
    assert "####" in text


def test_a_failed_check_is_named_with_what_is_wrong(two: list[Summary]) -> None:
    failed = replace(
        two[0], checks=(*two[0].checks, Result("nobody is in two pairs", Verdict.FAILED, "user 3 is, at 12.5 s"))
    )
    text = shown([failed, two[1]])
    assert not failed.ok
    assert two[1].ok
    assert "FAILED for no-repeat: nobody is in two pairs: user 3 is, at 12.5 s" in text.replace("\n", " ")


def test_a_theory_outside_its_interval_is_reported_with_advice(two: list[Summary]) -> None:
    off = replace(two[1], searching=Estimate(3.0, 2.9, 3.1))
    text = shown([off])
    assert "2 (DIFFERS)" in text
    assert "other seeds" in text
    assert "longer --duration" in text
    assert "DIFFERS" not in shown([two[1]])


def test_names_cannot_control_the_terminal(two: list[Summary]) -> None:
    nasty = replace(two[0], setting=replace(two[0].setting, policy="a\x1b[2Jb:C", scenario="[red]x\x07\ny.toml"))
    for encoding in ("utf-8", "ascii"):
        text = shown([nasty], encoding=encoding)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "[red]x??y.toml" in text


def test_an_empty_run_can_be_reported() -> None:
    for trace in (nothing(), nothing(users=2, duration=60.0)):
        text = shown([summarise(trace, Setting("no-repeat", "empty", 0, 0, None), (), 0.0)])
        assert "nan" not in text
        assert "inf" not in text.replace("info", "")


def row(text: str, label: str) -> str:
    """What stands behind a label that only one row has."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(label)]
    return line.strip().removeprefix(label).strip()


def test_without_data_nothing_is_compared_with_theory_or_chance() -> None:
    lonely = simulate("no-repeat", ClosedModel(1), seed=8, duration_seconds=600.0)
    assert lonely.expected.repair == 0
    text = shown([lonely])
    assert "0 (agrees)" not in text
    assert row(text, "chats, Jain's index") == "-"


@pytest.mark.parametrize(("users", "told"), [(1, "1 (user 0)"), (2, "2 (users 0, 1)"), (5, "5 (users 0, 1, 2, ...)")])
def test_users_without_a_chat_are_counted_and_the_first_are_named(users: int, told: str) -> None:
    text = shown([simulate("uniform:minimum=9", ClosedModel(users), seed=8, duration_seconds=600.0)])
    assert row(text, "users without a chat") == told


def test_a_population_without_theory_shows_none(two: list[Summary]) -> None:
    assert "theory" in shown(two)
    mixed = replace(simulate("fresh", ClosedModel(30), seed=8, duration_seconds=600.0), wall_seconds=0.25)
    assert "theory" not in shown([mixed])


def test_durations_are_shown_in_a_suitable_unit() -> None:
    assert duration(0.00000664) == "6.64 us"
    told = [duration(seconds) for seconds in (0, 0.0004, 0.0313, 0.999, 1, 2.209, 90, 600, 3600, 86_400, 1e6)]
    assert told == ["0 s", "0.4 ms", "31.3 ms", "999 ms", "1 s", "2.21 s", "90 s", "10 min", "1 h", "24 h", "11.6 days"]
    assert duration(float("inf")) == "for ever"
    assert duration(float("nan")) == "-"


def test_numbers_are_shown_without_exponents() -> None:
    told = [significant(value) for value in (0.0, 0.000012345, 0.19712, 999.4, 1000.0, 32843.2)]
    assert told == ["0", "0.0000123", "0.197", "999", "1,000", "32,843"]
    assert significant(None) == significant(float("nan")) == "-"
    assert [percent(share) for share in (0.0, 0.0001, 0.123, 1.0)] == ["0.0 %", "< 0.1 %", "12.3 %", "100.0 %"]
    assert [probability(value) for value in (0.43, 0.00001)] == ["= 0.43", "< 0.0001"]


@given(st.lists(st.integers(0, 1000), min_size=len(BOUNDS), max_size=len(BOUNDS)), st.booleans())
def test_a_histogram_shows_every_bin_from_the_first_to_the_last(counts: list[int], ascii_only: bool) -> None:
    drawn = histogram([counts, counts[::-1]], ascii_only)
    assert bool(drawn) == any(counts)
    assert len({len(cell) for _, cells in drawn for cell in cells}) <= 1
    if drawn:
        assert any(cell.startswith(("#" if ascii_only else "█") * 14) for _, cells in drawn for cell in cells)


def test_a_check_that_was_not_made_says_so_with_the_reason(two: list[Summary]) -> None:
    text = shown(two)
    assert re.search(r"no partner twice running +ok +not asked", text)
    assert "not asked: no partner twice running (not a promise of uniform:minimum=3)" in text


def test_a_group_of_checks_shows_its_worst_verdict_and_how_many_were_made(two: list[Summary]) -> None:
    def cell(*verdicts: Verdict) -> str:
        checks = tuple(Result(f"clients' view: rule_{n}", verdict, "why") for n, verdict in enumerate(verdicts))
        return row(shown([replace(two[0], checks=checks)]), "clients' view")

    ok, failed, not_asked = Verdict
    assert [cell(ok, ok), cell(ok, not_asked, ok)] == ["ok (2 rules)", "ok (2 of 3 rules)"]
    assert [cell(not_asked, not_asked), cell(ok, failed, not_asked)] == ["not asked", "FAILED"]
    checks = (
        *two[0].checks,
        Result("clients' view: rule_a", not_asked, "why"),
        Result("clients' view: rule_b", not_asked, "why"),
    )
    assert "not asked: clients' view: rule a, rule b (why)" in shown([replace(two[0], checks=checks)])
