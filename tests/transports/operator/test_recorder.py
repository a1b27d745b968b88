"""A recording replays to the same effects, and holds neither texts nor names."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from roulette_core import Event, Join, RecordingHeader, Roulette, Say, Start, decode_event, decode_header
from tests.support.gateway_fixture import GatewayFixture
from transports.operator.recorder import RecordingWriter

HEADER = RecordingHeader("no-repeat", 7)


def recorder(path: Path | str, warn: Callable[[str], None] = pytest.fail, key: bytes | None = None) -> RecordingWriter:
    made = RecordingWriter(str(path), HEADER, warn, key)
    made.open()
    return made


def read(path: Path) -> list[tuple[Event, float]]:
    header, *lines = path.read_text().splitlines()
    assert decode_header(header) == HEADER
    return [decode_event(line) for line in lines]


def test_a_recorded_session_replays_to_the_same_kinds_of_effects(tmp_path: Path) -> None:
    chat = GatewayFixture("interests:patience=5")
    ada, bob, carol, dan = chat.enter("ada", "bob", "carol", "dan")
    chat.type(chat.connect(), "ada")
    chat.type(ada, "start chess", "hello")
    chat.type(bob, "start go")
    chat.now = 4.25
    chat.type(carol, "start chess", "hi")
    chat.type(dan, "start")
    chat.tick()
    chat.type(ada, "next", "next")
    chat.vanish(ada)
    writer = recorder(tmp_path / "session.jsonl", key=b"key")  # as a hash by chance may hold "ada"
    for entry in chat.journal:
        writer.handled(*entry)
    writer.close()
    replayed = Roulette("interests:patience=5")
    events = read(tmp_path / "session.jsonl")
    assert len(events) == len(chat.journal)
    for (event, now), (then, _, effects) in zip(events, chat.journal, strict=True):
        assert now == then
        assert [effect.kind for effect in replayed.handle(event, now)] == [effect.kind for effect in effects]
    text = (tmp_path / "session.jsonl").read_text()
    assert not any(word in text for word in ("ada", "bob", "carol", "dan", "hello", "hi", "chess"))


def test_names_are_hashed_with_a_new_key_in_every_run(tmp_path: Path) -> None:
    names = []
    for run in ("one", "two"):
        writer = recorder(tmp_path / run)
        writer.handled(1.0, Join(1, "ada"), ())
        writer.handled(2.0, Join(2, "ada"), ())
        writer.close()
        events = read(tmp_path / run)
        assert events[0][0].name == events[1][0].name  # type: ignore[union-attr]
        names.append(events[0][0].name)  # type: ignore[union-attr]
    assert names[0] != names[1]
    assert all(len(bytes.fromhex(name)) == 8 for name in names)


def test_with_a_given_key_the_recording_is_the_same_bytes(tmp_path: Path) -> None:
    for run in ("one", "two"):
        writer = recorder(tmp_path / run, key=b"key")
        writer.handled(1.0, Start(1, ("chess",)), ())
        writer.close()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_events_are_in_the_file_after_every_turn(tmp_path: Path) -> None:
    writer = recorder(tmp_path / "session.jsonl")
    writer.handled(1.0, Join(1, "ada"), ())
    writer.flush()
    assert len(read(tmp_path / "session.jsonl")) == 1
    writer.close()


def test_a_file_that_is_not_empty_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("data")
    with pytest.raises(FileExistsError):
        recorder(tmp_path / "precious")
    assert (tmp_path / "precious").read_text() == "data"


def test_a_path_that_cannot_be_written_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        recorder(tmp_path / "nowhere" / "session.jsonl")


class FullDisk:
    """A file on a disk that becomes full after ``room`` bytes, in the middle of a line."""

    def __init__(self, path: Path, room: int) -> None:
        self.file = path.open("ab")
        self.room = room

    def write(self, data: bytes) -> int:
        taken = data[: self.room]
        self.room -= len(taken)
        self.file.write(taken)
        self.file.flush()
        if taken != data:
            raise OSError(28, "No space left on device")
        return len(taken)

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        self.file.close()


def test_a_full_disk_ends_the_recording_at_a_whole_line_with_one_warning(tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    warnings: list[str] = []
    writer = recorder(path, warnings.append)
    assert writer._file is not None
    writer._file.close()
    writer._file = FullDisk(path, room=100)  # type: ignore[assignment]
    for number in range(10):
        writer.handled(float(number), Say(1, "secret"), ())
        writer.flush()
    writer.close()
    assert len(warnings) == 1
    assert "No space left on device" in warnings[0]
    assert 0 < len(read(path)) < 10


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
def test_a_device_that_is_always_full_is_an_error_at_once() -> None:
    with pytest.raises(OSError, match="No space left"):
        recorder("/dev/full")
