"""Everything that ``docs/protocol.md`` promises in its tables happens, and nothing else does."""

import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest

from roulette_core import State
from tests.support.gateway_fixture import UNHURRIED, Room
from tests.support.protocol import kinds, situations, table, words
from transports.dialects.commands import COMMANDS, INTERESTS_LIMIT
from transports.gateway import Limits

NETWORK = ip_network("192.0.2.0/24")


class Programs(Room):
    """A room in which everybody speaks JSON."""

    def greet(self, *names: str) -> tuple[int, ...]:
        """Programs connect and say hello; nobody remembers the welcome."""
        numbers = tuple(self.connect() for _ in names)
        for number, name in zip(numbers, names, strict=True):
            self.ask(number, hello=1, name=name)
        self.forget()
        return numbers

    def ask(self, number: int, kind: str = "", /, **members: Any) -> None:
        """A program sends an object."""
        self.send(number, json.dumps(({"type": kind} if kind else {}) | members).encode() + b"\n")

    def objects(self, number: int) -> list[dict[str, Any]]:
        """What a program has been sent since last time, after the greeting."""
        return [json.loads(line) for line in self.read(number) if not line.startswith("* ")]

    def types(self, number: int) -> list[str]:
        return [members["type"] for members in self.objects(number)]


def in_private() -> tuple[Programs, int, int]:
    room = Programs()
    ada, bob = room.greet("ada", "bob")
    room.ask(ada, "start")
    room.ask(bob, "start")
    room.forget()
    return room, ada, bob


def test_hello_is_answered_by_welcome_and_where_one_is() -> None:
    room = Programs()
    ada = room.connect()
    room.ask(ada, hello=1, name=" Ada  Love ")
    assert room.objects(ada) == [
        {"type": "welcome", "name": "Ada Love", "version": 1, "line_limit": 4096, "text": "Welcome, <Ada Love>."},
        {
            "type": "situation",
            "state": "lobby",
            "others": 0,
            "text": "You are in the lobby (others: 0).",
        },
    ]


def test_a_refused_hello_may_be_followed_by_another() -> None:
    room = Programs()
    room.greet("ada")
    second = room.connect()
    for name in ("ADA", "next", "bob"):
        room.ask(second, hello=1, name=name)
    answers = room.objects(second)
    assert [answer.get("reason") for answer in answers[:2]] == ["name_taken", "name_unfit"]
    assert [answer["type"] for answer in answers[2:]] == ["welcome", "situation"]


def test_hello_says_in_which_language_the_sentences_are_to_be() -> None:
    room = Programs()
    ada = room.connect()
    room.ask(ada, hello=1, name="ada", lang="fr")
    assert room.objects(ada)[0]["text"] == "Bienvenue, <ada>."


# One row of each table after the other. What a line of the text table asks, and what becomes of it where.

ASKED_IN_TEXT: dict[str, dict[State, str]] = {
    "start": {State.LOBBY: "* Searching for a partner."},
    "start chess music": {State.LOBBY: "* Searching for a partner."},
    "next": {State.PRIVATE: "* You have left <bob>."},
    "/block": {State.PRIVATE: "* You have blocked <bob> and will not be paired with them again."},
    "lobby": {State.SEARCHING: "* You are no longer searching.", State.PRIVATE: "* You have left <bob>."},
    "close": dict.fromkeys(State, "* Goodbye."),
    "help": dict.fromkeys(State, "* Commands; any other line is sent as it is:"),
    "/where": {
        State.LOBBY: "* You are in the lobby (others: 1). Type to talk, or: start, close, help.",
        State.SEARCHING: "* Waiting: nobody else is waiting.",
        State.PRIVATE: "* Only <bob> sees what you type. Type to talk, or: next, lobby, close, help.",
    },
    "/lang fr": dict.fromkeys(State, "* Le serveur vous parle désormais en français."),
    "/lang en": dict.fromkeys(State, "* The server speaks English to you now."),
    "/say text": {},
    "anything else": {},
}
"""Line → state → the first line of the answer; where there is none the line is refused, or said."""

SAID = {"/say text": "text", "anything else": "anything else"}

PLACES = (State.LOBBY, State.SEARCHING, State.PRIVATE)


def placed(state: State) -> tuple[Room, int, int]:
    """Ada in a state, with Bob in private if need be, and nobody else about."""
    room = Room()
    ada, bob = room.enter("ada", "bob")
    if state is not State.LOBBY:
        room.type(ada, "start")
    if state is State.PRIVATE:
        room.type(bob, "start")
    room.forget()
    return room, ada, bob


def lines_of_the_table() -> list[str]:
    rows = [words(row[0]) or [row[0]] for row in table("Text", "Every further line")]
    return [line for row in rows for line in row]


def test_the_table_of_text_names_the_lines_that_are_tested_here() -> None:
    assert lines_of_the_table() == list(ASKED_IN_TEXT)


def test_the_table_of_text_names_every_command_that_can_be_typed() -> None:
    *commands, _ = lines_of_the_table()
    assert {line.split()[0] for line in commands} == {each.typed for each in COMMANDS.values() if each.in_text}


@pytest.mark.parametrize("state", PLACES)
@pytest.mark.parametrize("line", ASKED_IN_TEXT)
def test_a_line_of_the_table_does_what_stands_there_or_is_refused_and_changes_nothing(line: str, state: State) -> None:
    room, ada, bob = placed(state)
    room.type(ada, line)
    answer = room.read(ada)
    if line in SAID:
        assert answer == []
        assert room.read(bob) == [f"<ada> {SAID[line]}"]
    elif state in ASKED_IN_TEXT[line]:
        assert answer[0] == ASKED_IN_TEXT[line][state]
    else:
        assert answer[0].startswith(("* You are already", "* You are not"))
        assert len(answer) in (2, 3), "and where one is"
        assert room.gateway.roulette.state(ada) is state
        assert room.read(bob) == []


def test_the_table_of_objects_to_the_server_names_every_command_that_programs_can_send() -> None:
    assert {kind for row in table("JSON lines", "To the server") for kind in words(row[0])} == {
        command.word for command in COMMANDS.values() if command.in_json
    }


def test_objects_to_the_server_do_what_lines_do_in_text() -> None:
    room, ada, bob = in_private()
    room.ask(ada, "say", text=" between us ")
    assert room.objects(bob) == [{"type": "line", "from": "ada", "to": "private", "text": "between us"}]
    room.ask(ada, "typing")
    assert room.objects(bob) == [{"type": "typing"}]
    room.ask(ada, "pong")
    assert room.objects(ada) == []
    room.ask(ada, "where")
    assert room.objects(ada)[0]["partner"] == "bob"
    room.ask(ada, "lang", lang="fr")
    assert room.objects(ada)[0]["text"] == "Le serveur vous parle désormais en français."
    room.ask(ada, "next")
    assert [(each["by"], each["cause"]) for each in room.objects(ada) + room.objects(bob) if "by" in each] == [
        ("you", "next"),
        ("partner", "next"),
    ]
    room.ask(ada, "lobby")
    assert room.types(ada) == ["returned", "situation"]
    room.ask(ada, "start", interests=["chess"])
    assert room.types(ada)[0] == "searching"
    room.ask(ada, "close")
    assert room.objects(ada) == [{"type": "closing", "reason": "asked", "text": "Au revoir."}]


def refused(room: Programs, number: int) -> list[str]:
    return [members["reason"] for members in room.objects(number) if members["type"] == "refused"]


def every_refusal() -> list[str]:
    """A program that does everything wrong, step by step."""
    room = Programs()
    room.greet("bob")
    ada = room.connect()
    room.ask(ada, "start")
    for name in ("bob", "<", "ada", "ada"):
        room.ask(ada, hello=1, name=name)
    room.ask(ada, "lobby")
    room.ask(ada, "next")
    room.ask(ada, "start", interests=["x"] * (INTERESTS_LIMIT + 1))
    room.ask(ada, "lang", lang="xx")
    room.ask(ada, "start")
    room.ask(ada, "start")
    room.ask(1, "start")
    room.ask(ada, "start")
    room.ask(ada, "unheard of")
    room.send(ada, b"x" * 5000 + b"\n")
    return refused(room, ada)


def test_every_reason_of_refused_is_given_and_no_other() -> None:
    assert set(every_refusal()) == kinds()["refused"].values["reason"]


def ended(limits: Limits, act: Callable[[Programs, int], None], named: bool = True) -> str:
    """Why a program is hung up on after something has happened."""
    room = Programs(limits=limits)
    number = room.connect("192.0.2.1")
    room.ask(number, hello=1, name="ada" if named else "<")
    act(room, number)
    last = room.objects(number)[-1]
    assert last["type"] == "closing"
    assert room.closed == {number}
    return str(last["reason"])


ENDINGS: dict[str, Callable[[], str]] = {
    "asked": lambda: ended(UNHURRIED, lambda room, number: room.ask(number, "close")),
    "stopping": lambda: ended(UNHURRIED, lambda room, number: room.stop()),
    "banned": lambda: ended(UNHURRIED, lambda room, number: room.ban(NETWORK)),
    "kicked": lambda: ended(UNHURRIED, lambda room, number: room.carry(room.gateway.kick(number, room.now))),
    "no_name": lambda: ended(Limits(), lambda room, number: room.wait(61), named=False),
    "idle": lambda: ended(Limits(), lambda room, number: room.wait(181)),
    "garbage": lambda: ended(UNHURRIED, lambda room, number: room.send(number, b"?\n" * 5)),
    "version": lambda: ended(UNHURRIED, lambda room, number: room.ask(number, hello=2), named=False),
}


@pytest.mark.parametrize("reason", ENDINGS)
def test_a_program_is_told_why_it_is_hung_up_on(reason: str) -> None:
    assert ENDINGS[reason]() == reason


def test_every_reason_of_closing_is_tested_here_and_no_other_is_specified() -> None:
    assert set(ENDINGS) == kinds()["closing"].values["reason"]


def test_every_type_of_object_is_sent_and_every_situation() -> None:
    room = Programs("no-repeat", Limits(rate=0.5))
    ada, bob = room.connect(), room.connect()
    for number, name in ((ada, "ada"), (bob, "bob")):
        room.ask(number, hello=1, name=name)
        room.ask(number, "say", text="hello")
    for step in ("start", "typing", "next", "lobby"):
        for number in (ada, bob):
            room.ask(number, step)
            room.wait(30.0)
    room.ask(ada, "lang", lang="fr")
    room.ask(ada, "nothing")
    room.wait(130.0)
    for _ in range(30):
        room.ask(bob, "where")
    room.wait(100.0)
    room.ask(bob, "close")
    sent = room.objects(ada) + room.objects(bob)
    assert {members["type"] for members in sent} == set(kinds())
    assert {members["state"] for members in sent if members["type"] == "situation"} == set(situations())
