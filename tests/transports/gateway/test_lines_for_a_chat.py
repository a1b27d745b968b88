"""A line reaches the chat that it was typed for, or comes back, in both dialects and in every order of events."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from roulette_core import LobbyLine, Paired, PrivateLine, State
from tests.support.gateway_fixture import UNHURRIED, GatewayFixture
from transports.dialects import json_lines
from transports.gateway import Limits, request_handler

SECRET = "my number is 555 0100"
BACK = f"* Not sent, <bob> had left: {SECRET}"


def left(limits: Limits = UNHURRIED, end: str = "next", policy: str = "no-repeat") -> tuple[GatewayFixture, list[int]]:
    """Ada, Bob and Wil; Bob has just left Ada in private."""
    chat = GatewayFixture(policy, limits)
    ada, bob, wil = chat.enter("ada", "bob", "wil")
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.type(bob, end)
    chat.forget()
    return chat, [ada, bob, wil]


@pytest.mark.parametrize("end", ["next", "lobby", "close", "/block"])
def test_a_line_typed_for_a_partner_who_has_just_left_comes_back(end: str) -> None:
    chat, (ada, bob, wil) = left(end=end)
    chat.now += 2.9
    chat.type(ada, SECRET)
    assert chat.read(ada)[0] == BACK
    assert chat.spoken(wil) == chat.spoken(bob) == []


def test_it_does_not_reach_the_next_stranger_either() -> None:
    chat, (ada, _, wil) = left()
    chat.type(wil, "start")
    assert chat.gateway.roulette.partner(ada) == wil
    chat.forget()
    chat.type(ada, SECRET)
    assert chat.read(ada)[0] == BACK
    assert chat.read(wil) == []


def test_after_a_while_a_line_is_said_where_the_user_is() -> None:
    chat, (ada, _, wil) = left()
    chat.now += 3.0
    chat.type(ada, "hello?")
    assert chat.spoken(wil) == ["<ada> hello?"]


@pytest.mark.parametrize("command", ["/where", "help", "start", "/lang fr", "next", "/say psst"])
def test_after_a_command_a_line_is_said_where_the_user_is(command: str) -> None:
    chat, (ada, _, wil) = left()
    chat.type(ada, command)
    chat.type(ada, "hello?")
    assert chat.spoken(wil)[-1] == "<ada> hello?"


def test_a_blank_line_and_a_line_given_back_are_no_commands() -> None:
    chat, (ada, _, wil) = left()
    chat.type(ada, "", SECRET, SECRET)
    assert chat.spoken(wil) == []


def test_say_is_a_command_and_says_the_text_at_once() -> None:
    chat, (ada, _, wil) = left()
    chat.type(ada, "/say hello?")
    assert chat.spoken(wil) == ["<ada> hello?"]


def test_a_user_who_leaves_knows_where_they_are() -> None:
    chat, (_, bob, wil) = left()
    chat.type(bob, "hello?")
    assert chat.spoken(wil) == ["<bob> hello?"]


def test_the_option_0_turns_it_off() -> None:
    chat, (ada, _, wil) = left(Limits(rate=0, registration=0, ping=0, idle=0, give_back=0))
    chat.type(ada, "hello?")
    assert chat.spoken(wil) == ["<ada> hello?"]


def test_lines_that_the_rate_limit_held_back_come_back_however_late_they_are_read() -> None:
    chat = GatewayFixture(limits=Limits(registration=0, ping=0, idle=0, burst=4, rate=0.5))
    ada, bob, wil = chat.enter("ada", "bob", "wil")
    chat.wait(60.0)
    chat.type(ada, "start")
    chat.type(bob, "start")
    chat.send(ada, b"".join(b"secret %d\n" % number for number in range(12)))
    chat.type(bob, "next")
    chat.forget()
    chat.wait(120.0)
    assert chat.spoken(wil) == []
    assert len([line for line in chat.read(ada) if line.startswith("* Not sent, <bob> had left: secret")]) >= 8
    chat.type(ada, "hello?")
    assert chat.spoken(wil) == ["<ada> hello?"]


def test_lines_given_back_cost_as_much_as_lines_that_are_said() -> None:
    chat, (ada, _, _) = left(Limits(registration=0, ping=0, idle=0))
    chat.wait(60.0)
    chat, (ada, _, _) = left(Limits(registration=0, ping=0, idle=0))
    chat.send(ada, f"{SECRET}\n".encode() * 30)
    assert len([line for line in chat.read(ada) if line == BACK]) <= 10
    assert ada in chat.paused


def test_next_typed_for_a_partner_who_has_left_does_not_end_the_next_chat_unless_typed_again() -> None:
    chat, (ada, _, wil) = left()
    chat.type(wil, "start")
    chat.forget()
    chat.type(ada, "next")
    assert chat.read(ada)[0] == "* No effect: <bob> had left already. To leave this chat, type next again."
    assert chat.gateway.roulette.partner(ada) == wil
    chat.type(ada, "next")
    assert chat.gateway.roulette.partner(ada) is None


@pytest.mark.parametrize("end", ["next", "close"])
def test_a_block_typed_for_a_partner_who_has_left_blocks_that_one(end: str) -> None:
    chat, (ada, _, wil) = left(end=end)
    chat.type(wil, "start")
    assert chat.gateway.roulette.partner(ada) == wil
    chat.forget()
    chat.type(ada, "/block")
    assert chat.read(ada)[0] == "* <bob> is blocked: you will not be paired."
    assert chat.gateway.roulette.partner(ada) == wil
    if end == "close":
        chat.enter("bob")
    chat.type(ada, "/unblock bob")
    assert chat.read(ada)[0] == "* <bob> is no longer blocked."


def test_a_block_by_name_ends_no_other_chat_and_can_be_taken_back() -> None:
    chat, (ada, bob, _) = left(policy="uniform:minimum=2", end="lobby")
    chat.now += 10.0
    chat.type(ada, "/block BOB", "/block ada", "/block nobody", "/unblock wil")
    told = [line for line in chat.read(ada) if line.startswith(("* <", "* No user", "* You have"))]
    assert told[0] == "* <bob> is blocked: you will not be paired."
    assert told[1:] == ["* No user here has that pseudonym."] * 2 + ["* You have not blocked that user."]
    assert chat.read(bob) == []
    chat.type(bob, "start")
    assert chat.gateway.roulette.partner(bob) is None
    chat.type(ada, "/unblock bob")
    assert chat.gateway.roulette.partner(bob) == ada


def test_a_block_of_a_user_who_is_gone_can_be_taken_back() -> None:
    chat, (ada, bob, _) = left(policy="uniform:minimum=2")
    chat.type(ada, "/block bob")
    assert chat.read(ada)[0] == "* You have blocked <bob> and will not be paired with them again.", "met again at once"
    chat.vanish(bob)
    chat.forget()
    chat.type(ada, "/unblock bob", "/unblock bob")
    assert [line for line in chat.read(ada) if "block" in line] == [
        "* <bob> is no longer blocked.",
        "* You have not blocked that user.",
    ]
    (bob,) = chat.enter("bob")
    chat.type(bob, "start")
    assert chat.gateway.roulette.partner(bob) == ada


# JSON.


class Programs(GatewayFixture):
    def greet(self, *names: str) -> list[int]:
        numbers = [self.connect() for _ in names]
        for number, name in zip(numbers, names, strict=True):
            self.ask(number, hello=1, name=name)
        return numbers

    def ask(self, number: int, kind: str = "", /, **members: Any) -> None:
        self.send(number, json.dumps(({"type": kind} if kind else {}) | members).encode() + b"\n")

    def objects(self, number: int, *types: str) -> list[dict[str, Any]]:
        told = [json.loads(line) for line in self.read(number) if not line.startswith("* ")]
        return [members for members in told if members["type"] in types]


def programs(*, searching: bool = False) -> tuple[Programs, list[int]]:
    """Ada, whom Bob has just left, and Wil, who may be her next partner."""
    chat = Programs("no-repeat")
    ada, bob, wil = chat.greet("ada", "bob", "wil")
    for number in (ada, bob):
        chat.ask(number, "start")
    assert [members["chat"] for members in chat.objects(ada, "paired", "situation")][-2:] == [1, 1]
    chat.ask(bob, "next")
    if searching:
        chat.ask(wil, "start")
    assert chat.objects(ada, "parted")[0]["chat"] == 1
    chat.forget()
    return chat, [ada, bob, wil]


@pytest.mark.parametrize("searching", [False, True])
def test_a_say_for_a_chat_that_is_over_is_refused_with_its_text(searching: bool) -> None:
    chat, (ada, bob, wil) = programs(searching=searching)
    chat.ask(ada, "say", text=SECRET, chat=1, tag=7)
    (refused,) = chat.objects(ada, "refused", "said")
    del refused["text"]
    assert refused == {"type": "refused", "reason": "chat_over", "chat": 1, "unsent": SECRET, "tag": 7}
    assert chat.objects(wil, "line") == chat.objects(bob, "line") == []


def test_a_line_for_the_lobby_that_crosses_a_pairing_is_refused() -> None:
    chat, (ada, _, wil) = programs(searching=True)
    chat.ask(ada, "say", text="hello all", chat=0)
    (refused,) = chat.objects(ada, "refused")
    assert (refused["reason"], refused["unsent"], "tag" in refused) == ("not_in_lobby", "hello all", False)
    assert chat.objects(wil, "line") == []


def test_a_tagged_line_is_confirmed_in_order_and_says_where_it_went() -> None:
    chat, (ada, bob, wil) = programs()
    chat.ask(ada, "say", text="to all", chat=0, tag=0)
    chat.ask(bob, "say", text="heard")
    chat.ask(wil, "start")
    chat.ask(ada, "say", text="psst", tag=2**53 - 1)
    answers = chat.objects(ada, "said", "line", "paired")
    assert [(each["type"], each.get("tag"), each["chat"]) for each in answers] == [
        *(("said", 0, 0), ("line", None, 0), ("paired", None, 2), ("said", 2**53 - 1, 2)),
    ]
    assert [each["chat"] for each in chat.objects(wil, "line")][-1] == 2


def test_typing_next_and_block_for_a_chat_that_is_over_leave_the_next_one_alone() -> None:
    chat, (ada, bob, wil) = programs(searching=True)
    chat.ask(ada, "typing", chat=1)
    chat.ask(ada, "next", chat=1)
    assert [each["reason"] for each in chat.objects(ada, "refused")] == ["chat_over"]
    chat.ask(ada, "block", chat=1)
    assert [each["name"] for each in chat.objects(ada, "blocked")] == ["bob"]
    assert chat.objects(wil, "typing", "parted") == []
    assert chat.gateway.roulette.partner(ada) == wil
    chat.ask(ada, "typing", chat=2)
    assert chat.objects(wil, "typing") == [{"type": "typing"}]
    chat.ask(ada, "next", chat=2)
    assert chat.gateway.roulette.state(ada) is State.SEARCHING
    assert bob in chat.gateway.roulette


@pytest.mark.parametrize("chat_", ["1", 1.0, True, None, -1, [1], 2**53, 10**40])
def test_a_chat_or_tag_of_the_wrong_type_is_garbage(chat_: object) -> None:
    chat, (ada, _, wil) = programs()
    chat.ask(ada, "say", text="x", chat=chat_)
    chat.ask(ada, "say", text="x", tag=chat_)
    chat.ask(ada, "typing", chat=chat_)
    chat.ask(ada, "next", chat=0)
    assert [each["reason"] for each in chat.objects(ada, "refused")] == ["not_understood"] * 4
    assert chat.objects(wil, "line") == []


# Every order of events.

LAG = 2.5
"""How long it takes at most until a user has read what they were sent, in seconds: less than they are given."""

STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["say"] * 6 + ["start"] * 4 + ["next", "lobby", "block", "read", "read", "wait", "wait"]),
    ),
    max_size=60,
)


class Person:
    """A user who reads late, and whose lines are for the place they know."""

    def __init__(self, number: int, is_program: bool) -> None:
        self.number = number
        self.is_program = is_program
        self.unread: list[tuple[float, str]] = []
        self.chats_read = 0
        self.private = False
        self.given_back: set[str] = set()

    def read(self, until: float) -> None:
        while self.unread and self.unread[0][0] <= until:
            _, line = self.unread.pop(0)
            if '"type":"paired"' in line or line.startswith("* You are in private"):
                self.chats_read += 1
                self.private = True
            elif '"type":"parted"' in line or line.startswith(
                (
                    "* You have left",
                    "* You have blocked",
                    "* <user0> has",
                    "* <user1> has",
                    "* <user2> has",
                    "* <user3>",
                )
            ):
                self.private = False
            if '"unsent":' in line:
                self.given_back.add(json.loads(line)["unsent"])
            elif line.startswith("* Not sent"):
                self.given_back.add(line.rpartition(": ")[2])


class Story:
    """Four users in both dialects at one gateway; two of them programs."""

    def __init__(self) -> None:
        self.chat = Programs("uniform:minimum=2")
        numbers = [*self.chat.greet("user0", "user1"), *self.chat.enter("user2", "user3")]
        self.people = [Person(number, number <= 2) for number in numbers]
        self.chat.forget()
        self.intended: dict[str, tuple[Person, int]] = {}

    def chats_of(self, person: Person) -> list[int]:
        effects = [effect for _, _, effects in self.chat.journal for effect in effects]
        return [
            each.chat for each in effects if isinstance(each, Paired) and person.number in (each.first, each.second)
        ]

    def step(self, index: int, what: str) -> None:
        person = self.people[index]
        if what == "wait":
            self.chat.wait(0.5)
        elif what == "read":
            person.read(self.chat.now)
        elif what == "say":
            self._say(person)
        else:
            member = {"type": what}
            self.chat.type(person.number, json.dumps(member) if person.is_program else f"/{what}")
            self._collect()
            person.read(self.chat.now)  # who asks for something waits for the answer
        self._collect()
        for each in self.people:
            each.read(self.chat.now - LAG)

    def _say(self, person: Person) -> None:
        text = f"line {len(self.intended)}"
        place = self.chats_of(person)[person.chats_read - 1] if person.private else 0
        self.intended[text] = (person, place)
        line = json.dumps({"type": "say", "text": text, "chat": place}) if person.is_program else text
        self.chat.type(person.number, line)

    def _collect(self) -> None:
        for person in self.people:
            person.unread += [(self.chat.now, line) for line in self.chat.read(person.number)]

    def check(self) -> None:
        """Every line for a private chat, and every line of a program, was said there, or came back."""
        for person in self.people:
            person.read(self.chat.now)
        said: dict[str, int] = {}
        for _, _, effects in self.chat.journal:
            for effect in effects:
                if isinstance(effect, PrivateLine | LobbyLine):
                    said[effect.text] = effect.chat if isinstance(effect, PrivateLine) else 0
        for text, (person, place) in self.intended.items():
            if place or person.is_program:
                assert said.get(text, place) == place, f"{text} for {place} was said in {said[text]}"
                assert (text in said) != (text in person.given_back), text


def tells(steps: list[tuple[int, str]]) -> bool:
    """Returns whether all lines of a story reached their place."""
    story = Story()
    for step in steps:
        story.step(*step)
    try:
        story.check()
    except AssertionError:
        return False
    return True


@settings(max_examples=150)
@given(STEPS)
def test_a_private_line_is_said_in_the_chat_for_which_it_was_typed_or_given_back(steps: list[tuple[int, str]]) -> None:
    story = Story()
    for step in steps:
        story.step(*step)
    story.check()


@pytest.mark.parametrize(
    ("module", "function", "spoilt"),
    [
        (request_handler, "addressed", lambda session, asked, now: asked),
        (json_lines, "_addressed", lambda request, asked: request),
    ],
    ids=["text", "json"],
)
def test_a_gateway_that_forgets_whom_lines_are_for_is_found(
    module: object, function: str, spoilt: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, function, spoilt)
    search = settings(max_examples=2000, phases=[Phase.generate], deadline=None, database=None)
    assert find(STEPS, lambda steps: not tells(steps), settings=search)
