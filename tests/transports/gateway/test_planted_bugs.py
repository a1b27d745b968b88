"""Bugs planted in every part of the gateway are found by the histories kept for the fuzzer."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from roulette_core import Block, Effect, Event, Leave, User
from roulette_core.driver import Driver
from roulette_core.driver.hearers import Hearers
from tests.support.story import play
from transports.dialects.commands import Request
from transports.gateway import CloseReason, Connection, ConnectionEvent, Gateway, Order
from transports.gateway.admission import Admission
from transports.gateway.connection_events import Ended
from transports.gateway.core_driver import CoreDriver
from transports.gateway.outbox import Outbox
from transports.gateway.rate import Allowance
from transports.gateway.request_handler import RequestHandler
from transports.gateway.session import Session
from transports.gateway.timers import Timers

HISTORIES = [path.read_bytes() for path in sorted(Path(__file__).parents[2].glob("fuzz/corpus/*"))]
"""The histories in which every bug must show."""


class Plant(NamedTuple):
    """A named bug: a method of a class, and its replacement."""

    name: str
    owner: type
    method: str
    spoilt: Callable[..., Any]


def spoils(owner: type, method: str) -> Callable[[Callable[..., Any]], Plant]:
    """Makes a bug of a function that takes the original method as ``sound`` before its own arguments."""
    sound = getattr(owner, method)

    def plant(function: Callable[..., Any]) -> Plant:
        return Plant(function.__name__, owner, method, lambda *given: function(sound, *given))

    return plant


Sound = Callable[..., Any]


@spoils(Hearers, "enter")
def keeps_parted_users_out_of_the_lobby(sound: Sound, hearers: Hearers, user: User) -> None:
    if user not in hearers.__dict__.setdefault("seen", set()):
        sound(hearers, user)
    hearers.__dict__["seen"].add(user)


@spoils(Outbox, "send")
def sends_to_ended_sessions(sound: Sound, outbox: Outbox, session: Session, what: bytes | Order) -> None:
    if what:
        outbox._outputs.append((session.connection, what))


@spoils(Hearers, "groups")
def sends_lobby_lines_to_their_senders(sound: Sound, hearers: Hearers, but: User | None) -> Iterator[tuple[User, ...]]:
    return sound(hearers, None)


@spoils(Driver, "regroup")
def keeps_the_old_dialect_in_the_lobby(sound: Sound, driver: Driver, user: User) -> None:
    pass


@spoils(RequestHandler, "_cost")
def charges_nothing_for_requests(sound: Sound, handler: RequestHandler, session: Session, asked: object) -> float:
    return 0.0 if isinstance(asked, Request) else 1.0


@spoils(CoreDriver, "leave")
def keeps_names_of_users_who_left(sound: Sound, driver: CoreDriver, session: Session, now: float) -> None:
    driver.handle(Leave(session.connection), now)


@spoils(CoreDriver, "catch_up")
def skips_due_pairings(sound: Sound, driver: CoreDriver, now: float) -> None:
    pass


@spoils(CoreDriver, "handle")
def sends_a_block_twice(sound: Sound, driver: CoreDriver, event: Event, now: float) -> None:
    if isinstance(event, Block):
        driver._outbox.carry_out(driver._decide(event, now) * 2, now)
    else:
        sound(driver, event, now)


@spoils(CoreDriver, "_remember_blocks")
def forgets_blocks_on_reconnection(sound: Sound, driver: CoreDriver, effects: Sequence[Effect]) -> None:
    pass


@spoils(Hearers, "leave")
def keeps_private_users_in_the_lobby_audience(sound: Sound, hearers: Hearers, user: User) -> bool:
    return True


@spoils(Admission, "leave")
def never_counts_departures(sound: Sound, admission: Admission, address: str) -> None:
    pass


@spoils(Admission, "ban")
def bans_only_present_connections(sound: Sound, admission: Admission, network: object) -> None:
    pass


@spoils(Timers, "set")
def delays_every_timer(sound: Sound, timers: Timers, connection: Connection, when: float) -> None:
    sound(timers, connection, when + 60.0)


@spoils(Timers, "drop")
def keeps_timers_of_ended_sessions(sound: Sound, timers: Timers, connection: Connection) -> None:
    pass


@spoils(Allowance, "spend")
def never_limits_the_rate(sound: Sound, allowance: Allowance, *given: float) -> float:
    return 0.0


@spoils(Gateway, "_check")
def never_resumes(sound: Sound, gateway: Gateway, session: Session, now: float) -> None:
    if not session.backlog:
        sound(gateway, session, now)


PLANTS: Sequence[Plant] = [plant for plant in globals().values() if isinstance(plant, Plant)]


def test_the_unmodified_gateway_passes_every_history() -> None:
    assert all(play(history).stopped for history in HISTORIES)


def test_the_histories_cover_all_events_effects_and_close_reasons() -> None:
    chats = [play(history) for history in HISTORIES]
    happened = {type(event) for chat in chats for event in chat.events}
    assert happened == set(get_args(ConnectionEvent))
    effects = {type(effect) for chat in chats for _, _, effects in chat.journal for effect in effects}
    assert effects == set(get_args(Effect))
    endings = {event.reason for chat in chats for event in chat.events if isinstance(event, Ended)}
    assert endings >= set(CloseReason) - {
        CloseReason.SLOW,
        CloseReason.HUNG_UP,
        CloseReason.FULL,
        CloseReason.TOO_MANY_CONNECTIONS,
    }


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plant.owner, plant.method, plant.spoilt)
    with pytest.raises((AssertionError, KeyError)):
        for history in HISTORIES:
            play(history)
