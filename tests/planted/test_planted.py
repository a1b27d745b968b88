"""Every planted bug is caught by a tool that anybody has, within seconds; ``python -m tests.planted`` runs them all."""

from collections import Counter
from pathlib import Path

import pytest

from tests.planted.bugs import BUGS, Bug
from tests.planted.hunt import ROOT, TOOLS, hunt, plant

QUICKLY = {
    "check": ["check", "{policy}", "--alone", "--budget", "10s"],
    "prove": ["prove", "--policy", "{policy}", "--users", "3", "--depth", "8"],
    "swarm": ["swarm", "--seeds", "300", "--policy", "{policy}", "--processes", "1"],
}
"""The tools with small budgets."""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug, tmp_path: Path) -> None:
    plant(bug, tmp_path)
    outcome = hunt(tmp_path, QUICKLY[bug.tool], bug.policy)
    assert outcome.caught, outcome.output


@pytest.mark.parametrize("tool", ["prove", "swarm"])  # what check says of the sound stands in its own tests
def test_where_nothing_is_planted_nothing_is_caught(tool: str, tmp_path: Path) -> None:
    plant(None, tmp_path)
    few = [word if word != "300" else "20" for word in QUICKLY[tool]]
    outcome = hunt(tmp_path, few, "uniform:minimum=3")
    assert not outcome.caught, outcome.output


def test_bugs_are_planted_everywhere_and_every_tool_is_needed() -> None:
    assert len(BUGS) == 20
    assert set(Counter(bug.part for bug in BUGS)) == {"core", "policies", "gateway", "codec"}
    assert {bug.tool for bug in BUGS} == set(TOOLS) == set(QUICKLY)


def test_the_page_tells_of_every_bug_by_what_it_was_caught() -> None:
    page = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## Who catches what")
    head, _, *rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in section.split("\n") if "|" in row]
    assert head == ["planted", "in", *TOOLS]
    assert [row[:2] for row in rows] == [[bug.name, bug.part] for bug in BUGS]
    for bug, row in zip(BUGS, rows, strict=True):
        assert row[head.index(bug.tool)].endswith(" s"), f"{bug.name} is caught by {bug.tool}"
