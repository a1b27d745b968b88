"""The page about the swarm: its command prints what it shows, and it names all that there is."""

import re

import pytest

from sim.swarm import NAMES, option_of
from tests.support.fences import ROOT, agrees, steps
from tests.support.terminal import run_plain

PAGE = "docs/swarm.md"


@pytest.mark.parametrize("step", steps(PAGE), ids=lambda step: step.command)
def test_a_command_prints_what_is_shown(step, tmp_path):
    done = run_plain(step.command, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert agrees(step.output, done.stdout), done.stdout


@pytest.mark.parametrize("field", NAMES)
def test_all_names_of_an_option_are_told_in_their_order(field):
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith(f"| `{option_of(field)}`"))
    assert re.findall("`([a-z-]+)`", row.split("|")[2]) == list(NAMES[field])
