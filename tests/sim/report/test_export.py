"""The JSON of a run: the agreed keys and types, nothing but plain finite data, and the same every time."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sim.measure.checks import SelfCheck
from sim.measure.summary import Setting, Summary, summarise
from sim.population.closed import ClosedModel
from sim.report.export import to_json
from sim.run import simulate
from tests.support.traces import nothing

MAYBE = (float, type(None))

SCHEMA: dict[str, Any] = {
    "policy": str,
    "scenario": str,
    "world": str,
    "faults": (str, type(None)),
    "users": int,
    "seed": int,
    "simulated_seconds": float,
    "pairings": int,
    "repair": {"count": int, "opportunities": int, "probability": MAYBE, "ci95": [MAYBE, MAYBE], "theory": MAYBE},
    "wait": {"mean": MAYBE, "p50": MAYBE, "p90": MAYBE, "p99": MAYBE, "max": MAYBE, "theory": MAYBE},
    "searching": {"mean": MAYBE, "ci95": [MAYBE, MAYBE], "theory": MAYBE},
    "fairness": {
        "jain_chats": MAYBE,
        "jain_chats_by_chance": MAYBE,
        "jain_wait": MAYBE,
        "gini_wait": MAYBE,
        "distinct_partners_mean": MAYBE,
        "draw_uniformity_p": MAYBE,
    },
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
    return summarise(nothing(), Setting("no-repeat", "empty", 0, 0, None), [SelfCheck("sound", True, "")], 0.0)


RUNS: dict[str, Callable[[], Summary]] = {
    "an ordinary run": closed,
    "waves": lambda: closed("waves"),
    "two who wait for ever": lambda: closed("no-repeat", users=2),
    "no time at all": lambda: closed(seconds=0.0),
    "nobody": empty,
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_run_has_exactly_the_agreed_keys_and_types(run: Callable[[], Summary]) -> None:
    data = exported(run())
    assert data.keys() == {"format", "runs"}
    assert data["format"] == 1
    told = data["runs"][0]
    checks = told.pop("checks")
    assert fits(told, SCHEMA)
    assert all(fits(check, {"name": str, "ok": bool, "detail": str}) for check in checks)
    assert {check["name"] for check in checks} >= {"Little's law", "conservation of users"}


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
    assert run["searching"] == {"mean": pytest.approx(2), "ci95": pytest.approx([2, 2]), "theory": 2}
    assert run["wait"]["mean"] == summary.waits.mean.value


def test_what_is_infinite_or_undefined_is_null() -> None:
    waiting_for_ever = exported(closed("no-repeat", users=2))["runs"][0]
    assert waiting_for_ever["wait"]["theory"] is None
    nobody = exported(empty())["runs"][0]
    assert nobody["repair"] == {"count": 0, "opportunities": 0, "probability": None, "ci95": [0, 1], "theory": None}
    assert nobody["speed"] == {"wall_seconds": 0, "pairings_per_second": None}


def test_the_same_seed_gives_the_same_bytes_but_for_speed() -> None:
    first, second = ({**exported(closed())["runs"][0], "speed": None} for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
