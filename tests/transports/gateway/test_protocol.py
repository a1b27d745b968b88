"""The tables of ``docs/protocol.md`` hold, and list everything."""

import json
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest

from roulette_core import State
from tests.support.gateway_fixture import UNHURRIED, GatewayFixture
from tests.support.protocol import kinds, situations, table, words
from transports.dialects.commands import COMMANDS, INTERESTS_LIMIT
from transports.gateway import Limits

NETWORK = ip_network("192.0.2.0/24")


class Programs(GatewayFixture):
    """A gateway whose clients speak JSON."""

    def greet(self, *names: str) -> tuple[int, ...]:
        """Connects users with these pseudonyms, and discards their welcome."""
        numbers = tuple(self.connect() for _ in names)
        for number, name in zip(numbers, names, strict=True):
            self.ask(number, hello=1, name=name)
        self.forget()
        return numbers

    def ask(self, number: int, kind: str = "", /, **members: Any) -> None:
        """Sends an object from a connection."""
        self.send(number, json.dumps(({"type": kind} if kind else {}) | members).encode() + b"\n")

    def objects(self, number: int) -> list[dict[str, Any]]:
        """Returns the objects sent to a connection since the last call."""
        return [json.loads(line) for line in self.read(number) if not line.startswith("* ")]

    def types(self, number: int) -> list[str]:
        return [members["type"] for members in self.objects(number)]


def in_private() -> tuple[Programs, int, int]:
    chat = Programs()
    ada, bob = chat.greet("ada", "bob")
    chat.ask(ada, "start")
    chat.ask(bob, "start")
    chat.forget()
    return chat, ada, bob


def test_hello_is_answered_by_welcome_and_the_situation() -> None:
    chat = Programs()
    ada = chat.connect()
    chat.ask(ada, hello=1, name=" Ada  Love ")
    assert chat.objects(ada) == [
        {"type": "welcome", "name": "Ada Love", "version": 1, "line_limit": 4096, "text": "Welcome, <Ada Love>."},
        {
            "type": "situation",
            "state": "lobby",
            "chat": 0,
            "others": 0,
            "text": "You are in the lobby (others: 0).",
        },
    ]


def test_a_refused_hello_may_be_followed_by_another() -> None:
    chat = Programs()
    chat.greet("ada")
    second = chat.connect()
    for name in ("ADA", "next", "bob"):
        chat.ask(second, hello=1, name=name)
    answers = chat.objects(second)
    assert [answer.get("reason") for answer in answers[:2]] == ["name_taken", "name_unfit"]
    assert [answer["type"] for answer in answers[2:]] == ["welcome", "situation"]


def test_hello_may_choose_the_language() -> None:
    chat = Programs()
    ada = chat.connect()
    chat.ask(ada, hello=1, name="ada", lang="fr")
    assert chat.objects(ada)[0]["text"] == "Bienvenue, <ada>."


# One row of each table after the other.

ASKED_IN_TEXT: dict[str, dict[State, str]] = {
    "start": dict.fromkeys((State.LOBBY, State.SEARCHING), "* Searching for a partner."),
    "start chess music": dict.fromkeys((State.LOBBY, State.SEARCHING), "* Searching for a partner."),
    "next": {State.PRIVATE: "* You have left <bob>."},
    "/block": {State.PRIVATE: "* You have blocked <bob> and will not be paired with them again."},
    "/block bob": {
        State.LOBBY: "* <bob> is blocked: you will not be paired.",
        State.SEARCHING: "* <bob> is blocked: you will not be paired.",
        State.PRIVATE: "* You have blocked <bob> and will not be paired with them again.",
    },
    "/unblock bob": {},
    "lobby": {State.SEARCHING: "* You are no longer searching.", State.PRIVATE: "* You have left <bob>."},
    "close": dict.fromkeys(State, "* Goodbye."),
    "help": dict.fromkeys(State, "* Commands; any other line is sent as it is:"),
    "/where": {
        State.LOBBY: "* You are in the lobby (others: 1). Type to talk, or: start, close, help.",
        State.SEARCHING: "* Waiting: nobody else is waiting.",
        State.PRIVATE: "* Only <bob> sees what you type. Type to talk, or: next, lobby, close, help.",
    },
    "/lang fr": dict.fromkeys(State, "* Le serveur vous répond désormais en français."),
    "/lang en": dict.fromkeys(State, "* The server speaks English to you now."),
    "/say text": {},
    "anything else": {},
}
"""Line → state → the first line of the answer; for other states the line is refused, or sent as text."""

SAID = {"/say text": "text", "anything else": "anything else"}

PLACES = (State.LOBBY, State.SEARCHING, State.PRIVATE)


def placed(state: State) -> tuple[GatewayFixture, int, int]:
    """Returns a chat of Ada, in this state, and Bob."""
    chat = GatewayFixture()
    ada, bob = chat.enter("ada", "bob")
    if state is not State.LOBBY:
        chat.type(ada, "start")
    if state is State.PRIVATE:
        chat.type(bob, "start")
    chat.forget()
    return chat, ada, bob


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
def test_a_line_of_the_table_does_what_the_table_says_or_is_refused_and_changes_nothing(
    line: str, state: State
) -> None:
    chat, ada, bob = placed(state)
    chat.type(ada, line)
    answer = chat.read(ada)
    if line in SAID:
        assert answer == []
        assert chat.read(bob) == [f"<ada> {SAID[line]}"]
    elif state in ASKED_IN_TEXT[line]:
        assert answer[0] == ASKED_IN_TEXT[line][state]
    else:
        assert answer[0].startswith(("* You are already", "* You are not", "* You have not"))
        assert len(answer) in (2, 3), "and where one is"
        assert chat.gateway.roulette.state(ada) is state
        assert chat.read(bob) == []


def test_the_table_of_objects_to_the_server_names_every_command_that_programs_can_send() -> None:
    assert {kind for row in table("JSON lines", "To the server") for kind in words(row[0])} == {
        command.word for command in COMMANDS.values() if command.in_json
    }


def test_objects_to_the_server_do_what_lines_do_in_text() -> None:
    chat, ada, bob = in_private()
    chat.ask(ada, "say", text=" between us ")
    assert chat.objects(bob) == [{"type": "line", "from": "ada", "to": "private", "chat": 1, "text": "between us"}]
    chat.ask(ada, "typing")
    assert chat.objects(bob) == [{"type": "typing"}]
    chat.ask(ada, "pong")
    assert chat.objects(ada) == []
    chat.ask(ada, "where")
    assert chat.objects(ada)[0]["partner"] == "bob"
    chat.ask(ada, "lang", lang="fr")
    assert chat.objects(ada)[0]["text"] == "Le serveur vous répond désormais en français."
    chat.ask(ada, "next")
    assert [(each["by"], each["cause"]) for each in chat.objects(ada) + chat.objects(bob) if "by" in each] == [
        ("you", "next"),
        ("partner", "next"),
    ]
    chat.ask(ada, "lobby")
    assert chat.types(ada) == ["returned", "situation"]
    chat.ask(ada, "start", interests=["chess"])
    assert chat.types(ada)[0] == "searching"
    chat.ask(ada, "close")
    assert chat.objects(ada) == [{"type": "closing", "reason": "asked", "text": "Au revoir."}]


def refused(chat: Programs, number: int) -> list[str]:
    return [members["reason"] for members in chat.objects(number) if members["type"] == "refused"]


def every_refusal() -> list[str]:
    """Returns the refusals to a client that does everything wrong."""
    chat = Programs()
    chat.greet("bob")
    ada = chat.connect()
    chat.ask(ada, "start")
    for name in ("bob", "<", "ada", "ada"):
        chat.ask(ada, hello=1, name=name)
    chat.ask(ada, "lobby")
    chat.ask(ada, "next")
    chat.ask(ada, "start", interests=["x"] * (INTERESTS_LIMIT + 1))
    chat.ask(ada, "lang", lang="xx")
    chat.ask(ada, "start")
    chat.ask(1, "start")
    chat.ask(ada, "start")
    chat.ask(ada, "say", text="hello", chat=0)
    chat.ask(ada, "next", chat=2)
    chat.ask(ada, "block", name="nobody")
    chat.ask(ada, "unblock", name="bob")
    chat.ask(ada, "unheard of")
    chat.send(ada, b"x" * 5000 + b"\n")
    return refused(chat, ada)


def test_every_reason_of_refused_is_given_and_no_other() -> None:
    assert set(every_refusal()) == kinds()["refused"].values["reason"]


def ended(limits: Limits, act: Callable[[Programs, int], None], named: bool = True) -> str:
    """Returns why a connection is closed after ``act``."""
    chat = Programs(limits=limits)
    number = chat.connect("192.0.2.1")
    chat.ask(number, hello=1, name="ada" if named else "<")
    act(chat, number)
    last = chat.objects(number)[-1]
    assert last["type"] == "closing"
    assert chat.closed == {number}
    return str(last["reason"])


ENDINGS: dict[str, Callable[[], str]] = {
    "asked": lambda: ended(UNHURRIED, lambda chat, number: chat.ask(number, "close")),
    "stopping": lambda: ended(UNHURRIED, lambda chat, number: chat.stop()),
    "banned": lambda: ended(UNHURRIED, lambda chat, number: chat.ban(NETWORK)),
    "kicked": lambda: ended(UNHURRIED, lambda chat, number: chat.carry(chat.gateway.kick(number, chat.now))),
    "no_name": lambda: ended(Limits(), lambda chat, number: chat.wait(61), named=False),
    "idle": lambda: ended(Limits(), lambda chat, number: chat.wait(181)),
    "garbage": lambda: ended(UNHURRIED, lambda chat, number: chat.send(number, b"?\n" * 5)),
    "version": lambda: ended(UNHURRIED, lambda chat, number: chat.ask(number, hello=2), named=False),
}


@pytest.mark.parametrize("reason", ENDINGS)
def test_a_json_client_is_told_why_its_connection_is_closed(reason: str) -> None:
    assert ENDINGS[reason]() == reason


def test_every_reason_of_closing_is_tested_here_and_no_other_is_specified() -> None:
    assert set(ENDINGS) == kinds()["closing"].values["reason"]


def test_every_type_of_object_is_sent_and_every_situation() -> None:
    chat = Programs("no-repeat", Limits(rate=0.5))
    ada, bob = chat.connect(), chat.connect()
    for number, name in ((ada, "ada"), (bob, "bob")):
        chat.ask(number, hello=1, name=name)
        chat.ask(number, "say", text="hello")
    for step in ("start", "typing", "next", "lobby"):
        for number in (ada, bob):
            chat.ask(number, step)
            chat.wait(30.0)
    chat.ask(ada, "say", text="hello", tag=1)
    chat.ask(ada, "block", name="bob")
    chat.ask(ada, "unblock", name="bob")
    chat.ask(ada, "lang", lang="fr")
    chat.ask(ada, "nothing")
    chat.wait(130.0)
    for _ in range(30):
        chat.ask(bob, "where")
    chat.wait(100.0)
    chat.ask(bob, "close")
    sent = chat.objects(ada) + chat.objects(bob)
    assert {members["type"] for members in sent} == set(kinds())
    assert {members["state"] for members in sent if members["type"] == "situation"} == set(situations())
