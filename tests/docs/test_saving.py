"""The page about saving: what it shows is what happens, and its room survives being killed."""

import doctest
from collections.abc import Callable
from pathlib import Path

import pytest

from roulette_core import Join, Start
from tests.support.fences import fences

PAGE = "docs/saving.md"


def test_what_the_page_shows_is_what_happens() -> None:
    text = "".join(fence.text for fence in fences(PAGE, "pycon"))
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE, PAGE, 0)
    shown: list[str] = []
    assert doctest.DocTestRunner().run(test, out=shown.append).failed == 0, "".join(shown)
    assert len(test.examples) > 6


def test_the_room_takes_each_update_once_and_tells_again_what_may_not_have_been_told(
    tmp_path: Path,
    importable: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (example,) = fences(PAGE, "python")
    (tmp_path / "saved_room.py").write_text(example.text)
    importable(tmp_path / "saved_room.py")
    monkeypatch.chdir(tmp_path)
    from saved_room import Room  # type: ignore[import-not-found]

    events = [Join(1, "ada"), Join(2, "bob"), Start(1), Start(2)]
    for number, event in enumerate(events):
        room = Room()  # as after a kill: nothing but the file is left
        capsys.readouterr()
        for update, again in enumerate(events[: number + 1]):
            room.take(again, float(update), update)
        assert len(capsys.readouterr().out.splitlines()) == (2 if event == Start(2) else 1)
        room.journal.close()
    last = Room()
    assert last.roulette.pairs() == [(1, 2)]
    assert "Paired(first=1, second=2" in capsys.readouterr().out
    last.journal.close()
