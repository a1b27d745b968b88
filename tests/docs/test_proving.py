"""The page about proving: its commands print what it shows, and its examples run."""

import pytest

from tests.support.fences import agrees, fences, steps
from tests.support.terminal import run_plain

PAGE = "docs/proving.md"
POLICY, OWN_TEST = (fence.text for fence in fences(PAGE, "python"))


@pytest.mark.parametrize("step", steps(PAGE), ids=lambda step: step.command)
def test_a_command_prints_what_is_shown(step, tmp_path):
    (tmp_path / "my_policies.py").write_text(POLICY, encoding="utf-8")
    done = run_plain(step.command, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert agrees(step.output, done.stdout), done.stdout


def test_the_example_of_a_test_runs(capsys):
    exec(compile(OWN_TEST, PAGE, "exec"), {})
    assert "ada joins as Ada" in capsys.readouterr().out
