"""The report of several runs, and its data: the same figures, the agreed form, readable wherever it is shown."""

import io
import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from roulette_core.testing import Result, Verdict
from sim.population import ClosedModel, Mixed, load
from sim.replications import Experiment, replicate
from sim.report import FIGURES, SECTIONS, render_results, results_to_json
from sim.results import PolicyRuns, Results, Run, Setting
from tests.support.made_runs import CHECKS, made_figures, made_run, no_figures

NUMBER = (int, float, type(None))
RANGE = [NUMBER, NUMBER]
SETTING = Setting("closed", 30, 10, 0, 1800.0, 600.0, mean_chat_seconds=60.0, slowest_seconds=60.0)


def results(*policies: str, setting: Setting = SETTING, users: int = 30) -> Results:
    return replicate(Experiment(made_run, policies or ("v1", "v2"), ClosedModel(users), setting))


def nobody(setting: Setting = SETTING) -> Results:
    return Results(setting, (PolicyRuns("no-repeat", (Run("no-repeat", "core", no_figures(), (), 0.0),)),))


def of_kinds() -> Results:
    setting = replace(SETTING, scenario="mixed", kinds=("patient", "skipper"), mean_chat_seconds=None)
    runs = [
        Run("no-repeat", "kernel", made_figures(np.random.default_rng(seed), kinds=2), CHECKS, 0.25)
        for seed in range(setting.runs)
    ]
    return Results(setting, (PolicyRuns("no-repeat", tuple(runs)),))


def shown(found: Results, width: int = 80, encoding: str = "utf-8", colour: bool = False) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    system = "truecolor" if colour else None
    console = Console(file=file, width=width, force_terminal=colour, color_system=system, legacy_windows=False)  # type: ignore[arg-type]
    render_results(found, console)
    file.flush()
    return file.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined,no-any-return]


def told(found: Results) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(results_to_json(found), allow_nan=False))
    return data


def line(text: str, label: str, after: str = "") -> str:
    """The first row of a label, after a title, without the label."""
    lines = text[text.index(after) :].splitlines()
    return next(each.strip().removeprefix(label).strip() for each in lines if each.strip().startswith(label))


ALL = {"two": results, "one": lambda: results("v1"), "kinds": of_kinds, "nobody": nobody}


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("policies", [("v1",), ("v1", "v2"), ("v1", "v2", "waves", "uniform:minimum=7")])
def test_no_line_is_wider_than_the_terminal_and_every_policy_is_there(width: int, policies: tuple[str, ...]) -> None:
    found = results(*policies, setting=replace(SETTING, runs=2))
    text = shown(found, width)
    assert max(map(len, text.splitlines())) <= width
    squeezed = re.sub(r"\s", "", text)
    assert all(each.policy in squeezed for each in found.policies)


def test_two_policies_stand_beside_their_difference_in_80_columns() -> None:
    heading = shown(results()).splitlines()[1].split()
    assert heading == ["no-repeat", "uniform:minimum=3", "difference"]


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_the_data_have_the_agreed_form(make: Any) -> None:
    found = make()
    data = told(found)
    assert list(data) == ["format", "setting", "policies", "differences", "notes"]
    assert data["format"] == 2
    for policy in data["policies"]:
        assert list(policy) == ["policy", "engine", "figures", "checks"]
        assert list(policy["figures"]) == list(FIGURES)
        for key, figure in policy["figures"].items():
            assert figure["unit"] == FIGURES[key].unit
            assert set(figure) <= {"value", "unit", "runs", "ci95", "theory", "agrees"}
            assert ("ci95" in figure) == ("theory" in figure) == ("agrees" in figure)
            if "ci95" in figure:
                assert [type(end) in NUMBER for end in figure["ci95"]] == [True, True]
                assert type(figure["value"]) in NUMBER
                assert len(figure["runs"]) == len(found.policies[0].runs)
        assert all(check["verdict"] in {"ok", "failed", "not asked"} for run in policy["checks"] for check in run)
    for difference in data["differences"]:
        assert all(
            list(each) == ["value", "ci95", "p", "verdict"]
            and each["verdict"] in {"beyond chance", "no difference shown", "the same", None}
            for each in difference["figures"].values()
        )


def test_every_figure_has_a_row_and_every_row_its_figures() -> None:
    rows = [row for section in SECTIONS.values() for row in section]
    besides = {"wait.histogram"}  # drawn as bars
    assert {key for row in rows for key in row.keys} == set(FIGURES) - besides
    assert all(figure.unit and figure.formula for figure in FIGURES.values())


def test_the_screen_and_the_data_tell_the_same() -> None:
    found = results()
    text, data = shown(found), told(found)
    one, other = (policy["figures"]["wait.mean"] for policy in data["policies"])
    between = data["differences"][0]["figures"]["wait.mean"]
    cells = line(text, "mean", "Waiting for a chat").split("s  ")
    assert float(cells[0]) == pytest.approx(one["value"], rel=0.01)
    assert between["value"] == pytest.approx(other["value"] - one["value"])
    assert between["verdict"] == "beyond chance"
    assert "beyond chance" in line(text, "95 % interval", "Waiting for a chat")
    assert one["value"] == pytest.approx(np.mean(one["runs"]), rel=0.01)
    assert one["ci95"][0] < one["value"] < one["ci95"][1]


def test_two_names_of_one_policy_are_the_same() -> None:
    data = told(results("v1", "no-repeat"))
    verdicts = {each["verdict"] for each in data["differences"][0]["figures"].values()}
    assert verdicts == {"the same"}
    assert "beyond chance" not in shown(results("v1", "no-repeat"))


def test_what_is_infinite_or_undefined_is_null_and_nothing_is_nan() -> None:
    data = told(nobody())
    figures = data["policies"][0]["figures"]
    assert figures["wait.mean"]["value"] is None
    assert figures["repair.probability"]["ci95"] == [0, 1]
    text = shown(nobody())
    assert "nan" not in text
    assert "inf" not in text


def test_one_run_of_the_closed_model_has_intervals_from_batches_if_they_are_long_enough() -> None:
    def interval(seconds: float, chat: float | None = 60.0) -> list[float | None]:
        setting = replace(SETTING, runs=1, duration_seconds=seconds, mean_chat_seconds=chat)
        found = told(results("v2", setting=setting))["policies"][0]["figures"]["wait.mean"]["ci95"]
        assert isinstance(found, list)
        return found

    assert interval(7200.0)[0] is not None
    assert interval(1800.0) == [None, None]
    assert interval(7200.0, None) == [None, None]
    assert "one run: intervals" in shown(results("v2", setting=replace(SETTING, runs=1)))
    assert "one run: no intervals" in shown(results("v2", setting=replace(SETTING, runs=1, mean_chat_seconds=None)))


def agrees(setting: Setting) -> bool | None:
    figure = told(results("v2", setting=setting))["policies"][0]["figures"]["searching.mean"]
    assert figure["theory"] == 2
    verdict: bool | None = figure["agrees"]
    return verdict


def test_theory_is_held_against_long_runs_at_rest_alone() -> None:
    assert agrees(SETTING) is True
    short, cold = replace(SETTING, duration_seconds=300.0), replace(SETTING, warmup_seconds=0.0)
    assert agrees(short) is None
    assert agrees(cold) is None
    assert "not compared" in shown(results("v2", setting=short))
    assert "not compared" not in shown(results("v2"))


def test_a_theory_outside_its_interval_is_reported_with_advice() -> None:
    text = shown(results("v1"))
    assert "0 (DIFFERS)" in text
    assert "other seeds, and more --runs" in " ".join(text.split())


def test_short_and_cold_runs_are_told_of() -> None:
    text = " ".join(shown(results("v1", setting=replace(SETTING, slowest_seconds=7200.0))).split())
    assert "short: a run measures 30 min, but some users take 2 h" in text
    text = " ".join(shown(results("v1", setting=replace(SETTING, rest_seconds=1200.0))).split())
    assert "not at rest: users are measured after 10 min, but it takes 20 min" in text


def test_that_nobody_names_an_interest_is_told_where_it_matters() -> None:
    silent = replace(SETTING, interests=False)
    assert "no user names an interest" in shown(results("v1", "interests", setting=silent))
    assert "no user names an interest" not in shown(results("v1", "v2", setting=silent))
    assert "no user names an interest" not in shown(results("v1", "interests"))


def test_each_kind_of_user_has_a_row_of_giving_up() -> None:
    text = shown(of_kinds())
    assert re.search(r"^   patient +4.54 ± 0 %", text, re.MULTILINE)
    assert re.search(r"^   skipper +-", text, re.MULTILINE)


def test_no_p_value_earns_a_yes() -> None:
    for found in (results(), of_kinds()):
        text = shown(found)
        assert "yes" not in text.lower()
        assert "no sign of" in text or "UNFAIR" in text
    assert line(shown(results("v1", setting=replace(SETTING, runs=1))), "by user") == "not asked"


def test_replay_says_what_it_takes_as_given_and_how_much_was_refused() -> None:
    setting = replace(SETTING, replay=True, runs=1, mean_chat_seconds=None)
    found = results("v1", "v2", setting=setting)
    one, other = found.policies
    other = replace(other, runs=(replace(other.runs[0], refused=1234),))
    text = " ".join(shown(Results(setting, (one, other))).split())
    assert "refused in replay: 0 under no-repeat, 1,234 under uniform:minimum=3" in text
    assert "takes as given" in text
    assert "one run" not in text


def test_a_failed_check_is_named_once_with_the_first_run_in_which_it_failed() -> None:
    found = results("v1", setting=replace(SETTING, runs=3))
    failed = Result("nobody_is_in_two_pairs", Verdict.FAILED, "user 3 is, at 12.5 s")
    first, *others = found.policies[0].runs
    runs = (first, *(replace(run, checks=(*run.checks, failed)) for run in others))
    spoilt = Results(found.setting, (PolicyRuns("no-repeat", runs),))
    assert found.ok
    assert not spoilt.ok
    text = " ".join(shown(spoilt).split())
    assert text.count("FAILED for no-repeat (run 1): nobody is in two pairs: user 3 is, at 12.5 s") == 1
    assert "nobody is in two pairs FAILED" in re.sub(r" +", " ", " ".join(shown(spoilt, 120).split()))


def test_colour_adds_nothing_but_colour() -> None:
    coloured, plain = shown(results(), colour=True), shown(results())
    assert "\x1b[" in coloured
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert [each.rstrip() for each in stripped.splitlines()] == [each.rstrip() for each in plain.splitlines()]


def test_names_cannot_control_the_terminal() -> None:
    found = results("v1")
    nasty = Results(
        replace(found.setting, scenario="[red]x\x07\ny.toml"), (replace(found.policies[0], policy="a\x1b[2Jb:C"),)
    )
    for encoding in ("utf-8", "ascii"):
        text = shown(nasty, encoding=encoding)
        assert "\x1b" not in text
        assert "\x07" not in text


def test_a_terminal_that_knows_ascii_only_gets_ascii_only() -> None:
    text = shown(results(), encoding="ascii")
    assert text.isascii()
    assert "+-" in text
    assert "###" in text


def test_the_open_system_is_worked_out_from_the_rates_of_the_runs() -> None:
    found = results("v1", setting=replace(SETTING, runs=2))
    runs = found.policies[0].figures
    rate = sum(run.searches.sum() for run in runs) / sum(run.seconds for run in runs)
    giving_up = sum(run.searches[:, 1:3].sum() for run in runs) / sum(run.search_seconds.sum() for run in runs)
    value = told(found)["policies"][0]["figures"]["giving_up.open_system"]["value"]
    assert value == pytest.approx(giving_up / (2 * rate + giving_up))
    assert not math.isnan(value)


def test_scenarios_say_all_that_a_setting_needs() -> None:
    for scenario in (ClosedModel(10), load("mixed", 10)):
        assert scenario.warmup_seconds > 0
        assert scenario.slowest_seconds > 0
    assert isinstance(load("mixed"), Mixed)
