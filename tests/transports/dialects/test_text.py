"""The text dialect: requests in lines, and lines from the server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import harmless
from transports.dialects.commands import COMMANDS, HELLO, INTERESTS_LIMIT, PONG, SAY, Request
from transports.dialects.text import TextDialect, read_typed
from transports.dialects.wording import ENGLISH, Message

DIALECT = TextDialect(ENGLISH)


PLAIN = {"start", "next", "lobby", "close", "help"}
"""Commands that need no slash."""


@pytest.mark.parametrize("word", sorted(PLAIN))
def test_a_command_alone_on_its_line_is_a_command_with_a_slash_or_without(word: str) -> None:
    assert read_typed(word) == read_typed(f"/{word}") == read_typed(f"  {word} ") == Request(COMMANDS[word])
    assert read_typed(f"/say {word}") == Request(SAY, word)
    assert read_typed(word.upper()) == Request(SAY, word.upper(), bare=True)


@pytest.mark.parametrize("word", ["block", "where", "unblock"])
def test_a_command_that_needs_a_slash_is_a_text_without_it(word: str) -> None:
    assert read_typed(f"/{word}") == Request(COMMANDS[word])
    assert read_typed(word) == Request(SAY, word, bare=True)


def test_a_command_without_arguments_is_a_text_with_one() -> None:
    assert read_typed("/where it") == Request(SAY, "/where it", bare=True)


def test_a_block_may_name_a_user_with_spaces_in_the_name() -> None:
    assert read_typed("/block  Ada  Love ") == Request(COMMANDS["block"], name="Ada  Love")
    assert read_typed("/unblock bob") == Request(COMMANDS["unblock"], name="bob")


@pytest.mark.parametrize("word", sorted(PLAIN - {"start"}))
def test_a_line_that_only_begins_like_a_command_is_a_text(word: str) -> None:
    assert read_typed(f"{word} please") == Request(SAY, f"{word} please", bare=True)
    assert read_typed(f"{word}ed") == Request(SAY, f"{word}ed", bare=True)


def test_interests_follow_start_in_any_case() -> None:
    wanted = Request(COMMANDS["start"], interests=("chess", "music"))
    assert read_typed("start chess music") == read_typed("/start  Chess   MUSIC ") == wanted
    assert read_typed("/say start chess") == Request(SAY, "start chess")


def test_too_many_interests_are_refused_and_not_sent_as_text() -> None:
    assert DIALECT.read("start" + " x" * INTERESTS_LIMIT, named=True) == Request(
        COMMANDS["start"], interests=("x",) * 5
    )
    assert DIALECT.read("start" + " x" * (INTERESTS_LIMIT + 1), named=True) is Message.TOO_MANY_INTERESTS


def test_the_language_command_needs_a_slash() -> None:
    assert read_typed("/lang fr") == read_typed("/lang FR") == Request(COMMANDS["lang"], language="fr")
    assert read_typed("/lang") == Request(COMMANDS["lang"])
    assert read_typed("lang fr") == Request(SAY, "lang fr", bare=True)


@pytest.mark.parametrize("line", ["/home/ada", "//start", "/", "/says hi", "// next"])
def test_a_slash_without_a_command_is_a_text(line: str) -> None:
    assert read_typed(line) == Request(SAY, line, bare=True)


@pytest.mark.parametrize("line", ["", "   ", "/say", "/say  "])
def test_a_blank_line_is_only_a_sign_of_life(line: str) -> None:
    assert read_typed(line) == PONG


@pytest.mark.parametrize("line", ["\u200b", "\ufeff \u2060", "\u202e"])
def test_a_line_of_invisible_characters_is_blank(line: str) -> None:
    assert DIALECT.read(line, named=True) == DIALECT.read(line, named=False) == PONG


def test_the_first_line_that_is_not_a_command_is_the_pseudonym_as_it_was_typed() -> None:
    assert DIALECT.read(" ada\u200b ", named=False) == Request(HELLO, " ada\u200b ")
    assert DIALECT.read("help", named=False) == Request(COMMANDS["help"])
    assert DIALECT.read("/lang fr", named=False) == Request(COMMANDS["lang"], language="fr")
    assert DIALECT.read("start", named=False) is DIALECT.read("/where", named=False) is Message.NAME_FIRST


@given(st.text())
def test_every_line_is_a_request_and_its_text_is_harmless(line: str) -> None:
    asked = DIALECT.read(line, named=True)
    if isinstance(asked, Request):
        assert asked.command.in_text or asked == PONG
        assert asked.text == harmless.line(asked.text).strip()
        assert bool(asked.text) == (asked.command is SAY)


@given(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])), st.text())
def test_every_line_of_the_server_begins_as_such_whatever_the_fields(name: str, text: str) -> None:
    told = DIALECT.notice(Message.WELCOME, name=name) + DIALECT.notice(Message.OPERATOR_SAYS, text=harmless.line(text))
    assert all(line.startswith(b"* ") for line in told.removesuffix(b"\r\n").split(b"\r\n"))
