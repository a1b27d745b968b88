"""Every planted bug is found by a tool within seconds; ``python -m tests.planted`` runs all tools on all bugs."""

from pathlib import Path

import pytest

from tests.planted.bug import Bug
from tests.planted.bugs import BUGS
from tests.planted.driver_bugs import DRIVER_BUGS
from tests.planted.hunt import ALL_BUGS, ROOT, TOOLS, hunt, plant

QUICKLY = {
    "check": ["check", "{policy}", "--alone", "--budget", "10s"],
    "prove": ["prove", "--policy", "{policy}", "--users", "3", "--depth", "8"],
    "swarm": ["swarm", "--seeds", "300", "--policy", "{policy}", "--processes", "1"],
}
"""The tools with small budgets."""


@pytest.mark.parametrize("bug", ALL_BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(bug: Bug, tmp_path: Path) -> None:
    plant(bug, tmp_path)
    outcome = hunt(tmp_path, QUICKLY[bug.tool], bug.policy, shrinking=False)
    assert outcome.caught, outcome.output


@pytest.mark.parametrize("tool", ["prove", "swarm"])  # check has tests of its own for sound policies
def test_without_a_planted_bug_nothing_is_found(tool: str, tmp_path: Path) -> None:
    plant(None, tmp_path)
    few = [word if word != "300" else "20" for word in QUICKLY[tool]]
    outcome = hunt(tmp_path, few, "uniform:minimum=3")
    assert not outcome.caught, outcome.output


def test_bugs_are_planted_in_every_part_and_every_tool_is_needed() -> None:
    assert {bug.part for bug in BUGS} == {"core", "policies", "gateway", "codec"}
    assert {bug.part for bug in DRIVER_BUGS} == {"driver"}
    assert {bug.tool for bug in BUGS} == set(TOOLS) == set(QUICKLY)


def test_the_table_of_the_testing_page_has_every_bug_and_the_tool_that_finds_it() -> None:
    page = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## Who catches what")
    head, _, *rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in section.split("\n") if "|" in row]
    assert head == ["planted", "in", *TOOLS]
    assert [row[:2] for row in rows] == [[bug.name, bug.part] for bug in ALL_BUGS]
    for bug, row in zip(ALL_BUGS, rows, strict=True):
        assert row[head.index(bug.tool)].endswith(" s"), f"{bug.name}: found by {bug.tool}"
