"""The figures, reserved words and slashes in the sentences of ``docs/protocol.md``."""

import pytest

from tests.support.fences import ROOT
from tests.support.protocol import paragraph, words
from transports.client.address import PORT
from transports.dialects.commands import COMMANDS, INTERESTS_LIMIT, SAY, Request
from transports.dialects.pseudonyms import NAME_LIMIT, RESERVED
from transports.dialects.text import read_typed
from transports.dialects.wording import LANGUAGES
from transports.gateway import Limits
from transports.gateway.block_memory import PER_NAME

LIMITS = Limits()
WRITTEN = {5: "five"}
PAGE = " ".join((ROOT / "docs" / "protocol.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "sentence",
    [
        f"TCP, port {PORT} by default",
        f"at most {LIMITS.line_limit:,} bytes before its LF",
        f"1 to {NAME_LIMIT} characters",
        f"with up to {INTERESTS_LIMIT} interests",
        f"list of up to {INTERESTS_LIMIT} strings",
        f"keeps the latest {PER_NAME} that each pseudonym has made",
        f"{WRITTEN[LIMITS.garbage]} lines in a row",
        f"has sent nothing for {LIMITS.ping:.0f} seconds (`--ping`)",
        f"another {LIMITS.pong:.0f} (`--pong`)",
        f"for {LIMITS.give_back:.0f} seconds after the other side has ended",
        f"more than {LIMITS.output_limit >> 20} MiB is waiting",
    ],
)
def test_figures_on_the_page_are_those_of_the_server(sentence: str) -> None:
    assert sentence in PAGE


def test_reserved_words_are_those_on_the_page() -> None:
    assert set(words(paragraph("The form has 1 to").partition("Reserved")[2])) == RESERVED


def test_languages_are_those_on_the_page() -> None:
    assert all(f'`"{language}"`' in PAGE and f"`/lang {language}`" in PAGE for language in LANGUAGES)


def test_which_commands_need_a_slash_is_on_the_page() -> None:
    typed = [command for command in COMMANDS.values() if command.in_text]
    optional, demanded = paragraph("`start`, `next`").partition(".")[0].split(";")
    assert set(words(optional)) - {"/"} == {command.word for command in typed if not command.slash}
    assert set(words(demanded)) == {command.word for command in typed if command.slash}
    for word in words(demanded):
        assert read_typed(word) == Request(SAY, word, bare=True)
        assert not read_typed(f"/{word}").bare
