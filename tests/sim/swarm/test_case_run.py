"""Runs of cases: a sound server passes whatever the faults, and each planted bug is found by its check."""

from typing import Any

import pytest

from roulette_core import User
from roulette_core.policies import NoRepeat
from sim.swarm import case_run
from sim.swarm.address_checker import AddressChecker
from sim.swarm.case import draw_case
from sim.swarm.case_run import Outcome, run_case
from sim.swarm.command import Fixed
from transports.dialects import SAY, Message, Request
from transports.dialects.json_lines import JsonDialect
from transports.dialects.text import TextDialect
from transports.gateway import CloseReason, Gateway, Order, Output, core_driver
from transports.gateway.admission import Admission
from transports.gateway.core_driver import CoreDriver
from transports.gateway.rate import Allowance
from transports.gateway.request_handler import _RequestContext
from transports.gateway.sessions import NEVER, Sessions
from transports.gateway.timers import Timers


def nothing(*given: Any) -> None:
    """Stands in for a method that does nothing."""


@pytest.mark.parametrize("seed", range(12))
def test_a_sound_server_passes(seed: int) -> None:
    outcome = run_case(draw_case(seed))
    assert outcome.failure is None


def test_nothing_is_written_to_a_connection_that_was_found_to_be_reset_in_the_same_turn() -> None:
    fixed = Fixed(
        policy="no-repeat",
        faults=("latency", "jitter", "fragments", "stalls", "resets"),
        personas=("waverer", "ghost"),
        limits=(),
        dialects=("json", "text"),
    )
    assert run_case(fixed.case(945)).failure is None


def test_a_case_gives_the_same_run_every_time() -> None:
    for seed in (17, 20):
        first, second = run_case(draw_case(seed)), run_case(draw_case(seed))
        assert (first.counts, first.seconds) == (second.counts, second.seconds)
        assert first.counts


def first_failure(fixed: Fixed, seeds: range = range(60)) -> Outcome:
    return next(outcome for seed in seeds if (outcome := run_case(fixed.case(seed))).failure is not None)


def earliest_stands(self: Timers, connection: User, when: float) -> None:
    if connection not in self._earliest:
        original_set(self, connection, when)


def louder(self: JsonDialect, sender: str, to: str, chat: int, text: str) -> bytes:
    return original_spoken(self, sender, to, chat, f"{text}!")


def unaddressed(self: JsonDialect, line: str, named: bool) -> Request | Message:
    """Drops the number of the chat that a line names."""
    asked = original_read(self, line, named)
    return asked._replace(chat=None) if isinstance(asked, Request) and asked.command is SAY else asked


def stumbling(self: _RequestContext, language: str) -> None:
    raise ZeroDivisionError("no such language")


def forgetful(self: Gateway, connection: User, now: float, reason: CloseReason = CloseReason.LOST) -> list[Output]:
    """Does not tell the core that the user of a lost connection has left."""
    session = self._sessions.open.get(connection)
    if session is not None and reason is CloseReason.LOST:
        session.name = ""
    return original_disconnected(self, connection, now, reason)


def wordless(self: Gateway, now: float) -> list[Output]:
    return [output for output in original_goodbye(self, now) if output[1] is Order.CLOSE]


original_set, original_disconnected, original_goodbye = Timers.set, Gateway.disconnected, Gateway.goodbye
original_spoken, original_read = JsonDialect._spoken, JsonDialect.read

ALONE = Fixed(faults=(), rude_clients=(), limits=(), personas=("lurker",))
NAMELESS = Fixed(limits=("registration",), rude_clients=("mute",))

PLANTED = [
    ("limits_are_kept", Admission, "leave", nothing, Fixed(limits=("room",))),
    ("limits_are_kept", Allowance, "spend", lambda *given: 0.0, Fixed(personas=("flooder",))),
    ("timeouts_are_kept", Sessions, "due", lambda *given: NEVER, Fixed(limits=("patience",), rude_clients=())),
    (
        "timeouts_are_kept",
        Sessions,
        "due",
        lambda *given: NEVER,
        Fixed(limits=("registration",), rude_clients=("mute",)),
    ),
    ("all_queues_drain", Timers, "set", earliest_stands, Fixed(limits=("rate",), personas=("talker",))),
    ("work_conserving", NoRepeat, "draw", nothing, Fixed(policy="no-repeat")),
    ("presence_is_consistent", Gateway, "disconnected", forgetful, Fixed(faults=("resets",), rude_clients=())),
    ("operator_is_obeyed", Gateway, "ban", lambda *given: [], Fixed(faults=("operator",), limits=())),
    ("operator_is_obeyed", Gateway, "kick", lambda *given: [], Fixed(faults=("operator",), limits=())),
    ("goodbye_is_said", Gateway, "goodbye", wordless, Fixed(seconds=5)),
    ("nothing_is_left", CoreDriver, "leave", nothing, ALONE),
    ("no_timer_is_left", Timers, "drop", nothing, ALONE),
    ("output_is_understood", TextDialect, "language", lambda self: b"?\r\n", Fixed(dialects=("text",))),
    ("nothing_is_invented", JsonDialect, "_spoken", louder, Fixed(dialects=("json",), rude_clients=())),
    ("lines_are_for_whom_they_were_typed", JsonDialect, "read", unaddressed, Fixed(dialects=("json",))),
    ("lines_are_for_whom_they_were_typed", core_driver, "note_ends", nothing, Fixed(dialects=("text",))),
    ("ZeroDivisionError", _RequestContext, "speak", stumbling, Fixed(dialects=("text",))),
]


@pytest.mark.parametrize(("kind", "where", "what", "instead", "fixed"), PLANTED)
def test_a_planted_bug_is_found_by_its_check(
    kind: str, where: Any, what: str, instead: Any, fixed: Fixed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, what, instead)
    failure = first_failure(fixed).failure
    assert failure is not None
    assert failure.kind == kind


@pytest.mark.parametrize(
    ("where", "what", "instead", "fixed"),
    [
        (JsonDialect, "read", unaddressed, Fixed(dialects=("json",))),
        (core_driver, "note_ends", nothing, Fixed(dialects=("text",), limits=("give-back",), faults=("latency",))),
    ],
    ids=["json", "text"],
)
def test_the_judge_finds_lines_that_leave_their_chat_from_what_clients_saw_alone(
    where: Any, what: str, instead: Any, fixed: Fixed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AddressChecker, "handled", nothing)
    monkeypatch.setattr(where, what, instead)
    failure = first_failure(fixed).failure
    assert failure is not None
    assert failure.kind == "lines_stay_in_their_chat"


def test_a_client_that_is_told_nothing_does_not_know_its_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge would find it, too, but it is asked last."""
    monkeypatch.setattr(case_run, "judge", lambda accounts, settled: None)
    monkeypatch.setattr(JsonDialect, "told", lambda self, *given: b"")
    failure = first_failure(Fixed(dialects=("json",), faults=(), personas=("hopper",))).failure
    assert failure is not None
    assert failure.kind == "clients_know_their_state"
    assert "was told lobby" in failure.detail


def test_a_run_in_which_time_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else is always due at once."""
    monkeypatch.setattr(case_run, "MOST_STEPS", 10_000)
    monkeypatch.setattr(Gateway, "tick", lambda *given: [])
    failure = first_failure(Fixed(limits=("patience",))).failure
    assert failure is not None
    assert failure.kind == "endless"
    assert "time stands still" in failure.detail


def test_a_story_shows_the_clients_involved_up_to_the_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonDialect, "_spoken", louder)
    failure = first_failure(Fixed(dialects=("json",), rude_clients=())).failure
    assert failure is not None
    name = failure.detail.partition(" ")[0]
    assert {line.split()[2] for line in failure.story} == {name}
    assert failure.story[-1].startswith(f"{failure.at:8.3f} s  {name} hears ")


def test_a_pairing_that_the_policy_would_draw_if_asked_is_missed() -> None:
    failure = first_failure(Fixed(policy="tests.sim.swarm.sleepy:Sleepy", users=2, faults=())).failure
    assert failure is not None
    assert failure.kind == "no_pairing_is_missed"
