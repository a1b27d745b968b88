"""The journal: wherever the program is killed, it goes on after a prefix of what has happened, exactly alike."""

import io
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import (
    BadRecording,
    BadSnapshot,
    Block,
    BrokenPolicy,
    Choose,
    Effect,
    Event,
    Join,
    Lobby,
    LobbyLine,
    NotAnEvent,
    Policy,
    PrivateLine,
    Roulette,
    Say,
    Start,
    Tick,
    User,
)
from roulette_core.journal import Journal, recover
from roulette_core.testing.processes import python_process
from tests.core.any_events import sound_events
from tests.core.custom import Patient
from tests.core.scenarios import POLICIES, VARIED, Timed, attempt, busy_evening, journeys


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journals")


def timeless(roulette: Roulette) -> dict[str, Any]:
    """The state without the time: what changes nothing moves only that, and is not written."""
    return {**roulette.snapshot(), "now": None}


OPENED: list[Journal] = []


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def begin(path: Path, roulette: Roulette, **options: Any) -> Journal:
    """Begins a journal that is closed after the test, as those of killed programs are by the system."""
    OPENED.append(Journal(path, roulette, **options))
    return OPENED[-1]


class Session:
    """A roulette and its journal, with the state after each whole line of it."""

    def __init__(self, path: Path, policy: Policy | str, least: int = 10**9) -> None:
        self.path = path
        self.roulette = Roulette(policy, seed=6)
        self.journal = begin(path, self.roulette, least=least)
        self.states = [timeless(self.roulette)]
        self.notes: list[Any] = [None]
        self.last: list[tuple[Effect, ...]] = [()]

    def handle(self, event: Event, now: float, note: Any = None) -> None:
        effects = attempt(self.roulette, event, now)
        if isinstance(effects, tuple):
            before = self.path.read_bytes()
            self.journal.append(event, now, effects, note=note)
            state = timeless(self.roulette)
            if self.path.read_bytes() == before:
                assert state == self.states[-1], "what has changed something is written"
                return
            self.states.append(state)
            self.notes.append(note or self.notes[-1])
            self.last.append(effects)


def play(session: Session, events: list[Timed]) -> None:
    for number, (event, now) in enumerate(events):
        session.handle(event, now, note=number if number % 3 == 1 else None)


@pytest.mark.parametrize("policy", VARIED)
@given(journey=journeys(), stop=st.integers(0, 60), data=st.data())
def test_cut_at_any_byte_it_goes_on_after_a_prefix_of_events(
    folder: Path, policy: str, journey: list[Timed], stop: int, data: st.DataObject
) -> None:
    session = Session(folder / "cut.journal", policy)
    play(session, journey[:stop])
    whole = session.path.read_bytes()
    cut = data.draw(st.integers(whole.index(b"\n") + 1, len(whole)))
    session.path.write_bytes(whole[:cut])
    lines = whole[:cut].count(b"\n") - 1
    roulette, note, _ = recover(session.path)
    assert timeless(roulette) == session.states[lines]
    assert note == session.notes[lines]
    # Cut or not, the whole of it goes on as the original does.
    again, _, _ = recover(io.BytesIO(whole))
    for event, now in journey[stop:]:
        assert attempt(again, event, now) == attempt(session.roulette, event, now)
    assert timeless(again) == timeless(session.roulette)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_program_killed_after_any_event_goes_on_alike(policy: str, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    roulette = other = Roulette(policy, seed=3)
    journal = begin(path, other, least=3000)
    for number, (event, now) in enumerate(busy_evening(users=9, events=200)):
        if number % 7 == 0:
            journal.close()
            other = recover(path).roulette
            journal = begin(path, other, least=3000)
        effects = attempt(other, event, now)
        assert effects == attempt(roulette, event, now)
        if isinstance(effects, tuple):
            journal.append(event, now, effects)
    journal.close()
    assert timeless(recover(path).roulette) == timeless(roulette)
    assert os.listdir(tmp_path) == ["journal"], "no other file is left"


@given(events=st.lists(sound_events, max_size=15))
def test_without_effects_it_goes_on_alike_and_writes_no_less(folder: Path, events: list[Event]) -> None:
    roulette = Roulette("interests:patience=6", seed=3)
    with Journal(folder / "plain.journal", roulette) as journal:
        for now, event in enumerate(events):
            if isinstance(attempt(roulette, event, now), tuple):
                journal.append(event, now)
    assert timeless(recover(folder / "plain.journal").roulette) == timeless(roulette)


def lines_of(session: Session) -> list[str]:
    return [line[9:] for line in session.path.read_text().splitlines()[1:]]


def test_the_lines_are_those_of_the_documentation(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "no-repeat")
    session.handle(Join(1, "ada"), 3.25)
    session.handle(Say(1, "psst"), 5.0)
    session.handle(Start(1), 9.5, note=17)
    assert lines_of(session) == [
        '{"now": 3.25, "kind": "join", "user": 1, "name": "ada"}',
        '{"now": 9.5, "kind": "start", "user": 1, "note": 17}',
    ]
    first = json.loads(session.path.read_text().splitlines()[0][9:])
    assert first == {"journal": 1, "note": None, "snapshot": json.loads(json.dumps(Roulette(seed=6).snapshot()))}


def test_what_changes_nothing_is_left_out_unless_something_was_due_or_it_has_a_note(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "waves:every=4")
    for user in ("a", "b"):
        session.handle(Join(user, user), 0.0)
        session.handle(Start(user), 1.0 if user == "b" else 0.0)
    written = len(lines_of(session))
    for now, event in ((1.0, Say("a", "x")), (1.5, Tick()), (2.0, Block("a")), (2.0, Join("c", "a"))):
        session.handle(event, now)
    assert len(lines_of(session)) == written
    session.handle(Say("a", "x"), 2.5, note={"update": 7})
    assert lines_of(session)[-1] == '{"note": {"update": 7}}'
    assert recover(session.path)[1:] == ({"update": 7}, ())
    session.handle(Say("a", "x"), 4.5)  # the wave comes first
    assert lines_of(session)[-1] == '{"now": 4.5, "kind": "say", "user": "a"}'
    roulette, note, effects = recover(session.path)
    assert roulette.pairs() == [("a", "b")]
    assert note == {"update": 7}
    assert [effect.kind for effect in effects] == ["paired", "private_line"]


def test_a_line_at_which_patience_ran_out_is_written_though_no_pair_was_drawn(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "interests:patience=6")
    for user in ("a", "b", "c"):
        session.handle(Join(user, user), 0.0)
    for event in (Start("a"), Start("b"), Lobby("a"), Lobby("b"), Start("a", ("go",))):
        session.handle(event, 0.0)
    session.handle(Start("b", ("chess",)), 3.0)
    session.handle(Say("c", "x"), 7.0)  # a is now open to any topic, but not to the partner they have just left
    assert session.roulette.snapshot()["memory"]["impatient"] == ["a"]
    assert lines_of(session)[-1] == '{"now": 7.0, "kind": "say", "user": "c"}'
    assert timeless(recover(session.path).roulette) == timeless(session.roulette)


def test_the_latest_effects_are_brought_back_as_they_may_not_have_been_carried_out(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "no-repeat")
    play(session, busy_evening(users=5, events=60))
    lines = session.path.read_bytes().splitlines(keepends=True)
    seen = set()
    for number, effects in enumerate(session.last[1:], 2):
        found = recover(lines[:number]).effects
        assert found == (tuple(map(unsaid, effects)) if b'"kind"' in lines[number - 1] else ())
        seen.update(effect.kind for effect in found)
    assert {"paired", "parted", "searching", "joined", "left"} <= seen


def unsaid(effect: Effect) -> Effect:
    return effect._replace(text="") if isinstance(effect, LobbyLine | PrivateLine) else effect


# A new file.


def test_a_file_that_has_grown_begins_anew_by_its_size(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "no-repeat", least=2000)
    events = busy_evening(users=30, events=1500)
    sizes, begun, latest = [], 0, None
    for event, now in events:
        file = session.path.stat().st_ino
        effects = attempt(session.roulette, event, now)
        if isinstance(effects, tuple):
            session.journal.append(event, now, effects, note=now)
            latest = now
        begun += session.path.stat().st_ino != file
        sizes.append(session.path.stat().st_size)
    first = len(session.path.read_bytes().splitlines()[0])
    assert first > 2000, "the first line is what counts here"
    assert max(sizes) < 2.5 * first
    written = sum(max(0, after - before) for before, after in pairwise(sizes))
    assert 2 < begun <= written / (0.8 * first) + 1, "no more snapshots than events, by size"
    roulette, note, _ = recover(session.path)
    assert timeless(roulette) == timeless(session.roulette)
    assert note == latest


def test_a_new_file_keeps_the_note(tmp_path: Path) -> None:
    roulette = Roulette()
    Journal(tmp_path / "journal", roulette, note=12).close()
    assert recover(tmp_path / "journal").note == 12
    journal = begin(tmp_path / "journal", roulette, note=12, least=0)
    limit = (tmp_path / "journal").stat().st_size
    for number in range(limit // 10):
        journal.append(Say(1, ""), 0.0, (), note=number)
        assert recover(tmp_path / "journal").note == number


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(tmp_path / "journal", "no-repeat", least=0)
    monkeypatch.setattr(os, "replace", raising)
    limit = session.path.stat().st_size
    with pytest.raises(OSError, match="full"):
        for user in range(limit):
            session.handle(Join(user, str(user)), 1.0)
    assert os.listdir(tmp_path) == ["journal"]
    written = recover(session.path).roulette
    assert len(session.roulette) - 1 == len(written) > 0
    monkeypatch.undo()
    session.journal.append(Tick(), 1.0, ())
    assert timeless(recover(session.path).roulette) == timeless(session.roulette)


def raising(*_: Any) -> None:
    raise OSError("the disk is full")


class HalfWritten:
    """A file that takes only a part of what is written, as at the end of a disk."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def write(self, line: bytes) -> int:
        written: int = self.file.write(line[:12])
        return written

    def close(self) -> None:
        self.file.close()


def test_after_a_line_written_in_part_a_new_file_begins(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", "no-repeat")
    session.handle(Join(1, "ada"), 1.0)
    session.journal._file = HalfWritten(session.journal._file)  # type: ignore[assignment]
    with pytest.raises(OSError, match="in part"):
        session.handle(Join(2, "bob"), 1.0)
    assert recover(session.path).roulette.users() == [1]
    session.handle(Join(3, "cid"), 2.0)
    assert recover(session.path).roulette.users() == [1, 2, 3]


def test_with_fsync_every_line_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    roulette = Roulette()
    journal = begin(tmp_path / "journal", roulette, fsync=True)
    assert len(synced) == 2, "the file, and its name"
    for user in range(3):
        journal.append(Join(user, str(user)), 1.0, roulette.handle(Join(user, str(user)), 1.0))
    assert len(synced) == 5
    begin(tmp_path / "other", Roulette()).append(Join(1, "ada"), 1.0)
    assert len(synced) == 5


# What is refused.


def sound_lines(tmp_path: Path) -> list[bytes]:
    session = Session(tmp_path / "journal", "no-repeat")
    play(session, busy_evening(users=4, events=20))
    return session.path.read_bytes().splitlines(keepends=True)


def test_any_damage_before_the_last_line_is_found(tmp_path: Path) -> None:
    lines = sound_lines(tmp_path)
    chance = Random(1)
    for number in range(1, len(lines) - 1):
        line = lines[number]
        place = chance.randrange(len(line))
        for other in (line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :], b"", line * 2, line[:place] + b"\n"):
            damaged = b"".join([*lines[:number], other, *lines[number + 1 :]])
            with pytest.raises(BadRecording, match=r"line \d+ of the journal is damaged; those before it are sound"):
                recover(io.BytesIO(damaged))
    with pytest.raises(BadRecording, match="line 3 of the journal is damaged"):
        recover([*lines[:2], lines[2][:5], lines[3]])


def test_the_sound_lines_before_the_damage_can_be_recovered(tmp_path: Path) -> None:
    lines = sound_lines(tmp_path)
    damaged = b"".join([*lines[:5], b"X" + lines[5][1:], *lines[6:]]).splitlines(keepends=True)
    with pytest.raises(BadRecording, match=r"^line 6 of"):
        recover(damaged)
    recover(damaged[:5])


@pytest.mark.parametrize("content", [b"", b"\n", b"x", b"hello\n", b"00000000 {}\n", b'{"recording": 1}\n' * 2])
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal").write_bytes(content)
    with pytest.raises(BadRecording):
        recover(tmp_path / "journal")


def test_a_first_line_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    (first, *_) = sound_lines(tmp_path)
    for cut in range(0, len(first), 50):
        with pytest.raises(BadRecording):
            recover([first[:cut]])


def written_by_hand(*data: Any) -> list[bytes]:
    lines, crc = [], 0
    for each in data:
        text = json.dumps(each).encode()
        crc = crc32(text, crc)
        lines.append(b"%08x %s\n" % (crc, text))
    return lines


FIRST = {"journal": 1, "note": None, "snapshot": Roulette().snapshot()}


@pytest.mark.parametrize(
    "data",
    [
        {"now": 1.0, "kind": "next", "user": 1},
        {"now": -1.0, "kind": "tick"},
        {"now": 1.0, "kind": "dance"},
        {"kind": "tick"},
        {"now": 1.0, "kind": "tick", "more": 1},
    ],
)
def test_a_line_that_does_not_follow_is_named(data: Any) -> None:
    with pytest.raises(BadRecording, match=r"^line 2 of the journal does not follow from those before it: "):
        recover(written_by_hand(FIRST, data))


def test_another_format_and_a_bad_snapshot_are_refused() -> None:
    with pytest.raises(BadRecording, match="not a journal"):
        recover(written_by_hand({**FIRST, "journal": 2}))
    with pytest.raises(BadSnapshot):
        recover(written_by_hand({**FIRST, "snapshot": {"format": 99}}))


def test_an_event_with_an_iterator_is_refused_as_it_has_been_read(tmp_path: Path) -> None:
    roulette = Roulette()
    journal = begin(tmp_path / "journal", roulette)
    event = Start(1, iter(["chess"]))  # type: ignore[arg-type]
    roulette.handle(Join(1, "ada"), 0.0)
    with pytest.raises(NotAnEvent, match="iterator"):
        journal.append(event, 0.0, roulette.handle(event, 0.0))


# Policies of one's own.


class Rude(Policy):
    """Raises once two are waiting."""

    def draw(self, now: float, choose: Choose) -> tuple[User, User] | None:
        raise ZeroDivisionError


def test_a_policy_of_ones_own_is_handed_over_and_may_break(tmp_path: Path) -> None:
    session = Session(tmp_path / "journal", Patient())
    play(session, busy_evening(users=5, events=60))
    assert timeless(recover(session.path, Patient()).roulette) == timeless(session.roulette)
    with pytest.raises(BadSnapshot):
        recover(session.path)
    first = {**FIRST, "snapshot": Roulette(Rude()).snapshot()}
    events = [{"now": 0.0, "kind": kind, "user": user, **more} for user in (1, 2) for kind, more in STEPS[user]]
    with pytest.raises(BrokenPolicy):
        recover(written_by_hand(first, *events), Rude())


STEPS: dict[int, list[tuple[str, dict[str, str]]]] = {
    1: [("join", {"name": "a"}), ("start", {})],
    2: [("join", {"name": "b"}), ("start", {})],
}


def test_the_choices_of_the_caller_are_made_again(tmp_path: Path) -> None:
    roulette = Roulette("uniform", choose=lambda count: count - 1)
    with Journal(tmp_path / "journal", roulette) as journal:
        for event, now in busy_evening(users=6, events=80):
            effects = attempt(roulette, event, now)
            if isinstance(effects, tuple):
                journal.append(event, now, effects)
    assert timeless(recover(tmp_path / "journal", choose=lambda count: count - 1).roulette) == timeless(roulette)


# A real process that is killed.

PROGRAM = """
import sys
from roulette_core import Roulette
from roulette_core.journal import Journal
from tests.core.scenarios import attempt, busy_evening
roulette = Roulette("uniform:minimum=4", seed=1)
journal = Journal(sys.argv[1], roulette, least=2000)
for number, (event, now) in enumerate(busy_evening(users=20, events=200_000)):
    effects = attempt(roulette, event, now)
    if isinstance(effects, tuple):
        journal.append(event, now, effects, note=number)
        print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_process_that_is_killed_loses_nothing_that_it_has_written(tmp_path: Path) -> None:
    chance, path = Random(), tmp_path / "journal"
    evening = busy_evening(users=20, events=200_000)
    with python_process(PROGRAM, str(path)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        said = process.stdout.read().split()
    roulette, number, _ = recover(path)
    assert number >= max(map(int, said[:-1]), default=0), "what was carried out had been written"
    reference = Roulette("uniform:minimum=4", seed=1)
    for event, now in evening[: number + 1]:
        attempt(reference, event, now)
    assert timeless(roulette) == timeless(reference)
