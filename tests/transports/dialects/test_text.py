"""What a line asks, and the sentences of the server."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import Reason
from transports.dialects.lines import LINE_LIMIT
from transports.dialects.text import COMMANDS, Request, TextDialect, request
from transports.dialects.wording import ENGLISH, Message
from transports.gateway.gateway import INTERESTS_LIMIT

FIELDS = {
    "name": "x" * 10,
    "others": 12345,
    "reason": "the only other person waiting is your last partner",
    "limit": max(LINE_LIMIT, INTERESTS_LIMIT),
}


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_a_command_alone_on_its_line_is_a_command_with_a_slash_or_without(word: str) -> None:
    assert request(word) == request(f"/{word}") == request(f"  {word} ") == Request(word)
    assert request(f"/say {word}") == Request("say", word)
    assert request(word.upper()) == Request("say", word.upper())


@pytest.mark.parametrize("word", sorted(COMMANDS - {"start"}))
def test_a_line_that_only_begins_like_a_command_is_said(word: str) -> None:
    assert request(f"{word} please") == Request("say", f"{word} please")
    assert request(f"{word}ed") == Request("say", f"{word}ed")


def test_interests_stand_behind_start() -> None:
    assert request("start chess music") == request("/start chess music") == Request("start", "chess music")
    assert request("/say start chess") == Request("say", "start chess")


@pytest.mark.parametrize("line", ["/home/ada", "//start", "/", "/says hi", "// next"])
def test_a_slash_that_begins_no_command_is_said(line: str) -> None:
    assert request(line) == Request("say", line)


def test_nothing_is_said_by_nothing() -> None:
    assert request("") == request("   ") == request("/say") == request("/say  ") == Request("say")


@given(st.text())
def test_every_line_asks_something(line: str) -> None:
    assert request(line).word in COMMANDS | {"say"}


def test_there_is_a_sentence_for_every_message_and_for_every_refusal() -> None:
    assert set(ENGLISH) == set(Message)
    assert {reason.value for reason in Reason} <= {message.value for message in Message}


@pytest.mark.parametrize("message", Message)
def test_every_sentence_is_the_servers_and_fits_80_columns(message: Message) -> None:
    wanted = {field for _, field, _, _ in string.Formatter().parse(ENGLISH[message]) if field}
    lines = TextDialect().notice(message, **{field: FIELDS[field] for field in wanted}).decode().split("\r\n")
    assert lines.pop() == ""
    assert all(line.startswith("* ") and len(line) < 80 for line in lines)
