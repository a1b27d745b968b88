"""A campaign ends with its budget and leaves no process behind; its exit status tells of unexplained survivors."""

import sys
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from tests.mutation import __main__ as command
from tests.mutation import campaign
from tests.mutation.campaign import Mutant
from tests.mutation.changes import changes

SHOWN = "--- roulette_core/_pool.py\n+++ roulette_core/_pool.py\n-    return iter(self._users)\n+    return None\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place with the findings of an earlier run."""
    monkeypatch.setattr(campaign, "ROOT", tmp_path)
    monkeypatch.setattr(campaign, "FOLDER", tmp_path / "mutants")
    monkeypatch.setattr(campaign, "PATIENCE", 0.1)
    (tmp_path / "mutants").mkdir()
    (tmp_path / "mutants" / "found").touch()
    return tmp_path


def pretend(checkout: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Puts a shell script in the place of mutmut."""
    mutmut = checkout / "mutmut"
    mutmut.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    mutmut.chmod(0o755)
    monkeypatch.setattr(campaign, "MUTMUT", mutmut)


def test_it_begins_anew_unless_told_to_go_on(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(checkout, monkeypatch, 'echo "$@ $HYPOTHESIS_PROFILE" > said')
    campaign.run(60.0, workers=3, resume=True)
    assert (checkout / "said").read_text(encoding="utf-8") == "run --max-children=3 mutation\n"
    assert (checkout / "mutants" / "found").exists()
    campaign.run(60.0, workers=3, resume=False)
    assert not (checkout / "mutants").exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux has them")
def test_with_its_budget_it_ends_and_all_whom_it_has_started(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(checkout, monkeypatch, "trap '' INT; sleep 600 & echo $! > started; wait; sleep 600")
    campaign.run(2.0, workers=1, resume=True)
    started = int((checkout / "started").read_text(encoding="utf-8"))
    assert ends(Path(f"/proc/{started}/stat"))


def ends(status: Path) -> bool:
    """Whether a process is gone within some seconds, or at least waits to be buried: who is killed dies in its time."""
    for _ in range(200):
        with suppress(FileNotFoundError, ProcessLookupError):
            if status.read_text(encoding="utf-8").split()[2] != "Z":
                sleep(0.05)
                continue
        return True
    return False


@pytest.mark.parametrize(
    ("fate", "page", "status", "told"),
    [
        ("killed", "", 0, ""),
        ("timeout", "", 0, "Timed out"),
        ("survived", SHOWN, 0, ""),
        ("survived", "", 1, "Survived, and not explained"),
        ("suspicious", "", 1, "Survived, and not explained"),
    ],
)
def test_only_a_survivor_that_nobody_has_argued_about_is_a_failure(
    fate: str, page: str, status: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(monkeypatch, [Mutant("roulette_core._pool.x__mutmut_1", fate)])
    monkeypatch.setattr(command, "argued", lambda: set(changes(page)))
    assert command.main() == status
    shown = f"{told}: roulette_core._pool.x__mutmut_1\n--- _pool.py\n-return iter(self._users)\n+return None\n"
    assert (shown in capsys.readouterr().out) is bool(told)


@pytest.mark.parametrize("mutants", [[], [Mutant("roulette_core._pool.x__mutmut_1", "not checked")]])
def test_a_campaign_that_came_to_nothing_is_a_failure(
    mutants: list[Mutant], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found(monkeypatch, mutants)
    assert command.main() == 1
    assert capsys.readouterr().err.startswith("no mutant was tried\nhint: ")


def found(monkeypatch: pytest.MonkeyPatch, mutants: list[Mutant]) -> None:
    """Puts these findings in the place of a run of mutmut."""
    monkeypatch.setattr(sys, "argv", ["tests.mutation", "--budget", "1h30m"])
    monkeypatch.setattr(campaign, "MUTMUT", Path(sys.executable))
    monkeypatch.setattr(campaign, "run", lambda *given: None)
    monkeypatch.setattr(campaign, "mutants", lambda: mutants)
    monkeypatch.setattr(campaign, "difference", lambda mutant: SHOWN)


def test_a_budget_that_is_none_is_told_in_two_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tests.mutation", "--budget", "soon"])
    assert command.main() == 2
    assert capsys.readouterr().err.startswith("'soon' is not a duration")


def test_without_mutmut_one_is_told_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tests.mutation"])
    monkeypatch.setattr(campaign, "MUTMUT", tmp_path / "mutmut")
    assert command.main() == 1
    assert "\nhint: uv run --group mutation" in capsys.readouterr().err
