"""The front page: every command on it is run, every dialogue is had, and what is shown is what happens."""

import doctest
import re
import shlex

import pytest

from tests.support.fences import SPEED, agrees, fences, steps
from tests.support.pure_build import without_notice
from tests.support.server import Netcat, serving
from tests.support.terminal import run_plain

PAGE = "README.md"
BOB = {"* <bob> has joined.": "bob", "* You are in private with <bob>.": "start"}
"""What Ada is told, and what Bob types for it to happen; what he says, he types too."""


def commands() -> list[str]:
    """Every command line of the page's ``sh`` blocks, one by one."""
    lines = "".join(fence.text for fence in fences(PAGE, "sh")).splitlines()
    return [command.strip() for line in lines for command in line.partition("#")[0].split("&&") if command.strip()]


def play(transcript: list[str], port: int) -> list[str]:
    """Has the dialogue that a transcript of Ada's terminal shows, with Bob at another; gives what Ada then sees."""
    ada, bob = Netcat(port), None
    seen: list[str] = []
    for line in transcript:
        if not line.startswith(("* ", "<")):
            ada.type(line)
            seen.append(line)
            continue
        said = line.removeprefix("<bob> ") if line.startswith("<bob> ") else BOB.get(line)
        if said is not None:
            bob = bob or Netcat(port)
            bob.type(said)
        seen.append(ada.read())
    assert ada.read() == "", "the server has closed"
    for person in (ada, bob):
        if person is not None:
            person.leave()
    return seen


@pytest.mark.parametrize("step", steps(PAGE), ids=lambda step: step.command)
def test_a_command_shown_with_its_output_gives_it(step, tmp_path):
    done = run_plain(step.command, tmp_path)
    assert (done.returncode, without_notice(done.stderr)) == (0, "")
    shown, seen = SPEED.sub(r"\1", step.output), SPEED.sub(r"\1", done.stdout)
    assert agrees(shown, seen), f"python -m tests.support.refresh would show:\n{done.stdout}"
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_first_command_of_the_page_is_the_one_whose_output_is_shown():
    first, second, *_ = commands()
    assert first == "pip install uv"
    assert second == steps(PAGE)[0].command


def test_a_session_is_recorded_and_replayed_as_the_page_says(tmp_path):
    serve, replay = (command for command in commands() if "tuesday.jsonl" in command)
    with serving(*shlex.split(serve.partition("roulette serve ")[2]), folder=tmp_path) as server:
        play(transcript(), server.port)
        assert server.stop()[0] == 0
    done = run_plain(replay, tmp_path)
    assert (done.returncode, without_notice(done.stderr)) == (0, "")
    assert re.search(r"^ pairings +1\s*$", done.stdout, re.MULTILINE), done.stdout
    recorded = (tmp_path / "tuesday.jsonl").read_text(encoding="utf-8")
    assert '"kind": "say"' in recorded
    assert "hello" not in recorded


def test_every_other_command_of_the_page_is_known_to_be_run_elsewhere():
    shown = {step.command for step in steps(PAGE)}
    others = {command for command in commands() if command not in shown and "tuesday.jsonl" not in command}
    assert others == {"pip install uv", "uv run pytest"}  # by .ci/run


def transcript() -> list[str]:
    """Ada's terminal, as the page shows it, from her first line on."""
    (fence,) = fences(PAGE, "nc")
    first, *lines = fence.text.splitlines()
    assert first == "$ nc 127.0.0.1 12000"
    return lines


def test_the_dialogue_at_nc_is_had_word_by_word(tmp_path):
    with serving(folder=tmp_path) as server:
        assert play(transcript(), server.port) == transcript()


def test_the_library_does_what_the_page_shows():
    text = "".join(fence.text for fence in fences(PAGE, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)
