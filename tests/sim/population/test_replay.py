import bz2
import gzip
import json
import lzma
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roulette_core import (
    BadRecording,
    Block,
    Join,
    Leave,
    Lobby,
    Next,
    RecordingHeader,
    Roulette,
    Say,
    Start,
    Tick,
    encode_event,
    encode_header,
    with_users,
)
from sim.engine import run
from sim.population import Replay, load, open_recording
from sim.results import Run
from sim.run import ForeignPolicy
from sim.run import replay as replay_recording

HEADER = encode_header(RecordingHeader("no-repeat", 0))


def session(policy="uniform:minimum=3", seed=9, users=40, seconds=600.0, late=0.0):
    """A recorded session, as lines, and its effects with their times; its server ticks ``late`` seconds late."""
    roulette, lines, journal = Roulette(policy, seed), [encode_header(RecordingHeader(policy, seed))], []

    def handle(event, now):
        effects = roulette.handle(event, now)
        lines.append(encode_event(event, now))
        journal.append((now, effects))

    def observe(now, event, effects):
        deadline = roulette.next_deadline()
        if deadline is not None and deadline + late <= now:
            handle(Tick(), deadline + late)
        if event.kind != "tick":
            handle(with_users(event, number), now)

    def number(user):  # in the order in which they join, as a recording's users are numbered when it is replayed
        return numbers.setdefault(user, len(numbers))

    numbers = {}
    population = load("mixed", users).population(np.random.SeedSequence(seed))
    run(Roulette(policy, seed), population, seconds, [observe])
    return lines, journal


def saved(tmp_path, lines, end="\n"):
    path = tmp_path / "recording.jsonl"
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return path


class Replayed(NamedTuple):
    """A replayed recording, with the number of lines that could not be read."""

    run: Run
    unreadable: int

    @property
    def figures(self):
        return self.run.figures


def replay(path, policy=None):
    with open_recording(path) as recording:
        return Replayed(replay_recording(recording, policy), recording.unreadable)


def replayed(path, policy, ticking):
    journal = []
    with open_recording(path) as recording:
        population = Replay(recording, ticking)
        run(
            Roulette(policy, 9),
            population,
            ticking=not ticking,
            observers=[lambda now, event, effects: journal.append((now, effects))],
        )
    return journal, population


@pytest.mark.parametrize("policy", ["no-repeat", "uniform:minimum=3", "waves:every=5", "fresh"])
def test_under_its_own_policy_exactly_what_was_recorded_happens_again(tmp_path, policy):
    lines, journal = session(policy, late=0.013)
    again, population = replayed(saved(tmp_path, lines), policy, ticking=True)

    def but_for_lines(journal):  # what was said is not recorded
        return [(now, [e for e in effects if not e.kind.endswith("line")]) for now, effects in journal]

    assert but_for_lines(again) == but_for_lines(journal)
    assert population.impossible == 0


@pytest.mark.parametrize("policy", ["v1", "v2", "waves:every=3", "fresh:memory=2,patience=4", "interests"])
def test_a_recording_can_be_replayed_under_another_policy(tmp_path, policy):
    lines, _ = session()
    run, unreadable = replay(saved(tmp_path, lines), policy)
    assert (unreadable, run.skipped, run.ok) == (0, 0, True)
    assert run.engine == "core"
    assert run.figures.users >= 30
    assert run.figures.pairings > 50


def test_under_another_policy_its_own_deadlines_are_kept(tmp_path):
    lines, _ = session("fresh:memory=5,patience=2")
    journal, _ = replayed(saved(tmp_path, lines), "waves:every=5", ticking=False)
    times = {now for now, effects in journal for effect in effects if effect.kind == "paired"}
    assert len(times) > 20
    assert all(now % 5 == 0 for now in times)


def test_blocks_are_replayed_whatever_the_user_ids(tmp_path):
    live, lines, journal = (
        Roulette("uniform:minimum=2", 9),
        [encode_header(RecordingHeader("uniform:minimum=2", 9))],
        [],
    )
    asked = [Join("bob", "bob"), Join("ada", "ada", ("bob",)), *map(Start, ["bob", "ada"]), Join(7, "carol"), Start(7)]
    for now, event in enumerate([*asked, Block(7), Leave("ada"), Tick()], start=1):
        lines.append(encode_event(event, float(now)))
        journal.append((now, [effect.kind for effect in live.handle(event, float(now))]))
    again, population = replayed(saved(tmp_path, lines), "uniform:minimum=2", ticking=True)
    assert [(now, [effect.kind for effect in effects]) for now, effects in again] == journal
    assert population.impossible == 0
    assert [kind for _, kinds in journal for kind in kinds].count("paired") == 2, "7 with each of the others"


def test_a_torn_last_line_is_skipped(tmp_path):
    lines, _ = session()
    whole = replay(saved(tmp_path, lines))
    torn = replay(saved(tmp_path, [*lines, '{"now": 6000.5, "kin'], end=""))
    assert torn.unreadable == 1
    assert torn.figures.pairings == whole.figures.pairings


def test_a_whole_last_line_without_an_end_is_read(tmp_path):
    lines, _ = session()
    assert replay(saved(tmp_path, lines, end="")).figures.events == replay(saved(tmp_path, lines)).figures.events


def test_what_cannot_have_happened_is_skipped_and_counted(tmp_path):
    events = [
        (1.0, Join("ada", "ada")),
        (1.0, Next("nobody")),
        (2.0, Join("ada", "other")),
        (1.5, Leave("ada")),
        (-1.0, Tick()),
        (2.0, Join("bob", "ada")),
        (2.0, Join("carol", "carol", ("bob",))),
        (3.0, Say("bob", "")),
        (3.0, Lobby("ada")),
        (4.0, Leave("ada")),
        (5.0, Start("ada")),
        (6.0, Join("ada", "ada")),
    ]
    path = saved(tmp_path, [HEADER, *(encode_event(event, now) for now, event in events)])
    result = replay(path)
    assert (result.run.skipped, result.unreadable) == (6, 1)
    assert (result.figures.users, result.figures.events, result.figures.seconds) == (1, 5, 5.0)


@pytest.mark.parametrize(
    "lines",
    [
        [""],
        ["nonsense"],
        ['{"recording": 2}'],
        [HEADER],
        [HEADER, "nonsense"],
        [HEADER, '{"now": NaN, "kind": "tick"}'],
    ],
)
def test_a_file_that_is_not_a_recording_is_refused(tmp_path, lines):
    with pytest.raises(BadRecording):
        replay(saved(tmp_path, lines))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (gzip.compress(HEADER.encode(), mtime=0), "it is compressed with gzip"),
        (bz2.compress(HEADER.encode()), "it is compressed with bzip2"),
        (lzma.compress(HEADER.encode()), "it is compressed with xz"),
        (HEADER.encode("utf-16"), "it is UTF-16, not UTF-8"),
    ],
    ids=["empty", "gzip", "bzip2", "xz", "UTF-16"],
)
def test_a_file_of_another_kind_is_called_by_its_name(tmp_path, data, says):
    (tmp_path / "other").write_bytes(data)
    with pytest.raises(BadRecording, match=says):
        replay(tmp_path / "other")


def test_a_byte_order_mark_is_read_over(tmp_path):
    lines, _ = session()
    marked = replay(saved(tmp_path, ["\ufeff" + lines[0], *lines[1:]]))
    assert (marked.unreadable, marked.run.skipped) == (0, 0)
    assert marked.figures.events == replay(saved(tmp_path, lines)).figures.events


def test_one_opened_recording_is_replayed_as_often_as_wanted(tmp_path):
    lines, _ = session()
    with open_recording(saved(tmp_path, [*lines, "torn"])) as recording:
        first, unreadable = replay_recording(recording), recording.unreadable
        again = replay_recording(recording)
        assert (unreadable, recording.unreadable) == (1, 1)
    assert first.figures.events == again.figures.events > 100


def test_a_recording_does_not_name_code_to_import(tmp_path, monkeypatch):
    (tmp_path / "evil.py").write_text("raise SystemExit('code ran')")
    monkeypatch.syspath_prepend(tmp_path)
    header = encode_header(RecordingHeader("evil:Policy", 0))
    path = saved(tmp_path, [header, encode_event(Join(1, "ada"), 0.0)])
    with pytest.raises(ForeignPolicy, match="evil:Policy', is not built in"):
        replay(path)
    assert replay(path, "v1").figures.users == 1


event_kinds = st.sampled_from(["join", "say", "start", "next", "block", "lobby", "leave", "tick", "other"])
events = st.fixed_dictionaries(
    {"now": st.floats(0, 20) | st.floats() | st.integers(-3, 3), "kind": event_kinds, "user": st.integers(0, 4)},
    optional={
        "name": st.sampled_from("abcde"),
        "interests": st.just(["chess"]),
        "blocked": st.lists(st.integers(0, 4), max_size=2),
    },
)


def consistent(event):
    """The fields that its kind has."""
    kinds = {"join": ["user", "name", "blocked"], "start": ["user", "interests"], "tick": []}
    fields = kinds.get(event["kind"], ["user"])
    filled = {"name": f"n{event['user']}", "interests": [], "blocked": [], **event}
    return {key: filled[key] for key in ["now", "kind", *fields]}


lines = st.text(max_size=20) | events.map(json.dumps) | events.map(consistent).map(json.dumps)


@settings(max_examples=200, deadline=None)
@given(st.lists(lines, max_size=40), st.sampled_from([None, "v2", "waves"]))
def test_a_damaged_recording_never_raises(tmp_path_factory, damaged, policy):
    path = saved(tmp_path_factory.mktemp("damaged"), [HEADER, encode_event(Join(1, "ada"), 0.0), *damaged])
    result = replay(path, policy)
    assert result.run.ok
    assert result.figures.users >= 1


def test_an_endless_line_does_not_fill_the_memory(tmp_path):
    path = saved(tmp_path, [HEADER, encode_event(Join(1, "ada"), 0.0), "x" * (1 << 18), encode_event(Leave(1), 1.0)])
    result = replay(path)
    assert (result.figures.events, result.figures.seconds) == (2, 1.0)
    assert result.unreadable > 0
