"""The JSON dialect: requests in objects of any kind, and objects from the server."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roulette_core import LobbyLine, Paired, PrivateLine, State, harmless
from transports.dialects.commands import COMMANDS, HELLO, INTERESTS_LIMIT, PONG, SAY, WRONG_VERSION, Request
from transports.dialects.dialect import Situation
from transports.dialects.json_lines import VERSION, JsonDialect
from transports.dialects.wording import ENGLISH, LANGUAGES, Message
from transports.lines import LINE_LIMIT

DIALECT = JsonDialect(ENGLISH)

WORDS = ("next", "lobby", "block", "close", "where", "typing", "pong")

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)

OBJECTS = st.dictionaries(st.sampled_from(["type", "hello", "name", "text", "lang", "interests"]), VALUES).flatmap(
    lambda members: st.sampled_from([*WORDS, "say", "start", "lang", "hello", "unheard of"]).map(
        lambda kind: {"type": kind} | members
    )
)


def read(asked: object, named: bool = True) -> Request | Message:
    return DIALECT.read(json.dumps(asked), named)


def written(data: bytes) -> dict[str, Any]:
    line, end = data[:-2], data[-2:]
    assert end == b"\r\n"
    assert b"\n" not in line
    assert b"\r" not in line
    members = json.loads(line)
    assert isinstance(members, dict)
    return members


def test_hello_holds_a_pseudonym_as_it_was_sent_and_optionally_a_language() -> None:
    assert read({"hello": 1, "name": " ada "}, named=False) == Request(HELLO, " ada ")
    assert read({"hello": 1, "name": "ada", "lang": "fr"}, named=False) == Request(HELLO, "ada", language="fr")
    assert read({"hello": 1, "name": "ada", "lang": "xx"}, named=False) == Request(HELLO, "ada", language="xx")


@pytest.mark.parametrize("version", [0, 2, -1, 1.5, "1", None, True, False, [1], {"1": 1}, 10**30])
def test_a_hello_in_another_version_is_recognised_and_true_is_not_1(version: object) -> None:
    assert read({"hello": version, "name": "ada"}, named=False) == Request(WRONG_VERSION)


@pytest.mark.parametrize("members", [{}, {"name": None}, {"name": 1}, {"name": ["ada"]}, {"name": "ada", "lang": None}])
def test_a_hello_without_a_name_is_invalid(members: dict[str, Any]) -> None:
    assert read({"hello": VERSION, **members}, named=False) is Message.NOT_UNDERSTOOD


@pytest.mark.parametrize("asked", [{"type": "say", "text": "hi"}, {"type": "start"}, {"type": "where"}])
def test_before_hello_only_close_and_pong_are_accepted(asked: dict[str, Any]) -> None:
    assert read(asked, named=False) is Message.NAME_FIRST
    assert read({"type": "close"}, named=False) == Request(COMMANDS["close"])
    assert read({"type": "pong"}, named=False) == PONG
    assert read({"hello": 1, "name": "ada"}, named=True) is Message.ALREADY_WELCOME


@pytest.mark.parametrize("word", WORDS)
def test_a_command_without_arguments_ignores_other_members(word: str) -> None:
    assert read({"type": word}) == read({"type": word, "text": 5, "more": [{}]}) == Request(COMMANDS[word])


def test_texts_are_made_harmless_and_an_empty_text_is_a_pong() -> None:
    assert read({"type": "say", "text": " \x1b[2Jhi\n* forged\u202e "}) == Request(SAY, "\ufffd[2Jhi\ufffd* forged")
    assert read({"type": "say", "text": "next"}) == Request(SAY, "next")
    assert read({"type": "say", "text": " \u200b "}) == PONG


def test_a_lone_surrogate_brought_in_by_an_escape_does_no_harm() -> None:
    assert DIALECT.read(r'{"type":"say","text":"a\ud800b"}', True) == Request(SAY, "a\ufffdb")
    assert DIALECT.read(r'{"type":"say","text":"\ud83c\udfb2"}', True) == Request(SAY, "🎲")
    assert DIALECT.read(r'{"type":"\ud800"}', True) is Message.NOT_UNDERSTOOD
    assert DIALECT.read(r'{"hello":1,"name":"a\udc00"}', False) == Request(HELLO, "a\udc00")  # and refused there
    assert DIALECT.read(r'{"type":"start","interests":["\ud800"]}', True) == Request(
        COMMANDS["start"], interests=("\ufffd",)
    )


def test_interests_are_optional_may_contain_spaces_and_are_at_most_five() -> None:
    assert (
        read({"type": "start"}) == read({"type": "start", "interests": [" ", "\u200b"]}) == Request(COMMANDS["start"])
    )
    assert read({"type": "start", "interests": ["Board  games", "GO"]}).interests == ("board games", "go")  # type: ignore[union-attr]
    many = [str(number) for number in range(INTERESTS_LIMIT + 1)]
    assert read({"type": "start", "interests": many}) is Message.TOO_MANY_INTERESTS


@pytest.mark.parametrize("interests", [None, "chess", {"chess": 1}, [1], ["chess", None], [["chess"]], 5, True])
def test_interests_that_are_not_a_list_of_strings_are_invalid(interests: object) -> None:
    assert read({"type": "start", "interests": interests}) is Message.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "{",
        '{"type":"next"} {"type":"next"}',
        "[]",
        '"next"',
        "null",
        "1",
        "{}",
        '{"type":null}',
        '{"type":["next"]}',
        '{"type":{"a":1}}',
        '{"type":"NEXT"}',
        '{"type":"hello"}',
        '{"type":"next","x":NaN}',
        '{"type":"next","x":-Infinity}',
        '{"type":"next","x":' + "9" * 4500 + "}",
        "[" * LINE_LIMIT,
        '{"a":' * 800,
        "\ufeff" + '{"type":"next"}',
        "{'type':'next'}",
        '{"type":"say","text":"a\tb"}',
    ],
    ids=lambda line: line[:24],
)
def test_other_objects_are_invalid(line: str) -> None:
    assert DIALECT.read(line, named=True) is DIALECT.read(line, named=False) is Message.NOT_UNDERSTOOD


@pytest.mark.parametrize("members", [{"type": "say"}, {"type": "say", "text": None}, {"type": "lang", "lang": 1}])
def test_an_object_with_missing_or_mistyped_members_is_invalid(members: dict[str, Any]) -> None:
    assert read(members) is Message.NOT_UNDERSTOOD


def test_the_last_of_duplicate_members_counts() -> None:
    assert DIALECT.read('{"type":"next","type":"lobby"}', True) == Request(COMMANDS["lobby"])


def test_blank_lines_and_spaces_around_an_object_do_nothing() -> None:
    assert DIALECT.read("", True) == DIALECT.read(" \t ", False) == PONG
    assert DIALECT.read('  {"type" : "next"}  ', True) == Request(COMMANDS["next"])


@given(OBJECTS, st.booleans())
def test_every_object_is_a_request_or_refused_and_its_text_is_harmless(asked: dict[str, Any], named: bool):
    answer = read(asked, named)
    if isinstance(answer, Request):
        assert answer.command.in_json
        assert answer.text == harmless.line(answer.text).strip() or answer.command is HELLO
        assert all(each == harmless.line(each) for each in answer.interests)
    else:
        assert answer in Message


@given(st.text())
def test_no_line_makes_the_dialect_raise(line: str) -> None:
    assert isinstance(DIALECT.read(line, named=True), Request | Message)


@given(st.text().map(harmless.line), st.sampled_from(sorted(LANGUAGES)))
def test_texts_arrive_unchanged(text: str, language: str) -> None:
    dialect = JsonDialect(LANGUAGES[language])
    said = written(dialect.announced(LobbyLine("a", text, "ada"), lambda user: "ada"))
    assert said == {"type": "line", "from": "ada", "to": "lobby", "chat": 0, "text": text}
    said = written(dialect.told(PrivateLine("a", "b", text, "ada", 7), "b", lambda user: "ada"))
    assert said == {"type": "line", "from": "ada", "to": "private", "chat": 7, "text": text}


def test_each_of_a_pair_receives_the_name_of_the_other() -> None:
    for user, partner in (("a", "b"), ("b", "a")):
        assert written(DIALECT.told(Paired("a", "b", "a", "b", 7), user, str.upper)) == {
            "type": "paired",
            "partner": partner.upper(),
            "chat": 7,
            "text": f"You are in private with <{partner.upper()}>.",
        }


def test_a_situation_has_only_the_members_of_its_state() -> None:
    lobby, private = Situation(State.LOBBY, others=3), Situation(State.PRIVATE, partner="bob", chat=7)
    searching = Situation(State.SEARCHING, reason="alone", explanation="nobody else is waiting", waited=1.234)
    told = [written(DIALECT.situation(situation)) for situation in (lobby, searching, private)]
    for members in told:
        assert members.pop("text")
    assert told == [
        {"type": "situation", "state": "lobby", "chat": 0, "others": 3},
        {
            "type": "situation",
            "state": "searching",
            "chat": 0,
            "reason": "alone",
            "explanation": "nobody else is waiting",
            "waited": 1.2,
        },
        {"type": "situation", "state": "private", "chat": 7, "partner": "bob"},
    ]


def test_how_deep_an_unknown_member_may_be_depends_on_python_and_does_no_harm() -> None:
    line = '{"type":"next","x":' + "[" * 2000 + "]" * 2000 + "}"
    assert DIALECT.read(line, named=True) in (Request(COMMANDS["next"]), Message.NOT_UNDERSTOOD)
