"""The table of figures: the same on the screen and in JSON, with the agreed keys and types, and every time the same."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from roulette_core.testing import Result, Verdict
from sim.measure import Setting, Summary, summarise
from sim.population import ClosedModel, load
from sim.report import FIGURES, SECTIONS, render, to_json
from sim.run import simulate
from tests.support.traces import nothing

DOCUMENT = Path(__file__).parents[3] / "docs" / "theory.md"
MAYBE = (float, type(None))
MAYBE_BOOL = (bool, type(None))
COMPARED = {"ci95": [MAYBE, MAYBE], "theory": MAYBE, "agrees": MAYBE_BOOL}
ROWS = [row for rows in SECTIONS.values() for row in rows]
INDEXES = ("jain_chats", "gini_chats", "jain_wait", "gini_wait")

SCHEMA: dict[str, Any] = {
    "policy": str,
    "scenario": str,
    "world": str,
    "faults": (str, type(None)),
    "speedup": float,
    "users": int,
    "users_ever": int,
    "seed": int,
    "simulated_seconds": float,
    "pairings": int,
    "events": int,
    "repair": {"count": int, "opportunities": int, "probability": MAYBE, "recent": int, **COMPARED},
    "wait": {
        **dict.fromkeys(("mean", "p50", "p90", "p99", "max"), MAYBE),
        **COMPARED,
        "longest": list,
        "users_without_chat": int,
        "first_without_chat": list,
        "histogram": list,
    },
    "searching": {"mean": MAYBE, **COMPARED},
    "time": {"lobby": MAYBE, "searching": MAYBE, "private": MAYBE},
    "fairness": {
        "chats_mean": MAYBE,
        **{
            f"{index}_{of}{by}": MAYBE
            for index in ("jain", "gini")
            for of in ("chats", "wait")
            for by in ("", "_by_chance")
        },
        "distinct_partners_mean": MAYBE,
        "distinct_partners_by_chance": MAYBE,
        "draw_uniformity_p": MAYBE,
    },
    "checks": list,
    "speed": {"wall_seconds": float, "pairings_per_second": MAYBE},
}


def fits(data: Any, schema: Any) -> bool:
    """Whether data has exactly the keys and types of a schema; numbers may be written without a point."""
    if isinstance(schema, dict):
        return isinstance(data, dict) and data.keys() == schema.keys() and all(fits(data[k], schema[k]) for k in schema)
    if isinstance(schema, list):
        return isinstance(data, list) and len(data) == len(schema) and all(map(fits, data, schema))
    return isinstance(data, schema) or (isinstance(data, int) and schema in (float, MAYBE))


def exported(*summaries: Summary) -> dict[str, Any]:
    data = json.loads(json.dumps(to_json(summaries), allow_nan=False))
    assert isinstance(data, dict)
    return data


def closed(policy: str = "uniform", users: int = 30, seconds: float = 1800.0) -> Summary:
    return simulate(policy, ClosedModel(users), seed=8, duration_seconds=seconds)


def empty() -> Summary:
    return summarise(nothing(), Setting("no-repeat", "empty", 0, 0, None), [Result("sound", Verdict.OK, "")], 0.0)


RUNS: dict[str, Callable[[], Summary]] = {
    "an ordinary run": closed,
    "waves": lambda: closed("waves"),
    "two who wait for ever": lambda: closed("no-repeat", users=2),
    "no time at all": lambda: closed(seconds=0.0),
    "no users": empty,
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_run_has_exactly_the_agreed_keys_and_types(run: Callable[[], Summary]) -> None:
    data = exported(run())
    assert data.keys() == {"format", "runs"}
    assert data["format"] == 1
    told = data["runs"][0]
    assert fits(told, SCHEMA)
    assert all(fits(check, {"name": str, "verdict": str, "detail": str}) for check in told["checks"])
    assert {check["verdict"] for check in told["checks"]} <= {"ok", "failed", "not asked"}
    assert {check["name"] for check in told["checks"]} >= {"Little's law", "conservation of users"}
    assert all(fits(wait, {"user": int, "seconds": float, "end": str}) for wait in told["wait"]["longest"])
    assert all(fits(each, {"up_to_seconds": MAYBE, "searches": int}) for each in told["wait"]["histogram"])


def keys(data: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Every key of an object, with a dot between those of nested ones, as far as the schema goes."""
    for key, value in data.items():
        if isinstance(schema[key], dict):
            yield from keys(value, schema[key], f"{path}{key}.")
        else:
            yield path + key


BESIDES = {"policy", "wait.histogram", "checks"}
"""Shown otherwise than in rows of figures: as the heading, as bars, and in a row each."""


def test_every_key_belongs_to_a_row_and_every_row_to_keys_and_every_key_has_a_unit() -> None:
    assert set(keys(exported(closed())["runs"][0], SCHEMA)) == set(FIGURES)
    assert all(row.figures for row in ROWS)
    assert {figure.key for row in ROWS for figure in row.figures} == set(FIGURES) - BESIDES
    assert all(FIGURES[figure.key] is figure for row in ROWS for figure in row.figures)
    assert all(figure.unit for figure in FIGURES.values())


def labels(run: Summary) -> set[str]:
    """The labels of rows with a cell beside them, as they are on the screen; without checks and bars."""
    file = io.StringIO()
    render([run], Console(file=file, width=100))
    lines = [re.split(r"\s{2,}", line.strip()) for line in file.getvalue().splitlines()[3:]]
    checks = {check.name.partition(":")[0].replace("_", " ") for check in run.checks}
    bars = re.compile("at once|up to|over")
    return {label for label, *cells in lines if cells and label not in checks and not bars.match(label)}


def test_the_screen_shows_the_rows_of_the_table_and_no_others() -> None:
    known = {row.label.strip() for row in ROWS}
    everything = replace(closed(), setting=replace(closed().setting, world="tcp"))
    assert labels(everything) == known
    assert labels(closed()) == known - {"world"}


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if hasattr(value, "__dataclass_fields__"):
        return replace(value, **{name: other(getattr(value, name)) for name in value.__dataclass_fields__})
    if hasattr(value, "_fields"):
        return type(value)(*map(other, value))
    if isinstance(value, tuple):
        return (*value[1:], other(value[0])) if value else (7,)
    return "other" if isinstance(value, str | None) else -1


PARTS = ("setting", "repairs", "waits", "fairness", "searching")


def changed(run: Summary) -> Iterator[tuple[str, Summary]]:
    """A summary with one value changed, for each of them; but not where the theory comes from, which is shown."""
    for name in ("simulated_seconds", "wall_seconds", "events", "users", "pairings", "expected"):
        yield name, replace(run, **{name: other(getattr(run, name))})
    for part in PARTS:
        value = getattr(run, part)
        for name in set(value.__dataclass_fields__) - {"mean_chat_seconds"}:
            yield f"{part}.{name}", replace(run, **{part: replace(value, **{name: other(getattr(value, name))})})


def test_a_summary_holds_nothing_that_no_figure_shows() -> None:
    run = closed()
    before = [figure.value(run) for figure in FIGURES.values()]
    unseen = [name for name, spoilt in changed(run) if [figure.value(spoilt) for figure in FIGURES.values()] == before]
    assert unseen == []


def test_every_key_is_documented_with_its_unit() -> None:
    rows = re.findall(r"^\| `([a-z0-9_.]+)` \| ([^|]+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {key: figure.unit for key, figure in FIGURES.items()}
    assert [key for key, _ in rows] == list(FIGURES)


def test_without_theory_the_figures_of_theory_are_null() -> None:
    run = exported(simulate("uniform", load("mixed", 20), seed=8, duration_seconds=600.0))["runs"][0]
    assert (run["wait"]["theory"], run["wait"]["agrees"]) == (None, None)
    assert run["fairness"]["distinct_partners_by_chance"] is None


def test_runs_keep_their_order() -> None:
    data = exported(closed("uniform"), closed("no-repeat"))
    assert [run["policy"] for run in data["runs"]] == ["uniform:minimum=3", "no-repeat"]


def test_the_figures_are_those_of_the_summary() -> None:
    summary = closed()
    run = exported(summary)["runs"][0]
    estimate = summary.repairs.probability
    assert run["repair"]["probability"] == estimate.value == summary.repairs.count / summary.repairs.opportunities
    assert run["repair"]["ci95"] == [estimate.low, estimate.high]
    assert run["repair"]["theory"] == 0.2
    assert run["repair"]["agrees"] is True
    assert run["searching"] == {"mean": pytest.approx(2), "ci95": pytest.approx([2, 2]), "theory": 2, "agrees": True}
    assert run["wait"]["ci95"] == [summary.waits.mean.low, summary.waits.mean.high]
    assert sum(each["searches"] for each in run["wait"]["histogram"]) == 2 * run["pairings"]
    assert run["wait"]["histogram"][-1]["up_to_seconds"] is None
    assert run["wait"]["mean"] == summary.waits.mean.value


def test_what_is_infinite_or_undefined_is_null() -> None:
    waiting_for_ever = exported(closed("no-repeat", users=2))["runs"][0]
    assert waiting_for_ever["wait"]["theory"] is None
    nobody = exported(empty())["runs"][0]
    probability = {"probability": None, "ci95": [0, 1], "theory": None, "agrees": None}
    assert nobody["repair"] == {"count": 0, "opportunities": 0, "recent": 0, **probability}
    assert nobody["speed"] == {"wall_seconds": 0, "pairings_per_second": None}


def test_the_same_seed_gives_the_same_bytes_but_for_speed() -> None:
    first, second = ({**exported(closed())["runs"][0], "speed": None} for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
