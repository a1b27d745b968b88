"""The view that is redrawn every second: rates between frames, and no control sequences."""

import io

from rich.console import Console

from tests.transports.operator.operator_fixture import OperatorFixture, sample_chat
from transports.operator.answers import Answer, table
from transports.operator.top import WAITING_SHOWN, Counts, rate, view


def drawn(before: Counts | None, now: Counts, searching: Answer) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=80, highlight=False, markup=False, color_system=None).print(view(before, now, searching))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def looked_at(chat: OperatorFixture) -> tuple[Counts, Answer]:
    return {**chat.obey("stats").counts, "memory": 3 << 20}, chat.obey("research")


def test_the_first_frame_shows_states_and_rates_since_the_start() -> None:
    now, searching = looked_at(sample_chat())
    assert drawn(None, now, searching) == [
        "lobby searching private unregistered turned away memory",
        "1 1 2 1 0 3.0 MiB",
        "",
        "0.2 lines and 0.1 pairings a second, on average since the start",
        "",
        "waiting longest seconds why",
        "────────────────────────────────────────────────────",
        "carol 12 nobody else is waiting",
    ]


def test_later_frames_show_rates_since_the_frame_before() -> None:
    chat = sample_chat()
    before, _ = looked_at(chat)
    chat.now += 2.0
    chat.type(1, "a", "b", "c")
    chat.type(4, "start")
    now, searching = looked_at(chat)
    assert "1.5 lines and 0.5 pairings a second" in drawn(before, now, searching)
    assert "no user is searching" in drawn(before, now, searching)


def test_a_rate_over_no_time_at_all_is_0() -> None:
    counts = {"served": 3.0, "pairings": 4.0}
    assert rate("pairings", counts, counts) == 0.0
    assert rate("pairings", None, counts) == 4 / 3


def test_unknown_memory_is_shown_as_such_and_names_are_harmless() -> None:
    now, _ = looked_at(sample_chat())
    rows = [(f"\x1b[31muser\u202e{number}", 3.0, "why") for number in range(WAITING_SHOWN + 5)]
    lines = drawn(None, {name: now[name] for name in now if name != "memory"}, table(("s", "s", "why"), rows, 15))
    assert lines[1].endswith("unknown")
    assert sum("user" in line for line in lines) == WAITING_SHOWN
    assert not any("\x1b" in line or "\u202e" in line for line in lines)
