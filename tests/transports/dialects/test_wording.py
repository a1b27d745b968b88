"""The sentences of the server in every language: complete, with the same fields, and not too wide."""

import string

import pytest

from roulette_core import Explanation, Reason, Roulette, Start
from roulette_core.events import Join
from roulette_core.policies import POLICIES
from transports.dialects.commands import COMMANDS, INTERESTS_LIMIT, help_lines
from transports.dialects.pseudonyms import NAME_LIMIT
from transports.dialects.text import TextDialect
from transports.dialects.wording import ENGLISH, LANGUAGES, Message, Wording
from transports.gateway import CloseReason
from transports.lines import LINE_LIMIT

FIELDS = {
    "name": "x" * NAME_LIMIT,
    "others": 99_999,
    "reason": "all other waiting users are your last partner or blocked",
    "line_limit": LINE_LIMIT,
    "interests": INTERESTS_LIMIT,
    "commands": "start  look for a private chat\nclose  quit",
    "pong": 60.0,
    "text": "the server stops in five minutes, for as long as it takes to change a disk: " * 3,
}

WRAPPED = {Message.OPERATOR_SAYS, Message.SITUATION_SEARCHING, Message.GIVEN_BACK}
"""The messages with a text of any length."""

UNTOLD = {CloseReason.SLOW, CloseReason.LOST, CloseReason.HUNG_UP}

languages = pytest.mark.parametrize("wording", LANGUAGES.values(), ids=LANGUAGES)


def fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field is not None}


@languages
def test_there_is_a_sentence_for_every_message_every_refusal_and_every_close_reason(wording: Wording) -> None:
    assert set(wording.sentences) == set(Message)
    assert {reason.value for reason in Reason} <= {message.value for message in Message}
    told = {f"closing_{reason}" for reason in set(CloseReason) - UNTOLD}
    assert told == {message.value for message in Message if message.value.startswith("closing_")}


@languages
def test_there_is_a_sentence_of_help_for_every_command_that_can_be_typed(wording: Wording) -> None:
    assert set(wording.help) == {command.word for command in COMMANDS.values() if command.in_text}


@languages
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_help_fits_80_columns(wording: Wording, slash: str) -> None:
    rows = help_lines(wording, slash).split("\n")
    told = TextDialect(wording).notice(Message.HELP, commands="\n".join(rows)).decode().split("\r\n")
    assert told[1:-1] == [f"* {row}" for row in rows]
    assert max(map(len, told)) < 80


@languages
@pytest.mark.parametrize("message", Message)
def test_every_sentence_uses_the_same_fields_in_every_language(wording: Wording, message: Message) -> None:
    assert fields(wording.sentences[message]) == fields(ENGLISH.sentences[message]) <= set(FIELDS)


@languages
@pytest.mark.parametrize("message", Message)
def test_every_line_is_the_servers_and_fits_80_columns(wording: Wording, message: Message) -> None:
    *lines, rest = TextDialect(wording).notice(message, **FIELDS).decode().split("\r\n")
    assert rest == ""
    assert [line for line in lines if not line.startswith("* ") or len(line) >= 80] == []


@languages
@pytest.mark.parametrize(
    "message", sorted(set(Message) - {Message.OPERATOR_SAYS, Message.SITUATION_SEARCHING, Message.GIVEN_BACK})
)
def test_sentences_with_a_short_name_are_as_they_were_written(wording: Wording, message: Message) -> None:
    sentence = wording.sentence(message, **FIELDS | {"name": "ada"})
    told = TextDialect(wording).notice(message, **FIELDS | {"name": "ada"})
    assert told == "".join(f"* {line}\r\n" for line in sentence.split("\n")).encode()


def test_every_reason_to_wait_of_a_built_in_policy_is_translated() -> None:
    french = LANGUAGES["fr"]
    for policy in POLICIES:
        roulette = Roulette(policy)
        for user in range(2):
            roulette.handle(Join(user, f"user{user}"), 0.0)
            roulette.handle(Start(user, (f"interest{user}",)), 0.0)
            why = roulette.explain(0)
            assert why.code == "not_searching" or french.reason(why) != why.text


def test_figures_of_a_reason_are_in_the_french_sentence_too() -> None:
    told = LANGUAGES["fr"].reason(Explanation("too_few", "2 of the 3 people are waiting", (2, 3)))
    assert told == "il faut 3 personnes pour un tirage ; en attente : 2"


def test_a_reason_of_a_custom_policy_is_shown_in_its_own_words() -> None:
    assert LANGUAGES["fr"].reason(Explanation("full_moon", "the moon is not full")) == "the moon is not full"
