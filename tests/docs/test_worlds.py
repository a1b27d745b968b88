"""The page about worlds: its commands print what it shows, its example runs, and it names what there is."""

import pytest

from roulette_cli.sim_worlds import DURATIONS
from sim.worlds import NAMED
from tests.support.fences import ROOT, agrees, fences, steps
from tests.support.pure_build import without_notice
from tests.support.terminal import run_plain

PAGE = "docs/worlds.md"


@pytest.mark.parametrize("step", steps(PAGE), ids=lambda step: step.command)
def test_a_command_prints_what_is_shown(step, tmp_path):
    done = run_plain(step.command, tmp_path)
    assert (done.returncode, without_notice(done.stderr)) == (0, "")
    assert agrees(step.output, done.stdout), done.stdout


@pytest.mark.parametrize("example", [fence.text for fence in fences(PAGE, "python")])
def test_an_example_runs(example):
    exec(compile(example, PAGE, "exec"), {})


def test_the_tables_name_every_world_and_every_network():
    rows = (ROOT / PAGE).read_text(encoding="utf-8").splitlines()
    named = [row.split("`")[1] for row in rows if row.startswith("| `") and not row.startswith("| `--")]
    assert named == [*DURATIONS, *NAMED]
