"""The whole server without a socket: what everybody reads, whatever anybody sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Effect, Paired, Parted, Roulette, State
from roulette_core.policies import POLICIES
from tests.support.room import UNHURRIED, Room
from transports.dialects.lines import LINE_LIMIT
from transports.gateway import Gateway, Order, Output
from transports.gateway.delivery import Delivery
from transports.gateway.session import Session

WORDS = ["start", "/start", "start chess", "next", "lobby", "help", "/say next", "hello", "", "ada", "bob", "* forged"]
PIECES = st.one_of(
    st.sampled_from(WORDS).map(lambda word: f"{word}\n".encode()),
    st.sampled_from([b"\n", b"\r\n", b"close\n", b"\xff\xfe\n", b"\x1b[2J\n", b"\0", "é\n".encode()[:1], b"no end"]),
    st.just(b"x" * (LINE_LIMIT + 1)),
    st.binary(max_size=40),
)


def test_two_people_meet_talk_and_part() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "hello all")
    assert room.read(bob) == ["<ada> hello all"]
    room.type(ada, "start")
    assert room.read(ada) == [
        "* Searching for a partner.",
        "* Waiting: nobody else is waiting.",
        "* Type to talk in the lobby, or: lobby, close, help.",
    ]
    room.type(bob, "still here?", "start")
    assert room.read(bob) == [
        "* Searching for a partner.",
        "* You are in private with <ada>.",
        "* Only <ada> reads you. Type to talk, or: next, lobby, close, help.",
    ]
    assert room.read(ada) == [
        "<bob> still here?",
        "* You are in private with <bob>.",
        "* Only <bob> reads you. Type to talk, or: next, lobby, close, help.",
    ]
    (carol,) = room.enter("carol")
    room.type(ada, "between us")
    room.type(carol, "anybody?")
    assert (room.read(bob), room.read(ada), room.read(carol)) == (["<ada> between us"], [], [])
    room.type(ada, "lobby")
    assert room.read(ada) == [
        "* You have left <bob>.",
        "* You are in the lobby (others: 2). Type to talk, or: start, close, help.",
    ]
    assert room.read(bob)[:2] == ["* <ada> has left you for the lobby.", "* Waiting: nobody else is waiting."]
    room.type(ada, "close")
    assert room.read(ada) == ["* Goodbye."]
    assert room.closed == {ada}
    assert room.read(bob) == room.read(carol) == ["* <ada> is gone."]


def test_next_puts_both_back_and_with_somebody_else() -> None:
    room = Room()
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.type(bob, "next")
    assert room.read(ada)[:2] == [
        "* <bob> has left you for somebody else.",
        "* Waiting: the only other person waiting is your last partner.",
    ]
    room.type(carol, "start")
    assert "* You are in private with <ada>." in room.read(carol)


def test_searching_people_still_read_and_write_in_the_lobby() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "start", "while I wait")
    room.type(bob, "yes")
    assert room.spoken(bob) == ["<ada> while I wait"]
    assert room.spoken(ada) == ["<bob> yes"]


def test_what_cannot_be_done_is_refused_with_what_can() -> None:
    room = Room()
    (ada,) = room.enter("ada")
    room.type(ada, "next")
    assert room.read(ada) == [
        "* You are not in private.",
        "* You are in the lobby (others: 0). Type to talk, or: start, close, help.",
    ]
    room.type(ada, "start a b c d e f")
    assert room.gateway.roulette.state(ada) is State.LOBBY
    assert "at most 5 interests" in room.read(ada)[0]


def test_before_there_is_a_pseudonym_nothing_but_help_and_close_is_done() -> None:
    room = Room()
    number = room.connect()
    assert room.read(number) == ["* Welcome to ChatRoulette. Type your pseudonym. (En français : /lang fr)"]
    room.type(number, "", "   ", "help")
    assert room.read(number)[0].startswith("* start ")
    room.type(number, "start")
    assert room.read(number) == ["* That is a command. Type your pseudonym first, or close to quit."]
    room.type(number, "Next", "*", "x" * 33)
    assert sum("cannot be a pseudonym" in line for line in room.read(number)) == 3
    assert room.journal == []
    room.type(number, "close", "ada")
    assert room.closed == {number}
    assert room.journal == []


def test_an_overlong_line_is_refused_once_and_the_next_is_heard() -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    for _ in range(5):
        room.send(ada, b"x" * 2000)
    room.send(ada, b"\nshort\n")
    assert room.read(ada) == ["* That line was not sent: it is longer than 4096 bytes. Type it in parts."]
    assert room.read(bob) == ["<ada> short"]


def test_people_with_a_common_interest_meet() -> None:
    room = Room("interests")
    ada, bob, carol = room.enter("ada", "bob", "carol")
    room.type(ada, "start Chess music")
    room.type(bob, "start go")
    room.type(carol, "start chess")
    assert room.gateway.roulette.partner(ada) == carol
    room.type(bob, "lobby")


def test_by_the_passing_of_time_alone_two_can_meet() -> None:
    room = Room("waves:every=5")
    ada, bob = room.enter("ada", "bob")
    room.now = 1.0
    room.type(ada, "start")
    room.type(bob, "start")
    assert room.gateway.next_deadline() == 5.0
    room.tick()
    assert "* You are in private with <bob>." in room.read(ada)
    assert room.gateway.next_deadline() is None


def test_an_event_after_a_missed_deadline_brings_the_pairing_before_itself() -> None:
    room = Room("waves:every=5")
    ada, bob = room.enter("ada", "bob")
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.now = 6.0
    room.vanish(ada)
    assert room.read(ada) == []
    assert room.read(bob)[:3] == [
        "* You are in private with <ada>.",
        "* Only <ada> reads you. Type to talk, or: next, lobby, close, help.",
        "* <ada> has left you and quit.",
    ]


def test_a_clock_that_jumps_back_stands_still() -> None:
    room = Room()
    room.now = 100.0
    ada, bob = room.enter("ada", "bob")
    room.now = 50.0
    room.type(ada, "hello")
    assert room.read(bob) == ["<ada> hello"]


def test_when_the_server_stops_everybody_is_told_and_latecomers_are_turned_away() -> None:
    room = Room("waves")
    ada, bob = room.enter("ada", "bob")
    nameless = room.connect()
    room.type(ada, "start")
    room.type(bob, "start")
    room.forget()
    room.carry(room.gateway.goodbye(1.0))
    assert room.read(ada) == room.read(nameless) == ["* The server is closing. Goodbye."]
    assert room.closed == {ada, bob, nameless}
    assert room.gateway.next_deadline() is None
    assert len(room.gateway) == 0
    for outputs in (room.gateway.tick(99.0), room.gateway.received(ada, b"hello\n", 99.0)):
        assert outputs == []
    late = room.connect()
    assert room.read(late) == ["* The server is closing. Goodbye."]
    assert late in room.closed


def test_a_line_for_the_lobby_is_encoded_once() -> None:
    gateway = Gateway(Roulette())
    for number in range(5):
        gateway.connected(number, 0.0)
        gateway.received(number, f"user{number}\n".encode(), 0.0)
    outputs = gateway.received(0, b"hello\n", 0.0)
    assert [number for number, _ in outputs] == [1, 2, 3, 4]
    assert len({id(data) for _, data in outputs}) == 1


Step = tuple[int, bytes | float | None]


def outputs_of(policy: str, steps: list[Step], every_byte: bool) -> dict[int, list[bytes | Order]]:
    """What each of five connections is sent, in order, with packets as they are or one for every byte."""
    gateway = Gateway(Roulette(policy, seed=1), UNHURRIED)
    sent: dict[int, list[bytes | Order]] = {number: [] for number in range(5)}
    now = 0.0

    def carry(outputs: list[Output]) -> None:
        for number, data in outputs:
            assert isinstance(number, int)
            sent[number].append(data)

    for number in sent:
        carry(gateway.connected(number, now))
    for number, what in steps:
        if isinstance(what, float):
            now += what
            carry(gateway.tick(now))
        elif what is None:
            carry(gateway.disconnected(number, now))
        else:
            for piece in [bytes([byte]) for byte in what] if every_byte else [what]:
                carry(gateway.received(number, piece, now))
    return sent


STEPS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.one_of(st.lists(PIECES, max_size=4).map(b"".join), st.none(), st.floats(0.0, 20.0, allow_nan=False)),
    ),
    max_size=30,
)


@pytest.mark.parametrize("policy", POLICIES)
@given(steps=STEPS)
def test_the_same_bytes_split_at_every_place_bring_the_same_answers(policy: str, steps: list[Step]) -> None:
    assert outputs_of(policy, steps, every_byte=True) == outputs_of(policy, steps, every_byte=False)


@pytest.mark.parametrize("policy", POLICIES)
@given(data=st.data())
def test_whatever_is_sent_the_invariants_hold_and_nothing_is_raised(policy: str, data: st.DataObject) -> None:
    room = Room(policy)
    for name in data.draw(st.lists(st.sampled_from(["ada", "bob", "carol", "dan"]), unique=True)):
        room.enter(name)
    for _ in range(data.draw(st.integers(0, 25))):
        room.now += data.draw(st.sampled_from([0.0, 0.5, 7.0, 40.0]))
        number = data.draw(st.integers(1, max(1, len(room.heard))))
        action = data.draw(st.sampled_from(["send"] * 6 + ["connect", "vanish", "tick"]))
        if action == "connect":
            room.connect()
        elif action == "tick" and room.gateway.next_deadline() is not None:
            room.tick()
        elif action == "vanish":
            room.vanish(number)
        elif action == "send" and number in room.heard:
            room.send(number, data.draw(PIECES))
    room.checker.compare(room.gateway.roulette)
    outside = [user for user in room.gateway.roulette.users() if room.gateway.roulette.partner(user) is None]
    delivery = room.gateway._delivery
    assert {user for _, users in delivery._hearers.groups() for user in users} == set(outside)
    assert set(delivery.users) == set(room.gateway.roulette.users()) <= room.open


@given(st.lists(st.one_of(st.text(), st.sampled_from(["* The server is closing.", "<bob> hi", "\r* x", "\x85* x"]))))
def test_nobody_can_say_a_line_that_is_not_theirs(texts: list[str]) -> None:
    room = Room()
    ada, bob = room.enter("ada", "bob")
    for text in texts:
        room.send(ada, f"/say {text}\n".encode("utf-8", "surrogatepass"))
        room.send(ada, b"\n")
    for line in room.heard[bob].decode().splitlines():
        assert line.startswith(("<ada> ", "* <ada> ", "* Waiting", "* You", "* Only", "* Type"))


class KeepsPairedInLobby(Delivery):
    def _move(self, effect: Effect) -> None:
        if not isinstance(effect, Paired):
            super()._move(effect)


class ForgetsToBringBack(Delivery):
    def _move(self, effect: Effect) -> None:
        if not isinstance(effect, Parted):
            super()._move(effect)


class WritesToThoseWhoLeft(Delivery):
    def send(self, session: Session, what: bytes | Order) -> None:
        self._outputs.append((session.connection, what))


@pytest.mark.parametrize("kind", [Delivery, KeepsPairedInLobby, ForgetsToBringBack, WritesToThoseWhoLeft])
def test_a_planted_bug_in_who_hears_what_is_found(kind: type[Delivery]) -> None:
    room = Room("waves:every=5")
    room.gateway._delivery.__class__ = kind

    def story() -> None:
        ada, bob, carol = room.enter("ada", "bob", "carol")
        for number in (ada, bob):
            room.type(number, "start")
        room.tick()
        room.type(carol, "hello?")
        room.type(bob, "next")
        room.type(carol, "hello again")
        room.now += 10
        room.vanish(ada)

    if kind is Delivery:
        story()
    else:
        with pytest.raises((AssertionError, KeyError)):
            story()
